/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ehlo - every keyword, in every case and spacing that servers have it in */
#include "smtp/ehlo.h"

#include "smtp/sasl.h"
#include "unit.h"

enum { PLAIN = 1 << 10, LOGIN = 1 << 11 };

static const struct {
    const char *rule;
    struct span lines; /* behind the first, which is the server's name */
    struct ehlo want;  /* but for the names of the mechanisms ...      */
    struct span auth;  /* ... which are these                          */
} cases[] = {
    {"nothing", SPAN_INIT(""), {0}, SPAN_INIT("")},
    {"8BITMIME", SPAN_INIT("\n8BITMIME"), {.has = EHLO_8BITMIME},
     SPAN_INIT("")},
    {"BINARYMIME", SPAN_INIT("\nBINARYMIME"), {.has = EHLO_BINARYMIME},
     SPAN_INIT("")},
    {"CHUNKING", SPAN_INIT("\nCHUNKING"), {.has = EHLO_CHUNKING},
     SPAN_INIT("")},
    {"DSN", SPAN_INIT("\nDSN"), {.has = EHLO_DSN}, SPAN_INIT("")},
    {"ENHANCEDSTATUSCODES", SPAN_INIT("\nENHANCEDSTATUSCODES"),
     {.has = EHLO_ENHANCEDSTATUSCODES}, SPAN_INIT("")},
    {"PIPELINING", SPAN_INIT("\nPIPELINING"), {.has = EHLO_PIPELINING},
     SPAN_INIT("")},
    {"SMTPUTF8", SPAN_INIT("\nSMTPUTF8"), {.has = EHLO_SMTPUTF8},
     SPAN_INIT("")},
    {"STARTTLS", SPAN_INIT("\nSTARTTLS"), {.has = EHLO_STARTTLS},
     SPAN_INIT("")},
    {"in lower case, and mixed", SPAN_INIT("\nstarttls\nPipeLining\nsize 9"),
     {.has = EHLO_STARTTLS | EHLO_PIPELINING | EHLO_SIZE, .size = 9},
     SPAN_INIT("")},
    {"twice", SPAN_INIT("\nDSN\nDSN"), {.has = EHLO_DSN}, SPAN_INIT("")},
    {"unknown ones between", SPAN_INIT("\nX-DSN\nDSN\nXVERP=Courier\nVRFY"),
     {.has = EHLO_DSN}, SPAN_INIT("")},
    {"an empty last line", SPAN_INIT("\nDSN\n"), {.has = EHLO_DSN},
     SPAN_INIT("")},
    {"empty lines between", SPAN_INIT("\n\n \nDSN"), {.has = EHLO_DSN},
     SPAN_INIT("")},
    {"blanks around", SPAN_INIT("\n  DSN \t\n SIZE   9  "),
     {.has = EHLO_DSN | EHLO_SIZE, .size = 9}, SPAN_INIT("")},
    {"parameters that it has none of", SPAN_INIT("\nSTARTTLS REQUIRED\n"
                                                 "PIPELINING=yes"),
     {.has = EHLO_STARTTLS | EHLO_PIPELINING}, SPAN_INIT("")},
    {"only whole words", SPAN_INIT("\nSTARTTLSX\nXSTARTTLS\nSTART TLS\n"
                                   "X STARTTLS\nSTARTTL\n250-STARTTLS"),
     {0}, SPAN_INIT("")},
    {"SIZE without a number", SPAN_INIT("\nSIZE"), {.has = EHLO_SIZE},
     SPAN_INIT("")},
    {"SIZE 0", SPAN_INIT("\nSIZE 0"), {.has = EHLO_SIZE}, SPAN_INIT("")},
    {"SIZE=", SPAN_INIT("\nSIZE=7"), {.has = EHLO_SIZE, .size = 7},
     SPAN_INIT("")},
    {"the largest SIZE", SPAN_INIT("\nSIZE 18446744073709551615"),
     {.has = EHLO_SIZE, .size = UINT64_MAX}, SPAN_INIT("")},
    {"SIZE that is larger", SPAN_INIT("\nSIZE 18446744073709551616"),
     {.has = EHLO_SIZE}, SPAN_INIT("")},
    {"SIZE that is no number", SPAN_INIT("\nSIZE many"), {.has = EHLO_SIZE},
     SPAN_INIT("")},
    {"a negative SIZE", SPAN_INIT("\nSIZE -1"), {.has = EHLO_SIZE},
     SPAN_INIT("")},
    {"SIZE with a unit", SPAN_INIT("\nSIZE 10M"), {.has = EHLO_SIZE},
     SPAN_INIT("")},
    {"two sizes", SPAN_INIT("\nSIZE 1 2"), {.has = EHLO_SIZE}, SPAN_INIT("")},
    {"LIMITS", SPAN_INIT("\nLIMITS MAILMAX=1000 RCPTMAX=100 X=1"),
     {.has = EHLO_LIMITS, .rcpt_max = 100}, SPAN_INIT("")},
    {"LIMITS in lower case", SPAN_INIT("\nlimits rcptmax=7"),
     {.has = EHLO_LIMITS, .rcpt_max = 7}, SPAN_INIT("")},
    {"LIMITS without", SPAN_INIT("\nLIMITS MAILMAX=1000"),
     {.has = EHLO_LIMITS}, SPAN_INIT("")},
    {"LIMITS that are no numbers", SPAN_INIT("\nLIMITS RCPTMAX= RCPTMAX=x "
                                             "RCPTMAX XRCPTMAX=1"),
     {.has = EHLO_LIMITS}, SPAN_INIT("")},
    {"AUTH", SPAN_INIT("\nAUTH PLAIN"),
     {.has = EHLO_AUTH, .mechanisms = PLAIN}, SPAN_INIT("PLAIN")},
    {"AUTH of many", SPAN_INIT("\nAUTH  GSSAPI  login X-OWN Plain "),
     {.has = EHLO_AUTH, .mechanisms = PLAIN | LOGIN},
     SPAN_INIT("GSSAPI login X-OWN Plain")},
    {"AUTH of unknown ones", SPAN_INIT("\nAUTH PLAINX XPLAIN PLAI"),
     {.has = EHLO_AUTH}, SPAN_INIT("PLAINX XPLAIN PLAI")},
    {"AUTH of none", SPAN_INIT("\nAUTH"), {.has = EHLO_AUTH}, SPAN_INIT("")},
    {"AUTH as it was once", SPAN_INIT("\nAUTH=LOGIN"),
     {.has = EHLO_AUTH, .mechanisms = LOGIN}, SPAN_INIT("LOGIN")},
    {"in both ways", SPAN_INIT("\nAUTH=LOGIN PLAIN\nAUTH LOGIN"),
     {.has = EHLO_AUTH, .mechanisms = PLAIN | LOGIN},
     SPAN_INIT("LOGIN PLAIN LOGIN")},
};

/* The reply of these lines. */
static struct reply reply_of(struct span first, struct span lines)
{
    struct reply reply = {.code = 250, .lines = 1};

    buf_add(&reply.text, first);
    buf_add(&reply.text, lines);
    return reply;
}

static void expect(const struct ehlo *got, size_t i)
{
    const struct ehlo *want = &cases[i].want;

    ck_assert_msg(got->has == want->has && got->size == want->size &&
                      got->rcpt_max == want->rcpt_max &&
                      got->mechanisms == want->mechanisms,
                  "%s: %x, %ju, %ju, %x", cases[i].rule, got->has,
                  (uintmax_t)got->size, (uintmax_t)got->rcpt_max,
                  got->mechanisms);
    ck_assert_span(buf_span(&got->auth), cases[i].auth);
}

START_TEST(keywords)
{
    static const struct span firsts[] = {
        SPAN_INIT("mx.example.com"), SPAN_INIT(""), SPAN_INIT("STARTTLS"),
        SPAN_INIT("AUTH PLAIN LOGIN"), SPAN_INIT("SIZE 5")};

    for (size_t i = 0; i < COUNT(firsts); i++) {
        struct reply reply = reply_of(firsts[i], cases[_i].lines);
        struct ehlo ehlo = {0};

        ehlo_read(&reply, &ehlo);
        expect(&ehlo, (size_t)_i);
        ehlo_free(&ehlo);
        reply_free(&reply);
    }
}
END_TEST

/* What one said before is forgotten (RFC 3207, 4.2). */
START_TEST(the_last_reply_counts)
{
    struct ehlo ehlo = {0};

    for (size_t before = 0; before < COUNT(cases); before++) {
        struct reply first = reply_of(S("a"), cases[before].lines);
        struct reply second = reply_of(S("b"), cases[_i].lines);

        ehlo_read(&first, &ehlo);
        ehlo_read(&second, &ehlo);
        expect(&ehlo, (size_t)_i);
        reply_free(&first);
        reply_free(&second);
    }
    ehlo_free(&ehlo);
    ck_assert_uint_eq(ehlo.has, 0);
}
END_TEST

START_TEST(the_bits_are_those_of_sasl)
{
    ck_assert_uint_eq(sasl_bit(S("PLAIN")), PLAIN);
    ck_assert_uint_eq(sasl_bit(S("LOGIN")), LOGIN);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("ehlo");

    tcase_add_loop_test(t, keywords, 0, COUNT(cases));
    tcase_add_loop_test(t, the_last_reply_counts, 0, COUNT(cases));
    tcase_add_test(t, the_bits_are_those_of_sasl);
    return unit_run("ehlo", t);
}
