/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/options.h"
#include "unit.h"

static struct conf conf;
static struct err err;

static void setup(void)
{
    conf_init(&conf, S("/home/bob"));
    err = (struct err){0};
}

static void teardown(void)
{
    conf_free(&conf);
}

static bool set(const char *name, const char *value, enum conf_source source)
{
    static const char *const origins[] = {"built-in", "/etc/p:1", "~/p:2",
                                          "PENNYPOST_X", "--x"};

    return conf_set(&conf, span_of(name), span_of(value),
                    span_of(origins[source]), source, &err);
}

START_TEST(begins_with_what_is_built_in)
{
    ck_assert_span(conf.tls.text, S("required"));
    ck_assert_uint_eq(conf.tls.number, CONF_TLS_REQUIRED);
    ck_assert_uint_eq(conf.size_limit.number, 100 << 20);
    ck_assert_span(conf.log.text, S("syslog"));
    ck_assert_span(conf.queue.text, S("off"));
    ck_assert_span(conf.timeout.text, S(""));
    ck_assert_uint_eq(conf.timeout.number, 0);
    ck_assert_span(conf.server.text, S(""));
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        ck_assert_span(conf.of[i].origin, S("built-in"));
        ck_assert_int_eq(conf.of[i].source, CONF_BUILT_IN);
    }
}
END_TEST

/* The table itself: a row that is not whole is a fault in the program. */
START_TEST(every_row_is_whole)
{
    const struct setting *row = &conf_settings[_i];
    struct span fallback = span_of(row->fallback);

    ck_assert_uint_eq(setting_find(span_of(row->name)), (size_t)_i);
    ck_assert(row->placeholder && row->help && row->manual);
    ck_assert_uint_le(strlen(row->help), 46);
    ck_assert(row->help[strlen(row->help) - 1] != '.');
    ck_assert(row->manual[strlen(row->manual) - 1] == '.');
    ck_assert((row->kind != KIND_CHOICE && row->kind != KIND_PATH &&
               row->kind != KIND_CREDENTIAL) ||
              row->words);
    ck_assert(row->kind != KIND_NUMBER || (row->unit && row->most));
    ck_assert_span(conf.of[_i].text, fallback);
}
END_TEST

START_TEST(keeps_value_and_origin)
{
    char value[] = "smtp://h", origin[] = "/etc/x:1";

    ck_assert(conf_set(&conf, S("server"), span_of(value), span_of(origin),
                       CONF_SYSTEM, &err));
    memset(value, 'z', sizeof value - 1);
    memset(origin, 'z', sizeof origin - 1);
    ck_assert_span(conf.server.text, S("smtp://h"));
    ck_assert_span(conf.server.origin, S("/etc/x:1"));
    ck_assert_int_eq(conf.server.source, CONF_SYSTEM);
    ck_assert_span(conf.endpoint.host, S("h"));
    ck_assert(!conf_secret(&conf, SETTING_server));
}
END_TEST

START_TEST(a_higher_layer_wins)
{
    ck_assert(set("timeout", "5", CONF_USER));
    ck_assert(set("timeout", "6", CONF_COMMAND_LINE));
    ck_assert(set("timeout", "7", CONF_ENVIRONMENT));
    ck_assert_uint_eq(conf.timeout.number, 6);
    ck_assert(set("timeout", "8", CONF_COMMAND_LINE));
    ck_assert_uint_eq(conf.timeout.number, 8);
    ck_assert(!set("timeout", "x", CONF_USER));
    ck_assert(set("server", "smtp://a", CONF_USER));
    ck_assert(set("server", "smtp://u:p@b", CONF_SYSTEM));
    ck_assert_span(conf.endpoint.host, S("a"));
    ck_assert_span(conf.user.text, S(""));
}
END_TEST

START_TEST(nothing_sets_back_to_built_in)
{
    ck_assert(set("tls", "off", CONF_SYSTEM));
    ck_assert(set("tls", "", CONF_USER));
    ck_assert_span(conf.tls.text, S("required"));
    ck_assert_uint_eq(conf.tls.number, CONF_TLS_REQUIRED);
    ck_assert_span(conf.tls.origin, S("~/p:2"));
    ck_assert(set("server", "smtp://u:p@h", CONF_SYSTEM));
    ck_assert(set("server", "", CONF_USER));
    ck_assert_span(conf.server.text, S(""));
    ck_assert_span(conf.endpoint.host, S(""));
    ck_assert_span(conf.password.text, S(""));
}
END_TEST

START_TEST(an_unknown_name_is_an_error)
{
    ck_assert(!set("sever", "x", CONF_USER));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, "~/p:2: there is no setting 'sever'");
    ck_assert_str_eq(err.hint, "did you mean 'server'?");
    ck_assert(!set("colour", "x", CONF_COMMAND_LINE));
    ck_assert_int_eq(err.kind, ERR_USAGE);
    ck_assert_str_eq(err.hint, "");
}
END_TEST

START_TEST(an_error_names_the_origin)
{
    ck_assert(!set("timeout", "x", CONF_SYSTEM));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, "/etc/p:1: timeout cannot be 'x': it is a "
                               "number of seconds from 1 to 3600");
    ck_assert(!set("timeout", "x", CONF_COMMAND_LINE));
    ck_assert_int_eq(err.kind, ERR_USAGE);
    ck_assert(!set("server", "smtp://u:pw@h:x", CONF_ENVIRONMENT));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text,
                     "PENNYPOST_X: the server 'smtp://u:(hidden)@h:x' has a "
                     "port that is not a number from 1 to 65535");
}
END_TEST

START_TEST(the_command_line_takes_no_secret)
{
    static const char says[] = "--x: a password has no place on the command "
                               "line, where every user of the host sees it";

    ck_assert(!set("password", "pw", CONF_COMMAND_LINE));
    ck_assert_int_eq(err.kind, ERR_USAGE);
    ck_assert_str_eq(err.text, says);
    ck_assert(strstr(err.hint, "password-command"));
    err = (struct err){0};
    ck_assert(!set("server", "smtp://u:pw@h", CONF_COMMAND_LINE));
    ck_assert_int_eq(err.kind, ERR_USAGE);
    ck_assert_str_eq(err.text, says);
    ck_assert_span(conf.password.text, S(""));
    ck_assert_span(conf.server.text, S(""));
    ck_assert(set("server", "smtp://u@h", CONF_COMMAND_LINE));
    ck_assert_span(conf.user.text, S("u"));
}
END_TEST

START_TEST(a_url_sets_user_and_password)
{
    ck_assert(set("server", "smtp://u:p%41@h", CONF_USER));
    ck_assert_span(conf.user.text, S("u"));
    ck_assert_span(conf.password.text, S("pA"));
    ck_assert_span(conf.password.origin, S("~/p:2"));
    ck_assert(conf.user.from_url && conf.password.from_url);
    ck_assert(conf_secret(&conf, SETTING_server));
    ck_assert(set("user", "v", CONF_ENVIRONMENT));
    ck_assert_span(conf.user.text, S("v"));
    ck_assert(!conf.user.from_url);
}
END_TEST

/* What came with one server is not for another. */
START_TEST(a_new_server_forgets_what_the_old_url_said)
{
    ck_assert(set("server", "smtp://u:p@h", CONF_USER));
    ck_assert(set("server", "smtp://i", CONF_ENVIRONMENT));
    ck_assert_span(conf.user.text, S(""));
    ck_assert_span(conf.password.text, S(""));
    ck_assert_span(conf.password.origin, S("built-in"));
    ck_assert(!conf_secret(&conf, SETTING_server));
    ck_assert(set("user", "w", CONF_ENVIRONMENT));
    ck_assert(set("server", "smtp://j", CONF_COMMAND_LINE));
    ck_assert_span(conf.user.text, S("w"));
}
END_TEST

START_TEST(a_password_and_its_command_replace_each_other)
{
    ck_assert(set("password-command", "pass", CONF_SYSTEM));
    ck_assert(set("password", "pw", CONF_USER));
    ck_assert_span(conf.password_command.text, S(""));
    ck_assert(conf_secret(&conf, SETTING_password));
    ck_assert(set("password-command", "pass", CONF_ENVIRONMENT));
    ck_assert_span(conf.password.text, S(""));
    ck_assert(!conf_secret(&conf, SETTING_password));
    ck_assert(set("server", "smtp://u:p@h", CONF_ENVIRONMENT));
    ck_assert_span(conf.password_command.text, S("pass"));
}
END_TEST

/* Each of those that say what to log in with, in the place of each other. */
START_TEST(one_secret_replaces_another)
{
    static const char *const values[] = {"pw", "pass", "/p", "3", "netrc",
                                         "token"};
    size_t one, other;

    ck_assert_uint_eq(conf_secret_setting(COUNT(values)), SETTING_COUNT);
    ck_assert_ptr_null(conf_secret_value(&conf));
    for (size_t i = 0; i < COUNT(values) * COUNT(values); i++) {
        one = conf_secret_setting(i / COUNT(values));
        other = conf_secret_setting(i % COUNT(values));
        ck_assert(set(conf_settings[one].name, values[i / COUNT(values)],
                      CONF_SYSTEM));
        ck_assert_ptr_eq(conf_secret_value(&conf), &conf.of[one]);
        ck_assert(set(conf_settings[other].name, values[i % COUNT(values)],
                      CONF_USER));
        ck_assert_ptr_eq(conf_secret_value(&conf), &conf.of[other]);
        teardown();
        setup();
    }
}
END_TEST

START_TEST(auto_takes_the_place_of_a_password)
{
    ck_assert(set("password", "pw", CONF_SYSTEM));
    ck_assert(set("password-from", "auto", CONF_USER));
    ck_assert_ptr_null(conf_secret_value(&conf));
}
END_TEST

START_TEST(another_server_gets_no_secret)
{
    for (size_t n = 0; conf_secret_setting(n) < SETTING_COUNT; n++) {
        size_t setting = conf_secret_setting(n);
        const char *value = setting == SETTING_password_from ? "prompt"
            : setting == SETTING_password_fd ? "3" : "/p";

        ck_assert(set("server", "smtp://a", CONF_SYSTEM));
        ck_assert(set(conf_settings[setting].name, value, CONF_SYSTEM));
        ck_assert(set("server", "smtp://b", CONF_USER));
        ck_assert_ptr_null(conf_secret_value(&conf));
        teardown();
        setup();
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("options");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, begins_with_what_is_built_in);
    tcase_add_loop_test(t, every_row_is_whole, 0, SETTING_COUNT);
    tcase_add_test(t, keeps_value_and_origin);
    tcase_add_test(t, a_higher_layer_wins);
    tcase_add_test(t, nothing_sets_back_to_built_in);
    tcase_add_test(t, an_unknown_name_is_an_error);
    tcase_add_test(t, an_error_names_the_origin);
    tcase_add_test(t, the_command_line_takes_no_secret);
    tcase_add_test(t, a_url_sets_user_and_password);
    tcase_add_test(t, a_new_server_forgets_what_the_old_url_said);
    tcase_add_test(t, a_password_and_its_command_replace_each_other);
    tcase_add_test(t, one_secret_replaces_another);
    tcase_add_test(t, auto_takes_the_place_of_a_password);
    tcase_add_test(t, another_server_gets_no_secret);
    return unit_run("options", t);
}
