/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * survey - what a message is made of, found in one reading
 *
 * A survey is fed the message as it comes from standard input, and at the end
 * holds where each part of it lies and what there is in it that some server
 * may not take.  It keeps no octet of the message, and what it finds does not
 * depend on where the pieces were cut:
 *
 *     struct survey survey = {0};
 *     while (more)
 *         survey_push(&survey, piece);
 *     survey_end(&survey);
 *
 * Offsets count the octets pushed.  Where the message's own header ends is
 * decided as header_read() does.  A part ends where a delimiter of any
 * multipart around it stands (RFC 2046, 5.1.1), that of the innermost first.
 *
 * Nesting deeper than 50, and what comes after 10 000 parts, is not looked
 * into: it is text of the part that it stands in.
 */
#ifndef PENNYPOST_MAIL_SURVEY_H
#define PENNYPOST_MAIL_SURVEY_H

#include "base/arena.h"
#include "base/buf.h"
#include "mail/mime.h"
#include "mail/scan.h"

enum { SURVEY_DEPTH_MAX = 50, SURVEY_PARTS_MAX = 10000 };

#define PART_NONE UINT32_MAX

enum part_kind {
    PART_LEAF,
    PART_MULTIPART, /* has parts, or is a multipart that ought to have */
    PART_MESSAGE,   /* has one: the message in it                      */
};

struct part {
    size_t delimiter; /* the delimiter before the header, or the header  */
    size_t header;    /* where its header begins                         */
    size_t body;      /* where its body begins, behind the blank line    */
    size_t end;       /* the delimiter that ends it, or the message's end */
    size_t inner_end; /* multipart: end of the preamble                  */
    size_t close;     /* multipart: its closing delimiter, or its end    */
    size_t epilogue;  /* multipart: what is behind that line             */
    struct span boundary; /* multipart: lives as long as the survey      */
    uint32_t parent;      /* PART_NONE for the message itself            */
    enum part_kind kind;
    enum mime_class class;
    enum mime_encoding encoding;
    bool has_type;  /* its header has a Content-Type                     */
    bool has_blank; /* its header ends in a blank line                   */
    bool delimited; /* what ends it is a delimiter                       */
    bool divided;   /* multipart: one of its delimiters was found        */
    unsigned char header_traits;    /* TRAIT_ bits, see scan.h           */
    unsigned char body_traits;      /* leaf, or a multipart's preamble   */
    unsigned char epilogue_traits;
    unsigned char delimiter_traits; /* multipart: of its delimiter lines */
};

struct survey {
    struct part *parts; /* each before what is in it; the first is all  */
    uint32_t count, cap;
    unsigned header_traits; /* of all headers together                  */
    unsigned body_traits;   /* of all that is not header                */
    struct span charset;    /* the first 8-bit charset named, or empty  */

    /* How far the reading is; for survey.c alone. */
    enum { SURVEY_HEADER, SURVEY_BODY, SURVEY_EPILOGUE } state;
    uint32_t open[SURVEY_DEPTH_MAX]; /* the composites that are open     */
    unsigned depth, dividers;        /* of these: all, multiparts        */
    uint32_t part;                   /* what is being read               */
    size_t at, line_at;
    struct buf line;    /* a line that must be seen whole                */
    bool holding;       /* it is being gathered                          */
    bool passing;       /* the rest of a long line is only looked at     */
    struct scan scan;
    struct buf type, encoding; /* the bodies of the fields so named      */
    struct buf *field;         /* one of them while it may be continued  */
    bool has_encoding, any_field;
    struct arena texts;
};

void survey_push(struct survey *, struct span piece);

void survey_end(struct survey *);

void survey_free(struct survey *);

/*
 * Where the octets of a part's body end: before the line end that belongs to
 * the delimiter (RFC 2046, 5.1.1).  RAW is all that was pushed.  With EXACT
 * no more than one CR is taken for a part of that line end.
 */
size_t part_body_end(const struct part *, struct span raw, bool exact);

#endif
