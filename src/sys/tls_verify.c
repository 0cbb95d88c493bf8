/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_verify.h"

#include "sys/host.h"
#include "sys/tls_names.h"
#include "sys/tls_pin.h"
#include "sys/tls_refusal.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Whatever else there is, such as a FIFO, might make us wait. */
static bool path_check(const char *path, bool *directory, const char **why)
{
    struct stat is;
    bool good = stat(path, &is) == 0 && access(path, R_OK) == 0;

    *why = good ? "it is neither a file nor a directory" : strerror(errno);
    *directory = good && S_ISDIR(is.st_mode);
    return good && (S_ISDIR(is.st_mode) || S_ISREG(is.st_mode));
}

bool tls_trust_check(struct span trust, struct err *err)
{
    struct buf path = {0};
    const char *why;
    bool directory, good;

    if (span_empty(trust))
        return true;
    buf_add(&path, trust);
    good = path_check(buf_cstring(&path), &directory, &why);
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
    if (path_check(buf_cstring(&path), &directory, &why)) {
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

bool tls_verify(gnutls_session_t session, const struct tls_settings *settings,
                struct span name, struct tls_verdict *verdict,
                struct err *err)
{
    struct tls_peer peer = {.name = name, .trust = settings->trust};
    bool pinned = !span_empty(settings->pins);
    bool good = peer_read(session, &peer, err);

    *verdict = (struct tls_verdict){pinned ? "pin" : "ca",
                                    GNUTLS_A_BAD_CERTIFICATE};
    if (good)
        good = pinned ? verify_pins(&peer, settings->pins, err)
                      : verify_chain(session, &peer, &verdict->alert, err);
    peer_free(&peer);
    return good;
}
