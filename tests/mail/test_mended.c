/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mended - lists with an "@" that no domain is behind */
#include "mail/mended.h"

#include "unit.h"

static const struct {
    const char *rule;
    struct span body, text; /* equal: it is the body itself */
    bool good;
} cases[] = {
    {"a list is read as it is", SPAN_INIT(" a@b,\n c (@) "),
     SPAN_INIT(" a@b,\n c (@) "), true},
    {"so is an empty one", SPAN_INIT(" "), SPAN_INIT(" "), true},
    {"at the end", SPAN_INIT(" root@"), SPAN_INIT(" root"), true},
    {"before blanks", SPAN_INIT("root@ \n "), SPAN_INIT("root \n "), true},
    {"in brackets", SPAN_INIT("A <root@>"), SPAN_INIT("A <root>"), true},
    {"before a comma", SPAN_INIT("a@ ,b@c"), SPAN_INIT("a ,b@c"), true},
    {"in a group", SPAN_INIT("g: a@b, c@;"), SPAN_INIT("g: a@b, c;"), true},
    {"before a comment", SPAN_INIT("a@ (b)"), SPAN_INIT("a (b)"), true},
    {"more than one", SPAN_INIT("a@, b@"), SPAN_INIT("a, b"), true},
    {"not in strings and comments", SPAN_INIT("\"a@>\" <b@> (@, (@))"),
     SPAN_INIT("\"a@>\" <b> (@, (@))"), true},
    {"blanks between addresses", SPAN_INIT(" a@b c@d,\n e@f\t g.h@i "),
     SPAN_INIT(" a@b, c@d,\n e@f,\t g.h@i "), true},
    {"not where one is not complete", SPAN_INIT("a@b c"),
     SPAN_INIT("a@b c"), false},
    {"nothing else is mended", SPAN_INIT("a b"), SPAN_INIT("a b"), false},
    {"nor beside one", SPAN_INIT("a b, c@"), SPAN_INIT("a b, c@"), false},
    {"nor an address that is nothing else", SPAN_INIT("<@>"),
     SPAN_INIT("<@>"), false},
    {"nor a string that does not end", SPAN_INIT("a@, \"b@"),
     SPAN_INIT("a@, \"b@"), false},
};

START_TEST(reads_and_mends)
{
    struct arena arena = {0};
    struct address *first;
    struct span text;
    bool good = mended_read(cases[_i].body, &arena, &text, &first);
    bool same = span_eq(cases[_i].body, cases[_i].text);

    ck_assert_msg(good == cases[_i].good, "%s", cases[_i].rule);
    ck_assert_span(text, cases[_i].text);
    ck_assert((text.p == cases[_i].body.p) == same);
    ck_assert(good || !first);
    arena_free(&arena);
}
END_TEST

static const struct {
    struct span text, commas;
    bool good;
} lists[] = {
    {SPAN_INIT("a@b c@d"), SPAN_INIT("a@b, c@d"), true},
    {SPAN_INIT("a@b"), SPAN_INIT("a@b"), true},
    {SPAN_INIT(" , a@b ,, c@d e@f , "), SPAN_INIT(" , a@b ,, c@d, e@f , "),
     true},
    {SPAN_INIT(""), SPAN_INIT(""), true},
    {SPAN_INIT("a@b c@"), SPAN_INIT(""), false},
    {SPAN_INIT("a@b @c"), SPAN_INIT(""), false},
    {SPAN_INIT("a@b root"), SPAN_INIT(""), false},
    {SPAN_INIT("a@b c@d@e"), SPAN_INIT(""), false},
    {SPAN_INIT("a@b <c@d>"), SPAN_INIT(""), false},
    {SPAN_INIT("\"a@b c@d\""), SPAN_INIT(""), false},
    {SPAN_INIT("a@b (c@d)"), SPAN_INIT(""), false},
    {SPAN_INIT("a@b; c@d"), SPAN_INIT(""), false},
    {SPAN_INIT("a@b\rc@d"), SPAN_INIT(""), false},
    {SPAN_INIT("g: a@b c@d;"), SPAN_INIT(""), false},
};

START_TEST(blanks_for_commas)
{
    struct buf out = {0};

    buf_add(&out, S("x"));
    ck_assert(mended_commas(lists[_i].text, &out) == lists[_i].good);
    ck_assert_span(span_from(buf_span(&out), 1), lists[_i].commas);
    buf_free(&out);
}
END_TEST

/* Where the addresses stand is told for what was read. */
START_TEST(places_are_those_of_the_text)
{
    struct arena arena = {0};
    struct address *first;
    struct span text;

    ck_assert(mended_read(S("a@, b@"), &arena, &text, &first));
    ck_assert_span(first->local, S("a"));
    ck_assert_uint_eq(first->local_end, 1);
    ck_assert_span(first->next->local, S("b"));
    ck_assert_uint_eq(first->next->local_end, 4);
    ck_assert_ptr_null(first->next->next);
    arena_free(&arena);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("mended");

    tcase_add_loop_test(t, reads_and_mends, 0, COUNT(cases));
    tcase_add_loop_test(t, blanks_for_commas, 0, COUNT(lists));
    tcase_add_test(t, places_are_those_of_the_text);
    return unit_run("mended", t);
}
