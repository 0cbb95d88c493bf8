/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * utf8 - UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates,
 * nothing above U+10FFFF
 */
#ifndef PENNYPOST_BASE_UTF8_H
#define PENNYPOST_BASE_UTF8_H

#include "base/span.h"

/*
 * How many bytes the first character of S takes, 1 to 4; 0 where S is empty
 * or does not begin with a whole, valid character.
 */
size_t utf8_length(struct span s);

/* All of S is valid UTF-8. */
bool utf8_valid(struct span s);

/* No byte of S is over 127. */
bool utf8_is_ascii(struct span s);

#endif
