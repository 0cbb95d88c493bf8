/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mime.h"
#include "mail/parameters.h"
#include "unit.h"

static const struct {
    struct span body, want;
} codes[] = {
    {SPAN_INIT(" a/b; c=d ;e=\"f;g\""), SPAN_INIT(" a/b; c=d ;e=\"f;g\"")},
    {SPAN_INIT("a; b=\374"), SPAN_INIT("a; b*=x''%FC")},
    {SPAN_INIT("a;\tB = \"\374 %'*\" ; c=(d)e"),
     SPAN_INIT("a; b*=x''%FC%20%25%27%2A; c=(d)e")},
    {SPAN_INIT("a (\374); b"), SPAN_INIT(" a (=?x?Q?=FC?=); b")},
};

START_TEST(recode)
{
    struct buf out = {0};

    parameters_recode(codes[_i].body, S("x"), &out);
    ck_assert_span(buf_span(&out), codes[_i].want);
    buf_free(&out);
}
END_TEST

/* Whatever is cut into sections, a reader puts together again. */
START_TEST(sections_are_whole)
{
    struct buf body = {0}, out = {0}, want = {0}, got = {0};
    struct span rest, segment;

    for (int i = 0; i < 10 + _i * 7; i++)
        buf_add(&want, i % 3 ? S("\303\274") : S("x y"));
    buf_printf(&body, "a; name=\"%.*s\"", SPAN_ARG(buf_span(&want)));
    parameters_recode(buf_span(&body), S("utf-8"), &out);
    ck_assert(mime_parameter(buf_span(&out), S("name"), &got));
    ck_assert_span(buf_span(&got), buf_span(&want));
    for (rest = buf_span(&out); mime_segment(&rest, &segment);)
        ck_assert_uint_le(segment.n, 75);
    buf_free(&body);
    buf_free(&out);
    buf_free(&want);
    buf_free(&got);
}
END_TEST

static const struct {
    struct span body, value, want;
} settings[] = {
    {SPAN_INIT("a"), SPAN_INIT("x"), SPAN_INIT("a; n=x")},
    {SPAN_INIT("a; \t"), SPAN_INIT("x"), SPAN_INIT("a; n=x")},
    {SPAN_INIT("a; b=c"), SPAN_INIT("x y"), SPAN_INIT("a; b=c; n=\"x y\"")},
    {SPAN_INIT("a;N=y; b=c; n=z"), SPAN_INIT("x"),
     SPAN_INIT("a; n=x; b=c")},
    {SPAN_INIT("a; n*0=y;n*1*=z; b"), SPAN_INIT("x"), SPAN_INIT("a; n=x; b")},
    {SPAN_INIT("n=b; nn=c"), SPAN_INIT("x"), SPAN_INIT("n=b; nn=c; n=x")},
};

START_TEST(set)
{
    struct buf out = {0};

    parameters_set(settings[_i].body, S("n"), settings[_i].value, &out);
    ck_assert_span(buf_span(&out), settings[_i].want);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("parameters");

    tcase_add_loop_test(t, recode, 0, COUNT(codes));
    tcase_add_loop_test(t, sections_are_whole, 0, 12);
    tcase_add_loop_test(t, set, 0, COUNT(settings));
    return unit_run("parameters", t);
}
