/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/deliver.h"

#include "app/prepare.h"
#include "app/trace.h"
#include "app/upstream.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/signals.h"

enum { PIECE = 64 * 1024 };

/* One delivery under way: what lives no longer than deliver(). */
struct attempt {
    struct delivery *d;
    struct upstream up;
    struct prepared prepared;
    struct transaction transaction;
    size_t *which;          /* transaction's recipient -> delivery's  */
};

static struct span keep(struct delivery *d, struct span s)
{
    return arena_copy(&d->arena, s);
}

/* Every recipient that has no outcome yet shares this one. */
static void close_all(struct delivery *d, enum outcome outcome,
                      const struct err *err)
{
    struct span text = keep(d, span_of(err->text));

    for (size_t i = 0; i < d->nrcpts; i++)
        if (d->rcpts[i].outcome == OUTCOME_NONE) {
            d->rcpts[i].outcome = outcome;
            d->rcpts[i].kind = err->kind;
            d->rcpts[i].text = text;
        }
}

static void note_notes(struct attempt *a)
{
    struct delivery *d = a->d;

    d->size = a->prepared.size;
    d->notes = keep(d, buf_span(&a->prepared.recoding.notes));
    if (d->verbose)
        trace_events(d->notes);
}

/* RFC 9422: no more recipients at once than the server says it takes. */
static bool room_for_more(const struct attempt *a, const struct ehlo *ehlo)
{
    return !ehlo->rcpt_max || a->transaction.nrcpts < ehlo->rcpt_max;
}

/* The recipients that nothing is known of, as the next transaction. */
static void gather(struct attempt *a, const struct ehlo *ehlo)
{
    struct delivery *d = a->d;

    a->transaction.sender = d->message->envelope.sender;
    a->transaction.parameters = a->prepared.parameters;
    a->transaction.all_or_none = true; /* there is no queue to keep the rest */
    for (size_t i = 0; i < d->nrcpts && room_for_more(a, ehlo); i++)
        if (d->rcpts[i].outcome == OUTCOME_NONE) {
            a->which[a->transaction.nrcpts] = i;
            transaction_add(&a->transaction, d->rcpts[i].address);
            a->transaction.rcpts[a->transaction.nrcpts - 1].parameters =
                message_rcpt_parameters(d->message, i, ehlo->has);
        }
}

/* What the transaction that ended says of its recipients. */
static void collect(struct attempt *a)
{
    struct transaction *t = &a->transaction;
    struct delivery *d = a->d;

    for (size_t i = 0; i < t->nrcpts; i++) {
        struct transaction_rcpt *to = &d->rcpts[a->which[i]];
        struct transaction_rcpt *from = &t->rcpts[i];

        /* Too many at once: it stays as it is, for the next. */
        if (from->outcome == OUTCOME_OVERFLOW && t->accepted)
            continue;
        *to = *from;
        to->address = d->message->envelope.rcpts[a->which[i]].address;
        to->status = keep(d, from->status);
        to->text = keep(d, from->text);
    }
    if (t->reply.n)
        d->reply = keep(d, t->reply);
    transaction_free(t);
}

/* All or none: where one was deferred, who is left is not tried. */
static void close_rest(struct delivery *d)
{
    struct err why;

    fail(&why, ERR_TEMPORARY,
         "held back, since the server deferred another recipient");
    for (size_t i = 0; i < d->nrcpts; i++)
        if (d->rcpts[i].outcome == OUTCOME_DEFERRED) {
            close_all(d, OUTCOME_DEFERRED, &why);
            return;
        }
}

/* A signal to stop came while the message went to the others. */
static void close_stopped(struct delivery *d)
{
    struct err why;

    fail(&why, ERR_TEMPORARY, "stopped by signal %d", signals_stop());
    close_all(d, OUTCOME_DEFERRED, &why);
}

/* Whether anyone is left to send to. */
static bool more_to_send(const struct delivery *d)
{
    for (size_t i = 0; i < d->nrcpts; i++)
        if (d->rcpts[i].outcome == OUTCOME_NONE)
            return true;
    return false;
}

/* Those that this server cannot be told of do not hold up the others. */
static void refuse_impossible(struct delivery *d, const struct ehlo *ehlo)
{
    struct err why;

    for (size_t i = 0; i < d->nrcpts; i++)
        if (d->rcpts[i].outcome == OUTCOME_NONE &&
            !prepare_rcpt(&d->message->envelope.rcpts[i], ehlo, &why)) {
            d->rcpts[i].outcome = OUTCOME_REFUSED;
            d->rcpts[i].kind = why.kind;
            d->rcpts[i].text = keep(d, span_of(why.text));
            err_hint(&d->err, "%s", why.hint);
        }
}

static bool prepare_next(struct attempt *a, const struct ehlo *ehlo)
{
    struct delivery *d = a->d;
    enum conf_signed rule = (enum conf_signed)d->conf->signed_parts.number;

    prepared_free(&a->prepared);
    if (!prepare(&a->prepared, d->message, ehlo, false, rule, &d->err)) {
        /* What the server cannot be given now it never can. */
        close_all(d, OUTCOME_REFUSED, &d->err);
        return false;
    }
    note_notes(a);
    return true;
}

/* The next transaction, if there has to be one. */
static bool begin_next(struct attempt *a)
{
    struct session *s = a->up.session;
    struct delivery *d = a->d;

    if (a->transaction.nrcpts)
        collect(a);
    if (session_wants(s) != SESSION_TRANSACTION)
        return false;
    close_rest(d);
    refuse_impossible(d, session_ehlo(s));
    if (signals_stop())
        close_stopped(d);
    if (!more_to_send(d) || !prepare_next(a, session_ehlo(s)))
        return false;
    gather(a, session_ehlo(s));
    session_begin(s, &a->transaction);
    return true;
}

static bool next_content(void *source, struct buf *piece)
{
    struct attempt *a = source;
    bool more = content_next(&a->prepared.content, PIECE, piece);

    message_passed(a->d->message, &a->prepared.content);
    return more;
}

static void set_up(struct attempt *a)
{
    struct delivery *d = a->d;
    const struct envelope *e = &d->message->envelope;

    a->up = (struct upstream){.conf = d->conf, .world = d->world,
                              .verbose = d->verbose};
    d->nrcpts = e->nrcpts;
    d->rcpts = mem_zero(e->nrcpts, sizeof *d->rcpts);
    a->which = mem_zero(e->nrcpts, sizeof *a->which);
    for (size_t i = 0; i < e->nrcpts; i++)
        d->rcpts[i].address = e->rcpts[i].address;
}

static void tear_down(struct attempt *a)
{
    upstream_free(&a->up);
    prepared_free(&a->prepared);
    transaction_free(&a->transaction);
    mem_free(a->which);
}

/* The session is over, with an error: it is that of who is left, too. */
static void close_failed(struct attempt *a)
{
    struct delivery *d = a->d;
    struct span said = keep(d, span_of(d->err.text));
    struct span named;

    upstream_name(&a->up, &d->err);
    named = keep(d, span_of(d->err.text));
    for (size_t i = 0; i < d->nrcpts; i++)
        if (d->rcpts[i].outcome != OUTCOME_REFUSED &&
            span_eq(d->rcpts[i].text, said))
            d->rcpts[i].text = named;
    close_all(d, OUTCOME_DEFERRED, &d->err);
}

static void note_server(struct attempt *a)
{
    struct delivery *d = a->d;

    d->host = keep(d, a->up.host);
    d->address = keep(d, a->up.address);
    d->tls = keep(d, a->up.tls);
    d->mechanism = keep(d, a->up.mechanism);
    d->warning = keep(d, a->up.warning);
}

static void converse(struct attempt *a)
{
    struct err ignored;

    upstream_source(&a->up, a, next_content);
    while (begin_next(a))
        upstream_run(&a->up);
    session_result(a->up.session, &a->d->err);
    upstream_close(&a->up, &ignored);
}

void deliver(struct delivery *d)
{
    struct attempt a = {.d = d};
    int64_t begin = clock_ms();

    set_up(&a);
    if (upstream_open(&a.up, &d->err))
        converse(&a);
    note_server(&a);
    if (d->err.kind != ERR_NONE)
        close_failed(&a);
    d->duration = clock_ms() - begin;
    tear_down(&a);
}

void delivery_free(struct delivery *d)
{
    mem_free(d->rcpts);
    arena_free(&d->arena);
    d->rcpts = NULL;
    d->nrcpts = 0;
}
