/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The boundaries of the table in RFC 3629, 4, from both sides, and every
 * character cut off at every byte.
 */
#include "base/utf8.h"

#include "base/mem.h"
#include "unit.h"

static const struct form {
    const char *rule;
    struct span s;
    size_t length; /* of the first character; 0: there is none */
} forms[] = {
    {"U+0000", SPAN_INIT("\0"), 1},
    {"U+0041", SPAN_INIT("A"), 1},
    {"U+007F", SPAN_INIT("\x7F"), 1},
    {"a tail alone", SPAN_INIT("\x80"), 0},
    {"a tail alone", SPAN_INIT("\xBF"), 0},
    {"U+0000 in two", SPAN_INIT("\xC0\x80"), 0},
    {"U+003F in two", SPAN_INIT("\xC0\xBF"), 0},
    {"U+0040 in two", SPAN_INIT("\xC1\x80"), 0},
    {"U+007F in two", SPAN_INIT("\xC1\xBF"), 0},
    {"U+0080", SPAN_INIT("\xC2\x80"), 2},
    {"U+00BF", SPAN_INIT("\xC2\xBF"), 2},
    {"two, tail below", SPAN_INIT("\xC2\x7F"), 0},
    {"two, tail above", SPAN_INIT("\xC2\xC0"), 0},
    {"U+07C0", SPAN_INIT("\xDF\x80"), 2},
    {"U+07FF", SPAN_INIT("\xDF\xBF"), 2},
    {"two, tail below", SPAN_INIT("\xDF\x7F"), 0},
    {"two, tail above", SPAN_INIT("\xDF\xC0"), 0},
    {"U+0000 in three", SPAN_INIT("\xE0\x80\x80"), 0},
    {"U+07FF in three", SPAN_INIT("\xE0\x9F\xBF"), 0},
    {"U+0800", SPAN_INIT("\xE0\xA0\x80"), 3},
    {"U+0FFF", SPAN_INIT("\xE0\xBF\xBF"), 3},
    {"E0, second above", SPAN_INIT("\xE0\xC0\x80"), 0},
    {"E1, second below", SPAN_INIT("\xE1\x7F\x80"), 0},
    {"U+1000", SPAN_INIT("\xE1\x80\x80"), 3},
    {"U+CFFF", SPAN_INIT("\xEC\xBF\xBF"), 3},
    {"EC, second above", SPAN_INIT("\xEC\xC0\x80"), 0},
    {"three, third below", SPAN_INIT("\xE1\x80\x7F"), 0},
    {"three, third above", SPAN_INIT("\xE1\x80\xC0"), 0},
    {"ED, second below", SPAN_INIT("\xED\x7F\x80"), 0},
    {"U+D000", SPAN_INIT("\xED\x80\x80"), 3},
    {"U+D7FF, before the surrogates", SPAN_INIT("\xED\x9F\xBF"), 3},
    {"U+D800, a surrogate", SPAN_INIT("\xED\xA0\x80"), 0},
    {"U+DBFF, a surrogate", SPAN_INIT("\xED\xAF\xBF"), 0},
    {"U+DC00, a surrogate", SPAN_INIT("\xED\xB0\x80"), 0},
    {"U+DFFF, a surrogate", SPAN_INIT("\xED\xBF\xBF"), 0},
    {"EE, second below", SPAN_INIT("\xEE\x7F\x80"), 0},
    {"U+E000, behind the surrogates", SPAN_INIT("\xEE\x80\x80"), 3},
    {"U+FEFF", SPAN_INIT("\xEF\xBB\xBF"), 3},
    {"U+FFFF", SPAN_INIT("\xEF\xBF\xBF"), 3},
    {"EF, second above", SPAN_INIT("\xEF\xC0\x80"), 0},
    {"U+0000 in four", SPAN_INIT("\xF0\x80\x80\x80"), 0},
    {"U+FFFF in four", SPAN_INIT("\xF0\x8F\xBF\xBF"), 0},
    {"U+10000", SPAN_INIT("\xF0\x90\x80\x80"), 4},
    {"U+3FFFF", SPAN_INIT("\xF0\xBF\xBF\xBF"), 4},
    {"F0, second above", SPAN_INIT("\xF0\xC0\x80\x80"), 0},
    {"F1, second below", SPAN_INIT("\xF1\x7F\x80\x80"), 0},
    {"U+40000", SPAN_INIT("\xF1\x80\x80\x80"), 4},
    {"U+FFFFF", SPAN_INIT("\xF3\xBF\xBF\xBF"), 4},
    {"F3, second above", SPAN_INIT("\xF3\xC0\x80\x80"), 0},
    {"four, third below", SPAN_INIT("\xF1\x80\x7F\x80"), 0},
    {"four, third above", SPAN_INIT("\xF1\x80\xC0\x80"), 0},
    {"four, fourth below", SPAN_INIT("\xF1\x80\x80\x7F"), 0},
    {"four, fourth above", SPAN_INIT("\xF1\x80\x80\xC0"), 0},
    {"F4, second below", SPAN_INIT("\xF4\x7F\x80\x80"), 0},
    {"U+100000", SPAN_INIT("\xF4\x80\x80\x80"), 4},
    {"U+10FFFF, the last", SPAN_INIT("\xF4\x8F\xBF\xBF"), 4},
    {"U+110000", SPAN_INIT("\xF4\x90\x80\x80"), 0},
    {"U+140000", SPAN_INIT("\xF5\x80\x80\x80"), 0},
    {"U+1C0000", SPAN_INIT("\xF7\x80\x80\x80"), 0},
    {"five bytes", SPAN_INIT("\xF8\x88\x80\x80\x80"), 0},
    {"six bytes", SPAN_INIT("\xFC\x84\x80\x80\x80\x80"), 0},
    {"FE", SPAN_INIT("\xFE\x80"), 0},
    {"FF", SPAN_INIT("\xFF\xBF"), 0},
    {"nothing", SPAN_INIT(""), 0},
    {"nothing, nowhere", {NULL, 0}, 0},
};

START_TEST(measures_the_first_character)
{
    const struct form *c = &forms[_i];
    struct buf more = {0};

    ck_assert_msg(utf8_length(c->s) == c->length, "%s: %zu", c->rule,
                  utf8_length(c->s));
    buf_add(&more, c->s);
    buf_add(&more, S("z\x80"));
    if (!span_empty(c->s))
        ck_assert_msg(utf8_length(buf_span(&more)) == c->length,
                      "%s, with more behind it", c->rule);
    buf_free(&more);
}
END_TEST

/* The part lies in memory of just its size: what is behind is not read. */
START_TEST(takes_no_part_of_a_character)
{
    const struct form *c = &forms[_i];

    for (size_t n = 1; n < c->length; n++) {
        char *part = mem_zero(n, 1);

        memcpy(part, c->s.p, n);
        ck_assert_msg(utf8_length((struct span){part, n}) == 0,
                      "%s, cut at %zu", c->rule, n);
        ck_assert(!utf8_valid((struct span){part, n}));
        mem_free(part);
    }
}
END_TEST

START_TEST(takes_nothing_amidst_a_character)
{
    const struct form *c = &forms[_i];

    for (size_t n = 1; n < c->length; n++) {
        struct buf text = {0};

        buf_add(&text, span_upto(c->s, n));
        buf_addc(&text, 'z');
        buf_add(&text, span_from(c->s, n));
        ck_assert_msg(utf8_length(buf_span(&text)) == 0, "%s, z at %zu",
                      c->rule, n);
        ck_assert(!utf8_valid(buf_span(&text)));
        buf_free(&text);
    }
}
END_TEST

START_TEST(is_valid_as_a_whole_or_not_at_all)
{
    const struct form *c = &forms[_i];
    bool valid = c->length > 0 || span_empty(c->s);
    struct buf text = {0};

    ck_assert_msg(utf8_valid(c->s) == valid, "%s", c->rule);
    buf_add(&text, S("a\xC3\xA4"));
    buf_add(&text, c->s);
    ck_assert_msg(utf8_valid(buf_span(&text)) == valid, "%s, last", c->rule);
    buf_add(&text, S("\xE2\x82\xAC!"));
    ck_assert_msg(utf8_valid(buf_span(&text)) == valid, "%s, inside", c->rule);
    buf_free(&text);
}
END_TEST

/* The table against the definition: every code point, encoded by its rule. */
START_TEST(knows_every_code_point)
{
    for (unsigned u = 0x80; u < 0x200000; u++) {
        char s[4] = {(char)(0xF0 | u >> 18), (char)(0x80 | (u >> 12 & 63)),
                     (char)(0x80 | (u >> 6 & 63)), (char)(0x80 | (u & 63))};
        size_t length = u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;
        bool valid = u <= 0x10FFFF && (u < 0xD800 || u > 0xDFFF);

        if (length == 3)
            s[1] = (char)(0xE0 | u >> 12);
        if (length == 2)
            s[2] = (char)(0xC0 | u >> 6);
        if (utf8_length((struct span){s + 4 - length, length}) !=
            (valid ? length : 0))
            ck_abort_msg("U+%04X", u);
    }
}
END_TEST

START_TEST(knows_ascii)
{
    for (int c = 0; c < 256; c++) {
        char text[3] = {'a', (char)c, 'z'};

        ck_assert(utf8_is_ascii((struct span){text, 3}) == (c < 128));
        ck_assert(utf8_is_ascii((struct span){text + 1, 1}) == (c < 128));
        ck_assert(utf8_is_ascii((struct span){text + 2, 1}));
    }
    ck_assert(utf8_is_ascii(S("")));
    ck_assert(utf8_is_ascii((struct span){NULL, 0}));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("utf8");

    tcase_add_loop_test(t, measures_the_first_character, 0, COUNT(forms));
    tcase_add_loop_test(t, takes_no_part_of_a_character, 0, COUNT(forms));
    tcase_add_loop_test(t, takes_nothing_amidst_a_character, 0, COUNT(forms));
    tcase_add_loop_test(t, is_valid_as_a_whole_or_not_at_all, 0,
                        COUNT(forms));
    tcase_add_test(t, knows_every_code_point);
    tcase_add_test(t, knows_ascii);
    return unit_run("utf8", t);
}
