/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * submit - takes a message from standard input and sees it on its way
 */
#ifndef PENNYPOST_APP_SUBMIT_H
#define PENNYPOST_APP_SUBMIT_H

#include "app/app.h"

/*
 * Read a message and send it, or with --dry-run show it.  True: that was
 * done, *STATUS is how it went, and the user was told.  False: it did not
 * come to that, *err says why, and nothing was sent.
 */
bool submit(struct app *, int *status, struct err *);

#endif
