/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Borrowed bytes: no span reads behind its end, whatever is asked of it, and
 * the span of no bytes at no address is as good as any other.
 */
#include "base/span.h"

#include "unit.h"

#include <limits.h>

#define NOTHING {NULL, 0}

static const struct pair {
    const char *rule;
    struct span a, b;
    bool eq, ieq, starts, istarts, ends;
} pairs[] = {
    {"the same", SPAN_INIT("abc"), SPAN_INIT("abc"), 1, 1, 1, 1, 1},
    {"case", SPAN_INIT("aBc"), SPAN_INIT("AbC"), 0, 1, 0, 1, 0},
    {"one shorter", SPAN_INIT("abc"), SPAN_INIT("ab"), 0, 0, 1, 1, 0},
    {"one longer", SPAN_INIT("ab"), SPAN_INIT("abc"), 0, 0, 0, 0, 0},
    {"a prefix in other case", SPAN_INIT("EHLO x"), SPAN_INIT("ehlo"),
     0, 0, 0, 1, 0},
    {"a suffix", SPAN_INIT("a.conf"), SPAN_INIT(".conf"), 0, 0, 0, 0, 1},
    {"a suffix in other case", SPAN_INIT("a.conf"), SPAN_INIT(".CONF"),
     0, 0, 0, 0, 0},
    {"a longer suffix", SPAN_INIT("conf"), SPAN_INIT(".conf"), 0, 0, 0, 0, 0},
    {"the last differs", SPAN_INIT("abc"), SPAN_INIT("abd"), 0, 0, 0, 0, 0},
    {"the first differs", SPAN_INIT("abc"), SPAN_INIT("xbc"), 0, 0, 0, 0, 0},
    {"no NUL ends it", SPAN_INIT("a\0b"), SPAN_INIT("a\0c"), 0, 0, 0, 0, 0},
    {"a NUL is a byte", SPAN_INIT("a\0B"), SPAN_INIT("a\0b"), 0, 1, 0, 1, 0},
    {"@ is not a letter", SPAN_INIT("@"), SPAN_INIT("`"), 0, 0, 0, 0, 0},
    {"[ is not a letter", SPAN_INIT("["), SPAN_INIT("{"), 0, 0, 0, 0, 0},
    {"only ASCII is folded", SPAN_INIT("\xC4"), SPAN_INIT("\xE4"),
     0, 0, 0, 0, 0},
    {"nothing in something", SPAN_INIT("a"), SPAN_INIT(""), 0, 0, 1, 1, 1},
    {"NULL in something", SPAN_INIT("a"), NOTHING, 0, 0, 1, 1, 1},
    {"something in NULL", NOTHING, SPAN_INIT("a"), 0, 0, 0, 0, 0},
    {"nothing and NULL", SPAN_INIT(""), NOTHING, 1, 1, 1, 1, 1},
    {"NULL and NULL", NOTHING, NOTHING, 1, 1, 1, 1, 1},
};

START_TEST(compares)
{
    const struct pair *c = &pairs[_i];

    ck_assert_msg(span_eq(c->a, c->b) == c->eq, "%s: eq", c->rule);
    ck_assert_msg(span_ieq(c->a, c->b) == c->ieq, "%s: ieq", c->rule);
    ck_assert_msg(span_eq(c->b, c->a) == c->eq, "%s: eq turned", c->rule);
    ck_assert_msg(span_ieq(c->b, c->a) == c->ieq, "%s: ieq turned", c->rule);
    ck_assert_msg(span_starts(c->a, c->b) == c->starts, "%s: starts", c->rule);
    ck_assert_msg(span_istarts(c->a, c->b) == c->istarts, "%s: istarts",
                  c->rule);
    ck_assert_msg(span_ends(c->a, c->b) == c->ends, "%s: ends", c->rule);
}
END_TEST

static const struct piece {
    struct span s;
    size_t n;
    struct span upto, from;
} pieces[] = {
    {SPAN_INIT("abc"), 0, SPAN_INIT(""), SPAN_INIT("abc")},
    {SPAN_INIT("abc"), 1, SPAN_INIT("a"), SPAN_INIT("bc")},
    {SPAN_INIT("abc"), 2, SPAN_INIT("ab"), SPAN_INIT("c")},
    {SPAN_INIT("abc"), 3, SPAN_INIT("abc"), SPAN_INIT("")},
    {SPAN_INIT("abc"), 4, SPAN_INIT("abc"), SPAN_INIT("")},
    {SPAN_INIT("abc"), SIZE_MAX, SPAN_INIT("abc"), SPAN_INIT("")},
    {SPAN_INIT(""), 0, SPAN_INIT(""), SPAN_INIT("")},
    {SPAN_INIT(""), 1, SPAN_INIT(""), SPAN_INIT("")},
    {NOTHING, 0, SPAN_INIT(""), SPAN_INIT("")},
    {NOTHING, SIZE_MAX, SPAN_INIT(""), SPAN_INIT("")},
};

START_TEST(cuts)
{
    const struct piece *c = &pieces[_i];
    struct span from = span_from(c->s, c->n);

    ck_assert_span(span_upto(c->s, c->n), c->upto);
    ck_assert_span(from, c->from);
    /* What is left ends where the whole did: parsers subtract the two. */
    ck_assert_ptr_eq(from.p ? from.p + from.n : NULL,
                     c->s.p ? c->s.p + c->s.n : NULL);
}
END_TEST

static const struct found {
    struct span s;
    char byte;
    size_t first, last;
} finds[] = {
    {SPAN_INIT("a:b:c"), ':', 1, 3},
    {SPAN_INIT(":"), ':', 0, 0},
    {SPAN_INIT("::"), ':', 0, 1},
    {SPAN_INIT("abc"), ':', 3, 3},
    {SPAN_INIT("a\0b"), '\0', 1, 1},
    {SPAN_INIT("abc"), '\0', 3, 3},
    {SPAN_INIT("a\xFF"), '\xFF', 1, 1},
    {SPAN_INIT(""), ':', 0, 0},
    {NOTHING, ':', 0, 0},
};

START_TEST(finds_bytes)
{
    const struct found *c = &finds[_i];

    ck_assert_uint_eq(span_find(c->s, c->byte), c->first);
    ck_assert_uint_eq(span_rfind(c->s, c->byte), c->last);
}
END_TEST

static const struct taken {
    struct span s, words, lines;
} takes[] = {
    {SPAN_INIT("a b"), SPAN_INIT("<a><b>"), SPAN_INIT("<a b>")},
    {SPAN_INIT("  a   b  "), SPAN_INIT("<a><b>"), SPAN_INIT("<  a   b  >")},
    {SPAN_INIT("   "), SPAN_INIT(""), SPAN_INIT("<   >")},
    {SPAN_INIT("a\tb c"), SPAN_INIT("<a\tb><c>"), SPAN_INIT("<a\tb c>")},
    {SPAN_INIT("a\nb\n"), SPAN_INIT("<a\nb\n>"), SPAN_INIT("<a><b>")},
    {SPAN_INIT("a\nb"), SPAN_INIT("<a\nb>"), SPAN_INIT("<a><b>")},
    {SPAN_INIT("\n\na\n\n"), SPAN_INIT("<\n\na\n\n>"),
     SPAN_INIT("<><><a><>")},
    {SPAN_INIT("\n"), SPAN_INIT("<\n>"), SPAN_INIT("<>")},
    {SPAN_INIT("a\r\nb"), SPAN_INIT("<a\r\nb>"), SPAN_INIT("<a\r><b>")},
    {SPAN_INIT("\0 \n\0"), SPAN_INIT("<\0><\n\0>"), SPAN_INIT("<\0 ><\0>")},
    {SPAN_INIT(""), SPAN_INIT(""), SPAN_INIT("")},
    {NOTHING, SPAN_INIT(""), SPAN_INIT("")},
};

static void show(struct buf *out, struct span s)
{
    buf_addc(out, '<');
    buf_add(out, s);
    buf_addc(out, '>');
}

START_TEST(takes_words)
{
    struct span rest = takes[_i].s, word;
    struct buf got = {0};

    while (span_word(&rest, ' ', &word))
        show(&got, word);
    ck_assert_span(buf_span(&got), takes[_i].words);
    ck_assert(span_empty(rest));
    ck_assert(!span_word(&rest, ' ', &word));
    buf_free(&got);
}
END_TEST

START_TEST(takes_lines)
{
    struct span rest = takes[_i].s, line;
    struct buf got = {0};

    while (span_line(&rest, &line))
        show(&got, line);
    ck_assert_span(buf_span(&got), takes[_i].lines);
    ck_assert(span_empty(rest));
    buf_free(&got);
}
END_TEST

/* What follows the separator is left for who reads on. */
START_TEST(takes_one_at_a_time)
{
    struct span rest = S("::one::two:"), word;

    ck_assert(span_word(&rest, ':', &word));
    ck_assert_span(word, S("one"));
    ck_assert_span(rest, S(":two:"));
    ck_assert(span_word(&rest, ':', &word));
    ck_assert_span(word, S("two"));
    ck_assert_span(rest, S(""));

    rest = S("one\n\ntwo");
    ck_assert(span_line(&rest, &word));
    ck_assert_span(rest, S("\ntwo"));
}
END_TEST

static const struct trimmed {
    struct span s, want;
} trims[] = {
    {SPAN_INIT("abc"), SPAN_INIT("abc")},
    {SPAN_INIT(" \t abc\t \t"), SPAN_INIT("abc")},
    {SPAN_INIT(" a b "), SPAN_INIT("a b")},
    {SPAN_INIT("\r\na\v\f\n"), SPAN_INIT("\r\na\v\f\n")},
    {SPAN_INIT(" \t "), SPAN_INIT("")},
    {SPAN_INIT(""), SPAN_INIT("")},
    {NOTHING, SPAN_INIT("")},
};

START_TEST(trims_both_ends)
{
    ck_assert_span(span_trim(trims[_i].s), trims[_i].want);
}
END_TEST

static const struct number {
    struct span s;
    uint64_t max;
    bool taken;
    uint64_t value;
} numbers[] = {
    {SPAN_INIT("0"), 0, true, 0},
    {SPAN_INIT("1"), 0, false, 0},
    {SPAN_INIT("65535"), 65535, true, 65535},
    {SPAN_INIT("65536"), 65535, false, 0},
    {SPAN_INIT("0587"), 65535, true, 587},
    {SPAN_INIT("0000000000000000000000000000007"), 9, true, 7},
    {SPAN_INIT("18446744073709551614"), UINT64_MAX, true, UINT64_MAX - 1},
    {SPAN_INIT("18446744073709551615"), UINT64_MAX, true, UINT64_MAX},
    {SPAN_INIT("18446744073709551616"), UINT64_MAX, false, 0},
    {SPAN_INIT("18446744073709551620"), UINT64_MAX, false, 0},
    {SPAN_INIT("184467440737095516150"), UINT64_MAX, false, 0},
    {SPAN_INIT("99999999999999999999999999"), UINT64_MAX, false, 0},
    {SPAN_INIT("18446744073709551617"), 1, false, 0}, /* 1, modulo 2^64 */
    {SPAN_INIT("-1"), UINT64_MAX, false, 0},
    {SPAN_INIT("+1"), UINT64_MAX, false, 0},
    {SPAN_INIT(" 1"), UINT64_MAX, false, 0},
    {SPAN_INIT("1 "), UINT64_MAX, false, 0},
    {SPAN_INIT("0x10"), UINT64_MAX, false, 0},
    {SPAN_INIT("1.0"), UINT64_MAX, false, 0},
    {SPAN_INIT("1\0"), UINT64_MAX, false, 0},
    {SPAN_INIT("/"), UINT64_MAX, false, 0}, /* before 0 in ASCII */
    {SPAN_INIT(":"), UINT64_MAX, false, 0}, /* behind 9          */
    {SPAN_INIT("\xB2"), UINT64_MAX, false, 0},
    {SPAN_INIT(""), UINT64_MAX, false, 0},
    {NOTHING, UINT64_MAX, false, 0},
};

START_TEST(reads_numbers)
{
    const struct number *c = &numbers[_i];
    uint64_t value = 4711;

    ck_assert_msg(span_number(c->s, c->max, &value) == c->taken, "\"%.*s\"",
                  SPAN_ARG(c->s));
    /* One that is refused leaves the caller's value alone. */
    ck_assert_uint_eq(value, c->taken ? c->value : 4711);
}
END_TEST

START_TEST(makes_spans)
{
    static const struct span fixed = SPAN_INIT("a\0b");

    ck_assert_uint_eq(fixed.n, 3);
    ck_assert_uint_eq(S("").n, 0);
    ck_assert_uint_eq(span_of("abc").n, 3);
    ck_assert_uint_eq(span_of(NULL).n, 0);
    ck_assert_ptr_null(span_of(NULL).p);
    ck_assert(span_empty(span_of("")));
    ck_assert(!span_empty(fixed));
}
END_TEST

static int precision_of(int precision, const char *text)
{
    return text ? precision : -1;
}

/* A precision below zero would print up to the next NUL, wherever that is. */
START_TEST(prints_no_more_than_an_int_can_say)
{
    struct span longest = {"", (size_t)INT_MAX};
    struct span longer = {"", (size_t)INT_MAX + 1};
    struct span endless = {"", SIZE_MAX};
    struct span none = NOTHING;

    ck_assert_int_eq(precision_of(SPAN_ARG(S("abc"))), 3);
    ck_assert_int_eq(precision_of(SPAN_ARG(none)), 0);
    ck_assert_int_eq(precision_of(SPAN_ARG(longest)), INT_MAX);
    ck_assert_int_eq(precision_of(SPAN_ARG(longer)), INT_MAX);
    ck_assert_int_eq(precision_of(SPAN_ARG(endless)), INT_MAX);
}
END_TEST

START_TEST(lowers_ascii_only)
{
    for (int c = 0; c < 256; c++) {
        int want = c >= 0x41 && c <= 0x5A ? c + 0x20 : c;

        ck_assert_int_eq((unsigned char)ascii_lower((char)c), want);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("span");

    tcase_add_loop_test(t, compares, 0, COUNT(pairs));
    tcase_add_loop_test(t, cuts, 0, COUNT(pieces));
    tcase_add_loop_test(t, finds_bytes, 0, COUNT(finds));
    tcase_add_loop_test(t, takes_words, 0, COUNT(takes));
    tcase_add_loop_test(t, takes_lines, 0, COUNT(takes));
    tcase_add_test(t, takes_one_at_a_time);
    tcase_add_loop_test(t, trims_both_ends, 0, COUNT(trims));
    tcase_add_loop_test(t, reads_numbers, 0, COUNT(numbers));
    tcase_add_test(t, makes_spans);
    tcase_add_test(t, prints_no_more_than_an_int_can_say);
    tcase_add_test(t, lowers_ascii_only);
    return unit_run("span", t);
}
