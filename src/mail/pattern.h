/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pattern - which addresses are meant by a list of patterns
 *
 *     alerts@example.com *@lists.example.com, root <>
 *
 * Blanks or commas stand between patterns.  In one, "*" is any run of
 * characters, none included, and "?" is one character; ASCII letters match in
 * either case, in the local part, too.  "*" matches nothing across the last
 * "@": local part and domain are compared each by itself.
 *
 *     root           root at our own domain
 *     @example.org   every address there: *@example.org
 *     *              every address, and the null sender
 *     <>             the null sender, which nothing else but "*" matches
 *
 * Domains are compared in A-labels, so a domain may be written in any letters
 * (RFC 5890, 2.3.2.1); a label of it that has a wildcard is in ASCII.  There
 * are no quotes: what needs them in an address is written as "?".
 *
 * A match takes time in proportion to the lengths of list and address
 * multiplied at the most, whatever is in them.
 */
#ifndef PENNYPOST_MAIL_PATTERN_H
#define PENNYPOST_MAIL_PATTERN_H

#include "base/err.h"

/*
 * ADDRESS, local@domain as on the wire or empty for the null sender, matches
 * a pattern of LIST.  DOMAIN is ours, for patterns that have none.  An empty
 * list matches nothing; a pattern that pattern_list_check() refuses may match
 * or not.
 */
bool pattern_list_match(struct span list, struct span address,
                        struct span domain);

/* ERR_CONFIG where LIST has no pattern, or one that could match nothing. */
bool pattern_list_check(struct span list, struct err *);

#endif
