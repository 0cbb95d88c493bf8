/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/deliver.h"

#include "app/drive.h"
#include "app/prepare.h"
#include "app/probe.h"
#include "app/trace.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/connect.h"
#include "sys/exec.h"
#include "sys/secret.h"
#include "sys/signals.h"

enum { PIECE = 64 * 1024, RESOLVE_MS = 60 * 1000, CONNECT_MS = 120 * 1000 };

/* One delivery under way: what lives no longer than deliver(). */
struct attempt {
    struct delivery *d;
    struct addresses at;
    struct address address; /* the one connected to                   */
    struct wire *wire;
    struct tls_settings tls;
    struct credentials credentials;
    struct secret password;
    struct prepared prepared;
    struct transaction transaction;
    size_t *which;          /* transaction's recipient -> delivery's  */
    bool begun;             /* a transaction was                      */
    bool trace_stuck;       /* nobody reads the trace                 */
};

static int64_t limited_ms(const struct delivery *d, int64_t ms)
{
    int64_t limit = (int64_t)d->conf->timeout.number * 1000;

    return limit && limit < ms ? limit : ms;
}

static struct span keep(struct delivery *d, struct span s)
{
    return arena_copy(&d->arena, s);
}

/* Every recipient that has no outcome yet shares this one. */
static void close_all(struct delivery *d, enum outcome outcome,
                      const struct err *err)
{
    struct span text = keep(d, span_of(err->text));

    for (size_t i = 0; i < d->nrcpts; i++)
        if (d->rcpts[i].outcome == OUTCOME_NONE) {
            d->rcpts[i].outcome = outcome;
            d->rcpts[i].kind = err->kind;
            d->rcpts[i].text = text;
        }
}

static bool take_password(struct attempt *a, struct span password,
                          struct err *err)
{
    bool ok = secret_set(&a->password, password, err);

    a->credentials.password = secret_span(&a->password);
    return ok;
}

/* Asked for only when the server wants it: a key ring may want opening. */
static bool ask_password(void *owner, struct err *err)
{
    struct attempt *a = owner;
    const struct conf *conf = a->d->conf;
    struct exec_command command = {.what = "password-command",
                                   .line = conf->password_command.text,
                                   .stop = signals_flag()};
    struct buf line = {0};
    bool ok;

    if (!conf->password_command.text.n)
        return take_password(a, conf->password.text, err);
    ok = exec_line(&command, &line, err) &&
         take_password(a, buf_span(&line), err);
    buf_wipe(&line);
    return ok;
}

static void note_notes(struct attempt *a)
{
    struct delivery *d = a->d;

    d->size = a->prepared.size;
    d->notes = keep(d, buf_span(&a->prepared.recoding.notes));
    if (d->verbose)
        trace_events(d->notes);
}

/* RFC 9422: no more recipients at once than the server says it takes. */
static bool room_for_more(const struct attempt *a, const struct ehlo *ehlo)
{
    return !ehlo->rcpt_max || a->transaction.nrcpts < ehlo->rcpt_max;
}

/* The recipients that nothing is known of, as the next transaction. */
static void gather(struct attempt *a, const struct ehlo *ehlo)
{
    struct delivery *d = a->d;

    a->transaction.sender = d->message->envelope.sender;
    a->transaction.parameters = a->prepared.parameters;
    a->transaction.all_or_none = true; /* there is no queue to keep the rest */
    for (size_t i = 0; i < d->nrcpts && room_for_more(a, ehlo); i++)
        if (d->rcpts[i].outcome == OUTCOME_NONE) {
            a->which[a->transaction.nrcpts] = i;
            transaction_add(&a->transaction, d->rcpts[i].address);
        }
}

/* What the transaction that ended says of its recipients. */
static void collect(struct attempt *a)
{
    struct transaction *t = &a->transaction;
    struct delivery *d = a->d;

    for (size_t i = 0; i < t->nrcpts; i++) {
        struct transaction_rcpt *to = &d->rcpts[a->which[i]];
        struct transaction_rcpt *from = &t->rcpts[i];

        /* Too many at once: it stays as it is, for the next. */
        if (from->outcome == OUTCOME_OVERFLOW && t->accepted)
            continue;
        *to = *from;
        to->address = d->message->envelope.rcpts[a->which[i]].address;
        to->status = keep(d, from->status);
        to->text = keep(d, from->text);
    }
    if (t->reply.n)
        d->reply = keep(d, t->reply);
    transaction_free(t);
}

/* All or none: where one was deferred, who is left is not tried. */
static void close_rest(struct delivery *d)
{
    struct err why;

    fail(&why, ERR_TEMPORARY,
         "held back, since the server deferred another recipient");
    for (size_t i = 0; i < d->nrcpts; i++)
        if (d->rcpts[i].outcome == OUTCOME_DEFERRED) {
            close_all(d, OUTCOME_DEFERRED, &why);
            return;
        }
}

/* A signal to stop came while the message went to the others. */
static void close_stopped(struct delivery *d)
{
    struct err why;

    fail(&why, ERR_TEMPORARY, "stopped by signal %d", signals_stop());
    close_all(d, OUTCOME_DEFERRED, &why);
}

/* Whether anyone is left to send to. */
static bool more_to_send(const struct delivery *d)
{
    for (size_t i = 0; i < d->nrcpts; i++)
        if (d->rcpts[i].outcome == OUTCOME_NONE)
            return true;
    return false;
}

static bool next_transaction(void *owner, struct session *s, struct err *err)
{
    struct attempt *a = owner;
    const struct ehlo *ehlo = session_ehlo(s);

    if (a->transaction.nrcpts)
        collect(a);
    close_rest(a->d);
    if (signals_stop())
        close_stopped(a->d);
    if (!more_to_send(a->d)) {
        session_quit(s);
        return true;
    }
    prepared_free(&a->prepared);
    if (!prepare(&a->prepared, a->d->message, ehlo, false,
                 (enum conf_signed)a->d->conf->signed_parts.number, err)) {
        /* What the server cannot be given now it never can. */
        close_all(a->d, OUTCOME_REFUSED, err);
        session_quit(s);
        a->d->err = *err;
        return true;
    }
    note_notes(a);
    gather(a, ehlo);
    a->begun = true;
    session_begin(s, &a->transaction);
    return true;
}

static bool next_content(void *owner, struct buf *piece)
{
    struct attempt *a = owner;
    bool more = content_next(&a->prepared.content, PIECE, piece);

    message_passed(a->d->message, &a->prepared.content);
    return more;
}

/* RFC 8314, 3.3: a server with implicit TLS waits for us to begin. */
static bool explain_silence(void *owner, int64_t deadline, struct err *err)
{
    struct attempt *a = owner;

    if (!probe_tls(&a->address, deadline, signals_flag()))
        return false;
    fail(err, ERR_PROTOCOL, "the server at port %u speaks TLS from the start",
         (unsigned)a->at.port);
    err_hint(err, "write the server as submissions://%.*s:%u",
             SPAN_ARG(a->d->conf->endpoint.host), (unsigned)a->at.port);
    return true;
}

static void note_connection(struct attempt *a)
{
    struct buf text = {0};

    address_text(&a->address, &text);
    a->d->address = keep(a->d, buf_span(&text));
    if (a->d->verbose)
        trace_event("connected to %.*s at %s", SPAN_ARG(a->d->host),
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
static struct span ehlo_name(struct delivery *d, const struct wire *wire)
{
    struct span host = d->world->host;
    struct buf literal = {0};

    if (d->conf->ehlo_name.text.n)
        return d->conf->ehlo_name.text;
    if (span_find(host, '.') < host.n)
        return host;
    wire_literal(wire, &literal);
    host = keep(d, buf_span(&literal));
    buf_free(&literal);
    return host;
}

/* TLS is up: tell what kind. */
static void note_tls(void *owner)
{
    struct attempt *a = owner;
    const struct tls_facts *facts = wire_facts(a->wire);
    struct buf text = {0};

    buf_printf(&text, "%s %s %s", facts->version, facts->cipher,
               facts->verified);
    a->d->tls = keep(a->d, buf_span(&text));
    if (a->d->verbose)
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

static void converse(struct attempt *a)
{
    struct delivery *d = a->d;
    struct session_settings settings = {
        .name = ehlo_name(d, a->wire),
        .tls = tls_mode(d->conf),
        .local = d->conf->endpoint.local,
        .lmtp = d->conf->endpoint.protocol == SERVER_LMTP,
        .credentials = d->conf->user.text.n ? &a->credentials : NULL,
        .ask_password = true,
        .trace = d->verbose ? trace_line : NULL,
        .trace_self = &a->trace_stuck,
    };
    struct session *s = session_new(&settings);
    struct drive way = {
        .session = s, .wire = a->wire, .tls = &a->tls,
        .host = d->conf->endpoint.host,
        .limit = (unsigned)d->conf->timeout.number, .stop = signals_flag(),
        .owner = a, .password = ask_password, .transaction = next_transaction,
        .content = next_content, .secured = note_tls,
        .silence = may_probe(&d->conf->endpoint) ? explain_silence : NULL,
    };

    drive(&way);
    if (a->transaction.nrcpts)
        collect(a);
    session_result(s, &d->err);
    d->mechanism = session_mechanism(s);
    session_free(s);
}

/* With implicit TLS nothing is said before the server has proved its name. */
static bool secure_first(struct attempt *a, struct err *err)
{
    int64_t deadline = clock_ms() + limited_ms(a->d, 60 * 1000);

    if (tls_mode(a->d->conf) != SESSION_TLS_IMPLICIT)
        return true;
    wire_watch(a->wire, signals_flag());
    if (!wire_secure(a->wire, &a->tls, a->d->conf->endpoint.host, deadline,
                     err))
        return false;
    note_tls(a);
    return true;
}

/* One address, from connecting to QUIT.  d->err says how it went. */
static void try_next(struct attempt *a)
{
    struct delivery *d = a->d;
    int64_t deadline = clock_ms() + limited_ms(d, CONNECT_MS);
    int fd;

    d->err = (struct err){0};
    if (!connect_next(&a->at, deadline, signals_flag(), &fd, &a->address,
                      &d->err))
        return;
    a->wire = wire_new(fd);
    note_connection(a);
    if (secure_first(a, &d->err))
        converse(a);
    wire_free(a->wire);
}

/* Another address of the server may do better (RFC 5321, 5.1). */
static bool worth_another(const struct attempt *a)
{
    return a->d->err.kind == ERR_TEMPORARY && !a->begun && a->at.count > 0 &&
           !signals_stop();
}

static bool find_server(struct attempt *a, struct err *err)
{
    const struct server *server = &a->d->conf->endpoint;
    int64_t deadline = clock_ms() + limited_ms(a->d, RESOLVE_MS);

    if (server->local)
        return addresses_unix(server->path, &a->at, err);
    return resolve(server->host, server->port, deadline, signals_flag(),
                   &a->at, err);
}

static void name_server(struct delivery *d)
{
    const struct server *server = &d->conf->endpoint;
    struct buf text = {0};

    if (server->local)
        buf_add(&text, server->path);
    else
        buf_printf(&text, "%.*s:%u", SPAN_ARG(server->host),
                   (unsigned)server->port);
    d->host = keep(d, buf_span(&text));
    buf_free(&text);
}

static void set_up(struct attempt *a)
{
    struct delivery *d = a->d;
    const struct envelope *e = &d->message->envelope;
    struct span trust = d->conf->tls_trust.text;

    d->nrcpts = e->nrcpts;
    d->rcpts = mem_zero(e->nrcpts, sizeof *d->rcpts);
    a->which = mem_zero(e->nrcpts, sizeof *a->which);
    for (size_t i = 0; i < e->nrcpts; i++)
        d->rcpts[i].address = e->rcpts[i].address;
    a->tls.trust = span_eq(trust, S("system")) ? S("") : trust;
    a->tls.pins = d->conf->tls_pin.text;
    a->credentials.user = d->conf->user.text;
    a->credentials.mechanism = d->conf->auth.text;
    name_server(d);
}

static void tear_down(struct attempt *a)
{
    secret_free(&a->password);
    prepared_free(&a->prepared);
    transaction_free(&a->transaction);
    mem_free(a->which);
}

/* Which server it was, where the text does not say so already. */
static void name_in_error(struct delivery *d)
{
    const struct server *server = &d->conf->endpoint;
    struct span text = span_of(d->err.text);

    for (size_t i = 0; i < text.n; i++)
        if (span_starts(span_from(text, i),
                        server->local ? server->path : server->host))
            return;
    err_within(&d->err, "%.*s", SPAN_ARG(d->host));
}

/* The session is over, with an error: it is that of who is left, too. */
static void close_failed(struct delivery *d)
{
    struct span said = keep(d, span_of(d->err.text));
    struct span named;

    name_in_error(d);
    named = keep(d, span_of(d->err.text));
    for (size_t i = 0; i < d->nrcpts; i++)
        if (d->rcpts[i].outcome != OUTCOME_REFUSED &&
            span_eq(d->rcpts[i].text, said))
            d->rcpts[i].text = named;
    close_all(d, OUTCOME_DEFERRED, &d->err);
}

void deliver(struct delivery *d)
{
    struct attempt a = {.d = d};
    int64_t begin = clock_ms();

    set_up(&a);
    if (tls_settings_check(&a.tls, &d->err) && find_server(&a, &d->err))
        do
            try_next(&a);
        while (worth_another(&a));
    if (d->err.kind != ERR_NONE)
        close_failed(d);
    d->duration = clock_ms() - begin;
    tear_down(&a);
}

void delivery_free(struct delivery *d)
{
    mem_free(d->rcpts);
    arena_free(&d->arena);
    d->rcpts = NULL;
    d->nrcpts = 0;
}
