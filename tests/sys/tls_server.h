/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_server - the server's side of TLS, for tests
 *
 * Over a descriptor, or in memory: then it reads from the buf that the client
 * writes to, and what it writes is in TO_CLIENT.
 */
#ifndef PENNYPOST_TESTS_SYS_TLS_SERVER_H
#define PENNYPOST_TESTS_SYS_TLS_SERVER_H

#include "sys/certificates.h"

#include <errno.h>
#include <gnutls/abstract.h>

struct tls_server {
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    struct buf *from_client, to_client;
};

/* As it is: gnutls_certificate_set_x509_key() drops what it finds useless. */
static inline void tls_server_show(struct tls_server *s,
                                   const struct certificate *chain,
                                   unsigned count)
{
    gnutls_pcert_st certificates[20];
    gnutls_privkey_t key;

    for (unsigned i = 0; i < count; i++)
        gnutls_pcert_import_x509(&certificates[i], chain[i].crt, 0);
    gnutls_privkey_init(&key);
    gnutls_privkey_import_x509(key, chain[0].key,
                               GNUTLS_PRIVKEY_IMPORT_COPY);
    /* On success the key and the certificates are the credentials'. */
    ck_assert_int_ge(gnutls_certificate_set_key(s->credentials, NULL, 0,
                                                certificates, (int)count, key),
                     0);
}

/* PRIORITY NULL: whatever there is. */
static inline void tls_server_begin(struct tls_server *s,
                                    const struct certificate *chain,
                                    unsigned count, const char *priority)
{
    gnutls_certificate_allocate_credentials(&s->credentials);
    gnutls_certificate_set_flags(s->credentials,
                                 GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
    tls_server_show(s, chain, count);
    gnutls_init(&s->session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
    ck_assert_int_eq(
        gnutls_priority_set_direct(
            s->session, priority ? priority : "NORMAL:%VERIFY_ALLOW_BROKEN",
            NULL), 0);
    gnutls_credentials_set(s->session, GNUTLS_CRD_CERTIFICATE, s->credentials);
}

static inline void tls_server_end(struct tls_server *s)
{
    gnutls_deinit(s->session);
    gnutls_certificate_free_credentials(s->credentials);
    buf_free(&s->to_client);
    *s = (struct tls_server){0};
}

static inline ssize_t tls_server_pull(gnutls_transport_ptr_t user, void *to,
                                      size_t size)
{
    struct tls_server *s = user;
    struct span came = span_upto(buf_span(s->from_client), size);

    if (span_empty(came)) {
        gnutls_transport_set_errno(s->session, EAGAIN);
        return -1;
    }
    memcpy(to, came.p, came.n);
    buf_drop(s->from_client, came.n);
    return (ssize_t)came.n;
}

static inline ssize_t tls_server_push(gnutls_transport_ptr_t user,
                                      const void *from, size_t size)
{
    buf_add(&((struct tls_server *)user)->to_client,
            (struct span){from, size});
    return (ssize_t)size;
}

static inline int tls_server_pull_timeout(gnutls_transport_ptr_t user,
                                          unsigned ms)
{
    (void)ms;
    return ((struct tls_server *)user)->from_client->len > 0;
}

static inline void tls_server_in_memory(struct tls_server *s, struct buf *from)
{
    s->from_client = from;
    gnutls_transport_set_ptr(s->session, s);
    gnutls_transport_set_pull_function(s->session, tls_server_pull);
    gnutls_transport_set_push_function(s->session, tls_server_push);
    gnutls_transport_set_pull_timeout_function(s->session,
                                               tls_server_pull_timeout);
}

#endif
