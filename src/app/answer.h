/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * answer - what a client of -bs is told
 *
 * Turns errors of ours and outcomes of recipients into replies.  A no of the
 * server is passed on with its code, where that says as much here as it did
 * there, and with its status and words.  What is nobody's refusal, a server
 * that cannot be reached or does not let us in, is a 4yz: the message is not to
 * blame, and may be sent later.
 */
#ifndef PENNYPOST_APP_ANSWER_H
#define PENNYPOST_APP_ANSWER_H

#include "smtp/transaction.h"

/* A reply for the client, as serve_answer() takes it. */
struct answer {
    int code;
    char status[16];   /* enhanced status code; may be empty */
    struct buf text;   /* the caller frees it                */
};

/* What the client was told of a recipient, in the answer to RCPT. */
enum told {
    TOLD_NO,   /* nothing, or that it gets nothing                        */
    TOLD_YES,  /* that it is accepted                                     */
    TOLD_PART, /* that it is refused, but not others of the same alias    */
};

void answer_set(struct answer *, int code, const char *status,
                struct span text);

/* The outcome that an error of ours is to those whom it keeps from mail. */
enum outcome answer_blame(const struct err *);

/* An error of ours.  "5.6.7 ..." at the front of its text is its status. */
void answer_error(struct answer *, const struct err *);

/* The same for one that may be an address's: STATUS says whose. */
void answer_address(struct answer *, const char *status, const struct err *);

/* What became of one recipient. */
void answer_rcpt(struct answer *, const struct transaction_rcpt *);

/*
 * The answer to the message: what became of the N recipients of whom the
 * client was TOLD so.  There is one reply for all of them.  Where they do not
 * share a fate it is the worst, and names who got the message all the same: a
 * client that tries again had better send it twice than never.
 */
void answer_message(struct answer *, const struct transaction_rcpt *,
                    const enum told *, size_t n);

#endif
