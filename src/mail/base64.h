/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * base64 - the base64 encoding of MIME (RFC 2045, 6.8)
 *
 * Encodes what lies in memory, a few lines at a time, in lines of 76 octets
 * with CRLF between them.  The last line gets no line end: in a multipart
 * that belongs to the delimiter, at the end of a message content adds it.
 *
 *     struct base64 base64 = base64_of(octets);
 *     while (base64_next(&base64, 65536, &out))
 *         ...
 */
#ifndef PENNYPOST_MAIL_BASE64_H
#define PENNYPOST_MAIL_BASE64_H

#include "base/buf.h"
#include "mail/raw_lines.h"

struct base64 {
    struct raw_lines lines;
    enum { BASE64_OCTETS, BASE64_TEXT, BASE64_REPAIR } mode;
    bool open;       /* part of lines.line is still to be given     */
    bool line_end;   /* a line end goes before the next line        */
    unsigned column; /* repair: where on the line that is made      */
};

/* Encode the octets exactly. */
struct base64 base64_of(struct span octets);

/* Encode a text: whatever its lines end in becomes CRLF. */
struct base64 base64_text_of(struct span text);

/*
 * Make what claims to be base64 into what is: lines that hold octets over
 * 127, NUL or CR, or are over 998, are made anew of what a decoder would not
 * pass over.  All others stay.
 */
struct base64 base64_repair_of(struct span text);

/*
 * Append the next lines to OUT, ABOUT octets or at most 1 KiB more.  False,
 * and nothing added, when everything was given.
 */
bool base64_next(struct base64 *, size_t about, struct buf *out);

/* Append the base64 form of OCTETS to OUT, all on one line. */
void base64_encode(struct span octets, struct buf *out);

#endif
