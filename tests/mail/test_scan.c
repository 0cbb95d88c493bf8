/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/scan.h"
#include "unit.h"

static const struct {
    const char *rule;
    struct span text;
    unsigned traits;
} cases[] = {
    {"nothing", SPAN_INIT(""), 0},
    {"text", SPAN_INIT("a\tb\nc\r\nd"), 0},
    {"all CRs before a LF end the line", SPAN_INIT("a\r\r\r\nb\n"), 0},
    {"a CR in a line", SPAN_INIT("a\rb\n"), TRAIT_CR},
    {"two, and only one ends it", SPAN_INIT("a\rb\r\n"), TRAIT_CR},
    {"a CR at the end", SPAN_INIT("a\r"), TRAIT_CR},
    {"octets over 127", SPAN_INIT("\200"), TRAIT_8BIT},
    {"127 is none", SPAN_INIT("\177"), 0},
    {"NUL", SPAN_INIT("\0"), TRAIT_NUL},
    {"more than one", SPAN_INIT("\0\377\ra"),
     TRAIT_NUL | TRAIT_8BIT | TRAIT_CR},
};

typedef size_t scan_function(struct scan *, struct span, bool);

static scan_function *const functions[] = {scan_push, scan_push_octets};

static unsigned traits(scan_function *function, struct span text, size_t cut)
{
    struct scan scan = {0};

    function(&scan, span_upto(text, cut), false);
    function(&scan, span_from(text, cut), false);
    scan_end(&scan);
    return scan.traits;
}

/* At every place of a block, and cut everywhere. */
START_TEST(traits_of)
{
    for (size_t before = 0; before < 130; before += 7) {
        struct buf text = {0};

        for (size_t i = 0; i < before; i++)
            buf_addc(&text, i % 50 == 49 ? '\n' : 'x');
        buf_add(&text, cases[_i].text);
        for (size_t cut = 0; cut <= text.len; cut++)
            for (size_t f = 0; f < COUNT(functions); f++)
                ck_assert_msg(traits(functions[f], buf_span(&text), cut) ==
                                  cases[_i].traits,
                              "%s, behind %zu octets, cut at %zu",
                              cases[_i].rule, before, cut);
        buf_free(&text);
    }
}
END_TEST

static const struct {
    size_t length;
    struct span end;
    unsigned traits;
} lengths[] = {
    {998, SPAN_INIT("\n"), 0},
    {998, SPAN_INIT("\r\n"), 0},
    {998, SPAN_INIT("\r\r\n"), 0},
    {998, SPAN_INIT(""), 0},
    {999, SPAN_INIT("\n"), TRAIT_LONG},
    {999, SPAN_INIT("\r\n"), TRAIT_LONG},
    {999, SPAN_INIT(""), TRAIT_LONG},
    {998, SPAN_INIT("\r"), TRAIT_LONG | TRAIT_CR},
    {998, SPAN_INIT("\rx\n"), TRAIT_LONG | TRAIT_CR},
};

START_TEST(long_lines)
{
    struct buf text = {0};

    buf_add(&text, S("first\n"));
    for (size_t i = 0; i < lengths[_i].length; i++)
        buf_addc(&text, 'x');
    buf_add(&text, lengths[_i].end);
    for (size_t cut = 0; cut <= text.len; cut += cut < 940 ? 47 : 1)
        for (size_t f = 0; f < COUNT(functions); f++)
            ck_assert_uint_eq(traits(functions[f], buf_span(&text), cut),
                              lengths[_i].traits);
    buf_free(&text);
}
END_TEST

/* Octets that matter, in an order that never ends. */
static void add_noise(struct buf *text, uint32_t seed, size_t n)
{
    static const char octets[] = "x\n\r-x\n\200x\0\r\n--xxxxxxxxxxxxxxxxxx";

    while (n--) {
        seed = seed * 1664525 + 1013904223;
        buf_addc(text, octets[(seed >> 20) % (sizeof octets - 1)]);
    }
}

START_TEST(both_are_the_same)
{
    struct buf text = {0};
    struct span rest;
    struct scan fast = {0}, slow = {0};

    add_noise(&text, (uint32_t)_i, 2000);
    for (rest = buf_span(&text); !span_empty(rest);) {
        size_t n = scan_push(&fast, rest, true);

        ck_assert_uint_eq(scan_push_octets(&slow, rest, true), n);
        ck_assert_uint_eq(fast.traits, slow.traits);
        ck_assert_uint_eq(fast.run, slow.run);
        rest = span_from(rest, n);
        /* Over the "-" that it stopped at. */
        scan_push(&fast, span_upto(rest, 1), false);
        scan_push_octets(&slow, span_upto(rest, 1), false);
        rest = span_from(rest, 1);
    }
    buf_free(&text);
}
END_TEST

START_TEST(stops_at_a_dash_that_begins_a_line)
{
    struct scan scan = {0};

    ck_assert_uint_eq(scan_push(&scan, S("a-\n -\n\n-b\n"), true), 7);
    ck_assert_uint_eq(scan_push(&scan, S("-b\n"), true), 0);
    ck_assert_uint_eq(scan_push(&scan, S("-b"), false), 2);
    ck_assert_uint_eq(scan_push(&scan, S("-\n-"), true), 2);
}
END_TEST

START_TEST(literal_octets)
{
    struct buf text = {0};

    for (size_t n = 0; n < 50; n++) {
        buf_clear(&text);
        for (size_t i = 0; i < n; i++)
            buf_addc(&text, " ~<>a"[i % 5]);
        ck_assert_uint_eq(scan_literal(buf_span(&text)), n);
        buf_addc(&text, "=\177\037\t\200\377\0"[n % 7]);
        for (size_t i = 0; i < 20; i++)
            buf_addc(&text, 'x');
        ck_assert_uint_eq(scan_literal(buf_span(&text)), n);
    }
    buf_free(&text);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("scan");

    tcase_add_loop_test(t, traits_of, 0, COUNT(cases));
    tcase_add_loop_test(t, long_lines, 0, COUNT(lengths));
    tcase_add_loop_test(t, both_are_the_same, 0, 40);
    tcase_add_test(t, stops_at_a_dash_that_begins_a_line);
    tcase_add_test(t, literal_octets);
    return unit_run("scan", t);
}
