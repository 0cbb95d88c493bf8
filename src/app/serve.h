/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * serve - SMTP on standard input and output, for -bs
 *
 * Joins the machine that speaks SMTP to the client (smtp/serve.h), the client
 * (sys/stream.h) and the server (app/relay.h).  What became of a message is
 * told in SMTP, so it does not decide the exit status:
 *
 *      0  the client took leave, or closed its end between two messages
 *     66  standard input cannot be read
 *     75  the client left in the middle of a message, of which nothing was
 *         sent; it took no replies, or said nothing for too long; or a signal
 *         to stop came
 *
 * and, with an error, what that comes to (78 where no server is set).
 */
#ifndef PENNYPOST_APP_SERVE_H
#define PENNYPOST_APP_SERVE_H

#include "app/app.h"

/*
 * Until the client is gone.  Where the settings do not allow to send mail it
 * is refused, and *err says why: false.
 */
bool serve_client(struct app *, int *status, struct err *);

/* Tell the client, in place of a greeting, that it is not served, and why. */
void serve_refusal(const struct err *);

#endif
