/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session with the server, and naming the recipients there. */
#include <config.h>

#include "app/relay_steps.h"
#include "base/utf8.h"
#include "sys/signals.h"

enum { PIECE = 64 * 1024 };

bool relay_alive(const struct relay *r)
{
    return r->up.session && session_wants(r->up.session) != SESSION_OVER;
}

bool relay_offers(const struct relay *r, unsigned what)
{
    return session_ehlo(r->up.session)->has & what;
}

static bool next_content(void *source, struct buf *piece)
{
    struct relay *r = source;
    bool more = content_next(&r->prepared.content, PIECE, piece);

    r->asked = true;
    message_passed(&r->message, &r->prepared.content);
    return more;
}

bool relay_connect(struct relay *r, struct err *err)
{
    struct app *app = r->app;

    if (relay_alive(r))
        return true;
    upstream_free(&r->up);
    r->up = (struct upstream){.conf = &app->conf, .world = &app->world,
                              .verbose = app->cli.verbose,
                              .unattended = true};
    r->used = false;
    if (!upstream_open(&r->up, err))
        return false;
    upstream_source(&r->up, r, next_content);
    return true;
}

void relay_leave(struct relay *r)
{
    struct err ignored;

    if (relay_alive(r))
        upstream_close(&r->up, &ignored);
    upstream_free(&r->up);
}

/*
 * MAIL goes before the content is known, so it says what may be needed: that
 * there may be 8-bit text, where the server takes that.
 */
static bool parameters_make(struct relay *r, struct err *err)
{
    const struct mail_parameters *said = &r->mail.parameters;

    if (r->message.envelope.sender_utf8 && !relay_offers(r, EHLO_SMTPUTF8))
        return fail(err, ERR_UNAVAILABLE,
                    "5.6.7 the sender's address holds UTF-8, and the server "
                    "does not take that");
    r->t.parameters = (struct mail_parameters){
        .state_size = said->state_size && relay_offers(r, EHLO_SIZE),
        .size = said->size,
        .body = relay_offers(r, EHLO_8BITMIME) ? BODY_8BITMIME
                                               : BODY_UNSTATED,
        .smtputf8 = (said->smtputf8 || r->message.envelope.utf8) &&
                    relay_offers(r, EHLO_SMTPUTF8),
    };
    if (relay_offers(r, EHLO_DSN)) {
        r->t.parameters.returned = said->returned;
        r->t.parameters.envelope_id = said->envelope_id;
    }
    return true;
}

void relay_refuse_utf8(struct relay *r)
{
    if (relay_offers(r, EHLO_SMTPUTF8))
        return;
    for (size_t i = 0; i < r->t.nrcpts; i++) {
        struct transaction_rcpt *to = &r->t.rcpts[i];

        if ((to->outcome != OUTCOME_NONE && to->outcome != OUTCOME_OVERFLOW) ||
            to->accepted || utf8_is_ascii(to->address))
            continue;
        to->outcome = OUTCOME_REFUSED;
        to->kind = ERR_UNAVAILABLE;
        to->code = 553;
        to->status = S("5.6.7");
        to->text = S("the address holds UTF-8, and the server does not take "
                     "that");
    }
}

void relay_drop_parameters(struct relay *r)
{
    if (relay_offers(r, EHLO_DSN))
        return;
    for (size_t i = 0; i < r->t.nrcpts; i++)
        r->t.rcpts[i].parameters = (struct rcpt_parameters){0};
}

void relay_spoil(struct relay *r, const struct err *why)
{
    enum outcome outcome = answer_blame(why);

    if (!relay_alive(r)) /* whatever it is, it is not about this mail */
        outcome = OUTCOME_DEFERRED;
    r->fate = (struct transaction_rcpt){
        .outcome = outcome, .kind = why->kind,
        .text = arena_copy(&r->t.arena, span_of(why->text))};
    transaction_close(&r->t, outcome, why);
    r->state = RELAY_SPOILED;
}

static bool begin(struct relay *r, struct err *err)
{
    if (!relay_connect(r, err) || !parameters_make(r, err))
        return false;
    relay_drop_parameters(r);
    relay_refuse_utf8(r);
    r->t.sender = r->message.envelope.sender;
    r->t.open = true;
    session_begin(r->up.session, &r->t);
    return true;
}

/* Name the recipients that the server does not know of yet. */
static void name_recipients(struct relay *r)
{
    struct err err = {0};

    if (r->state == RELAY_OPEN) {
        relay_drop_parameters(r);
        session_more(r->up.session);
    } else if (!begin(r, &err)) {
        relay_spoil(r, &err);
        return;
    }
    upstream_run(&r->up);
    if (session_wants(r->up.session) == SESSION_RECIPIENTS) {
        r->state = RELAY_OPEN;
    } else if (relay_alive(r)) {
        r->state = RELAY_SPOILED; /* MAIL was refused, and so they all are */
        r->fate = r->t.rcpts[0];
    } else {
        session_result(r->up.session, &err);
        relay_spoil(r, &err);
    }
}

static void outcomes_forget(struct transaction *t)
{
    t->accepted = 0;
    for (size_t i = 0; i < t->nrcpts; i++)
        t->rcpts[i] = (struct transaction_rcpt){
            .address = t->rcpts[i].address,
            .parameters = t->rcpts[i].parameters};
}

/* The session of an earlier transaction may have been closed since. */
void relay_pass_on(struct relay *r)
{
    bool earlier = r->state == RELAY_NEW && r->used;

    name_recipients(r);
    if (earlier && !relay_alive(r) && !signals_stop()) {
        outcomes_forget(&r->t);
        r->state = RELAY_NEW;
        name_recipients(r);
    }
    r->used = true;
}
