/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * part_name - what to call a part of a message, for people
 */
#ifndef PENNYPOST_MAIL_PART_NAME_H
#define PENNYPOST_MAIL_PART_NAME_H

#include "mail/survey.h"

/*
 * Append "part 2.1 (text/html)", counted as readers of mail count, or "the
 * message" to OUT.  RAW is all that the survey was fed.
 */
void part_name(const struct survey *, struct span raw, uint32_t part,
               struct buf *out);

/* Append what TRAITS are, "8-bit octets and lines over 998 octets", to OUT. */
void traits_name(unsigned traits, struct buf *out);

/* The header of the part, without the blank line at its end. */
struct span part_header_span(const struct part *, struct span raw);

#endif
