/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/transaction.h"

#include "base/mem.h"

enum { TEXT_MAX = 1024 }; /* octets kept of what is said of a recipient */

void transaction_add(struct transaction *t, struct span address)
{
    if (t->nrcpts == t->capacity) {
        t->capacity = t->capacity ? t->capacity * 2 : 16;
        t->rcpts = mem_resize(t->rcpts, t->capacity, sizeof *t->rcpts);
    }
    t->rcpts[t->nrcpts++] = (struct transaction_rcpt){.address = address};
}

void transaction_free(struct transaction *t)
{
    mem_free(t->rcpts);
    arena_free(&t->arena);
    *t = (struct transaction){0};
}

static enum outcome outcome_of(const struct reply *reply)
{
    return reply_class(reply) == 2   ? OUTCOME_SENT
           : reply_class(reply) == 5 ? OUTCOME_REFUSED
                                     : OUTCOME_DEFERRED;
}

void transaction_settle(struct transaction *t, struct transaction_rcpt *rcpt,
                        const struct reply *reply, enum err_kind kind,
                        const char *doing)
{
    struct buf text = {0};

    if (reply_class(reply) != 2)
        buf_printf(&text, "the server refused %s: ", doing);
    reply_print(reply, &text);
    buf_cut(&text, TEXT_MAX);
    rcpt->outcome = outcome_of(reply);
    rcpt->kind = rcpt->outcome == OUTCOME_SENT      ? ERR_NONE
                 : rcpt->outcome == OUTCOME_REFUSED ? kind
                                                    : ERR_TEMPORARY;
    rcpt->code = reply->code;
    rcpt->status = arena_copy(&t->arena, reply_enhanced(reply));
    rcpt->text = arena_copy(&t->arena, buf_span(&text));
    buf_free(&text);
}

void transaction_close(struct transaction *t, enum outcome outcome,
                       const struct err *why)
{
    struct span text = arena_copy(&t->arena, span_of(why->text));

    for (size_t i = 0; i < t->nrcpts; i++) {
        struct transaction_rcpt *rcpt = &t->rcpts[i];

        if (rcpt->outcome != OUTCOME_NONE)
            continue;
        rcpt->outcome = outcome;
        rcpt->kind = why->kind;
        rcpt->code = 0; /* of an earlier reply, to RCPT */
        rcpt->status = S("");
        rcpt->text = text;
    }
}
