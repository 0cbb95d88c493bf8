/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people are told: the exit status, the text with all that it happened
 * within, the hint; and that no text from outside steers a terminal.
 */
#include "base/err.h"

#include "unit.h"

static const struct {
    enum err_kind kind;
    int status; /* the numbers that callers know: sysexits(3) */
} statuses[] = {
    {ERR_NONE, 0},         {ERR_USAGE, 64},     {ERR_DATA, 65},
    {ERR_NO_INPUT, 66},    {ERR_NO_USER, 67},   {ERR_NO_HOST, 68},
    {ERR_UNAVAILABLE, 69}, {ERR_SOFTWARE, 70},  {ERR_SYSTEM, 71},
    {ERR_IO, 74},          {ERR_TEMPORARY, 75}, {ERR_PROTOCOL, 76},
    {ERR_DENIED, 77},      {ERR_CONFIG, 78},
};

START_TEST(has_a_status)
{
    ck_assert_int_eq(err_status(statuses[_i].kind), statuses[_i].status);
}
END_TEST

START_TEST(has_a_row_for_each_kind)
{
    for (size_t i = 0; i < COUNT(statuses); i++)
        ck_assert_uint_eq(statuses[i].kind, i);
    ck_assert_uint_eq(COUNT(statuses), ERR_CONFIG + 1);
}
END_TEST

START_TEST(fails_in_full)
{
    struct err err = {.kind = ERR_IO, .text = "old", .hint = "old"};

    ck_assert(!fail(&err, ERR_DATA, "'%.*s' is %d", SPAN_ARG(S("ann")), 7));
    ck_assert_uint_eq(err.kind, ERR_DATA);
    ck_assert_str_eq(err.text, "'ann' is 7");
    ck_assert_str_eq(err.hint, "");
    ck_assert(!err_hint(&err, "try %s", "again"));
    ck_assert_str_eq(err.text, "'ann' is 7");
    ck_assert_str_eq(err.hint, "try again");
}
END_TEST

/* The outermost comes first, as the last to be added; the hint stays. */
START_TEST(tells_what_was_being_done)
{
    struct err err;

    fail(&err, ERR_CONFIG, "no such setting '%s'", "prot");
    err_hint(&err, "did you mean 'port'?");
    ck_assert(!err_within(&err, "line %d", 3));
    ck_assert_str_eq(err.text, "line 3: no such setting 'prot'");
    ck_assert(!err_within(&err, "reading '%s'", "/etc/x"));
    ck_assert_str_eq(err.text, "reading '/etc/x': line 3: "
                               "no such setting 'prot'");
    ck_assert_uint_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.hint, "did you mean 'port'?");
}
END_TEST

START_TEST(may_be_within_its_own_text)
{
    struct err err;

    fail(&err, ERR_DATA, "x");
    err_within(&err, "<%s>", err.text);
    ck_assert_str_eq(err.text, "<x>: x");
    fail(&err, ERR_DATA, "100%%");
    err_within(&err, "%%s");
    ck_assert_str_eq(err.text, "%s: 100%");
}
END_TEST

static void fill(struct buf *b, size_t n)
{
    buf_clear(b);
    while (n-- > 0)
        buf_addc(b, (char)('a' + n % 26));
}

/* Around the size of the text; what does not fit is lost at the end. */
START_TEST(loses_the_end_of_what_is_too_long)
{
    const size_t room = sizeof((struct err *)0)->text - 1;
    const size_t hint_room = sizeof((struct err *)0)->hint - 1;
    struct buf text = {0};
    struct err err;

    for (size_t n = room - 2; n < room + 3; n++) {
        fill(&text, n);
        ck_assert(!fail(&err, ERR_DATA, "%s", buf_cstring(&text)));
        ck_assert_span(span_of(err.text), span_upto(buf_span(&text), room));
        err_within(&err, "ab");
        ck_assert_uint_eq(strlen(err.text), room);
        ck_assert_span(span_upto(span_of(err.text), 4), S("ab: "));
        ck_assert_span(span_from(span_of(err.text), 4),
                       span_upto(buf_span(&text), room - 4));
        err_within(&err, "%s", buf_cstring(&text));
        ck_assert_span(span_upto(span_of(err.text), n),
                       span_upto(buf_span(&text), room));
    }
    fill(&text, 5000);
    err_hint(&err, "%s", buf_cstring(&text));
    ck_assert_span(span_of(err.hint), span_upto(buf_span(&text), hint_room));
    buf_free(&text);
}
END_TEST

static const struct {
    const char *rule;
    struct span s, shown;
} escapes[] = {
    {"nothing", SPAN_INIT(""), SPAN_INIT("")},
    {"nothing, nowhere", {NULL, 0}, SPAN_INIT("")},
    {"ASCII", SPAN_INIT(" '\"<ann@example.org>\\~"),
     SPAN_INIT(" '\"<ann@example.org>\\~")},
    {"LF", SPAN_INIT("a\nb\n"), SPAN_INIT("a b ")},
    {"CR", SPAN_INIT("a\rb\r\n"), SPAN_INIT("a\\x0Db\\x0D ")},
    {"NUL", SPAN_INIT("a\0b"), SPAN_INIT("a\\x00b")},
    {"tab, bell, backspace", SPAN_INIT("\t\a\b"),
     SPAN_INIT("\\x09\\x07\\x08")},
    {"ESC: a title", SPAN_INIT("\x1B]0;x\a"), SPAN_INIT("\\x1B]0;x\\x07")},
    {"the last control", SPAN_INIT("\x1F "), SPAN_INIT("\\x1F ")},
    {"DEL", SPAN_INIT("~\x7F"), SPAN_INIT("~\\x7F")},
    {"the first C1", SPAN_INIT("\xC2\x80"), SPAN_INIT("\\xC2\\x80")},
    {"C1 CSI", SPAN_INIT("\xC2\x9B" "31m"), SPAN_INIT("\\xC2\\x9B31m")},
    {"the last C1", SPAN_INIT("\xC2\x9F"), SPAN_INIT("\\xC2\\x9F")},
    {"C1 as one byte", SPAN_INIT("\x9B" "31m"), SPAN_INIT("\\x9B31m")},
    {"behind the C1", SPAN_INIT("\xC2\xA0"), SPAN_INIT("\xC2\xA0")},
    {"other first bytes", SPAN_INIT("\xC3\x80\xC3\x9F\xDF\x80"),
     SPAN_INIT("\xC3\x80\xC3\x9F\xDF\x80")},
    {"UTF-8", SPAN_INIT("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\xAE"),
     SPAN_INIT("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\xAE")},
    {"ISO 8859-1", SPAN_INIT("Gr\xFC\xDF" "e"), SPAN_INIT("Gr\\xFC\\xDFe")},
    {"overlong ESC", SPAN_INIT("\xC0\x9B"), SPAN_INIT("\\xC0\\x9B")},
    {"overlong C1", SPAN_INIT("\xE0\x82\x9B"), SPAN_INIT("\\xE0\\x82\\x9B")},
    {"a surrogate", SPAN_INIT("\xED\xA0\x80"), SPAN_INIT("\\xED\\xA0\\x80")},
    {"cut short", SPAN_INIT("a\xE2\x82"), SPAN_INIT("a\\xE2\\x82")},
    {"cut short by a control", SPAN_INIT("\xE2\x82\x1B"),
     SPAN_INIT("\\xE2\\x82\\x1B")},
    {"cut short, then good", SPAN_INIT("\xE2\xC3\xA4"),
     SPAN_INIT("\\xE2\xC3\xA4")},
};

START_TEST(shows_what_would_steer)
{
    struct buf out = {0};

    err_escape(escapes[_i].s, &out);
    ck_assert_msg(span_eq(buf_span(&out), escapes[_i].shown),
                  "%s: \"%.*s\"", escapes[_i].rule, SPAN_ARG(buf_span(&out)));
    buf_free(&out);
}
END_TEST

/* Whatever byte: one line, no control, and the bytes around it as they are. */
START_TEST(lets_no_byte_through_that_steers)
{
    for (int c = 0; c < 256; c++) {
        char text[3] = {'<', (char)c, '>'};
        struct buf out = {0};

        err_escape((struct span){text, 3}, &out);
        for (size_t i = 0; i < out.len; i++)
            ck_assert(out.data[i] >= 0x20 && out.data[i] < 0x7F);
        ck_assert(out.data[0] == '<' && out.data[out.len - 1] == '>');
        buf_free(&out);
    }
}
END_TEST

static const struct {
    struct err err;
    const char *shown;
} prints[] = {
    {{ERR_DATA, "it is wrong", ""}, "pennypost: it is wrong\n"},
    {{ERR_DATA, "it is wrong", "put it right"},
     "pennypost: it is wrong\npennypost: put it right\n"},
    {{ERR_DATA, "550 no\r\nX: \x1B[2J", "\n\x1B"},
     "pennypost: 550 no\\x0D X: \\x1B[2J\npennypost:  \\x1B\n"},
    {{ERR_DATA, "", ""}, "pennypost: \n"},
};

START_TEST(prints_text_and_hint)
{
    struct buf out = {0};

    buf_add(&out, S("before\n"));
    err_print(&prints[_i].err, &out);
    ck_assert_span(span_from(buf_span(&out), 7), span_of(prints[_i].shown));
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("err");

    tcase_add_loop_test(t, has_a_status, 0, COUNT(statuses));
    tcase_add_test(t, has_a_row_for_each_kind);
    tcase_add_test(t, fails_in_full);
    tcase_add_test(t, tells_what_was_being_done);
    tcase_add_test(t, may_be_within_its_own_text);
    tcase_add_test(t, loses_the_end_of_what_is_too_long);
    tcase_add_loop_test(t, shows_what_would_steer, 0, COUNT(escapes));
    tcase_add_test(t, lets_no_byte_through_that_steers);
    tcase_add_loop_test(t, prints_text_and_hint, 0, COUNT(prints));
    return unit_run("err", t);
}
