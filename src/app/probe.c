/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/probe.h"

#include "sys/clock.h"
#include "sys/wire.h"

enum { PROBE_MS = 3000 };

/* RFC 8446, 5.1: a handshake or alert record of TLS 1.x begins like this. */
static bool is_tls(struct span answer)
{
    return answer.n >= 2 && (answer.p[0] == 0x16 || answer.p[0] == 0x15) &&
           answer.p[1] == 0x03;
}

/* The first flight of a handshake, into HELLO. */
static bool client_hello(struct buf *hello)
{
    /* A pin that nobody has: the handshake will not be finished anyway. */
    static const struct tls_settings none = {
        .pins = SPAN_INIT("sha256//"
                          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    };
    struct err err;
    struct tls *tls = tls_new(&none, S(""), hello, &err);
    bool ok = tls && tls_handshake(tls, &err) == TLS_WAITING;

    tls_free(tls);
    return ok;
}

static bool answers_tls(struct wire *wire, struct span hello, int64_t deadline)
{
    struct buf answer = {0};
    size_t sent = 0;
    struct err err;
    bool ok = true, found;

    while (ok && hello.n) {
        ok = wire_exchange(wire, hello, &sent, &answer, deadline, &err);
        hello = span_from(hello, sent);
    }
    while (ok && answer.len < 2)
        ok = wire_exchange(wire, S(""), &sent, &answer, deadline, &err);
    found = is_tls(buf_span(&answer));
    buf_free(&answer);
    return found;
}

bool probe_tls(const struct net_address *at, int64_t deadline,
               const volatile sig_atomic_t *stop)
{
    struct addresses one = {.count = 1, .list = {*at}};
    int64_t soon = clock_ms() + PROBE_MS;
    struct net_address winner;
    struct buf hello = {0};
    struct err err;
    bool found = false;
    int fd;

    if (soon > deadline)
        soon = deadline;
    if (client_hello(&hello) &&
        connect_next(&one, soon, stop, &fd, &winner, &err)) {
        struct wire *wire = wire_new(fd);

        wire_watch(wire, stop);
        found = answers_tls(wire, buf_span(&hello), soon);
        wire_free(wire);
    }
    buf_free(&hello);
    return found;
}
