/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * body - a message as it comes in, and what in it should not be there
 *
 * Only CRLF "." CRLF ends a message, and only a dot that begins a line is
 * taken away (RFC 5321, 4.5.2).  Everything else is kept and counted.
 */
#ifndef PENNYPOST_TESTS_SERVER_BODY_H
#define PENNYPOST_TESTS_SERVER_BODY_H

#include "base/buf.h"

enum body_state { AT_START, IN_LINE, AFTER_CR, AFTER_DOT, AFTER_DOT_CR };

/* All zero, but for COUNTED, is a new one. */
struct body {
    bool counted; /* BDAT: no dot is special, the octets were counted */
    enum body_state state;
    bool whole;      /* the final dot has come                         */
    uint64_t octets; /* without the dots taken away and the final one  */
    uint64_t line, longest;
    uint64_t high, nul, bare_cr, bare_lf;
};

/* Add from the front of IN to *OUT; returns how many octets were taken. */
size_t body_push(struct body *, struct span in, struct buf *out);

#endif
