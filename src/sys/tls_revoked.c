/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_revoked.h"

#include "sys/tls_file.h"
#include "sys/tls_refusal.h"
#include "sys/tls_text.h"

#include <gnutls/ocsp.h>
#include <time.h>

/* The lists of a file. */
struct crls {
    gnutls_x509_crl_t *list;
    unsigned count;
};

/* A status of GnuTLS: less than 0 is an error. */
static int crls_read(struct crls *crls, struct span path)
{
    struct buf name = {0};
    gnutls_datum_t pem = {0};
    int code;

    *crls = (struct crls){0};
    buf_add(&name, path);
    code = gnutls_load_file(buf_cstring(&name), &pem);
    if (code >= 0)
        code = gnutls_x509_crl_list_import2(&crls->list, &crls->count, &pem,
                                            GNUTLS_X509_FMT_PEM, 0);
    gnutls_free(pem.data);
    buf_free(&name);
    return code;
}

static void crls_free(struct crls *crls)
{
    for (unsigned i = 0; i < crls->count; i++)
        gnutls_x509_crl_deinit(crls->list[i]);
    gnutls_free(crls->list);
}

static bool crl_unusable(struct span path, const char *why, struct err *err)
{
    fail(err, ERR_CONFIG, "the revocation lists in '%.*s', which tls-crl"
                          " names, cannot be used: %s",
         SPAN_ARG(path), why);
    return err_hint(err, "it should be a file of lists (CRL) in PEM form");
}

/* GnuTLS would go by an old list without a word. */
static bool crl_check_time(gnutls_x509_crl_t crl, struct span path,
                           struct err *err)
{
    time_t next = gnutls_x509_crl_get_next_update(crl);
    struct buf when = {0};

    if (next == (time_t)-1 || next >= time(NULL))
        return true;
    tls_add_time(next, &when);
    fail(err, ERR_CONFIG, "a revocation list in '%.*s', which tls-crl names,"
                          " is out of date: a newer one was due on %s",
         SPAN_ARG(path), buf_cstring(&when));
    buf_free(&when);
    return err_hint(err, "get the newer one from the authority, or unset"
                         " tls-crl");
}

bool tls_crl_check(struct span crl, struct err *err)
{
    return span_empty(crl) || tls_file_check(crl, "tls-crl", err);
}

bool tls_crl_load(struct span crl, gnutls_certificate_credentials_t to,
                  struct err *err)
{
    struct crls crls;
    int code;
    bool good = true;

    if (span_empty(crl))
        return true;
    if (!tls_crl_check(crl, err))
        return false;
    code = crls_read(&crls, crl);
    for (unsigned i = 0; good && code >= 0 && i < crls.count; i++)
        good = crl_check_time(crls.list[i], crl, err);
    if (good && code >= 0)
        code = gnutls_certificate_set_x509_crl(to, crls.list,
                                               (int)crls.count);
    crls_free(&crls);
    if (code < 0)
        return crl_unusable(crl, gnutls_strerror(code), err);
    return good;
}

/* The lists of the certificate's issuer have it. */
static bool crls_have(const struct crls *crls, gnutls_x509_crt_t certificate)
{
    return gnutls_x509_crt_check_revocation(
               certificate, (const gnutls_x509_crl_t *)crls->list,
               crls->count) == 1;
}

static bool add_from_crl(const struct tls_peer *peer, struct buf *text)
{
    struct crls crls;
    unsigned i = 0;

    if (span_empty(peer->crl) || crls_read(&crls, peer->crl) < 0)
        return false;
    while (i < peer->count && !crls_have(&crls, peer->chain[i]))
        i++;
    crls_free(&crls);
    if (i == peer->count)
        return false;
    tls_add_which(peer, i, text);
    buf_add(text, S("is revoked, by a list in "));
    tls_quote(peer->crl, text);
    return true;
}

/* When the staple says that the certificate was revoked; -1: it does not. */
static time_t staple_revocation(const gnutls_datum_t *staple)
{
    gnutls_ocsp_resp_t response;
    time_t when = (time_t)-1;

    if (gnutls_ocsp_resp_init(&response) < 0)
        return when;
    if (gnutls_ocsp_resp_import(response, staple) >= 0)
        gnutls_ocsp_resp_get_single(response, 0, NULL, NULL, NULL, NULL, NULL,
                                    NULL, NULL, &when, NULL);
    gnutls_ocsp_resp_deinit(response);
    return when;
}

bool tls_refuse_revoked(const struct tls_peer *peer, struct err *err)
{
    struct buf text = {0};
    time_t when;

    if (!add_from_crl(peer, &text)) {
        when = staple_revocation(&peer->staple);
        buf_add(&text, S("is revoked"));
        if (when != (time_t)-1) {
            buf_add(&text, S(" since "));
            tls_add_time(when, &text);
        }
        buf_add(&text, S(", by the OCSP response that came with it"));
    }
    tls_refuse_certificate(peer, &text, err);
    return err_hint(err, "its authority has taken it back: the server needs"
                         " a new certificate, and maybe a new key");
}

bool tls_refuse_unstapled(const struct tls_peer *peer, struct err *err)
{
    struct buf text = {0};

    buf_add(&text, S("demands an OCSP response with it (must-staple), and"
                     " none came that can be read"));
    tls_refuse_certificate(peer, &text, err);
    return err_hint(err, "the server must be set up to send one (OCSP"
                         " stapling)");
}

bool tls_refuse_staple(const struct tls_peer *peer, struct err *err)
{
    struct buf text = {0};

    buf_add(&text, S("came with an OCSP response that does not hold: it is"
                     " out of date, not for it, or not from its authority"));
    return tls_refuse_certificate(peer, &text, err);
}
