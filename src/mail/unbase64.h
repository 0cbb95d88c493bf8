/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unbase64 - base64 back into octets (RFC 4648, 4)
 *
 * Strict, for what is to be understood and not only shown: whole groups of
 * four digits on one line, padding at the end and nowhere else, no stray bits
 * under it.  So each sequence of octets has one form that is taken.
 */
#ifndef PENNYPOST_MAIL_UNBASE64_H
#define PENNYPOST_MAIL_UNBASE64_H

#include "base/buf.h"

/* Append the octets of TEXT to OUT; false, and nothing added, if it is none. */
bool unbase64(struct span text, struct buf *out);

#endif
