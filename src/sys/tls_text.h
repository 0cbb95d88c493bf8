/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_text - the parts that messages about certificates are made of
 */
#ifndef PENNYPOST_SYS_TLS_TEXT_H
#define PENNYPOST_SYS_TLS_TEXT_H

#include "base/buf.h"
#include "sys/tls_peer.h"

/* S in quotes, visible and bounded. */
void tls_quote(struct span s, struct buf *out);

/* gnutls_x509_crt_get_dn3 or gnutls_x509_crt_get_issuer_dn3 */
typedef int tls_name_getter(gnutls_x509_crt_t, gnutls_datum_t *,
                            unsigned flags);

/* Whose certificate it is, or who issued it, in quotes. */
void tls_add_name(gnutls_x509_crt_t, tls_name_getter *, struct buf *out);

/* Nothing for the server's own certificate, else which one of the chain. */
void tls_add_which(const struct tls_peer *, unsigned i, struct buf *out);

/* "2026-11-22 04:30 UTC" */
void tls_add_time(time_t, struct buf *out);

#endif
