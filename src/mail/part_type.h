/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * part_type - what a survey keeps of a part's Content-Type
 *
 * TYPE is the body of the field, folds and all.
 */
#ifndef PENNYPOST_MAIL_PART_TYPE_H
#define PENNYPOST_MAIL_PART_TYPE_H

#include "base/buf.h"

/*
 * Append the boundary to OUT: nothing where there is none, or none that a
 * line could hold, or over 32 KiB (RFC 2046, 5.1.1 has 70 octets).
 */
void part_boundary(struct span type, struct buf *out);

/*
 * Append the charset to OUT where it is one that has octets over 127 in it and
 * is not UTF-8: what raw text in the header, or in a part that names none, is
 * most likely written in.  False where it is not.
 */
bool part_charset(struct span type, struct buf *out);

#endif
