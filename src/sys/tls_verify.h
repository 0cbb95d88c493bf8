/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_verify - is this the server we want?
 *
 * The rules are those of tls.h; here they are applied to what a server showed
 * in its handshake, and a refusal is put into words: which certificate, whose,
 * what was expected, what is there.
 */
#ifndef PENNYPOST_SYS_TLS_VERIFY_H
#define PENNYPOST_SYS_TLS_VERIFY_H

#include "sys/tls.h"

#include <gnutls/gnutls.h>

struct tls_verdict {
    const char *by;                   /* as in struct tls_facts         */
    gnutls_alert_description_t alert; /* what to tell a server refused  */
    struct buf pin;                   /* of a server met for the first time */
    struct buf warning;               /* as in struct tls_facts         */
};

void tls_verdict_free(struct tls_verdict *);

/* A server as the store of known ones has it: "name:port". */
void tls_known_name(struct span name, unsigned port, struct buf *out);

/* Fail unless TRUST is something to read: ERR_CONFIG. */
bool tls_trust_check(struct span trust, struct err *);

/*
 * Load the authorities of TRUST (struct tls_settings) into the credentials.
 * ERR_CONFIG when there is none.
 */
bool tls_trust_load(struct span trust, gnutls_certificate_credentials_t,
                    struct err *);

/* The settings go by authorities: there are no pins and the like. */
bool tls_trust_counts(const struct tls_settings *);

/*
 * Verify the other side of the session as the server called NAME, by the pins,
 * by what is known of it, or else by the authorities loaded.  *VERDICT is all
 * zero before, and the caller's to free.  ERR_PROTOCOL: refused.
 */
bool tls_verify(gnutls_session_t, const struct tls_settings *,
                struct span name, struct tls_verdict *, struct err *);

#endif
