/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session - SMTP as the server speaks it, from the greeting to the end
 *
 * It is strict where a client's mistake would otherwise go unseen: bare CR or
 * LF, NUL, lines over 998 octets, 8-bit content that was not announced,
 * commands sent together that must not be, anything in the clear that needs
 * TLS.  Each of these is a "!!" line of the transcript, and the conversation
 * goes on.
 */
#ifndef PENNYPOST_TESTS_SERVER_SESSION_H
#define PENNYPOST_TESTS_SERVER_SESSION_H

#include "dialogue.h"
#include "options.h"

#include <gnutls/gnutls.h>

/* Serve the client on CHANNEL until one of both ends it. */
void session_run(struct channel *, struct record *, const struct script *,
                 const struct options *, gnutls_certificate_credentials_t);

#endif
