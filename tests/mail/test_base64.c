/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/base64.h"
#include "unit.h"

#define ABC19 "abcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabc"
#define YWJ19                                                                \
    "YWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJjYWJj" \
    "YWJj"

enum mode { OCTETS, TEXT, REPAIR };

static const struct {
    const char *rule;
    enum mode mode;
    struct span in, want;
} cases[] = {
    {"nothing", OCTETS, SPAN_INIT(""), SPAN_INIT("")},
    {"one octet", OCTETS, SPAN_INIT("f"), SPAN_INIT("Zg==")},
    {"two", OCTETS, SPAN_INIT("fo"), SPAN_INIT("Zm8=")},
    {"three", OCTETS, SPAN_INIT("foo"), SPAN_INIT("Zm9v")},
    {"all digits", OCTETS, SPAN_INIT("\0\020\203\020Q\207 \222\213\377\357"),
     SPAN_INIT("ABCDEFGHIJKL/+8=")},
    {"exactly", OCTETS, SPAN_INIT("\n\r\n\r"), SPAN_INIT("Cg0KDQ==")},
    {"a full line", OCTETS, SPAN_INIT(ABC19), SPAN_INIT(YWJ19)},
    {"and an octet", OCTETS, SPAN_INIT(ABC19 "f"),
     SPAN_INIT(YWJ19 "\r\nZg==")},
    {"three lines", OCTETS, SPAN_INIT(ABC19 ABC19 "foo"),
     SPAN_INIT(YWJ19 "\r\n" YWJ19 "\r\nZm9v")},
    {"line ends of a text", TEXT, SPAN_INIT("\n\r\n\r\r\nf"),
     SPAN_INIT("DQoNCg0KZg==")},
    {"a CR that is none", TEXT, SPAN_INIT("\rf\r"), SPAN_INIT("DWYN")},
    {"nothing of a text", TEXT, SPAN_INIT(""), SPAN_INIT("")},
    {"no line end at the end", TEXT, SPAN_INIT("foo"), SPAN_INIT("Zm9v")},
    {"what is right stays", REPAIR, SPAN_INIT("Zm9v junk!\r\n\nZm==\t\nA"),
     SPAN_INIT("Zm9v junk!\r\n\r\nZm==\t\r\nA")},
    {"what no decoder reads goes", REPAIR,
     SPAN_INIT("Z\377m\0-9\rv junk\nZm==\n\303\n"),
     SPAN_INIT("Zm9vjunk\r\nZm==\r\n\r\n")},
    {"what is made anew is wrapped", REPAIR, SPAN_INIT("\377" YWJ19 "Zm9v"),
     SPAN_INIT(YWJ19 "\r\nZm9v")},
};

static struct base64 begin(enum mode mode, struct span in)
{
    return mode == OCTETS ? base64_of(in)
           : mode == TEXT ? base64_text_of(in)
                          : base64_repair_of(in);
}

static void run(enum mode mode, struct span in, size_t about,
                struct buf *out)
{
    struct base64 base64 = begin(mode, in);

    while (base64_next(&base64, about, out))
        ;
    ck_assert(!base64_next(&base64, about, out));
}

START_TEST(rule)
{
    for (size_t about = 1; about < 300; about += 7) {
        struct buf out = {0};

        run(cases[_i].mode, cases[_i].in, about, &out);
        ck_assert_msg(span_eq(buf_span(&out), cases[_i].want),
                      "%s, %zu at a time: got \"%.*s\"", cases[_i].rule,
                      about, SPAN_ARG(buf_span(&out)));
        buf_free(&out);
    }
}
END_TEST

/* However the blocks fall, a text is the octets that it becomes. */
START_TEST(a_text_is_its_octets)
{
    struct buf text = {0}, crlf = {0}, want = {0}, got = {0};

    for (int i = 0; i < 700; i++) {
        buf_printf(&text, "%.*s\n", i % 9, "12345678");
        buf_printf(&crlf, "%.*s\r\n", i % 9, "12345678");
    }
    run(OCTETS, buf_span(&crlf), 65536, &want);
    run(TEXT, buf_span(&text), 1 + (size_t)_i * 500, &got);
    ck_assert_span(buf_span(&got), buf_span(&want));
    buf_free(&text);
    buf_free(&crlf);
    buf_free(&want);
    buf_free(&got);
}
END_TEST

START_TEST(a_long_line_is_wrapped)
{
    struct buf line = {0}, out = {0};
    struct span rest;

    for (int i = 0; i < 14; i++)
        buf_add(&line, S(YWJ19));
    rest = buf_span(&line);
    run(REPAIR, rest, 64, &out);
    ck_assert_uint_eq(out.len, 14 * 76 + 13 * 2);
    ck_assert_span(span_upto(buf_span(&out), 80), S(YWJ19 "\r\nYW"));
    buf_free(&line);
    buf_free(&out);
}
END_TEST

START_TEST(on_one_line)
{
    struct buf out = {0};

    base64_encode(S(""), &out);
    base64_encode(S(ABC19 "f"), &out);
    ck_assert_span(buf_span(&out), S(YWJ19 "Zg=="));
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("base64");

    tcase_add_loop_test(t, rule, 0, COUNT(cases));
    tcase_add_loop_test(t, a_text_is_its_octets, 0, 6);
    tcase_add_test(t, a_long_line_is_wrapped);
    tcase_add_test(t, on_one_line);
    return unit_run("base64", t);
}
