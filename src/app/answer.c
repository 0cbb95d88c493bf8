/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/answer.h"

#include <stdio.h>

void answer_set(struct answer *a, int code, const char *status,
                struct span text)
{
    a->code = code;
    snprintf(a->status, sizeof a->status, "%s", status);
    buf_clear(&a->text);
    buf_add(&a->text, text);
}

/* What an error of ours is to a client of SMTP (RFC 3463). */
static const struct {
    int code;
    const char *status;
} errors[] = {
    [ERR_NONE] = {451, "4.3.0"},        [ERR_USAGE] = {501, "5.5.4"},
    [ERR_DATA] = {554, "5.6.0"},        [ERR_NO_INPUT] = {451, "4.3.0"},
    [ERR_NO_USER] = {550, "5.1.1"},     [ERR_NO_HOST] = {451, "4.4.3"},
    [ERR_UNAVAILABLE] = {554, "5.0.0"}, [ERR_SOFTWARE] = {451, "4.3.0"},
    [ERR_SYSTEM] = {451, "4.3.0"},      [ERR_IO] = {451, "4.3.0"},
    [ERR_TEMPORARY] = {451, "4.4.0"},   [ERR_PROTOCOL] = {451, "4.7.0"},
    [ERR_DENIED] = {451, "4.7.0"},      [ERR_CONFIG] = {451, "4.3.5"},
};

enum outcome answer_blame(const struct err *err)
{
    return errors[err->kind].code / 100 == 5 ? OUTCOME_REFUSED
                                             : OUTCOME_DEFERRED;
}

/* A status at the front of *TEXT: take it off. */
static struct span status_take(struct span *text)
{
    struct span word = span_upto(*text, span_find(*text, ' '));
    size_t dots = 0;

    for (size_t i = 0; i < word.n; i++) {
        dots += word.p[i] == '.';
        if (word.p[i] != '.' && (word.p[i] < '0' || word.p[i] > '9'))
            return S("");
    }
    if (dots != 2)
        return S("");
    *text = span_from(*text, word.n + 1);
    return word;
}

/* The server has said nothing to it: CODE and STATUS are of our making. */
static void answer_own(struct answer *a, const struct transaction_rcpt *r)
{
    struct span text = r->text, status = status_take(&text);
    int code = errors[r->kind].code;
    char own[sizeof a->status];

    if (r->outcome != OUTCOME_REFUSED)
        code = 451;
    if (span_eq(status, S("5.3.4")))
        code = 552;
    snprintf(own, sizeof own, "%.*s", SPAN_ARG(status));
    answer_set(a, code, status.n ? own : errors[r->kind].status, text);
}

void answer_error(struct answer *a, const struct err *err)
{
    answer_own(a, &(struct transaction_rcpt){.outcome = answer_blame(err),
                                             .kind = err->kind,
                                             .text = span_of(err->text)});
}

void answer_address(struct answer *a, const char *status,
                    const struct err *err)
{
    if (err->kind == ERR_USAGE || err->kind == ERR_DATA)
        answer_set(a, 553, status, span_of(err->text));
    else
        answer_error(a, err);
}

/* "250 2.0.0 Ok: queued": what is behind code and status. */
static struct span reply_words(const struct transaction_rcpt *r)
{
    struct span text = span_from(r->text, span_find(r->text, ' ') + 1);

    if (r->status.n && span_starts(text, r->status))
        text = span_from(text, r->status.n + 1);
    return text;
}

/*
 * Of the server's codes those that are about the mail.  Others are about what
 * it and we were doing, and 421 would be the end of the client's session.
 */
static int code_of(const struct transaction_rcpt *r)
{
    static const int passed[] = {450, 451, 452, 550, 551, 552, 553, 554, 556};
    bool refused = r->outcome == OUTCOME_REFUSED;

    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
        if (r->code == passed[i] && r->code / 100 == (refused ? 5 : 4))
            return r->code;
    if (!refused)
        return 451;
    return r->kind == ERR_NO_USER ? 550 : 554;
}

void answer_rcpt(struct answer *a, const struct transaction_rcpt *r)
{
    char status[sizeof a->status];

    snprintf(status, sizeof status, "%.*s", SPAN_ARG(r->status));
    if (r->outcome == OUTCOME_SENT)
        answer_set(a, 250, status, reply_words(r));
    else if (r->outcome == OUTCOME_OVERFLOW)
        answer_set(a, 452, "4.5.3", r->text);
    else if (r->code)
        answer_set(a, code_of(r), status, r->text);
    else
        answer_own(a, r);
    if (r->outcome == OUTCOME_IN_DOUBT)
        buf_add(&a->text, S("; it may have accepted the message"));
}

/* How bad it is. */
static int rank(const struct transaction_rcpt *r)
{
    static const int ranks[] = {
        [OUTCOME_SENT] = 0,     [OUTCOME_REFUSED] = 1,
        [OUTCOME_DEFERRED] = 2, [OUTCOME_OVERFLOW] = 2,
        [OUTCOME_NONE] = 2,     [OUTCOME_IN_DOUBT] = 3,
    };

    return ranks[r->outcome];
}

static const struct transaction_rcpt *worst_of(
    const struct transaction_rcpt *rcpts, const enum told *told, size_t n)
{
    const struct transaction_rcpt *worst = NULL;

    for (size_t i = 0; i < n; i++)
        if (told[i] == TOLD_YES && (!worst || rank(&rcpts[i]) > rank(worst)))
            worst = &rcpts[i];
    return worst;
}

static void add_sent(struct buf *text, const struct transaction_rcpt *rcpts,
                     size_t n)
{
    const char *before = "; but it was sent to ";

    for (size_t i = 0; i < n; i++)
        if (rcpts[i].outcome == OUTCOME_SENT) {
            buf_printf(text, "%s%.*s", before, SPAN_ARG(rcpts[i].address));
            before = ", ";
        }
}

static void add_left_out(struct buf *text,
                         const struct transaction_rcpt *rcpts,
                         const enum told *told, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (told[i] == TOLD_PART)
            buf_printf(text, "; but not to %.*s: %.*s",
                       SPAN_ARG(rcpts[i].address), SPAN_ARG(rcpts[i].text));
}

void answer_message(struct answer *a, const struct transaction_rcpt *rcpts,
                    const enum told *told, size_t n)
{
    const struct transaction_rcpt *worst = worst_of(rcpts, told, n);

    if (!worst) {
        answer_set(a, 250, "2.0.0", S("an alias drops it"));
        return;
    }
    answer_rcpt(a, worst);
    if (worst->outcome != OUTCOME_SENT)
        add_sent(&a->text, rcpts, n);
    add_left_out(&a->text, rcpts, told, n);
}
