/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who a transaction goes to, and what the client is told of them. */
#include <config.h>

#include "app/relay_steps.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "mail/envelope.h"

enum { NAMED_MAX = 5000 }; /* addresses in a transaction, refused or not */

/* Two addresses are the same as for an envelope: see mail/envelope.h. */
static void add_key(struct span address, struct buf *key)
{
    size_t at = span_rfind(address, '@');

    buf_add(key, span_upto(address, at));
    for (size_t i = at; i < address.n; i++)
        buf_addc(key, ascii_lower(address.p[i]));
}

struct transaction_rcpt *relay_find(struct relay *r,
                                          struct span address)
{
    struct buf key = {0};
    const size_t *place;

    add_key(address, &key);
    place = names_find(&r->known, buf_span(&key));
    buf_free(&key);
    return place ? &r->t.rcpts[*place] : NULL;
}

/* What RCPT says; with an alias, who it was that the client named. */
static struct rcpt_parameters rcpt_parameters(struct relay *r,
                                              const struct recipient *to,
                                              const struct serve_rcpt *said)
{
    struct rcpt_parameters p = said->parameters;
    struct buf text = {0};

    if (p.notify && !p.original.n && to->original.n &&
        utf8_is_ascii(to->original)) {
        command_original(to->original, &text);
        p.original = buf_span(&text);
    }
    p.original = relay_copied(r, p.original);
    buf_free(&text);
    return p;
}

static void rcpt_add(struct relay *r, const struct recipient *to,
                     const struct serve_rcpt *said)
{
    struct arena *arena = &r->message.envelope.arena;
    size_t *place = arena_take(arena, sizeof *place);
    struct buf key = {0};

    *place = r->t.nrcpts;
    add_key(to->address, &key);
    names_add(&r->known, arena, buf_span(&key), place);
    buf_free(&key);
    transaction_add(&r->t, relay_copied(r, to->address));
    r->t.rcpts[*place].parameters = rcpt_parameters(r, to, said);
    if (r->told_capacity < r->t.capacity) {
        r->told_capacity = r->t.capacity;
        r->told = mem_resize(r->told, r->told_capacity, sizeof *r->told);
    }
    r->told[*place] = TOLD_NO;
}

/* Of ONE those that are new; they share the fate of who was before. */
static void add_new(struct relay *r, const struct envelope *one,
                    const struct serve_rcpt *said)
{
    struct transaction_rcpt *to;

    for (size_t i = 0; i < one->nrcpts; i++) {
        if (relay_find(r, one->rcpts[i].address))
            continue;
        rcpt_add(r, &one->rcpts[i], said);
        to = &r->t.rcpts[r->t.nrcpts - 1];
        if (r->state == RELAY_SPOILED) {
            to->outcome = r->fate.outcome;
            to->kind = r->fate.kind;
            to->code = r->fate.code;
            to->status = r->fate.status;
            to->text = r->fate.text;
        }
    }
}

/* Whether one more can be named; else that is the answer. */
static bool room_for_more(const struct relay *r, struct answer *a)
{
    uint64_t most = session_ehlo(r->up.session)->rcpt_max;

    if (most && r->t.nrcpts >= most) /* RFC 9422, 4.2 */
        answer_set(a, 452, "4.5.3",
                   S("the server takes no more recipients at once"));
    else if (r->t.nrcpts >= NAMED_MAX)
        answer_set(a, 452, "4.5.3", S("too many recipients"));
    else
        return true;
    return false;
}

/*
 * From FIRST on: who needs SMTPUTF8 where MAIL has not said that, and can any
 * more, waits for a transaction of its own.
 */
static void set_apart(struct relay *r, size_t first)
{
    if (r->state != RELAY_OPEN || r->t.parameters.smtputf8)
        return;
    for (size_t i = first; i < r->t.nrcpts; i++) {
        struct transaction_rcpt *to = &r->t.rcpts[i];

        if (to->outcome != OUTCOME_NONE || utf8_is_ascii(to->address))
            continue;
        to->outcome = OUTCOME_OVERFLOW;
        to->kind = ERR_TEMPORARY;
        to->code = 452;
        to->status = S("4.5.3");
        to->text = S("the address holds UTF-8, which MAIL did not announce: "
                     "it is for a message of its own");
    }
}

/* Somebody from FIRST on is to be named. */
static bool any_to_name(const struct relay *r, size_t first)
{
    for (size_t i = first; i < r->t.nrcpts; i++)
        if (r->t.rcpts[i].outcome == OUTCOME_NONE)
            return true;
    return false;
}

bool relay_told_any(const struct relay *r)
{
    for (size_t i = 0; i < r->t.nrcpts; i++)
        if (r->told[i] == TOLD_YES)
            return true;
    return false;
}

/* Those from FIRST on do not get the message, for the one that WHY is of. */
static void withdraw(struct relay *r, size_t first,
                     const struct transaction_rcpt *why)
{
    struct span text = arena_copy(
        &r->t.arena,
        why->outcome == OUTCOME_OVERFLOW
            ? S("held back, since there are too many recipients")
            : S("held back, since the server deferred another recipient"));

    for (size_t i = first; i < r->t.nrcpts; i++) {
        struct transaction_rcpt *to = &r->t.rcpts[i];

        if (to->outcome != OUTCOME_NONE && to->outcome != OUTCOME_OVERFLOW)
            continue;
        r->unwanted = r->unwanted || to->accepted;
        to->outcome = OUTCOME_DEFERRED;
        to->kind = ERR_TEMPORARY;
        if (to != why)
            to->text = text;
    }
}

/* The client is told that ONE is accepted; here is of whom that is true. */
static void accept_recipient(struct relay *r, const struct envelope *one,
                             struct answer *a)
{
    answer_set(a, 250, "2.1.5", S("recipient ok"));
    for (size_t i = 0; i < one->nrcpts; i++) {
        struct transaction_rcpt *to = relay_find(r, one->rcpts[i].address);
        size_t place = (size_t)(to - r->t.rcpts);

        if (to->outcome != OUTCOME_REFUSED) {
            r->told[place] = TOLD_YES;
            continue;
        }
        r->told[place] = TOLD_PART;
        buf_printf(&a->text, "; but not %.*s: %.*s", SPAN_ARG(to->address),
                   SPAN_ARG(to->text));
    }
}

/*
 * What the client is told of ONE, whose new addresses stand at FIRST.  Only the
 * first recipient of a transaction may be too many: it cannot come later, and
 * its rest is sent in a transaction of its own.
 */
static void answer_recipient(struct relay *r, const struct envelope *one,
                             size_t first, struct answer *a)
{
    const struct transaction_rcpt *of[OUTCOME_IN_DOUBT + 1] = {NULL}, *no;

    for (size_t i = 0; i < one->nrcpts; i++) {
        struct transaction_rcpt *to = relay_find(r, one->rcpts[i].address);
        size_t place = (size_t)(to - r->t.rcpts);
        bool waits = to->outcome == OUTCOME_OVERFLOW && place < first &&
                     r->told[place] == TOLD_YES;

        of[waits ? OUTCOME_NONE : to->outcome] = to;
    }
    no = of[OUTCOME_DEFERRED];
    if (!no && (!of[OUTCOME_NONE] || relay_told_any(r)))
        no = of[OUTCOME_OVERFLOW];
    if (!no && !of[OUTCOME_NONE])
        no = of[OUTCOME_REFUSED];
    if (no) {
        answer_rcpt(a, no);
        withdraw(r, first, no);
    } else {
        accept_recipient(r, one, a);
    }
}

static void name(struct relay *r, const struct envelope *one,
                 const struct serve_rcpt *said, struct answer *a)
{
    size_t first = r->t.nrcpts;
    struct err err = {0};

    if (r->state == RELAY_NEW && !relay_connect(r, &err))
        relay_spoil(r, &err);
    if (r->state != RELAY_SPOILED && !room_for_more(r, a))
        return;
    r->message.envelope.utf8 = r->message.envelope.utf8 || one->utf8;
    add_new(r, one, said);
    if (r->state != RELAY_SPOILED) {
        relay_refuse_utf8(r);
        set_apart(r, first);
    }
    if (r->state != RELAY_SPOILED && any_to_name(r, first))
        relay_pass_on(r);
    answer_recipient(r, one, first, a);
}

void relay_recipient(struct relay *r, const struct serve_rcpt *said,
                     struct answer *a)
{
    struct envelope one = {.expander = r->wanted.expander};
    struct err err = {0};

    if (!envelope_operand(&one, said->recipient, r->wanted.domain, &err))
        answer_address(a, "5.1.3", &err);
    else if (one.nrcpts == 0)
        answer_set(a, 250, "2.1.5", S("an alias drops it"));
    else
        name(r, &one, said, a);
    envelope_free(&one);
}
