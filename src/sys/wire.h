/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wire - a connection to a server, in the clear or with TLS
 *
 * Bytes go in and come out, and nothing waits beyond its deadline (clock.h).
 * Reading and writing go on at once: a server that answers while we send is
 * heard, and one that does not read before it is read from does not lock up.
 *
 *     struct wire *wire = wire_new(fd);
 *
 *     wire_secure(wire, &settings, host, deadline, err);
 *     wire_exchange(wire, S("EHLO me\r\n"), &sent, &in, deadline, err);
 *     wire_exchange(wire, (struct span){0}, &sent, &in, deadline, err);
 *     wire_free(wire);
 *
 * What is sent is gathered and goes out in one piece as soon as the caller
 * wants to read, or when there is much of it.  SIGPIPE cannot happen.
 */
#ifndef PENNYPOST_SYS_WIRE_H
#define PENNYPOST_SYS_WIRE_H

#include "sys/tls.h"

#include <signal.h>

/* Why the last call failed, where that makes a difference. */
enum wire_state {
    WIRE_OPEN,
    WIRE_LATE,    /* the deadline passed; the caller may go on       */
    WIRE_STOPPED, /* the flag of wire_watch() is set; may go on      */
    WIRE_LOST,    /* the server closed it, or it broke: it is over   */
};

struct wire;

/* A wire over the connected socket FD, which is the wire's from now on. */
struct wire *wire_new(int fd);

/*
 * Close.  What is unsent is given to the system if it takes it at once, and
 * with TLS the end is announced; the server's answer is not waited for.  NULL
 * is nothing.
 */
void wire_free(struct wire *);

/*
 * Close, too, but without sending what is unsent: it must not arrive any more.
 * What wire_free() still has to do is to release it.
 */
void wire_abandon(struct wire *);

/* Waiting calls fail with WIRE_STOPPED while *STOP is set; NULL: never. */
void wire_watch(struct wire *, const volatile sig_atomic_t *stop);

/*
 * Send some of OUT, receive some into *IN, or both.
 *
 * Where OUT is empty: write what was gathered, and return when something has
 * arrived.  Otherwise: return when some of OUT, *SENT bytes from its front, is
 * accepted; what has arrived meanwhile is in *IN.  Accepted means that the
 * wire has it, not the server (see wire_unsent()).  At most 64 KiB are added
 * to *IN in a call.
 *
 * False: ERR_TEMPORARY when the deadline passed, the flag is set, or the
 * server closed the connection, which wire_state() tells apart; ERR_PROTOCOL
 * when what came is not sound TLS.  What came before the end is returned
 * first, with true.  *SENT is 0 and *IN as it was.
 */
bool wire_exchange(struct wire *, struct span out, size_t *sent,
                   struct buf *in, int64_t deadline, struct err *);

/*
 * How many bytes wait here to be written.  Unless it is 0, the last byte that
 * was accepted cannot have reached the server.
 */
size_t wire_unsent(const struct wire *);

/*
 * Start TLS with the server called NAME, verification included (tls.h).
 * ERR_PROTOCOL: it cannot be trusted, or what answers does not speak TLS.
 * After a failure the wire is of no use, whatever wire_state() says.
 */
bool wire_secure(struct wire *, const struct tls_settings *, struct span name,
                 int64_t deadline, struct err *);

/*
 * Something waits to be read that is not the beginning of TLS.  To be asked
 * between the server's reply to STARTTLS and wire_secure(): if so, somebody
 * has put it there, and the session must end.
 */
bool wire_pending_plaintext(struct wire *);

enum wire_state wire_state(const struct wire *);

/*
 * Our own end of it as EHLO has it where a host has no name: "[192.0.2.1]",
 * "[IPv6:2001:db8::1]" (RFC 5321, 4.1.3); for a local socket "localhost".
 */
void wire_literal(const struct wire *, struct buf *out);

/* NULL while the wire is in the clear. */
const struct tls_facts *wire_facts(const struct wire *);

/* tls_binding() of this connection; false while the wire is in the clear. */
bool wire_binding(const struct wire *, enum tls_binding, struct buf *out);

#endif
