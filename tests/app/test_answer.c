/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/answer.h"

#include "unit.h"

/* The answer as "CODE STATUS TEXT". */
static void check(struct answer *a, const char *want)
{
    struct buf got = {0};

    buf_printf(&got, "%d %s ", a->code, a->status);
    buf_add(&got, buf_span(&a->text));
    ck_assert_str_eq(buf_cstring(&got), want);
    buf_free(&got);
    buf_free(&a->text);
}

static const struct {
    enum err_kind kind;
    const char *text;
    enum outcome blame;
    const char *answer, *address;
} errors[] = {
    {ERR_USAGE, "x", OUTCOME_REFUSED, "501 5.5.4 x", "553 5.1.3 x"},
    {ERR_DATA, "x", OUTCOME_REFUSED, "554 5.6.0 x", "553 5.1.3 x"},
    {ERR_NO_INPUT, "x", OUTCOME_DEFERRED, "451 4.3.0 x", "451 4.3.0 x"},
    {ERR_NO_USER, "x", OUTCOME_REFUSED, "550 5.1.1 x", "550 5.1.1 x"},
    {ERR_NO_HOST, "x", OUTCOME_DEFERRED, "451 4.4.3 x", "451 4.4.3 x"},
    {ERR_UNAVAILABLE, "x", OUTCOME_REFUSED, "554 5.0.0 x", "554 5.0.0 x"},
    {ERR_SOFTWARE, "x", OUTCOME_DEFERRED, "451 4.3.0 x", "451 4.3.0 x"},
    {ERR_SYSTEM, "x", OUTCOME_DEFERRED, "451 4.3.0 x", "451 4.3.0 x"},
    {ERR_IO, "x", OUTCOME_DEFERRED, "451 4.3.0 x", "451 4.3.0 x"},
    {ERR_TEMPORARY, "x", OUTCOME_DEFERRED, "451 4.4.0 x", "451 4.4.0 x"},
    {ERR_PROTOCOL, "x", OUTCOME_DEFERRED, "451 4.7.0 x", "451 4.7.0 x"},
    {ERR_DENIED, "x", OUTCOME_DEFERRED, "451 4.7.0 x", "451 4.7.0 x"},
    {ERR_CONFIG, "x", OUTCOME_DEFERRED, "451 4.3.5 x", "451 4.3.5 x"},
    /* A status at the front is that of the reply. */
    {ERR_UNAVAILABLE, "5.6.7 no UTF-8", OUTCOME_REFUSED, "554 5.6.7 no UTF-8",
     "554 5.6.7 no UTF-8"},
    {ERR_UNAVAILABLE, "5.3.4 large", OUTCOME_REFUSED, "552 5.3.4 large",
     "552 5.3.4 large"},
    {ERR_UNAVAILABLE, "5.3.4", OUTCOME_REFUSED, "552 5.3.4 ", "552 5.3.4 "},
    {ERR_UNAVAILABLE, "4.9.0 x", OUTCOME_REFUSED, "554 4.9.0 x",
     "554 4.9.0 x"},
    {ERR_UNAVAILABLE, "a.b.c x", OUTCOME_REFUSED, "554 5.0.0 a.b.c x",
     "554 5.0.0 a.b.c x"},
    {ERR_UNAVAILABLE, "5.6 x", OUTCOME_REFUSED, "554 5.0.0 5.6 x",
     "554 5.0.0 5.6 x"},
    {ERR_UNAVAILABLE, "127.0.0.1: x", OUTCOME_REFUSED,
     "554 5.0.0 127.0.0.1: x", "554 5.0.0 127.0.0.1: x"},
    {ERR_UNAVAILABLE, "", OUTCOME_REFUSED, "554 5.0.0 ", "554 5.0.0 "},
};

START_TEST(an_error_of_ours)
{
    struct answer a = {0};
    struct err err = {0};

    fail(&err, errors[_i].kind, "%s", errors[_i].text);
    ck_assert_int_eq(answer_blame(&err), errors[_i].blame);
    answer_set(&a, 1, "2", S("of an earlier answer"));
    answer_error(&a, &err);
    check(&a, errors[_i].answer);
    answer_address(&a, "5.1.3", &err);
    check(&a, errors[_i].address);
}
END_TEST

#define REFUSED OUTCOME_REFUSED, ERR_UNAVAILABLE
#define DEFERRED OUTCOME_DEFERRED, ERR_TEMPORARY

static const struct {
    enum outcome outcome;
    enum err_kind kind;
    int code;
    const char *status, *text, *answer;
} outcomes[] = {
    {OUTCOME_SENT, ERR_NONE, 250, "2.0.0", "250 2.0.0 Ok: queued as 1",
     "250 2.0.0 Ok: queued as 1"},
    {OUTCOME_SENT, ERR_NONE, 250, "", "250 Ok: queued", "250  Ok: queued"},
    {OUTCOME_SENT, ERR_NONE, 250, "", "250", "250  "},
    {OUTCOME_SENT, ERR_NONE, 251, "2.1.5", "251 2.1.5 else", "250 2.1.5 else"},
    {REFUSED, 550, "5.1.1", "x", "550 5.1.1 x"},
    {REFUSED, 551, "", "x", "551  x"},
    {REFUSED, 552, "", "x", "552  x"},
    {REFUSED, 553, "", "x", "553  x"},
    {REFUSED, 554, "", "x", "554  x"},
    {REFUSED, 556, "", "x", "556  x"},
    {REFUSED, 555, "", "x", "554  x"},
    {REFUSED, 503, "", "x", "554  x"},
    {REFUSED, 530, "5.7.0", "x", "554 5.7.0 x"},
    {REFUSED, 450, "", "x", "554  x"},
    {OUTCOME_REFUSED, ERR_NO_USER, 501, "", "x", "550  x"},
    {OUTCOME_REFUSED, ERR_DATA, 0, "", "x", "554 5.6.0 x"},
    {REFUSED, 0, "", "5.3.4 x", "552 5.3.4 x"},
    {DEFERRED, 450, "", "x", "450  x"},
    {DEFERRED, 451, "", "x", "451  x"},
    {DEFERRED, 452, "4.2.2", "x", "452 4.2.2 x"},
    {DEFERRED, 421, "4.3.2", "x", "451 4.3.2 x"},
    {DEFERRED, 454, "", "x", "451  x"},
    {DEFERRED, 550, "", "x", "451  x"},
    {DEFERRED, 0, "", "x", "451 4.4.0 x"},
    {OUTCOME_DEFERRED, ERR_DENIED, 0, "", "x", "451 4.7.0 x"},
    /* Refused itself, but not for the mail: see the header. */
    {OUTCOME_DEFERRED, ERR_UNAVAILABLE, 0, "", "x", "451 5.0.0 x"},
    {OUTCOME_OVERFLOW, ERR_TEMPORARY, 552, "5.5.3", "x", "452 4.5.3 x"},
    {OUTCOME_IN_DOUBT, ERR_TEMPORARY, 0, "", "lost",
     "451 4.4.0 lost; it may have accepted the message"},
};

START_TEST(what_became_of_one)
{
    const struct transaction_rcpt r = {
        .outcome = outcomes[_i].outcome, .kind = outcomes[_i].kind,
        .code = outcomes[_i].code, .status = span_of(outcomes[_i].status),
        .text = span_of(outcomes[_i].text)};
    struct answer a = {0};

    answer_rcpt(&a, &r);
    check(&a, outcomes[_i].answer);
}
END_TEST

/* A status of any length is cut, and the reply's maker passes it over. */
START_TEST(a_status_that_is_none)
{
    const struct transaction_rcpt r = {
        .outcome = OUTCOME_SENT, .code = 250, .text = S("250 x"),
        .status = S("2.000000000000000000000000000000.0")};
    struct answer a = {0};

    answer_rcpt(&a, &r);
    check(&a, "250 2.0000000000000 x");
}
END_TEST

enum { RCPTS_MAX = 3 };

/* s: sent, r: refused, d: deferred, o: overflow, n: none, i: in doubt. */
static const struct {
    const char *outcomes;
    const char *told; /* y: yes, n: no, p: part */
    const char *answer;
} messages[] = {
    {"s", "y", "250  ok"},
    {"ss", "yy", "250  ok"},
    {"rs", "ny", "250  ok"},
    {"ds", "ny", "250  ok"},
    {"rs", "py", "250  ok; but not to a@x: who"},
    {"rsr", "pyp", "250  ok; but not to a@x: who; but not to c@x: who"},
    {"rr", "py", "554 5.0.0 who; but not to a@x: who"},
    {"sr", "yy", "554 5.0.0 who; but it was sent to a@x"},
    {"srs", "yyy", "554 5.0.0 who; but it was sent to a@x, c@x"},
    {"rd", "yy", "451 4.4.0 later"},
    {"dr", "yy", "451 4.4.0 later"},
    {"od", "yy", "452 4.5.3 many"},
    {"rn", "yy", "451 4.3.0 "},
    {"di", "yy", "451 4.4.0 lost; it may have accepted the message"},
    {"sdr", "yyp", "451 4.4.0 later; but it was sent to a@x; but not to c@x: "
                   "who"},
    {"rd", "nn", "250 2.0.0 an alias drops it"},
    {"", "", "250 2.0.0 an alias drops it"},
};

static struct transaction_rcpt row_of(char outcome, char name)
{
    static const char names[] = "a@xb@xc@x";
    struct transaction_rcpt r = {.address = {names + 3 * (name - 'a'), 3}};

    r.code = outcome == 's' ? 250 : 0;
    r.outcome = outcome == 's'   ? OUTCOME_SENT
                : outcome == 'r' ? OUTCOME_REFUSED
                : outcome == 'd' ? OUTCOME_DEFERRED
                : outcome == 'o' ? OUTCOME_OVERFLOW
                : outcome == 'i' ? OUTCOME_IN_DOUBT
                                 : OUTCOME_NONE;
    r.kind = outcome == 'r'                     ? ERR_UNAVAILABLE
             : outcome == 'd' || outcome == 'i' ? ERR_TEMPORARY
                                                : ERR_NONE;
    r.text = outcome == 's'   ? S("250 ok")
             : outcome == 'r' ? S("who")
             : outcome == 'd' ? S("later")
             : outcome == 'o' ? S("many")
             : outcome == 'i' ? S("lost")
                              : S("");
    return r;
}

START_TEST(what_became_of_the_message)
{
    struct transaction_rcpt rcpts[RCPTS_MAX];
    enum told told[RCPTS_MAX];
    size_t n = strlen(messages[_i].outcomes);
    struct answer a = {0};

    for (size_t i = 0; i < n; i++) {
        rcpts[i] = row_of(messages[_i].outcomes[i], (char)('a' + (int)i));
        told[i] = messages[_i].told[i] == 'y'   ? TOLD_YES
                  : messages[_i].told[i] == 'p' ? TOLD_PART
                                                : TOLD_NO;
    }
    answer_message(&a, rcpts, told, n);
    check(&a, messages[_i].answer);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("answer");

    tcase_add_loop_test(t, an_error_of_ours, 0, COUNT(errors));
    tcase_add_loop_test(t, what_became_of_one, 0, COUNT(outcomes));
    tcase_add_test(t, a_status_that_is_none);
    tcase_add_loop_test(t, what_became_of_the_message, 0, COUNT(messages));
    return unit_run("answer", t);
}
