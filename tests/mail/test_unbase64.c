/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unbase64 - what is base64, and what is not */
#include "mail/unbase64.h"

#include "mail/base64.h"
#include "unit.h"

static const struct {
    struct span text, octets;
} good[] = {
    /* RFC 4648, 10 */
    {SPAN_INIT(""), SPAN_INIT("")},
    {SPAN_INIT("Zg=="), SPAN_INIT("f")},
    {SPAN_INIT("Zm8="), SPAN_INIT("fo")},
    {SPAN_INIT("Zm9v"), SPAN_INIT("foo")},
    {SPAN_INIT("Zm9vYg=="), SPAN_INIT("foob")},
    {SPAN_INIT("Zm9vYmE="), SPAN_INIT("fooba")},
    {SPAN_INIT("Zm9vYmFy"), SPAN_INIT("foobar")},
    {SPAN_INIT("+/+/"), SPAN_INIT("\xFB\xFF\xBF")},
    {SPAN_INIT("AAAA"), SPAN_INIT("\0\0\0")},
};

START_TEST(decodes)
{
    struct buf out = {0};

    buf_addc(&out, '>');
    ck_assert(unbase64(good[_i].text, &out));
    ck_assert_span(span_from(buf_span(&out), 1), good[_i].octets);
    buf_free(&out);
}
END_TEST

static const struct span bad[] = {
    SPAN_INIT("Z"),        SPAN_INIT("Zg"),       SPAN_INIT("Zg="),
    SPAN_INIT("===="),     SPAN_INIT("Z==="),     SPAN_INIT("Zg==Zg=="),
    SPAN_INIT("=Zg="),     SPAN_INIT("Z=g="),     SPAN_INIT("Zh=="),
    SPAN_INIT("Zm9="),     SPAN_INIT("Zm9v\n"),   SPAN_INIT(" Zm9"),
    SPAN_INIT("Zm9-"),     SPAN_INIT("Zm9_"),     SPAN_INIT("Zm9vZm9\xFF"),
    SPAN_INIT("Zm9v\0\0\0\0"), SPAN_INIT("Zm9v="), SPAN_INIT("@@@@"),
    SPAN_INIT("[[[["),     SPAN_INIT("```{"),     SPAN_INIT("::::"),
};

START_TEST(refuses)
{
    struct buf out = {0};

    buf_addc(&out, '>');
    ck_assert(!unbase64(bad[_i], &out));
    ck_assert_span(buf_span(&out), S(">"));
    buf_free(&out);
}
END_TEST

START_TEST(every_octet_comes_back)
{
    struct buf octets = {0}, text = {0}, back = {0};

    for (int c = 0; c < 256; c++)
        buf_addc(&octets, (char)c);
    base64_encode(buf_span(&octets), &text);
    ck_assert(unbase64(buf_span(&text), &back));
    ck_assert_span(buf_span(&back), buf_span(&octets));
    buf_free(&octets);
    buf_free(&text);
    buf_free(&back);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("unbase64");

    tcase_add_loop_test(t, decodes, 0, COUNT(good));
    tcase_add_loop_test(t, refuses, 0, COUNT(bad));
    tcase_add_test(t, every_octet_comes_back);
    return unit_run("unbase64", t);
}
