/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * alias_header - writes into the header who an alias stands for
 *
 * For those whose mail leaves the host where the aliases mean something: a
 * message to "root" shows the address that gets it.
 *
 *     To: root                      To: admin@example.org
 *     Cc: Root <root>               Cc: Root <admin@example.org>
 *     Cc: team (all), bob@x.example Cc: ann@example.org,
 *                                    jo@example.org (all), bob@x.example
 *
 * The fields are To, Cc, Resent-To and Resent-Cc.  The address alone is
 * replaced: names, comments, groups, folds and all other fields stay as they
 * are, byte for byte.  Where there are several the name goes with each.
 *
 * An address that stands for nobody stays, for the field may not be empty.  So
 * does a field that is no list of addresses, or that would be larger than any
 * header field may be.
 */
#ifndef PENNYPOST_MAIL_ALIAS_HEADER_H
#define PENNYPOST_MAIL_ALIAS_HEADER_H

#include "mail/expand.h"

/* Add HEADER (see header.h) to OUT.  Fails with the expander's error only. */
bool alias_header(struct span header, const struct expander *,
                  struct buf *out, struct err *);

#endif
