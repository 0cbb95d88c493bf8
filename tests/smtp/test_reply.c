/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reply - what is one and what is none, cut at every point; and the bounds */
#include "smtp/reply.h"

#include "unit.h"

static const struct {
    const char *rule;
    struct span in;
    enum reply_state state;
    int code;
    unsigned lines;
    struct span text;
    struct span left;
} cases[] = {
    {"one line", SPAN_INIT("250 ok\r\n"), REPLY_WHOLE, 250, 1,
     SPAN_INIT("ok"), SPAN_INIT("")},
    {"several", SPAN_INIT("250-a\r\n250-b c\r\n250 d\r\n"), REPLY_WHOLE, 250,
     3, SPAN_INIT("a\nb c\nd"), SPAN_INIT("")},
    {"what follows is left", SPAN_INIT("250 a\r\n221 b\r\n"), REPLY_WHOLE,
     250, 1, SPAN_INIT("a"), SPAN_INIT("221 b\r\n")},
    {"a bare LF ends a line", SPAN_INIT("250-a\n250 b\n"), REPLY_WHOLE, 250,
     2, SPAN_INIT("a\nb"), SPAN_INIT("")},
    {"a bare CR does not", SPAN_INIT("250 a\rb\r\n"), REPLY_WHOLE, 250, 1,
     SPAN_INIT("a\rb"), SPAN_INIT("")},
    {"of two CRs one is text", SPAN_INIT("250 a\r\r\n"), REPLY_WHOLE, 250, 1,
     SPAN_INIT("a\r"), SPAN_INIT("")},
    {"a code alone", SPAN_INIT("250\r\n"), REPLY_WHOLE, 250, 1, SPAN_INIT(""),
     SPAN_INIT("")},
    {"a code and a blank", SPAN_INIT("250 \r\n"), REPLY_WHOLE, 250, 1,
     SPAN_INIT(""), SPAN_INIT("")},
    {"lines without text", SPAN_INIT("250-\r\n250-a\r\n250\r\n"), REPLY_WHOLE,
     250, 3, SPAN_INIT("\na\n"), SPAN_INIT("")},
    {"blanks are text", SPAN_INIT("334   \r\n"), REPLY_WHOLE, 334, 1,
     SPAN_INIT("  "), SPAN_INIT("")},
    {"any octet but NUL is text", SPAN_INIT("599 \x01\x7F\x80\xFF\r\n"),
     REPLY_WHOLE, 599, 1, SPAN_INIT("\x01\x7F\x80\xFF"), SPAN_INIT("")},
    {"the least code", SPAN_INIT("200 a\n"), REPLY_WHOLE, 200, 1,
     SPAN_INIT("a"), SPAN_INIT("")},
    {"nothing yet", SPAN_INIT(""), REPLY_PARTIAL, 0, 0, SPAN_INIT(""),
     SPAN_INIT("")},
    {"no line end yet", SPAN_INIT("250 ok\r"), REPLY_PARTIAL, 0, 0,
     SPAN_INIT(""), SPAN_INIT("250 ok\r")},
    {"more lines must come", SPAN_INIT("250-a\r\n250-b\r\n25"), REPLY_PARTIAL,
     250, 2, SPAN_INIT("a\nb"), SPAN_INIT("25")},
    {"no code under 200", SPAN_INIT("199 a\r\n"), REPLY_BAD, 0, 0,
     SPAN_INIT(""), SPAN_INIT("")},
    {"no code over 599", SPAN_INIT("600 a\r\n"), REPLY_BAD, 0, 0,
     SPAN_INIT(""), SPAN_INIT("")},
    {"the second is a digit", SPAN_INIT("2:0 a\r\n"), REPLY_BAD, 0, 0,
     SPAN_INIT(""), SPAN_INIT("")},
    {"the third is a digit", SPAN_INIT("25/ a\r\n"), REPLY_BAD, 0, 0,
     SPAN_INIT(""), SPAN_INIT("")},
    {"two digits", SPAN_INIT("25 a\r\n"), REPLY_BAD, 0, 0, SPAN_INIT(""),
     SPAN_INIT("")},
    {"four digits", SPAN_INIT("2500 a\r\n"), REPLY_BAD, 0, 0, SPAN_INIT(""),
     SPAN_INIT("")},
    {"nothing else behind the code", SPAN_INIT("250\ta\r\n"), REPLY_BAD, 0, 0,
     SPAN_INIT(""), SPAN_INIT("")},
    {"a CR behind the code", SPAN_INIT("250\rok\r\n"), REPLY_BAD, 0, 0,
     SPAN_INIT(""), SPAN_INIT("")},
    {"an empty line", SPAN_INIT("\r\n"), REPLY_BAD, 0, 0, SPAN_INIT(""),
     SPAN_INIT("")},
    {"a blank in front", SPAN_INIT(" 250 a\r\n"), REPLY_BAD, 0, 0,
     SPAN_INIT(""), SPAN_INIT("")},
    {"a NUL", SPAN_INIT("250 a\0b\r\n"), REPLY_BAD, 0, 0, SPAN_INIT(""),
     SPAN_INIT("")},
    {"a NUL in the code", SPAN_INIT("2\0" "0 a\r\n"), REPLY_BAD, 0, 0,
     SPAN_INIT(""), SPAN_INIT("")},
    {"another code in the middle", SPAN_INIT("250-a\r\n550-b\r\n250 c\r\n"),
     REPLY_BAD, 250, 1, SPAN_INIT("a"), SPAN_INIT("250 c\r\n")},
    {"another code at the end", SPAN_INIT("250-a\r\n251 b\r\n"), REPLY_BAD,
     250, 1, SPAN_INIT("a"), SPAN_INIT("")},
    {"no code in the middle", SPAN_INIT("250-a\r\nb\r\n250 c\r\n"), REPLY_BAD,
     250, 1, SPAN_INIT("a"), SPAN_INIT("250 c\r\n")},
    {"IMAP", SPAN_INIT("* OK\r\n"), REPLY_BAD, 0, 0, SPAN_INIT(""),
     SPAN_INIT("")},
    {"TLS", SPAN_INIT("\x15\x03\x03\x00\x02\x02\x0A"), REPLY_BAD, 0, 0,
     SPAN_INIT(""), SPAN_INIT("")},
};

/* Read a reply off *IN; REPLY_PARTIAL: all that was there is not enough. */
static enum reply_state read_all(struct reply *r, struct buf *in)
{
    struct span rest = buf_span(in);
    size_t before;
    enum reply_state state;

    do {
        before = rest.n;
        state = reply_read(r, &rest);
    } while (state == REPLY_PARTIAL && rest.n < before);
    buf_drop(in, in->len - rest.n);
    return state;
}

/* The same from pieces: the second only where the first was not enough. */
static enum reply_state read_cut(struct span in, size_t cut, struct reply *r,
                                 struct buf *left)
{
    enum reply_state state;

    buf_add(left, span_upto(in, cut));
    state = read_all(r, left);
    buf_add(left, span_from(in, cut));
    return state == REPLY_PARTIAL ? read_all(r, left) : state;
}

START_TEST(replies_are_read)
{
    for (size_t cut = 0; cut <= cases[_i].in.n; cut++) {
        struct reply reply = {0};
        struct buf left = {0};
        enum reply_state state = read_cut(cases[_i].in, cut, &reply, &left);

        ck_assert_msg(state == cases[_i].state, "%s, cut at %zu: %d",
                      cases[_i].rule, cut, (int)state);
        ck_assert_int_eq(reply.code, cases[_i].code);
        ck_assert_uint_eq(reply.lines, cases[_i].lines);
        ck_assert_span(buf_span(&reply.text), cases[_i].text);
        if (state != REPLY_BAD) /* then some may be left of the bad line */
            ck_assert_span(buf_span(&left), cases[_i].left);
        reply_free(&reply);
        buf_free(&left);
    }
}
END_TEST

/* What it can become is known as soon as it is there. */
START_TEST(what_is_no_reply_is_not_waited_for)
{
    static const char *const hopeless[] = {"*", "1", "6", "2a", "25x", "-",
                                           "\xFF", "\x16", "EHLO", " "};
    static const char *const hopeful[] = {"2", "5", "59", "250", "250-", "33"};
    struct reply reply = {0};
    struct span in;

    for (size_t i = 0; i < COUNT(hopeless); i++) {
        in = span_of(hopeless[i]);
        ck_assert_int_eq(reply_read(&reply, &in), REPLY_BAD);
    }
    for (size_t i = 0; i < COUNT(hopeful); i++) {
        in = span_of(hopeful[i]);
        ck_assert_int_eq(reply_read(&reply, &in), REPLY_PARTIAL);
        ck_assert_span(in, span_of(hopeful[i]));
    }
}
END_TEST

static void add_line(struct buf *out, const char *begin, size_t length,
                     const char *end)
{
    buf_add(out, span_of(begin));
    for (size_t n = strlen(begin); n < length; n++)
        buf_addc(out, 'x');
    buf_add(out, span_of(end));
}

/* The octets of a line, without the line end. */
static const struct {
    const char *begin;
    size_t length;
    bool taken;
} lines[] = {
    {"250 ", REPLY_LINE_MAX, true},
    {"250 ", REPLY_LINE_MAX + 1, false},
    {"333 ", REPLY_LINE_MAX + 1, false},
    {"334 ", REPLY_LINE_MAX + 1, true},
    {"334 ", REPLY_CHALLENGE_MAX, true},
    {"334 ", REPLY_CHALLENGE_MAX + 1, false},
};

START_TEST(a_line_is_bounded)
{
    static const char *const ends[] = {"\n", "\r\n"};
    enum reply_state want = lines[_i].taken ? REPLY_WHOLE : REPLY_BAD;

    for (size_t e = 0; e < COUNT(ends); e++) {
        struct buf in = {0};

        add_line(&in, lines[_i].begin, lines[_i].length, ends[e]);
        for (size_t cut = in.len - 4; cut <= in.len; cut++) {
            struct reply reply = {0};
            struct buf left = {0};

            ck_assert_int_eq(read_cut(buf_span(&in), cut, &reply, &left),
                             want);
            reply_free(&reply);
            buf_free(&left);
        }
        buf_free(&in);
    }
}
END_TEST

/* Neither is it waited for when it is known to be too long. */
START_TEST(a_line_too_long_is_not_waited_for)
{
    struct buf in = {0};
    struct reply reply = {0};
    struct span rest;

    add_line(&in, lines[_i].begin, lines[_i].length, "");
    rest = buf_span(&in);
    ck_assert_int_eq(reply_read(&reply, &rest),
                     lines[_i].taken ? REPLY_PARTIAL : REPLY_BAD);
    buf_free(&in);
}
END_TEST

static enum reply_state read_lines(unsigned n, size_t length)
{
    struct reply reply = {0};
    struct buf in = {0};
    enum reply_state state;

    for (unsigned i = 1; i < n; i++)
        add_line(&in, "250-", length, "\r\n");
    add_line(&in, "250 ", length, "\r\n");
    state = read_all(&reply, &in);
    ck_assert_uint_le(reply.text.len, REPLY_MAX);
    ck_assert_uint_le(reply.lines, REPLY_LINES_MAX);
    reply_free(&reply);
    buf_free(&in);
    return state;
}

START_TEST(a_reply_is_bounded)
{
    ck_assert_int_eq(read_lines(REPLY_LINES_MAX, 20), REPLY_WHOLE);
    ck_assert_int_eq(read_lines(REPLY_LINES_MAX + 1, 20), REPLY_BAD);
    ck_assert_int_eq(read_lines(REPLY_LINES_MAX + 1, 4), REPLY_BAD);
    ck_assert_int_eq(read_lines(32, 2047), REPLY_WHOLE);
    ck_assert_int_eq(read_lines(33, 2048), REPLY_BAD);
    ck_assert_int_eq(read_lines(REPLY_LINES_MAX, 2048), REPLY_BAD);
}
END_TEST

static struct reply reply_of(struct span text)
{
    struct reply reply = {0};
    struct buf in = {0};

    buf_add(&in, text);
    ck_assert_int_eq(read_all(&reply, &in), REPLY_WHOLE);
    buf_free(&in);
    return reply;
}

static const struct {
    struct span reply, status;
} statuses[] = {
    {SPAN_INIT("250 2.0.0 ok\n"), SPAN_INIT("2.0.0")},
    {SPAN_INIT("250 2.0.0\n"), SPAN_INIT("2.0.0")},
    {SPAN_INIT("550-5.1.1\n550 no\n"), SPAN_INIT("5.1.1")},
    {SPAN_INIT("550-5.7.1 a\n550 5.1.1 b\n"), SPAN_INIT("5.7.1")},
    {SPAN_INIT("450 4.123.456 x\n"), SPAN_INIT("4.123.456")},
    {SPAN_INIT("550\n"), SPAN_INIT("")},
    {SPAN_INIT("550 no 5.1.1\n"), SPAN_INIT("")},
    {SPAN_INIT("550 4.1.1 of another class\n"), SPAN_INIT("")},
    {SPAN_INIT("450 5.1.1 of another class\n"), SPAN_INIT("")},
    {SPAN_INIT("354 3.0.0 no class at all\n"), SPAN_INIT("3.0.0")},
    {SPAN_INIT("550 5.1234.1 x\n"), SPAN_INIT("")},
    {SPAN_INIT("550 5.1.1234 x\n"), SPAN_INIT("")},
    {SPAN_INIT("550 5.1.1.1 x\n"), SPAN_INIT("")},
    {SPAN_INIT("550 5.1.1x\n"), SPAN_INIT("")},
    {SPAN_INIT("550 5.1 x\n"), SPAN_INIT("")},
    {SPAN_INIT("550 5.1. x\n"), SPAN_INIT("")},
    {SPAN_INIT("550 5..1 x\n"), SPAN_INIT("")},
    {SPAN_INIT("550 5.1,1 x\n"), SPAN_INIT("")},
    {SPAN_INIT("550 5-1.1 x\n"), SPAN_INIT("")},
    {SPAN_INIT("550 55.1.1 x\n"), SPAN_INIT("")},
    {SPAN_INIT("550 5\n"), SPAN_INIT("")},
    {SPAN_INIT("550 5.\n"), SPAN_INIT("")},
};

START_TEST(enhanced_status_codes)
{
    struct reply reply = reply_of(statuses[_i].reply);

    ck_assert_span(reply_enhanced(&reply), statuses[_i].status);
    reply_free(&reply);
}
END_TEST

static const struct {
    struct span reply, text;
} prints[] = {
    {SPAN_INIT("250 ok\n"), SPAN_INIT("250 ok")},
    {SPAN_INIT("250\n"), SPAN_INIT("250")},
    {SPAN_INIT("250-\n250 \n"), SPAN_INIT("250")},
    {SPAN_INIT("550-a\n550-\n550 b\n"), SPAN_INIT("550 a; b")},
    {SPAN_INIT("550-\n550-a\n550 \n"), SPAN_INIT("550 a")},
};

START_TEST(printed_on_one_line)
{
    struct reply reply = reply_of(prints[_i].reply);
    struct buf out = {0};

    reply_print(&reply, &out);
    ck_assert_span(buf_span(&out), prints[_i].text);
    reply_free(&reply);
    ck_assert_int_eq(reply.code, 0);
    ck_assert_uint_eq(reply.lines, 0);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("reply");

    tcase_add_loop_test(t, replies_are_read, 0, COUNT(cases));
    tcase_add_test(t, what_is_no_reply_is_not_waited_for);
    tcase_add_loop_test(t, a_line_is_bounded, 0, COUNT(lines));
    tcase_add_loop_test(t, a_line_too_long_is_not_waited_for, 0, COUNT(lines));
    tcase_add_test(t, a_reply_is_bounded);
    tcase_add_loop_test(t, enhanced_status_codes, 0, COUNT(statuses));
    tcase_add_loop_test(t, printed_on_one_line, 0, COUNT(prints));
    return unit_run("reply", t);
}
