/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sasl - showing the server who we are (RFC 4422), a mechanism at a time
 *
 * A mechanism is a row of the table in sasl.c and a file sasl_NAME.c.  It is a
 * function from challenge to response.  Base64 and the "334" around them
 * belong to the session (RFC 4954), never to a mechanism.
 */
#ifndef PENNYPOST_SMTP_SASL_H
#define PENNYPOST_SMTP_SASL_H

#include "base/buf.h"
#include "base/err.h"

/* Who logs in.  The strings are the caller's and outlive the session. */
struct credentials {
    struct span user, password;
    struct span mechanism; /* this one only; empty for the best there is */
};

/* An exchange under way.  {.mechanism = m, .credentials = c} starts one. */
struct sasl {
    const struct sasl_mechanism *mechanism;
    const struct credentials *credentials;
    unsigned step; /* responses made so far                              */
    bool complete; /* all is said: only now may the server say 235       */
};

struct sasl_mechanism {
    struct span name;
    bool needs_tls;    /* gives the password away to whoever listens      */
    bool client_first; /* its first response can go with the AUTH command */

    /*
     * Make the response to a challenge, as the 334 has it: PLAIN and LOGIN
     * learn nothing from it, so it is not decoded.  False: there is nothing
     * (more) to say.
     */
    bool (*respond)(struct sasl *, struct span challenge,
                    struct buf *response);
};

/* The bit of a mechanism's name, or 0 where we do not have it. */
unsigned sasl_bit(struct span name);

/*
 * The best mechanism among OFFERED (bits) that the credentials and the line
 * allow.  SECURED: the line is under TLS, or does not leave this machine.
 * OFFERED_NAMES is only quoted.  NULL, and ERR_DENIED, where none is left.
 */
const struct sasl_mechanism *sasl_choose(unsigned offered,
                                         struct span offered_names,
                                         const struct credentials *,
                                         bool secured, struct err *);

/* The mechanisms: RFC 4616, and draft-murchison-sasl-login. */
bool sasl_plain(struct sasl *, struct span challenge, struct buf *response);
bool sasl_login(struct sasl *, struct span challenge, struct buf *response);

#endif
