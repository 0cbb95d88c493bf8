/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * transaction - one message on its way, and what became of each recipient
 *
 * The caller fills in the upper half, hands it to session_begin(), and reads
 * the outcomes when the session wants the next transaction or is over:
 *
 *     struct transaction t = {.sender = sender, .parameters = parameters};
 *     transaction_add(&t, recipient);
 *     ...
 *     transaction_free(&t);
 *
 * Addresses are the caller's and outlive the transaction.  A recipient whose
 * outcome is set before it is named is not named, and keeps it.
 */
#ifndef PENNYPOST_SMTP_TRANSACTION_H
#define PENNYPOST_SMTP_TRANSACTION_H

#include "base/arena.h"
#include "base/err.h"
#include "smtp/command.h"
#include "smtp/reply.h"

enum outcome {
    OUTCOME_NONE,     /* not known (yet)                                     */
    OUTCOME_SENT,     /* the server has taken the message for it             */
    OUTCOME_REFUSED,  /* the server refused for good: trying again is no use */
    OUTCOME_DEFERRED, /* not sent; may work later                            */
    OUTCOME_OVERFLOW, /* not sent: too many recipients, for the next one     */
    OUTCOME_IN_DOUBT, /* lost between the final dot and its reply (RFC 1047) */
};

struct transaction_rcpt {
    struct span address;
    struct rcpt_parameters parameters;
    bool accepted;        /* RCPT was answered with 2yz                    */
    enum outcome outcome;
    enum err_kind kind;   /* what to end the program with, unless sent     */
    int code;             /* the reply's, or 0 where there was none        */
    struct span status;   /* enhanced status code (RFC 3463), may be empty */
    struct span text;     /* for people: what happened, and the reply      */
};

struct transaction {
    struct span sender;
    struct mail_parameters parameters;
    bool all_or_none; /* send nothing where one recipient is deferred     */
    bool open;        /* more recipients may come: the session asks       */
    struct transaction_rcpt *rcpts;
    size_t nrcpts, capacity;

    size_t accepted;      /* recipients that RCPT was accepted for        */
    struct span reply;    /* the reply to the message, for the log        */
    struct arena arena;   /* holds the texts                              */
};

void transaction_add(struct transaction *, struct span address);
void transaction_free(struct transaction *);

/*
 * The server's answer for one recipient: DOING says to what.  A 4yz defers,
 * a 5yz refuses; the failure is of KIND, or for a 4yz ERR_TEMPORARY.
 */
void transaction_settle(struct transaction *, struct transaction_rcpt *,
                        const struct reply *, enum err_kind, const char *doing);

/* Give every recipient that has none yet this outcome and reason. */
void transaction_close(struct transaction *, enum outcome,
                       const struct err *why);

#endif
