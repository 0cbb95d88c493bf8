/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_names - is this certificate for that server? (RFC 9525)
 *
 * Only the subjectAltName extension counts: a dNSName for a name (host.h says
 * when it matches), an iPAddress for an address.  The common name never does.
 * A NUL in any name is a forgery (the name was cut where it was checked), and
 * the whole certificate is refused.
 *
 * GnuTLS, asked the same, is kinder: it takes a common name, and a "*" that is
 * but a part of a label.
 */
#ifndef PENNYPOST_SYS_TLS_NAMES_H
#define PENNYPOST_SYS_TLS_NAMES_H

#include "base/err.h"
#include "sys/tls_peer.h"

/* Fail, with the names that are there, unless peer->name is among them. */
bool tls_names_check(const struct tls_peer *, struct err *);

#endif
