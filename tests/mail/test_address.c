/* SPDX-License-Identifier: GPL-3.0-or-later */
/* address - every form of RFC 5322, 3.4 and 4.4, and what is none */
#include "mail/address.h"

#include "base/mem.h"
#include "unit.h"

/*
 * What is read is shown as "local|domain|display", with " ; " between two and
 * the unqualified without "|domain".
 */
static const struct {
    const char *rule;
    struct span text, list;
} cases[] = {
    {"nothing", SPAN_INIT(""), SPAN_INIT("")},
    {"blanks", SPAN_INIT(" \t\n "), SPAN_INIT("")},
    {"an address", SPAN_INIT("bob@example.org"),
     SPAN_INIT("bob|example.org")},
    {"a login", SPAN_INIT("bob"), SPAN_INIT("bob")},
    {"in brackets", SPAN_INIT("<bob@example.org>"),
     SPAN_INIT("bob|example.org")},
    {"a login in brackets", SPAN_INIT("Bob <bob>"), SPAN_INIT("bob||Bob")},
    {"with a name", SPAN_INIT("Bob Smith <bob@a.b>"),
     SPAN_INIT("bob|a.b|Bob Smith")},
    {"with a quoted name", SPAN_INIT("\"Smith, Bob \\\"x\\\"\" <bob@a.b>"),
     SPAN_INIT("bob|a.b|Smith, Bob \"x\"")},
    {"a quoted name that folds", SPAN_INIT("\"Smith,\n Bob\" <bob@a.b>"),
     SPAN_INIT("bob|a.b|Smith, Bob")},
    {"controls in a name are blanks", SPAN_INIT("\"a\tb\\\x01\" <bob@a.b>"),
     SPAN_INIT("bob|a.b|a b ")},
    {"words of both kinds", SPAN_INIT("Bob\t\"J.\" (x)Smith <bob@a.b>"),
     SPAN_INIT("bob|a.b|Bob J. Smith")},
    {"a name with dots", SPAN_INIT("Bob J. Smith Jr.<bob@a.b>"),
     SPAN_INIT("bob|a.b|Bob J. Smith Jr.")},
    {"a name that is an address", SPAN_INIT("bob@a.b <bob@a.b>"),
     SPAN_INIT("bob|a.b|bob@a.b")},
    {"a name in brackets", SPAN_INIT("[list] Bob <bob@a.b>"),
     SPAN_INIT("bob|a.b|[list] Bob")},
    {"an encoded word", SPAN_INIT("=?utf-8?Q?B=C3=B6?= <bob@a.b>"),
     SPAN_INIT("bob|a.b|=?utf-8?Q?B=C3=B6?=")},
    {"UTF-8 everywhere", SPAN_INIT("J\xC3\xB6 <j\xC3\xB6@b\xC3\xBC.x>"),
     SPAN_INIT("j\xC3\xB6|b\xC3\xBC.x|J\xC3\xB6")},
    {"a name in Latin-1", SPAN_INIT("J\xF6 <j@b>"),
     SPAN_INIT("j|b|J\xF6")},
    {"a list", SPAN_INIT("a@b,c@d, E <e@f>"), SPAN_INIT("a|b ; c|d ; e|f|E")},
    {"a list that folds", SPAN_INIT("a@b,\n\tc@d,\n e@f"),
     SPAN_INIT("a|b ; c|d ; e|f")},
    {"the same twice", SPAN_INIT("a@b, a@b"), SPAN_INIT("a|b ; a|b")},
    {"empty places", SPAN_INIT(",,a@b, ,(x),c@d,"), SPAN_INIT("a|b ; c|d")},
    {"every character of an atom", SPAN_INIT("!#$%&'*+-/=?^_`{|}~9Z@b"),
     SPAN_INIT("!#$%&'*+-/=?^_`{|}~9Z|b")},
    {"a bang path", SPAN_INIT("host!bob"), SPAN_INIT("host!bob")},
    {"a percent sign", SPAN_INIT("bob%x@b"), SPAN_INIT("bob%x|b")},
    {"a quoted local part", SPAN_INIT("\"a b\"@c"), SPAN_INIT("\"a b\"|c")},
    {"with an at sign", SPAN_INIT("\"a@b\"@c"), SPAN_INIT("\"a@b\"|c")},
    {"with quotes", SPAN_INIT("\"a\\\"\\\\b\"@c"),
     SPAN_INIT("\"a\\\"\\\\b\"|c")},
    {"with brackets", SPAN_INIT("<\"<>\"@c>"), SPAN_INIT("\"<>\"|c")},
    {"quoted for nothing", SPAN_INIT("\"a.\\b\"@c"), SPAN_INIT("a.b|c")},
    {"empty in quotes", SPAN_INIT("\"\"@c"), SPAN_INIT("\"\"|c")},
    {"a local part in pieces", SPAN_INIT("a . \"b\" (x) .\n c @ d (y) . e"),
     SPAN_INIT("a.b.c|d.e")},
    {"one piece in quotes", SPAN_INIT("a.\"b c\".d@e"),
     SPAN_INIT("\"a.b c.d\"|e")},
    {"two dots", SPAN_INIT("a..b@c"), SPAN_INIT("\"a..b\"|c")},
    {"a dot last", SPAN_INIT("a.@c"), SPAN_INIT("\"a.\"|c")},
    {"a dot first", SPAN_INIT(".a@c"), SPAN_INIT("\".a\"|c")},
    {"a comment", SPAN_INIT("root (Cron Daemon)"), SPAN_INIT("root")},
    {"comments everywhere", SPAN_INIT("(a)b(c)@(d)e(f)(g)"),
     SPAN_INIT("b|e")},
    {"comments in brackets", SPAN_INIT("(a)B(c)<(d)e(f)@(g)h(i)>(j)"),
     SPAN_INIT("e|h|B")},
    {"comments in comments", SPAN_INIT("a@b (x (y, (z@)) \\) \\( \")"),
     SPAN_INIT("a|b")},
    {"a comment with a comma", SPAN_INIT("a@b (x, y), (c) c@d"),
     SPAN_INIT("a|b ; c|d")},
    {"a parenthesis in quotes", SPAN_INIT("\"(\" <a@b>, c@d"),
     SPAN_INIT("a|b|( ; c|d")},
    {"IPv4", SPAN_INIT("a@[192.0.2.1]"), SPAN_INIT("a|[192.0.2.1]")},
    {"IPv6", SPAN_INIT("<a@[IPv6:2001:db8::1]>"),
     SPAN_INIT("a|[IPv6:2001:db8::1]")},
    {"a literal with blanks and pairs", SPAN_INIT("a@[ 1.\n 2\\.3.4\t] (x)"),
     SPAN_INIT("a|[1.2.3.4]")},
    {"a route", SPAN_INIT("<@a.b:c@d>"), SPAN_INIT("c|d")},
    {"a long route", SPAN_INIT("C <@a , ,@[b:1] (x) : c@d>"),
     SPAN_INIT("c|d|C")},
    {"a group", SPAN_INIT("friends: a@b, C <c@d>;"),
     SPAN_INIT("a|b ; c|d|C")},
    {"an empty group", SPAN_INIT("undisclosed-recipients:;"), SPAN_INIT("")},
    {"nearly empty", SPAN_INIT("\"a, b\" c : , (x) , ; (y)"), SPAN_INIT("")},
    {"groups in a list", SPAN_INIT("a@b, g:;, h: c@d;, e@f"),
     SPAN_INIT("a|b ; c|d ; e|f")},
    {"a group and no comma", SPAN_INIT("g: a@b; c@d"),
     SPAN_INIT("a|b ; c|d")},
};

static void show(const struct address *a, struct buf *out)
{
    buf_add(out, a->local);
    if (!span_empty(a->domain) || !span_empty(a->display))
        buf_printf(out, "|%.*s", SPAN_ARG(a->domain));
    if (!span_empty(a->display))
        buf_printf(out, "|%.*s", SPAN_ARG(a->display));
    if (a->next)
        buf_add(out, S(" ; "));
}

START_TEST(reads)
{
    struct arena arena = {0};
    struct address *a;
    struct err err = {0};
    struct buf out = {0};
    bool good = address_read(cases[_i].text, &arena, &a, &err);

    ck_assert_msg(good, "%s: %s", cases[_i].rule, err.text);
    for (; a; a = a->next)
        show(a, &out);
    ck_assert_msg(span_eq(buf_span(&out), cases[_i].list),
                  "%s: got \"%.*s\"", cases[_i].rule,
                  SPAN_ARG(buf_span(&out)));
    buf_free(&out);
    arena_free(&arena);
}
END_TEST

#define WORDS "there are words side by side that make no address, at "
#define NO_KIND "a character stands where none of its kind can, at "
#define CONTROL "there is a control character, at "

static const struct {
    struct span text;
    const char *error;
} wrong[] = {
    {SPAN_INIT("bob@"), "there is no domain behind '@'"},
    {SPAN_INIT("b\xC2\x80@a"), CONTROL "'b\xC2\x80@a'"},
    {SPAN_INIT("\"\xC2\x9F\"@a"), CONTROL "'\"\xC2\x9F\"@a'"},
    {SPAN_INIT("bob@ (x), c@d"), "there is no domain behind '@', at ' (x), "
                                "c@d'"},
    {SPAN_INIT("<bob@>"), "there is no domain behind '@', at '>'"},
    {SPAN_INIT("@b"), "there is no address, at '@b'"},
    {SPAN_INIT("."), "there is no address, at '.'"},
    {SPAN_INIT("<>"), "there is no address, at '>'"},
    {SPAN_INIT("Bob <>"), "there is no address, at '>'"},
    {SPAN_INIT("Bob < >"), "there is no address, at ' >'"},
    {SPAN_INIT("<@a:>"), "there is no address, at '>'"},
    {SPAN_INIT("<@a,@b>"), "there is no address, at '@a,@b>'"},
    {SPAN_INIT("a@@b, c@d"), "a domain cannot go on, at '@b, c@d'"},
    {SPAN_INIT("a@b@c"), "a domain cannot go on, at '@c'"},
    {SPAN_INIT("a@\"b\""), "a domain cannot go on, at '\"b\"'"},
    {SPAN_INIT("a@b.c d@e"), WORDS "'d@e'"},
    {SPAN_INIT("a@[1][2]"), WORDS "'[2]'"},
    {SPAN_INIT("Bob Smith"), WORDS "'Smith'"},
    {SPAN_INIT("\"a\"b@c"), WORDS "'b@c'"},
    {SPAN_INIT("a[1]@c"), "this is no address, at '[1]@c'"},
    {SPAN_INIT("<a,b@c>"), "this is no address, at ',b@c>'"},
    {SPAN_INIT("<a@b"), "'<' is not closed, at 'a@b'"},
    {SPAN_INIT("A <a@b, C <c@d>"), "'<' is not closed, at 'a@b, C <c@d>'"},
    {SPAN_INIT("<<a@b>>"), "'<' is not closed, at '<a@b>>'"},
    {SPAN_INIT("a@b>"), "a comma is missing, at '>'"},
    {SPAN_INIT("<a@b> c"), "a comma is missing, at 'c'"},
    {SPAN_INIT("<a@b> <c@d>"), "a comma is missing, at '<c@d>'"},
    {SPAN_INIT("a@b;c@d"), "';' ends no group, at ';c@d'"},
    {SPAN_INIT("g:a@b;;"), "';' ends no group, at ';'"},
    {SPAN_INIT("g: a@b"), "a group is not closed by ';'"},
    {SPAN_INIT("g: a@b,"), "a group is not closed by ';'"},
    {SPAN_INIT("g:"), "a group is not closed by ';'"},
    {SPAN_INIT("g: h: a@b;;"), "a group cannot stand in a group, at "
                               "' h: a@b;;'"},
    {SPAN_INIT(":a@b;"), "this is no name of a group, at ':a@b;'"},
    {SPAN_INIT("a@b:c@d;"), "this is no name of a group, at 'a@b:c@d;'"},
    {SPAN_INIT("a@b (x"), "a comment is not closed, at '(x'"},
    {SPAN_INIT("(x\\)"), "a comment is not closed, at '(x\\)'"},
    {SPAN_INIT("(x\\"), "a comment is not closed, at '(x\\'"},
    {SPAN_INIT("((x)"), "a comment is not closed, at '((x)'"},
    {SPAN_INIT("a@b)"), NO_KIND "')'"},
    {SPAN_INIT("a@b]"), NO_KIND "']'"},
    {SPAN_INIT("a\\@b"), NO_KIND "'\\@b'"},
    {SPAN_INIT("\"Bob <a@b>"), "a quoted string is not closed, at '\"Bob "
                               "<a@b>'"},
    {SPAN_INIT("\"a\\\""), "a quoted string is not closed, at '\"a\\\"'"},
    {SPAN_INIT("a@[1.2"), "an address literal is not closed, at '[1.2'"},
    {SPAN_INIT("a\nb@c"), CONTROL "'\nb@c'"},
    {SPAN_INIT("a@b\n"), CONTROL "'\n'"},
    {SPAN_INIT("a@b\r\n RCPT"), CONTROL "'\r\n RCPT'"},
    {SPAN_INIT("a\x7F@b"), CONTROL "'\x7F@b'"},
    {SPAN_INIT("a\x01@b"), CONTROL "'\x01@b'"},
    {SPAN_INIT("\"a\tb\"@c"), CONTROL "'\"a\tb\"@c'"},
    {SPAN_INIT("\"a\\\nb\"@c"), CONTROL "'\"a\\\nb\"@c'"},
    {SPAN_INIT("a@[1\x02]"), CONTROL "'[1\x02]'"},
    {SPAN_INIT("\xFC@b"), "an address is not in UTF-8, at '\xFC@b'"},
    {SPAN_INIT("a@\xFC"), "an address is not in UTF-8, at '\xFC'"},
    {SPAN_INIT("ok@b, \xFC"), "an address is not in UTF-8, at ' \xFC'"},
};

START_TEST(refuses)
{
    struct arena arena = {0};
    struct address *a;
    struct err err = {0};

    ck_assert_msg(!address_read(wrong[_i].text, &arena, &a, &err), "%.*s",
                  SPAN_ARG(wrong[_i].text));
    ck_assert_str_eq(err.text, wrong[_i].error);
    ck_assert_int_eq(err.kind, ERR_DATA);
    ck_assert_ptr_null(a);
    arena_free(&arena);
}
END_TEST

START_TEST(a_missing_comma_has_a_hint)
{
    struct arena arena = {0};
    struct address *a;
    struct err err = {0};

    ck_assert(!address_read(S("a@b c@d"), &arena, &a, &err));
    ck_assert_str_eq(err.hint, "put commas between addresses, and angle "
                               "brackets around one that has a name");
    arena_free(&arena);
}
END_TEST

/*
 * Cut anywhere, a text is read or refused, and never beyond its end: it lies
 * in memory of its own, as long as it is, where a sanitizer sees that.
 */
START_TEST(any_beginning)
{
    for (size_t n = 1; n <= cases[_i].text.n; n++) {
        struct arena arena = {0};
        struct address *a;
        struct err err = {0};
        char *text = mem_zero(n, 1);

        memcpy(text, cases[_i].text.p, n);
        ck_assert(address_read((struct span){text, n}, &arena, &a, &err)
                  == (err.kind == ERR_NONE));
        mem_free(text);
        arena_free(&arena);
    }
}
END_TEST

static const struct {
    struct span text, marked;
} ends[] = {
    {SPAN_INIT("root (Cron)"), SPAN_INIT("root! (Cron)")},
    {SPAN_INIT(" <root>, b@c"), SPAN_INIT(" <root!>, b!@c")},
    {SPAN_INIT("A <\"b c\" >,(x)d"), SPAN_INIT("A <\"b c\"! >,(x)d!")},
    {SPAN_INIT("g: a . b (x) ;"), SPAN_INIT("g: a . b! (x) ;")},
};

START_TEST(tells_where_a_local_part_ends)
{
    struct arena arena = {0};
    struct address *a;
    struct err err = {0};
    struct buf out = {0};
    size_t done = 0;

    ck_assert(address_read(ends[_i].text, &arena, &a, &err));
    for (; a; done = a->local_end, a = a->next)
        buf_printf(&out, "%.*s!",
                   SPAN_ARG(span_from(span_upto(ends[_i].text, a->local_end),
                                      done)));
    buf_add(&out, span_from(ends[_i].text, done));
    ck_assert_span(buf_span(&out), ends[_i].marked);
    buf_free(&out);
    arena_free(&arena);
}
END_TEST

/* "{" where one begins, "[" and "]" around local part and domain. */
static const struct {
    struct span text, marked;
} places[] = {
    {SPAN_INIT("a@b"), SPAN_INIT("{[a@b]")},
    {SPAN_INIT(" root (Cron) , c"), SPAN_INIT(" {[root] (Cron) , {[c]")},
    {SPAN_INIT("(x) Bob\n J. (y) <b@c.d> (z)"),
     SPAN_INIT("(x) {Bob\n J. (y) <[b@c.d]> (z)")},
    {SPAN_INIT(" <root>,\"R\"<\"r\" @ [1.2] (x) >"),
     SPAN_INIT(" {<[root]>,{\"R\"<[\"r\" @ [1.2]] (x) >")},
    {SPAN_INIT("<@hop,@hup:a@b>"), SPAN_INIT("{<@hop,@hup:[a@b]>")},
    {SPAN_INIT("g: a (x), (y) b . c ;"),
     SPAN_INIT("g: {[a] (x), (y) {[b . c] ;")},
    {SPAN_INIT(".a@b . c (x)"), SPAN_INIT("{[.a@b . c] (x)")},
};

START_TEST(tells_where_an_address_stands)
{
    struct span text = places[_i].text;
    struct arena arena = {0};
    struct address *a;
    struct err err = {0};
    struct buf out = {0};
    size_t done = 0;

    ck_assert(address_read(text, &arena, &a, &err));
    for (; a; done = a->end, a = a->next)
        buf_printf(&out, "%.*s{%.*s[%.*s]",
                   SPAN_ARG(span_from(span_upto(text, a->begin), done)),
                   SPAN_ARG(span_from(span_upto(text, a->local_at), a->begin)),
                   SPAN_ARG(span_from(span_upto(text, a->end), a->local_at)));
    buf_add(&out, span_from(text, done));
    ck_assert_span(buf_span(&out), places[_i].marked);
    buf_free(&out);
    arena_free(&arena);
}
END_TEST

START_TEST(an_excerpt_cuts_no_character)
{
    ck_assert_span(address_excerpt(S("abc"), 3), S("abc"));
    ck_assert_span(address_excerpt(S("abcd"), 3), S("abc"));
    ck_assert_span(address_excerpt(S("ab\xE2\x82\xAC" "d"), 4), S("ab"));
    ck_assert_span(address_excerpt(S("ab\xE2\x82\xAC" "d"), 5),
                   S("ab\xE2\x82\xAC"));
    ck_assert_span(address_excerpt(S("\x80\x80"), 1), S(""));
}
END_TEST

static const struct {
    const char *rule, *unit;
    size_t bytes; /* of the whole          */
    bool good;
    size_t count; /* of what is read       */
} hostile[] = {
    {"comments that open", "(", 100000, false, 0},
    {"comments that close", "()", 200000, true, 0},
    {"backslashes", "\\", 1000000, false, 0},
    {"quotes", "\"\\\"\"", 1000000, false, 0},
    {"brackets", "<", 1000000, false, 0},
    {"colons", "a:", 1000000, false, 0},
    {"groups", "a:;", 999999, true, 0},
    {"commas", ",", 1048576, true, 0},
    {"logins", "a,", 1048576, true, 524288},
    {"addresses", "a@b,", 1048576, true, 262144},
    {"dots", "a.", 1048576, true, 1},
    {"at signs", "a@", 1000000, false, 0},
    {"words", "a ", 1000000, false, 0},
    {"folds", "\n ", 1000000, true, 0},
    {"route", "<@", 1000000, false, 0},
};

START_TEST(is_linear)
{
    struct arena arena = {0};
    struct address *a;
    struct err err = {0};
    struct buf text = {0};
    size_t unit = strlen(hostile[_i].unit), count = 0;
    char *room = buf_room(&text, hostile[_i].bytes);

    for (size_t i = 0; i < hostile[_i].bytes; i++)
        room[i] = hostile[_i].unit[i % unit];
    buf_filled(&text, hostile[_i].bytes);
    ck_assert_msg(address_read(buf_span(&text), &arena, &a, &err)
                      == hostile[_i].good,
                  "%s: %s", hostile[_i].rule, err.text);
    for (; a; a = a->next)
        count++;
    ck_assert_uint_eq(count, hostile[_i].count);
    buf_free(&text);
    arena_free(&arena);
}
END_TEST

START_TEST(comments_nest_100000_deep)
{
    struct arena arena = {0};
    struct address *a;
    struct err err = {0};
    struct buf text = {0};
    char *room = buf_room(&text, 200003);

    memset(room, '(', 100000);
    memset(room + 100000, ')', 100000);
    memcpy(room + 200000, "a@b", 3);
    buf_filled(&text, 200003);
    ck_assert(address_read(buf_span(&text), &arena, &a, &err));
    ck_assert_span(a->local, S("a"));
    buf_free(&text);
    arena_free(&arena);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("address");

    tcase_add_loop_test(t, reads, 0, COUNT(cases));
    tcase_add_loop_test(t, refuses, 0, COUNT(wrong));
    tcase_add_test(t, a_missing_comma_has_a_hint);
    tcase_add_loop_test(t, any_beginning, 0, COUNT(cases));
    tcase_add_loop_test(t, tells_where_a_local_part_ends, 0, COUNT(ends));
    tcase_add_loop_test(t, tells_where_an_address_stands, 0, COUNT(places));
    tcase_add_test(t, an_excerpt_cuts_no_character);
    tcase_add_loop_test(t, is_linear, 0, COUNT(hostile));
    tcase_add_test(t, comments_nest_100000_deep);
    return unit_run("address", t);
}
