/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sasl - which mechanism is taken, and what those say that are simple */
#include "smtp/sasl.h"

#include "unit.h"

#define NONCE "abcdefghijklmnopqrstuvwx"

/* Who logs in, by what he has. */
static const struct credentials people[] = {
    {.user = SPAN_INIT("u"), .password = SPAN_INIT("p"),
     .nonce = SPAN_INIT(NONCE)},
    {.user = SPAN_INIT("u"), .token = SPAN_INIT("t"),
     .nonce = SPAN_INIT(NONCE)},
    {.user = SPAN_INIT("u"), .token_later = true, .nonce = SPAN_INIT(NONCE)},
    {.user = SPAN_INIT("u"), .password = SPAN_INIT("p"), .certificate = true,
     .nonce = SPAN_INIT(NONCE)},
    {.user = SPAN_INIT("u"), .password = SPAN_INIT("p"),
     .token = SPAN_INIT("t"), .nonce = SPAN_INIT(NONCE)},
    {.user = SPAN_INIT("u"), .password = SPAN_INIT("p"),
     .nonce = SPAN_INIT("elevenbytes")},
};

enum { PASSWORD, TOKEN, TOKEN_LATER, CERTIFICATE, BOTH, NO_NONCE };
enum { CLEAR, TLS, BOUND, END_POINT };

static struct sasl_offer offer_of(const char *names, int line)
{
    struct sasl_offer offer = {.names = span_of(names),
                               .secured = line != CLEAR};
    struct span rest = offer.names, name;

    while (span_word(&rest, ' ', &name))
        offer.mechanisms |= sasl_bit(name);
    if (line == BOUND)
        offer.bindings[SASL_TLS_EXPORTER] = S("exported");
    if (line == END_POINT)
        offer.bindings[SASL_TLS_SERVER_END_POINT] = S("hash");
    return offer;
}

#define SCRAMS "SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-512"
#define PLUSES "SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS SCRAM-SHA-512-PLUS"
#define OTHERS "LOGIN PLAIN CRAM-MD5 XOAUTH2 OAUTHBEARER ANONYMOUS EXTERNAL"
#define ALL OTHERS " " SCRAMS " " PLUSES

static const struct {
    const char *rule, *offered;
    int who, line;
    const char *allowed; /* by the settings */
    const char *chosen;
} choices[] = {
    {"the best of two", "LOGIN PLAIN", PASSWORD, TLS, "", "PLAIN"},
    {"LOGIN alone", "LOGIN", PASSWORD, TLS, "", "LOGIN"},
    {"in any case", "login", PASSWORD, TLS, "", "LOGIN"},
    {"the best of all", ALL, PASSWORD, BOUND, "", "SCRAM-SHA-512-PLUS"},
    {"bound to the certificate", ALL, PASSWORD, END_POINT, "",
     "SCRAM-SHA-512-PLUS"},
    {"bound to nothing", ALL, PASSWORD, TLS, "", "SCRAM-SHA-512"},
    {"a binding is worth more than bits", SCRAMS " SCRAM-SHA-1-PLUS",
     PASSWORD, BOUND, "", "SCRAM-SHA-1-PLUS"},
    {"SHA-256", "SCRAM-SHA-1 SCRAM-SHA-256 PLAIN", PASSWORD, TLS, "",
     "SCRAM-SHA-256"},
    {"SHA-256-PLUS", "SCRAM-SHA-256-PLUS SCRAM-SHA-256 SCRAM-SHA-1-PLUS",
     PASSWORD, BOUND, "", "SCRAM-SHA-256-PLUS"},
    {"SHA-1", "SCRAM-SHA-1 PLAIN", PASSWORD, TLS, "", "SCRAM-SHA-1"},
    {"SCRAM even in the clear", ALL, PASSWORD, CLEAR, "", "SCRAM-SHA-512"},
    {"no SCRAM without a nonce", ALL, NO_NONCE, BOUND, "", "PLAIN"},
    {"a token", ALL, TOKEN, TLS, "", "OAUTHBEARER"},
    {"a token that is to come", ALL, TOKEN_LATER, TLS, "", "OAUTHBEARER"},
    {"a token, the old way", "PLAIN XOAUTH2", TOKEN, TLS, "", "XOAUTH2"},
    {"a password tells less than a token", ALL, BOTH, TLS, "",
     "SCRAM-SHA-512"},
    {"but PLAIN does not", "PLAIN XOAUTH2", BOTH, TLS, "", "XOAUTH2"},
    {"a certificate", ALL, CERTIFICATE, TLS, "", "EXTERNAL"},
    {"as the settings want it", ALL, PASSWORD, TLS, "LOGIN", "LOGIN"},
    {"in any case, too", ALL, PASSWORD, TLS, "login", "LOGIN"},
    {"CRAM-MD5 if named", ALL, PASSWORD, CLEAR, "CRAM-MD5", "CRAM-MD5"},
    {"ANONYMOUS if named", ALL, PASSWORD, CLEAR, "ANONYMOUS", "ANONYMOUS"},
    {"the best of a list", ALL, PASSWORD, TLS, "LOGIN,PLAIN", "PLAIN"},
    {"with blanks", ALL, PASSWORD, TLS, " LOGIN,  X-OWN PLAIN ,", "PLAIN"},
    {"a list is no order", ALL, PASSWORD, TLS, "PLAIN SCRAM-SHA-1",
     "SCRAM-SHA-1"},
    {"at least", ALL, PASSWORD, TLS, "SCRAM-SHA-1+", "SCRAM-SHA-512"},
    {"at least, and it is there", "PLAIN SCRAM-SHA-1", PASSWORD, TLS,
     "SCRAM-SHA-1+", "SCRAM-SHA-1"},
    {"at least, in a list", "PLAIN LOGIN", PASSWORD, TLS,
     "SCRAM-SHA-1+ LOGIN", "LOGIN"},
    {"the least of all", "LOGIN PLAIN", PASSWORD, TLS, "login+", "PLAIN"},
    {"CRAM-MD5 or better", "CRAM-MD5 PLAIN", PASSWORD, TLS, "CRAM-MD5+",
     "CRAM-MD5"},
};

START_TEST(choice)
{
    struct credentials who = people[choices[_i].who];
    struct sasl_offer offer =
        offer_of(choices[_i].offered, choices[_i].line);
    struct err err = {0};
    const struct sasl_mechanism *m;

    who.mechanism = span_of(choices[_i].allowed);
    m = sasl_choose(&offer, &who, &err);
    ck_assert_msg(m != NULL, "%s: %s", choices[_i].rule, err.text);
    ck_assert_msg(span_eq(m->name, span_of(choices[_i].chosen)),
                  "%s: got %.*s", choices[_i].rule, SPAN_ARG(m->name));
    ck_assert_int_eq(err.kind, ERR_NONE);
}
END_TEST

#define AT_TLS "leave the setting 'tls' at 'required'"
#define ONLY(name) "the setting 'auth' allows " name " only"

static const struct {
    const char *offered;
    int who, line;
    const char *allowed, *why, *hint;
} refusals[] = {
    {"", PASSWORD, TLS, "", "it offers none", ""},
    {"", PASSWORD, CLEAR, "", "it offers none", ""},
    {"GSSAPI X-OWN", PASSWORD, TLS, "",
     "GSSAPI (unknown here), X-OWN (unknown here)", ""},
    {"PLAIN LOGIN", PASSWORD, CLEAR, "", "PLAIN (needs TLS), LOGIN (needs TLS)",
     AT_TLS},
    {"PLAIN LOGIN", PASSWORD, CLEAR, "LOGIN",
     "PLAIN (not in 'auth'), LOGIN (needs TLS)", AT_TLS},
    {"PLAIN", PASSWORD, CLEAR, "LOGIN", "PLAIN (not in 'auth')",
     ONLY("LOGIN")},
    {"PLAIN", PASSWORD, TLS, "PLAI", "PLAIN (not in 'auth')", ONLY("PLAI")},
    {"PLAIN", PASSWORD, TLS, "X-OWN+", "PLAIN (not in 'auth')",
     ONLY("X-OWN+")},
    {"PLAIN CRAM-MD5", PASSWORD, TLS, "SCRAM-SHA-1+",
     "PLAIN (not in 'auth'), CRAM-MD5 (not in 'auth')", ONLY("SCRAM-SHA-1+")},
    {"CRAM-MD5 ANONYMOUS", PASSWORD, TLS, "",
     "CRAM-MD5 (only where 'auth' names it), "
     "ANONYMOUS (only where 'auth' names it)", ""},
    {"CRAM-MD5", PASSWORD, TLS, "PLAIN+", "CRAM-MD5 (not in 'auth')",
     ONLY("PLAIN+")},
    {"SCRAM-SHA-256-PLUS", PASSWORD, TLS, "",
     "SCRAM-SHA-256-PLUS (needs TLS that it can be bound to)", ""},
    {"SCRAM-SHA-256", NO_NONCE, TLS, "",
     "SCRAM-SHA-256 (needs random octets)", ""},
    {"PLAIN SCRAM-SHA-1", TOKEN, TLS, "",
     "PLAIN (needs a password, not a token), "
     "SCRAM-SHA-1 (needs a password, not a token)", ""},
    {"XOAUTH2 EXTERNAL", PASSWORD, TLS, "",
     "XOAUTH2 (needs an OAuth token), "
     "EXTERNAL (needs a certificate of ours)", ""},
    {"OAUTHBEARER XOAUTH2", TOKEN, CLEAR, "",
     "OAUTHBEARER (needs TLS), XOAUTH2 (needs TLS)", AT_TLS},
};

START_TEST(refusal)
{
    struct credentials who = people[refusals[_i].who];
    struct sasl_offer offer =
        offer_of(refusals[_i].offered, refusals[_i].line);
    struct buf want = {0};
    struct err err = {0};

    who.mechanism = span_of(refusals[_i].allowed);
    buf_printf(&want,
               "the server offers no way to log in that can be used here: %s",
               refusals[_i].why);
    ck_assert(!sasl_choose(&offer, &who, &err));
    ck_assert_int_eq(err.kind, ERR_DENIED);
    ck_assert_span(span_of(err.text), buf_span(&want));
    ck_assert_str_eq(err.hint, refusals[_i].hint);
    buf_free(&want);
}
END_TEST

START_TEST(the_reason)
{
    struct sasl_offer offer =
        offer_of("EXTERNAL SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN", TLS);
    struct err err;
    struct buf out = {0};

    sasl_reason(sasl_choose(&offer, &people[PASSWORD], &err), &offer,
                &people[PASSWORD], &out);
    ck_assert_span(buf_span(&out),
                   S("logging in with SCRAM-SHA-256, the best that is offered "
                     "but for EXTERNAL (needs a certificate of ours), "
                     "SCRAM-SHA-256-PLUS (needs TLS that it can be bound "
                     "to)"));
    buf_free(&out);
}
END_TEST

START_TEST(names)
{
    struct span rest = S(ALL), name;
    unsigned all = 0;

    while (span_word(&rest, ' ', &name)) {
        unsigned bit = sasl_bit(name);

        ck_assert(bit && !(bit & (bit - 1)) && !(all & bit));
        all |= bit;
    }
    ck_assert_uint_eq(sasl_bit(S("Plain")), sasl_bit(S("PLAIN")));
    ck_assert_uint_eq(sasl_bit(S("")), 0);
    ck_assert_uint_eq(sasl_bit(S("PLAIN-CLIENTTOKEN")), 0);
    ck_assert_uint_eq(sasl_bit(S("PLAIN+")), 0);
    ck_assert_uint_eq(sasl_bit(S("LOGI")), 0);
}
END_TEST

/* An exchange: what is said to each challenge, and when all is said. */
static const struct {
    const char *rule, *mechanism;
    struct credentials who;
    struct span challenges[2], responses[2];
    unsigned count, complete; /* responses, and with which all is said */
} exchanges[] = {
    {"PLAIN: no other identity, the name, the password", "PLAIN",
     {.user = SPAN_INIT("bob"), .password = SPAN_INIT("hunter2")},
     {{0}}, {SPAN_INIT("\0bob\0hunter2")}, 1, 1},
    {"PLAIN: RFC 4616, 4", "PLAIN",
     {.user = SPAN_INIT("Kurt"), .password = SPAN_INIT("xipj3plmq"),
      .authzid = SPAN_INIT("Ursel")},
     {{0}}, {SPAN_INIT("Ursel\0Kurt\0xipj3plmq")}, 1, 1},
    {"PLAIN: UTF-8 as it is", "PLAIN",
     {.user = SPAN_INIT("j\xC3\xBC"), .password = SPAN_INIT("\xE2\x82\xAC")},
     {{0}}, {SPAN_INIT("\0j\xC3\xBC\0\xE2\x82\xAC")}, 1, 1},
    {"PLAIN: nothing at all", "PLAIN", {.password = SPAN_INIT("")},
     {{0}}, {SPAN_INIT("\0\0")}, 1, 1},
    {"LOGIN: the name, then the password", "LOGIN",
     {.user = SPAN_INIT("bob"), .password = SPAN_INIT("hunter2")},
     {{0}}, {SPAN_INIT("bob"), SPAN_INIT("hunter2")}, 2, 2},
    {"LOGIN: an empty password", "LOGIN", {.user = SPAN_INIT("bob")},
     {{0}}, {SPAN_INIT("bob"), SPAN_INIT("")}, 2, 2},
    {"CRAM-MD5: RFC 2195, 2", "CRAM-MD5",
     {.user = SPAN_INIT("tim"), .password = SPAN_INIT("tanstaaftanstaaf")},
     {SPAN_INIT("<1896.697170952@postoffice.reston.mci.net>")},
     {SPAN_INIT("tim b913a602c7eda7a495b4e6e7334d3890")}, 1, 1},
    {"CRAM-MD5: an empty challenge and password", "CRAM-MD5",
     {.user = SPAN_INIT("tim")}, {{0}},
     {SPAN_INIT("tim 74e6f7298a9c2d168935f58c001bad88")}, 1, 1},
    {"EXTERNAL: the user", "EXTERNAL",
     {.user = SPAN_INIT("bob"), .certificate = true}, {{0}},
     {SPAN_INIT("bob")}, 1, 1},
    {"EXTERNAL: someone else", "EXTERNAL",
     {.user = SPAN_INIT("bob"), .authzid = SPAN_INIT("eve"),
      .certificate = true},
     {{0}}, {SPAN_INIT("eve")}, 1, 1},
    {"EXTERNAL: whoever the certificate says", "EXTERNAL",
     {.certificate = true}, {{0}}, {SPAN_INIT("")}, 1, 1},
    {"ANONYMOUS: RFC 4505, 2", "ANONYMOUS", {.user = SPAN_INIT("sirhc")},
     {{0}}, {SPAN_INIT("sirhc")}, 1, 1},
    {"OAUTHBEARER: RFC 7628, 4.1", "OAUTHBEARER",
     {.user = SPAN_INIT("user@example.com"),
      .token = SPAN_INIT("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="),
      .host = SPAN_INIT("server.example.com"), .port = 143},
     {{0}, SPAN_INIT("{\"status\":\"invalid_token\"}")},
     {SPAN_INIT("n,a=user@example.com,\1host=server.example.com\1port=143\1"
                "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1"),
      SPAN_INIT("\1")},
     2, 1},
    {"OAUTHBEARER: no more than must be", "OAUTHBEARER",
     {.token = SPAN_INIT("t")}, {{0}},
     {SPAN_INIT("n,,\1auth=Bearer t\1\1"), SPAN_INIT("\1")}, 2, 1},
    {"OAUTHBEARER: a name with signs in it", "OAUTHBEARER",
     {.user = SPAN_INIT("u"), .authzid = SPAN_INIT("a=,b"),
      .token = SPAN_INIT("t")},
     {{0}},
     {SPAN_INIT("n,a=a=3D=2Cb,\1auth=Bearer t\1\1"), SPAN_INIT("\1")}, 2, 1},
    /* As Google's documentation has it. */
    {"XOAUTH2", "XOAUTH2",
     {.user = SPAN_INIT("someuser@example.com"),
      .token = SPAN_INIT("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg")},
     {{0}, SPAN_INIT("{\"status\":\"401\"}")},
     {SPAN_INIT("user=someuser@example.com\1auth=Bearer "
                "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\1\1"),
      SPAN_INIT("")},
     2, 1},
};

START_TEST(exchange)
{
    struct credentials who = exchanges[_i].who;
    struct sasl_offer offer = offer_of(ALL, TLS);
    struct err err = {0};
    struct sasl sasl = {.credentials = &who, .offer = &offer};
    struct buf out = {0};

    who.mechanism = span_of(exchanges[_i].mechanism);
    sasl.mechanism = sasl_choose(&offer, &who, &err);
    ck_assert_msg(sasl.mechanism != NULL, "%s", err.text);
    for (unsigned i = 0; i < exchanges[_i].count; i++) {
        ck_assert_msg(sasl.complete == (i == exchanges[_i].complete), "%s",
                      exchanges[_i].rule);
        ck_assert(sasl_respond(&sasl, exchanges[_i].challenges[i], &out,
                               &err));
        ck_assert_msg(span_eq(buf_span(&out), exchanges[_i].responses[i]),
                      "%s: got \"%.*s\"", exchanges[_i].rule,
                      SPAN_ARG(buf_span(&out)));
        buf_clear(&out);
    }
    ck_assert(sasl.complete ==
              (exchanges[_i].count == exchanges[_i].complete));
    ck_assert_span(buf_span(&sasl.explained),
                   sasl.complete ? S("") : exchanges[_i].challenges[1]);
    ck_assert(!sasl_respond(&sasl, S(""), &out, &err));
    ck_assert_uint_eq(out.len, 0);
    ck_assert_int_eq(err.kind, ERR_DENIED);
    ck_assert(span_starts(span_of(err.text),
                          S("the server went on asking after all that ")));
    buf_free(&out);
    sasl_free(&sasl);
}
END_TEST

static const struct {
    struct span token;
    const char *error;
} tokens[] = {
    {SPAN_INIT(""), "the OAuth token is empty"},
    {SPAN_INIT("a b"), "the OAuth token holds what no token may: a blank, a "
                       "control or a letter beyond ASCII"},
    {SPAN_INIT("a\1b"), "the OAuth token holds what no token may: a blank, a "
                        "control or a letter beyond ASCII"},
    {SPAN_INIT("\x7F"), "the OAuth token holds what no token may: a blank, a "
                        "control or a letter beyond ASCII"},
    {SPAN_INIT("\xC3\xA9"), "the OAuth token holds what no token may: a "
                            "blank, a control or a letter beyond ASCII"},
};

START_TEST(what_is_no_token)
{
    static const char *const mechanisms[] = {"XOAUTH2", "OAUTHBEARER"};

    for (size_t i = 0; i < COUNT(mechanisms); i++) {
        struct sasl_offer offer = offer_of(mechanisms[i], TLS);
        struct credentials who = {.user = S("u"), .token = tokens[_i].token,
                                  .token_later = true};
        struct err err = {0};
        struct buf out = {0};
        struct sasl sasl = {.credentials = &who, .offer = &offer,
                            .mechanism = sasl_choose(&offer, &who, &err)};

        ck_assert(!sasl_respond(&sasl, S(""), &out, &err));
        ck_assert(!sasl.complete);
        ck_assert_int_eq(err.kind, ERR_CONFIG);
        ck_assert_str_eq(err.text, tokens[_i].error);
        buf_free(&out);
    }
}
END_TEST

/* An explanation is cut where no one would read on. */
START_TEST(a_long_explanation)
{
    struct sasl sasl = {.complete = true};
    struct buf why = {0};

    for (int i = 0; i < 3000; i++)
        buf_addc(&why, 'x');
    sasl_explained(&sasl, buf_span(&why));
    ck_assert_uint_eq(sasl.explained.len, 400);
    ck_assert(!sasl.complete);
    sasl_free(&sasl);
    buf_free(&why);
}
END_TEST

/* Whatever gives its secret away to a listener says so. */
START_TEST(traits)
{
    static const char *const open[] = {"PLAIN", "LOGIN", "XOAUTH2",
                                       "OAUTHBEARER"};

    for (size_t i = 0; i < COUNT(open); i++) {
        struct sasl_offer offer = offer_of(open[i], TLS);
        struct credentials who = people[BOTH];
        struct err err = {0};
        const struct sasl_mechanism *m = sasl_choose(&offer, &who, &err);

        ck_assert(m && m->needs_tls);
        ck_assert(m->client_first == !span_eq(m->name, S("LOGIN")));
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("sasl");

    tcase_add_loop_test(t, choice, 0, COUNT(choices));
    tcase_add_loop_test(t, refusal, 0, COUNT(refusals));
    tcase_add_test(t, the_reason);
    tcase_add_test(t, names);
    tcase_add_loop_test(t, exchange, 0, COUNT(exchanges));
    tcase_add_loop_test(t, what_is_no_token, 0, COUNT(tokens));
    tcase_add_test(t, a_long_explanation);
    tcase_add_test(t, traits);
    return unit_run("sasl", t);
}
