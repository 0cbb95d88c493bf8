/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * phrase - the names that stand with addresses (RFC 5322, 3.2.5 and 3.4)
 *
 * A phrase is words, "Bob Smith", a quoted string, "\"Smith, Bob\"", or both,
 * and may have encoded-words (RFC 2047, 5) for words, but not in the string.
 * Nothing is encoded or folded here: a phrase may hold UTF-8.
 */
#ifndef PENNYPOST_MAIL_PHRASE_H
#define PENNYPOST_MAIL_PHRASE_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * Add TEXT, a name as people write it, to OUT as a phrase: atoms as they are,
 * all else as one quoted string, encoded-words in it as words of their own.  A
 * control character becomes a blank.  Nothing where TEXT is blank.
 */
void phrase_add(struct span text, struct buf *out);

/*
 * Add the name of the first mailbox in LIST, which address_read() takes: what
 * stands before "<", byte for byte with its folds, or else what a comment
 * says, for "root (Cron Daemon)" has a name, too.  Nothing where there is none.
 */
void phrase_of_first(struct span list, struct buf *out);

/* What PHRASE says: no quotes, no folds, no comments.  In ARENA. */
struct span phrase_text(struct span phrase, struct arena *);

/* Without the blanks and folds at both ends. */
struct span phrase_trim(struct span);

/*
 * How long the comment, quoted string, address literal or single octet at the
 * front of S is; 0 where S is empty or it does not end.
 */
size_t phrase_token(struct span s);

#endif
