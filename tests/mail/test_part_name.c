/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/part_name.h"
#include "unit.h"

static const struct span raw =
    SPAN_INIT("A: b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
              "--b\n\nx\n--b\nContent-Type: Message/RFC822 (so)\n\n"
              "Content-Type: multipart/digest; boundary=c\n\n--c\n\nA: b\n\n"
              "--b\nContent-Type: TEXT/\001\377html\n--b--\n");

static const struct {
    struct span name, header;
} parts[] = {
    {SPAN_INIT("the message (multipart/mixed)"),
     SPAN_INIT("A: b\r\nContent-Type: multipart/mixed; boundary=b\r\n")},
    {SPAN_INIT("part 1"), SPAN_INIT("")},
    {SPAN_INIT("part 2 (message/rfc822)"),
     SPAN_INIT("Content-Type: Message/RFC822 (so)\n")},
    {SPAN_INIT("part 2.1 (multipart/digest)"),
     SPAN_INIT("Content-Type: multipart/digest; boundary=c\n")},
    {SPAN_INIT("part 2.1.1"), SPAN_INIT("")},
    {SPAN_INIT("part 2.1.1.1"), SPAN_INIT("A: b\n")},
    {SPAN_INIT("part 3 (text/html)"),
     SPAN_INIT("Content-Type: TEXT/\001\377html\n")},
};

START_TEST(name_and_header)
{
    struct survey survey = {0};
    struct buf name = {0};

    survey_push(&survey, raw);
    survey_end(&survey);
    ck_assert_uint_eq(survey.count, COUNT(parts));
    part_name(&survey, raw, (uint32_t)_i, &name);
    ck_assert_span(buf_span(&name), parts[_i].name);
    ck_assert_span(part_header_span(&survey.parts[_i], raw),
                   parts[_i].header);
    buf_free(&name);
    survey_free(&survey);
}
END_TEST

static const struct {
    unsigned traits;
    struct span name;
} traits[] = {
    {0, SPAN_INIT("")},
    {TRAIT_8BIT, SPAN_INIT("8-bit octets")},
    {TRAIT_NUL | TRAIT_CR, SPAN_INIT("NUL octets and CRs within lines")},
    {TRAIT_8BIT | TRAITS_BINARY,
     SPAN_INIT("8-bit octets, lines over 998 octets, NUL octets and CRs "
               "within lines")},
};

START_TEST(names_of_traits)
{
    struct buf name = {0};

    traits_name(traits[_i].traits, &name);
    ck_assert_span(buf_span(&name), traits[_i].name);
    buf_free(&name);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("part_name");

    tcase_add_loop_test(t, name_and_header, 0, COUNT(parts));
    tcase_add_loop_test(t, names_of_traits, 0, COUNT(traits));
    return unit_run("part_name", t);
}
