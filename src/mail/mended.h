/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mended - a list of addresses as scripts write it
 *
 * A script that writes "From: systemd <root@$HOSTNAME>" where the variable is
 * empty means "root", and no more than that.  This is for header fields only:
 * who mail goes to is never read from what had to be mended.
 */
#ifndef PENNYPOST_MAIL_MENDED_H
#define PENNYPOST_MAIL_MENDED_H

#include "mail/address.h"

/*
 * As address_read() for BODY, that of a header field; but where it is no list
 * of addresses, for BODY without each "@" that no domain stands behind.  *TEXT
 * is what was read, in ARENA where it is not BODY itself.  False, and *TEXT is
 * BODY, where that is no list either.
 */
bool mended_read(struct span body, struct arena *, struct span *text,
                 struct address **first);

#endif
