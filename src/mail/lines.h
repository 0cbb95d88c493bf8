/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lines - what ends a line of the input, and what that becomes on the wire
 *
 * Callers write LF, CRLF, both in one message, or CR CR LF.  One rule holds
 * for all of them: a line end is an LF together with all CRs directly before
 * it.  Any other CR is a CR inside a line, and as it may neither travel nor
 * pass for a line end (RFC 5321, 2.3.8) it becomes a blank.
 *
 * The message is kept as it came, so that what is binary in it survives; the
 * wire's line ends are made here, and only here, on the way out:
 *
 *     struct lines lines = {0};
 *     while (more)
 *         lines_push(&lines, piece, &out);
 *     lines_end(&lines, &out);
 *
 * What comes out does not depend on where the pieces were cut.  Dots are not
 * stuffed here.
 */
#ifndef PENNYPOST_MAIL_LINES_H
#define PENNYPOST_MAIL_LINES_H

#include "base/buf.h"

struct lines {
    size_t crs; /* CRs seen that may belong to a line end  */
    bool open;  /* the line has begun and not ended        */
};

/* Raw octets to lines that end in CRLF, added to OUT. */
void lines_push(struct lines *, struct span raw, struct buf *out);

/* The input is over: end the line it left open, and be as if new. */
void lines_end(struct lines *, struct buf *out);

/* How many octets lines_push() and lines_end() make of all of RAW. */
uint64_t lines_size(struct span raw);

/* The same, in one go, to lines that end in LF. */
void lines_to_lf(struct span raw, struct buf *out);

/*
 * Where the input ends when the caller did not say -i: at a line that is a
 * lone ".", be it in the header or in the body.  Only asked without -i.
 */
struct lone_dot {
    bool inside; /* not at the beginning of a line           */
    bool dot;    /* at its beginning there was a dot ...     */
    size_t crs;  /* ... and this many CRs; both held back    */
    bool over;
};

/*
 * Pass PIECE on to OUT as it is.  True once the lone dot was met; its line and
 * all that follows is not passed on, in this call and every later one.
 */
bool lone_dot_push(struct lone_dot *, struct span piece, struct buf *out);

/*
 * The input is over.  A dot that nothing came behind counts as a line of its
 * own and is dropped; what else was held back goes to OUT.
 */
void lone_dot_end(struct lone_dot *, struct buf *out);

#endif
