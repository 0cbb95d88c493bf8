/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sasl - showing the server who we are (RFC 4422), a mechanism at a time
 *
 * A mechanism is a row of the table in sasl.c and a file sasl_NAME.c.  It is a
 * function from challenge to response.  Base64 and the "334" around them
 * belong to the session (RFC 4954), never to a mechanism.
 *
 *     m = sasl_choose(&offer, &who, err);
 *     struct sasl sasl = {.mechanism = m, .credentials = &who,
 *                         .offer = &offer};
 *     while (the server challenges and sasl_respond(...))
 *         ... send the response ...
 *     // the server lets us in: that counts if sasl.complete
 *     sasl_free(&sasl);
 */
#ifndef PENNYPOST_SMTP_SASL_H
#define PENNYPOST_SMTP_SASL_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"

/* Who logs in.  The strings are the caller's and outlive the session. */
struct credentials {
    struct span user, password;

    /*
     * The mechanisms that may be used, with blanks or commas between; empty
     * for the best there is.  "NAME+" stands for that one and all that are
     * better, which is to say above it in the table.
     */
    struct span mechanism;

    struct span authzid; /* who to act as; empty for the user himself        */
    struct span token;   /* of OAuth (RFC 6750): to be used, where there is
                            one and no password                              */
    bool token_later;    /* it is what session_password() will bring         */
    bool certificate;    /* one was shown to the server in TLS               */
    struct span nonce;   /* random octets, 24 and new for every session;
                            without them SCRAM is not used                   */
    struct span host;    /* of the server, for OAUTHBEARER; may be empty     */
    unsigned port;       /* likewise; may be 0                               */
};

/* What ties a login to the TLS that it goes over, the better one first. */
enum sasl_binding {
    SASL_TLS_EXPORTER,         /* RFC 9266 */
    SASL_TLS_SERVER_END_POINT, /* RFC 5929, 4 */
    SASL_BINDINGS,
};

/* What there is to choose from. */
struct sasl_offer {
    unsigned mechanisms; /* bits of those that we have                       */
    struct span names;   /* all that the server named, a blank between       */
    bool secured;        /* under TLS, or does not leave this machine        */
    struct span bindings[SASL_BINDINGS]; /* empty where there is none        */
};

/* An exchange under way; all but the first three begin as zero. */
struct sasl {
    const struct sasl_mechanism *mechanism;
    const struct credentials *credentials;
    const struct sasl_offer *offer;
    unsigned step; /* responses made so far                              */
    bool complete; /* all is said: only now may the server say 235       */
    struct buf messages;     /* of SCRAM, so far                         */
    struct digest signature; /* that the server has still to show        */
    struct buf explained;    /* what it said of why it refuses           */
};

/* What a mechanism is for. */
enum sasl_needs {
    SASL_NEEDS_NOTHING,
    SASL_NEEDS_PASSWORD,
    SASL_NEEDS_TOKEN,
    SASL_NEEDS_CERTIFICATE,
};

struct sasl_mechanism {
    struct span name;

    /* See sasl_respond(). */
    bool (*respond)(struct sasl *, struct span challenge,
                    struct buf *response, struct err *);

    enum sasl_needs needs;
    bool client_first; /* its first response can go with the AUTH command  */
    bool needs_tls;    /* gives away what it needs to whoever listens      */
    bool listens;      /* what a challenge says matters                    */
    bool named_only;   /* is not used unless the credentials name it       */
    bool nonce;        /* takes random octets                              */
    bool binds;        /* to the TLS below it                              */
    enum digest_kind digest;
};

/* The bit of a mechanism's name, or 0 where we do not have it. */
unsigned sasl_bit(struct span name);

/*
 * The best mechanism among those offered that the credentials and the line
 * allow.  NULL where none is left, and ERR_DENIED says why, for each.
 */
const struct sasl_mechanism *sasl_choose(const struct sasl_offer *,
                                         const struct credentials *,
                                         struct err *);

/*
 * For the trace: that M was chosen, and what stood against those that would
 * have been better.
 */
void sasl_reason(const struct sasl_mechanism *m, const struct sasl_offer *,
                 const struct credentials *, struct buf *out);

/*
 * Append the response to CHALLENGE, in octets, to *RESPONSE; before the first
 * challenge of a mechanism that is client_first, it is empty.  False: this
 * leads nowhere, the server did not keep to the mechanism or has been shown
 * all that there is.  After that it is not called again.
 */
bool sasl_respond(struct sasl *, struct span challenge, struct buf *response,
                  struct err *);

/* Overwrites what it held. */
void sasl_free(struct sasl *);

/* For the mechanisms.  They said all they have, and the server asks on. */
bool sasl_exhausted(const struct sasl *, struct err *);

/* NAME with "," and "=" as RFC 5802, 5.1 has them ("saslname"). */
void sasl_name_add(struct span name, struct buf *out);

/* The token as "auth=Bearer TOKEN" and 0x01; ERR_CONFIG where it is none. */
bool sasl_bearer_add(const struct sasl *, struct buf *out, struct err *);

/*
 * The server says no, and why: the 235 cannot come any more.  Keeps as much
 * of it as is fit to be shown.
 */
void sasl_explained(struct sasl *, struct span why);

/* The mechanisms.  RFC 5802, 7677; with and without -PLUS: */
bool sasl_scram(struct sasl *, struct span challenge, struct buf *response,
                struct err *);

/* RFC 4422, appendix A */
bool sasl_external(struct sasl *, struct span challenge, struct buf *response,
                   struct err *);

/* RFC 7628 */
bool sasl_oauthbearer(struct sasl *, struct span challenge,
                      struct buf *response, struct err *);

/* As Google and Microsoft document it for IMAP and SMTP */
bool sasl_xoauth2(struct sasl *, struct span challenge, struct buf *response,
                  struct err *);

/* RFC 2195 */
bool sasl_cram_md5(struct sasl *, struct span challenge, struct buf *response,
                   struct err *);

/* RFC 4616 */
bool sasl_plain(struct sasl *, struct span challenge, struct buf *response,
                struct err *);

/* draft-murchison-sasl-login */
bool sasl_login(struct sasl *, struct span challenge, struct buf *response,
                struct err *);

/* RFC 4505 */
bool sasl_anonymous(struct sasl *, struct span challenge,
                    struct buf *response, struct err *);

#endif
