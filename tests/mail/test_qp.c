/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/qp.h"
#include "unit.h"

#define X10 "xxxxxxxxxx"
#define X70 X10 X10 X10 X10 X10 X10 X10

static const struct {
    const char *rule;
    struct span text, want;
} plain[] = {
    {"nothing", SPAN_INIT(""), SPAN_INIT("")},
    {"literal octets", SPAN_INIT("!\"#<>@[\\]^`{|}~ aZ09\tx\n"),
     SPAN_INIT("!\"#<>@[\\]^`{|}~ aZ09\tx\r\n")},
    {"escapes are upper case", SPAN_INIT("=\377\177\033\001\n"),
     SPAN_INIT("=3D=FF=7F=1B=01\r\n")},
    {"NUL", SPAN_INIT("a\0b\n"), SPAN_INIT("a=00b\r\n")},
    {"blanks at the end", SPAN_INIT("a \nb\t\n  \nc "),
     SPAN_INIT("a=20\r\nb=09\r\n =20\r\nc=20")},
    {"line ends", SPAN_INIT("a\r\nb\r\r\nc\n\n"),
     SPAN_INIT("a\r\nb\r\nc\r\n\r\n")},
    {"a CR within a line", SPAN_INIT("a\rb\r"), SPAN_INIT("a=0Db=0D")},
    {"76 octets", SPAN_INIT(X70 "123456\n"), SPAN_INIT(X70 "123456\r\n")},
    {"77 octets", SPAN_INIT(X70 "1234567\n"),
     SPAN_INIT(X70 "12345=\r\n67\r\n")},
    {"no line end at the end", SPAN_INIT(X70 "1234567"),
     SPAN_INIT(X70 "12345=\r\n67")},
    {"76 with an escape", SPAN_INIT("\303\244" X70 "\n"),
     SPAN_INIT("=C3=A4" X70 "\r\n")},
    {"an escape is not cut", SPAN_INIT(X70 "1234\377y\n"),
     SPAN_INIT(X70 "1234=\r\n=FFy\r\n")},
    {"a character is not cut", SPAN_INIT(X70 "\303\244y\n"),
     SPAN_INIT(X70 "=\r\n=C3=A4y\r\n")},
    {"a character of four octets", SPAN_INIT(X70 "\360\237\230\200"),
     SPAN_INIT(X70 "=\r\n=F0=9F=98=80")},
    {"a blank before a soft line break",
     SPAN_INIT(X70 "1234 678\n"), SPAN_INIT(X70 "1234 =\r\n678\r\n")},
    {"From", SPAN_INIT("From a\n From b\nFromc\n"),
     SPAN_INIT("=46rom a\r\n From b\r\nFromc\r\n")},
    {"From behind a soft line break", SPAN_INIT(X70 "xxxxxFrom y\n"),
     SPAN_INIT(X70 "xxxxx=\r\n=46rom y\r\n")},
    {"a lone dot", SPAN_INIT(".\n..\n. \n."),
     SPAN_INIT("=2E\r\n..\r\n.=20\r\n=2E")},
    {"a lone dot behind a soft line break", SPAN_INIT(X70 "xxxxx.x\n"),
     SPAN_INIT(X70 "xxxxx=\r\n.x\r\n")},
    {"what begins like a delimiter",
     SPAN_INIT("--one\n--two--\n--on\n -- \n--\n--oneself\n"),
     SPAN_INIT("=2D-one\r\n=2D-two--\r\n--on\r\n --=20\r\n--\r\n"
               "=2D-oneself\r\n")},
    {"and behind a soft line break", SPAN_INIT(X70 "xxxxx--one\n"),
     SPAN_INIT(X70 "xxxxx=\r\n=2D-one\r\n")},
};

static const struct {
    const char *rule;
    struct span text, want;
} repaired[] = {
    {"what is right stays", SPAN_INIT("=3D \t\nab=\nFrom\n=zz=\n"),
     SPAN_INIT("=3D \t\r\nab=\r\nFrom\r\n=zz=\r\n")},
    {"only what is wrong is escaped", SPAN_INIT("=3D=\303\244\001 =\n"),
     SPAN_INIT("=3D==C3=A4=01 =\r\n")},
    {"NUL and CR", SPAN_INIT("a\0b\rc\n"), SPAN_INIT("a=00b=0Dc\r\n")},
    {"blanks at the end of what is made anew", SPAN_INIT("\377 \t\n"),
     SPAN_INIT("=FF\r\n")},
    {"a soft line break that is the end", SPAN_INIT("\377="),
     SPAN_INIT("=FF")},
    {"room for the soft line break", SPAN_INIT(X70 "12\377=\n"),
     SPAN_INIT(X70 "12=FF=\r\n")},
    {"no room for the soft line break", SPAN_INIT(X70 "123\377=\n"),
     SPAN_INIT(X70 "123=\r\n=FF=\r\n")},
};

static void run(struct qp qp, size_t about, struct span want,
                const char *rule)
{
    struct buf out = {0};

    while (qp_next(&qp, about, &out))
        ;
    ck_assert_msg(span_eq(buf_span(&out), want),
                  "%s, %zu at a time: got \"%.*s\", want \"%.*s\"", rule,
                  about, SPAN_ARG(buf_span(&out)), SPAN_ARG(want));
    ck_assert(!qp_next(&qp, about, &out));
    buf_free(&out);
}

static const struct qp_boundary outer = {SPAN_INIT("one"), NULL};
static const struct qp_boundary inner = {SPAN_INIT("two"), &outer};

START_TEST(plain_rule)
{
    for (size_t about = 1; about < 200; about += 13)
        run(qp_of(plain[_i].text, &inner), about, plain[_i].want,
            plain[_i].rule);
}
END_TEST

START_TEST(repair_rule)
{
    for (size_t about = 1; about < 200; about += 13)
        run(qp_repair_of(repaired[_i].text, &inner), about,
            repaired[_i].want, repaired[_i].rule);
}
END_TEST

START_TEST(a_long_line_is_made_anew)
{
    struct buf text = {0}, out = {0};
    struct span rest, line;
    struct qp qp;

    for (int i = 0; i < 333; i++)
        buf_add(&text, S("=41"));
    qp = qp_repair_of(buf_span(&text), NULL);
    while (qp_next(&qp, 100, &out))
        ;
    for (rest = buf_span(&out); span_line(&rest, &line);)
        if (!span_empty(rest))
            ck_assert_span(span_from(line, 75), S("=\r"));
    ck_assert_uint_eq(out.len, 333 * 3 + 13 * 3);
    buf_free(&text);
    buf_free(&out);
}
END_TEST

START_TEST(escapes_are_counted)
{
    ck_assert_uint_eq(qp_escapes(S("")), 0);
    ck_assert_uint_eq(qp_escapes(S("plain ~ text\t\r\n")), 0);
    ck_assert_uint_eq(qp_escapes(S("=\303\244\0\177\037")), 6);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("qp");

    tcase_add_loop_test(t, plain_rule, 0, COUNT(plain));
    tcase_add_loop_test(t, repair_rule, 0, COUNT(repaired));
    tcase_add_test(t, a_long_line_is_made_anew);
    tcase_add_test(t, escapes_are_counted);
    return unit_run("qp", t);
}
