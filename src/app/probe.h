/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * probe - finds out whether a server that says nothing waits for TLS
 *
 * A server that speaks TLS from the start is silent until it is spoken to, so
 * a client that waits for its greeting would wait in vain.  The probe makes a
 * connection of its own, says what begins TLS and looks at the first octets of
 * the answer.  Nothing of the mail or the login is in it.
 */
#ifndef PENNYPOST_APP_PROBE_H
#define PENNYPOST_APP_PROBE_H

#include "sys/connect.h"

/*
 * True where the server at this address answers as TLS does, within 3 seconds
 * and before DEADLINE (sys/clock.h).
 */
bool probe_tls(const struct net_address *, int64_t deadline,
               const volatile sig_atomic_t *stop);

#endif
