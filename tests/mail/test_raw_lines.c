/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/raw_lines.h"
#include "unit.h"

static const struct {
    const char *rule;
    struct span text, lines; /* "/" for a line end */
} cases[] = {
    {"nothing", SPAN_INIT(""), SPAN_INIT("")},
    {"LF", SPAN_INIT("a\n\nb\n"), SPAN_INIT("a//b/")},
    {"CRLF", SPAN_INIT("a\r\n\r\n"), SPAN_INIT("a//")},
    {"more CRs", SPAN_INIT("a\r\r\n\r\r\n"), SPAN_INIT("a//")},
    {"a CR that is data", SPAN_INIT("a\rb\n\rc"), SPAN_INIT("a\rb/\rc")},
    {"no line end at the end", SPAN_INIT("a\nb\r"), SPAN_INIT("a/b\r")},
};

START_TEST(lines_of)
{
    struct raw_lines lines = {.rest = cases[_i].text};
    struct buf got = {0};

    while (raw_lines_next(&lines)) {
        buf_add(&got, lines.line);
        buf_add(&got, lines.ended ? S("/") : S(""));
    }
    ck_assert_span(buf_span(&got), cases[_i].lines);
    buf_free(&got);
}
END_TEST

START_TEST(controls)
{
    ck_assert(raw_lines_control('\0'));
    ck_assert(raw_lines_control('\r'));
    ck_assert(raw_lines_control('\177'));
    ck_assert(!raw_lines_control('\t'));
    ck_assert(!raw_lines_control(' '));
    ck_assert(!raw_lines_control('\377'));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("raw_lines");

    tcase_add_loop_test(t, lines_of, 0, COUNT(cases));
    tcase_add_test(t, controls);
    return unit_run("raw_lines", t);
}
