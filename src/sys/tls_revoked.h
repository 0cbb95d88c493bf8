/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_revoked - certificates that their authorities have taken back
 *
 * Two sources count: the lists of a file (CRL, RFC 5280, 5), and the answer of
 * the authority that the server sends along with its certificate (stapled
 * OCSP, RFC 6066, 8).  A certificate may demand the latter (RFC 7633).  Nobody
 * is asked over the network.
 */
#ifndef PENNYPOST_SYS_TLS_REVOKED_H
#define PENNYPOST_SYS_TLS_REVOKED_H

#include "base/err.h"
#include "sys/tls_peer.h"

/* Fail unless CRL is a file to read: ERR_CONFIG.  Empty, it is none. */
bool tls_crl_check(struct span crl, struct err *);

/*
 * Have the session's certificates looked for in the lists of the PEM file CRL.
 * ERR_CONFIG where there is none, or one is past its time.  An empty CRL is
 * none at all.
 */
bool tls_crl_load(struct span crl, gnutls_certificate_credentials_t,
                  struct err *);

/* Each fills in *err with what GnuTLS found: ERR_PROTOCOL.  Returns false. */
bool tls_refuse_revoked(const struct tls_peer *, struct err *);
bool tls_refuse_unstapled(const struct tls_peer *, struct err *);
bool tls_refuse_staple(const struct tls_peer *, struct err *);

#endif
