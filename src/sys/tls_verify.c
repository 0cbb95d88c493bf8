/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_verify.h"

#include "sys/host.h"
#include "sys/tls_file.h"
#include "sys/tls_first_use.h"
#include "sys/tls_names.h"
#include "sys/tls_pin.h"
#include "sys/tls_refusal.h"
#include "sys/tls_text.h"

#include <time.h>

static bool no_authorities(struct span trust, const char *why, struct err *err)
{
    fail(err, ERR_CONFIG, "there are no certificates of authorities in '%.*s',"
                          " which tls-trust names: %s",
         SPAN_ARG(trust), why);
    return err_hint(err, "it should be a file in PEM form, or a directory of"
                         " such files");
}

static bool load_system(gnutls_certificate_credentials_t to, struct err *err)
{
    if (gnutls_certificate_set_x509_system_trust(to) > 0)
        return true;
    fail(err, ERR_CONFIG,
         "this system has no certificates of authorities to verify servers"
         " with");
    return err_hint(err, "install them (the package is mostly called"
                         " ca-certificates), or set tls-trust");
}

bool tls_trust_check(struct span trust, struct err *err)
{
    struct buf path = {0};
    const char *why;
    bool directory, good;

    if (span_empty(trust))
        return true;
    buf_add(&path, trust);
    good = tls_file_look(buf_cstring(&path), &directory, &why);
    buf_free(&path);
    return good ? true : no_authorities(trust, why, err);
}

/* How many there are; less than 0 is a status of GnuTLS. */
static int load_path(const char *path, bool directory,
                     gnutls_certificate_credentials_t to)
{
    if (directory)
        return gnutls_certificate_set_x509_trust_dir(to, path,
                                                     GNUTLS_X509_FMT_PEM);
    return gnutls_certificate_set_x509_trust_file(to, path,
                                                  GNUTLS_X509_FMT_PEM);
}

bool tls_trust_load(struct span trust, gnutls_certificate_credentials_t to,
                    struct err *err)
{
    struct buf path = {0};
    const char *why;
    bool directory;
    int count = 0;

    if (span_empty(trust))
        return load_system(to, err);
    buf_add(&path, trust);
    if (tls_file_look(buf_cstring(&path), &directory, &why)) {
        count = load_path(path.data, directory, to);
        why = count < 0 ? gnutls_strerror(count) : "not one was found";
    }
    buf_free(&path);
    return count > 0 ? true : no_authorities(trust, why, err);
}

static void peer_free(struct tls_peer *peer)
{
    for (unsigned i = 0; i < peer->count; i++)
        gnutls_x509_crt_deinit(peer->chain[i]);
}

static bool peer_add(struct tls_peer *peer, const gnutls_datum_t *der)
{
    gnutls_x509_crt_t certificate;

    if (gnutls_x509_crt_init(&certificate) < 0)
        return false;
    if (gnutls_x509_crt_import(certificate, der, GNUTLS_X509_FMT_DER) < 0) {
        gnutls_x509_crt_deinit(certificate);
        return false;
    }
    peer->chain[peer->count++] = certificate;
    return true;
}

static bool peer_read(gnutls_session_t session, struct tls_peer *peer,
                      struct err *err)
{
    unsigned count = 0;
    const gnutls_datum_t *der = gnutls_certificate_get_peers(session, &count);

    if (!der || count == 0)
        return fail(err, ERR_PROTOCOL, "the server '%.*s' has no certificate",
                    SPAN_ARG(peer->name));
    for (unsigned i = 0; i < count && i < TLS_CHAIN_MAX; i++)
        if (!peer_add(peer, &der[i]))
            return fail(err, ERR_PROTOCOL,
                        "the certificate of the server '%.*s' cannot be read",
                        SPAN_ARG(peer->name));
    return true;
}

static bool verify_chain(gnutls_session_t session, const struct tls_peer *peer,
                         gnutls_alert_description_t *alert, struct err *err)
{
    unsigned char bytes[HOST_BYTES];
    char purpose[] = GNUTLS_KP_TLS_WWW_SERVER, name[HOST_MAX + 1] = {0};
    size_t address = host_address(peer->name, bytes);
    gnutls_typed_vdata_st wanted[] = {
        {GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)purpose, 0},
        {GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)name, 0},
    };
    unsigned status;
    int code;

    memcpy(name, peer->name.p, span_upto(peer->name, HOST_MAX).n);
    if (address > 0)
        wanted[1] = (gnutls_typed_vdata_st){GNUTLS_DT_IP_ADDRESS, bytes,
                                            (unsigned)address};
    code = gnutls_certificate_verify_peers(session, wanted, 2, &status);
    if (code < 0)
        return fail(err, ERR_PROTOCOL,
                    "the certificate of the server '%.*s' cannot be verified:"
                    " %s",
                    SPAN_ARG(peer->name), gnutls_strerror(code));
    if (status != 0)
        return tls_refuse(peer, status, alert, err);
    return tls_names_check(peer, err);
}

static bool verify_pins(const struct tls_peer *peer, struct span pins,
                        struct err *err)
{
    struct buf pin = {0};

    if (tls_pins_match(pins, peer->chain[0]))
        return true;
    tls_pin_text(peer->chain[0], &pin);
    fail(err, ERR_PROTOCOL,
         "the key of the server '%.*s' is not one that tls-pin has: it is %s",
         SPAN_ARG(peer->name), buf_cstring(&pin));
    buf_free(&pin);
    return err_hint(err, "has the server got a new key? ask those who run it"
                         " before you change tls-pin");
}

void tls_verdict_free(struct tls_verdict *verdict)
{
    buf_free(&verdict->pin);
    buf_free(&verdict->warning);
}

void tls_known_name(struct span name, unsigned port, struct buf *out)
{
    buf_printf(out, "%.*s:%u", SPAN_ARG(name), port);
}

static bool refuse_new_key(const struct tls_peer *peer, struct span server,
                           const struct tls_settings *settings,
                           struct tls_known *known, struct err *err)
{
    gnutls_x509_crt_t certificate = peer->chain[0];
    struct buf pin = {0}, from = {0}, to = {0};

    tls_pin_text(certificate, &pin);
    tls_add_time(gnutls_x509_crt_get_activation_time(certificate), &from);
    tls_add_time(gnutls_x509_crt_get_expiration_time(certificate), &to);
    fail(err, ERR_PROTOCOL,
         "the key of the server '%.*s' has changed: it was %s since %s, and is"
         " %s now, in a certificate valid from %s to %s",
         SPAN_ARG(peer->name), buf_cstring(&known->pin),
         buf_cstring(&known->since), buf_cstring(&pin), buf_cstring(&from),
         buf_cstring(&to));
    err_hint(err, "ask those who run it; if it is theirs, remove the line of"
                  " '%.*s' from '%.*s/pins'",
             SPAN_ARG(server), SPAN_ARG(settings->known));
    buf_free(&pin);
    buf_free(&from);
    buf_free(&to);
    return false;
}

static bool verify_known(const struct tls_peer *peer,
                         const struct tls_settings *settings,
                         struct tls_verdict *verdict, struct err *err)
{
    struct tls_known known = {0};
    struct buf server = {0};
    bool good;

    tls_known_name(peer->name, settings->port, &server);
    good = tls_first_use_look(settings->known, buf_span(&server), &known, err);
    if (good && known.pin.len == 0) {
        verdict->by = "first-use";
        tls_pin_text(peer->chain[0], &verdict->pin);
    } else if (good && !tls_pins_match(buf_span(&known.pin), peer->chain[0])) {
        good = refuse_new_key(peer, buf_span(&server), settings, &known, err);
    }
    tls_known_free(&known);
    buf_free(&server);
    return good;
}

/* Only the server's own certificate is its business. */
static void warn_of_expiry(const struct tls_peer *peer, unsigned days,
                           struct buf *warning)
{
    enum { DAY = 24 * 60 * 60 };
    time_t end = gnutls_x509_crt_get_expiration_time(peer->chain[0]);
    int64_t left = (int64_t)end - (int64_t)time(NULL);
    int64_t rounded = (left + DAY / 2) / DAY;

    if (left >= (int64_t)days * DAY)
        return;
    buf_printf(warning, "the certificate of the server '%.*s' expires in %d"
                        " day%s, on ",
               SPAN_ARG(peer->name), (int)rounded, rounded == 1 ? "" : "s");
    tls_add_time(end, warning);
}

/* In the order in which they count. */
static const char *way(const struct tls_settings *settings)
{
    if (!span_empty(settings->pins))
        return "pin";
    if (settings->first_use)
        return "known";
    return settings->unverified ? "unverified" : "ca";
}

bool tls_trust_counts(const struct tls_settings *settings)
{
    return span_eq(span_of(way(settings)), S("ca"));
}

static bool verify_peer(gnutls_session_t session, const struct tls_peer *peer,
                        const struct tls_settings *settings,
                        struct tls_verdict *verdict, struct err *err)
{
    if (!span_empty(settings->pins))
        return verify_pins(peer, settings->pins, err);
    if (settings->first_use)
        return verify_known(peer, settings, verdict, err);
    if (settings->unverified)
        return true;
    if (!verify_chain(session, peer, &verdict->alert, err))
        return false;
    warn_of_expiry(peer, settings->expiry_days, &verdict->warning);
    return true;
}

bool tls_verify(gnutls_session_t session, const struct tls_settings *settings,
                struct span name, struct tls_verdict *verdict,
                struct err *err)
{
    struct tls_peer peer = {.name = name, .trust = settings->trust,
                            .crl = settings->crl};
    bool good;

    verdict->by = way(settings);
    verdict->alert = GNUTLS_A_BAD_CERTIFICATE;
    gnutls_ocsp_status_request_get(session, &peer.staple);
    good = peer_read(session, &peer, err) &&
           verify_peer(session, &peer, settings, verdict, err);
    peer_free(&peer);
    return good;
}
