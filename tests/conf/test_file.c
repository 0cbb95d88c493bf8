/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/file.h"
#include "unit.h"

#include <stdlib.h>

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

static bool parse(struct span text, bool exposed)
{
    return file_parse(&conf, S("/etc/p"), text, CONF_SYSTEM, exposed, &err);
}

static const struct {
    const char *rule;
    struct span text, user, origin;
} good[] = {
    {"a line", SPAN_INIT("user = bob\n"), SPAN_INIT("bob"),
     SPAN_INIT("/etc/p:1")},
    {"no line end", SPAN_INIT("user = bob"), SPAN_INIT("bob"),
     SPAN_INIT("/etc/p:1")},
    {"no blanks", SPAN_INIT("user=bob"), SPAN_INIT("bob"),
     SPAN_INIT("/etc/p:1")},
    {"many blanks", SPAN_INIT(" \tuser\t =  bob smith \t\n"),
     SPAN_INIT("bob smith"), SPAN_INIT("/etc/p:1")},
    {"CRLF", SPAN_INIT("# x\r\n\r\nuser = bob\r\n"), SPAN_INIT("bob"),
     SPAN_INIT("/etc/p:3")},
    {"CRLF after a quote", SPAN_INIT("user = \"bob\"\r\n"), SPAN_INIT("bob"),
     SPAN_INIT("/etc/p:1")},
    {"a byte order mark", SPAN_INIT("\xEF\xBB\xBFuser = bob"),
     SPAN_INIT("bob"), SPAN_INIT("/etc/p:1")},
    {"comments and blank lines", SPAN_INIT("\n#a\n  # b = c\n\nuser = bob"),
     SPAN_INIT("bob"), SPAN_INIT("/etc/p:5")},
    {"a comment behind a value", SPAN_INIT("user = bob # smith"),
     SPAN_INIT("bob"), SPAN_INIT("/etc/p:1")},
    {"a comment behind a tab", SPAN_INIT("user = bob\t# smith"),
     SPAN_INIT("bob"), SPAN_INIT("/etc/p:1")},
    {"# within a value", SPAN_INIT("user = bo#b"), SPAN_INIT("bo#b"),
     SPAN_INIT("/etc/p:1")},
    {"= within a value", SPAN_INIT("user = a=b"), SPAN_INIT("a=b"),
     SPAN_INIT("/etc/p:1")},
    {"quotes", SPAN_INIT("user = \" b # \"  # c"), SPAN_INIT(" b # "),
     SPAN_INIT("/etc/p:1")},
    {"escapes in quotes", SPAN_INIT("user = \"a\\\"b\\\\c\""),
     SPAN_INIT("a\"b\\c"), SPAN_INIT("/etc/p:1")},
    {"a quote within a value", SPAN_INIT("user = a \"b\""),
     SPAN_INIT("a \"b\""), SPAN_INIT("/etc/p:1")},
    {"a backslash outside quotes", SPAN_INIT("user = a\\b"),
     SPAN_INIT("a\\b"), SPAN_INIT("/etc/p:1")},
    {"an empty value", SPAN_INIT("user ="), SPAN_INIT(""),
     SPAN_INIT("/etc/p:1")},
    {"empty quotes", SPAN_INIT("user = \"\" # x"), SPAN_INIT(""),
     SPAN_INIT("/etc/p:1")},
    {"an empty file", SPAN_INIT(""), SPAN_INIT(""), SPAN_INIT("built-in")},
    {"only a byte order mark", SPAN_INIT("\xEF\xBB\xBF"), SPAN_INIT(""),
     SPAN_INIT("built-in")},
};

START_TEST(reads_a_line)
{
    ck_assert_msg(parse(good[_i].text, false), "%s: %s", good[_i].rule,
                  err.text);
    ck_assert_span(conf.user.text, good[_i].user);
    ck_assert_span(conf.user.origin, good[_i].origin);
}
END_TEST

static const struct {
    struct span text;
    const char *says, *hint;
} bad[] = {
    {SPAN_INIT("\nsever = x"), "/etc/p:2: there is no setting 'sever'",
     "did you mean 'server'?"},
    {SPAN_INIT("timeout = x"), "/etc/p:1: timeout cannot be 'x': it is a "
                               "number of seconds from 1 to 3600", ""},
    {SPAN_INIT("user = a\n\nuser = b"),
     "/etc/p:3: user is set already in line 1", ""},
    {SPAN_INIT("user = a\nserver = smtp://b@h"),
     "/etc/p:2: user is set already in line 1", ""},
    {SPAN_INIT("server = smtp://b@h\nuser = a"),
     "/etc/p:2: user is set already in line 1", ""},
    {SPAN_INIT("server = smtp://b:p@h\npassword = a"),
     "/etc/p:2: password is set already in line 1", ""},
    {SPAN_INIT("password = (hidden)  # /etc/p:3"),
     "/etc/p:1: password cannot be '(hidden)': that is shown in its place",
     "write the password itself, or leave it out"},
    {SPAN_INIT("server = smtp://u:(hidden)@h"),
     "/etc/p:1: the server 'smtp://u:(hidden)@h' has what is shown in place "
     "of a password, not the password", ""},
    {SPAN_INIT("user secret"), "/etc/p:1: this is not 'key = value'",
     "a comment begins with '#'"},
    {SPAN_INIT("= secret"), "/etc/p:1: this is not 'key = value'", ""},
    {SPAN_INIT("[work]"), "/etc/p:1: sections are not in this version", ""},
    {SPAN_INIT("password = #secret"), "/etc/p:1: the value begins with '#'",
     "put it in quotes"},
    {SPAN_INIT("user = # nobody"), "/etc/p:1: the value begins with '#'",
     ""},
    {SPAN_INIT("password = \"secret"),
     "/etc/p:1: the closing quote is missing", ""},
    {SPAN_INIT("password = \"secret\\"),
     "/etc/p:1: the closing quote is missing", ""},
    {SPAN_INIT("password = \"secret\\\""),
     "/etc/p:1: the closing quote is missing", ""},
    {SPAN_INIT("password = \"secret\\n\""),
     "/etc/p:1: in quotes, '\\' stands before '\"' or '\\' only", ""},
    {SPAN_INIT("password-command = \"a b\" secret"),
     "/etc/p:1: something follows the closing quote",
     "in quotes as a whole"},
    {SPAN_INIT("user = \"a\"b"),
     "/etc/p:1: something follows the closing quote", ""},
    {SPAN_INIT("user = secret\0x"),
     "/etc/p:1: the line holds a control character", ""},
    {SPAN_INIT("# \x1B["), "/etc/p:1: the line holds a control character",
     ""},
    {SPAN_INIT("user = a\rb\n"),
     "/etc/p:1: the line holds a control character", ""},
    {SPAN_INIT("user = a\r\r\n"),
     "/etc/p:1: the line holds a control character", ""},
    {SPAN_INIT("user = a\x7F"),
     "/etc/p:1: the line holds a control character", ""},
    {SPAN_INIT("user = \"a\tb\""),
     "/etc/p:1: user holds a control character", ""},
};

START_TEST(refuses_a_line)
{
    ck_assert_msg(!parse(bad[_i].text, false), "accepted %.*s",
                  SPAN_ARG(bad[_i].text));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, bad[_i].says);
    ck_assert_msg(strstr(err.hint, bad[_i].hint), "%s", err.hint);
    ck_assert_ptr_null(strstr(err.hint, "secret"));
}
END_TEST

START_TEST(a_secret_that_others_can_read_is_refused)
{
    static const char *const texts[] = {
        "user = u\npassword = p",
        "log = none\nserver = smtp://u:p@h",
    };

    ck_assert(!parse(span_of(texts[_i]), true));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, "/etc/p:2: there is a password, and others can "
                               "read the file");
    ck_assert_str_eq(err.hint, "chmod 600 /etc/p");
}
END_TEST

START_TEST(others_may_read_what_is_no_secret)
{
    ck_assert_msg(parse(S("server = smtp://u@h\npassword =\n"
                          "password-command = c"),
                        true),
                  "%s", err.text);
}
END_TEST

START_TEST(files_and_lines_have_an_end)
{
    static char text[FILE_LONGEST + 1];

    memset(text, '#', sizeof text);
    ck_assert(parse((struct span){text, FILE_LINE_LONGEST}, false));
    ck_assert(!parse((struct span){text, FILE_LINE_LONGEST + 1}, false));
    ck_assert_str_eq(err.text, "/etc/p:1: the line is too long");
    memset(text, '\n', sizeof text);
    ck_assert(parse((struct span){text, FILE_LONGEST}, false));
    ck_assert(!parse((struct span){text, sizeof text}, false));
    ck_assert_str_eq(err.text, "/etc/p: the file is longer than 1 MiB");
}
END_TEST

START_TEST(two_files_may_set_the_same)
{
    ck_assert(parse(S("user = a"), false));
    ck_assert(parse(S("user = b"), false));
    ck_assert_span(conf.user.text, S("b"));
}
END_TEST

/* Of a file that is cut off nothing is read past the cut, and no error shows
 * the secret. */
START_TEST(every_cut_is_safe)
{
    static const char text[] = "server = smtp://u:xyzzy%72@h # c\r\n"
                               "domain = \"example.com\"\n[x]";

    for (size_t cut = 0; cut < sizeof text; cut++) {
        char *copy = malloc(cut ? cut : 1);

        memcpy(copy, text, cut);
        teardown();
        setup();
        if (!parse((struct span){copy, cut}, false))
            ck_assert_ptr_null(strstr(err.text, "xy"));
        free(copy);
    }
}
END_TEST

START_TEST(every_cut_is_read_or_refused_by_name)
{
    struct span whole = good[_i].text;

    for (size_t cut = 0; cut <= whole.n; cut++) {
        char *copy = malloc(cut ? cut : 1);

        memcpy(copy, whole.p, cut);
        teardown();
        setup();
        if (!parse((struct span){copy, cut}, false)) {
            ck_assert_int_eq(err.kind, ERR_CONFIG);
            ck_assert_msg(span_starts(span_of(err.text), S("/etc/p:")) &&
                              strchr("123456789", err.text[7]),
                          "%s: %s", good[_i].rule, err.text);
        }
        free(copy);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("file");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, reads_a_line, 0, COUNT(good));
    tcase_add_loop_test(t, refuses_a_line, 0, COUNT(bad));
    tcase_add_loop_test(t, a_secret_that_others_can_read_is_refused, 0, 2);
    tcase_add_test(t, others_may_read_what_is_no_secret);
    tcase_add_test(t, files_and_lines_have_an_end);
    tcase_add_test(t, two_files_may_set_the_same);
    tcase_add_test(t, every_cut_is_safe);
    tcase_add_loop_test(t, every_cut_is_read_or_refused_by_name, 0,
                        COUNT(good));
    return unit_run("file", t);
}
