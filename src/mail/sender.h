/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sender - which address a message is sent as
 *
 * Many a smarthost lets a host send as one address only.  The policy says
 * which, and what becomes of messages that come from another: the envelope's
 * sender is replaced unless it is allowed, and so is the address in From.
 *
 *     sender_choose(&policy, given ? &text : NULL, &envelope, &sender, err) &&
 *     ...
 *     sender_rewrite(&policy, &sender, header, &rewritten);
 *     compose_header(&compose, rewritten, &out);     (mail/compose.h)
 *
 * Addresses are the same here whatever the case of their ASCII letters, in the
 * local part, too.
 */
#ifndef PENNYPOST_MAIL_SENDER_H
#define PENNYPOST_MAIL_SENDER_H

#include "mail/envelope.h"

/* Which From fields get another address. */
enum sender_rewriting {
    SENDER_REWRITE_NEVER,
    SENDER_REWRITE_UNQUALIFIED, /* those that nobody outside can answer    */
    SENDER_REWRITE_ALWAYS,      /* those that the policy does not allow    */
};

/* Where the address goes that stood there. */
enum sender_original {
    SENDER_ORIGINAL_REPLY_TO,
    SENDER_ORIGINAL_NAME, /* into the name that people see                 */
    SENDER_ORIGINAL_NONE,
};

struct sender_policy {
    struct span from;   /* our one address, perhaps with a name and without a
                           domain; empty: every sender is allowed           */
    struct span allow;  /* patterns (mail/pattern.h) of senders that are
                           allowed all the same; empty: the null sender     */
    struct span login;  /* who sends where neither FROM nor a sender is given */
    struct span domain; /* what addresses without one get                   */
    enum sender_rewriting rewriting;
    enum sender_original original;
};

/* What the policy makes of one message; strings in the envelope's arena. */
struct sender {
    struct span author; /* local@domain, for a From that is missing         */
    struct span own;    /* local@domain, for a From that is rewritten       */
    struct span name;   /* the name that goes with OWN; may be empty        */
    struct span asked;  /* the sender that was given and is not allowed, or
                           "<>"; empty where none was                       */
};

/*
 * Give the envelope its sender.  GIVEN is the one that was asked for, in any
 * form that envelope_sender() takes, or NULL.
 *
 * ERR_USAGE where it is none, ERR_CONFIG where FROM is none.
 */
bool sender_choose(const struct sender_policy *, const struct span *given,
                   struct envelope *, struct sender *, struct err *);

/*
 * Add HEADER (see header.h) to OUT with the From field that the policy wants,
 * all else byte for byte.  True where a field was rewritten.
 *
 *   - SENDER_REWRITE_ALWAYS means a From with an address that is none of FROM,
 *     the envelope's sender and those allowed, and one that is no list of
 *     addresses or names none; in a message that is being sent on also the
 *     newest Resent-From.
 *   - SENDER_REWRITE_UNQUALIFIED means a From with an address without a
 *     domain, "root" and "root@", or with one that mail cannot be sent to for
 *     it has a single label, "root@web1".  Where such an address is FROM, once
 *     our domain is behind it, it stays.
 *
 * The new field has one address, OWN, and the name that went with the first
 * one before; where there was none that of the policy.  Several From fields,
 * which RFC 5322, 3.6 forbids, become one.  Sender goes, for the author is the
 * sender now (RFC 5322, 3.6.2), and Resent-Sender likewise.
 *
 * What stood in From goes into Reply-To, but where there is one already into
 * X-Original-From; or as "Bob (bob@web1) via example.com" into the name.  What
 * has no place in these, such as what is no address, or a second one in the
 * name, goes into X-Original-From, too, and out of Resent-From into
 * X-Original-Resent-From.
 *
 * A missing domain is not put in, but for the name: that is compose.h's.
 */
bool sender_rewrite(const struct sender_policy *, const struct sender *,
                    struct span header, struct buf *out);

#endif
