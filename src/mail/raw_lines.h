/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * raw_lines - the lines of octets as they were read
 *
 * A line end is a LF with any CRs directly before it; a CR anywhere else is
 * data.  The octets lie in one piece of memory, so a line is a span of them
 * and whoever turns it into something else may take it off in pieces:
 *
 *     struct raw_lines lines = {.rest = octets};
 *     while (raw_lines_next(&lines))
 *         use(lines.line, lines.ended);
 */
#ifndef PENNYPOST_MAIL_RAW_LINES_H
#define PENNYPOST_MAIL_RAW_LINES_H

#include "base/span.h"

struct raw_lines {
    struct span rest; /* what comes after the line at hand             */
    struct span line; /* the line at hand, without its end             */
    bool ended;       /* it has a line end; only the last may have none */
};

/* Go to the next line.  False when there is none. */
bool raw_lines_next(struct raw_lines *);

/* S without the CRs at its end. */
struct span raw_lines_trim(struct span s);

/* A control character that no line of text holds: not a tab, but DEL. */
static inline bool raw_lines_control(char c)
{
    unsigned char octet = (unsigned char)c;

    return (octet < ' ' && octet != '\t') || octet == 0x7F;
}

#endif
