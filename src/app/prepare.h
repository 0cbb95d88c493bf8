/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * prepare - a message made ready for what one server can do
 *
 * Where the plan (smtp/plan.h) meets the message: after it content is what
 * follows DATA, and parameters what MAIL says of it.
 */
#ifndef PENNYPOST_APP_PREPARE_H
#define PENNYPOST_APP_PREPARE_H

#include "app/message.h"
#include "conf/options.h"
#include "mail/content.h"
#include "mail/recode.h"
#include "smtp/command.h"
#include "smtp/ehlo.h"

/* All zero is nothing prepared.  Content points into the recoding. */
struct prepared {
    struct content content;
    struct mail_parameters parameters;
    uint64_t size;            /* octets of the content                   */
    struct recoding recoding; /* its notes: what was converted, and why  */
};

/*
 * A server like this can be told of the recipient.  ERR_UNAVAILABLE where its
 * address needs SMTPUTF8 (RFC 6531, 3.2) and that is not offered.
 */
bool prepare_rcpt(const struct recipient *, const struct ehlo *,
                  struct err *);

/*
 * Recipients that a server like this cannot be told of do not count.
 *
 * CHUNKING: the content can be sent with BDAT, if the server offers that.
 *
 * ERR_DATA or ERR_UNAVAILABLE where the server cannot be given this message
 * in any form: what is in its way, and what to do.
 */
bool prepare(struct prepared *, struct message *, const struct ehlo *,
             bool chunking, enum conf_signed, struct err *);

void prepared_free(struct prepared *);

#endif
