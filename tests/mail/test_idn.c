/* SPDX-License-Identifier: GPL-3.0-or-later */
/* idn - what is a domain, and its form in ASCII */
#include "mail/idn.h"

#include "unit.h"

#define TEN "abcdefghij"
#define L60 TEN TEN TEN TEN TEN TEN
#define L63 L60 "abc"
#define DOMAIN_253 L63 "." L63 "." L63 "." L60 "a"

static const struct {
    const char *rule;
    struct span in, ascii;
} cases[] = {
    {"ASCII stays, case and all", SPAN_INIT("Mail.Example.ORG"),
     SPAN_INIT("Mail.Example.ORG")},
    {"one label", SPAN_INIT("localhost"), SPAN_INIT("localhost")},
    {"digits, hyphens, underscores", SPAN_INIT("a-b.c_d.1.2"),
     SPAN_INIT("a-b.c_d.1.2")},
    {"a label of 63", SPAN_INIT(L63 ".x"), SPAN_INIT(L63 ".x")},
    {"a name of 253", SPAN_INIT(DOMAIN_253), SPAN_INIT(DOMAIN_253)},
    {"a U-label", SPAN_INIT("b\xC3\xBC" "cher.example"),
     SPAN_INIT("xn--bcher-kva.example")},
    {"its case is folded", SPAN_INIT("B\xC3\x9C" "CHER.Example"),
     SPAN_INIT("xn--bcher-kva.example")},
    {"decomposed is the same", SPAN_INIT("bu\xCC\x88" "cher.example"),
     SPAN_INIT("xn--bcher-kva.example")},
    {"sharp s is a letter (non-transitional)",
     SPAN_INIT("stra\xC3\x9F" "e.example"), SPAN_INIT("xn--strae-oqa.example")},
    {"an ideographic dot is a dot",
     SPAN_INIT("b\xC3\xBC" "cher\xE3\x80\x82" "example"),
     SPAN_INIT("xn--bcher-kva.example")},
    {"an A-label stays", SPAN_INIT("xn--bcher-kva.example"),
     SPAN_INIT("xn--bcher-kva.example")},
    {"IPv4 literal", SPAN_INIT("[192.0.2.1]"), SPAN_INIT("[192.0.2.1]")},
    {"the ends of IPv4", SPAN_INIT("[0.0.0.255]"), SPAN_INIT("[0.0.0.255]")},
    {"IPv4 in IPv6", SPAN_INIT("[IPv6:::ffff:192.0.2.1]"),
     SPAN_INIT("[IPv6:::ffff:192.0.2.1]")},
    {"a literal of a kind to come", SPAN_INIT("[x-new:a.1]"),
     SPAN_INIT("[x-new:a.1]")},
    {"IPv6 literal", SPAN_INIT("[IPv6:2001:db8::1]"),
     SPAN_INIT("[IPv6:2001:db8::1]")},
};

START_TEST(has_an_ascii_form)
{
    struct arena arena = {0};
    struct span ascii;
    struct err err = {0};
    bool good = idn_to_ascii(cases[_i].in, &arena, &ascii, &err);

    ck_assert_msg(good, "%s: %s", cases[_i].rule, err.text);
    ck_assert_span(ascii, cases[_i].ascii);
    arena_free(&arena);
}
END_TEST

#define NO_CHARACTER "' has a character that no domain has"
#define NO_LITERAL "' is no address literal"

static const struct {
    struct span in;
    const char *text;
} wrong[] = {
    {SPAN_INIT(""), "the domain '' has an empty label"},
    {SPAN_INIT("a..b"), "the domain 'a..b' has an empty label"},
    {SPAN_INIT("a.b."), "the domain 'a.b.' has an empty label"},
    {SPAN_INIT(".b"), "the domain '.b' has an empty label"},
    {SPAN_INIT(L63 "d"), "the domain '" L63 "d' has a label of more than 63 "
                         "octets"},
    {SPAN_INIT("x." L63 "d"), "the domain 'x." L63 "d' has a label of more "
                              "than 63 octets"},
    {SPAN_INIT("a b"), "the domain 'a b" NO_CHARACTER},
    {SPAN_INIT("x.a/b"), "the domain 'x.a/b" NO_CHARACTER},
    {SPAN_INIT("a>b"), "the domain 'a>b" NO_CHARACTER},
    {SPAN_INIT("a\r\nb"), "the domain 'a\r\nb" NO_CHARACTER},
    {SPAN_INIT("\xC3\xBC.a/b"), "the domain '\xC3\xBC.a/b" NO_CHARACTER},
    {SPAN_INIT("a\xEF\xBC\xA0" "b"), "the domain 'a\xEF\xBC\xA0" "b"
                                     NO_CHARACTER},
    {SPAN_INIT("\xC3\x28"), "the domain '\xC3\x28' is not in UTF-8"},
    {SPAN_INIT("\xC3\xBC\0x"), "the domain '\xC3\xBC' is not in UTF-8"},
    {SPAN_INIT("["), "the domain '[" NO_LITERAL},
    {SPAN_INIT("[]"), "the domain '[]" NO_LITERAL},
    {SPAN_INIT("[1.2.3.4"), "the domain '[1.2.3.4" NO_LITERAL},
    {SPAN_INIT("[1 2]"), "the domain '[1 2]" NO_LITERAL},
    {SPAN_INIT("[a@b]"), "the domain '[a@b]" NO_LITERAL},
    {SPAN_INIT("[a[b]"), "the domain '[a[b]" NO_LITERAL},
    {SPAN_INIT("[1]x"), "the domain '[1]x" NO_LITERAL},
    {SPAN_INIT("[192.0.2]"), "the domain '[192.0.2]" NO_LITERAL},
    {SPAN_INIT("[192.0.2.256]"), "the domain '[192.0.2.256]" NO_LITERAL},
    {SPAN_INIT("[192.0.2.1.1]"), "the domain '[192.0.2.1.1]" NO_LITERAL},
    {SPAN_INIT("[192.0..1]"), "the domain '[192.0..1]" NO_LITERAL},
    {SPAN_INIT("[192.0.2.1x]"), "the domain '[192.0.2.1x]" NO_LITERAL},
    {SPAN_INIT("[::1]"), "the domain '[::1]" NO_LITERAL},
    {SPAN_INIT("[IPv6:]"), "the domain '[IPv6:]" NO_LITERAL},
    {SPAN_INIT("[IPv6]"), "the domain '[IPv6]" NO_LITERAL},
    {SPAN_INIT("[a.b:c]"), "the domain '[a.b:c]" NO_LITERAL},
    {SPAN_INIT("[a:b>]"), "the domain '[a:b>]" NO_LITERAL},
};

START_TEST(is_no_domain)
{
    struct arena arena = {0};
    struct span ascii;
    struct err err = {0};

    ck_assert(!idn_to_ascii(wrong[_i].in, &arena, &ascii, &err));
    ck_assert_int_eq(err.kind, ERR_DATA);
    ck_assert_str_eq(err.text, wrong[_i].text);
    arena_free(&arena);
}
END_TEST

static void refuses(struct span in, const char *end)
{
    struct arena arena = {0};
    struct span ascii;
    struct err err = {0};

    ck_assert(!idn_to_ascii(in, &arena, &ascii, &err));
    ck_assert_msg(span_ends(span_of(err.text), span_of(end)), "%s", err.text);
    arena_free(&arena);
}

START_TEST(is_too_long)
{
    static const char utf8[1200] = "\xC3\xBC";
    struct buf long_name = {0};

    refuses(S(DOMAIN_253 "b"), "' is longer than 253 octets");
    refuses((struct span){utf8, sizeof utf8}, "' is longer than 253 octets");
    for (size_t i = 0; i < 100; i++)
        buf_add(&long_name, S("\xC3\xBC."));
    refuses(buf_span(&long_name), "domain name longer than 255 characters");
    buf_free(&long_name);
}
END_TEST

/* RFC 5891, 4.2 and 5.4; RFC 5893, 2.  What libidn2 says stands behind it. */
static const struct {
    const char *rule;
    struct span domain;
} rules[] = {
    {"a symbol", SPAN_INIT("\xE2\x98\x83.example")},
    {"a character for private use", SPAN_INIT("a\xF3\xB0\x80\x80")},
    {"a control character", SPAN_INIT("\xC3\xBC\xC2\x85.example")},
    {"a line separator", SPAN_INIT("a\xE2\x80\xA8.example")},
    {"a combining mark in front", SPAN_INIT("\xCC\x88" "a.example")},
    {"a hyphen in front", SPAN_INIT("-\xC3\xBC.example")},
    {"a hyphen at the end", SPAN_INIT("\xC3\xBC-.example")},
    {"two hyphens that mean something", SPAN_INIT("ab--\xC3\xBC.example")},
    {"an A-label with other letters", SPAN_INIT("xn--\xC3\xBC.example")},
    {"a joiner between letters it cannot join",
     SPAN_INIT("a\xE2\x80\x8D" "b.example")},
    {"directions mixed", SPAN_INIT("\xD7\x90" "a.example")},
};

START_TEST(breaks_a_rule)
{
    struct span text, domain = rules[_i].domain;
    struct arena arena = {0};
    struct span ascii;
    struct err err = {0};
    struct buf start = {0};

    ck_assert_msg(!idn_to_ascii(domain, &arena, &ascii, &err), "%s: %.*s",
                  rules[_i].rule, SPAN_ARG(ascii));
    buf_printf(&start, "the domain '%.*s' breaks the rules of IDNA: ",
               SPAN_ARG(domain));
    text = span_of(err.text);
    ck_assert_msg(span_starts(text, buf_span(&start)) && text.n > start.len,
                  "%s: %s", rules[_i].rule, err.text);
    ck_assert_int_eq(err.kind, ERR_DATA);
    buf_free(&start);
    arena_free(&arena);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("idn");

    tcase_add_loop_test(t, has_an_ascii_form, 0, COUNT(cases));
    tcase_add_loop_test(t, is_no_domain, 0, COUNT(wrong));
    tcase_add_test(t, is_too_long);
    tcase_add_loop_test(t, breaks_a_rule, 0, COUNT(rules));
    return unit_run("idn", t);
}
