/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_pin - the one key or certificate that a server must show
 *
 * A pin is the SHA-256 of a server's public key (SubjectPublicKeyInfo) or of
 * its certificate, written as tls.h says.
 */
#ifndef PENNYPOST_SYS_TLS_PIN_H
#define PENNYPOST_SYS_TLS_PIN_H

#include "base/err.h"

#include <gnutls/x509.h>

enum { TLS_PIN_BYTES = 32 };

/* Fail unless each word of PINS is a pin: ERR_CONFIG. */
bool tls_pins_check(struct span pins, struct err *);

/* One of PINS is that of the certificate or of the key in it. */
bool tls_pins_match(struct span pins, gnutls_x509_crt_t);

/* The pin of the key in the certificate: "sha256//BASE64". */
void tls_pin_text(gnutls_x509_crt_t, struct buf *out);

#endif
