/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/file.h"
#include "unit.h"

static void show(const char *file, struct buf *out)
{
    struct conf conf;
    struct err err = {0};

    conf_init(&conf, S("/home/bob"));
    ck_assert_msg(file_parse(&conf, S("/etc/p"), span_of(file), CONF_SYSTEM,
                             false, &err),
                  "%s", err.text);
    conf_print(&conf, out);
    conf_free(&conf);
}

static const struct {
    const char *rule, *file, *line;
} cases[] = {
    {"a value and who set it", "timeout = 30",
     "timeout          = 30                                      # /etc/p:1\n"},
    {"an unset one, valid all the same", "",
     "user             = \"\"                                      "
     "# built-in\n"},
    {"no password", "user = u\npassword = p",
     "password         = (hidden)                                # /etc/p:2\n"},
    {"a password that is not there", "",
     "password         = \"\"                                      "
     "# built-in\n"},
    {"no password in a URL", "server = smtp://u:p@h",
     "server           = smtp://u:(hidden)@h                     # /etc/p:1\n"},
    {"what a URL set is a comment", "server = smtp://u:p@h",
     "# user           = u                                       # in "
     "server, /etc/p:1\n# password       = (hidden)"},
    {"a long value moves the comment",
     "from = 1234567890123456789012345678901234567890",
     "from             = 1234567890123456789012345678901234567890  # /etc/"},
    {"quotes where they are needed", "user = \"a #\\\"\\\\\"",
     "user             = \"a #\\\"\\\\\" "},
    {"quotes for a # at the start", "user = \"#a\"",
     "user             = \"#a\" "},
    {"quotes for a blank at the end", "user = \"a \"",
     "user             = \"a \" "},
    {"quotes for a quote at the start", "user = \"\\\"a\"",
     "user             = \"\\\"a\" "},
    {"none where not", "user = a#b\"c\\d e",
     "user             = a#b\"c\\d e "},
};

START_TEST(shows_a_setting)
{
    struct buf out = {0};

    show(cases[_i].file, &out);
    ck_assert_msg(strstr(buf_cstring(&out), cases[_i].line), "%s:\n%s",
                  cases[_i].rule, buf_cstring(&out));
    buf_free(&out);
}
END_TEST

/* What is shown can be read again, and shows the same again. */
START_TEST(shows_a_valid_file)
{
    struct buf once = {0}, again = {0};
    struct conf conf;
    struct err err = {0};

    show(cases[_i].file, &once);
    conf_init(&conf, S("/home/bob"));
    ck_assert_msg(file_parse(&conf, S("again"), buf_span(&once), CONF_USER,
                             false, &err),
                  "%s: %s", cases[_i].rule, err.text);
    conf_print(&conf, &again);
    for (size_t i = 0, j = 0; i < once.len; i++, j++) {
        while (i < once.len && once.data[i] != '\n' &&
               !strncmp(&once.data[i], "  # ", 4))
            while (once.data[i] != '\n')
                i++;
        while (j < again.len && !strncmp(&again.data[j], "  # ", 4))
            while (again.data[j] != '\n')
                j++;
        ck_assert_int_eq(once.data[i], again.data[j]);
    }
    conf_free(&conf);
    buf_free(&once);
    buf_free(&again);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("show");

    tcase_add_loop_test(t, shows_a_setting, 0, COUNT(cases));
    tcase_add_loop_test(t, shows_a_valid_file, 0, COUNT(cases));
    return unit_run("show", t);
}
