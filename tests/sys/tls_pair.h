/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_pair - our own TLS and the server of tls_server.h, in memory
 *
 *     pair_begin(&p, chain, count, &settings, "mx.example.org", NULL);
 *     ... what the server should do besides: p.server.credentials ...
 *     ck_assert(pair_handshake(&p, SIZE_MAX, &err) == TLS_DONE);
 *     pair_end(&p);
 */
#ifndef PENNYPOST_TESTS_SYS_TLS_PAIR_H
#define PENNYPOST_TESTS_SYS_TLS_PAIR_H

#include "sys/tls.h"
#include "sys/tls_server.h"

/* The two sides, and the bytes on their way between them. */
struct pair {
    struct tls_server server;
    struct tls *client;
    struct buf to_server;
    int server_status;
};

static inline void pair_begin(struct pair *p,
                              const struct certificate *chain, unsigned count,
                              const struct tls_settings *settings,
                              const char *host, const char *priority)
{
    struct err err = {0};

    *p = (struct pair){.server_status = GNUTLS_E_AGAIN};
    p->client = tls_new(settings, span_of(host), &p->to_server, &err);
    ck_assert_msg(p->client != NULL, "%s", err.text);
    tls_server_begin(&p->server, chain, count, priority);
    tls_server_in_memory(&p->server, &p->to_server);
}

static inline void pair_end(struct pair *p)
{
    tls_free(p->client);
    tls_server_end(&p->server);
    buf_free(&p->to_server);
}

/* Feed the client the server's bytes, in pieces of at most PIECE. */
static inline void pair_feed(struct pair *p, size_t piece)
{
    struct span came = span_upto(buf_span(&p->server.to_client), piece);

    tls_feed(p->client, came);
    buf_drop(&p->server.to_client, came.n);
}

static inline enum tls_step pair_handshake(struct pair *p, size_t piece,
                                           struct err *err)
{
    enum tls_step step;

    while ((step = tls_handshake(p->client, err)) == TLS_WAITING) {
        if (p->server_status == GNUTLS_E_AGAIN)
            p->server_status = gnutls_handshake(p->server.session);
        ck_assert_msg(p->server.to_client.len > 0, "nothing is said: %s",
                      gnutls_strerror(p->server_status));
        pair_feed(p, piece);
    }
    if (p->server_status == GNUTLS_E_AGAIN)
        p->server_status = gnutls_handshake(p->server.session);
    return step;
}

#endif
