/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recode_address - addresses, phrases and comments in ASCII
 *
 * The bodies of header fields that have a structure (RFC 5322, 3.4 and 3.2.2)
 * where octets over 127 are in them.  BODY is without folds, and so is what is
 * appended to OUT.  CHARSET is what the octets are in.  Where a body has not
 * the structure that it should have, its words are encoded as text.
 */
#ifndef PENNYPOST_MAIL_RECODE_ADDRESS_H
#define PENNYPOST_MAIL_RECODE_ADDRESS_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * A list of addresses.  Display names and comments become encoded-words and
 * domains A-labels; an address whose local part is not ASCII becomes the name
 * of an empty group, which shows it though nobody can write to it (RFC 6857,
 * 3.1.8).
 */
void recode_addresses(struct span body, struct span charset, struct buf *out);

/* A list of phrases: Keywords. */
void recode_phrases(struct span body, struct span charset, struct buf *out);

/* Only the comments, of what is not text otherwise. */
void recode_comments(struct span body, struct span charset, struct buf *out);

/* An address in the list has a local part that is not ASCII. */
bool recode_address_is_utf8(struct span body);

#endif
