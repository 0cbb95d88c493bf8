/* SPDX-License-Identifier: GPL-3.0-or-later */
/* header - where it ends, what its text is, and its fields one by one */
#include "mail/header.h"

#include "unit.h"

static const struct {
    const char *rule;
    struct span raw, text, body;
} cases[] = {
    {"a message", SPAN_INIT("To: a\nSubject: b\n\nbody\n"),
     SPAN_INIT("To: a\nSubject: b\n"), SPAN_INIT("body\n")},
    {"nothing", SPAN_INIT(""), SPAN_INIT(""), SPAN_INIT("")},
    {"a line end", SPAN_INIT("\n"), SPAN_INIT(""), SPAN_INIT("")},
    {"no body", SPAN_INIT("To: a\n"), SPAN_INIT("To: a\n"), SPAN_INIT("")},
    {"a last line that does not end", SPAN_INIT("To: a\nSubject: b"),
     SPAN_INIT("To: a\nSubject: b\n"), SPAN_INIT("")},
    {"CRLF, and LF in the body", SPAN_INIT("To: a\r\nCc: b\r\n\r\nx\ny\r\n"),
     SPAN_INIT("To: a\nCc: b\n"), SPAN_INIT("x\ny\r\n")},
    {"CR CR LF", SPAN_INIT("To: a\r\r\n\r\r\nx"), SPAN_INIT("To: a\n"),
     SPAN_INIT("x")},
    {"a CR in a field", SPAN_INIT("To: a\rBcc: b\n\n"),
     SPAN_INIT("To: a Bcc: b\n"), SPAN_INIT("")},
    {"a CR that begins a line folds it", SPAN_INIT("To: a\n\rBcc: b\n\n"),
     SPAN_INIT("To: a\n Bcc: b\n"), SPAN_INIT("")},
    {"a NUL is dropped", SPAN_INIT("T\0o: a\0\n\0B\0cc: b\n\nx\0"),
     SPAN_INIT("To: a\nBcc: b\n"), SPAN_INIT("x\0")},
    {"a line of NULs is blank", SPAN_INIT("To: a\n\0\0\nx\n"),
     SPAN_INIT("To: a\n"), SPAN_INIT("x\n")},
    {"folds", SPAN_INIT("To: a,\n\tb,\r\n c\n\n"),
     SPAN_INIT("To: a,\n\tb,\n c\n"), SPAN_INIT("")},
    {"a fold of blanks only", SPAN_INIT("To: a\n \nCc: b\n\nx"),
     SPAN_INIT("To: a\n \nCc: b\n"), SPAN_INIT("x")},
    {"no header: a blank line", SPAN_INIT("\nTo: a\n\nx"), SPAN_INIT(""),
     SPAN_INIT("To: a\n\nx")},
    {"no header: a continuation", SPAN_INIT(" x\nTo: a\n\n"), SPAN_INIT(""),
     SPAN_INIT(" x\nTo: a\n\n")},
    {"no header: text", SPAN_INIT("Hello there: x\ny\n"), SPAN_INIT(""),
     SPAN_INIT("Hello there: x\ny\n")},
    {"text ends it", SPAN_INIT("To: a\nhello\nCc: b\n\nx"),
     SPAN_INIT("To: a\n"), SPAN_INIT("hello\nCc: b\n\nx")},
    {"text behind CRLF", SPAN_INIT("To: a\r\nhello\r\n"),
     SPAN_INIT("To: a\n"), SPAN_INIT("hello\r\n")},
    {"a colon without a name", SPAN_INIT("To: a\n: b\n"),
     SPAN_INIT("To: a\n"), SPAN_INIT(": b\n")},
    {"a name in eight bits", SPAN_INIT("To: a\n\xC3\xBC: b\n"),
     SPAN_INIT("To: a\n"), SPAN_INIT("\xC3\xBC: b\n")},
    {"a name with DEL", SPAN_INIT("T\x7Fo: a\n"), SPAN_INIT(""),
     SPAN_INIT("T\x7Fo: a\n")},
    {"every end of what a name may have", SPAN_INIT("!~9;: a\n\nx"),
     SPAN_INIT("!~9;: a\n"), SPAN_INIT("x")},
    {"blanks before the colon", SPAN_INIT("To \t: a\n\n"),
     SPAN_INIT("To \t: a\n"), SPAN_INIT("")},
    {"a mailbox's line", SPAN_INIT("From a Thu Jan  1\nTo: a\n\nx"),
     SPAN_INIT("To: a\n"), SPAN_INIT("x")},
    {"several of them", SPAN_INIT("From a:\r\n>From b\n>>From c\nTo: a\n\nx"),
     SPAN_INIT("To: a\n"), SPAN_INIT("x")},
    {"and no more", SPAN_INIT("From a\n\nx"), SPAN_INIT(""), SPAN_INIT("x")},
    {"and then a continuation", SPAN_INIT("From a\n b: c\n"), SPAN_INIT(""),
     SPAN_INIT(" b: c\n")},
    {"only in front", SPAN_INIT("To: a\nFrom b\n\nx"), SPAN_INIT("To: a\n"),
     SPAN_INIT("From b\n\nx")},
    {"From and a colon is a field, in front, too",
     SPAN_INIT("From : b\nTo: a\n\n"), SPAN_INIT("From : b\nTo: a\n"),
     SPAN_INIT("")},
    {"From and a colon is a field", SPAN_INIT("To: a\nFrom : b\n\n"),
     SPAN_INIT("To: a\nFrom : b\n"), SPAN_INIT("")},
};

START_TEST(reads_the_header)
{
    struct buf text = {0};
    struct err err = {0};
    size_t body_at = 99;

    ck_assert(header_read(cases[_i].raw, &text, &body_at, &err));
    ck_assert_msg(span_eq(buf_span(&text), cases[_i].text),
                  "%s: got \"%.*s\"", cases[_i].rule,
                  SPAN_ARG(buf_span(&text)));
    ck_assert_msg(body_at <= cases[_i].raw.n, "%s", cases[_i].rule);
    ck_assert_span(span_from(cases[_i].raw, body_at), cases[_i].body);
    buf_free(&text);
}
END_TEST

enum { MIB = 1024 * 1024 };

/* LENGTH octets: START, then FILL, then a line end. */
static void add_line(const char *start, char fill, size_t length,
                     struct buf *raw)
{
    size_t n = strlen(start);
    char *room = buf_room(raw, length);

    memset(room, fill, length);
    memcpy(room, start, n);
    room[length - 1] = '\n';
    buf_filled(raw, length);
}

static const struct {
    const char *rule, *first, *second;
    char fill;
    size_t first_size, second_size;
    bool good;
    size_t text, body_at;
} sizes[] = {
    {"1 MiB", "X-A: b", "", 'c', MIB, 1, true, MIB, MIB + 1},
    {"one more", "X-A: b", "", 'c', MIB + 1, 1, false, 0, 0},
    {"1 MiB in two lines", "X-A: b", " ", 'c', 10, MIB - 10, true, MIB, MIB},
    {"one more in two", "X-A: b", " ", 'c', 10, MIB - 9, false, 0, 0},
    {"two fields", "X-A: b", "X-B: b", 'c', MIB, MIB, true, 2 * MIB, 2 * MIB},
    {"1 MiB of NULs", "X-A: b", "", '\0', MIB + 1, 1, false, 0, 0},
    {"a long body", "X-A: b", "body", 'c', 10, 3 * MIB, true, 10, 10},
    {"a long mailbox line", "From b", "X-A: b", 'c', 3 * MIB, 10, true, 10,
     3 * MIB + 10},
};

START_TEST(a_field_is_bounded)
{
    struct buf raw = {0}, text = {0};
    struct err err = {0};
    size_t body_at;
    bool good;

    add_line(sizes[_i].first, sizes[_i].fill, sizes[_i].first_size, &raw);
    add_line(sizes[_i].second, sizes[_i].fill, sizes[_i].second_size, &raw);
    good = header_read(buf_span(&raw), &text, &body_at, &err);
    ck_assert_msg(good == sizes[_i].good, "%s", sizes[_i].rule);
    if (good) {
        ck_assert_uint_eq(text.len, sizes[_i].text);
        ck_assert_uint_eq(body_at, sizes[_i].body_at);
    } else {
        ck_assert_int_eq(err.kind, ERR_DATA);
        ck_assert_str_eq(err.text, "the header field 'X-A' is longer than "
                                   "1048576 octets");
    }
    buf_free(&raw);
    buf_free(&text);
}
END_TEST

static const struct {
    const char *rule;
    struct span header, name, body, rest;
} fields[] = {
    {"a field", SPAN_INIT("To: a\nCc: b\n"), SPAN_INIT("To"), SPAN_INIT(" a"),
     SPAN_INIT("Cc: b\n")},
    {"folds are in it", SPAN_INIT("To: a,\n\tb\n c\nCc: b\n"),
     SPAN_INIT("To"), SPAN_INIT(" a,\n\tb\n c"), SPAN_INIT("Cc: b\n")},
    {"nothing in it", SPAN_INIT("To:\n"), SPAN_INIT("To"), SPAN_INIT(""),
     SPAN_INIT("")},
    {"no LF", SPAN_INIT("To: a"), SPAN_INIT("To"), SPAN_INIT(" a"),
     SPAN_INIT("")},
    {"blanks around the name", SPAN_INIT("To \t:a\n"), SPAN_INIT("To"),
     SPAN_INIT("a"), SPAN_INIT("")},
    {"the first colon counts", SPAN_INIT("To: a:b\n"), SPAN_INIT("To"),
     SPAN_INIT(" a:b"), SPAN_INIT("")},
    {"no colon, no name", SPAN_INIT("To\nCc: b\n"), SPAN_INIT(""),
     SPAN_INIT("To"), SPAN_INIT("Cc: b\n")},
    {"none in the first line", SPAN_INIT("To\n :a\n"), SPAN_INIT(""),
     SPAN_INIT("To\n :a"), SPAN_INIT("")},
    {"a blank line", SPAN_INIT("\nx"), SPAN_INIT(""), SPAN_INIT(""),
     SPAN_INIT("x")},
};

START_TEST(takes_a_field)
{
    struct span rest = fields[_i].header;
    struct field f;

    ck_assert(header_next(&rest, &f));
    ck_assert_msg(span_eq(f.name, fields[_i].name), "%s", fields[_i].rule);
    ck_assert_span(f.body, fields[_i].body);
    ck_assert_span(rest, fields[_i].rest);
    ck_assert_ptr_eq(f.whole.p, fields[_i].header.p);
    ck_assert_uint_eq(f.whole.n, fields[_i].header.n - rest.n);
}
END_TEST

START_TEST(none_is_left)
{
    struct span rest = S("");
    struct field f;

    ck_assert(!header_next(&rest, &f));
}
END_TEST

START_TEST(finds_the_first)
{
    struct span header = S("Tom: x\nTO : a\nto: b\n");
    struct field f;

    ck_assert(header_find(header, S("to"), &f));
    ck_assert_span(f.whole, S("TO : a\n"));
    ck_assert(field_is(&f, S("To")) && !field_is(&f, S("T")));
    ck_assert(!header_find(header, S("Cc"), &f));
}
END_TEST

START_TEST(unfolds)
{
    struct buf out = {0};

    field_unfold(S(" a,\n\tb\n  c"), &out);
    ck_assert_span(buf_span(&out), S(" a,\tb  c"));
    field_unfold(S(""), &out);
    ck_assert_uint_eq(out.len, 8);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("header");

    tcase_add_loop_test(t, reads_the_header, 0, COUNT(cases));
    tcase_add_loop_test(t, a_field_is_bounded, 0, COUNT(sizes));
    tcase_add_loop_test(t, takes_a_field, 0, COUNT(fields));
    tcase_add_test(t, none_is_left);
    tcase_add_test(t, finds_the_first);
    tcase_add_test(t, unfolds);
    return unit_run("header", t);
}
