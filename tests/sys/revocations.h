/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * revocations - lists of revoked certificates and OCSP responses, for tests
 *
 * All certificates of certificates.h have one serial number, and it is the one
 * that these are about.
 */
#ifndef PENNYPOST_TESTS_SYS_REVOCATIONS_H
#define PENNYPOST_TESTS_SYS_REVOCATIONS_H

#include "sys/certificates.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

/*
 * A list by ISSUER, that has the number 1.2.3.4 or, if not REVOKED, another,
 * and whose successor is due in so many DAYS.  PATH as for mkstemp(3).
 */
static inline void crl_write(const struct certificate *issuer, bool revoked,
                             int days, char *path)
{
    const time_t day = 24 * 60 * 60, now = time(NULL);
    unsigned char serial[] = {1, 2, 3, revoked ? 4 : 5};
    FILE *file = fdopen(mkstemp(path), "w");
    gnutls_x509_crl_t crl;
    gnutls_datum_t pem;

    gnutls_x509_crl_init(&crl);
    gnutls_x509_crl_set_version(crl, 2);
    gnutls_x509_crl_set_this_update(crl, now - 30 * day);
    gnutls_x509_crl_set_next_update(crl, now + days * day);
    gnutls_x509_crl_set_crt_serial(crl, serial, sizeof serial, now - day);
    ck_assert_int_ge(gnutls_x509_crl_sign2(crl, issuer->crt, issuer->key,
                                           GNUTLS_DIG_SHA256, 0), 0);
    gnutls_x509_crl_export2(crl, GNUTLS_X509_FMT_PEM, &pem);
    fwrite(pem.data, 1, pem.size, file);
    fclose(file);
    gnutls_free(pem.data);
    gnutls_x509_crl_deinit(crl);
}

static inline void der_time(struct buf *out, int days)
{
    time_t when = time(NULL) + days * (24 * 60 * 60);
    struct tm utc;
    char text[32];
    size_t n;

    gmtime_r(&when, &utc);
    n = strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &utc);
    der_add(out, 0x18, (struct span){text, n});
}

/* Put an element around all of *B. */
static inline void der_wrap(struct buf *b, unsigned char tag)
{
    struct buf out = {0};

    der_add(&out, tag, buf_span(b));
    buf_free(b);
    *b = out;
}

/* CertID (RFC 6960, 4.1.1), with SHA-1; nobody looks at the key's hash. */
static inline void ocsp_add_id(struct buf *out, const gnutls_datum_t *issuer)
{
    struct buf id = {0};
    char hash[20], none[20] = {0};

    gnutls_hash_fast(GNUTLS_DIG_SHA1, issuer->data, issuer->size, hash);
    der_add(&id, 0x30, S("\x06\x05\x2B\x0E\x03\x02\x1A\x05\0"));
    der_add(&id, 0x04, (struct span){hash, sizeof hash});
    der_add(&id, 0x04, (struct span){none, sizeof none});
    der_add(&id, 0x02, S("\1\2\3\4"));
    der_add(out, 0x30, buf_span(&id));
    buf_free(&id);
}

/* ResponseData (RFC 6960, 4.2.1) */
static inline void ocsp_add_data(struct buf *out, const gnutls_datum_t *issuer,
                                 bool revoked, int days)
{
    struct buf single = {0}, part = {0}, all = {0};

    ocsp_add_id(&single, issuer);
    if (revoked)
        der_time(&part, -3);
    der_add(&single, revoked ? 0xA1 : 0x80, buf_span(&part));
    der_time(&single, -9);
    buf_clear(&part);
    der_time(&part, days);
    der_add(&single, 0xA0, buf_span(&part));
    der_wrap(&single, 0x30);
    der_add(&all, 0xA1, (struct span){(char *)issuer->data, issuer->size});
    der_time(&all, -9);
    der_add(&all, 0x30, buf_span(&single));
    der_add(out, 0x30, buf_span(&all));
    buf_free(&single);
    buf_free(&part);
    buf_free(&all);
}

/* The signature: ECDSA with SHA-256, as a BIT STRING. */
static inline void ocsp_sign(struct buf *data, const struct certificate *by)
{
    gnutls_datum_t from = {(unsigned char *)data->data, (unsigned)data->len};
    gnutls_datum_t signature;
    gnutls_privkey_t key;
    struct buf bits = {0};

    gnutls_privkey_init(&key);
    gnutls_privkey_import_x509(key, by->key, 0);
    ck_assert_int_ge(gnutls_privkey_sign_data(key, GNUTLS_DIG_SHA256, 0, &from,
                                              &signature), 0);
    der_add(data, 0x30, S("\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x02"));
    buf_addc(&bits, 0);
    buf_add(&bits, (struct span){(char *)signature.data, signature.size});
    der_add(data, 0x03, buf_span(&bits));
    buf_free(&bits);
    gnutls_free(signature.data);
    gnutls_privkey_deinit(key);
}

/* What ISSUER says, signed by SIGNER; it holds for so many DAYS. */
static inline void ocsp_make(const struct certificate *issuer,
                             const struct certificate *signer, bool revoked,
                             int days, struct buf *out)
{
    struct buf basic = {0}, bytes = {0};
    gnutls_datum_t name;

    gnutls_x509_crt_get_raw_dn(issuer->crt, &name);
    ocsp_add_data(&basic, &name, revoked, days);
    gnutls_free(name.data);
    ocsp_sign(&basic, signer);
    der_wrap(&basic, 0x30);
    buf_add(&bytes, S("\x06\x09\x2B\x06\x01\x05\x05\x07\x30\x01\x01"));
    der_add(&bytes, 0x04, buf_span(&basic));
    der_wrap(&bytes, 0x30);
    buf_add(out, S("\x0A\x01\0"));
    der_add(out, 0xA0, buf_span(&bytes));
    der_wrap(out, 0x30);
    buf_free(&basic);
    buf_free(&bytes);
}

#endif
