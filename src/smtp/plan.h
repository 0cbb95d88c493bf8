/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan - what a message is, against what a server can do
 *
 * The one place where the two meet, and a table: each thing that a message may
 * have and not every server takes, what the server must offer for it, and what
 * then becomes of it.  doc/sending.md has the same table.
 *
 *     if (!plan_make(plan_traits(&survey, header, utf8), ehlo, &plan, err) ||
 *         !recode(&survey, raw, header, &plan.rules, &recoding, err))
 *         return false;
 *     content = content_of(...);
 *     return plan_size(&plan, content_size(&content), ehlo, err);
 *
 * plan.parameters is then what MAIL has to say.  Pure: asks nothing, sends
 * nothing.
 */
#ifndef PENNYPOST_SMTP_PLAN_H
#define PENNYPOST_SMTP_PLAN_H

#include "mail/recode.h"
#include "smtp/command.h"
#include "smtp/ehlo.h"

enum plan_trait {
    PLAN_ENVELOPE_UTF8 = 1 << 0, /* an envelope address is not ASCII        */
    PLAN_ADDRESS_UTF8 = 1 << 1,  /* a local part in the header is not       */
    PLAN_HEADER_8BIT = 1 << 2,   /* octets over 127 elsewhere in a header   */
    PLAN_HEADER_LINES = 1 << 3,  /* NUL, bare CR, long line in a header     */
    PLAN_BODY_8BIT = 1 << 4,     /* octets over 127 in a body               */
    PLAN_BODY_BINARY = 1 << 5,   /* a part that says it is binary, and is   */
    PLAN_BODY_LINES = 1 << 6,    /* NUL, bare CR, long line in a body       */
};

struct plan {
    struct mail_parameters parameters; /* of MAIL                          */
    struct recode_rules rules;         /* for recode(); signed_parts is the */
                                       /* caller's                          */
    bool converts; /* something of it has to be converted                   */
    bool bdat;     /* it must go with BDAT (RFC 3030) and not with DATA     */
};

/*
 * The PLAN_ bits of a message that was surveyed and has the header section
 * HEADER now.  ENVELOPE_UTF8: the local part of an address that MAIL or RCPT
 * will name is not ASCII.
 */
unsigned plan_traits(const struct survey *, struct span header,
                     bool envelope_utf8);

/*
 * What to do with a message of TRAITS at a server that offers EHLO_ bits
 * OFFERS.  A session that cannot send BDAT leaves EHLO_CHUNKING out of them.
 *
 * ERR_UNAVAILABLE, the enhanced status code at the front of its text, where the
 * server can take the message in no form.
 */
bool plan_make(unsigned traits, unsigned offers, struct plan *, struct err *);

/*
 * State SIZE, the octets of the content, where the server wants to know.
 * ERR_UNAVAILABLE with 5.3.4 where it said that it takes less (RFC 1870, 6.1).
 */
bool plan_size(struct plan *, uint64_t size, const struct ehlo *,
               struct err *);

/* Append the table as doc/sending.md has it to OUT. */
void plan_print(struct buf *out);

#endif
