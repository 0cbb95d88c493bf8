/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trace - the conversation on standard error, for -v
 *
 * Every line is told apart by its first letters: "C: " and "S: " are what
 * client and server said, "* " is what happened besides; with -bs "c: " and
 * "s: " are what the client on standard input said, and we to it.  Secrets are
 * masked before they get here, and bytes that would steer a terminal are shown,
 * not sent.
 */
#ifndef PENNYPOST_APP_TRACE_H
#define PENNYPOST_APP_TRACE_H

#include "smtp/session.h"

/*
 * For struct session_settings.  SELF is NULL, or a bool that becomes true when
 * nobody takes the lines any more: then no more are written.
 */
void trace_line(void *self, enum session_direction, struct span line);

/* For struct serve_settings: "s: " for what we said, "c: " for the client. */
void trace_client(void *self, bool ours, struct span line);

/* Something that happened besides. */
void trace_event(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, a line for each line of LINES. */
void trace_events(struct span lines);

#endif
