/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/host.h"

#include "unit.h"

#define L63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123"
#define N252 L63 "." L63 "." L63 "." "aaaaaaaaaabbbbbbbbbbccccccccccdddddd"  \
    "ddddeeeeeeeeeeffffffffff"

static const struct {
    struct span text;
    bool is;
} names[] = {
    {SPAN_INIT("localhost"), true},
    {SPAN_INIT("mx.example.org"), true},
    {SPAN_INIT("MX.Example.ORG."), true},
    {SPAN_INIT("xn--mller-kva.example"), true},
    {SPAN_INIT("mail_server"), true},
    {SPAN_INIT("3com.example"), true},
    {SPAN_INIT("1and1"), true},
    {SPAN_INIT("a.b-c.d--e"), true},
    {SPAN_INIT(L63 ".example"), true},
    {SPAN_INIT(N252 "1"), true},
    {SPAN_INIT(N252 "1."), true},
    {SPAN_INIT(N252 "12"), false},
    {SPAN_INIT(L63 "4.example"), false},
    {SPAN_INIT(""), false},
    {SPAN_INIT("."), false},
    {SPAN_INIT(".."), false},
    {SPAN_INIT(".example.org"), false},
    {SPAN_INIT("mx..example.org"), false},
    {SPAN_INIT("mx.example.org.."), false},
    {SPAN_INIT("mx example"), false},
    {SPAN_INIT("mx\nexample"), false},
    {SPAN_INIT("mx\0example"), false},
    {SPAN_INIT("*.example.org"), false},
    {SPAN_INIT("m\303\274ller.example"), false},
    {SPAN_INIT("[mx.example.org]"), false},
    {SPAN_INIT("user@host"), false},
    {SPAN_INIT("host:25"), false},
    {SPAN_INIT("192.0.2.1"), false},
    {SPAN_INIT("192.0.2.01"), false},
    {SPAN_INIT("127.1"), false},
    {SPAN_INIT("2130706433"), false},
    {SPAN_INIT("0x7f000001"), false},
    {SPAN_INIT("127.0.0.0X1"), false},
    {SPAN_INIT("::1"), false},
};

START_TEST(name)
{
    ck_assert_msg(host_is_name(names[_i].text) == names[_i].is, "%.*s",
                  SPAN_ARG(names[_i].text));
}
END_TEST

static const struct {
    struct span text;
    struct span bytes; /* empty: no address */
} addresses[] = {
    {SPAN_INIT("192.0.2.1"), SPAN_INIT("\300\0\2\1")},
    {SPAN_INIT("::1"), SPAN_INIT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1")},
    {SPAN_INIT("[::1]"), SPAN_INIT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1")},
    {SPAN_INIT("[2001:DB8::a]"),
     SPAN_INIT("\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x0A")},
    {SPAN_INIT("fe80::1%eth0"),
     SPAN_INIT("\xFE\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1")},
    {SPAN_INIT("::ffff:192.0.2.1"),
     SPAN_INIT("\0\0\0\0\0\0\0\0\0\0\xFF\xFF\300\0\2\1")},
    {SPAN_INIT(""), {0}},
    {SPAN_INIT("192.0.2.01"), {0}},
    {SPAN_INIT("192.0.2"), {0}},
    {SPAN_INIT("192.0.2.256"), {0}},
    {SPAN_INIT("192.0.2.1."), {0}},
    {SPAN_INIT("[192.0.2.1]"), {0}},
    {SPAN_INIT("192.0.2.1\0x"), {0}},
    {SPAN_INIT("::1::"), {0}},
    {SPAN_INIT("[::1"), {0}},
    {SPAN_INIT(":"), {0}},
    {SPAN_INIT("mx.example.org"), {0}},
    {SPAN_INIT("0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"), {0}},
};

START_TEST(address)
{
    unsigned char bytes[HOST_BYTES];
    size_t n = host_address(addresses[_i].text, bytes);

    ck_assert_msg(n == addresses[_i].bytes.n &&
                      (n == 0 ||
                       memcmp(bytes, addresses[_i].bytes.p, n) == 0),
                  "%.*s: %zu", SPAN_ARG(addresses[_i].text), n);
}
END_TEST

static const struct {
    struct span presented, host;
    bool match;
} matches[] = {
    {SPAN_INIT("mx.example.org"), SPAN_INIT("mx.example.org"), true},
    {SPAN_INIT("MX.example.org"), SPAN_INIT("mx.EXAMPLE.org"), true},
    {SPAN_INIT("localhost"), SPAN_INIT("localhost"), true},
    {SPAN_INIT("*.example.org"), SPAN_INIT("mx.example.org"), true},
    {SPAN_INIT("*.example.org"), SPAN_INIT("xn--4ca.example.org"), true},
    {SPAN_INIT("*.example.org"), SPAN_INIT("example.org"), false},
    {SPAN_INIT("*.example.org"), SPAN_INIT("a.b.example.org"), false},
    {SPAN_INIT("*.example.org"), SPAN_INIT("mx.example.com"), false},
    {SPAN_INIT("*.org"), SPAN_INIT("example.org"), false},
    {SPAN_INIT("*."), SPAN_INIT("example."), false},
    {SPAN_INIT("*"), SPAN_INIT("localhost"), false},
    {SPAN_INIT("m*.example.org"), SPAN_INIT("mx.example.org"), false},
    {SPAN_INIT("*x.example.org"), SPAN_INIT("mx.example.org"), false},
    {SPAN_INIT("*.*.org"), SPAN_INIT("mx.example.org"), false},
    {SPAN_INIT("mx.*.org"), SPAN_INIT("mx.example.org"), false},
    {SPAN_INIT("mx.example.org."), SPAN_INIT("mx.example.org"), false},
    {SPAN_INIT("mx.example.org\0"), SPAN_INIT("mx.example.org"), false},
    {SPAN_INIT("mx.example.org\0.evil"), SPAN_INIT("mx.example.org"), false},
    {SPAN_INIT(".example.org"), SPAN_INIT("mx.example.org"), false},
    {SPAN_INIT("example.org"), SPAN_INIT("mx.example.org"), false},
    {SPAN_INIT("mx.example.or"), SPAN_INIT("mx.example.org"), false},
    {SPAN_INIT(""), SPAN_INIT("mx.example.org"), false},
    {SPAN_INIT(""), SPAN_INIT(""), false},
};

START_TEST(match)
{
    ck_assert_msg(host_matches(matches[_i].presented, matches[_i].host) ==
                      matches[_i].match,
                  "'%.*s' for '%.*s'", SPAN_ARG(matches[_i].presented),
                  SPAN_ARG(matches[_i].host));
}
END_TEST

START_TEST(bare)
{
    ck_assert_span(host_bare(S("[::1]")), S("::1"));
    ck_assert_span(host_bare(S("mx.example.org.")), S("mx.example.org"));
    ck_assert_span(host_bare(S("mx.example.org")), S("mx.example.org"));
    ck_assert_span(host_bare(S("[]")), S("[]"));
    ck_assert_span(host_bare(S("")), S(""));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("host");

    tcase_add_loop_test(t, name, 0, COUNT(names));
    tcase_add_loop_test(t, address, 0, COUNT(addresses));
    tcase_add_loop_test(t, match, 0, COUNT(matches));
    tcase_add_test(t, bare);
    return unit_run("host", t);
}
