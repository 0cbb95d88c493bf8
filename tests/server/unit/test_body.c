/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/body.h"

#include "unit.h"

static const struct {
    const char *rule;
    struct span in, out;
    bool whole;
    uint64_t bare_cr, bare_lf, nul, high, longest;
} cases[] = {
    {"a dot ends it", SPAN_INIT("a\r\n.\r\n"), SPAN_INIT("a\r\n"), true,
     0, 0, 0, 0, 1},
    {"a dot at once ends it", SPAN_INIT(".\r\n"), SPAN_INIT(""), true,
     0, 0, 0, 0, 0},
    {"one dot of two is taken away", SPAN_INIT("..\r\n...x\r\n.\r\n"),
     SPAN_INIT(".\r\n..x\r\n"), true, 0, 0, 0, 0, 3},
    {"a dot within a line is not", SPAN_INIT("a.\r\n"), SPAN_INIT("a.\r\n"),
     false, 0, 0, 0, 0, 2},
    {"LF dot LF ends nothing", SPAN_INIT("a\n.\nb\r\n"),
     SPAN_INIT("a\n.\nb\r\n"), false, 0, 2, 0, 0, 1},
    {"LF dot CRLF ends nothing", SPAN_INIT("a\n.\r\nb"),
     SPAN_INIT("a\n.\r\nb"), false, 0, 1, 0, 0, 1},
    {"CRLF dot LF ends nothing", SPAN_INIT("a\r\n.\nb"),
     SPAN_INIT("a\r\n\nb"), false, 0, 1, 0, 0, 1},
    {"CR dot CR ends nothing", SPAN_INIT("a\r.\rb\r\n"),
     SPAN_INIT("a\r.\rb\r\n"), false, 2, 0, 0, 0, 3},
    {"dot CR and no LF", SPAN_INIT(".\rx\r\n"), SPAN_INIT("\rx\r\n"), false,
     1, 0, 0, 0, 1},
    {"NUL and 8-bit are counted", SPAN_INIT("\0\xc3\xbc\r\n"),
     SPAN_INIT("\0\xc3\xbc\r\n"), false, 0, 0, 1, 2, 3},
};

static void push(struct body *body, struct span in, struct buf *out)
{
    size_t n = body_push(body, in, out);

    ck_assert_uint_eq(n, in.n);
}

START_TEST(takes)
{
    for (size_t cut = 0; cut <= cases[_i].in.n; cut++) {
        struct body body = {0};
        struct buf out = {0};

        push(&body, span_upto(cases[_i].in, cut), &out);
        push(&body, span_from(cases[_i].in, cut), &out);
        ck_assert_span(buf_span(&out), cases[_i].out);
        ck_assert_msg(body.whole == cases[_i].whole, "%s", cases[_i].rule);
        ck_assert_uint_eq(body.octets, cases[_i].out.n);
        ck_assert_uint_eq(body.bare_cr, cases[_i].bare_cr);
        ck_assert_uint_eq(body.bare_lf, cases[_i].bare_lf);
        ck_assert_uint_eq(body.nul, cases[_i].nul);
        ck_assert_uint_eq(body.high, cases[_i].high);
        ck_assert_uint_eq(body.longest, cases[_i].longest);
        buf_free(&out);
    }
}
END_TEST

START_TEST(leaves_what_is_behind_the_end)
{
    struct body body = {0};
    struct buf out = {0};

    ck_assert_uint_eq(body_push(&body, S("a\r\n.\r\nQUIT\r\n"), &out), 6);
    buf_free(&out);
}
END_TEST

START_TEST(counted_octets_have_no_dots)
{
    struct body body = {.counted = true};
    struct buf out = {0};

    push(&body, S("..a\r\n.\r\n"), &out);
    ck_assert_span(buf_span(&out), S("..a\r\n.\r\n"));
    ck_assert(!body.whole);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("body");

    tcase_add_loop_test(t, takes, 0, COUNT(cases));
    tcase_add_test(t, leaves_what_is_behind_the_end);
    tcase_add_test(t, counted_octets_have_no_dots);
    return unit_run("body", t);
}
