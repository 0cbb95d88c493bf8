/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * undot - the end of DATA, and its dots (RFC 5321, 4.5.2)
 *
 * The undoing of dot.h: takes off what a client put before lines that begin
 * with a dot, and finds the line with the lone dot.  Octets come in pieces of
 * any size; what is made of them does not depend on the cuts.
 *
 *     struct undot undot = {.crlf = true};
 *     while (undot_push(&undot, &input, &content) ...
 *
 * Line ends are left as they came, and are where the trouble is.  What ends a
 * message must be what its sender meant to end it, or a text that somebody
 * else wrote, sent on as it was, ends it early and goes on with commands ("SMTP
 * smuggling", CVE-2023-51764).  Local programs that speak SMTP with LF alone
 * have to be heard, too.  So a client is taken by its word, the line end of
 * its DATA command:
 *
 *  - DATA ended in LF: every LF ends a line, with or without a CR before it.
 *    A lone dot on one ends the message, and of a line that begins with a dot
 *    one is taken off.
 *  - DATA ended in CRLF: only CRLF "." CRLF ends the message.  Text with LF
 *    alone that is sent between is text.  A lone dot there is kept; of ".."
 *    one dot is taken off, as this is how a client looks that minds such
 *    lines; of ".x" none is, as no such client sends it.
 *
 * That leaves a client whose commands end in CRLF and whose message ends in
 * LF "." LF.  It waits for a reply, and says nothing more: silence is what
 * someone else's text cannot hold, as the rest of the message comes right
 * behind it.  Where undot_may_be_over() and nothing comes for some seconds,
 * undot_over() makes it the end.
 */
#ifndef PENNYPOST_SMTP_UNDOT_H
#define PENNYPOST_SMTP_UNDOT_H

#include "base/buf.h"

struct undot {
    bool crlf; /* set by the caller: DATA ended in CRLF */

    /* The rest begins as zero. */
    enum {
        UNDOT_START,  /* at the start of a line                            */
        UNDOT_LINE,   /* in a line                                         */
        UNDOT_CR,     /* the same, behind a CR                             */
        UNDOT_DOT,    /* behind a dot that starts a line; it is held back  */
        UNDOT_DOT_CR, /* behind such a dot and a CR; both are held back    */
        UNDOT_LONE,   /* behind a lone dot and LF that may be the end      */
        UNDOT_LONE_CR, /* the same with CRLF                               */
        UNDOT_OVER,
    } state;
    bool bare; /* the line before this one ended in LF, and not in CRLF */
};

/*
 * Take octets off the front of *IN, up to the end of the message, and append
 * what they hold of it to OUT.  True when the end is there: *IN is then what
 * follows it.
 */
bool undot_push(struct undot *, struct span *in, struct buf *out);

/* What came last may be the end of the message, if no more follows. */
bool undot_may_be_over(const struct undot *);

/* No more follows. */
void undot_over(struct undot *);

#endif
