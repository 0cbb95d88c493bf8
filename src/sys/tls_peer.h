/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_peer - what a server showed of itself, while it is looked at
 *
 * Shared by the files that verify a server: tls_verify, tls_names,
 * tls_revoked and tls_refusal.
 */
#ifndef PENNYPOST_SYS_TLS_PEER_H
#define PENNYPOST_SYS_TLS_PEER_H

#include "base/span.h"

#include <gnutls/x509.h>

enum { TLS_CHAIN_MAX = 16 }; /* GnuTLS verifies no longer ones */

struct tls_peer {
    gnutls_x509_crt_t chain[TLS_CHAIN_MAX]; /* its own certificate first */
    unsigned count;                         /* 1 or more                 */
    struct span name;                       /* what it must be, bare     */
    struct span trust, crl;                 /* as in struct tls_settings */
    gnutls_datum_t staple;                  /* of OCSP, for chain[0]; or none */
};

#endif
