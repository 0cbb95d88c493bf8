/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The message, to those whom the client was told of as accepted. */
#include <config.h>

#include "app/relay_steps.h"
#include "app/trace.h"
#include "sys/signals.h"

/* Overflow stands for those who wait for a transaction of their own. */
void relay_close(struct relay *r, enum outcome outcome, const struct err *why)
{
    for (size_t i = 0; i < r->t.nrcpts; i++)
        if (r->t.rcpts[i].outcome == OUTCOME_OVERFLOW)
            r->t.rcpts[i].outcome = OUTCOME_NONE;
    transaction_close(&r->t, outcome, why);
}

/* What the server is to get, as it is without what is HIDDEN of its offers. */
static bool make_content(struct relay *r, unsigned hidden, struct err *err)
{
    struct ehlo ehlo = *session_ehlo(r->up.session);

    ehlo.has &= ~hidden;
    prepared_free(&r->prepared);
    if (!prepare(&r->prepared, &r->message, &ehlo, false,
                 (enum conf_signed)r->app->conf.signed_parts.number, err))
        return false;
    if (r->app->cli.verbose)
        trace_events(buf_span(&r->prepared.recoding.notes));
    return true;
}

/* Only what MAIL has announced may be in the message. */
static bool send_open(struct relay *r, struct err *err)
{
    if (!make_content(r, r->t.parameters.smtputf8 ? 0 : EHLO_SMTPUTF8, err))
        return false;
    r->t.open = false;
    session_more(r->up.session);
    upstream_run(&r->up);
    return true;
}

/* Everyone that the client was told of as accepted waits again. */
static void wait_again(struct relay *r)
{
    for (size_t i = 0; i < r->t.nrcpts; i++) {
        struct transaction_rcpt *to = &r->t.rcpts[i];

        if (r->told[i] == TOLD_YES && to->outcome != OUTCOME_REFUSED)
            *to = (struct transaction_rcpt){.address = to->address,
                                            .parameters = to->parameters,
                                            .outcome = OUTCOME_OVERFLOW};
    }
}

static size_t count_waiting(const struct relay *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->t.nrcpts; i++)
        n += r->t.rcpts[i].outcome == OUTCOME_OVERFLOW;
    return n;
}

/* As many of those who wait as the server takes at once. */
static void gather(struct relay *r, struct transaction *t)
{
    uint64_t most = session_ehlo(r->up.session)->rcpt_max;

    *t = (struct transaction){.sender = r->message.envelope.sender,
                              .parameters = r->prepared.parameters,
                              .all_or_none = true};
    for (size_t i = 0; i < r->t.nrcpts && (!most || t->nrcpts < most); i++)
        if (r->t.rcpts[i].outcome == OUTCOME_OVERFLOW) {
            transaction_add(t, r->t.rcpts[i].address);
            t->rcpts[t->nrcpts - 1].parameters = r->t.rcpts[i].parameters;
        }
}

/* True where nobody is kept from it by what became of these. */
static bool collect(struct relay *r, const struct transaction *t)
{
    bool good = true;

    for (size_t i = 0; i < t->nrcpts; i++) {
        struct transaction_rcpt *to = relay_find(r, t->rcpts[i].address);

        *to = t->rcpts[i];
        to->status = arena_copy(&r->t.arena, to->status);
        to->text = arena_copy(&r->t.arena, to->text);
        good = good && to->outcome != OUTCOME_DEFERRED &&
               to->outcome != OUTCOME_IN_DOUBT;
    }
    if (t->reply.n)
        r->t.reply = arena_copy(&r->t.arena, t->reply);
    return good;
}

static bool held_back(struct err *err)
{
    return fail(err, ERR_TEMPORARY,
                "held back, since the server deferred another recipient");
}

/* Nothing of the message was asked for, and the session is not there. */
static bool is_stale(const struct relay *r)
{
    return !relay_alive(r) && !r->asked && !signals_stop();
}

/* One transaction for those who wait.  False: for the others there is none. */
static bool send_more(struct relay *r, struct err *err)
{
    struct transaction t;
    bool good, earlier;

    if (!relay_connect(r, err)) {
        relay_close(r, OUTCOME_DEFERRED, err); /* the mail is not to blame */
        return false;
    }
    if (!make_content(r, 0, err))
        return false;
    relay_drop_parameters(r);
    relay_refuse_utf8(r);
    gather(r, &t);
    earlier = r->used;
    r->used = true;
    r->asked = false;
    session_begin(r->up.session, &t);
    upstream_run(&r->up);
    /* One that had a message before may be closed: then they wait on. */
    good = (earlier && is_stale(r)) || collect(r, &t);
    transaction_free(&t);
    return good || held_back(err);
}

static bool send_waiting(struct relay *r, struct err *err)
{
    while (count_waiting(r) > 0)
        if (!send_more(r, err))
            return false;
    return true;
}

/* Some who were named may get it later, or may have got it. */
static bool is_deferred(const struct relay *r)
{
    for (size_t i = 0; i < r->t.nrcpts; i++)
        if (r->told[i] == TOLD_YES &&
            (r->t.rcpts[i].outcome == OUTCOME_DEFERRED ||
             r->t.rcpts[i].outcome == OUTCOME_IN_DOUBT))
            return true;
    return false;
}

bool relay_send(struct relay *r, struct err *err)
{
    if (r->state == RELAY_OPEN && !r->unwanted) {
        if (!send_open(r, err))
            return false;
        if (!is_stale(r))
            return is_deferred(r) && count_waiting(r) > 0
                       ? held_back(err)
                       : send_waiting(r, err);
    }
    wait_again(r);
    relay_leave(r);
    return send_waiting(r, err);
}
