/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * serve - the server's side of SMTP, for -bs (RFC 5321, RFC 6409)
 *
 * Somebody on standard input speaks SMTP to us.  The machine eats what comes
 * and makes the replies; it opens nothing, waits for nothing and decides
 * nothing about senders and recipients: its driver does, and asks after every
 * step what it wants:
 *
 *     while ((wants = serve_wants(s)) != SERVE_OVER)
 *         switch (wants) {
 *         case SERVE_EXCHANGE:  // write serve_output(), then read what comes:
 *                               //   serve_sent(s, n), serve_feed(s, bytes);
 *                               //   at the end of input serve_closed(s)
 *         case SERVE_SENDER:    // MAIL: serve_mail(s); then serve_answer()
 *         case SERVE_RECIPIENT: // RCPT: serve_rcpt(s); then serve_answer()
 *         case SERVE_CONTENT:   // keep serve_content(s), then serve_taken(s)
 *         case SERVE_MESSAGE:   // it is whole; then serve_answer()
 *         case SERVE_RESET:     // the transaction is given up: forget it,
 *                               //   then serve_forgotten(s)
 *         }
 *     // what serve_output() still holds is written
 *
 * Everything is asked for in the order the client said it, one at a time:
 * what the client sent ahead (RFC 2920) waits inside, so what is fed at once
 * had better be bounded; 64 KiB are plenty.  The content that is handed out is
 * the message: dots are taken off, BDAT chunks are joined, a line ends as it
 * came.
 *
 * A transaction begins when the driver accepts a sender.  It ends with the
 * answer to SERVE_MESSAGE, whatever that is, or else with SERVE_RESET: after
 * RSET, HELO, EHLO and QUIT, a message that is refused before its end, the end
 * of input and every 421.  A sender that was not accepted needs no reset.
 *
 * The client is a program on this machine, perhaps an old one.  It may speak
 * before it is greeted, leave out HELO, end its lines in LF (undot.h says what
 * then ends a message), and put blanks where none belong.  But what it sends
 * is never guessed to be a message: when input ends, that is lost which had
 * not come to its end.
 *
 *  - Commands longer than 4096 octets or with control characters are refused,
 *    and after 20 in a row that make no sense the session is closed; at once
 *    where they are a message that follows a DATA which was refused, as
 *    someone else's text must not be taken for commands, and where they are
 *    HTTP.
 *  - Of the extensions, PIPELINING, SIZE, 8BITMIME, SMTPUTF8, DSN,
 *    ENHANCEDSTATUSCODES and CHUNKING are offered, to HELO as well.  There is
 *    no AUTH: who may start us may send.
 *  - A BDAT whose size cannot be read closes the session, for what follows may
 *    be a chunk or a command.  A message stays lost when one of its chunks was
 *    refused (RFC 3030, 2).
 *  - The size limit is kept at MAIL, and again by counting what comes.
 */
#ifndef PENNYPOST_SMTP_SERVE_H
#define PENNYPOST_SMTP_SERVE_H

#include "base/buf.h"
#include "smtp/command.h"

struct serve_settings {
    struct span name;    /* ours, in the greeting and in EHLO's reply      */
    uint64_t size_limit; /* octets of a message, SIZE (RFC 1870); 0: none  */
    size_t rcpt_max;     /* recipients in a transaction; 0: no limit       */

    /*
     * Told of every command, as it came, and of every line of a reply.  Not of
     * the message, nor of what follows AUTH.  May be NULL.
     */
    void (*trace)(void *trace_self, bool ours, struct span line);
    void *trace_self;
};

enum serve_wants {
    SERVE_EXCHANGE,
    SERVE_SENDER,
    SERVE_RECIPIENT,
    SERVE_CONTENT,
    SERVE_MESSAGE,
    SERVE_RESET,
    SERVE_OVER,
};

/*
 * What MAIL said.  Addresses are those of mail/address.h: "local@domain", or
 * "local", without route and comments, in UTF-8, without control characters.
 * The domain is as it was said, not in ASCII.
 */
struct serve_mail {
    struct span sender; /* empty: null sender                              */
    /* SIZE is what the client says; BODY=7BIT is unstated; SMTPUTF8 may be
       lacking where an address is not ASCII. */
    struct mail_parameters parameters;
};

struct serve_rcpt {
    struct span recipient;
    struct rcpt_parameters parameters; /* NOTIFY, ORCPT (RFC 3461)         */
};

struct serve;

/* Keeps a pointer to the settings; they and their strings must outlive it. */
struct serve *serve_new(const struct serve_settings *);
void serve_free(struct serve *);

enum serve_wants serve_wants(const struct serve *);

/*
 * Seconds to wait for the client, in SERVE_EXCHANGE, and to be asked anew
 * before each time: 300 (RFC 5321, 4.5.3.2.7), 180 within a message, and 5
 * where what came last may be its end (undot.h).
 */
unsigned serve_timeout(const struct serve *);

/*
 * The seconds are over, in SERVE_EXCHANGE.  True where the silence ended a
 * message and all goes on; else the session is closed with 421.
 */
bool serve_late(struct serve *);

/* Close the session with 421, in SERVE_EXCHANGE: the driver has to go. */
void serve_stop(struct serve *);

/* Octets to write; after some of them were, say how many. */
struct span serve_output(const struct serve *);
void serve_sent(struct serve *, size_t n);

/* Octets from the client; its end of input.  In SERVE_EXCHANGE only. */
void serve_feed(struct serve *, struct span);
void serve_closed(struct serve *);

/* The transaction's sender, good until its end. */
const struct serve_mail *serve_mail(const struct serve *);

/* The recipient that is asked for, good until the answer. */
const struct serve_rcpt *serve_rcpt(const struct serve *);

/* A piece of the message, not empty, good until serve_taken(). */
struct span serve_content(const struct serve *);
void serve_taken(struct serve *);

/*
 * Answer SERVE_SENDER, SERVE_RECIPIENT or SERVE_MESSAGE: CODE 2yz accepts,
 * 4yz and 5yz refuse.  STATUS is the enhanced status code ("5.1.1"), or empty;
 * TEXT is for people, made safe and cut to reply lines here (serve_reply.h).
 * 421 ends the session.
 */
void serve_answer(struct serve *, int code, struct span status,
                  struct span text);

/*
 * In SERVE_CONTENT, instead of serve_taken(): nothing more of this message can
 * be kept.  What is left of it is read and dropped, and at its end (of DATA,
 * or of the chunk at hand) this is the answer; SERVE_RESET follows.
 */
void serve_refuse(struct serve *, int code, struct span status,
                  struct span text);

void serve_forgotten(struct serve *);

/* A message has begun and not come to its end. */
bool serve_in_message(const struct serve *);

#endif
