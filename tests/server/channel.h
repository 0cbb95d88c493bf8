/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * channel - one connection, in the clear or under TLS, and what it cost
 *
 * What is sent is held until the channel has nothing left to read and would
 * have to wait: the answers to commands that came together leave together.
 * Every wait ends when the server's first process does (LIFE).
 *
 * A turn is a wait for the client after something was sent to it.  The
 * client's Finished and its first command may come a moment apart and are one
 * turn nevertheless: DELAY holds each answer back for so long, and what has
 * come by then was not waiting for it.
 */
#ifndef PENNYPOST_TESTS_SERVER_CHANNEL_H
#define PENNYPOST_TESTS_SERVER_CHANNEL_H

#include "base/buf.h"

#include <gnutls/gnutls.h>

struct channel {
    int socket;
    int life;             /* readable when it is time to end          */
    gnutls_session_t tls; /* NULL in the clear                        */
    struct buf in, out;   /* octets as on the wire                    */
    struct buf text;      /* what came, after TLS, not taken yet      */
    bool ended;           /* no more will come                        */
    bool owing;           /* something was sent that may be answered  */
    unsigned delay;       /* milliseconds                             */
    uint64_t pace, pause; /* send so many octets at a time; between, ms */
    uint64_t received, sent, turns;
};

enum line_state { LINE_WHOLE, LINE_LONG, LINE_NONE };

/*
 * Take one line of at most MOST octets and its line end, which stays on it.
 * LINE_NONE: the client is gone, and what it left behind is in *LINE.
 */
enum line_state channel_line(struct channel *, size_t most, struct buf *line);

/* Wait until there is something in TEXT; false when the client is gone. */
bool channel_more(struct channel *);

/* The client has sent something that we have not taken. */
bool channel_pending(struct channel *);

/* Send, sooner or later.  When the client is gone nothing happens. */
void channel_send(struct channel *, struct span);

/* Send what is held, now. */
void channel_flush(struct channel *);

/* Wait, whatever the client does. */
void channel_sleep(struct channel *, uint64_t milliseconds);

/* Read nothing and say nothing until the client is gone. */
void channel_deaf(struct channel *);

/* Put TLS on it, as a server.  Returns GnuTLS's code, 0 for success. */
int channel_secure(struct channel *, gnutls_certificate_credentials_t,
                   const char *priority);

/* Ways to end: properly; without TLS's closing alert; with a TCP reset. */
enum farewell { FAREWELL_CLOSE, FAREWELL_DROP, FAREWELL_RESET };

void channel_end(struct channel *, enum farewell);

#endif
