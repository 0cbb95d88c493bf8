/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transaction - what a reply makes of a recipient, and the end of the rest */
#include "smtp/transaction.h"

#include "unit.h"

static const struct {
    int code;
    struct span text; /* of the reply   */
    enum err_kind kind;
    enum outcome outcome;
    struct span status, shown;
} cases[] = {
    {250, SPAN_INIT("2.0.0 queued"), ERR_NONE, OUTCOME_SENT,
     SPAN_INIT("2.0.0"), SPAN_INIT("250 2.0.0 queued")},
    {251, SPAN_INIT(""), ERR_NONE, OUTCOME_SENT, SPAN_INIT(""),
     SPAN_INIT("251")},
    {450, SPAN_INIT("4.2.1 busy"), ERR_TEMPORARY, OUTCOME_DEFERRED,
     SPAN_INIT("4.2.1"), SPAN_INIT("the server refused it: 450 4.2.1 busy")},
    {421, SPAN_INIT("bye"), ERR_TEMPORARY, OUTCOME_DEFERRED, SPAN_INIT(""),
     SPAN_INIT("the server refused it: 421 bye")},
    {550, SPAN_INIT("5.1.1 no\n5.1.1 such user"), ERR_NO_USER,
     OUTCOME_REFUSED, SPAN_INIT("5.1.1"),
     SPAN_INIT("the server refused it: 550 5.1.1 no; 5.1.1 such user")},
    {550, SPAN_INIT("4.1.1 of another class"), ERR_NO_USER, OUTCOME_REFUSED,
     SPAN_INIT(""), SPAN_INIT("the server refused it: 550 4.1.1 of another "
                              "class")},
    {354, SPAN_INIT("go on"), ERR_TEMPORARY, OUTCOME_DEFERRED, SPAN_INIT(""),
     SPAN_INIT("the server refused it: 354 go on")},
};

START_TEST(a_reply_settles)
{
    struct transaction t = {0};
    struct reply reply = {.code = cases[_i].code, .lines = 1};
    struct transaction_rcpt *r;

    transaction_add(&t, S("ann@example.com"));
    r = &t.rcpts[0];
    buf_add(&reply.text, cases[_i].text);
    transaction_settle(&t, r, &reply, ERR_NO_USER, "it");
    reply_free(&reply); /* the outcome does not need it any more */
    ck_assert_int_eq(r->outcome, cases[_i].outcome);
    ck_assert_int_eq(r->kind, cases[_i].kind);
    ck_assert_int_eq(r->code, cases[_i].code);
    ck_assert_span(r->status, cases[_i].status);
    ck_assert_span(r->text, cases[_i].shown);
    ck_assert(!r->accepted);
    transaction_free(&t);
}
END_TEST

START_TEST(many_recipients)
{
    struct transaction t = {0};

    for (size_t i = 0; i < 1000; i++)
        transaction_add(&t, i % 2 ? S("odd") : S("even"));
    ck_assert_uint_eq(t.nrcpts, 1000);
    for (size_t i = 0; i < 1000; i++) {
        ck_assert_span(t.rcpts[i].address, i % 2 ? S("odd") : S("even"));
        ck_assert_int_eq(t.rcpts[i].outcome, OUTCOME_NONE);
    }
    transaction_free(&t);
    ck_assert_uint_eq(t.nrcpts, 0);
    ck_assert_ptr_null(t.rcpts);
}
END_TEST

/* Only who has no outcome yet gets the one of the end. */
START_TEST(the_rest_is_closed)
{
    static const enum outcome all[] = {OUTCOME_NONE, OUTCOME_SENT,
                                       OUTCOME_REFUSED, OUTCOME_DEFERRED,
                                       OUTCOME_OVERFLOW, OUTCOME_IN_DOUBT};
    struct transaction t = {0};
    struct err why;

    for (size_t i = 0; i < COUNT(all); i++) {
        transaction_add(&t, S("x"));
        t.rcpts[i].outcome = all[i];
    }
    fail(&why, ERR_PROTOCOL, "it broke");
    transaction_close(&t, OUTCOME_IN_DOUBT, &why);
    fail(&why, ERR_PROTOCOL, "something else");
    ck_assert_int_eq(t.rcpts[0].outcome, OUTCOME_IN_DOUBT);
    ck_assert_int_eq(t.rcpts[0].kind, ERR_PROTOCOL);
    ck_assert_int_eq(t.rcpts[0].code, 0);
    ck_assert_span(t.rcpts[0].text, S("it broke"));
    for (size_t i = 1; i < COUNT(all); i++) {
        ck_assert_int_eq(t.rcpts[i].outcome, all[i]);
        ck_assert_span(t.rcpts[i].text, S(""));
    }
    transaction_free(&t);
}
END_TEST

/* A server may refuse thousands of recipients in 64 KiB each. */
START_TEST(a_long_reply_is_kept_in_part)
{
    struct transaction t = {0};
    struct reply reply = {.code = 550, .lines = 1};

    for (int i = 0; i < 6000; i++)
        buf_addc(&reply.text, 'x');
    transaction_add(&t, S("a@x"));
    transaction_settle(&t, &t.rcpts[0], &reply, ERR_NO_USER, "it");
    ck_assert_uint_eq(t.rcpts[0].text.n, 1024);
    ck_assert(span_starts(t.rcpts[0].text, S("the server refused it: 550 xx")));
    reply_free(&reply);
    transaction_free(&t);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("transaction");

    tcase_add_loop_test(t, a_reply_settles, 0, COUNT(cases));
    tcase_add_test(t, many_recipients);
    tcase_add_test(t, the_rest_is_closed);
    tcase_add_test(t, a_long_reply_is_kept_in_part);
    return unit_run("transaction", t);
}
