/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * envelope - who a message comes from and who it goes to (RFC 5321, 2.3.1)
 *
 * Addresses are brought into the form that travels: without name and comment,
 * with a domain, the domain in ASCII.  A recipient named twice is there once;
 * two are the same where the local parts are equal byte for byte and the
 * domains but for their case (RFC 5321, 2.4).
 *
 *     struct envelope envelope = {0};
 *
 *     if (!envelope_sender(&envelope, S("alice"), domain, err)
 *         || !envelope_operand(&envelope, S("bob@example.org"), domain, err)
 *         || !envelope_header(&envelope, header, domain, err))
 *         ...
 *     envelope_free(&envelope);
 *
 * Where the envelope has an expander, which the caller may put there before it
 * adds recipients, each is asked for and those that it stands for are taken in
 * its place.  The sender never is.
 *
 * DOMAIN is what an address without one gets.  Where a function fails the
 * envelope may hold some of what it was to add.  That there is no recipient at
 * all is not an error here.
 */
#ifndef PENNYPOST_MAIL_ENVELOPE_H
#define PENNYPOST_MAIL_ENVELOPE_H

#include "base/arena.h"
#include "base/err.h"
#include "mail/expand.h"
#include "mail/names.h"

/*
 * Addresses that the aliases of all recipients may lead to, the same ones again
 * and again: who writes a long To field must not keep us busy with them.
 */
enum { ENVELOPE_EXPANDED = 500000 };

struct recipient {
    struct span address; /* local@domain, the domain in ASCII           */
    bool utf8;           /* its local part is not ASCII, so the server
                            must have SMTPUTF8 (RFC 6531, 3.2)          */
    struct span original; /* what was named, in the same form, where an
                             alias led from there to another address; it
                             may hold UTF-8.  Else empty (RFC 3461, 4.2) */
};

/* All zero is an empty envelope, with the null sender. */
struct envelope {
    const struct expander *expander; /* the caller's; NULL: no aliases */
    struct arena arena;      /* the addresses live here                */
    struct span sender;      /* as a recipient's; empty: null sender   */
    bool sender_utf8;
    struct recipient *rcpts; /* in the order they were named           */
    size_t nrcpts, room;
    bool utf8;               /* the sender or a recipient is so        */
    size_t expanded;         /* addresses that aliases led to, each time    */
    size_t dropped;          /* so many were named that an alias says
                                nobody is to get mail for              */
    struct names known;      /* the recipients, to find them by        */
    struct names named;      /* those that were asked for              */
};

void envelope_free(struct envelope *);

/*
 * Take the sender from TEXT, in any form -f comes in: "alice", "a@b", "<a@b>",
 * "Alice <a@b>"; "" and "<>" are the null sender.  It stands in place of one
 * that was there.  ERR_USAGE where it is not one address.
 */
bool envelope_sender(struct envelope *, struct span text, struct span domain,
                     struct err *);

/*
 * Add the recipients in TEXT, a whole list of addresses in one operand; it may
 * hold none, as "" and "friends:;" do, and blanks may stand for commas where
 * mended.h has it.  ERR_USAGE where it is no such list.
 */
bool envelope_operand(struct envelope *, struct span text, struct span domain,
                      struct err *);

/*
 * Add the recipients that HEADER (see header.h) names in To, Cc and Bcc, as
 * often as they occur.  Where there is a Resent-To, Resent-Cc or Resent-Bcc
 * the message is being sent on, and those are read instead (RFC 5322, 3.6.6).
 * ERR_DATA where one of the fields is no list of addresses.
 */
bool envelope_header(struct envelope *, struct span header, struct span domain,
                     struct err *);

#endif
