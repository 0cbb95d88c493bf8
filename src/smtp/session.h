/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session - the client's side of a mail submission (RFC 5321, RFC 6409)
 *
 * A session takes in the server's octets and makes the client's.  It opens no
 * socket, starts no clock and reads no file: its driver does, and asks after
 * every step what it wants:
 *
 *     while (session_wants(s) != SESSION_OVER)
 *         switch (session_wants(s)) {
 *         case SESSION_EXCHANGE:    // write session_output(), read what comes:
 *                                   //   session_sent(s, n), session_feed(s, b)
 *         case SESSION_HANDSHAKE:   // start TLS, then session_secured(s)
 *         case SESSION_PASSWORD:    // get it, then session_password(s)
 *         case SESSION_TRANSACTION: // session_begin(s, &t) or session_quit(s)
 *         case SESSION_RECIPIENTS:  // of an open transaction: see below
 *         case SESSION_CONTENT:     // session_content(s, text), at the end
 *                                   //   session_content_end(s)
 *         }
 *     // what session_output() still holds (QUIT) is sent, and not waited for
 *
 * Whatever goes wrong on the way is told with session_lost().  So a session,
 * TLS and all, is tested from a text file and fuzzed with nothing listening.
 *
 * Rules it keeps, whatever the server says:
 *  - no AUTH and no MAIL before TLS, where TLS is asked for, and nothing of
 *    what was said before TLS is remembered after it (RFC 3207, 4.2);
 *  - nothing is sent behind STARTTLS, the final dot, or an AUTH exchange
 *    before the reply to it;
 *  - a reply to what was not wholly sent yet is never a success;
 *  - the message is sent only where a recipient was accepted.
 */
#ifndef PENNYPOST_SMTP_SESSION_H
#define PENNYPOST_SMTP_SESSION_H

#include "base/err.h"
#include "smtp/ehlo.h"
#include "smtp/sasl.h"
#include "smtp/transaction.h"

enum session_tls {
    SESSION_TLS_OFF,      /* the line stays as it is                     */
    SESSION_TLS_STARTTLS, /* STARTTLS, or no session                     */
    SESSION_TLS_IMPLICIT, /* the driver has started TLS before any octet */
};

enum session_direction {
    SESSION_CLIENT,
    SESSION_SERVER,
    SESSION_EVENT, /* neither said it: "TLS", "(the message)" */
};

struct session_settings {
    struct span name; /* ours, for EHLO                                    */
    enum session_tls tls;
    bool local;       /* the line does not leave this machine, so a        */
                      /* password may go over it without TLS               */
    bool lmtp;        /* RFC 2033: LHLO, and a reply for each recipient    */
    const struct credentials *credentials; /* NULL: do not log in          */
    bool ask_password; /* SESSION_PASSWORD before credentials are looked at */

    /* Told of every line, secrets masked.  May be NULL. */
    void (*trace)(void *trace_self, enum session_direction, struct span line);
    void *trace_self;
};

enum session_wants {
    SESSION_EXCHANGE,
    SESSION_HANDSHAKE,
    SESSION_PASSWORD,
    SESSION_TRANSACTION,
    SESSION_RECIPIENTS,
    SESSION_CONTENT,
    SESSION_OVER,
};

struct session;

/* Keeps a pointer to the settings; they and their strings must outlive it. */
struct session *session_new(const struct session_settings *);
void session_free(struct session *);

enum session_wants session_wants(const struct session *);

/*
 * Seconds within which the reply that is waited for must be complete, or a
 * piece of content sent (RFC 5321, 4.5.3.2).  The time starts anew whenever
 * session_progress() changes, and only then: octets that do not complete a
 * reply do not extend it.
 */
unsigned session_timeout(const struct session *);
unsigned session_progress(const struct session *);

/* What is being waited for, as in "while asking for STARTTLS". */
const char *session_doing(const struct session *);

/* No octet has come from the server yet. */
bool session_unheard(const struct session *);

/* Octets to send; after some of them were, say how many. */
struct span session_output(const struct session *);
void session_sent(struct session *, size_t n);

/*
 * Whether some of what was said to be sent is still held on this side, so that
 * the last octet of it cannot have reached the server.
 */
void session_held(struct session *, bool held);

/* Octets that came from the server. */
void session_feed(struct session *, struct span);

/* The handshake is done and the server verified. */
void session_secured(struct session *);

/* The credentials hold the password, or the token, now. */
void session_password(struct session *);

/*
 * What ties a login to the TLS that is up, in octets, which are copied.  Told
 * before session_secured(); with implicit TLS, before the greeting is fed.
 * Without any, no -PLUS mechanism is used.
 */
void session_binding(struct session *, enum sasl_binding, struct span octets);

/* What the server can do; good while it wants a transaction. */
const struct ehlo *session_ehlo(const struct session *);

/* The mechanism that logged us in; empty where none did. */
struct span session_mechanism(const struct session *);

/* *T must outlive the session or its next SESSION_TRANSACTION. */
void session_begin(struct session *, struct transaction *t);
void session_quit(struct session *);

/*
 * A transaction that is begun open stays so when its recipients are answered,
 * and SESSION_RECIPIENTS is wanted; those that have no outcome are accepted.
 * Either add some more and call session_more(), or set its open to false and
 * call it, for the message; or give it up with session_give_up().  Where MAIL
 * is refused it is over, as any other.
 */
void session_more(struct session *);
void session_give_up(struct session *);

/* A piece of the message, in CRLF lines as mail/content makes it. */
void session_content(struct session *, struct span text);
void session_content_end(struct session *);

/* The final dot is out and the reply to it is not there (RFC 1047). */
bool session_in_doubt(const struct session *);

/*
 * The line is of no use any more, and why.  A transaction under way is closed:
 * in doubt where the final dot was sent and its reply has not come.  Without
 * effect once the session is over.
 */
void session_lost(struct session *, const struct err *why);

/*
 * True unless the session itself failed: was not let in, broke or was lost.
 * What became of the recipients stands in their transactions either way.
 */
bool session_result(const struct session *, struct err *);

#endif
