/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compose - the header that leaves, from the one that came
 *
 * What submitting a message changes in its header (RFC 6409, 8), and nothing
 * else: what it does not name below is copied byte for byte.
 *
 *   - Bcc and Resent-Bcc never leave, in any spelling, whether or not the
 *     recipients were taken from them (RFC 5322, 3.6.3).
 *   - Return-Path and Content-Length go: the one is for the last server to
 *     write, the other is a mailbox's and wrong from here on.
 *   - Date, From and Message-ID are added where they are missing or empty.  In
 *     a message that is being sent on, one with Resent-To, -Cc, -Bcc, -From or
 *     -Date, it is Resent-Date, Resent-From and Resent-Message-ID instead: the
 *     others tell of the first sending (RFC 5322, 3.6.6).
 *   - An address without a domain, in a field that holds addresses, gets ours
 *     (RFC 6409, 4.2): "root (Cron Daemon)" as "root@example.org (Cron
 *     Daemon)", and so does "root@" (see mended.h).  A field that is no list
 *     of addresses is left alone.
 *
 * What is added stands in front.  That is where the fields of a new sending
 * belong (RFC 5322, 3.6.6), and there nothing that came can swallow them.
 *
 * Nothing is folded or encoded here, so a line may be long and hold UTF-8.
 */
#ifndef PENNYPOST_MAIL_COMPOSE_H
#define PENNYPOST_MAIL_COMPOSE_H

#include "base/buf.h"
#include "base/world.h"

struct compose {
    const struct world *world; /* for Date and Message-ID                    */
    struct span from;      /* local@domain, for a From that is missing       */
    struct span full_name; /* the name that goes with it; may be empty       */
    struct span domain;    /* of Message-ID, and of addresses without one;
                              in ASCII.  Empty: those are left alone         */
    bool fixups;           /* false: of all the above, only the first        */
};

/* Add HEADER (see header.h) to OUT, as it is to leave. */
void compose_header(const struct compose *, struct span header,
                    struct buf *out);

#endif
