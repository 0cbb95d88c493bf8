/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mime - what the MIME fields of a header say (RFC 2045, 5 and 6)
 *
 * Reads the bodies of Content-Type, Content-Disposition and
 * Content-Transfer-Encoding, folds and all, as mail in the wild has them:
 * comments anywhere, parameters in quotes or not, split and encoded as RFC
 * 2231 has it, the first of several with one name.  What cannot be understood
 * is text/plain, or an encoding of none.
 */
#ifndef PENNYPOST_MAIL_MIME_H
#define PENNYPOST_MAIL_MIME_H

#include "base/buf.h"

/* How a media type is dealt with; a row of the table in mime.c each. */
enum mime_class {
    MIME_PLAIN,     /* text/plain: its charset may be put right            */
    MIME_TEXT,      /* other text, and what is read as text                */
    MIME_OCTETS,    /* images, programs: always base64                     */
    MIME_MULTIPART, /* RFC 2046, 5.1                                       */
    MIME_DIGEST,    /* whose parts are messages if they do not say         */
    MIME_SIGNED,    /* RFC 1847: nothing in it may be altered              */
    MIME_MESSAGE,   /* a message with a header of its own                  */
    MIME_GLOBAL,    /* the same, and its header may be in UTF-8 (RFC 6532) */
    MIME_FIXED,     /* RFC 2046, 5.2.2 and 5.2.3: 7-bit and nothing else   */
};

enum mime_encoding {
    MIME_7BIT, /* or nothing said, or nothing that is known to be a code */
    MIME_8BIT,
    MIME_BINARY,
    MIME_QP,
    MIME_BASE64,
    MIME_PRIVATE, /* uuencode and the like: cannot be put right */
};

static inline bool mime_is_multipart(enum mime_class c)
{
    return c == MIME_MULTIPART || c == MIME_DIGEST || c == MIME_SIGNED;
}

static inline bool mime_is_message(enum mime_class c)
{
    return c == MIME_MESSAGE || c == MIME_GLOBAL;
}

/* QP or base64, whatever else: what lies under it is not what is said. */
static inline bool mime_is_encoded(enum mime_encoding e)
{
    return e == MIME_QP || e == MIME_BASE64 || e == MIME_PRIVATE;
}

/* S is a token (RFC 2045, 5.1): needs no quotes as a value. */
bool mime_is_token(struct span s);

/* What the body of a Content-Type field names. */
enum mime_class mime_class(struct span type);

/* What the body of a Content-Transfer-Encoding field names. */
enum mime_encoding mime_encoding(struct span encoding);

/*
 * The value of the parameter NAME in a field's BODY, added to VALUE as octets,
 * without quotes or RFC 2231 codes.  False where it has none.
 */
bool mime_parameter(struct span body, struct span name, struct buf *value);

/*
 * Take what stands before the next ";" off the front of *REST, comments and
 * quotes in it left whole.  False when nothing is left.
 */
bool mime_segment(struct span *rest, struct span *segment);

/*
 * Read the parameter in SEGMENT: its NAME in lower case and its VALUE without
 * quotes, folds and comments, each added to an empty buf.  False where it has
 * no "=".
 */
bool mime_segment_read(struct span segment, struct buf *name,
                       struct buf *value);

#endif
