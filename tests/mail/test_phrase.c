/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phrase - names made into phrases, and found in lists of addresses */
#include "mail/phrase.h"

#include "base/mem.h"
#include "unit.h"

#define U "\xC3\xBC"
#define WORD "=?utf-8?Q?B=C3=B6?="

static const struct {
    const char *rule;
    struct span text, phrase;
} made[] = {
    {"nothing", SPAN_INIT(""), SPAN_INIT("")},
    {"blanks", SPAN_INIT(" \t\n"), SPAN_INIT("")},
    {"words", SPAN_INIT("Alice X"), SPAN_INIT("Alice X")},
    {"UTF-8", SPAN_INIT("J" U "rg"), SPAN_INIT("J" U "rg")},
    {"specials", SPAN_INIT("O\"B, A. (x) \\"),
     SPAN_INIT("\"O\\\"B, A. (x) \\\\\"")},
    {"controls", SPAN_INIT("A\r\nB\0C\x7F"), SPAN_INIT("A  B C")},
    {"an encoded-word", SPAN_INIT(WORD), SPAN_INIT(WORD)},
    {"beside words", SPAN_INIT("Mr " WORD " X"),
     SPAN_INIT("Mr " WORD " X")},
    {"beside specials", SPAN_INIT("Dr. " WORD "  (x)"),
     SPAN_INIT("\"Dr.\" " WORD " \"(x)\"")},
    {"two of them", SPAN_INIT(WORD " =?x?b?QQ==?="),
     SPAN_INIT(WORD " =?x?b?QQ==?=")},
    {"with what only a comment may have", SPAN_INIT("=?x?q?a,b.c'd\"=41?="),
     SPAN_INIT("=?x?q?a=2Cb=2Ec=27d=22=41?=")},
    {"base64 that is none is none", SPAN_INIT("=?x?b?a.b?= " WORD),
     SPAN_INIT("\"=?x?b?a.b?=\" " WORD)},
    {"nor is one that does not end", SPAN_INIT("=?utf-8?Q?B"),
     SPAN_INIT("=?utf-8?Q?B")},
};

START_TEST(makes_a_phrase)
{
    struct buf out = {0};

    phrase_add(made[_i].text, &out);
    ck_assert_span(buf_span(&out), made[_i].phrase);
    buf_clear(&out);
    buf_add(&out, S("x "));
    phrase_add(made[_i].text, &out);
    ck_assert_span(span_from(buf_span(&out), 2), made[_i].phrase);
    buf_free(&out);
}
END_TEST

static const struct {
    const char *rule;
    struct span list, phrase;
} found[] = {
    {"no list", SPAN_INIT(""), SPAN_INIT("")},
    {"no name", SPAN_INIT("a@b"), SPAN_INIT("")},
    {"nor in brackets", SPAN_INIT(" <a@b>"), SPAN_INIT("")},
    {"words", SPAN_INIT("Cron Daemon <root>"), SPAN_INIT("Cron Daemon")},
    {"words with a fold", SPAN_INIT("\n Cron\n\tDaemon <root>"),
     SPAN_INIT("Cron\n\tDaemon")},
    {"a quoted string", SPAN_INIT("\"Smith, \\\"Bob\\\" <x>\"<a@b>"),
     SPAN_INIT("\"Smith, \\\"Bob\\\" <x>\"")},
    {"encoded-words", SPAN_INIT(WORD "\n " WORD " <a@b>"),
     SPAN_INIT(WORD "\n " WORD)},
    {"8-bit", SPAN_INIT("J\xF6 <a@b>"), SPAN_INIT("J\xF6")},
    {"with a comment in it", SPAN_INIT("Bob (x) Smith <a@b>"),
     SPAN_INIT("Bob (x) Smith")},
    {"with a dot", SPAN_INIT("Bob J. Smith <a@b>"),
     SPAN_INIT("Bob J. Smith")},
    {"a comment behind", SPAN_INIT("root (Cron Daemon)"),
     SPAN_INIT("Cron Daemon")},
    {"behind brackets", SPAN_INIT("<root> (Cron Daemon)"),
     SPAN_INIT("Cron Daemon")},
    {"before them", SPAN_INIT("(Cron Daemon) <root>"),
     SPAN_INIT("Cron Daemon")},
    {"a name comes before it", SPAN_INIT("Bob <root> (Cron)"),
     SPAN_INIT("Bob")},
    {"an empty name does not", SPAN_INIT("\"\" <root> (Cron)"),
     SPAN_INIT("Cron")},
    {"the first that says something", SPAN_INIT("() root ( ) (a) (b)"),
     SPAN_INIT("a")},
    {"one with specials", SPAN_INIT("root (a \\(b\\) (c.) \\\\)"),
     SPAN_INIT("\"a (b) (c.) \\\\\"")},
    {"one that folds", SPAN_INIT("root (a\n\tb)"), SPAN_INIT("a b")},
    {"one with an encoded-word", SPAN_INIT("root (" WORD ", b)"),
     SPAN_INIT(WORD " \", b\"")},
    {"of several the first", SPAN_INIT(" , A B <a@b>, C <c@d> (e)"),
     SPAN_INIT("A B")},
    {"though the second has one", SPAN_INIT("a@b, C <c@d> (e)"),
     SPAN_INIT("")},
    {"nor in brackets", SPAN_INIT("<a@b>, C <c@d>"), SPAN_INIT("")},
    {"or a comment", SPAN_INIT("a@b, c (e)"), SPAN_INIT("")},
    {"not that of a group", SPAN_INIT("My Group: A <a@b>, C <c@d>;"),
     SPAN_INIT("A")},
    {"nor of an empty one", SPAN_INIT("G (x): ; , C <c@d>"), SPAN_INIT("C")},
    {"a comma in brackets ends nothing", SPAN_INIT("Bob <@a,@b:c@d> (x)"),
     SPAN_INIT("Bob")},
    {"nor does one before the name", SPAN_INIT("<@a,@b:c@d> (x)"),
     SPAN_INIT("x")},
    {"nor one in a literal", SPAN_INIT("a@[,] (x)"), SPAN_INIT("x")},
    {"nor in a quoted local part", SPAN_INIT("\"a,b\"@c (x)"),
     SPAN_INIT("x")},
    {"nor in one in brackets", SPAN_INIT("<\">,\"@c> (x)"), SPAN_INIT("x")},
    {"brackets with brackets in quotes", SPAN_INIT("Bob <\">,\"@c> (x)"),
     SPAN_INIT("Bob")},
};

START_TEST(finds_the_first)
{
    struct buf out = {0};

    phrase_of_first(found[_i].list, &out);
    ck_assert_msg(span_eq(buf_span(&out), found[_i].phrase),
                  "%s: got \"%s\"", found[_i].rule, buf_cstring(&out));
    buf_free(&out);
}
END_TEST

/* What ends nowhere is no list, but must not lead out of the text. */
START_TEST(broken_lists_are_survived)
{
    static const char *const lists[] = {
        "\"a", "(a", "[a", "<a", "a <\"b", "a (b\\", "\"\\", "<(", "(()",
    };

    for (size_t i = 0; i < COUNT(lists); i++) {
        size_t n = strlen(lists[i]);
        char *exact = mem_zero(n, 1);
        struct buf out = {0};

        memcpy(exact, lists[i], n);
        phrase_of_first((struct span){exact, n}, &out);
        ck_assert_uint_le(out.len, 1);
        buf_free(&out);
        mem_free(exact);
    }
}
END_TEST

static const struct {
    const char *phrase, *text;
} said[] = {
    {"", ""}, {"Bob", "Bob"}, {"\"Smith, \\\"B\\\"\"", "Smith, \"B\""},
    {"a (b) c", "a c"}, {"\" \"", ""}, {"a\n b", "a b"}, {WORD, WORD},
    {"J" U, "J" U}, {"\"a", ""},
};

START_TEST(tells_what_it_says)
{
    struct arena arena = {0};

    ck_assert_span(phrase_text(span_of(said[_i].phrase), &arena),
                   span_of(said[_i].text));
    arena_free(&arena);
}
END_TEST

static const struct {
    const char *text;
    size_t length;
} tokens[] = {
    {"", 0}, {"ab", 1}, {"\"a\\\"b\"c", 6}, {"\"a", 0}, {"\"a\\\"", 0},
    {"(a(b)c)d", 7}, {"(a\\)b)", 6}, {"(a(b)", 0}, {"[a]b", 3}, {"[(]", 3},
    {"()", 2}, {")", 1}, {"\"(\"", 3}, {"(\")", 3},
};

START_TEST(takes_a_token)
{
    ck_assert_uint_eq(phrase_token(span_of(tokens[_i].text)),
                      tokens[_i].length);
}
END_TEST

START_TEST(trims_blanks_and_folds)
{
    ck_assert_span(phrase_trim(S(" \n\t a\n b \n")), S("a\n b"));
    ck_assert_span(phrase_trim(S(" \n")), S(""));
    ck_assert_span(phrase_trim(S("")), S(""));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("phrase");

    tcase_add_loop_test(t, makes_a_phrase, 0, COUNT(made));
    tcase_add_loop_test(t, finds_the_first, 0, COUNT(found));
    tcase_add_test(t, broken_lists_are_survived);
    tcase_add_loop_test(t, tells_what_it_says, 0, COUNT(said));
    tcase_add_loop_test(t, takes_a_token, 0, COUNT(tokens));
    tcase_add_test(t, trims_blanks_and_folds);
    return unit_run("phrase", t);
}
