/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve_reply - whatever the text holds, it is one reply */
#include "smtp/serve_reply.h"

#include "smtp/reply.h"
#include "unit.h"

static const struct {
    const char *rule;
    int code;
    struct span status, text;
    bool utf8;
    struct span want;
} cases[] = {
    {"as it is", 250, SPAN_INIT("2.1.5"), SPAN_INIT("ok"), false,
     SPAN_INIT("250 2.1.5 ok\r\n")},
    {"no text", 250, SPAN_INIT("2.0.0"), SPAN_INIT(""), false,
     SPAN_INIT("250 2.0.0 \r\n")},
    {"no status, 2yz", 250, SPAN_INIT(""), SPAN_INIT("ok"), false,
     SPAN_INIT("250 2.0.0 ok\r\n")},
    {"no status, 4yz", 451, SPAN_INIT(""), SPAN_INIT("later"), false,
     SPAN_INIT("451 4.0.0 later\r\n")},
    {"no status, 5yz", 550, SPAN_INIT(""), SPAN_INIT("no"), false,
     SPAN_INIT("550 5.0.0 no\r\n")},
    {"a status of another class", 550, SPAN_INIT("4.1.1"), SPAN_INIT("no"),
     false, SPAN_INIT("550 5.0.0 no\r\n")},
    {"three digits each", 550, SPAN_INIT("5.999.999"), SPAN_INIT("no"), false,
     SPAN_INIT("550 5.999.999 no\r\n")},
    {"four digits are too many", 550, SPAN_INIT("5.1.1000"), SPAN_INIT("no"),
     false, SPAN_INIT("550 5.0.0 no\r\n")},
    {"a part is lacking", 550, SPAN_INIT("5.1"), SPAN_INIT("no"), false,
     SPAN_INIT("550 5.0.0 no\r\n")},
    {"a part too many", 550, SPAN_INIT("5.1.1.1"), SPAN_INIT("no"), false,
     SPAN_INIT("550 5.0.0 no\r\n")},
    {"a status that is none", 550, SPAN_INIT("5.x\r\n.1"), SPAN_INIT("no"),
     false, SPAN_INIT("550 5.0.0 no\r\n")},
    {"a code that answers nothing", 354, SPAN_INIT("2.0.0"), SPAN_INIT("go"),
     false, SPAN_INIT("451 4.0.0 go\r\n")},
    {"no code", 0, SPAN_INIT(""), SPAN_INIT("?"), false,
     SPAN_INIT("451 4.0.0 ?\r\n")},
    {"a code too large", 2500, SPAN_INIT(""), SPAN_INIT("?"), false,
     SPAN_INIT("451 4.0.0 ?\r\n")},
    {"lines", 550, SPAN_INIT("5.1.1"), SPAN_INIT("a\nb\r\n\nc\n"), false,
     SPAN_INIT("550-5.1.1 a\r\n550-5.1.1 b\r\n550-5.1.1 \r\n"
               "550 5.1.1 c\r\n")},
    {"controls", 550, SPAN_INIT("5.1.1"),
     SPAN_INIT("a\rb\0c\033[m\tc\177"), false,
     SPAN_INIT("550 5.1.1 a\\x0Db\\x00c\\x1B[m\\x09c\\x7F\r\n")},
    {"UTF-8 where it may not be", 550, SPAN_INIT("5.1.1"),
     SPAN_INIT("\xC3\xA4"), false, SPAN_INIT("550 5.1.1 \\xC3\\xA4\r\n")},
    {"UTF-8 where it may be", 550, SPAN_INIT("5.1.1"), SPAN_INIT("\xC3\xA4"),
     true, SPAN_INIT("550 5.1.1 \xC3\xA4\r\n")},
    {"what is not UTF-8, and C1", 550, SPAN_INIT("5.1.1"),
     SPAN_INIT("\xE4\xC2\x9B"), true,
     SPAN_INIT("550 5.1.1 \\xE4\\xC2\\x9B\r\n")},
};

START_TEST(a_reply_is_printed)
{
    struct serve_reply reply = {cases[_i].code, cases[_i].status,
                                cases[_i].text};
    struct buf out = {0};

    buf_add(&out, S("250 before\r\n"));
    serve_reply_print(&reply, cases[_i].utf8, &out);
    ck_assert_msg(span_eq(span_from(buf_span(&out), 12), cases[_i].want),
                  "%s: got \"%.*s\"", cases[_i].rule,
                  SPAN_ARG(buf_span(&out)));
    ck_assert_int_eq(serve_reply_code(&reply) / 100,
                     cases[_i].want.p[0] - '0');
    buf_free(&out);
}
END_TEST

/* N times UNIT, as a client reads it; the text without line ends. */
static void read_back(struct span unit, size_t n, bool utf8, struct buf *got)
{
    struct serve_reply reply = {550, S("5.1.1"), S("")};
    struct buf text = {0}, out = {0};
    struct reply read = {0};
    struct span rest, line;

    buf_addc(&text, 'x'); /* so that cuts fall into characters */
    while (n--)
        buf_add(&text, unit);
    reply.text = buf_span(&text);
    serve_reply_print(&reply, utf8, &out);
    rest = buf_span(&out);
    while (span_line(&rest, &line)) {
        ck_assert_uint_le(line.n + 1, 512);
        ck_assert(span_starts(line, S("550")) && span_ends(line, S("\r")));
        buf_add(got, span_upto(span_from(line, 10), line.n - 11));
    }
    rest = buf_span(&out);
    while (reply_read(&read, &rest) == REPLY_PARTIAL)
        ck_assert(!span_empty(rest));
    ck_assert(span_empty(rest));
    reply_free(&read);
    buf_free(&text);
    buf_free(&out);
}

/* Long lines are cut, characters are not, and there is an end to it. */
START_TEST(long_text)
{
    static const struct span units[] = {SPAN_INIT("x"), SPAN_INIT("\xC3\xA4"),
                                        SPAN_INIT("\xE2\x82\xAC"),
                                        SPAN_INIT("\xF0\x9F\x98\x80"),
                                        SPAN_INIT("\033")};
    static const size_t lengths[] = {479, 480, 481, 961, 4096, 9999};

    for (size_t u = 0; u < COUNT(units); u++)
        for (size_t l = 0; l < COUNT(lengths); l++) {
            size_t n = lengths[l] / units[u].n;
            struct buf got = {0}, want = {0};

            read_back(units[u], n, true, &got);
            buf_addc(&want, 'x');
            for (size_t i = 0; i < n && i < 4095 / units[u].n; i++)
                if (units[u].p[0] == '\033')
                    buf_add(&want, S("\\x1B"));
                else
                    buf_add(&want, units[u]);
            ck_assert_span(buf_span(&got), buf_span(&want));
            buf_free(&got);
            buf_free(&want);
        }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("serve_reply");

    tcase_add_loop_test(t, a_reply_is_printed, 0, COUNT(cases));
    tcase_add_test(t, long_text);
    return unit_run("serve_reply", t);
}
