/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest - hashes, and what is made from them to show who one is
 *
 * Pure functions behind a small header: the one place outside of sys/ that
 * knows GnuTLS.  A digest is plain storage, and often a key: who is done with
 * one that was made from a secret calls digest_wipe().
 *
 *     struct digest salted, key;
 *
 *     ok = digest_pbkdf2(DIGEST_SHA256, password, salt, 4096, &salted, err) &&
 *          digest_hmac(DIGEST_SHA256, digest_span(&salted), S("Client Key"),
 *                      &key, err);
 *     digest_wipe(&salted);
 *
 * All of them fail where the library refuses, as it does MD5 on a system that
 * is set to approved algorithms only: ERR_SYSTEM, with the library's words.
 */
#ifndef PENNYPOST_BASE_DIGEST_H
#define PENNYPOST_BASE_DIGEST_H

#include "base/buf.h"
#include "base/err.h"

enum digest_kind {
    DIGEST_MD5, /* RFC 1321: broken, and here for CRAM-MD5 only */
    DIGEST_SHA1,
    DIGEST_SHA256,
    DIGEST_SHA512,
};

enum { DIGEST_LONGEST = 64 };

struct digest {
    unsigned char octets[DIGEST_LONGEST];
    size_t n;
};

/* Its octets; good while the digest is. */
static inline struct span digest_span(const struct digest *d)
{
    return (struct span){(const char *)d->octets, d->n};
}

/* The hash of TEXT. */
bool digest_of(enum digest_kind, struct span text, struct digest *,
               struct err *);

/* HMAC of TEXT under KEY (RFC 2104), both of any length. */
bool digest_hmac(enum digest_kind, struct span key, struct span text,
                 struct digest *, struct err *);

/*
 * PBKDF2 with HMAC, as long as one hash (RFC 8018, 5.2): the Hi() of SCRAM.
 * The time it takes grows with ROUNDS, at least 1: the caller bounds them.
 */
bool digest_pbkdf2(enum digest_kind, struct span password, struct span salt,
                   unsigned rounds, struct digest *, struct err *);

/* The same octets; the time this takes does not tell where they differ. */
bool digest_eq(struct span a, struct span b);

void digest_wipe(struct digest *);

/*
 * Append TEXT, a name or a password, in the form in which it is hashed.
 *
 * It is the OpaqueString profile of RFC 8265, 4.2: other blanks become a
 * space, and the rest is put into normalization form C.  That profile took the
 * place of SASLprep (RFC 4013), which few libraries still have.  The two
 * differ in characters that SASLprep drops, such as the soft hyphen, or that
 * have compatibility forms, such as ligatures.  ASCII stays as it is.
 *
 * ERR_CONFIG where TEXT is empty, no UTF-8 or holds what no password may; the
 * text of the error does not show it, and begins with WHAT ("the password").
 */
bool digest_prepare(struct span text, const char *what, struct buf *out,
                    struct err *);

#endif
