/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SCRAM - against the examples of its RFCs, and servers that mean no good */
#include "smtp/sasl.h"

#include "mail/unbase64.h"
#include "unit.h"

#define NONCE "rOprNGfwEbeRWgbNEkqO"
#define GRAIN "s=YSBncmFpbiBvZiBzYWx0"
#define TWO "SCRAM-SHA-256 SCRAM-SHA-256-PLUS"

/* An exchange that is begun by hand; the mechanism is chosen by its name. */
struct trial {
    struct credentials who;
    struct sasl_offer offer;
    struct sasl sasl;
    struct buf nonce, out;
    struct err err;
};

static void begin(struct trial *t, const char *mechanism, const char *offered,
                  const char *nonce)
{
    *t = (struct trial){.who.user = S("user"), .who.password = S("pencil"),
                        .who.mechanism = span_of(mechanism),
                        .offer.names = span_of(offered)};
    ck_assert(unbase64(span_of(nonce), &t->nonce));
    t->who.nonce = buf_span(&t->nonce);
    t->offer.mechanisms = sasl_bit(t->who.mechanism);
    t->sasl.credentials = &t->who;
    t->sasl.offer = &t->offer;
}

static void choose(struct trial *t)
{
    t->sasl.mechanism = sasl_choose(&t->offer, &t->who, &t->err);
    ck_assert_msg(t->sasl.mechanism != NULL, "%s", t->err.text);
}

static bool respond(struct trial *t, struct span challenge)
{
    buf_clear(&t->out);
    return sasl_respond(&t->sasl, challenge, &t->out, &t->err);
}

static void end(struct trial *t)
{
    sasl_free(&t->sasl);
    buf_free(&t->nonce);
    buf_free(&t->out);
}

static const struct {
    const char *rule, *mechanism, *offered, *nonce;
    const char *user, *password, *authzid; /* if not user and pencil */
    const char *exporter, *end_point;
    const char *first, *server_first, *final, *server_final;
} exchanges[] = {
    {"RFC 5802, 5", "SCRAM-SHA-1", "SCRAM-SHA-1", "fyko+d2lbbFgONRv9qkxdawL",
     NULL, NULL, NULL, NULL, NULL,
     "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
     "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
     "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
     "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
     "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
    {"RFC 7677, 3", "SCRAM-SHA-256", "SCRAM-SHA-256", NONCE,
     NULL, NULL, NULL, NULL, NULL,
     "n,,n=user,r=" NONCE,
     "r=" NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
     "c=biws,r=" NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
     "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
    {"-PLUS would do and is not offered: y", "SCRAM-SHA-512",
     "PLAIN SCRAM-SHA-512", NONCE, NULL, NULL, NULL, "exported", NULL,
     "y,,n=user,r=" NONCE, "r=" NONCE "XyZ," GRAIN ",i=4097",
     "c=eSws,r=" NONCE "XyZ,p=8+RwLTl5cym8L3Q3UJYa/JJlV6YSp6zMva61N5s/x2gAfMLj"
     "0qKh24o62xCteVBRvHtL+1A/X2SjLZjuUacsfQ==",
     "v=0bEuQgFLVOY1ySDOFYKMymmQtjf7wiNMTmpLLB/Rhn454CVGtVMGLhFqwXvaqGa31nT9ot"
     "QBgxgyNCu4BY7gsA=="},
    {"tls-exporter before the other", "SCRAM-SHA-256-PLUS", TWO,
     NONCE, NULL, NULL, NULL, "exported", "hash",
     "p=tls-exporter,,n=user,r=" NONCE,
     "r=" NONCE "XyZ," GRAIN ",i=4096",
     "c=cD10bHMtZXhwb3J0ZXIsLGV4cG9ydGVk,r=" NONCE "XyZ,"
     "p=1kBoC3knzxxpMXZ6DGi6g1ubwIYbcC925Jlc6OijEXU=",
     "v=TYLGkayEVUrxzvmLioxWu6EpAraoK2yGagv/OWKqFw8="},
    {"tls-server-end-point, and names with signs in them", "SCRAM-SHA-1-PLUS",
     "SCRAM-SHA-1-PLUS", NONCE,
     "a,b=c", "pencil", "x,y", NULL, "hash",
     "p=tls-server-end-point,a=x=2Cy,n=a=2Cb=3Dc,r=" NONCE,
     "r=" NONCE "XyZ," GRAIN ",i=4096,x=later",
     "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCxhPXg9MkN5LGhhc2g=,r=" NONCE "XyZ,"
     "p=Tk/xSOhT3HSMXLET6fsS7lHX2ds=",
     "v=k0m+75CxRAp1Lw2CEWWilMVV9bg=,x=later"},
    {"name and password are prepared", "SCRAM-SHA-256", TWO, NONCE,
     "u\xCC\x88", "p\xC2\xA0q", NULL, "exported", NULL, "n,,n=\xC3\xBC,r=" NONCE,
     "r=" NONCE "XyZ," GRAIN ",i=4096",
     "c=biws,r=" NONCE "XyZ,p=GHjSyEGlyl64LkXfmDlWhtk94BZIx/JA0g/3z1nFu8Y=",
     "v=FWLp+niihgNqRjHT4ZXtkywvi4Y0wPPW4ZS2kP9Wn4A="},
};

START_TEST(exchange)
{
    struct trial t;

    begin(&t, exchanges[_i].mechanism, exchanges[_i].offered,
          exchanges[_i].nonce);
    if (exchanges[_i].user) {
        t.who.user = span_of(exchanges[_i].user);
        t.who.password = span_of(exchanges[_i].password);
        t.who.authzid = span_of(exchanges[_i].authzid);
    }
    t.offer.secured = true;
    t.offer.bindings[SASL_TLS_EXPORTER] = span_of(exchanges[_i].exporter);
    t.offer.bindings[SASL_TLS_SERVER_END_POINT] =
        span_of(exchanges[_i].end_point);
    choose(&t);
    ck_assert(respond(&t, S("")));
    ck_assert_span(buf_span(&t.out), span_of(exchanges[_i].first));
    ck_assert_msg(respond(&t, span_of(exchanges[_i].server_first)), "%s",
                  t.err.text);
    ck_assert_span(buf_span(&t.out), span_of(exchanges[_i].final));
    ck_assert(!t.sasl.complete);
    ck_assert_msg(respond(&t, span_of(exchanges[_i].server_final)), "%s",
                  exchanges[_i].rule);
    ck_assert(t.sasl.complete && t.out.len == 0);
    ck_assert(!respond(&t, S("")));
    ck_assert(span_starts(span_of(t.err.text),
                          S("the server went on asking after all that SCRAM")));
    end(&t);
}
END_TEST

#define NO_TRUST                                                             \
    "the server does not keep to SCRAM-SHA-256, and is not to be trusted "   \
    "with a login: "
#define ROUNDS(n)                                                            \
    "the server wants '" n "' rounds of SCRAM-SHA-256: pennypost does 4096 " \
    "to 1000000"
#define REFUSED "the server refused the login of 'user': "

/* What the server says in its first message, and what we say to that. */
static const struct {
    const char *rule;
    struct span message;
    const char *error, *hint;
} firsts[] = {
    {"nothing", SPAN_INIT(""),
     NO_TRUST "its first message lacks nonce, salt or rounds", ""},
    {"no rounds", SPAN_INIT("r=" NONCE "X," GRAIN),
     NO_TRUST "its first message lacks nonce, salt or rounds", ""},
    {"no salt", SPAN_INIT("r=" NONCE "X,i=4096"),
     NO_TRUST "its first message lacks nonce, salt or rounds", ""},
    {"another order", SPAN_INIT(GRAIN ",r=" NONCE "X,i=4096"),
     NO_TRUST "its first message lacks nonce, salt or rounds", ""},
    {"an extension that must be known",
     SPAN_INIT("m=x,r=" NONCE "X," GRAIN ",i=4096"),
     NO_TRUST "its first message lacks nonce, salt or rounds", ""},
    {"our nonce alone", SPAN_INIT("r=" NONCE "," GRAIN ",i=4096"),
     NO_TRUST "its nonce is not made from ours", ""},
    {"a short nonce", SPAN_INIT("r=rOpr," GRAIN ",i=4096"),
     NO_TRUST "its nonce is not made from ours", ""},
    {"another nonce",
     SPAN_INIT("r=AOprNGfwEbeRWgbNEkqOXyZ," GRAIN ",i=4096"),
     NO_TRUST "its nonce is not made from ours", ""},
    {"no nonce", SPAN_INIT("r=," GRAIN ",i=4096"),
     NO_TRUST "its nonce is not made from ours", ""},
    {"a control in the nonce",
     SPAN_INIT("r=" NONCE "X\n," GRAIN ",i=4096"),
     NO_TRUST "its nonce is not made from ours", ""},
    {"a NUL in the nonce", SPAN_INIT("r=" NONCE "\0," GRAIN ",i=4096"),
     NO_TRUST "its nonce is not made from ours", ""},
    {"no salt in it", SPAN_INIT("r=" NONCE "X,s=,i=4096"),
     NO_TRUST "its salt is none", ""},
    {"a salt that is no base64", SPAN_INIT("r=" NONCE "X,s=abc,i=4096"),
     NO_TRUST "its salt is none", ""},
    {"1 round", SPAN_INIT("r=" NONCE "X," GRAIN ",i=1"), ROUNDS("1"), ""},
    {"one too few", SPAN_INIT("r=" NONCE "X," GRAIN ",i=4095"),
     ROUNDS("4095"), ""},
    {"one too many", SPAN_INIT("r=" NONCE "X," GRAIN ",i=1000001"),
     ROUNDS("1000001"), ""},
    {"2^31 rounds", SPAN_INIT("r=" NONCE "X," GRAIN ",i=2147483648"),
     ROUNDS("2147483648"), ""},
    {"2^32 + 4096 rounds", SPAN_INIT("r=" NONCE "X," GRAIN ",i=4294971392"),
     ROUNDS("4294971392"), ""},
    {"2^64 + 4096 rounds",
     SPAN_INIT("r=" NONCE "X," GRAIN ",i=18446744073709555712"),
     ROUNDS("18446744073709555712"), ""},
    {"fewer than none", SPAN_INIT("r=" NONCE "X," GRAIN ",i=-4096"),
     ROUNDS("-4096"), ""},
    {"1e9", SPAN_INIT("r=" NONCE "X," GRAIN ",i=1e9"), ROUNDS("1e9"), ""},
    {"a refusal", SPAN_INIT("e=unknown-user"), REFUSED "unknown-user",
     "check 'user'"},
    {"the list was changed",
     SPAN_INIT("e=server-does-support-channel-binding"),
     REFUSED "server-does-support-channel-binding",
     "its list of mechanisms did not say so: someone may have changed it on "
     "the way"},
};

START_TEST(hostile_first)
{
    struct trial t;

    begin(&t, "SCRAM-SHA-256", "SCRAM-SHA-256", NONCE);
    choose(&t);
    ck_assert(respond(&t, S("")));
    ck_assert_msg(!respond(&t, firsts[_i].message), "%s", firsts[_i].rule);
    ck_assert_str_eq(t.err.text, firsts[_i].error);
    ck_assert_str_eq(t.err.hint, firsts[_i].hint);
    ck_assert_int_eq(t.err.kind, ERR_DENIED);
    ck_assert(!t.sasl.complete && t.sasl.signature.n == 0);
    end(&t);
}
END_TEST

static const struct {
    const char *attribute, *before, *behind;
    size_t most;
} bounds[] = {
    /* 1024 octets are 341 groups and a third of one. */
    {"salt", "r=" NONCE "X,s=", "eHh4eA==,i=4096", 340 * 4},
    {"nonce", "r=" NONCE, "," GRAIN ",i=4096", 1024 - 20},
};

START_TEST(bounded)
{
    for (size_t more = 0; more <= 4; more += 4) {
        struct buf text = {0};
        struct trial t;

        begin(&t, "SCRAM-SHA-256", "SCRAM-SHA-256", NONCE);
        choose(&t);
        ck_assert(respond(&t, S("")));
        buf_add(&text, span_of(bounds[_i].before));
        for (size_t i = 0; i < bounds[_i].most + more; i++)
            buf_addc(&text, 'x');
        buf_add(&text, span_of(bounds[_i].behind));
        ck_assert_msg(respond(&t, buf_span(&text)) == (more == 0), "%s, %zu",
                      bounds[_i].attribute, more);
        buf_free(&text);
        end(&t);
    }
}
END_TEST

#define UNKNOWING                                                            \
    "the server did not show that it knows the password of 'user': its "     \
    "signature is wrong"
#define ANOTHER "it may not be the server that it says it is"

static const struct {
    const char *rule;
    struct span message;
    const char *error, *hint;
} finals[] = {
    {"nothing", SPAN_INIT(""), UNKNOWING, ANOTHER},
    {"an empty signature", SPAN_INIT("v="), UNKNOWING, ANOTHER},
    {"the first octet is wrong",
     SPAN_INIT("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), UNKNOWING,
     ANOTHER},
    {"the last octet is wrong",
     SPAN_INIT("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G8="), UNKNOWING,
     ANOTHER},
    {"the beginning of it", SPAN_INIT("v=6rriTRBi23Wp"), UNKNOWING, ANOTHER},
    {"no base64",
     SPAN_INIT("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4"), UNKNOWING,
     ANOTHER},
    {"not at the front",
     SPAN_INIT("x=1,v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
     UNKNOWING, ANOTHER},
    {"a wrong password", SPAN_INIT("e=invalid-proof"),
     REFUSED "invalid-proof", "check 'user' and 'password'"},
    {"a reason of its own", SPAN_INIT("e=the moon"), REFUSED "the moon", ""},
};

START_TEST(hostile_final)
{
    struct trial t;

    begin(&t, "SCRAM-SHA-256", "SCRAM-SHA-256", NONCE);
    choose(&t);
    ck_assert(respond(&t, S("")));
    ck_assert(respond(&t, S("r=" NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                            "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")));
    ck_assert_msg(!respond(&t, finals[_i].message), "%s", finals[_i].rule);
    ck_assert_str_eq(t.err.text, finals[_i].error);
    ck_assert_str_eq(t.err.hint, finals[_i].hint);
    ck_assert_int_eq(t.err.kind, ERR_DENIED);
    ck_assert(!t.sasl.complete);
    end(&t);
}
END_TEST

static const struct {
    struct span user, password;
    const char *error;
} unfit[] = {
    {SPAN_INIT("\xFF"), SPAN_INIT("p"), "the user's name is not UTF-8"},
    {SPAN_INIT(""), SPAN_INIT("p"), "the user's name is empty"},
    {SPAN_INIT("user"), SPAN_INIT(""), "the password is empty"},
    {SPAN_INIT("user"), SPAN_INIT("\xFF"), "the password is not UTF-8"},
};

/* Names and passwords that there can be no digest of. */
START_TEST(unfit_for_it)
{
    struct trial t;

    begin(&t, "SCRAM-SHA-256", "SCRAM-SHA-256", NONCE);
    t.who.user = unfit[_i].user;
    t.who.password = unfit[_i].password;
    choose(&t);
    ck_assert(!respond(&t, S("")) ||
              !respond(&t, S("r=" NONCE "XyZ," GRAIN ",i=4096")));
    ck_assert_str_eq(t.err.text, unfit[_i].error);
    ck_assert_int_eq(t.err.kind, ERR_CONFIG);
    end(&t);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("sasl_scram");

    tcase_add_loop_test(t, exchange, 0, COUNT(exchanges));
    tcase_add_loop_test(t, hostile_first, 0, COUNT(firsts));
    tcase_add_loop_test(t, bounded, 0, COUNT(bounds));
    tcase_add_loop_test(t, hostile_final, 0, COUNT(finals));
    tcase_add_loop_test(t, unfit_for_it, 0, COUNT(unfit));
    return unit_run("sasl_scram", t);
}
