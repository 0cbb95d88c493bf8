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

/* Where a drive stands between two calls. */
struct way {
    struct drive *d;
    struct buf in, piece;
    unsigned progress;  /* when the deadline was set */
    int64_t deadline;
    bool watched_silence;
    bool leaving;       /* a signal came: only the last reply is waited for */
};

static int64_t step_ms(const struct way *w)
{
    unsigned seconds = session_timeout(w->d->session);

    if (w->d->limit && w->d->limit < seconds)
        seconds = w->d->limit;
    return (int64_t)seconds * 1000;
}

/* A step's deadline is set when it begins, and only then. */
static void keep_deadline(struct way *w, bool begin)
{
    unsigned progress = session_progress(w->d->session);

    if (!begin && (progress == w->progress || w->leaving))
        return;
    w->progress = progress;
    w->deadline = clock_ms() + step_ms(w);
}

/*
 * What the session calls unsent must not arrive after all: the end of the
 * message may be waiting in the wire.
 */
static void abandon(struct way *w)
{
    if (wire_state(w->d->wire) != WIRE_LOST && wire_unsent(w->d->wire) > 0)
        wire_abandon(w->d->wire);
}

static void lost(struct way *w, const struct err *why)
{
    session_lost(w->d->session, why);
    abandon(w);
}

static bool signalled(const struct way *w)
{
    return w->d->stop && *w->d->stop;
}

static void lost_to_signal(struct way *w)
{
    struct err err;

    fail(&err, ERR_TEMPORARY, "stopped by signal %d", (int)*w->d->stop);
    lost(w, &err);
}

static void lost_late(struct way *w)
{
    struct err err;

    if (signalled(w)) {
        lost_to_signal(w);
        return;
    }
    fail(&err, ERR_TEMPORARY, "the server gave no answer within %d seconds",
         (int)(step_ms(w) / 1000));
    lost(w, &err);
}

/*
 * A signal to stop.  Before the final dot the server will drop what it has;
 * after it, to leave would put the message in doubt: a while is given it.
 */
static void stopped(struct way *w)
{
    int64_t soon = clock_ms() + LAST_REPLY_MS;

    if (!session_in_doubt(w->d->session)) {
        lost_to_signal(w);
        return;
    }
    wire_watch(w->d->wire, NULL);
    w->leaving = true;
    if (w->deadline > soon)
        w->deadline = soon;
}

/* The server has said nothing yet: find out why before the time is up. */
static bool silence(struct way *w)
{
    struct err err;

    if (!w->d->silence || w->watched_silence ||
        !session_unheard(w->d->session))
        return false;
    w->watched_silence = true;
    if (w->d->silence(w->d->owner, w->deadline, &err))
        lost(w, &err);
    return true;
}

static int64_t next_look(const struct way *w)
{
    int64_t now = clock_ms(), left = w->deadline - now;
    /* Soon, but so that there is time to find out. */
    int64_t look = now + (left / 2 < SILENCE_MS ? left / 2 : SILENCE_MS);

    if (w->d->silence && !w->watched_silence &&
        session_unheard(w->d->session) && look < w->deadline)
        return look;
    return w->deadline;
}

static void exchange(struct way *w)
{
    struct session *s = w->d->session;
    size_t sent = 0;
    struct err err;
    bool ok = wire_exchange(w->d->wire, session_output(s), &sent, &w->in,
                            next_look(w), &err);

    session_sent(s, sent);
    session_held(s, wire_unsent(w->d->wire) > 0);
    if (w->in.len) {
        session_feed(s, buf_span(&w->in));
        buf_wipe(&w->in);
    }
    if (ok)
        return;
    if (wire_state(w->d->wire) == WIRE_LATE) {
        if (!silence(w) && clock_past(w->deadline))
            lost_late(w);
    } else if (wire_state(w->d->wire) == WIRE_STOPPED) {
        stopped(w);
    } else {
        lost(w, &err);
    }
}

static void handshake(struct way *w)
{
    struct err err;

    if (wire_pending_plaintext(w->d->wire)) {
        fail(&err, ERR_PROTOCOL,
             "the server sent more than its reply to STARTTLS: someone may be "
             "tampering with the connection");
        lost(w, &err);
    } else if (!wire_secure(w->d->wire, w->d->tls, w->d->host, w->deadline,
                            &err)) {
        lost(w, &err);
    } else {
        if (w->d->secured)
            w->d->secured(w->d->owner);
        session_secured(w->d->session);
    }
}

static void content(struct way *w)
{
    buf_clear(&w->piece);
    if (w->d->content(w->d->owner, &w->piece))
        session_content(w->d->session, buf_span(&w->piece));
    else
        session_content_end(w->d->session);
}

static void ask(struct way *w, enum session_wants wants)
{
    struct err err;

    if (wants == SESSION_TRANSACTION) {
        if (!w->d->transaction(w->d->owner, w->d->session, &err))
            lost(w, &err);
    } else if (w->d->password(w->d->owner, &err)) {
        session_password(w->d->session);
    } else {
        lost(w, &err);
    }
}

static void step(struct way *w, enum session_wants wants)
{
    switch (wants) {
    case SESSION_EXCHANGE:
        exchange(w);
        break;
    case SESSION_HANDSHAKE:
        handshake(w);
        break;
    case SESSION_CONTENT:
        content(w);
        break;
    case SESSION_PASSWORD:
    case SESSION_TRANSACTION:
        ask(w, wants);
        break;
    case SESSION_OVER:
        break;
    }
}

/* QUIT is sent and its reply not waited for (RFC 5321, 4.1.1.10). */
static void say_goodbye(struct way *w)
{
    struct session *s = w->d->session;
    int64_t deadline = clock_ms() + GOODBYE_MS;
    size_t sent = 0;
    struct err err;

    wire_watch(w->d->wire, NULL);
    if (!session_output(s).n)
        abandon(w); /* it broke off: there is no QUIT */
    while (session_output(s).n &&
           wire_exchange(w->d->wire, session_output(s), &sent, &w->in,
                         deadline, &err))
        session_sent(s, sent);
}

void drive(struct drive *d)
{
    struct way w = {.d = d};
    enum session_wants wants;

    wire_watch(d->wire, d->stop);
    keep_deadline(&w, true);
    while ((wants = session_wants(d->session)) != SESSION_OVER) {
        step(&w, wants);
        keep_deadline(&w, false);
    }
    say_goodbye(&w);
    buf_wipe(&w.in);
    buf_free(&w.piece);
}
