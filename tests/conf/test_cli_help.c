/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/cli.h"
#include "conf/cli_options.h"
#include "unit.h"

enum { SCREEN_WIDTH = 80, SCREEN_HEIGHT = 24 };

START_TEST(fits_a_screen_by_section)
{
    struct buf help = {0};
    struct span rest, line;
    unsigned height = 0;

    cli_help(&help);
    rest = buf_span(&help);
    while (span_line(&rest, &line)) {
        height = span_empty(line) ? 0 : height + 1;
        ck_assert_msg(line.n < SCREEN_WIDTH, "%.*s", SPAN_ARG(line));
        ck_assert_msg(span_trim(line).n == line.n || line.p[0] == ' ', "%.*s",
                      SPAN_ARG(line));
        ck_assert_uint_lt(height, SCREEN_HEIGHT);
    }
    ck_assert(span_ends(buf_span(&help), S("\n")));
    buf_free(&help);
}
END_TEST

START_TEST(shows_every_option)
{
    struct buf help = {0}, name = {0};
    const char *text;

    cli_help(&help);
    text = buf_cstring(&help);
    for (size_t i = 0; i < cli_option_count; i++) {
        buf_clear(&name);
        buf_printf(&name, " %s%s", cli_options[i].name[0] == '-' ? "" : "-",
                   cli_options[i].name);
        ck_assert_msg(strstr(text, buf_cstring(&name)), "%s",
                      buf_cstring(&name));
    }
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        buf_clear(&name);
        buf_printf(&name, "\n  --%s=", conf_settings[i].name);
        ck_assert_msg(!strstr(text, buf_cstring(&name)) ==
                          (i == SETTING_password),
                      "%s", buf_cstring(&name));
    }
    buf_free(&name);
    buf_free(&help);
}
END_TEST

START_TEST(shows_how_an_argument_is_written)
{
    struct buf help = {0};

    cli_help(&help);
    ck_assert(strstr(buf_cstring(&help), "\n  -f address   "));
    ck_assert(strstr(buf_cstring(&help), "\n  --assume=what,...   "));
    ck_assert(strstr(buf_cstring(&help), "\n  pennypost config   "));
    ck_assert(strstr(buf_cstring(&help),
                     "\nAccepted and ignored (the manual says why):\n"
                     "  -o -e -A -c -d -G -h -L -m -n -p -s -U -x -X\n"));
    ck_assert(strstr(buf_cstring(&help),
                     "\n  -bs -bv -bd -b -a --account -D"));
    ck_assert(strstr(buf_cstring(&help), "\n  --timeout=seconds   "));
    buf_free(&help);
}
END_TEST

START_TEST(shows_the_version)
{
    struct buf out = {0};

    cli_version(&out, S("1.2"), S("GnuTLS 3.7"));
    ck_assert_span(buf_span(&out),
                   S("pennypost 1.2\nBuilt with GnuTLS 3.7\n"));
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("cli_help");

    tcase_add_test(t, fits_a_screen_by_section);
    tcase_add_test(t, shows_every_option);
    tcase_add_test(t, shows_how_an_argument_is_written);
    tcase_add_test(t, shows_the_version);
    return unit_run("cli_help", t);
}
