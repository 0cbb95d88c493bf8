/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * relay - passes a transaction on while a client is still saying it
 *
 * For -bs: each recipient is named to the server at once, so that what the
 * client is answered is what the server said; the message follows when it is
 * whole.  The session with the server is opened when the first recipient comes
 * and kept for the transactions to follow.
 *
 *     struct relay relay = {.app = &app};
 *
 *     relay_sender(&relay, serve_mail(s), &answer);
 *     relay_recipient(&relay, serve_rcpt(s), &answer);    each
 *     relay_content(&relay, serve_content(s), &answer);   each piece
 *     relay_message(&relay, &answer);
 *     relay_reset(&relay);
 *     ...
 *     relay_free(&relay);
 *
 * Rules it keeps:
 *  - The message goes to those of whom the client was told that they are
 *    accepted, and to nobody else.
 *  - What goes wrong with the server before it has said anything to this
 *    transaction is mended by a new session; once a recipient was answered the
 *    rest of them share what went wrong, and nothing is asked twice.
 *  - Where the server was lost while the client was writing its message, all
 *    of it is said once more, to a new session.  Once the server has asked for
 *    the message that is the client's decision.
 *  - An alias is one recipient to the client.  Where the server defers one of
 *    its members nobody of them gets the message, as otherwise the client would
 *    be told to try again what was sent already.  One that is refused for good
 *    keeps nobody back; the answers name it.
 */
#ifndef PENNYPOST_APP_RELAY_H
#define PENNYPOST_APP_RELAY_H

#include "app/answer.h"
#include "app/app.h"
#include "app/message.h"
#include "app/prepare.h"
#include "app/upstream.h"
#include "smtp/serve.h"

struct relay {
    struct app *app;          /* the caller's */

    /* The relay's own, all zero before. */
    struct upstream up;       /* its session is NULL while there is none */
    bool chosen;              /* the account was                         */
    bool used;                /* the session has had a transaction       */

    /* The transaction.  Everyone that was named is in it, so that the log can
       tell what became of them. */
    struct transaction t;
    enum told *told;          /* of each of its recipients               */
    size_t told_capacity;
    struct names known;       /* their places in it, by their addresses  */
    enum {
        RELAY_NEW,            /* the server does not know of it          */
        RELAY_OPEN,
        RELAY_SPOILED,        /* nobody (else) can be named              */
    } state;
    struct transaction_rcpt fate; /* of who is named when it is spoiled  */
    bool unwanted;            /* the server has taken somebody who is    */
                              /* not to get the message                  */
    bool asked;               /* the server has asked for the message    */
    struct serve_mail mail;   /* as the client said it                   */
    struct message message;
    struct message_wanted wanted;
    struct prepared prepared;
    int64_t since;            /* when the transaction began, clock_ms()  */
};

/* Each fills in the answer.  Its text is empty before. */
void relay_sender(struct relay *, const struct serve_mail *, struct answer *);
void relay_recipient(struct relay *, const struct serve_rcpt *,
                     struct answer *);

/* Keep a piece of the message.  False, and the answer, where that fails. */
bool relay_content(struct relay *, struct span piece, struct answer *);

/* The message is whole: send it, log what became of it, and forget it. */
void relay_message(struct relay *, struct answer *);

/*
 * The client has given the transaction up.  What was refused meanwhile is
 * logged.
 */
void relay_reset(struct relay *);

/* Takes leave of the server, too. */
void relay_free(struct relay *);

#endif
