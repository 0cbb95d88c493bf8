/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pattern - what each kind of pattern matches, and which are none */
#include "mail/pattern.h"

#include "unit.h"

#define U "\xC3\xBC" /* u with two dots */
#define BUECHER "xn--bcher-kva"

static const struct {
    const char *rule;
    struct span list, address;
    bool match;
} cases[] = {
    {"an address", SPAN_INIT("a@b.example"), SPAN_INIT("a@b.example"), true},
    {"another", SPAN_INIT("a@b.example"), SPAN_INIT("c@b.example"), false},
    {"a part of one", SPAN_INIT("a@b"), SPAN_INIT("a@b.example"), false},
    {"more than one", SPAN_INIT("a@b.example"), SPAN_INIT("a@b"), false},
    {"any case", SPAN_INIT("Al@B.Example"), SPAN_INIT("aL@b.eXAMPLE"), true},
    {"no list", SPAN_INIT(""), SPAN_INIT("a@b"), false},
    {"no list, null", SPAN_INIT(" , "), SPAN_INIT(""), false},
    {"the second", SPAN_INIT("x@y a@b"), SPAN_INIT("a@b"), true},
    {"behind commas", SPAN_INIT(",x@y , ,\ta@b,"), SPAN_INIT("a@b"), true},
    {"none of several", SPAN_INIT("x@y,a@c"), SPAN_INIT("a@b"), false},
    {"a login is ours", SPAN_INIT("root"), SPAN_INIT("root@home.example"),
     true},
    {"and of no other domain", SPAN_INIT("root"), SPAN_INIT("root@b"), false},
    {"a login with a star", SPAN_INIT("ro*"), SPAN_INIT("root@home.example"),
     true},
    {"ours only", SPAN_INIT("ro*"), SPAN_INIT("root@b"), false},
    {"a domain", SPAN_INIT("@b.c"), SPAN_INIT("anyone@B.c"), true},
    {"not one below it", SPAN_INIT("@b.c"), SPAN_INIT("anyone@a.b.c"), false},
    {"not the null sender", SPAN_INIT("@b.c *@*"), SPAN_INIT(""), false},
    {"a star is all", SPAN_INIT("*"), SPAN_INIT("a@b"), true},
    {"the null sender included", SPAN_INIT("*"), SPAN_INIT(""), true},
    {"two stars are one", SPAN_INIT("**"), SPAN_INIT(""), true},
    {"the null sender", SPAN_INIT("a@b <>"), SPAN_INIT(""), true},
    {"and only that", SPAN_INIT("<>"), SPAN_INIT("a@b"), false},
    {"not by an address", SPAN_INIT("a@b a ?"), SPAN_INIT(""), false},
    {"a star for nothing", SPAN_INIT("a*@b"), SPAN_INIT("a@b"), true},
    {"a star for much", SPAN_INIT("bounce+*@b"),
     SPAN_INIT("bounce+a=b.c@b"), true},
    {"stars that go back", SPAN_INIT("*ab*abc@b"), SPAN_INIT("xababyabc@b"),
     true},
    {"and fail", SPAN_INIT("*ab*abc@b"), SPAN_INIT("xababyabd@b"), false},
    {"what has matched does not again", SPAN_INIT("ab*bc@b"),
     SPAN_INIT("abc@b"), false},
    {"a star at the end", SPAN_INIT("a@b.*"), SPAN_INIT("a@b.c.d"), true},
    {"hosts below", SPAN_INIT("*@*.b.c"), SPAN_INIT("x@y.z.b.c"), true},
    {"not the domain itself", SPAN_INIT("*@*.b.c"), SPAN_INIT("x@b.c"),
     false},
    {"nor one that ends so", SPAN_INIT("*@*.b.c"), SPAN_INIT("x@ab.c"),
     false},
    {"no star goes over the at", SPAN_INIT("a*b.example"),
     SPAN_INIT("a@b.example"), false},
    {"nor the other way", SPAN_INIT("*@b"), SPAN_INIT("\"a@b\"@c"), false},
    {"one in quotes is of the local part", SPAN_INIT("?a?b?@c"),
     SPAN_INIT("\"a@b\"@c"), true},
    {"a question mark", SPAN_INIT("a?c@b"), SPAN_INIT("axc@b"), true},
    {"is not nothing", SPAN_INIT("a?c@b"), SPAN_INIT("ac@b"), false},
    {"nor two", SPAN_INIT("a?c@b"), SPAN_INIT("axxc@b"), false},
    {"it is one character", SPAN_INIT("a?c@b"), SPAN_INIT("a" U "c@b"), true},
    {"not its octets", SPAN_INIT("a??c@b"), SPAN_INIT("a" U "c@b"), false},
    {"not behind a star either", SPAN_INIT("*a*??b*c@b"),
     SPAN_INIT("a" U "bc@b"), false},
    {"an octet where it is none", SPAN_INIT("a??c@b"),
     SPAN_INIT("a\xFF\xFF" "c@b"), true},
    {"UTF-8 in a local part", SPAN_INIT("j" U "*@b"), SPAN_INIT("j" U "x@b"),
     true},
    {"where case counts", SPAN_INIT("\xC3\x9C@b"), SPAN_INIT(U "@b"), false},
    {"U-labels", SPAN_INIT("a@b" U "cher.example"),
     SPAN_INIT("a@" BUECHER ".example"), true},
    {"in any case", SPAN_INIT("a@B\xC3\x9C" "CHER.example"),
     SPAN_INIT("a@" BUECHER ".Example"), true},
    {"in the address", SPAN_INIT("a@" BUECHER ".example"),
     SPAN_INIT("a@b" U "cher.example"), true},
    {"with a star beside", SPAN_INIT("*@*.b" U "cher.*"),
     SPAN_INIT("a@x." BUECHER ".example"), true},
    {"other U-labels", SPAN_INIT("a@b" U "cher.example"),
     SPAN_INIT("a@bucher.example"), false},
    {"no U-label at all", SPAN_INIT("a@\xFF"), SPAN_INIT("a@\xFF"), true},
    {"a literal", SPAN_INIT("*@[192.0.2.*]"), SPAN_INIT("a@[192.0.2.1]"),
     true},
    {"brackets are no set", SPAN_INIT("*@[ab]"), SPAN_INIT("x@a"), false},
};

START_TEST(matches)
{
    ck_assert_msg(pattern_list_match(cases[_i].list, cases[_i].address,
                                     S("home.example")) == cases[_i].match,
                  "%s", cases[_i].rule);
}
END_TEST

START_TEST(our_domain_may_be_unknown)
{
    ck_assert(pattern_list_match(S("root"), S("root"), S("")));
    ck_assert(!pattern_list_match(S("root"), S("root@b"), S("")));
    ck_assert(!pattern_list_match(S("root@b"), S("root"), S("")));
    ck_assert(pattern_list_match(S("a"), S("a@" BUECHER ".example"),
                                 S("b" U "cher.example")));
}
END_TEST

/* The worst there is: a pattern that nearly matches from every place on. */
START_TEST(time_is_bounded)
{
    struct buf list = {0}, address = {0};

    for (int i = 0; i < 1000; i++)
        buf_add(&list, i % 100 ? S("a") : S("*"));
    buf_add(&list, S("b@x"));
    for (int i = 0; i < 2000; i++)
        buf_addc(&address, 'a');
    buf_add(&address, S("@x"));
    ck_assert(!pattern_list_match(buf_span(&list), buf_span(&address),
                                  S("")));
    buf_cut(&address, address.len - 2);
    buf_add(&address, S("b@x"));
    ck_assert(pattern_list_match(buf_span(&list), buf_span(&address), S("")));
    buf_free(&list);
    buf_free(&address);
}
END_TEST

static const char *const good[] = {
    "a@b", "*", "<>", "root", "@b", "*@*", "a@*.b, <> c", "j" U "@b",
    "a@b" U "cher.*", "?@[192.0.2.1]", "a@[IPv6:2001:db8::?]", "a+b=c@d_e.f",
    "a@xn--bcher-kva.example",
};

START_TEST(takes_a_list)
{
    struct err err = {0};

    ck_assert_msg(pattern_list_check(span_of(good[_i]), &err), "%s", err.text);
}
END_TEST

static const struct {
    const char *list, *says;
} wrong[] = {
    {"", "there is no pattern"},
    {" , ", "there is no pattern"},
    {"a@b c@d@e", "'c@d@e' has more than one '@'"},
    {"a@", "'a@' has a domain that no address has"},
    {"a@b..c", "'a@b..c' has a domain that no address has"},
    {"a@b/c", "'a@b/c' has a domain that no address has"},
    {"@", "'@' has a domain that no address has"},
    {"a@[1", "'a@[1' has a domain that no address has"},
    {"a@*b" U ".c", "'a@*b" U ".c' has a wildcard and other letters than "
                    "ASCII in one label of its domain"},
    {"<a@b>", "'<a@b>' has a character that stands in no pattern"},
    {"a@b;c@d", "'a@b;c@d' has a character that stands in no pattern"},
    {"\"a b\"@c", "'\"a' has a character that stands in no pattern"},
    {"a\xFF@b", "'a\xFF@b' is not in UTF-8"},
};

START_TEST(refuses_a_list)
{
    struct err err = {0};

    ck_assert(!pattern_list_check(span_of(wrong[_i].list), &err));
    ck_assert_str_eq(err.text, wrong[_i].says);
    ck_assert_int_eq(err.kind, ERR_CONFIG);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("pattern");

    tcase_add_loop_test(t, matches, 0, COUNT(cases));
    tcase_add_test(t, our_domain_may_be_unknown);
    tcase_add_test(t, time_is_bounded);
    tcase_add_loop_test(t, takes_a_list, 0, COUNT(good));
    tcase_add_loop_test(t, refuses_a_list, 0, COUNT(wrong));
    return unit_run("pattern", t);
}
