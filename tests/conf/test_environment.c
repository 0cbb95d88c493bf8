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

START_TEST(sets_what_the_variables_say)
{
    static const char *const environ[] = {
        "PATH=/bin",
        "PENNYPOST_TLS_TRUST=ca.pem",
        "PENNYPOST_CONFIG=/no/setting",
        "PENNYPOST_SERVER=submission://u:a=b@h",
        "PENNYPOST_SIGNED=raw",
        "PENNYPOST_SIZE_LIMIT=5K",
        "PENNYPOSTAGE=x",
        "NOT_PENNYPOST_USER=x",
        "",
        "=",
        NULL,
    };

    ck_assert_msg(conf_environment(&conf, environ, &err), "%s", err.text);
    ck_assert_span(conf.tls_trust.text, S("ca.pem"));
    ck_assert_span(conf.tls_trust.origin, S("PENNYPOST_TLS_TRUST"));
    ck_assert_int_eq(conf.tls_trust.source, CONF_ENVIRONMENT);
    ck_assert_span(conf.password.text, S("a=b"));
    ck_assert_uint_eq(conf.signed_parts.number, CONF_SIGNED_RAW);
    ck_assert_uint_eq(conf.size_limit.number, 5120);
    ck_assert_span(conf.user.text, S("u"));
}
END_TEST

START_TEST(the_user_wins_over_that_in_the_url_in_any_order)
{
    const char *const environ[] = {
        _i ? "PENNYPOST_USER=v" : "PENNYPOST_SERVER=smtp://u@h",
        _i ? "PENNYPOST_SERVER=smtp://u@h" : "PENNYPOST_USER=v", NULL};

    ck_assert(conf_environment(&conf, environ, &err));
    ck_assert_span(conf.user.text, S("v"));
}
END_TEST

START_TEST(the_first_of_two_counts)
{
    static const char *const environ[] = {"PENNYPOST_USER=a",
                                          "PENNYPOST_USER=b", NULL};

    ck_assert(conf_environment(&conf, environ, &err));
    ck_assert_span(conf.user.text, S("a"));
}
END_TEST

static const struct {
    const char *name, *value; /* NULL: none */
} values[] = {
    {"NAME", "Bob = Smith"}, {"EMPTY", ""},   {"TWICE", "a"}, {"NAM", NULL},
    {"NAMES", NULL},         {"BARE", NULL},  {"B", NULL},    {"name", NULL},
    {"", "odd"},
};

START_TEST(finds_a_value)
{
    static const char *const environ[] = {
        "NAME=Bob = Smith", "EMPTY=", "TWICE=a", "TWICE=b", "BARE", "",
        "=odd", NULL};
    struct span name = span_of(values[_i].name);
    struct span value = environment_value(environ, name);

    ck_assert_int_eq(value.p != NULL, values[_i].value != NULL);
    ck_assert_span(value, span_of(values[_i].value));
    ck_assert(!value.p || value.p[value.n] == '\0');
    ck_assert_ptr_null(environment_value(environ + COUNT(environ) - 1, name).p);
    ck_assert_ptr_null(environment_value(NULL, name).p);
}
END_TEST

static const struct {
    const char *entry, *text, *hint;
} bad[] = {
    {"PENNYPOST_SEVER=x", "there is no setting PENNYPOST_SEVER",
     "did you mean PENNYPOST_SERVER?"},
    {"PENNYPOST_TLSPIN=x", "there is no setting PENNYPOST_TLSPIN",
     "did you mean PENNYPOST_TLS_PIN?"},
    {"PENNYPOST_server=x", "there is no setting PENNYPOST_server",
     "did you mean PENNYPOST_SERVER?"},
    {"PENNYPOST_COLOUR=x", "there is no setting PENNYPOST_COLOUR",
     "'pennypost config' shows all settings"},
    {"PENNYPOST_=x", "there is no setting PENNYPOST_",
     "'pennypost config' shows all settings"},
    {"PENNYPOST_TIMEOUT=soon",
     "PENNYPOST_TIMEOUT: timeout cannot be 'soon': it is a number of seconds "
     "from 1 to 3600",
     ""},
    {"PENNYPOST_PASSWORD=(hidden)",
     "PENNYPOST_PASSWORD: password cannot be '(hidden)': that is shown in its "
     "place",
     "write the password itself, or leave it out"},
    {"PENNYPOST_PASSWORD=se\ncret",
     "PENNYPOST_PASSWORD: password holds a control character", ""},
};

START_TEST(refuses_a_variable)
{
    const char *const environ[] = {"A=b", bad[_i].entry, NULL};

    ck_assert(!conf_environment(&conf, environ, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, bad[_i].text);
    ck_assert_str_eq(err.hint, bad[_i].hint);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("environment");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, sets_what_the_variables_say);
    tcase_add_loop_test(t, the_user_wins_over_that_in_the_url_in_any_order,
                        0, 2);
    tcase_add_test(t, the_first_of_two_counts);
    tcase_add_loop_test(t, finds_a_value, 0, COUNT(values));
    tcase_add_loop_test(t, refuses_a_variable, 0, COUNT(bad));
    return unit_run("environment", t);
}
