/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * date - a moment as RFC 5322, 3.3 writes it
 *
 * The calendar is worked out here, without the C library: its functions ask
 * the environment for the time zone, and strftime() the locale for the names.
 */
#ifndef PENNYPOST_MAIL_DATE_H
#define PENNYPOST_MAIL_DATE_H

#include "base/buf.h"

/*
 * Add "Sat, 21 Nov 2026 22:58:44 +0100" to OUT: the moment UNIX_SECONDS since
 * 1970 (UTC), as a clock shows it that is UTC_OFFSET minutes ahead of UTC.
 * For the years 1970 to 9999.
 */
void date_print(int64_t unix_seconds, int utc_offset, struct buf *out);

#endif
