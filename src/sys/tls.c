/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls.h"

#include "base/mem.h"
#include "sys/host.h"
#include "sys/tls_channel.h"
#include "sys/tls_client.h"
#include "sys/tls_first_use.h"
#include "sys/tls_pin.h"
#include "sys/tls_priority.h"
#include "sys/tls_revoked.h"
#include "sys/tls_verify.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <time.h>

/*
 * GnuTLS discards and answers some things by itself and returns in between;
 * a server that sends nothing else for so long does not mean well.
 */
enum { IDLE_MAX = 4096 };

struct tls {
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    struct tls_settings settings;
    struct buf name;    /* bare */
    struct buf in;      /* from the server, not yet looked at from TAKEN on */
    size_t taken;
    struct buf *out;    /* to the server */
    unsigned asked;     /* how often GnuTLS asked for more than there was */
    unsigned idle;      /* returns that brought no data */
    bool trust_loaded;
    bool refused;       /* in the handshake, and *err says why */
    struct err *err;    /* where to say why, during the handshake */
    struct tls_verdict verdict;
    struct tls_facts facts;
};

/* What a server may say when it gives up, and what that is likely to mean. */
static const struct advice {
    gnutls_alert_description_t alert;
    const char *hint;
} advices[] = {
    {GNUTLS_A_HANDSHAKE_FAILURE,
     "the server may know only ways of encryption that are no longer safe"},
    {GNUTLS_A_PROTOCOL_VERSION,
     "the server may know neither TLS 1.2 nor TLS 1.3"},
    {GNUTLS_A_INSUFFICIENT_SECURITY, "the server wants stronger encryption"},
    {GNUTLS_A_CERTIFICATE_REQUIRED,
     "the server wants a client certificate: see tls-cert and tls-key"},
    {GNUTLS_A_UNRECOGNIZED_NAME,
     "the server does not go by the name in the setting 'server'"},
};

static ssize_t pull(gnutls_transport_ptr_t user, void *to, size_t size)
{
    struct tls *tls = user;
    struct span there = span_upto(span_from(buf_span(&tls->in), tls->taken),
                                  size);

    if (span_empty(there)) {
        tls->asked++;
        gnutls_transport_set_errno(tls->session, EAGAIN);
        return -1;
    }
    memcpy(to, there.p, there.n);
    tls->taken += there.n;
    return (ssize_t)there.n;
}

static int pull_timeout(gnutls_transport_ptr_t user, unsigned ms)
{
    const struct tls *tls = user;

    (void)ms;
    return tls->taken < tls->in.len;
}

static ssize_t push(gnutls_transport_ptr_t user, const void *from, size_t size)
{
    struct tls *tls = user;

    buf_add(tls->out, (struct span){from, size});
    return (ssize_t)size;
}

/* Called by GnuTLS as soon as the certificate is there; not 0 refuses it. */
static int verify(gnutls_session_t session)
{
    struct tls *tls = gnutls_session_get_ptr(session);

    if (!tls_load_trust(tls, tls->err)) {
        tls->verdict.alert = GNUTLS_A_INTERNAL_ERROR;
        tls->refused = true;
    } else if (!tls_verify(session, &tls->settings, buf_span(&tls->name),
                           &tls->verdict, tls->err)) {
        tls->refused = true;
    }
    return tls->refused;
}

bool tls_load_trust(struct tls *tls, struct err *err)
{
    if (tls->trust_loaded || !tls_trust_counts(&tls->settings))
        return true;
    if (!tls_trust_load(tls->settings.trust, tls->credentials, err) ||
        !tls_crl_load(tls->settings.crl, tls->credentials, err))
        return false;
    return tls->trust_loaded = true;
}

static bool known_check(const struct tls_settings *settings, struct err *err)
{
    if (!settings->first_use || !span_empty(settings->known))
        return true;
    fail(err, ERR_CONFIG, "there is no place to keep the keys of known"
                          " servers: no home directory is known");
    return err_hint(err, "set HOME or XDG_STATE_HOME, or tls-pin to the key"
                         " itself");
}

bool tls_settings_check(const struct tls_settings *settings, struct err *err)
{
    return tls_pins_check(settings->pins, err) &&
           tls_priority_check(settings, err) &&
           tls_client_check(settings, err) && known_check(settings, err) &&
           (!tls_trust_counts(settings) ||
            (tls_trust_check(settings->trust, err) &&
             tls_crl_check(settings->crl, err)));
}

/* SNI takes names only (RFC 6066, 3). */
static int session_set_name(struct tls *tls)
{
    struct span name = buf_span(&tls->name);

    if (!host_is_name(name))
        return 0;
    return gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS, name.p,
                                  name.n);
}

static int session_set_priority(struct tls *tls)
{
    struct buf text = {0};
    int code;

    tls_priority_text(&tls->settings, &text);
    code = gnutls_priority_set_direct(tls->session, buf_cstring(&text), NULL);
    buf_free(&text);
    return code;
}

/*
 * A client certificate is meant for this server, whatever authorities that
 * says it knows.  GnuTLS's status: 0 is good, less is not.
 */
static int session_begin(struct tls *tls)
{
    int code = gnutls_certificate_allocate_credentials(&tls->credentials);

    if (code == 0)
        code = gnutls_init(&tls->session,
                           GNUTLS_CLIENT | GNUTLS_NONBLOCK |
                               GNUTLS_NO_TICKETS | GNUTLS_FORCE_CLIENT_CERT);
    if (code == 0)
        code = session_set_priority(tls);
    if (code == 0)
        code = gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE,
                                      tls->credentials);
    if (code == 0)
        code = session_set_name(tls);
    if (code != 0)
        return code;
    gnutls_session_set_ptr(tls->session, tls);
    gnutls_session_set_verify_function(tls->session, verify);
    gnutls_transport_set_ptr(tls->session, tls);
    gnutls_transport_set_pull_function(tls->session, pull);
    gnutls_transport_set_pull_timeout_function(tls->session, pull_timeout);
    gnutls_transport_set_push_function(tls->session, push);
    return 0;
}

static bool name_check(struct span name, const struct tls_settings *settings,
                       struct err *err)
{
    unsigned char bytes[HOST_BYTES];

    if (span_empty(name) && !span_empty(settings->pins))
        return true;
    if (host_is_name(name) || host_address(name, bytes) > 0)
        return true;
    fail(err, ERR_CONFIG,
         "'%.*s' is not the name or the address of a host, so no certificate"
         " can be for it",
         SPAN_ARG(name));
    return err_hint(err, "where a server has no name, tls-pin can say which"
                         " key it must have");
}

struct tls *tls_new(const struct tls_settings *settings, struct span name,
                    struct buf *out, struct err *err)
{
    struct tls *tls;
    int code;

    if (!tls_settings_check(settings, err) ||
        !name_check(name, settings, err))
        return NULL;
    tls = mem_zero(1, sizeof *tls);
    tls->settings = *settings;
    tls->out = out;
    buf_add(&tls->name, host_bare(name));
    code = session_begin(tls);
    if (code != 0)
        fail(err, ERR_SYSTEM, "TLS cannot be used: %s", gnutls_strerror(code));
    if (code == 0 && tls_client_load(&tls->settings, tls->credentials, err))
        return tls;
    tls_free(tls);
    return NULL;
}

void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    if (tls->session)
        gnutls_deinit(tls->session);
    if (tls->credentials)
        gnutls_certificate_free_credentials(tls->credentials);
    tls_verdict_free(&tls->verdict);
    buf_free(&tls->name);
    buf_free(&tls->in);
    mem_free(tls);
}

void tls_feed(struct tls *tls, struct span bytes)
{
    if (tls->taken == tls->in.len) {
        buf_clear(&tls->in);
        tls->taken = 0;
    }
    buf_add(&tls->in, bytes);
}

/* The server gave up with an alert (RFC 8446, 6.2). */
static bool fail_alert(struct tls *tls, const char *doing, struct err *err)
{
    gnutls_alert_description_t alert = gnutls_alert_get(tls->session);
    const char *name = gnutls_alert_get_strname(alert);

    fail(err, ERR_TEMPORARY, "the server '%.*s' broke off %s with the alert"
                             " %s (%d)",
         SPAN_ARG(buf_span(&tls->name)), doing,
         name ? name + strlen("GNUTLS_A_") : "UNKNOWN", (int)alert);
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].alert == alert)
            err_hint(err, "%s", advices[i].hint);
    return false;
}

static bool fail_code(struct tls *tls, int code, const char *doing,
                      struct err *err)
{
    struct span words = span_of(gnutls_strerror(code));

    if (code == GNUTLS_E_FATAL_ALERT_RECEIVED)
        return fail_alert(tls, doing, err);
    fail(err, ERR_PROTOCOL, "%s with the server '%.*s' failed: %.*s", doing,
         SPAN_ARG(buf_span(&tls->name)),
         SPAN_ARG(span_upto(words, words.n - span_ends(words, S(".")))));
    if (code == GNUTLS_E_UNSUPPORTED_VERSION_PACKET)
        err_hint(err, "the server may know neither TLS 1.2 nor TLS 1.3, the"
                      " only versions that are safe");
    return false;
}

/* GnuTLS returned with what ends nothing.  RFC 5246, 7.2.2. */
static bool pass_over(struct tls *tls, ssize_t code)
{
    if (code == GNUTLS_E_REHANDSHAKE)
        gnutls_alert_send(tls->session, GNUTLS_AL_WARNING,
                          GNUTLS_A_NO_RENEGOTIATION);
    return !gnutls_error_is_fatal((int)code) && tls->idle++ < IDLE_MAX;
}

static void facts_read(struct tls *tls)
{
    gnutls_session_t s = tls->session;

    tls->facts = (struct tls_facts){
        .version = gnutls_protocol_get_name(gnutls_protocol_get_version(s)),
        .cipher = gnutls_cipher_get_name(gnutls_cipher_get(s)),
        .verified = tls->verdict.by,
        .warning = buf_span(&tls->verdict.warning),
    };
}

/* Only now has the server shown that the key is its own. */
static bool keep_first_use(struct tls *tls)
{
    struct buf server = {0};
    bool good;

    if (tls->verdict.pin.len == 0)
        return true;
    tls_known_name(buf_span(&tls->name), tls->settings.port, &server);
    good = tls_first_use_keep(tls->settings.known, buf_span(&server),
                              buf_span(&tls->verdict.pin), time(NULL),
                              tls->err);
    buf_free(&server);
    return good;
}

static enum tls_step handshake_end(struct tls *tls)
{
    if (!keep_first_use(tls)) {
        gnutls_alert_send(tls->session, GNUTLS_AL_FATAL,
                          GNUTLS_A_INTERNAL_ERROR);
        return TLS_FAILED;
    }
    facts_read(tls);
    return TLS_DONE;
}

static enum tls_step handshake_fail(struct tls *tls, int code)
{
    if (tls->refused) {
        gnutls_alert_send(tls->session, GNUTLS_AL_FATAL, tls->verdict.alert);
        return TLS_FAILED;
    }
    fail_code(tls, code, "the TLS handshake", tls->err);
    if (code != GNUTLS_E_FATAL_ALERT_RECEIVED)
        gnutls_alert_send_appropriate(tls->session, code);
    return TLS_FAILED;
}

enum tls_step tls_handshake(struct tls *tls, struct err *err)
{
    int code;

    tls->err = err;
    do {
        unsigned asked = tls->asked;

        code = gnutls_handshake(tls->session);
        if (code == 0)
            return handshake_end(tls);
        if (code == GNUTLS_E_AGAIN && tls->asked != asked)
            return TLS_WAITING;
    } while (pass_over(tls, code));
    return handshake_fail(tls, code);
}

bool tls_seal(struct tls *tls, struct span plain, size_t *taken,
              struct err *err)
{
    struct span part = span_upto(plain, TLS_RECORD);
    ssize_t n = gnutls_record_send(tls->session, part.p, part.n);

    if (n < 0)
        return fail_code(tls, (int)n, "the TLS session", err);
    *taken = (size_t)n;
    return true;
}


enum tls_state tls_open(struct tls *tls, struct buf *plain, struct err *err)
{
    for (;;) {
        unsigned asked = tls->asked;
        ssize_t n = gnutls_record_recv(
            tls->session, buf_room(plain, TLS_RECORD), TLS_RECORD);

        if (n > 0) {
            buf_filled(plain, (size_t)n);
            tls->idle = 0;
            return TLS_OPEN;
        }
        if (n == 0)
            return TLS_CLOSED;
        /* After a change of keys it says so too, with more to be had. */
        if (n == GNUTLS_E_AGAIN && tls->asked != asked)
            return TLS_OPEN;
        if (!pass_over(tls, n)) {
            fail_code(tls, (int)n, "the TLS session", err);
            return TLS_BROKEN;
        }
    }
}

void tls_close(struct tls *tls)
{
    gnutls_bye(tls->session, GNUTLS_SHUT_WR);
}

const struct tls_facts *tls_facts(const struct tls *tls)
{
    return &tls->facts;
}

bool tls_binding(const struct tls *tls, enum tls_binding kind, struct buf *out)
{
    return kind == TLS_EXPORTER ? tls_channel_exporter(tls->session, out)
                                : tls_channel_end_point(tls->session, out);
}

void tls_library(struct buf *out)
{
    buf_printf(out, "GnuTLS %s", gnutls_check_version(NULL));
}
