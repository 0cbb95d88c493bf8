/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * token_reply - what a token-command prints: a token, and how long it is good
 *
 * Either lines: the token on the first, and the second may be the seconds for
 * which it is good, as "3600" or "expires_in=3600"; other lines are not looked
 * at.  Or, where the first octet but for blanks is "{", the JSON object that a
 * token server answers with (RFC 6749, 5.1), of which "access_token" and
 * "expires_in" are read and all else is passed over.
 */
#ifndef PENNYPOST_CONF_TOKEN_REPLY_H
#define PENNYPOST_CONF_TOKEN_REPLY_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Read TEXT: put the token into TOKEN, which is empty before, and for how many
 * seconds it is good into *SECONDS; 0 where that is not said.  Fails with
 * ERR_CONFIG where there is no token, or what is there is none: a token is
 * visible ASCII without blanks (RFC 6750, 2.1).  No error quotes it.
 */
bool token_reply_read(struct span text, struct buf *token, uint64_t *seconds,
                      struct err *);

#endif
