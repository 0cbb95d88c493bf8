/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * idn - domain names as the DNS and a server without SMTPUTF8 know them
 *
 * A domain in other letters than ASCII travels in A-labels ("xn--..."): by
 * IDNA2008 with the mapping of Unicode's TR46, non-transitional, as browsers
 * do it.  The only file that knows libidn2.
 */
#ifndef PENNYPOST_MAIL_IDN_H
#define PENNYPOST_MAIL_IDN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/*
 * The ASCII form of DOMAIN into *ASCII: for a domain in UTF-8 its A-labels, in
 * lower case, in ARENA; for an ASCII one and for an address literal ("[...]")
 * DOMAIN itself, as written.
 *
 * ERR_DATA where it is no name: labels have 1 to 63 letters, digits, hyphens
 * and (as hosts have them in spite of RFC 1123, 2.1) underscores, and all of
 * it 253 octets.
 */
bool idn_to_ascii(struct span domain, struct arena *, struct span *ascii,
                  struct err *);

/* The library that does the work, as "libidn2 2.3.3". */
void idn_library(struct buf *out);

#endif
