/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mended - a list of addresses as scripts write it
 *
 * A script that writes "From: systemd <root@$HOSTNAME>" where the variable is
 * empty means "root", and no more than that.  This is for header fields only:
 * who mail goes to is never read from that.
 *
 * What cron has in MAILTO and fail2ban in dest may have blanks between the
 * addresses: "a@x.org b@y.org".  Where each is complete, and there is nothing
 * but these, it can mean only one thing, and that holds for recipients, too.
 */
#ifndef PENNYPOST_MAIL_MENDED_H
#define PENNYPOST_MAIL_MENDED_H

#include "mail/address.h"

/*
 * Add TEXT to OUT with a comma behind each address that has none and is not
 * the last.  False, and OUT is as it was, unless TEXT is made of addresses of
 * atoms and dots with an "@" in the middle, and of blanks, folds and commas.
 */
bool mended_commas(struct span text, struct buf *out);

/*
 * As address_read() for BODY, that of a header field; but where it is no list
 * of addresses, for BODY with commas as above, or without each "@" that no
 * domain stands behind.  *TEXT is what was read, in ARENA where it is not BODY
 * itself.  False, and *TEXT is BODY, where that is no list either.
 */
bool mended_read(struct span body, struct arena *, struct span *text,
                 struct address **first);

#endif
