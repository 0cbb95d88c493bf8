/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/drive.h"

#include "sys/clock.h"

enum {
    PIECE = 64 * 1024,      /* octets of content at a time                  */
    SILENCE_MS = 2000,      /* a server that says nothing for so long may   */
                            /* be waiting for TLS                           */
    LAST_REPLY_MS = 30000,  /* for the reply to the dot, after a signal     */
    GOODBYE_MS = 2000,      /* to hand QUIT to the system                   */
};

static int64_t step_ms(const struct drive *d)
{
    unsigned seconds = session_timeout(d->session);

    if (d->limit && d->limit < seconds)
        seconds = d->limit;
    return (int64_t)seconds * 1000;
}

/* A step's deadline is set when it begins, and only then. */
static void keep_deadline(struct drive *d, bool begin)
{
    unsigned progress = session_progress(d->session);

    if (!begin && (progress == d->progress || d->leaving))
        return;
    d->progress = progress;
    d->deadline = clock_ms() + step_ms(d);
}

/*
 * What the session calls unsent must not arrive after all: the end of the
 * message may be waiting in the wire.
 */
static void abandon(struct drive *d)
{
    if (wire_state(d->wire) != WIRE_LOST && wire_unsent(d->wire) > 0)
        wire_abandon(d->wire);
}

static void lost(struct drive *d, const struct err *why)
{
    session_lost(d->session, why);
    abandon(d);
}

static bool signalled(const struct drive *d)
{
    return d->stop && *d->stop;
}

static void lost_to_signal(struct drive *d)
{
    struct err err;

    fail(&err, ERR_TEMPORARY, "stopped by signal %d", (int)*d->stop);
    lost(d, &err);
}

static void lost_late(struct drive *d)
{
    struct err err;

    if (signalled(d)) {
        lost_to_signal(d);
        return;
    }
    fail(&err, ERR_TEMPORARY, "the server gave no answer within %d seconds",
         (int)(step_ms(d) / 1000));
    lost(d, &err);
}

/*
 * A signal to stop.  Before the final dot the server will drop what it has;
 * after it, to leave would put the message in doubt: a while is given it.
 */
static void stopped(struct drive *d)
{
    int64_t soon = clock_ms() + LAST_REPLY_MS;

    if (!session_in_doubt(d->session)) {
        lost_to_signal(d);
        return;
    }
    wire_watch(d->wire, NULL);
    d->leaving = true;
    if (d->deadline > soon)
        d->deadline = soon;
}

/* The server has said nothing yet: find out why before the time is up. */
static bool silence(struct drive *d)
{
    struct err err;

    if (!d->silence || d->watched_silence ||
        !session_unheard(d->session))
        return false;
    d->watched_silence = true;
    if (d->silence(d->owner, d->deadline, &err))
        lost(d, &err);
    return true;
}

static int64_t next_look(const struct drive *d)
{
    int64_t now = clock_ms(), left = d->deadline - now;
    /* Soon, but so that there is time to find out. */
    int64_t look = now + (left / 2 < SILENCE_MS ? left / 2 : SILENCE_MS);

    if (d->silence && !d->watched_silence &&
        session_unheard(d->session) && look < d->deadline)
        return look;
    return d->deadline;
}

static void exchange(struct drive *d)
{
    struct session *s = d->session;
    size_t sent = 0;
    struct err err;
    bool ok = wire_exchange(d->wire, session_output(s), &sent, &d->in,
                            next_look(d), &err);

    session_sent(s, sent);
    session_held(s, wire_unsent(d->wire) > 0);
    if (d->in.len) {
        session_feed(s, buf_span(&d->in));
        buf_wipe(&d->in);
    }
    if (ok)
        return;
    if (wire_state(d->wire) == WIRE_LATE) {
        if (!silence(d) && clock_past(d->deadline))
            lost_late(d);
    } else if (wire_state(d->wire) == WIRE_STOPPED) {
        stopped(d);
    } else {
        lost(d, &err);
    }
}

static void handshake(struct drive *d)
{
    struct err err;

    if (wire_pending_plaintext(d->wire)) {
        fail(&err, ERR_PROTOCOL,
             "the server sent more than its reply to STARTTLS: someone may be "
             "tampering with the connection");
        lost(d, &err);
    } else if (!wire_secure(d->wire, d->tls, d->host, d->deadline,
                            &err)) {
        lost(d, &err);
    } else {
        if (d->secured)
            d->secured(d->owner);
        session_secured(d->session);
    }
}

static void content(struct drive *d)
{
    buf_clear(&d->piece);
    if (d->content(d->source, &d->piece))
        session_content(d->session, buf_span(&d->piece));
    else
        session_content_end(d->session);
}

static void ask(struct drive *d)
{
    struct err err;

    if (d->password(d->owner, &err))
        session_password(d->session);
    else
        lost(d, &err);
}

static void step(struct drive *d, enum session_wants wants)
{
    switch (wants) {
    case SESSION_EXCHANGE:
        exchange(d);
        break;
    case SESSION_HANDSHAKE:
        handshake(d);
        break;
    case SESSION_CONTENT:
        content(d);
        break;
    case SESSION_PASSWORD:
        ask(d);
        break;
    case SESSION_TRANSACTION:
    case SESSION_RECIPIENTS:
    case SESSION_OVER:
        break;
    }
}

/* QUIT is sent and its reply not waited for (RFC 5321, 4.1.1.10). */
static void say_goodbye(struct drive *d)
{
    struct session *s = d->session;
    int64_t deadline = clock_ms() + GOODBYE_MS;
    size_t sent = 0;
    struct err err;

    wire_watch(d->wire, NULL);
    if (!session_output(s).n)
        abandon(d); /* it broke off: there is no QUIT */
    while (session_output(s).n &&
           wire_exchange(d->wire, session_output(s), &sent, &d->in,
                         deadline, &err))
        session_sent(s, sent);
}

/* What only the owner of the drive can give. */
static bool wants_owner(enum session_wants wants)
{
    return wants == SESSION_TRANSACTION || wants == SESSION_RECIPIENTS ||
           wants == SESSION_OVER;
}

void drive_on(struct drive *d)
{
    enum session_wants wants;

    wire_watch(d->wire, d->leaving ? NULL : d->stop);
    keep_deadline(d, true);
    while (!wants_owner(wants = session_wants(d->session))) {
        step(d, wants);
        keep_deadline(d, false);
    }
}

void drive_end(struct drive *d)
{
    say_goodbye(d);
    buf_wipe(&d->in);
    buf_free(&d->piece);
}
