/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/upstream.h"

#include "app/probe.h"
#include "app/trace.h"
#include "sys/clock.h"
#include "sys/connect.h"
#include "sys/exec.h"
#include "sys/signals.h"

enum { RESOLVE_MS = 60 * 1000, CONNECT_MS = 120 * 1000, SECURE_MS = 60 * 1000 };

static int64_t limited_ms(const struct upstream *up, int64_t ms)
{
    int64_t limit = (int64_t)up->conf->timeout.number * 1000;

    return limit && limit < ms ? limit : ms;
}

static struct span keep(struct upstream *up, struct span s)
{
    return arena_copy(&up->arena, s);
}

static bool take_password(struct upstream *up, struct span password,
                          struct err *err)
{
    bool ok = secret_set(&up->password, password, err);

    up->credentials.password = secret_span(&up->password);
    return ok;
}

/* Asked for only when the server wants it: a key ring may want opening. */
static bool ask_password(void *owner, struct err *err)
{
    struct upstream *up = owner;
    struct exec_command command = {.what = "password-command",
                                   .line = up->conf->password_command.text,
                                   .stop = signals_flag()};
    struct buf line = {0};
    bool ok;

    if (!command.line.n)
        return take_password(up, up->conf->password.text, err);
    ok = exec_line(&command, &line, err) &&
         take_password(up, buf_span(&line), err);
    buf_wipe(&line);
    return ok;
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

/* TLS is up: tell what kind. */
static void note_tls(void *owner)
{
    struct upstream *up = owner;
    const struct tls_facts *facts = wire_facts(up->wire);
    struct buf text = {0};

    buf_printf(&text, "%s %s %s", facts->version, facts->cipher,
               facts->verified);
    up->tls = keep(up, buf_span(&text));
    if (up->verbose)
        trace_event("%s with %s, verified by %s", facts->version,
                    facts->cipher, facts->verified);
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

static void converse(struct upstream *up)
{
    const struct server *server = &up->conf->endpoint;

    up->settings = (struct session_settings){
        .name = ehlo_name(up),
        .tls = tls_mode(up->conf),
        .local = server->local,
        .lmtp = server->protocol == SERVER_LMTP,
        .credentials = up->conf->user.text.n ? &up->credentials : NULL,
        .ask_password = true,
        .trace = up->verbose ? trace_line : NULL,
        .trace_self = &up->trace_stuck,
    };
    up->session = session_new(&up->settings);
    up->drive = (struct drive){
        .session = up->session, .wire = up->wire, .tls = &up->trust,
        .host = server->host, .limit = (unsigned)up->conf->timeout.number,
        .stop = signals_flag(), .owner = up, .password = ask_password,
        .secured = note_tls,
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

static void set_up(struct upstream *up)
{
    const struct server *server = &up->conf->endpoint;
    struct span trust = up->conf->tls_trust.text;
    struct buf text = {0};

    up->trust.trust = span_eq(trust, S("system")) ? S("") : trust;
    up->trust.pins = up->conf->tls_pin.text;
    up->credentials.user = up->conf->user.text;
    up->credentials.mechanism = up->conf->auth.text;
    if (server->local)
        buf_add(&text, server->path);
    else
        buf_printf(&text, "%.*s:%u", SPAN_ARG(server->host),
                   (unsigned)server->port);
    up->host = keep(up, buf_span(&text));
    buf_free(&text);
}

bool upstream_open(struct upstream *up, struct err *err)
{
    bool ok = false;

    set_up(up);
    if (tls_settings_check(&up->trust, err) && find_server(up, err))
        do {
            *err = (struct err){0};
            ok = try_next(up, err);
        } while (!ok && worth_another(up, err));
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
    secret_free(&up->password);
    arena_free(&up->arena);
    *up = (struct upstream){0};
}
