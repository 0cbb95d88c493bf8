/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan - what in a body keeps it from travelling as it is
 *
 * One reading at memory speed finds octets over 127, NUL, CRs that are not
 * part of a line end, and lines over 998 octets.  Nearly all octets of nearly
 * all mail are looked at here and nowhere else.
 *
 *     struct scan scan = {0};
 *     while (more)
 *         scan_push(&scan, piece, false);
 *     scan_end(&scan);
 *
 * What is found does not depend on where the pieces were cut.
 */
#ifndef PENNYPOST_MAIL_SCAN_H
#define PENNYPOST_MAIL_SCAN_H

#include "base/span.h"

enum trait {
    TRAIT_8BIT = 1 << 0, /* an octet over 127                              */
    TRAIT_NUL = 1 << 1,
    TRAIT_CR = 1 << 2,   /* a CR that no LF follows, but for other CRs     */
    TRAIT_LONG = 1 << 3, /* a line over 998 octets (RFC 5321, 4.5.3.1.6)   */
};

/* Traits that no server takes in lines of text, 8BITMIME or not. */
enum { TRAITS_BINARY = TRAIT_NUL | TRAIT_CR | TRAIT_LONG };

struct scan {
    unsigned traits; /* TRAIT_ bits found                           */
    size_t run;      /* octets of the line so far, CRs included     */
    size_t crs;      /* CRs at its end that may belong to a line end */
};

/*
 * Look at PIECE.  With DASHES, stop before a line that begins with "-": it
 * may be a delimiter.  How many octets were looked at.
 */
size_t scan_push(struct scan *, struct span piece, bool dashes);

/* The text is over, and with it the last line. */
void scan_end(struct scan *);

/*
 * How many octets at the front of S are printable ASCII other than "=": what
 * stands for itself in quoted-printable wherever it stands.
 */
size_t scan_literal(struct span s);

/*
 * The same as scan_push(), an octet at a time: what it does where the machine
 * has no vectors that we know, and what the tests compare it with.
 */
size_t scan_push_octets(struct scan *, struct span piece, bool dashes);

#endif
