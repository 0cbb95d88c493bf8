/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * header - the header section of a message, and its fields
 *
 * header_read() finds where the header ends and makes text of it: every line
 * ends in LF, no CR, no NUL.  The others walk that text, or the header of a
 * MIME part in the same form:
 *
 *     for (struct span rest = header; header_next(&rest, &field);)
 *         if (field_is(&field, S("Subject")))
 *             ...
 *
 * Nothing here judges what is in a field, and nothing is copied but by
 * header_read(): the spans of a field point into the header's text.
 */
#ifndef PENNYPOST_MAIL_HEADER_H
#define PENNYPOST_MAIL_HEADER_H

#include "base/buf.h"
#include "base/err.h"

struct field {
    struct span whole; /* all its lines, with the last LF               */
    struct span name;  /* without the blanks that may precede the colon */
    struct span body;  /* behind the colon, folds and all, no last LF   */
};

/*
 * Read the header off the front of RAW, a whole message as it came, into
 * TEXT, which is empty before.  *BODY_AT is where in RAW the body begins.
 *
 * Leading lines "From ..." or ">From ...", a mailbox's and no field, are left
 * out.  The header ends behind the blank line, or else before the first line
 * that is neither a field (RFC 5322, 2.2 and 4.5, so blanks may precede the
 * colon) nor the continuation of one: such a line is the first of the body.
 *
 * ERR_DATA where a field is longer than 1 MiB.
 */
bool header_read(struct span raw, struct buf *text, size_t *body_at,
                 struct err *);

/*
 * Take the first field off the front of *REST; false when none is left.  A
 * line without a colon, which header_read() lets nowhere, is a field that has
 * no name: the whole of all fields together is always the header.
 */
bool header_next(struct span *rest, struct field *);

/* The first field of that name; false where HEADER has none. */
bool header_find(struct span header, struct span name, struct field *);

/* The field has that name, whatever its case (RFC 5322, 1.2.2). */
bool field_is(const struct field *, struct span name);

/* Add BODY to OUT without its line ends (RFC 5322, 2.2.3). */
void field_unfold(struct span body, struct buf *out);

#endif
