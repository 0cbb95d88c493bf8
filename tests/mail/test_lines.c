/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lines - every mix of line ends, cut at every point */
#include "mail/lines.h"

#include "unit.h"

static const struct {
    const char *rule;
    struct span raw, wire;
} cases[] = {
    {"nothing stays nothing", SPAN_INIT(""), SPAN_INIT("")},
    {"LF", SPAN_INIT("a\nb\n"), SPAN_INIT("a\r\nb\r\n")},
    {"CRLF", SPAN_INIT("a\r\nb\r\n"), SPAN_INIT("a\r\nb\r\n")},
    {"both", SPAN_INIT("a\r\nb\nc\r\n"), SPAN_INIT("a\r\nb\r\nc\r\n")},
    {"CR CR LF is one", SPAN_INIT("a\r\r\nb\r\r\r\n"),
     SPAN_INIT("a\r\nb\r\n")},
    {"blank lines", SPAN_INIT("\n\r\n\r\r\n\n"),
     SPAN_INIT("\r\n\r\n\r\n\r\n")},
    {"a CR in a line is a blank", SPAN_INIT("a\rb\n"), SPAN_INIT("a b\r\n")},
    {"so is each of two", SPAN_INIT("a\r\rb\n"), SPAN_INIT("a  b\r\n")},
    {"and one before it", SPAN_INIT("\ra\n"), SPAN_INIT(" a\r\n")},
    {"both kinds", SPAN_INIT("a\rb\r\r\n\rc\n"), SPAN_INIT("a b\r\n c\r\n")},
    {"a line end is added", SPAN_INIT("a"), SPAN_INIT("a\r\n")},
    {"behind the last line only", SPAN_INIT("a\nb"), SPAN_INIT("a\r\nb\r\n")},
    {"a CR at the end", SPAN_INIT("a\r"), SPAN_INIT("a \r\n")},
    {"nothing but a CR", SPAN_INIT("\r"), SPAN_INIT(" \r\n")},
    {"a line end, then a CR", SPAN_INIT("a\n\r"), SPAN_INIT("a\r\n \r\n")},
    {"what smuggles: LF dot LF", SPAN_INIT("a\n.\nb\n"),
     SPAN_INIT("a\r\n.\r\nb\r\n")},
    {"CR dot CR", SPAN_INIT("a\r.\rb\n"), SPAN_INIT("a . b\r\n")},
    {"LF dot CR", SPAN_INIT("a\n.\rb\n"), SPAN_INIT("a\r\n. b\r\n")},
    {"NUL and eight bits pass", SPAN_INIT("\0\xFF\n"),
     SPAN_INIT("\0\xFF\r\n")},
};

static void push_cut(struct span raw, size_t cut, struct buf *out)
{
    struct lines lines = {0};

    lines_push(&lines, span_upto(raw, cut), out);
    lines_push(&lines, span_from(raw, cut), out);
    lines_end(&lines, out);
    ck_assert(lines.crs == 0 && !lines.open);
}

START_TEST(line_ends_become_crlf)
{
    for (size_t cut = 0; cut <= cases[_i].raw.n; cut++) {
        struct buf out = {0};

        push_cut(cases[_i].raw, cut, &out);
        ck_assert_msg(span_eq(buf_span(&out), cases[_i].wire),
                      "%s, cut at %zu: got \"%.*s\"", cases[_i].rule, cut,
                      SPAN_ARG(buf_span(&out)));
        buf_free(&out);
    }
}
END_TEST

START_TEST(octet_by_octet)
{
    struct lines lines = {0};
    struct buf out = {0};

    for (size_t i = 0; i < cases[_i].raw.n; i++)
        lines_push(&lines, span_upto(span_from(cases[_i].raw, i), 1), &out);
    lines_end(&lines, &out);
    ck_assert_span(buf_span(&out), cases[_i].wire);
    buf_free(&out);
}
END_TEST

START_TEST(the_size_is_exact)
{
    ck_assert_uint_eq(lines_size(cases[_i].raw), cases[_i].wire.n);
}
END_TEST

/* To LF is the same but for the CRs, for the wire has no others. */
START_TEST(to_lf)
{
    struct buf out = {0}, want = {0};

    for (size_t i = 0; i < cases[_i].wire.n; i++)
        if (cases[_i].wire.p[i] != '\r')
            buf_addc(&want, cases[_i].wire.p[i]);
    lines_to_lf(cases[_i].raw, &out);
    ck_assert_span(buf_span(&out), buf_span(&want));
    buf_free(&out);
    buf_free(&want);
}
END_TEST

static const struct {
    const char *rule;
    struct span raw, out;
    bool over;
} dots[] = {
    {"nothing", SPAN_INIT(""), SPAN_INIT(""), false},
    {"no dot", SPAN_INIT("a\n"), SPAN_INIT("a\n"), false},
    {"one", SPAN_INIT("a\n.\nb\n"), SPAN_INIT("a\n"), true},
    {"with CRLF", SPAN_INIT("a\r\n.\r\nb\r\n"), SPAN_INIT("a\r\n"), true},
    {"with CR CR LF", SPAN_INIT("a\n.\r\r\nb"), SPAN_INIT("a\n"), true},
    {"first of all", SPAN_INIT(".\nb\n"), SPAN_INIT(""), true},
    {"in the header", SPAN_INIT("To: a\n.\n\nb\n"), SPAN_INIT("To: a\n"),
     true},
    {"behind a blank line", SPAN_INIT("\n.\n"), SPAN_INIT("\n"), true},
    {"last, without a line end", SPAN_INIT("a\n."), SPAN_INIT("a\n"), false},
    {"alone, without a line end", SPAN_INIT("."), SPAN_INIT(""), false},
    {"a second one is not seen", SPAN_INIT("a\n.\n.\n"), SPAN_INIT("a\n"),
     true},
    {"two dots are text", SPAN_INIT("..\n"), SPAN_INIT("..\n"), false},
    {"and then one", SPAN_INIT("..\n.\n"), SPAN_INIT("..\n"), true},
    {"a dot and a blank are text", SPAN_INIT(". \n.x\n"),
     SPAN_INIT(". \n.x\n"), false},
    {"a dot that ends a line", SPAN_INIT("a.\nb\n"), SPAN_INIT("a.\nb\n"),
     false},
    {"a dot, a CR, and text", SPAN_INIT(".\r.\r\rx\n"),
     SPAN_INIT(".\r.\r\rx\n"), false},
    {"a dot and a CR, the end", SPAN_INIT("a\n.\r"), SPAN_INIT("a\n.\r"),
     false},
    {"a CR before the dot", SPAN_INIT("\r.\nb\n"), SPAN_INIT("\r.\nb\n"),
     false},
};

START_TEST(a_lone_dot_ends_it)
{
    for (size_t cut = 0; cut <= dots[_i].raw.n; cut++) {
        struct lone_dot dot = {0};
        struct buf out = {0};
        bool over;

        lone_dot_push(&dot, span_upto(dots[_i].raw, cut), &out);
        over = lone_dot_push(&dot, span_from(dots[_i].raw, cut), &out);
        lone_dot_end(&dot, &out);
        ck_assert_msg(span_eq(buf_span(&out), dots[_i].out)
                          && over == dots[_i].over,
                      "%s, cut at %zu: got \"%.*s\"", dots[_i].rule, cut,
                      SPAN_ARG(buf_span(&out)));
        buf_free(&out);
    }
}
END_TEST

START_TEST(behind_the_lone_dot_nothing_passes)
{
    struct lone_dot dot = {0};
    struct buf out = {0};

    ck_assert(lone_dot_push(&dot, S(".\n"), &out));
    ck_assert(lone_dot_push(&dot, S("x\n"), &out));
    ck_assert(lone_dot_push(&dot, S(""), &out));
    lone_dot_end(&dot, &out);
    ck_assert_uint_eq(out.len, 0);
    ck_assert(!lone_dot_push(&dot, S("new\n"), &out));
    ck_assert_span(buf_span(&out), S("new\n"));
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("lines");

    tcase_add_loop_test(t, line_ends_become_crlf, 0, COUNT(cases));
    tcase_add_loop_test(t, octet_by_octet, 0, COUNT(cases));
    tcase_add_loop_test(t, the_size_is_exact, 0, COUNT(cases));
    tcase_add_loop_test(t, to_lf, 0, COUNT(cases));
    tcase_add_loop_test(t, a_lone_dot_ends_it, 0, COUNT(dots));
    tcase_add_test(t, behind_the_lone_dot_nothing_passes);
    return unit_run("lines", t);
}
