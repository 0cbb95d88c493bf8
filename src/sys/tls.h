/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls - the client's side of TLS 1.2 and 1.3, without a socket
 *
 * A machine that eats the server's bytes and makes the client's.  What comes
 * from the socket goes in with tls_feed(); what is to go to the socket is
 * added to the buf given to tls_new().  wire.h joins it to a socket, and is
 * what everyone else uses.
 *
 *     struct tls *tls = tls_new(&settings, S("mx.example.org"), &out, err);
 *     while ((step = tls_handshake(tls, err)) == TLS_WAITING)
 *         ... send what is in out; tls_feed() what comes ...
 *     tls_seal(tls, S("EHLO me\r\n"), err);
 *     ... send, receive, tls_feed() ...
 *     tls_open(tls, &plain, err);
 *     tls_free(tls);
 *
 * The server is verified in the handshake, before anything of ours goes out:
 *
 * - With pins, its key or its certificate must be one of those.  Then nothing
 *   else counts: not who issued the certificate, not the name in it, not its
 *   dates.  Without a match the server is refused.
 * - With a store of known servers, its key must be the one that the store has,
 *   and nothing else counts; one that is met for the first time is accepted,
 *   and its key kept (tls_first_use.h).
 * - Without either, the chain must lead to an authority that is trusted, be
 *   made for servers, be valid now and as strong as GnuTLS's profile "medium";
 *   the server's name must be in it, as RFC 9525 wants it (tls_names.h); and
 *   no revocation list and no stapled OCSP response may have it
 *   (tls_revoked.h).
 * - Where the settings say "unverified", anybody will do.
 *
 * There is no early data (0-RTT), no resumption and no renegotiation.
 */
#ifndef PENNYPOST_SYS_TLS_H
#define PENNYPOST_SYS_TLS_H

#include "base/err.h"

/*
 * PINS are words with blanks or commas between them: "sha256//BASE64" or
 * "sha256:HEX", or the 64 hex digits alone, maybe with colons.  Either form
 * may be the SHA-256 of the public key (SubjectPublicKeyInfo) or that of the
 * certificate.
 */
struct tls_settings {
    struct span trust; /* a PEM file or a directory of such; empty: the
                          authorities that the system trusts          */
    struct span pins;  /* empty: none                                  */
    bool first_use;    /* the server must be the one that is known      */
    struct span known; /* the directory of the store of known servers  */
    unsigned port;     /* a known server has its port beside its name  */
    bool unverified;   /* where there are neither pins nor a store     */
    struct span crl;   /* a PEM file of revocation lists; may be empty */
    struct span certificate; /* ours, and its key: PEM files or        */
    struct span key;         /* pkcs11: URIs; may be empty             */
    struct span priority;    /* GnuTLS's string, in place of our own   */
    enum tls_minimum {
        TLS_MINIMUM_UNSET, /* 1.2, or what the priority says */
        TLS_MINIMUM_1_2,
        TLS_MINIMUM_1_3,
    } minimum;
    unsigned expiry_days; /* so long before, expiry is a warning; 0: never */
};

/* For the log.  The strings are static, the spans the tls's. */
struct tls_facts {
    const char *version;  /* "TLS1.3"      */
    const char *cipher;   /* "AES-256-GCM" */
    const char *verified; /* "ca", "pin", "known", "first-use" or
                             "unverified"                         */
    struct span warning;  /* what should be seen to before long, or empty */
};

enum tls_step {
    TLS_DONE,    /* the connection is secure, the server is who it must be */
    TLS_WAITING, /* for more from the server */
    TLS_FAILED,  /* *err is filled in; an alert for the server may be out */
};

enum tls_state {
    TLS_OPEN,
    TLS_CLOSED, /* the server has ended TLS in an orderly way */
    TLS_BROKEN, /* *err is filled in */
};

/* One record holds so much, and is so much longer than what it holds. */
enum { TLS_RECORD = 16384, TLS_OVERHEAD = 1024 };

/* What ties a login to this one connection (RFC 5056). */
enum tls_binding {
    TLS_EXPORTER,         /* "tls-exporter" (RFC 9266), with TLS 1.3 only  */
    TLS_SERVER_END_POINT, /* "tls-server-end-point" (RFC 5929)             */
};

struct tls;

/*
 * Fail unless the settings can be read, and the files they name, where they are
 * needed, are there: ERR_CONFIG.  What is in those is not looked at.
 */
bool tls_settings_check(const struct tls_settings *, struct err *);

/*
 * A session with the server called NAME: a host's name in A-labels or an IP
 * address, with or without brackets; it may be empty where there are pins.
 * Nothing of the arguments is kept but OUT, and the bytes under the spans of
 * *SETTINGS until the handshake is over.  NULL: *err is filled in, ERR_CONFIG
 * when NAME or the settings will not do.
 */
struct tls *tls_new(const struct tls_settings *, struct span name,
                    struct buf *out, struct err *);
void tls_free(struct tls *);

/* These bytes came from the server. */
void tls_feed(struct tls *, struct span);

/* Go on with the handshake as far as the bytes that came allow. */
enum tls_step tls_handshake(struct tls *, struct err *);

/*
 * Load the authorities now, rather than when they are needed: for the time
 * when the server is busy with its answer.  ERR_CONFIG when there are none.
 */
bool tls_load_trust(struct tls *, struct err *);

/* Encrypt the first bytes of PLAIN as one record; *TAKEN is how many. */
bool tls_seal(struct tls *, struct span plain, size_t *taken, struct err *);

/*
 * Decrypt the next record of those that have come, and add what is in it, if
 * anything, to *PLAIN.  There may be more.
 */
enum tls_state tls_open(struct tls *, struct buf *plain, struct err *);

/* Say that nothing more will come (close_notify). */
void tls_close(struct tls *);

/* Only after TLS_DONE. */
const struct tls_facts *tls_facts(const struct tls *);

/*
 * Add the binding's data to OUT, after TLS_DONE.  False, and nothing is added,
 * where this connection has none of that kind.
 */
bool tls_binding(const struct tls *, enum tls_binding, struct buf *out);

/* The library that does the work, as "GnuTLS 3.7.9". */
void tls_library(struct buf *out);

#endif
