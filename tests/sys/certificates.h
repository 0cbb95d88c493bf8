/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * certificates - certificates for tests, made while they run
 *
 *     struct certificate ca = {0}, leaf = {0};
 *
 *     certificate_make(&ca, &(struct recipe){.cn = "CA", .ca = true}, NULL);
 *     certificate_make(&leaf, &(struct recipe){.names = mx}, &ca);
 *
 * What a recipe does not say is as a good certificate has it: ECDSA on P-256,
 * SHA-256, valid from yesterday to tomorrow, for servers.
 */
#ifndef PENNYPOST_TESTS_SYS_CERTIFICATES_H
#define PENNYPOST_TESTS_SYS_CERTIFICATES_H

#include "unit.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <time.h>

struct certificate {
    gnutls_x509_crt_t crt;
    gnutls_x509_privkey_t key;
};

struct recipe {
    const char *cn;
    const struct name { /* subjectAltNames; the row 0 ends them */
        unsigned type;  /* GNUTLS_SAN_... */
        struct span text;
    } *names;
    int from_days, to_days; /* counted from today; both 0: see above */
    bool ca;
    int path_length;        /* of a CA, plus one; 0: no limit */
    const char *purpose;    /* an OID */
    unsigned rsa_bits;      /* 0: ECDSA */
    gnutls_digest_algorithm_t digest;
    const struct certificate *key_of; /* the same key as that one */
    bool must_staple;       /* RFC 7633 */
};

#define DNS(text) {GNUTLS_SAN_DNSNAME, SPAN_INIT(text)}
#define IP(text) {GNUTLS_SAN_IPADDRESS, SPAN_INIT(text)}
#define NO_MORE {0}

/* A DER element (X.690, 8.1) around VALUE. */
static inline void der_add(struct buf *out, unsigned char tag,
                           struct span value)
{
    buf_addc(out, (char)tag);
    if (value.n > 127) {
        buf_addc(out, (char)0x82);
        buf_addc(out, (char)(value.n >> 8));
    }
    buf_addc(out, (char)(value.n & 0xFF));
    buf_add(out, value);
}

/* By hand: GnuTLS's own function makes names decent. */
static inline void certificate_add_names(gnutls_x509_crt_t crt,
                                         const struct name *names)
{
    static const unsigned char tags[] = {
        [GNUTLS_SAN_RFC822NAME] = 0x81,
        [GNUTLS_SAN_DNSNAME] = 0x82,
        [GNUTLS_SAN_URI] = 0x86,
        [GNUTLS_SAN_IPADDRESS] = 0x87,
    };
    struct buf all = {0}, extension = {0};
    unsigned char bytes[16];

    for (const struct name *n = names; n->type; n++) {
        struct span value = n->text;
        bool v6 = span_find(value, ':') < value.n;

        if (n->type == GNUTLS_SAN_IPADDRESS) {
            inet_pton(v6 ? AF_INET6 : AF_INET, value.p, bytes);
            value = (struct span){(char *)bytes, v6 ? 16 : 4};
        }
        der_add(&all, tags[n->type], value);
    }
    der_add(&extension, 0x30, buf_span(&all));
    gnutls_x509_crt_set_extension_by_oid(crt, GNUTLS_X509EXT_OID_SAN,
                                         extension.data, extension.len, 0);
    buf_free(&all);
    buf_free(&extension);
}

static inline void certificate_make_key(struct certificate *c,
                                        const struct recipe *r)
{
    gnutls_x509_privkey_init(&c->key);
    if (r->key_of)
        gnutls_x509_privkey_cpy(c->key, r->key_of->key);
    else if (r->rsa_bits)
        gnutls_x509_privkey_generate(c->key, GNUTLS_PK_RSA, r->rsa_bits, 0);
    else
        gnutls_x509_privkey_generate(
            c->key, GNUTLS_PK_ECDSA,
            GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
}

static inline void certificate_extend(gnutls_x509_crt_t crt,
                                      const struct recipe *r)
{
    if (r->names)
        certificate_add_names(crt, r->names);
    if (r->ca)
        gnutls_x509_crt_set_basic_constraints(crt, 1, r->path_length - 1);
    gnutls_x509_crt_set_key_usage(crt, r->ca ? GNUTLS_KEY_KEY_CERT_SIGN
                                             : GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (r->must_staple)
        gnutls_x509_crt_set_extension_by_oid(
            crt, GNUTLS_X509EXT_OID_TLSFEATURES, "\x30\x03\x02\x01\x05", 5, 0);
    if (!r->ca || r->purpose)
        gnutls_x509_crt_set_key_purpose_oid(
            crt, r->purpose ? r->purpose : GNUTLS_KP_TLS_WWW_SERVER, 0);
}

/* ISSUER NULL: signed by itself. */
static inline void certificate_make(struct certificate *c,
                                    const struct recipe *r,
                                    const struct certificate *issuer)
{
    const time_t day = 24 * 60 * 60, now = time(NULL);
    unsigned char serial[] = {1, 2, 3, 4};

    certificate_make_key(c, r);
    gnutls_x509_crt_init(&c->crt);
    gnutls_x509_crt_set_version(c->crt, 3);
    gnutls_x509_crt_set_serial(c->crt, serial, sizeof serial);
    gnutls_x509_crt_set_key(c->crt, c->key);
    gnutls_x509_crt_set_activation_time(
        c->crt, now + day * (r->from_days || r->to_days ? r->from_days : -1));
    gnutls_x509_crt_set_expiration_time(
        c->crt, now + day * (r->from_days || r->to_days ? r->to_days : 1));
    if (r->cn)
        gnutls_x509_crt_set_dn_by_oid(c->crt, GNUTLS_OID_X520_COMMON_NAME, 0,
                                      r->cn, (unsigned)strlen(r->cn));
    certificate_extend(c->crt, r);
    ck_assert_int_eq(
        gnutls_x509_crt_sign2(c->crt, issuer ? issuer->crt : c->crt,
                              issuer ? issuer->key : c->key,
                              r->digest ? r->digest : GNUTLS_DIG_SHA256, 0),
        0);
}

static inline void certificate_free(struct certificate *c)
{
    if (c->crt)
        gnutls_x509_crt_deinit(c->crt);
    if (c->key)
        gnutls_x509_privkey_deinit(c->key);
    *c = (struct certificate){0};
}

/* Write the certificate to a new file; PATH is a template for mkstemp(3). */
static inline void certificate_write(const struct certificate *c, char *path)
{
    gnutls_datum_t pem;
    FILE *file = fdopen(mkstemp(path), "w");

    ck_assert_ptr_nonnull(file);
    gnutls_x509_crt_export2(c->crt, GNUTLS_X509_FMT_PEM, &pem);
    fwrite(pem.data, 1, pem.size, file);
    fclose(file);
    gnutls_free(pem.data);
}

#endif
