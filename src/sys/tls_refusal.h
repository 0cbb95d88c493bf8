/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_refusal - why a server's certificate is not accepted, in words
 */
#ifndef PENNYPOST_SYS_TLS_REFUSAL_H
#define PENNYPOST_SYS_TLS_REFUSAL_H

#include "base/err.h"
#include "sys/tls_peer.h"

#include <gnutls/gnutls.h>

/*
 * Fill in *err from what GnuTLS found wrong (gnutls_certificate_status_t), and
 * what to tell the server.  Returns false.
 */
bool tls_refuse(const struct tls_peer *, unsigned status,
                gnutls_alert_description_t *, struct err *);

/*
 * ERR_PROTOCOL with "the certificate of the server 'NAME' " before the text,
 * which may hold anything.  Releases *TEXT.  Returns false.
 */
bool tls_refuse_certificate(const struct tls_peer *, struct buf *text,
                            struct err *);

/*
 * The hint for a server that somebody knows though no authority does: "FIRST;
 * or", its pin.  Returns false.
 */
bool tls_hint_pin(const struct tls_peer *, const char *first, struct err *);

#endif
