/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recode_header - the header fields of a message or part, made fit to travel
 *
 * Fields that hold what the server does not take are written anew, by the
 * structure that fields of their name have; the fields that tell about the
 * body are changed to tell what it has become.  All others stay octet for
 * octet.  What is to be done is a list of edits over the header.
 */
#ifndef PENNYPOST_MAIL_RECODE_HEADER_H
#define PENNYPOST_MAIL_RECODE_HEADER_H

#include "base/err.h"
#include "mail/content.h"

/* What a header has to say that it does not say yet. */
struct header_change {
    struct span encoding; /* Content-Transfer-Encoding, or empty             */
    struct span charset;  /* the charset parameter, or empty                 */
    struct span boundary; /* the boundary parameter, or empty                */
    bool make_plain;      /* a multipart without parts becomes text/plain    */
    bool new_body;        /* what counts the body's octets and lines is gone */
    bool mime_version;    /* it must have a MIME-Version                     */
    bool add_blank;       /* the blank line at its end is missing            */
};

struct header_rules {
    bool utf8;            /* fields may be in UTF-8                       */
    struct span charset;  /* what text is in that is not UTF-8, or empty  */
};

/* What one run of header_recode() did. */
struct header_result {
    bool changed;
    struct buf fields; /* the names of fields written anew, ", " between */
    unsigned why;      /* for these TRAIT_ bits of them                  */
};

/*
 * Add to EDITS what has to change in HEADER, whose lines may end in LF or
 * CRLF and which has no blank line at its end.  AT is added to the places of
 * all edits; texts live in the arena of EDITS.
 *
 * ERR_DATA where a field cannot be folded into lines of 998 octets.
 */
bool header_recode(struct span header, size_t at, const struct header_change *,
                   const struct header_rules *, struct edits *,
                   struct header_result *, struct err *);

/* An address of HEADER can go only to a server that has SMTPUTF8. */
bool header_wants_utf8(struct span header);

#endif
