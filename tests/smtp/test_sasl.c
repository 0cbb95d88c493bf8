/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sasl - which mechanism is taken, and what each of them says */
#include "smtp/sasl.h"

#include "unit.h"

enum { NONE = 0, PLAIN = 1 << 0, LOGIN = 1 << 1, BOTH = PLAIN | LOGIN };

#define TLS "these need TLS: leave the setting 'tls' at 'required'"
#define ONLY(name) "the setting 'auth' allows " name " only"

static const struct {
    const char *rule;
    unsigned offered;
    const char *wanted; /* by the settings */
    bool secured;
    const char *chosen; /* NULL: none, and */
    const char *hint;
} choices[] = {
    {"the best of both", BOTH, "", true, "PLAIN", NULL},
    {"PLAIN", PLAIN, "", true, "PLAIN", NULL},
    {"LOGIN", LOGIN, "", true, "LOGIN", NULL},
    {"as the settings want it", BOTH, "LOGIN", true, "LOGIN", NULL},
    {"in any case", BOTH, "login", true, "LOGIN", NULL},
    {"the best is wanted", BOTH, "plain", true, "PLAIN", NULL},
    {"none is offered", NONE, "", true, NULL, ""},
    {"another is wanted", PLAIN, "LOGIN", true, NULL, ONLY("LOGIN")},
    {"a part of a name is none", BOTH, "PLAI", true, NULL, ONLY("PLAI")},
    {"one we do not have", BOTH, "X-OWN", true, NULL, ONLY("X-OWN")},
    {"not in the clear", BOTH, "", false, NULL, TLS},
    {"nor as wanted", BOTH, "LOGIN", false, NULL, TLS},
    {"nor another", PLAIN, "LOGIN", false, NULL, ONLY("LOGIN")},
    {"none in the clear", NONE, "", false, NULL, ""},
};

START_TEST(choice)
{
    struct credentials who = {S("u"), S("p"), span_of(choices[_i].wanted)};
    struct err err = {0};
    const struct sasl_mechanism *m =
        sasl_choose(choices[_i].offered, S("A B"), &who, choices[_i].secured,
                    &err);

    if (choices[_i].chosen) {
        ck_assert_msg(m != NULL, "%s", choices[_i].rule);
        ck_assert_span(m->name, span_of(choices[_i].chosen));
        ck_assert_int_eq(err.kind, ERR_NONE);
        return;
    }
    ck_assert_msg(m == NULL, "%s", choices[_i].rule);
    ck_assert_int_eq(err.kind, ERR_DENIED);
    ck_assert_str_eq(err.text,
                     "the server offers no way to log in that can be used "
                     "here: it offers A B, pennypost has PLAIN LOGIN");
    ck_assert_str_eq(err.hint, choices[_i].hint);
}
END_TEST

START_TEST(nothing_offered_is_said)
{
    struct credentials who = {S("u"), S("p"), S("")};
    struct err err = {0};

    ck_assert(!sasl_choose(0, S(""), &who, true, &err));
    ck_assert_str_eq(err.text,
                     "the server offers no way to log in that can be used "
                     "here: it offers none, pennypost has PLAIN LOGIN");
}
END_TEST

START_TEST(names)
{
    ck_assert_uint_eq(sasl_bit(S("PLAIN")), PLAIN);
    ck_assert_uint_eq(sasl_bit(S("Plain")), PLAIN);
    ck_assert_uint_eq(sasl_bit(S("login")), LOGIN);
    ck_assert_uint_eq(sasl_bit(S("")), 0);
    ck_assert_uint_eq(sasl_bit(S("PLAIN-CLIENTTOKEN")), 0);
    ck_assert_uint_eq(sasl_bit(S("LOGI")), 0);
}
END_TEST

/* An exchange: what is said to each challenge, and when all is said. */
static const struct {
    const char *rule;
    const char *mechanism;
    struct span user, password;
    struct span responses[2];
    unsigned count;
} exchanges[] = {
    {"PLAIN: no other identity, the name, the password", "PLAIN",
     SPAN_INIT("bob"), SPAN_INIT("hunter2"), {SPAN_INIT("\0bob\0hunter2")},
     1},
    {"PLAIN: UTF-8 as it is", "PLAIN", SPAN_INIT("j\xC3\xBC"),
     SPAN_INIT("\xE2\x82\xAC"), {SPAN_INIT("\0j\xC3\xBC\0\xE2\x82\xAC")}, 1},
    {"PLAIN: nothing at all", "PLAIN", SPAN_INIT(""), SPAN_INIT(""),
     {SPAN_INIT("\0\0")}, 1},
    {"LOGIN: the name, then the password", "LOGIN", SPAN_INIT("bob"),
     SPAN_INIT("hunter2"), {SPAN_INIT("bob"), SPAN_INIT("hunter2")}, 2},
    {"LOGIN: an empty password", "LOGIN", SPAN_INIT("bob"), SPAN_INIT(""),
     {SPAN_INIT("bob"), SPAN_INIT("")}, 2},
};

START_TEST(exchange)
{
    struct credentials who = {exchanges[_i].user, exchanges[_i].password,
                              span_of(exchanges[_i].mechanism)};
    struct err err = {0};
    struct sasl sasl = {sasl_choose(BOTH, S(""), &who, true, &err), &who, 0,
                        false};
    struct buf out = {0};

    for (; sasl.step < exchanges[_i].count; sasl.step++) {
        ck_assert(!sasl.complete);
        ck_assert(sasl.mechanism->respond(&sasl, S("odd prompt"), &out));
        ck_assert_msg(span_eq(buf_span(&out),
                              exchanges[_i].responses[sasl.step]),
                      "%s", exchanges[_i].rule);
        buf_clear(&out);
    }
    ck_assert(sasl.complete);
    ck_assert(!sasl.mechanism->respond(&sasl, S(""), &out));
    ck_assert_uint_eq(out.len, 0);
    buf_free(&out);
}
END_TEST

/* Whatever gives the password away to a listener says so. */
START_TEST(traits)
{
    struct credentials plain = {S("u"), S("p"), S("PLAIN")};
    struct credentials login = {S("u"), S("p"), S("LOGIN")};
    const struct sasl_mechanism *m;
    struct err err = {0};

    m = sasl_choose(BOTH, S(""), &plain, true, &err);
    ck_assert(m->needs_tls && m->client_first && m->respond == sasl_plain);
    m = sasl_choose(BOTH, S(""), &login, true, &err);
    ck_assert(m->needs_tls && !m->client_first && m->respond == sasl_login);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("sasl");

    tcase_add_loop_test(t, choice, 0, COUNT(choices));
    tcase_add_test(t, nothing_offered_is_said);
    tcase_add_test(t, names);
    tcase_add_loop_test(t, exchange, 0, COUNT(exchanges));
    tcase_add_test(t, traits);
    return unit_run("sasl", t);
}
