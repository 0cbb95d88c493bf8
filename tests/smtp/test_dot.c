/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dot - transparency, cut at every two points, and undone again */
#include "smtp/dot.h"

#include "unit.h"

static const struct {
    const char *rule;
    struct span text, wire;
} cases[] = {
    {"nothing but the end", SPAN_INIT(""), SPAN_INIT(".\r\n")},
    {"a line", SPAN_INIT("a\r\n"), SPAN_INIT("a\r\n.\r\n")},
    {"a lone dot", SPAN_INIT(".\r\n"), SPAN_INIT("..\r\n.\r\n")},
    {"two dots", SPAN_INIT("..\r\n"), SPAN_INIT("...\r\n.\r\n")},
    {"a dot in front", SPAN_INIT(".a\r\n"), SPAN_INIT("..a\r\n.\r\n")},
    {"on each line", SPAN_INIT(".\r\n.\r\n.a\r\n"),
     SPAN_INIT("..\r\n..\r\n..a\r\n.\r\n")},
    {"behind an empty line", SPAN_INIT("\r\n.\r\n"),
     SPAN_INIT("\r\n..\r\n.\r\n")},
    {"not within a line", SPAN_INIT("a.\r\nb.c\r\n .\r\n"),
     SPAN_INIT("a.\r\nb.c\r\n .\r\n.\r\n")},
    {"a CR is not the end of a line", SPAN_INIT("a\r.\r\n"),
     SPAN_INIT("a\r.\r\n.\r\n")},
    {"NUL and eight bits pass", SPAN_INIT("\0\xFF\r\n.\0\r\n"),
     SPAN_INIT("\0\xFF\r\n..\0\r\n.\r\n")},
    {"a last line without its end gets one", SPAN_INIT("a"),
     SPAN_INIT("a\r\n.\r\n")},
    {"so does a lone dot", SPAN_INIT("a\r\n."),
     SPAN_INIT("a\r\n..\r\n.\r\n")},
};

static void push_cut(struct span text, size_t cut, size_t again,
                     struct buf *out)
{
    struct dot dot = {0};

    dot_push(&dot, span_upto(text, cut), out);
    dot_push(&dot, span_upto(span_from(text, cut), again), out);
    dot_push(&dot, span_from(span_from(text, cut), again), out);
    dot_end(&dot, out);
    ck_assert(!dot.in_line);
}

START_TEST(dots_are_doubled)
{
    struct span text = cases[_i].text;

    for (size_t cut = 0; cut <= text.n; cut++)
        for (size_t again = 0; cut + again <= text.n; again++) {
            struct buf out = {0};

            push_cut(text, cut, again, &out);
            ck_assert_msg(span_eq(buf_span(&out), cases[_i].wire),
                          "%s, cut at %zu and %zu: got \"%.*s\"",
                          cases[_i].rule, cut, cut + again,
                          SPAN_ARG(buf_span(&out)));
            buf_free(&out);
        }
}
END_TEST

/* As a server does it: up to the lone dot, and the first dot of a line off. */
static bool unstuff(struct span wire, struct buf *text)
{
    struct span line;

    while (span_line(&wire, &line)) {
        if (span_eq(line, S(".\r")))
            return span_empty(wire);
        buf_add(text, span_starts(line, S(".")) ? span_from(line, 1) : line);
        buf_addc(text, '\n');
    }
    return false;
}

/* Every text of six lines out of these arrives as it was. */
START_TEST(what_a_server_makes_of_it)
{
    static const struct span lines[] = {SPAN_INIT("\r\n"), SPAN_INIT(".\r\n"),
                                        SPAN_INIT("..\r\n"),
                                        SPAN_INIT("a.\r\n")};

    for (unsigned n = 0; n < 4096; n++) {
        struct buf text = {0}, wire = {0}, back = {0};

        for (unsigned i = 0; i < 6; i++)
            buf_add(&text, lines[n >> 2 * i & 3]);
        push_cut(buf_span(&text), n % text.len, 1, &wire);
        ck_assert(unstuff(buf_span(&wire), &back));
        ck_assert_span(buf_span(&back), buf_span(&text));
        buf_free(&text);
        buf_free(&wire);
        buf_free(&back);
    }
}
END_TEST

/* dot_end() leaves it as new. */
START_TEST(one_after_another)
{
    struct dot dot = {0};
    struct buf out = {0};

    dot_push(&dot, S("a"), &out);
    dot_end(&dot, &out);
    dot_push(&dot, S(".b\r\n"), &out);
    dot_end(&dot, &out);
    ck_assert_span(buf_span(&out), S("a\r\n.\r\n..b\r\n.\r\n"));
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("dot");

    tcase_add_loop_test(t, dots_are_doubled, 0, COUNT(cases));
    tcase_add_test(t, what_a_server_makes_of_it);
    tcase_add_test(t, one_after_another);
    return unit_run("dot", t);
}
