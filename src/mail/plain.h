/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plain - text that no encoding can be put around, made fit to travel
 *
 * What stands before the first and behind the last part of a multipart is
 * shown to nobody, and has no header that could name an encoding (RFC 2046,
 * 5.1.1).  Where it cannot go as it is something is lost: NUL and, if asked
 * for, octets over 127 become '?', CRs inside a line blanks, and lines over
 * 998 octets are split.
 *
 *     struct plain plain = plain_of(text, true);
 *     while (plain_next(&plain, 65536, &out))
 *         ...
 *
 * Lines that are made end in CRLF; a last line without a line end gets none,
 * and none looks like a delimiter that was not one before.
 */
#ifndef PENNYPOST_MAIL_PLAIN_H
#define PENNYPOST_MAIL_PLAIN_H

#include "base/buf.h"
#include "mail/raw_lines.h"

struct plain {
    struct raw_lines lines;
    bool ascii;
    bool open; /* part of lines.line is still to be given */
};

/* ASCII: octets over 127 may not stay. */
struct plain plain_of(struct span text, bool ascii);

/*
 * Append the next lines to OUT, ABOUT octets or at most 1 KiB more.  False,
 * and nothing added, when everything was given.
 */
bool plain_next(struct plain *, size_t about, struct buf *out);

#endif
