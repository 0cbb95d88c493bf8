/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_channel.h"

#include <gnutls/x509.h>

enum { HASH_MOST = 64 };

bool tls_channel_exporter(gnutls_session_t session, struct buf *out)
{
    static const char label[] = "EXPORTER-Channel-Binding";
    char secret[TLS_EXPORTER_BYTES];

    if (gnutls_protocol_get_version(session) != GNUTLS_TLS1_3 ||
        gnutls_prf_rfc5705(session, sizeof label - 1, label, 0, NULL,
                           sizeof secret, secret) < 0)
        return false;
    buf_add(out, (struct span){secret, sizeof secret});
    return true;
}

/* RFC 5929, 4.1; UNKNOWN where the signature has not one hash of its own. */
static gnutls_digest_algorithm_t hash_of(gnutls_x509_crt_t certificate)
{
    int signature = gnutls_x509_crt_get_signature_algorithm(certificate);

    if (signature < 0)
        return GNUTLS_DIG_UNKNOWN;
    switch (gnutls_sign_get_hash_algorithm(
        (gnutls_sign_algorithm_t)signature)) {
    case GNUTLS_DIG_MD5:
    case GNUTLS_DIG_SHA1:
    case GNUTLS_DIG_SHA256:
        return GNUTLS_DIG_SHA256;
    case GNUTLS_DIG_SHA384:
        return GNUTLS_DIG_SHA384;
    case GNUTLS_DIG_SHA512:
        return GNUTLS_DIG_SHA512;
    default:
        return GNUTLS_DIG_UNKNOWN;
    }
}

static bool add_hash(gnutls_x509_crt_t certificate, struct buf *out)
{
    gnutls_digest_algorithm_t hash = hash_of(certificate);
    char bytes[HASH_MOST];
    size_t size = sizeof bytes;

    if (hash == GNUTLS_DIG_UNKNOWN ||
        gnutls_x509_crt_get_fingerprint(certificate, hash, bytes, &size) < 0)
        return false;
    buf_add(out, (struct span){bytes, size});
    return true;
}

bool tls_channel_end_point(gnutls_session_t session, struct buf *out)
{
    unsigned count = 0;
    const gnutls_datum_t *der = gnutls_certificate_get_peers(session, &count);
    gnutls_x509_crt_t certificate;
    bool good;

    if (!der || count == 0 || gnutls_x509_crt_init(&certificate) < 0)
        return false;
    good = gnutls_x509_crt_import(certificate, &der[0],
                                  GNUTLS_X509_FMT_DER) >= 0 &&
           add_hash(certificate, out);
    gnutls_x509_crt_deinit(certificate);
    return good;
}
