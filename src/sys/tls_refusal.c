/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_refusal.h"

#include "sys/tls_names.h"
#include "sys/tls_pin.h"
#include "sys/tls_revoked.h"
#include "sys/tls_text.h"

#include <time.h>

bool tls_refuse_certificate(const struct tls_peer *peer, struct buf *text,
                            struct err *err)
{
    fail(err, ERR_PROTOCOL, "the certificate of the server '%.*s' %.*s",
         SPAN_ARG(peer->name), SPAN_ARG(buf_span(text)));
    buf_free(text);
    return false;
}

bool tls_hint_pin(const struct tls_peer *peer, const char *first,
                  struct err *err)
{
    struct buf pin = {0};

    tls_pin_text(peer->chain[0], &pin);
    err_hint(err, "%s; or, once you have checked that this is the server's"
                  " key, set tls-pin = %s",
             first, buf_cstring(&pin));
    buf_free(&pin);
    return false;
}

static void add_trust(struct span trust, struct buf *out)
{
    if (span_empty(trust)) {
        buf_add(out, S("that this system trusts"));
    } else {
        buf_add(out, S("in "));
        tls_quote(trust, out);
    }
}

static bool refuse_unknown(const struct tls_peer *peer, struct err *err)
{
    gnutls_x509_crt_t top = peer->chain[peer->count - 1];
    struct buf text = {0};

    if (peer->count == 1 && gnutls_x509_crt_check_issuer(top, top))
        buf_add(&text, S("is signed by itself, as "));
    else
        buf_add(&text, S("comes from the authority "));
    tls_add_name(top, gnutls_x509_crt_get_issuer_dn3, &text);
    buf_add(&text, S(", which is not among those "));
    add_trust(peer->trust, &text);
    tls_refuse_certificate(peer, &text, err);
    return tls_hint_pin(peer, "if you trust it, name its certificate in"
                              " tls-trust", err);
}

/* The first certificate that is too young or too old. */
static unsigned find_untimely(const struct tls_peer *peer, bool young)
{
    time_t now = time(NULL);

    for (unsigned i = 0; i < peer->count; i++)
        if (young ? gnutls_x509_crt_get_activation_time(peer->chain[i]) > now
                  : gnutls_x509_crt_get_expiration_time(peer->chain[i]) < now)
            return i;
    return 0;
}

static bool refuse_time(const struct tls_peer *peer, bool young,
                        struct err *err)
{
    unsigned i = find_untimely(peer, young);
    struct buf text = {0}, now = {0};

    tls_add_which(peer, i, &text);
    buf_add(&text, young ? S("is not valid yet") : S("has expired"));
    buf_add(&text, S(": it is valid from "));
    tls_add_time(gnutls_x509_crt_get_activation_time(peer->chain[i]), &text);
    buf_add(&text, S(" to "));
    tls_add_time(gnutls_x509_crt_get_expiration_time(peer->chain[i]), &text);
    tls_refuse_certificate(peer, &text, err);
    tls_add_time(time(NULL), &now);
    err_hint(err, "this machine's clock says %s; if that is right, the server"
                  " needs a new certificate",
             buf_cstring(&now));
    buf_free(&now);
    return false;
}

static bool refuse_expired(const struct tls_peer *peer, struct err *err)
{
    return refuse_time(peer, false, err);
}

static bool refuse_young(const struct tls_peer *peer, struct err *err)
{
    return refuse_time(peer, true, err);
}

static bool refuse_purpose(const struct tls_peer *peer, struct err *err)
{
    struct buf text = {0};

    buf_add(&text, S("is made for something else than servers (extended key"
                     " usage)"));
    return tls_refuse_certificate(peer, &text, err);
}

/* Profile "medium", which GnuTLS was told to go by (tls.c). */
static bool key_is_weak(int algorithm, unsigned bits)
{
    return algorithm >= 0 &&
           gnutls_pk_bits_to_sec_param((gnutls_pk_algorithm_t)algorithm,
                                       bits) < GNUTLS_SEC_PARAM_MEDIUM;
}

static bool signature_is_weak(int algorithm)
{
    return algorithm >= 0 &&
           !gnutls_sign_is_secure2((gnutls_sign_algorithm_t)algorithm,
                                   GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS);
}

/* In what way, if any, a certificate is too weak. */
static void add_weakness(gnutls_x509_crt_t certificate, struct buf *out)
{
    unsigned bits = 0;
    int key = gnutls_x509_crt_get_pk_algorithm(certificate, &bits);
    int signature = gnutls_x509_crt_get_signature_algorithm(certificate);

    if (key_is_weak(key, bits))
        buf_printf(out, "has a key that is too weak: %s, %u bits",
                   gnutls_pk_get_name((gnutls_pk_algorithm_t)key), bits);
    else if (signature_is_weak(signature))
        buf_printf(out, "has a signature that is too weak: %s",
                   gnutls_sign_get_name((gnutls_sign_algorithm_t)signature));
}

static bool refuse_weak(const struct tls_peer *peer, struct err *err)
{
    struct buf text = {0}, how = {0};
    unsigned i = 0;

    do
        add_weakness(peer->chain[i], &how);
    while (how.len == 0 && ++i < peer->count);
    if (how.len == 0)
        buf_add(&text, S("depends on a key or a signature that is too weak"));
    else
        tls_add_which(peer, i, &text);
    buf_add(&text, buf_span(&how));
    buf_free(&how);
    return tls_refuse_certificate(peer, &text, err);
}

/* Should GnuTLS be the stricter one, for once, it is right. */
static bool refuse_owner(const struct tls_peer *peer, struct err *err)
{
    struct buf text = {0};

    if (!tls_names_check(peer, err))
        return false;
    buf_add(&text, S("is not for that name"));
    return tls_refuse_certificate(peer, &text, err);
}

/* What GnuTLS may find wrong; the first that applies is told. */
static const struct fault {
    unsigned status;
    gnutls_alert_description_t alert;
    bool (*refuse)(const struct tls_peer *, struct err *);
} faults[] = {
    {GNUTLS_CERT_SIGNER_NOT_FOUND, GNUTLS_A_UNKNOWN_CA, refuse_unknown},
    {GNUTLS_CERT_REVOKED, GNUTLS_A_CERTIFICATE_REVOKED, tls_refuse_revoked},
    {GNUTLS_CERT_INSECURE_ALGORITHM, GNUTLS_A_BAD_CERTIFICATE, refuse_weak},
    {GNUTLS_CERT_NOT_ACTIVATED, GNUTLS_A_CERTIFICATE_EXPIRED, refuse_young},
    {GNUTLS_CERT_EXPIRED, GNUTLS_A_CERTIFICATE_EXPIRED, refuse_expired},
    {GNUTLS_CERT_PURPOSE_MISMATCH, GNUTLS_A_UNSUPPORTED_CERTIFICATE,
     refuse_purpose},
    {GNUTLS_CERT_UNEXPECTED_OWNER, GNUTLS_A_BAD_CERTIFICATE, refuse_owner},
    {GNUTLS_CERT_MISSING_OCSP_STATUS, GNUTLS_A_BAD_CERTIFICATE,
     tls_refuse_unstapled},
    {GNUTLS_CERT_INVALID_OCSP_STATUS | GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED |
         GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE,
     GNUTLS_A_BAD_CERTIFICATE, tls_refuse_staple},
};

/* In GnuTLS's words, which are sentences. */
static bool refuse_otherwise(const struct tls_peer *peer, unsigned status,
                             struct err *err)
{
    gnutls_datum_t words = {0};
    struct buf text = {0};
    struct span said;

    gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509,
                                                 &words, 0);
    said = span_trim((struct span){(char *)words.data, words.size});
    buf_printf(&text, "is not good: %.*s",
               SPAN_ARG(span_upto(said, said.n - span_ends(said, S(".")))));
    gnutls_free(words.data);
    return tls_refuse_certificate(peer, &text, err);
}

bool tls_refuse(const struct tls_peer *peer, unsigned status,
                gnutls_alert_description_t *alert, struct err *err)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (status & faults[i].status) {
            *alert = faults[i].alert;
            return faults[i].refuse(peer, err);
        }
    *alert = GNUTLS_A_BAD_CERTIFICATE;
    return refuse_otherwise(peer, status, err);
}
