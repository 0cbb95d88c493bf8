/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/plain.h"
#include "unit.h"

static const struct {
    const char *rule;
    bool ascii;
    struct span text, want;
} cases[] = {
    {"nothing", true, SPAN_INIT(""), SPAN_INIT("")},
    {"text", true, SPAN_INIT("a\tb\n\r\nc"), SPAN_INIT("a\tb\r\n\r\nc")},
    {"a mark for a character, or an octet", true,
     SPAN_INIT("\303\274\374\342\202\254\n"), SPAN_INIT("???\r\n")},
    {"where these may stay", false, SPAN_INIT("\303\274\374\n"),
     SPAN_INIT("\303\274\374\r\n")},
    {"NUL and CR", false, SPAN_INIT("-\0-\r-"), SPAN_INIT("-?- -")},
};

static void run(struct span text, bool ascii, size_t about, struct buf *out)
{
    struct plain plain = plain_of(text, ascii);

    while (plain_next(&plain, about, out))
        ;
}

START_TEST(rule)
{
    for (size_t about = 1; about < 20; about++) {
        struct buf out = {0};

        run(cases[_i].text, cases[_i].ascii, about, &out);
        ck_assert_msg(span_eq(buf_span(&out), cases[_i].want),
                      "%s: got \"%.*s\"", cases[_i].rule,
                      SPAN_ARG(buf_span(&out)));
        buf_free(&out);
    }
}
END_TEST

static const struct {
    size_t before;
    struct span rest;
    size_t first;
    struct span second;
} splits[] = {
    {998, SPAN_INIT(""), 998, SPAN_INIT("")},
    {998, SPAN_INIT("y"), 997, SPAN_INIT("xy\r\n")},
    {997, SPAN_INIT("--b"), 997, SPAN_INIT(" --b\r\n")},
    {996, SPAN_INIT("--b"), 997, SPAN_INIT(" -b\r\n")},
};

START_TEST(long_line)
{
    struct buf text = {0}, out = {0};
    struct span rest, line;

    for (size_t i = 0; i < splits[_i].before; i++)
        buf_addc(&text, 'x');
    buf_add(&text, splits[_i].rest);
    buf_addc(&text, '\n');
    run(buf_span(&text), true, 100, &out);
    rest = buf_span(&out);
    ck_assert(span_line(&rest, &line));
    ck_assert_uint_eq(line.n, splits[_i].first + 1);
    ck_assert_span(rest, splits[_i].second);
    buf_free(&text);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("plain");

    tcase_add_loop_test(t, rule, 0, COUNT(cases));
    tcase_add_loop_test(t, long_line, 0, COUNT(splits));
    return unit_run("plain", t);
}
