/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qp - the quoted-printable encoding (RFC 2045, 6.7)
 *
 * Encodes a text that lies in memory, a few lines at a time:
 *
 *     struct qp qp = qp_of(text, NULL);
 *     while (qp_next(&qp, 65536, &out))
 *         ...
 *
 * The lines of the text may end in LF or CRLF; those that are made end in
 * CRLF and hold at most 76 octets.  A character in UTF-8 stays on one line.
 * A last line without a line end gets none.
 *
 * No line that is made can be taken for something else on the way: a line
 * that would begin with "From ", be a lone dot (RFC 2049, 3), or begin as a
 * delimiter of the multiparts around it does, has its first octet escaped.
 *
 * qp_repair_of() takes what is quoted-printable already but holds octets that
 * do not belong there, or lines over 998.  Only lines with such a thing are
 * made anew, and in them only what is wrong is escaped; all others stay.
 */
#ifndef PENNYPOST_MAIL_QP_H
#define PENNYPOST_MAIL_QP_H

#include "base/buf.h"
#include "mail/raw_lines.h"

/* The boundary of a multipart, and those of the multiparts around it. */
struct qp_boundary {
    struct span boundary;
    const struct qp_boundary *outer; /* or NULL */
};

struct qp {
    struct raw_lines lines;
    const struct qp_boundary *around;
    bool repair;
    bool open; /* part of lines.line is still to be given      */
    bool soft; /* the line at hand ended in a soft line break */
};

/*
 * Encode TEXT.  AROUND is the innermost multipart that it is in, or NULL; both
 * are borrowed.
 */
struct qp qp_of(struct span text, const struct qp_boundary *around);

/* Make what claims to be quoted-printable into what is. */
struct qp qp_repair_of(struct span text, const struct qp_boundary *around);

/*
 * Append the next lines to OUT, ABOUT octets or at most a line more.  False,
 * and nothing added, when everything was given.
 */
bool qp_next(struct qp *, size_t about, struct buf *out);

/* How many octets of TEXT an encoder would have to escape, for the choice. */
size_t qp_escapes(struct span text);

#endif
