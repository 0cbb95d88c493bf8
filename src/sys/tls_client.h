/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_client - the certificate that shows a server who we are
 *
 * Certificate and key are files in PEM form or, as "pkcs11:..." (RFC 7512),
 * things in a token.  No PIN and no passphrase is asked for: a token's PIN is
 * in the file that the URI names (pin-source), and a key file is not
 * encrypted, but readable by its owner alone.
 */
#ifndef PENNYPOST_SYS_TLS_CLIENT_H
#define PENNYPOST_SYS_TLS_CLIENT_H

#include "sys/tls.h"

#include <gnutls/gnutls.h>

/* Fail unless the files are there, and the key's is private: ERR_CONFIG. */
bool tls_client_check(const struct tls_settings *, struct err *);

/* Load certificate and key, if there are any.  ERR_CONFIG. */
bool tls_client_load(const struct tls_settings *,
                     gnutls_certificate_credentials_t, struct err *);

#endif
