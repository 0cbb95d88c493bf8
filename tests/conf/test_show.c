/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/read.h"
#include "unit.h"

static struct accounts accounts; /* of the last file that was read */

static void teardown(void)
{
    accounts_free(&accounts);
}

static void read_file(struct conf *conf, const char *file)
{
    struct err err = {0};

    teardown();
    ck_assert_msg(read_conf(&accounts, conf, S("/etc/p"), span_of(file),
                            CONF_SYSTEM, false, &err),
                  "%s", err.text);
}

static const struct {
    const char *rule, *file, *line;
} cases[] = {
    {"a value and who set it", "timeout = 30",
     "timeout            = 30                                      "
     "# /etc/p:1\n"},
    {"an unset one, valid all the same", "",
     "user               = \"\"                                      "
     "# built-in\n"},
    {"no password, and none to be read back", "user = u\npassword = p",
     "\n# password         = (hidden)                                "
     "# /etc/p:2\n"},
    {"no account", "", "\naccount            = \"\" "},
    {"a password that is not there", "",
     "password           = \"\"                                      "
     "# built-in\n"},
    {"no password in a URL", "server = smtp://u:p@h",
     "server             = smtp://u@h                              "
     "# /etc/p:1\n"},
    {"what a URL set is a comment", "server = smtp://u:p@h",
     "# user             = u                                       # in "
     "server, /etc/p:1\n# password         = (hidden)"},
    {"a long value moves the comment",
     "from = 1234567890123456789012345678901234567890",
     "from               = 1234567890123456789012345678901234567890  # /etc/"},
    {"quotes where they are needed", "user = \"a #\\\"\\\\\"",
     "user               = \"a #\\\"\\\\\" "},
    {"quotes for a # at the start", "user = \"#a\"",
     "user               = \"#a\" "},
    {"quotes for a blank at the end", "user = \"a \"",
     "user               = \"a \" "},
    {"quotes for a quote at the start", "user = \"\\\"a\"",
     "user               = \"\\\"a\" "},
    {"none where not", "user = a#b\"c\\d e",
     "user               = a#b\"c\\d e "},
};

START_TEST(shows_a_setting)
{
    struct conf conf;
    struct buf out = {0};

    read_file(&conf, cases[_i].file);
    conf_print(&conf, &out);
    ck_assert_msg(strstr(buf_cstring(&out), cases[_i].line), "%s:\n%s",
                  cases[_i].rule, buf_cstring(&out));
    buf_free(&out);
    conf_free(&conf);
}
END_TEST

static void set(struct conf *conf, const char *name, const char *value,
                enum conf_source source)
{
    struct err err = {0};

    ck_assert_msg(conf_set(conf, span_of(name), span_of(value), S("set"),
                           source, &err),
                  "%s", err.text);
}

/* All that is no secret and can stand in a file is the same. */
static void same_check(const struct conf *a, const struct conf *b)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (i != SETTING_server && i != SETTING_password &&
            i != SETTING_account) {
            ck_assert_span(b->of[i].text, a->of[i].text);
            ck_assert_uint_eq(b->of[i].number, a->of[i].number);
        }
    ck_assert_span(b->password.text, S(""));
    ck_assert_span(b->endpoint.scheme, a->endpoint.scheme);
    ck_assert_span(b->endpoint.host, a->endpoint.host);
    ck_assert_span(b->endpoint.path, a->endpoint.path);
    ck_assert_uint_eq(b->endpoint.port, a->endpoint.port);
    ck_assert_span(b->endpoint.password, S(""));
}

/* Read back what is shown of CONF, as others may see it: it has no secret. */
static void again_check(const struct conf *conf)
{
    struct buf out = {0};
    struct accounts lines;
    struct conf again;
    struct err err = {0};

    conf_print(conf, &out);
    ck_assert_msg(read_conf(&lines, &again, S("again"), buf_span(&out),
                            CONF_USER, true, &err),
                  "%s in:\n%s", err.text, buf_cstring(&out));
    same_check(conf, &again);
    conf_free(&again);
    accounts_free(&lines);
    buf_free(&out);
}

START_TEST(shows_a_file_that_says_the_same)
{
    struct conf conf;

    read_file(&conf, cases[_i].file);
    again_check(&conf);
    conf_free(&conf);
}
END_TEST

START_TEST(every_setting_says_the_same)
{
    static const char *const pairs[][2] = {
        {"server", "submission://me%40a:p%25w@k\xC3\xB6ln.example.:2525/"},
        {"password-command", "pass \"show\" mail # \\"},
        {"auth", "login"}, {"tls", "off"}, {"tls-trust", "~/ca #1.pem"},
        {"tls-pin", "sha256//AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/abcde="},
        {"from", "\"Bob\" <b@h>"}, {"domain", "k\xC3\xB6ln.example"},
        {"ehlo-name", "[192.0.2.1]"}, {"signed", "convert"},
        {"size-limit", "3g"}, {"timeout", "7"}, {"queue", "off"},
        {"log", "none"},
    };
    struct conf conf;

    conf_init(&conf, S("/home/bob"));
    for (size_t i = 0; i < COUNT(pairs); i++)
        set(&conf, pairs[i][0], pairs[i][1], CONF_ENVIRONMENT);
    again_check(&conf);
    conf_free(&conf);
}
END_TEST

START_TEST(the_longest_value_says_the_same)
{
    static char quotes[VALUE_LONGEST + 1];
    struct conf conf;

    memset(quotes, '"', VALUE_LONGEST);
    conf_init(&conf, S("/home/bob"));
    set(&conf, "user", quotes, CONF_ENVIRONMENT);
    again_check(&conf);
    conf_free(&conf);
}
END_TEST

static const struct {
    const char *rule, *lower, *name, *value, *lines;
} layers[] = {
    {"a user over that of the URL", "server = smtp://a:p@h", "user", "b",
     "server             = smtp://h                                # /etc/p:1\n"
     "user               = b                                       # set\n"
     "# password         = (hidden)                                "
     "# in server"},
    {"no user over that of the URL", "server = smtp://a@h", "user", "",
     "server             = smtp://h                                # /etc/p:1\n"
     "user               = \"\"                                      # set\n"},
    {"a password over that of the URL", "server = smtp://a:p@h", "password",
     "q", "server             = smtp://a@h                              "
     "# /etc/"},
    {"a command over that of the URL", "server = smtp://a:p@h",
     "password-command", "c", "\npassword           = \"\" "},
    {"a server over another", "server = smtp://a:p@h", "server", "smtp://i",
     "server             = smtp://i                                # set\n"
     "user               = \"\" "},
};

START_TEST(layers_are_shown_as_one_file)
{
    struct conf conf;
    struct buf out = {0};

    read_file(&conf, layers[_i].lower);
    set(&conf, layers[_i].name, layers[_i].value, CONF_ENVIRONMENT);
    again_check(&conf);
    conf_print(&conf, &out);
    ck_assert_msg(strstr(buf_cstring(&out), layers[_i].lines), "%s:\n%s",
                  layers[_i].rule, buf_cstring(&out));
    buf_free(&out);
    conf_free(&conf);
}
END_TEST

START_TEST(a_relative_path_is_a_comment)
{
    struct accounts lines;
    struct conf conf, again;
    struct buf out = {0};
    struct err err = {0};

    conf_init(&conf, S("/home/bob"));
    set(&conf, "tls-trust", "ca.pem", CONF_ENVIRONMENT);
    set(&conf, "log", "logs/mail", CONF_COMMAND_LINE);
    conf_print(&conf, &out);
    ck_assert(strstr(buf_cstring(&out),
                     "\n# tls-trust        = ca.pem                            "
                     "      # a relative path, set\n"));
    ck_assert(strstr(buf_cstring(&out), "\n# log              = logs/mail "));
    ck_assert(read_conf(&lines, &again, S("again"), buf_span(&out), CONF_USER,
                        true, &err));
    ck_assert_span(again.tls_trust.text, S("system"));
    buf_free(&out);
    conf_free(&conf);
    conf_free(&again);
    accounts_free(&lines);
}
END_TEST

static const char described[] =
    "timeout = 5\n[account work]\nmatch = *@a, b@c\nserver = "
    "smtp://u:p@h\n[account home]\nfrom = Me <me@b>\n[account base]\n";

START_TEST(the_account_is_a_comment)
{
    struct conf conf;
    struct buf out = {0};

    read_file(&conf, described);
    accounts_apply(&accounts, accounts.first, &conf);
    set(&conf, "account", "work", CONF_COMMAND_LINE);
    again_check(&conf);
    conf_print(&conf, &out);
    ck_assert(strstr(buf_cstring(&out),
                     "\nuser             = \"\"") == NULL);
    ck_assert(strstr(buf_cstring(&out),
                     "\n# account          = work                              "
                     "      # not in this file, set\n"));
    buf_free(&out);
    conf_free(&conf);
}
END_TEST

START_TEST(the_accounts_are_comments)
{
    struct conf conf;
    struct buf out = {0};

    read_file(&conf, described);
    accounts_print(&accounts, &out);
    ck_assert_span(
        buf_span(&out),
        S("# Accounts; 'pennypost config -a NAME' shows one:\n"
          "# [account work] for *@a, b@c                              "
          "  # /etc/p:2\n"
          "# [account home] for Me <me@b>                             "
          "  # /etc/p:5\n"
          "# [account base]                                           "
          "  # /etc/p:7\n"));
    buf_clear(&out);
    conf_free(&conf);
    read_file(&conf, "timeout = 5");
    accounts_print(&accounts, &out);
    ck_assert_uint_eq(out.len, 0);
    buf_free(&out);
    conf_free(&conf);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("show");

    tcase_add_checked_fixture(t, NULL, teardown);
    tcase_add_loop_test(t, shows_a_setting, 0, COUNT(cases));
    tcase_add_loop_test(t, shows_a_file_that_says_the_same, 0, COUNT(cases));
    tcase_add_test(t, every_setting_says_the_same);
    tcase_add_test(t, the_longest_value_says_the_same);
    tcase_add_loop_test(t, layers_are_shown_as_one_file, 0, COUNT(layers));
    tcase_add_test(t, a_relative_path_is_a_comment);
    tcase_add_test(t, the_account_is_a_comment);
    tcase_add_test(t, the_accounts_are_comments);
    return unit_run("show", t);
}
