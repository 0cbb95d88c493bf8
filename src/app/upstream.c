/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/upstream.h"

#include "app/probe.h"
#include "app/trace.h"
#include "sys/clock.h"
#include "sys/connect.h"
#include "sys/signals.h"
#include "sys/tls_first_use.h"
#include "sys/world.h"

enum { RESOLVE_MS = 60 * 1000, CONNECT_MS = 120 * 1000, SECURE_MS = 60 * 1000 };
enum { NONCE = 24 }; /* octets */

static int64_t limited_ms(const struct upstream *up, int64_t ms)
{
    int64_t limit = (int64_t)up->conf->timeout.number * 1000;

    return limit && limit < ms ? limit : ms;
}

static struct span keep(struct upstream *up, struct span s)
{
    return arena_copy(&up->arena, s);
}

/* Asked for only when the server wants it: a key ring may want opening. */
static bool ask_password(void *owner, struct err *err)
{
    struct upstream *up = owner;

    return credentials_ask(&up->source, &up->credentials, err);
}

/* RFC 8314, 3.3: a server with implicit TLS waits for us to begin. */
static bool explain_silence(void *owner, int64_t deadline, struct err *err)
{
    struct upstream *up = owner;

    if (!probe_tls(&up->connected, deadline, signals_flag()))
        return false;
    fail(err, ERR_PROTOCOL, "the server at port %u speaks TLS from the start",
         (unsigned)up->at.port);
    err_hint(err, "write the server as submissions://%.*s:%u",
             SPAN_ARG(up->conf->endpoint.host), (unsigned)up->at.port);
    return true;
}

static void note_connection(struct upstream *up)
{
    struct buf text = {0};

    net_address_text(&up->connected, &text);
    up->address = keep(up, buf_span(&text));
    if (up->verbose)
        trace_event("connected to %.*s at %s", SPAN_ARG(up->host),
                    buf_cstring(&text));
    buf_free(&text);
}

static enum session_tls tls_mode(const struct conf *conf)
{
    if (conf->endpoint.local || conf->tls.number == CONF_TLS_OFF)
        return SESSION_TLS_OFF;
    return conf->endpoint.implicit_tls ? SESSION_TLS_IMPLICIT
                                       : SESSION_TLS_STARTTLS;
}

/* A name without a dot is none that the server could look up. */
static struct span ehlo_name(struct upstream *up)
{
    struct span host = up->world->host;
    struct buf literal = {0};

    if (up->conf->ehlo_name.text.n)
        return up->conf->ehlo_name.text;
    if (span_find(host, '.') < host.n)
        return host;
    wire_literal(up->wire, &literal);
    host = keep(up, buf_span(&literal));
    buf_free(&literal);
    return host;
}

/* What a login may be bound to, so that nobody between can pass it on. */
static void bind_session(struct upstream *up)
{
    static const enum tls_binding kinds[] = {
        [SASL_TLS_EXPORTER] = TLS_EXPORTER,
        [SASL_TLS_SERVER_END_POINT] = TLS_SERVER_END_POINT,
    };
    struct buf octets = {0};

    for (int i = 0; i < SASL_BINDINGS; i++) {
        buf_clear(&octets);
        if (wire_binding(up->wire, kinds[i], &octets))
            session_binding(up->session, (enum sasl_binding)i,
                            buf_span(&octets));
    }
    buf_wipe(&octets);
}

/* TLS is up: tell what kind. */
static void note_tls(struct upstream *up)
{
    const struct tls_facts *facts = wire_facts(up->wire);
    struct buf text = {0};

    buf_printf(&text, "%s %s %s", facts->version, facts->cipher,
               facts->verified);
    up->tls = keep(up, buf_span(&text));
    if (up->verbose)
        trace_event("%s with %s, verified by %s", facts->version,
                    facts->cipher, facts->verified);
    up->warning = keep(up, facts->warning);
    if (up->verbose && facts->warning.n)
        trace_event("warning: %.*s", SPAN_ARG(facts->warning));
    buf_free(&text);
}

/*
 * Servers that greet late on purpose look at who speaks early: that is the way
 * of port 25, where nobody waits for TLS.
 */
static bool may_probe(const struct server *server)
{
    return !server->implicit_tls && !server->local && server->port != 25;
}

/*
 * Octets that nobody has seen; without them (there is no randomness to be had)
 * SCRAM is not used.
 */
static void draw_nonce(struct upstream *up)
{
    struct world fresh = *up->world;
    struct err ignored;

    if (world_again(&fresh, &ignored))
        up->credentials.nonce = keep(
            up, span_upto((struct span){(const char *)fresh.random,
                                        sizeof fresh.random}, NONCE));
}

/* A certificate of ours may be all there is to log in with. */
static bool logs_in(const struct conf *conf)
{
    return conf->user.text.n || (conf->tls_cert.text.n && conf->auth.text.n);
}

/* TLS has come up in the session. */
static void secured(void *owner)
{
    struct upstream *up = owner;

    note_tls(up);
    bind_session(up);
}

static void converse(struct upstream *up)
{
    const struct server *server = &up->conf->endpoint;

    up->settings = (struct session_settings){
        .name = ehlo_name(up),
        .tls = tls_mode(up->conf),
        .local = server->local,
        .lmtp = server->protocol == SERVER_LMTP,
        .credentials = logs_in(up->conf) ? &up->credentials : NULL,
        .ask_password = true,
        .trace = up->verbose ? trace_line : NULL,
        .trace_self = &up->trace_stuck,
    };
    draw_nonce(up);
    up->session = session_new(&up->settings);
    if (up->settings.tls == SESSION_TLS_IMPLICIT)
        bind_session(up);
    up->drive = (struct drive){
        .session = up->session, .wire = up->wire, .tls = &up->trust,
        .host = server->host, .limit = (unsigned)up->conf->timeout.number,
        .stop = signals_flag(), .owner = up, .password = ask_password,
        .secured = secured,
        .silence = may_probe(server) ? explain_silence : NULL,
    };
    drive_on(&up->drive);
    up->mechanism = session_mechanism(up->session);
}

/* With implicit TLS nothing is said before the server has proved its name. */
static bool secure_first(struct upstream *up, struct err *err)
{
    int64_t deadline = clock_ms() + limited_ms(up, SECURE_MS);

    if (tls_mode(up->conf) != SESSION_TLS_IMPLICIT)
        return true;
    wire_watch(up->wire, signals_flag());
    if (!wire_secure(up->wire, &up->trust, up->conf->endpoint.host, deadline,
                     err))
        return false;
    note_tls(up);
    return true;
}

static void disconnect(struct upstream *up)
{
    if (up->session)
        drive_end(&up->drive);
    session_free(up->session);
    wire_free(up->wire);
    up->session = NULL;
    up->wire = NULL;
}

/* One address, from connecting to the login. */
static bool try_next(struct upstream *up, struct err *err)
{
    int64_t deadline = clock_ms() + limited_ms(up, CONNECT_MS);
    int fd;

    if (!connect_next(&up->at, deadline, signals_flag(), &fd, &up->connected,
                      err))
        return false;
    up->wire = wire_new(fd);
    note_connection(up);
    if (secure_first(up, err)) {
        converse(up);
        if (session_wants(up->session) == SESSION_TRANSACTION)
            return true;
        session_result(up->session, err);
    }
    disconnect(up);
    return false;
}

/* Another address of the server may do better (RFC 5321, 5.1). */
static bool worth_another(const struct upstream *up, const struct err *err)
{
    return err->kind == ERR_TEMPORARY && up->at.count > 0 && !signals_stop();
}

static bool find_server(struct upstream *up, struct err *err)
{
    const struct server *server = &up->conf->endpoint;
    int64_t deadline = clock_ms() + limited_ms(up, RESOLVE_MS);

    if (server->local)
        return addresses_unix(server->path, &up->at, err);
    return resolve(server->host, server->port, deadline, signals_flag(),
                   &up->at, err);
}

static enum tls_minimum minimum(const struct value *version)
{
    if (!version->text.n)
        return TLS_MINIMUM_UNSET;
    return version->number == CONF_TLS_1_3 ? TLS_MINIMUM_1_3
                                           : TLS_MINIMUM_1_2;
}

/* What verifies the server, and what we show it. */
static void set_trust(struct upstream *up)
{
    const struct conf *conf = up->conf;
    struct span trust = conf->tls_trust.text;
    bool first_use = span_eq(conf->tls_pin.text, S("first-use"));
    struct buf known = {0};

    if (first_use)
        tls_first_use_directory(up->world->home, &known);
    up->trust = (struct tls_settings){
        .trust = span_eq(trust, S("system")) ? S("") : trust,
        .unverified = span_eq(trust, S("none")),
        .pins = first_use ? S("") : conf->tls_pin.text,
        .first_use = first_use,
        .known = keep(up, buf_span(&known)),
        .port = (unsigned)conf->endpoint.port,
        .crl = conf->tls_crl.text,
        .certificate = conf->tls_cert.text,
        .key = conf->tls_key.text,
        .priority = conf->tls_priority.text,
        .minimum = minimum(&conf->tls_min_version),
        .expiry_days = (unsigned)conf->tls_expiry_warning.number,
    };
    buf_free(&known);
}

static void set_up(struct upstream *up)
{
    const struct server *server = &up->conf->endpoint;
    struct buf text = {0};

    set_trust(up);
    up->source = (struct credentials_source){
        .conf = up->conf, .world = up->world, .unattended = up->unattended};
    credentials_begin(&up->source, &up->credentials);
    up->credentials.mechanism = up->conf->auth.text;
    up->credentials.certificate = up->conf->tls_cert.text.n > 0;
    up->credentials.host = server->host;
    up->credentials.port = server->port;
    if (server->local)
        buf_add(&text, server->path);
    else
        buf_printf(&text, "%.*s:%u", SPAN_ARG(server->host),
                   (unsigned)server->port);
    up->host = keep(up, buf_span(&text));
    buf_free(&text);
}

/* Each address of the server in its turn. */
static bool try_all(struct upstream *up, struct err *err)
{
    bool ok = false;

    if (!find_server(up, err))
        return false;
    do {
        *err = (struct err){0};
        ok = try_next(up, err);
    } while (!ok && worth_another(up, err));
    return ok;
}

/* What the server said of the token that we had is not the end of it. */
static bool try_renewed(struct upstream *up, struct err *err)
{
    if (signals_stop() ||
        !credentials_renew(&up->source, &up->credentials, err))
        return false;
    if (up->verbose)
        trace_event("the token was refused, asking for a new one");
    return try_all(up, err);
}

bool upstream_open(struct upstream *up, struct err *err)
{
    bool ok;

    set_up(up);
    ok = tls_settings_check(&up->trust, err) &&
         (try_all(up, err) || try_renewed(up, err));
    if (!ok)
        upstream_name(up, err);
    return ok;
}

void upstream_source(struct upstream *up, void *source,
                     bool (*content)(void *source, struct buf *piece))
{
    up->drive.source = source;
    up->drive.content = content;
}

void upstream_run(struct upstream *up)
{
    drive_on(&up->drive);
}

bool upstream_result(const struct upstream *up, struct err *err)
{
    if (session_result(up->session, err))
        return true;
    upstream_name(up, err);
    return false;
}

bool upstream_close(struct upstream *up, struct err *err)
{
    bool ok;

    session_give_up(up->session);
    session_quit(up->session);
    drive_on(&up->drive);
    ok = upstream_result(up, err);
    disconnect(up);
    return ok;
}

void upstream_name(const struct upstream *up, struct err *err)
{
    const struct server *server = &up->conf->endpoint;
    struct span text = span_of(err->text);

    for (size_t i = 0; i < text.n; i++)
        if (span_starts(span_from(text, i),
                        server->local ? server->path : server->host))
            return;
    err_within(err, "%.*s", SPAN_ARG(up->host));
}

void upstream_free(struct upstream *up)
{
    disconnect(up);
    credentials_forget(&up->source, &up->credentials);
    arena_free(&up->arena);
    *up = (struct upstream){0};
}
