/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reply - what an SMTP server answers (RFC 5321, 4.2)
 *
 *     Reply-line = *( Reply-code "-" [ textstring ] CRLF )
 *                     Reply-code [ SP textstring ] CRLF
 *     Reply-code = %x32-35 DIGIT DIGIT
 *
 * A reply is read line by line from whatever bytes are there:
 *
 *     struct reply reply = {0};
 *     switch (reply_read(&reply, &input)) ...
 *     reply_free(&reply);
 *
 * Taken leniently: a line may end in a bare LF, and its text may hold any byte
 * but NUL.  Taken strictly: the code, the separator, the same code on every
 * line; and the bounds below, since a server may be hostile.
 */
#ifndef PENNYPOST_SMTP_REPLY_H
#define PENNYPOST_SMTP_REPLY_H

#include "base/buf.h"

enum {
    REPLY_MAX = 64 * 1024,        /* octets in a reply                       */
    REPLY_LINES_MAX = 512,        /* lines in a reply                        */
    REPLY_LINE_MAX = 2048,        /* octets in a line ...                    */
    REPLY_CHALLENGE_MAX = 12288,  /* ... and in a 334 line (RFC 4954, 4.3)   */
};

struct reply {
    int code;        /* 200 to 599; 0 before the first line              */
    unsigned lines;  /* how many were read                               */
    struct buf text; /* the lines without code and separator, LF between */
};

enum reply_state {
    REPLY_PARTIAL, /* well so far: more lines must come            */
    REPLY_WHOLE,   /* *reply holds a reply                         */
    REPLY_BAD,     /* this is no SMTP reply, or it is out of bounds */
};

/*
 * Read one line off the front of *IN into the reply.  Where *IN has no whole
 * line nothing is taken from it and the state is REPLY_PARTIAL.
 */
enum reply_state reply_read(struct reply *, struct span *in);

/*
 * After REPLY_BAD for the bytes IN: whether it was the bounds that the reply
 * went over, and not its form.
 */
bool reply_is_overlong(const struct reply *, struct span in);

/* The first digit of the code: 2 done, 3 go on, 4 not now, 5 no. */
static inline int reply_class(const struct reply *r)
{
    return r->code / 100;
}

/*
 * The enhanced status code that the text begins with ("5.1.1"), or the empty
 * span where there is none of the reply's own class (RFC 3463, 2; RFC 2034).
 * Good as long as the reply.
 */
struct span reply_enhanced(const struct reply *);

/* Code and text as one line, "550 5.1.1 no such user"; lines joined by "; ". */
void reply_print(const struct reply *, struct buf *out);

/* Release what it holds and make it ready to read the next one. */
void reply_free(struct reply *);

#endif
