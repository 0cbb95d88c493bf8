/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/relay_steps.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/world.h"

static void forget(struct relay *r)
{
    if (relay_alive(r))
        session_give_up(r->up.session);
    transaction_free(&r->t);
    mem_free(r->told);
    r->told = NULL;
    r->told_capacity = 0;
    r->known = (struct names){0};
    r->state = RELAY_NEW;
    r->unwanted = r->asked = false;
    prepared_free(&r->prepared);
    message_free(&r->message);
}

/* The account for this sender; with another the session is of no use. */
static bool choose_account(struct relay *r, struct err *err)
{
    struct app *app = r->app;
    struct conf next = {0}, before = app->conf;

    if (!settings_needs_sender(&app->settings))
        return true;
    if (!app_choose(app, r->mail.sender, &next, err)) {
        conf_free(&next);
        return false;
    }
    if (r->chosen && span_eq(next.account.text, before.account.text)) {
        conf_free(&next);
        return true;
    }
    relay_leave(r);
    r->chosen = true;
    app->conf = next;
    conf_free(&before);
    return true;
}

static bool take_sender(struct relay *r, struct err *err)
{
    uint64_t limit;

    if (!choose_account(r, err) || !world_again(&r->app->world, err))
        return false;
    limit = r->app->conf.size_limit.number;
    if (limit && r->mail.parameters.size > limit)
        return fail(err, ERR_UNAVAILABLE, "5.3.4 the message is too large");
    r->wanted = app_wanted(r->app);
    r->wanted.has_sender = true;
    r->wanted.sender = r->mail.sender;
    r->message.reports = (struct message_reports){
        .returned = r->mail.parameters.returned,
        .envelope_id = r->mail.parameters.envelope_id};
    return message_sender(&r->message, &r->wanted, err);
}

void relay_sender(struct relay *r, const struct serve_mail *said,
                  struct answer *a)
{
    struct err err = {0};

    forget(r);
    r->since = clock_ms();
    r->mail = *said;
    r->mail.sender = relay_copied(r, said->sender);
    r->mail.parameters.envelope_id =
        relay_copied(r, said->parameters.envelope_id);
    if (take_sender(r, &err))
        answer_set(a, 250, "2.1.0", S("sender ok"));
    else
        answer_address(a, "5.1.7", &err);
}

bool relay_content(struct relay *r, struct span piece, struct answer *a)
{
    const struct message_source source = {
        .size_limit = r->app->conf.size_limit.number};
    struct err err = {0};

    if (message_add(&r->message, piece, &source, &err))
        return true;
    answer_error(a, &err);
    if (err.kind == ERR_DATA)
        answer_set(a, 552, "5.3.4", span_of(err.text));
    else if (err.kind == ERR_TEMPORARY || err.kind == ERR_IO)
        answer_set(a, 452, "4.3.1", span_of(err.text));
    relay_close(r, answer_blame(&err), &err);
    return false;
}

/* Log what became of all those whom that is known of. */
static void log_transaction(struct relay *r)
{
    struct delivery d = {
        .conf = &r->app->conf, .world = &r->app->world,
        .message = &r->message, .rcpts = r->t.rcpts, .nrcpts = r->t.nrcpts,
        .host = r->up.host, .address = r->up.address, .tls = r->up.tls,
        .mechanism = r->up.mechanism, .reply = r->t.reply,
        .warning = r->up.warning,
        .notes = buf_span(&r->prepared.recoding.notes),
        .size = r->prepared.size, .duration = clock_ms() - r->since,
    };

    app_log(r->app, &d);
}

void relay_message(struct relay *r, struct answer *a)
{
    struct err err = {0};
    bool ok = message_end(&r->message, &err) &&
              message_parse(&r->message, &err) &&
              message_compose(&r->message, &r->wanted, &err);

    if (ok)
        app_trace_sender(r->app, &r->message);
    if (ok && relay_told_any(r))
        ok = relay_send(r, &err);
    if (!ok)
        relay_close(r, answer_blame(&err), &err);
    if (ok || relay_told_any(r))
        answer_message(a, r->t.rcpts, r->told, r->t.nrcpts);
    else
        answer_error(a, &err);
    log_transaction(r);
    forget(r);
}

void relay_reset(struct relay *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->t.nrcpts; i++)
        if (r->t.rcpts[i].outcome != OUTCOME_NONE &&
            r->t.rcpts[i].outcome != OUTCOME_OVERFLOW)
            r->t.rcpts[n++] = r->t.rcpts[i];
    r->t.nrcpts = n;
    if (n > 0)
        log_transaction(r);
    forget(r);
}

void relay_free(struct relay *r)
{
    forget(r);
    relay_leave(r);
}
