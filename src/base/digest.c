/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

static const struct {
    const char *name;
    size_t length;
    gnutls_digest_algorithm_t hash;
    gnutls_mac_algorithm_t hmac;
} kinds[] = {
    [DIGEST_MD5] = {"MD5", 16, GNUTLS_DIG_MD5, GNUTLS_MAC_MD5},
    [DIGEST_SHA1] = {"SHA-1", 20, GNUTLS_DIG_SHA1, GNUTLS_MAC_SHA1},
    [DIGEST_SHA256] = {"SHA-256", 32, GNUTLS_DIG_SHA256, GNUTLS_MAC_SHA256},
    [DIGEST_SHA512] = {"SHA-512", 64, GNUTLS_DIG_SHA512, GNUTLS_MAC_SHA512},
};

/* What the library said, about a digest of KIND. */
static bool made(enum digest_kind kind, int code, struct digest *d,
                 struct err *err)
{
    d->n = kinds[kind].length;
    if (code >= 0)
        return true;
    digest_wipe(d);
    return fail(err, ERR_SYSTEM, "cannot compute %s: %s", kinds[kind].name,
                gnutls_strerror(code));
}

bool digest_of(enum digest_kind kind, struct span text, struct digest *d,
               struct err *err)
{
    return made(kind,
                gnutls_hash_fast(kinds[kind].hash, text.n ? text.p : "",
                                 text.n, d->octets),
                d, err);
}

bool digest_hmac(enum digest_kind kind, struct span key, struct span text,
                 struct digest *d, struct err *err)
{
    return made(kind,
                gnutls_hmac_fast(kinds[kind].hmac, key.n ? key.p : "", key.n,
                                 text.n ? text.p : "", text.n, d->octets),
                d, err);
}

/* As the library takes octets; it does not write there. */
static gnutls_datum_t datum(struct span s)
{
    union {
        const char *given;
        unsigned char *taken;
    } p = {.given = s.n ? s.p : ""};

    return (gnutls_datum_t){p.taken, (unsigned)s.n};
}

bool digest_pbkdf2(enum digest_kind kind, struct span password,
                   struct span salt, unsigned rounds, struct digest *d,
                   struct err *err)
{
    gnutls_datum_t key = datum(password), with = datum(salt);
    int code = GNUTLS_E_INVALID_REQUEST; /* no rounds: the library aborts */

    if (rounds)
        code = gnutls_pbkdf2(kinds[kind].hmac, &key, &with, rounds, d->octets,
                             kinds[kind].length);
    return made(kind, code, d, err);
}

bool digest_eq(struct span a, struct span b)
{
    return a.n == b.n && (!a.n || gnutls_memcmp(a.p, b.p, a.n) == 0);
}

void digest_wipe(struct digest *d)
{
    mem_wipe(d, sizeof *d);
}

bool digest_prepare(struct span text, const char *what, struct buf *out,
                    struct err *err)
{
    gnutls_datum_t form = {NULL, 0};
    int code;

    if (span_empty(text))
        return fail(err, ERR_CONFIG, "%s is empty", what);
    if (!utf8_valid(text))
        return fail(err, ERR_CONFIG, "%s is not UTF-8", what);
    code = gnutls_utf8_password_normalize((const unsigned char *)text.p,
                                          (unsigned)text.n, &form, 0);
    if (code < 0)
        return fail(err, ERR_CONFIG, "%s holds characters that it may not: %s",
                    what, gnutls_strerror(code));
    buf_add(out, (struct span){(const char *)form.data, form.size});
    mem_wipe(form.data, form.size);
    gnutls_free(form.data);
    return true;
}
