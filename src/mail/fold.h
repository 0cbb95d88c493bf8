/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fold - a header field in lines of at most 76 octets (RFC 5322, 2.2.3)
 *
 * A field is folded before blanks and nowhere else, so that who unfolds it
 * has what it was.  What has no blank where one is wanted stays on a longer
 * line, up to the 998 octets that any server takes.
 */
#ifndef PENNYPOST_MAIL_FOLD_H
#define PENNYPOST_MAIL_FOLD_H

#include "base/buf.h"

/*
 * Append the field NAME with BODY, all that goes behind the colon on one
 * line, to OUT in lines that end in LF.  Where a word is too long for a line
 * a blank may be put in behind one of the octets in BREAKS.  False where a
 * line is over 998 octets even so.
 */
bool fold_field(struct span name, struct span body, struct span breaks,
                struct buf *out);

#endif
