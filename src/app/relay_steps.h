/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * relay_steps - the inside of a relay
 *
 * For relay.c (a transaction from MAIL to its end), relay_rcpt.c (who it goes
 * to), relay_server.c (the session with the server, and naming them there) and
 * relay_send.c (the message) only.
 */
#ifndef PENNYPOST_APP_RELAY_STEPS_H
#define PENNYPOST_APP_RELAY_STEPS_H

#include "app/relay.h"

/* What lives as long as the transaction. */
static inline struct span relay_copied(struct relay *r, struct span s)
{
    return arena_copy(&r->message.envelope.arena, s);
}

/* relay_server.c */

/* There is a session that is not over, as far as anybody has noticed. */
bool relay_alive(const struct relay *);

/* The server of the session offers one of these EHLO_ bits. */
bool relay_offers(const struct relay *, unsigned what);

/* A session that wants a transaction, be it a new one. */
bool relay_connect(struct relay *, struct err *);

/* Take leave of the server. */
void relay_leave(struct relay *);

/* Nobody can be named (any more), and this is why. */
void relay_spoil(struct relay *, const struct err *why);

/* Name the recipients that the server does not know of yet. */
void relay_pass_on(struct relay *);

/*
 * The server of the session cannot be told of those whose address needs
 * SMTPUTF8, where it does not offer that: they are refused.
 */
void relay_refuse_utf8(struct relay *);

/* What a server without DSN does not want to know (RFC 3461, 4.3). */
void relay_drop_parameters(struct relay *);

/* relay_rcpt.c */

/* The recipient with this address; NULL where there is none. */
struct transaction_rcpt *relay_find(struct relay *, struct span address);

/* The client was told that somebody is accepted. */
bool relay_told_any(const struct relay *);

/* relay_send.c */

/*
 * Send the message, which is composed, to those whom the client was told of as
 * accepted.  False, and why, where some of them are left without an outcome.
 */
bool relay_send(struct relay *, struct err *);

/* Those who have no outcome get this one. */
void relay_close(struct relay *, enum outcome, const struct err *why);

#endif
