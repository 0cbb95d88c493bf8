/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dot - transparency of DATA (RFC 5321, 4.5.2)
 *
 * Puts a dot in front of every line that begins with one, and the line with
 * the lone dot behind the last.  The text comes in with CRLF line ends, and
 * with nothing but CRLF line ends, as mail/content makes it; it may come in
 * pieces of any size, and what goes out does not depend on where the cuts are.
 *
 *     struct dot dot = {0};
 *     while (more)
 *         dot_push(&dot, piece, &out);
 *     dot_end(&dot, &out);
 */
#ifndef PENNYPOST_SMTP_DOT_H
#define PENNYPOST_SMTP_DOT_H

#include "base/buf.h"

struct dot {
    bool in_line; /* the last octet was not the end of a line */
};

void dot_push(struct dot *, struct span text, struct buf *out);

/* The text is over; *dot is as new. */
void dot_end(struct dot *, struct buf *out);

#endif
