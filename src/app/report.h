/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report - says what became of a delivery: to the caller, and to the log
 *
 * Functions of the delivery, and of nothing else.
 */
#ifndef PENNYPOST_APP_REPORT_H
#define PENNYPOST_APP_REPORT_H

#include "app/deliver.h"
#include "sys/log.h"

/*
 * The exit status: 0 only where the server took the message for everyone.
 * Where some of it may work later that comes first, for a caller who looks
 * for EX_TEMPFAIL tries all of it again; then the first refusal.
 */
int report_status(const struct delivery *);

/*
 * For standard error: who did not get it and why, in the server's words, who
 * got it all the same, and what to try.  Nothing where everyone got it.
 */
void report_print(const struct delivery *, struct buf *out);

/*
 * For the log: one line of name=value pairs, values in quotes where they hold
 * a blank.  The level goes with the worst outcome.
 */
void report_log(const struct delivery *, struct buf *line,
                enum log_level *level);

#endif
