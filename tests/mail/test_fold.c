/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/fold.h"
#include "unit.h"

#define X10 "xxxxxxxxxx"
#define X70 X10 X10 X10 X10 X10 X10 X10

static const struct {
    const char *rule;
    struct span body, breaks, want;
} cases[] = {
    {"nothing", SPAN_INIT(""), SPAN_INIT(""), SPAN_INIT("A:\n")},
    {"blanks are kept", SPAN_INIT(" a \t b"), SPAN_INIT(""),
     SPAN_INIT("A: a \t b\n")},
    {"but at the end", SPAN_INIT(" a \t"), SPAN_INIT(""),
     SPAN_INIT("A: a\n")},
    {"76 octets", SPAN_INIT(" " X70 " 12"), SPAN_INIT(""),
     SPAN_INIT("A: " X70 " 12\n")},
    {"77", SPAN_INIT(" " X70 " \t123"), SPAN_INIT(""),
     SPAN_INIT("A: " X70 "\n \t123\n")},
    {"a long word", SPAN_INIT(" " X70 X10 " b"), SPAN_INIT(""),
     SPAN_INIT("A:\n " X70 X10 "\n b\n")},
    {"a long word that may be broken", SPAN_INIT(" " X70 "," X10 ",b"),
     SPAN_INIT(","), SPAN_INIT("A: " X70 ",\n " X10 ",b\n")},
    {"only where it is too long", SPAN_INIT(" a,b,c"), SPAN_INIT(","),
     SPAN_INIT("A: a,b,c\n")},
};

START_TEST(fold)
{
    struct buf out = {0};

    ck_assert(fold_field(S("A"), cases[_i].body, cases[_i].breaks, &out));
    ck_assert_msg(span_eq(buf_span(&out), cases[_i].want),
                  "%s: got \"%.*s\"", cases[_i].rule,
                  SPAN_ARG(buf_span(&out)));
    buf_free(&out);
}
END_TEST

START_TEST(a_line_has_998_octets)
{
    struct buf body = {0}, out = {0};

    buf_addc(&body, ' ');
    for (int i = 0; i < 997 + _i; i++)
        buf_addc(&body, 'x');
    ck_assert_int_eq(fold_field(S("A"), buf_span(&body), S(","), &out), !_i);
    buf_free(&body);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("fold");

    tcase_add_loop_test(t, fold, 0, COUNT(cases));
    tcase_add_loop_test(t, a_line_has_998_octets, 0, 2);
    return unit_run("fold", t);
}
