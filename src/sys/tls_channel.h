/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_channel - the data that binds a login to one TLS connection
 *
 * A SASL mechanism signs it (RFC 5056, 2), so that somebody between the two
 * ends, with a TLS connection to each, cannot pass the login on.
 */
#ifndef PENNYPOST_SYS_TLS_CHANNEL_H
#define PENNYPOST_SYS_TLS_CHANNEL_H

#include "base/buf.h"

#include <gnutls/gnutls.h>

enum { TLS_EXPORTER_BYTES = 32 };

/*
 * "tls-exporter" (RFC 9266, 2).  With TLS 1.2 it would be good only where both
 * ends have the extended master secret; there it is not offered.
 */
bool tls_channel_exporter(gnutls_session_t, struct buf *out);

/*
 * "tls-server-end-point" (RFC 5929, 4): the server's certificate, hashed by the
 * hash of its signature, or by SHA-256 where that is MD5 or SHA-1.
 */
bool tls_channel_end_point(gnutls_session_t, struct buf *out);

#endif
