/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/encoded_word.h"
#include "unit.h"

#define U "=?utf-8?Q?"

static const struct {
    const char *rule;
    enum word_place place;
    struct span charset, text, want;
} cases[] = {
    {"ASCII", WORD_TEXT, SPAN_INIT("utf-8"), SPAN_INIT(" a  b\tc "),
     SPAN_INIT(" a  b\tc ")},
    {"words that need it", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT(" Gr\303\274n und Wei\303\237"),
     SPAN_INIT(" " U "Gr=C3=BCn?= und " U "Wei=C3=9F?=")},
    {"blanks between two of them go in", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("\303\274ber \tgr\303\274n"),
     SPAN_INIT(U "=C3=BCber_=09gr=C3=BCn?=")},
    {"another charset", WORD_TEXT, SPAN_INIT("iso-8859-1"),
     SPAN_INIT("Stra\337e"), SPAN_INIT("=?iso-8859-1?Q?Stra=DFe?=")},
    {"B where Q is long", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("\327\251\327\234\327\225\327\235"),
     SPAN_INIT("=?utf-8?B?16nXnNeV150=?=")},
    {"what Q escapes in text", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("\303\274=?_\"(,.ok"), SPAN_INIT(U "=C3=BC=3D=3F=5F\"(,.ok?=")},
    {"in a comment", WORD_COMMENT, SPAN_INIT("utf-8"),
     SPAN_INIT("\303\274=\",.okokokok"),
     SPAN_INIT(U "=C3=BC=3D=22,.okokokok?=")},
    {"in a phrase, where all is encoded", WORD_PHRASE, SPAN_INIT("utf-8"),
     SPAN_INIT("Dr. \303\274!*+-/"),
     SPAN_INIT(U "Dr=2E_=C3=BC!*+-/?=")},
    {"an encoded-word is kept", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("=?x?q?a?= b =?x?B?YQ==?="),
     SPAN_INIT("=?x?q?a?= b =?x?B?YQ==?=")},
    {"the blank beside one goes in", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("=?x?q?a?= \303\274 =?x?q?b?= c"),
     SPAN_INIT("=?x?q?a?= " U "_=C3=BC_?= =?x?q?b?= c")},
    {"one in a phrase", WORD_PHRASE, SPAN_INIT("utf-8"),
     SPAN_INIT("a =?x?q?b?= c"),
     SPAN_INIT(U "a_?= =?x?q?b?= " U "_c?=")},
    {"raw octets in one", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("=?iso-8859-1?Q?J\374r_=67en?= x"),
     SPAN_INIT("=?iso-8859-1?Q?J=FCr_gen?= x")},
    {"raw octets in base64", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("=?x?B?YQ\377==?="), SPAN_INIT("=?x?B?YQ==?=")},
    {"text beside one without a blank", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("\303\274=?x?q?a?=b=?x?q?c?= d"),
     SPAN_INIT(U "=C3=BC?= =?x?q?a?= " U "b?= =?x?q?c?= d")},
    {"and nothing that needs it", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("(=?x?q?a?=)"), SPAN_INIT("(=?x?q?a?=)")},
    {"what only looks like one", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("=?x?z?\303\274?= =??q?\303\274?="),
     SPAN_INIT("=?utf-8?B?PT94P3o/w7w/PSA9Pz9xP8O8Pz0=?=")},
    {"its charset is a name", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("=?\377?q?a?="), SPAN_INIT("=?utf-8?B?PT//P3E/YT89?=")},
    {"a character is not cut", WORD_TEXT, SPAN_INIT("utf-8"),
     SPAN_INIT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
               "\303\274x"),
     SPAN_INIT(U "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                 "xxxx?= " U "=C3=BCx?=")},
    {"of two octets neither", WORD_TEXT, SPAN_INIT("big5"),
     SPAN_INIT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
               "\244Ax"),
     SPAN_INIT("=?big5?Q?xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
               "xxxxxxxx?= =?big5?Q?=A4Ax?=")},
};

START_TEST(rule)
{
    struct buf out = {0};

    encoded_words(cases[_i].text, cases[_i].charset, cases[_i].place, &out);
    ck_assert_msg(span_eq(buf_span(&out), cases[_i].want),
                  "%s: got \"%.*s\"", cases[_i].rule,
                  SPAN_ARG(buf_span(&out)));
    buf_free(&out);
}
END_TEST

/* However long the text is, and whatever is in it. */
START_TEST(no_word_is_too_long)
{
    static const struct span parts[] = {
        SPAN_INIT("x"), SPAN_INIT("\303\274"), SPAN_INIT("\342\202\254"),
        SPAN_INIT("\360\237\230\200"),
    };
    struct buf text = {0}, out = {0};
    struct span rest, word;

    for (int i = 0; i < 300; i++)
        buf_add(&text, parts[(i * (_i + 3) + i / 7) % 4]);
    encoded_word_encode(buf_span(&text), S("utf-8"), (enum word_place)(_i % 3),
                        &out);
    for (rest = buf_span(&out); span_word(&rest, ' ', &word);) {
        struct encoded_word w;

        ck_assert_uint_le(word.n, 75);
        ck_assert(encoded_word_find(word, &w));
        ck_assert_span(w.whole, word);
    }
    buf_free(&text);
    buf_free(&out);
}
END_TEST

START_TEST(a_long_word_is_encoded)
{
    struct buf text = {0}, out = {0};

    for (int i = 0; i < ENCODED_WORD_LONG + _i; i++)
        buf_addc(&text, 'x');
    encoded_words(buf_span(&text), S("utf-8"), WORD_TEXT, &out);
    ck_assert_int_eq(span_starts(buf_span(&out), S("=?")), _i);
    buf_free(&text);
    buf_free(&out);
}
END_TEST

START_TEST(find)
{
    struct encoded_word w;

    ck_assert(!encoded_word_find(S("=?x?q?a b?= =?x?q?="), &w));
    ck_assert(encoded_word_find(S("=?=?a*en?b?YQ?=?="), &w));
    ck_assert_span(w.whole, S("=?a*en?b?YQ?="));
    ck_assert_span(w.charset, S("a*en"));
    ck_assert_span(w.text, S("YQ"));
    ck_assert_int_eq(w.encoding, 'b');
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("encoded_word");

    tcase_add_loop_test(t, rule, 0, COUNT(cases));
    tcase_add_loop_test(t, no_word_is_too_long, 0, 12);
    tcase_add_loop_test(t, a_long_word_is_encoded, 0, 2);
    tcase_add_test(t, find);
    return unit_run("encoded_word", t);
}
