/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/wire.h"

#include "base/mem.h"
#include "sys/clock.h"
#include "sys/foreign.h"
#include "sys/resolve.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* SO_NOSIGPIPE does it */
#endif

enum {
    OUT_ROOM = 128 * 1024,  /* what is gathered at most                   */
    WRITE_AT = 64 * 1024,   /* from here on it is worth a write by itself */
    READ_MOST = 64 * 1024,  /* handed to the caller at once               */
    READ_AHEAD = 32 * 1024, /* of TLS, to be decrypted                    */
    FOREIGN_WAIT_MS = 1000, /* for the rest of the line it says           */
};

struct wire {
    int fd;
    bool tcp;
    bool heard;          /* something came in the clear */
    bool ended;          /* nothing more will come */
    int broken;          /* errno of a failed read or write, or 0 */
    enum wire_state state;
    const volatile sig_atomic_t *stop;
    struct buf out;      /* accepted; written as far as WRITTEN */
    size_t written;
    struct tls *tls;     /* NULL: in the clear */
    bool tls_heard;      /* the server began to speak it */
    bool secured;        /* the handshake is over */
};

struct wire *wire_new(int fd)
{
    struct wire *w = mem_zero(1, sizeof *w);
    struct sockaddr_storage at = {0};
    socklen_t length = sizeof at;

    w->fd = fd;
    w->tcp = getsockname(fd, (struct sockaddr *)&at, &length) == 0 &&
             (at.ss_family == AF_INET || at.ss_family == AF_INET6);
#ifdef SO_NOSIGPIPE
    setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &(int){1}, sizeof(int));
#endif
    /* All at once: what grows leaves copies behind, maybe of a password. */
    buf_room(&w->out, OUT_ROOM);
    return w;
}

void wire_watch(struct wire *w, const volatile sig_atomic_t *stop)
{
    w->stop = stop;
}

enum wire_state wire_state(const struct wire *w)
{
    return w->state;
}

const struct tls_facts *wire_facts(const struct wire *w)
{
    return w->secured ? tls_facts(w->tls) : NULL;
}

bool wire_binding(const struct wire *w, enum tls_binding kind, struct buf *out)
{
    return w->secured && tls_binding(w->tls, kind, out);
}

void wire_literal(const struct wire *w, struct buf *out)
{
    struct net_address at = {.length = sizeof at.at};

    if (!w->tcp ||
        getsockname(w->fd, (struct sockaddr *)&at.at, &at.length) != 0) {
        buf_add(out, S("localhost"));
        return;
    }
    buf_add(out, at.at.ss_family == AF_INET6 ? S("[IPv6:") : S("["));
    net_address_text(&at, out);
    buf_addc(out, ']');
}

static struct span unsent(const struct wire *w)
{
    return span_from(buf_span(&w->out), w->written);
}

size_t wire_unsent(const struct wire *w)
{
    return unsent(w).n;
}

/* Write what the system takes now. */
static void wire_flush(struct wire *w)
{
    while (wire_unsent(w) > 0 && !w->broken) {
        struct span rest = unsent(w);
        ssize_t n = send(w->fd, rest.p, rest.n, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n >= 0)
            w->written += (size_t)n;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            break;
        else if (errno != EINTR)
            w->broken = errno;
    }
    if (wire_unsent(w) == 0) {
        buf_clear(&w->out);
        w->written = 0;
    }
}

void wire_abandon(struct wire *w)
{
    buf_wipe(&w->out);
    w->written = 0;
    w->state = WIRE_LOST;
    shutdown(w->fd, SHUT_RDWR);
}

void wire_free(struct wire *w)
{
    if (!w)
        return;
    if (w->secured && w->state != WIRE_LOST)
        tls_close(w->tls);
    wire_flush(w);
    tls_free(w->tls);
    close(w->fd);
    buf_wipe(&w->out);
    mem_free(w);
}

/*
 * Where the server waits for our ACK before it sends on (Nagle), a delayed one
 * costs 40 ms.  The option does not last.
 */
static void acknowledge(const struct wire *w)
{
#ifdef TCP_QUICKACK
    if (w->tcp)
        setsockopt(w->fd, IPPROTO_TCP, TCP_QUICKACK, &(int){1}, sizeof(int));
#else
    (void)w;
#endif
}

/* Read what is there now: how many bytes, and whether it is the end. */
static size_t wire_read(struct wire *w, char *to, size_t size)
{
    ssize_t n;

    acknowledge(w);
    do
        n = recv(w->fd, to, size, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        return (size_t)n;
    if (n == 0) {
        w->ended = true;
    } else if (errno != EAGAIN && errno != EWOULDBLOCK) {
        w->ended = true;
        w->broken = errno;
    }
    return 0;
}

static bool wire_late(struct wire *w, struct err *err)
{
    w->state = WIRE_LATE;
    return fail(err, ERR_TEMPORARY, "no answer from the server in time");
}

/* Wait for input; if WRITING, or for room for output. */
static bool wire_wait(struct wire *w, bool writing, int64_t deadline,
                      struct err *err)
{
    struct pollfd fd = {w->fd, POLLIN, 0};

    if (writing)
        fd.events |= POLLOUT;
    switch (clock_wait(&fd, 1, deadline, w->stop)) {
    case CLOCK_LATE:
        return wire_late(w, err);
    case CLOCK_STOPPED:
        w->state = WIRE_STOPPED;
        return fail(err, ERR_TEMPORARY, "interrupted by a signal");
    case CLOCK_READY:
        break;
    }
    return true;
}

static bool wire_lose(struct wire *w, struct err *err)
{
    w->state = WIRE_LOST;
    if (w->broken)
        return fail(err, ERR_TEMPORARY,
                    "the connection to the server broke: %s",
                    strerror(w->broken));
    return fail(err, ERR_TEMPORARY, "the server closed the connection");
}

/* Accept of OUT what there is room for. */
static bool wire_take(struct wire *w, struct span out, size_t *sent,
                      struct err *err)
{
    /* To go on sending to who has left would be to wait for the error. */
    if (w->broken || w->ended || span_empty(out))
        return true;
    if (w->written > 0) {
        buf_drop(&w->out, w->written);
        w->written = 0;
    }
    if (!w->tls) {
        *sent = span_upto(out, OUT_ROOM - w->out.len).n;
        buf_add(&w->out, span_upto(out, *sent));
        return true;
    }
    while (*sent < out.n &&
           OUT_ROOM - w->out.len >= TLS_RECORD + TLS_OVERHEAD) {
        size_t taken;

        if (!tls_seal(w->tls, span_from(out, *sent), &taken, err)) {
            w->state = WIRE_LOST;
            return false;
        }
        *sent += taken;
    }
    return true;
}

/* Take in what has come; with LOOK, from the socket too. */
static bool wire_receive(struct wire *w, bool look, struct buf *in,
                         struct err *err)
{
    char bytes[READ_AHEAD];
    size_t n;

    if (!w->tls) {
        n = look ? wire_read(w, buf_room(in, READ_MOST), READ_MOST) : 0;
        buf_filled(in, n);
        w->heard |= n > 0;
        return true;
    }
    n = look ? wire_read(w, bytes, sizeof bytes) : 0;
    tls_feed(w->tls, (struct span){bytes, n});
    switch (tls_open(w->tls, in, err)) {
    case TLS_BROKEN:
        w->state = WIRE_LOST;
        return false;
    case TLS_CLOSED:
        w->ended = true;
        break;
    case TLS_OPEN:
        break;
    }
    return true;
}

/* Everything is accepted, and it is so little that more may come first. */
static bool wire_gathers(const struct wire *w, struct span rest)
{
    return span_empty(rest) && wire_unsent(w) < WRITE_AT;
}

/* Whatever can be done without waiting. */
static bool wire_step(struct wire *w, bool look, struct span out, size_t *sent,
                      struct buf *in, struct err *err)
{
    size_t before = in->len;

    if (wire_unsent(w) >= WRITE_AT)
        wire_flush(w);
    if (!wire_take(w, out, sent, err))
        return false;
    if (*sent > 0 && wire_gathers(w, span_from(out, *sent)))
        return true;
    wire_flush(w);
    look = look || *sent > 0 || w->broken;
    if (!wire_receive(w, look, in, err))
        return *sent > 0;
    if (*sent > 0 || in->len > before)
        return true;
    return w->ended || w->broken ? wire_lose(w, err) : true;
}

bool wire_exchange(struct wire *w, struct span out, size_t *sent,
                   struct buf *in, int64_t deadline, struct err *err)
{
    size_t before = in->len;
    bool writing = !span_empty(out), waited = false;

    *sent = 0;
    if (w->state == WIRE_LOST)
        return wire_lose(w, err);
    w->state = WIRE_OPEN;
    while (wire_step(w, writing || waited, out, sent, in, err)) {
        if (*sent > 0 || in->len > before)
            return true;
        /* What came may be TLS's own business: that moves no deadline. */
        if (waited && clock_past(deadline))
            return wire_late(w, err);
        if (!wire_wait(w, writing || wire_unsent(w) > 0, deadline, err))
            return false;
        waited = true;
    }
    return false;
}

bool wire_pending_plaintext(struct wire *w)
{
    char byte;

    return recv(w->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1 &&
           foreign_is((struct span){&byte, 1});
}

static unsigned peer_port(const struct wire *w)
{
    struct sockaddr_storage at = {0};
    socklen_t length = sizeof at;

    if (getpeername(w->fd, (struct sockaddr *)&at, &length) != 0)
        return 0;
    if (at.ss_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)&at)->sin_port);
    if (at.ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)&at)->sin6_port);
    return 0;
}

/* Not TLS: hear the line out, but not for long. */
static bool wire_foreign(struct wire *w, struct span first, struct span name,
                         int64_t deadline, struct err *err)
{
    int64_t soon = clock_ms() + FOREIGN_WAIT_MS;
    struct pollfd fd = {w->fd, POLLIN, 0};
    struct buf said = {0};

    if (soon > deadline)
        soon = deadline;
    buf_add(&said, first);
    while (!w->ended && said.len < FOREIGN_MAX && !clock_past(soon) &&
           span_find(buf_span(&said), '\n') == said.len &&
           clock_wait(&fd, 1, soon, w->stop) == CLOCK_READY)
        buf_filled(&said, wire_read(w, buf_room(&said, FOREIGN_MAX),
                                    FOREIGN_MAX));
    foreign_fail(buf_span(&said), name, peer_port(w), w->heard, err);
    buf_free(&said);
    w->state = WIRE_LOST;
    return false;
}

/*
 * For middleboxes' sake GnuTLS sends a change_cipher_spec that means nothing
 * (RFC 8446, D.4), long before what follows: it goes along with that.
 */
static bool only_change_cipher_spec(const struct wire *w)
{
    struct span out = unsent(w);

    return out.n == 6 && out.p[0] == 0x14;
}

/* Send what the handshake has to say, and hear what the server answers. */
static bool wire_negotiate(struct wire *w, bool first, struct span name,
                           int64_t deadline, struct err *err)
{
    bool hold = only_change_cipher_spec(w);
    char bytes[READ_AHEAD];
    struct span came = {bytes, 0};

    if (!hold)
        wire_flush(w);
    if (first && !tls_load_trust(w->tls, err))
        return false;
    if (w->ended)
        return wire_lose(w, err);
    if (!first && clock_past(deadline))
        return wire_late(w, err);
    if (!wire_wait(w, !hold && wire_unsent(w) > 0, deadline, err))
        return false;
    came.n = wire_read(w, bytes, sizeof bytes);
    if (!w->tls_heard && foreign_is(came))
        return wire_foreign(w, came, name, deadline, err);
    w->tls_heard |= came.n > 0;
    tls_feed(w->tls, came);
    return true;
}

bool wire_secure(struct wire *w, const struct tls_settings *settings,
                 struct span name, int64_t deadline, struct err *err)
{
    enum tls_step step;
    bool first = true;

    w->tls = tls_new(settings, name, &w->out, err);
    if (!w->tls)
        return false;
    w->state = WIRE_OPEN;
    while ((step = tls_handshake(w->tls, err)) == TLS_WAITING) {
        if (!wire_negotiate(w, first, name, deadline, err))
            return err->kind == ERR_TEMPORARY &&
                   err_within(err, "during the TLS handshake with '%.*s'",
                              SPAN_ARG(name));
        first = false;
    }
    if (step == TLS_DONE)
        return w->secured = true;
    w->state = WIRE_LOST; /* an alert may wait: wire_free() sends it */
    return false;
}
