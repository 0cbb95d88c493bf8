/* SPDX-License-Identifier: GPL-3.0-or-later */
/* undot - the end of a message and its dots, cut at every two points */
#include "smtp/undot.h"

#include "smtp/dot.h"
#include "unit.h"

enum end {
    OPEN,  /* more has to come                       */
    MAYBE, /* no more has to come, if none comes     */
    OVER,  /* it is there                            */
};

static const struct {
    const char *rule;
    bool crlf;
    struct span wire, text;
    enum end end;
    struct span rest; /* what comes behind the end */
} cases[] = {
    {"CRLF: nothing", true, SPAN_INIT(""), SPAN_INIT(""), OPEN, {0}},
    {"CRLF: the end at once", true, SPAN_INIT(".\r\nQUIT\r\n"), SPAN_INIT(""),
     OVER, SPAN_INIT("QUIT\r\n")},
    {"CRLF: a line", true, SPAN_INIT("a\r\n.\r\n"), SPAN_INIT("a\r\n"), OVER,
     {0}},
    {"CRLF: no end within a line", true, SPAN_INIT("a.\r\n"),
     SPAN_INIT("a.\r\n"), OPEN, {0}},
    {"CRLF: dots come off", true, SPAN_INIT("..\r\n..a\r\n...\r\n.b\r\n"),
     SPAN_INIT(".\r\n.a\r\n..\r\nb\r\n"), OPEN, {0}},
    {"CRLF: a dot and a CR", true, SPAN_INIT(".\ra\r\n.\r\r\n.\r\n"),
     SPAN_INIT("\ra\r\n\r\r\n"), OVER, {0}},
    {"CRLF: a lone dot behind CR CRLF", true, SPAN_INIT("a\r\r\n.\r\n"),
     SPAN_INIT("a\r\r\n"), OVER, {0}},
    {"CRLF: not at the end of input", true, SPAN_INIT("a\r\n.\r"),
     SPAN_INIT("a\r\n"), OPEN, {0}},
    {"CRLF: CR . CR is text", true, SPAN_INIT("a\r.\rb\r\n"),
     SPAN_INIT("a\r.\rb\r\n"), OPEN, {0}},
    {"CRLF: LF . LF is text", true, SPAN_INIT("a\n.\nMAIL FROM:<b>\r\n"),
     SPAN_INIT("a\n.\nMAIL FROM:<b>\r\n"), OPEN, {0}},
    {"CRLF: LF . CRLF is text", true, SPAN_INIT("a\n.\r\nb\r\n"),
     SPAN_INIT("a\n.\r\nb\r\n"), OPEN, {0}},
    {"CRLF: CRLF . LF is text", true, SPAN_INIT("a\r\n.\nb\r\n"),
     SPAN_INIT("a\r\n.\nb\r\n"), OPEN, {0}},
    {"CRLF: LF . LF may be the end", true, SPAN_INIT("a\n.\n"),
     SPAN_INIT("a\n"), MAYBE, {0}},
    {"CRLF: LF . CRLF may be the end", true, SPAN_INIT("a\n.\r\n"),
     SPAN_INIT("a\n"), MAYBE, {0}},
    {"CRLF: CRLF . LF may be the end", true, SPAN_INIT("a\r\n.\n"),
     SPAN_INIT("a\r\n"), MAYBE, {0}},
    {"CRLF: LF . CRLF . CRLF", true, SPAN_INIT("a\n.\r\n.\r\nb"),
     SPAN_INIT("a\n.\r\n"), OVER, SPAN_INIT("b")},
    {"CRLF: LF . LF . LF", true, SPAN_INIT("a\n.\n.\n"), SPAN_INIT("a\n.\n"),
     MAYBE, {0}},
    {"CRLF: of two dots behind LF one comes off", true,
     SPAN_INIT("a\n..\n..b\n...\n"), SPAN_INIT("a\n.\n.b\n..\n"), OPEN, {0}},
    {"CRLF: a dot behind LF stays", true, SPAN_INIT("a\n.b\n.\rc\n.\0"),
     SPAN_INIT("a\n.b\n.\rc\n.\0"), OPEN, {0}},
    {"CRLF: LF lines, and the end with CRLF", true,
     SPAN_INIT("a\nb\n\r\n.\r\n"), SPAN_INIT("a\nb\n\r\n"), OVER, {0}},
    {"LF: the end at once", false, SPAN_INIT(".\nQUIT\n"), SPAN_INIT(""), OVER,
     SPAN_INIT("QUIT\n")},
    {"LF: a line", false, SPAN_INIT("a\n.\n"), SPAN_INIT("a\n"), OVER, {0}},
    {"LF: it may end in CRLF", false, SPAN_INIT("a\n.\r\n"), SPAN_INIT("a\n"),
     OVER, {0}},
    {"LF: a CRLF message", false, SPAN_INIT("a\r\n..b\r\n.\nc"),
     SPAN_INIT("a\r\n.b\r\n"), OVER, SPAN_INIT("c")},
    {"LF: dots come off", false, SPAN_INIT("..\n.a\n.\rb\n"),
     SPAN_INIT(".\na\n\rb\n"), OPEN, {0}},
    {"NUL and eight bits pass", false, SPAN_INIT("\0\xFF\n.\0\n"),
     SPAN_INIT("\0\xFF\n\0\n"), OPEN, {0}},
};

/* Push IN, whole; how much of it was taken. */
static size_t push(struct undot *u, struct span in, struct buf *out)
{
    struct span rest = in;
    bool over = undot_push(u, &rest, out);

    ck_assert(over == (u->state == UNDOT_OVER));
    ck_assert(over || rest.n == 0);
    return in.n - rest.n;
}

static size_t push_cut(struct undot *u, struct span wire, size_t cut,
                       size_t again, struct buf *out)
{
    size_t taken = push(u, span_upto(wire, cut), out);

    if (taken == cut)
        taken += push(u, span_upto(span_from(wire, cut), again), out);
    if (taken == cut + again)
        taken += push(u, span_from(wire, cut + again), out);
    return taken;
}

START_TEST(the_end_is_found)
{
    struct span wire = cases[_i].wire;

    for (size_t cut = 0; cut <= wire.n; cut++)
        for (size_t again = 0; cut + again <= wire.n; again++) {
            struct undot u = {.crlf = cases[_i].crlf};
            struct buf out = {0};
            size_t taken = push_cut(&u, wire, cut, again, &out);

            ck_assert_msg(span_eq(buf_span(&out), cases[_i].text),
                          "%s, cut at %zu and %zu: got \"%.*s\"",
                          cases[_i].rule, cut, cut + again,
                          SPAN_ARG(buf_span(&out)));
            ck_assert_msg((u.state == UNDOT_OVER) == (cases[_i].end == OVER) &&
                              undot_may_be_over(&u) == (cases[_i].end == MAYBE),
                          "%s, cut at %zu and %zu: state %d", cases[_i].rule,
                          cut, cut + again, u.state);
            ck_assert_span(span_from(wire, taken), cases[_i].rest);
            buf_free(&out);
        }
}
END_TEST

/* Silence ends what may be over, and nothing else. */
START_TEST(silence)
{
    struct undot u = {.crlf = cases[_i].crlf};
    struct buf out = {0};
    struct span more = S("x");

    push(&u, cases[_i].wire, &out);
    undot_over(&u);
    ck_assert(undot_push(&u, &more, &out) == (cases[_i].end != OPEN));
    ck_assert_uint_eq(more.n, cases[_i].end != OPEN);
    ck_assert_uint_eq(out.len, cases[_i].text.n + 1 - more.n +
                                   (cases[_i].end == OPEN &&
                                    span_ends(cases[_i].wire, S(".\r"))));
    buf_free(&out);
}
END_TEST

/* Whatever dot makes of a text is undone, whichever line ends a client uses. */
START_TEST(undoes_dot)
{
    static const struct span lines[] = {SPAN_INIT("\r\n"), SPAN_INIT(".\r\n"),
                                        SPAN_INIT("..\r\n"),
                                        SPAN_INIT("a.\r\n")};

    for (unsigned n = 0; n < 4096; n++) {
        struct undot u = {.crlf = n & 1};
        struct dot dot = {0};
        struct buf text = {0}, wire = {0}, back = {0};

        for (unsigned i = 0; i < 6; i++)
            buf_add(&text, lines[n >> 2 * i & 3]);
        dot_push(&dot, buf_span(&text), &wire);
        dot_end(&dot, &wire);
        push_cut(&u, buf_span(&wire), n % wire.len, 1, &back);
        ck_assert(u.state == UNDOT_OVER);
        ck_assert_span(buf_span(&back), buf_span(&text));
        buf_free(&text);
        buf_free(&wire);
        buf_free(&back);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("undot");

    tcase_add_loop_test(t, the_end_is_found, 0, COUNT(cases));
    tcase_add_loop_test(t, silence, 0, COUNT(cases));
    tcase_add_test(t, undoes_dot);
    return unit_run("undot", t);
}
