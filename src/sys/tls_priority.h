/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_priority - which versions and ciphers of TLS are offered
 */
#ifndef PENNYPOST_SYS_TLS_PRIORITY_H
#define PENNYPOST_SYS_TLS_PRIORITY_H

#include "sys/tls.h"

/*
 * Add GnuTLS's priority string for the settings: theirs, or else TLS 1.2 and
 * 1.3 with what GnuTLS finds safe, less the versions below the minimum.
 */
void tls_priority_text(const struct tls_settings *, struct buf *out);

/* Fail unless GnuTLS understands it, and it leaves a version: ERR_CONFIG. */
bool tls_priority_check(const struct tls_settings *, struct err *);

#endif
