/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * serve_steps - the inside of the server's side of SMTP
 *
 * For serve.c (the machine, and the content) and serve_commands.c (what is
 * said in a line) only.  Who handles something returns what is wanted of the
 * driver next, so no handler can be written that leads nowhere.
 */
#ifndef PENNYPOST_SMTP_SERVE_STEPS_H
#define PENNYPOST_SMTP_SERVE_STEPS_H

#include "base/arena.h"
#include "smtp/serve.h"
#include "smtp/serve_reply.h"
#include "smtp/undot.h"

/* What the next octets that come are. */
enum reading {
    READING_COMMAND,
    READING_DATA,
    READING_CHUNK,
};

struct serve {
    const struct serve_settings *settings;
    enum serve_wants wants;
    enum reading reading;
    bool closing; /* once there is nothing to forget it is over */
    struct buf in, out;
    size_t taken; /* octets of IN that are done with */

    /* Lines. */
    bool overlong;     /* the one at hand is too long: its rest is dropped  */
    bool crlf;         /* the last one ended in CRLF                        */
    bool data_refused; /* DATA was, in the one at hand                      */
    bool unheard;      /* and in the one before: a client that waits for no */
                       /* reply sends the message now                       */
    unsigned bad;      /* in a row, that made no sense                      */

    /* The transaction: open from the answer to MAIL that accepted it. */
    bool open;
    struct serve_mail mail;
    struct serve_rcpt rcpt;
    struct arena mail_arena, rcpt_arena;
    size_t accepted; /* recipients */

    /* Its content. */
    struct undot undot;
    bool chunked;        /* comes by BDAT                             */
    bool last;           /* the chunk at hand is the last             */
    uint64_t chunk;      /* octets of it,                             */
    uint64_t left;       /* and those that have not come              */
    uint64_t size;       /* octets of all that has come               */
    struct buf content;  /* the piece for the driver                  */
    struct buf refusal;  /* the reply to its end, where it is refused */
    bool refusal_closes; /* that is 421                               */
};

/* Tell the trace of a line, theirs or ours. */
void serve_trace(const struct serve *, bool ours, struct span line);

/* Write the lines of a reply, each with its CRLF. */
void serve_write(struct serve *, struct span lines);

/* Write a reply. */
void serve_say(struct serve *, int code, struct span status, struct span text);

/* The transaction, if there is one, is to be forgotten. */
enum serve_wants serve_give_up(const struct serve *);

/* Say 421 (RFC 5321, 3.8). */
enum serve_wants serve_hang_up(struct serve *, struct span status,
                               struct span text);

/* There is no transaction (any more). */
void serve_transaction_end(struct serve *);

/*
 * What is left of the content is dropped, and this is the reply to its end.
 * Of several the first counts.
 */
void serve_refuse_content(struct serve *, const struct serve_reply *);

/* Do what LINE, without its end, says. */
enum serve_wants serve_obey(struct serve *, struct span line);

#endif
