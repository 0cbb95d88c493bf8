/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "authority.h"

#include "base/buf.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <time.h>
#include <unistd.h>

enum { DAY = 24 * 60 * 60 };

/* A certificate and its key. */
struct identity {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t cert;
};

static bool key_make(struct identity *who)
{
    return gnutls_x509_privkey_init(&who->key) >= 0 &&
           gnutls_x509_privkey_generate(
               who->key, GNUTLS_PK_ECDSA,
               GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) >= 0;
}

static bool cert_begin(struct identity *who, const char *name, time_t from,
                       time_t until)
{
    unsigned char serial[16], id[20];
    size_t length = sizeof(id);

    if (gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial)) < 0)
        return false;
    serial[0] = (unsigned char)(serial[0] & 0x7f) | 1;
    return gnutls_x509_crt_init(&who->cert) >= 0 &&
           gnutls_x509_crt_set_version(who->cert, 3) >= 0 &&
           gnutls_x509_crt_set_serial(who->cert, serial, sizeof(serial)) >= 0 &&
           gnutls_x509_crt_set_key(who->cert, who->key) >= 0 &&
           gnutls_x509_crt_set_activation_time(who->cert, from) >= 0 &&
           gnutls_x509_crt_set_expiration_time(who->cert, until) >= 0 &&
           gnutls_x509_crt_set_dn_by_oid(
               who->cert, GNUTLS_OID_X520_COMMON_NAME, 0, name,
               (unsigned)strlen(name)) >= 0 &&
           gnutls_x509_crt_get_key_id(who->cert, 0, id, &length) >= 0 &&
           gnutls_x509_crt_set_subject_key_id(who->cert, id, length) >= 0;
}

static bool ca_make(struct identity *ca, time_t now)
{
    return key_make(ca) &&
           cert_begin(ca, "pennypost test authority", now - 30 * DAY,
                      now + 30 * DAY) &&
           gnutls_x509_crt_set_basic_constraints(ca->cert, 1, -1) >= 0 &&
           gnutls_x509_crt_set_key_usage(ca->cert,
                                         GNUTLS_KEY_KEY_CERT_SIGN) >= 0 &&
           gnutls_x509_crt_sign2(ca->cert, ca->cert, ca->key,
                                 GNUTLS_DIG_SHA256, 0) >= 0;
}

static bool name_add(gnutls_x509_crt_t cert, struct span name)
{
    struct buf text = {0};
    unsigned char address[16];
    const char *string;
    int code;

    buf_add(&text, name);
    string = buf_cstring(&text);
    if (inet_pton(AF_INET, string, address) == 1)
        code = gnutls_x509_crt_set_subject_alt_name(
            cert, GNUTLS_SAN_IPADDRESS, address, 4, GNUTLS_FSAN_APPEND);
    else if (inet_pton(AF_INET6, string, address) == 1)
        code = gnutls_x509_crt_set_subject_alt_name(
            cert, GNUTLS_SAN_IPADDRESS, address, 16, GNUTLS_FSAN_APPEND);
    else
        code = gnutls_x509_crt_set_subject_alt_name(
            cert, GNUTLS_SAN_DNSNAME, string, (unsigned)name.n,
            GNUTLS_FSAN_APPEND);
    buf_free(&text);
    return code >= 0;
}

static bool leaf_make(struct identity *leaf, const struct identity *ca,
                      struct span names, time_t from, time_t until)
{
    struct span name;

    if (!key_make(leaf) || !cert_begin(leaf, "test server", from, until))
        return false;
    while (span_word(&names, ',', &name))
        if (!name_add(leaf->cert, name))
            return false;
    return gnutls_x509_crt_set_key_purpose_oid(
               leaf->cert, GNUTLS_KP_TLS_WWW_SERVER, 0) >= 0 &&
           gnutls_x509_crt_set_key_usage(leaf->cert,
                                         GNUTLS_KEY_DIGITAL_SIGNATURE) >= 0 &&
           gnutls_x509_crt_sign2(leaf->cert, ca->cert, ca->key,
                                 GNUTLS_DIG_SHA256, 0) >= 0;
}

static bool file_write(const char *directory, const char *name,
                       const gnutls_datum_t *pem, struct err *err)
{
    struct buf path = {0};
    bool ok = false;
    int fd;

    buf_printf(&path, "%s/%s", directory, name);
    fd = open(buf_cstring(&path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
              0600);
    if (fd >= 0) {
        ok = write(fd, pem->data, pem->size) == (ssize_t)pem->size;
        ok = close(fd) == 0 && ok;
    }
    if (!ok)
        fail(err, ERR_IO, "cannot write '%s'", buf_cstring(&path));
    buf_free(&path);
    return ok;
}

static bool cert_write(const char *directory, const char *name,
                       gnutls_x509_crt_t cert, struct err *err)
{
    gnutls_datum_t pem = {0};
    bool ok;

    if (gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &pem) < 0)
        return fail(err, ERR_SOFTWARE, "cannot export a certificate");
    ok = file_write(directory, name, &pem, err);
    gnutls_free(pem.data);
    return ok;
}

static bool key_write(const char *directory, const char *name,
                      gnutls_x509_privkey_t key, struct err *err)
{
    gnutls_datum_t pem = {0};
    bool ok;

    if (gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem) < 0)
        return fail(err, ERR_SOFTWARE, "cannot export a key");
    ok = file_write(directory, name, &pem, err);
    gnutls_free(pem.data);
    return ok;
}

static void identity_free(struct identity *who)
{
    if (who->cert)
        gnutls_x509_crt_deinit(who->cert);
    if (who->key)
        gnutls_x509_privkey_deinit(who->key);
}

bool authority_make(const char *directory, struct span names, long days,
                    struct err *err)
{
    struct identity ca = {0}, leaf = {0};
    time_t now = time(NULL), until = now + days * DAY;
    time_t from = days < 0 ? until - DAY : now - DAY;
    bool ok;

    if (ca_make(&ca, now) && leaf_make(&leaf, &ca, names, from, until))
        ok = cert_write(directory, "ca.pem", ca.cert, err) &&
             cert_write(directory, "cert.pem", leaf.cert, err) &&
             key_write(directory, "key.pem", leaf.key, err);
    else
        ok = fail(err, ERR_SOFTWARE, "cannot make a certificate");
    identity_free(&leaf);
    identity_free(&ca);
    return ok;
}
