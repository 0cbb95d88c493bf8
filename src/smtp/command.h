/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * command - MAIL and RCPT with their parameters (RFC 5321, 4.1.1.2 and 4.1.1.3)
 *
 * Addresses come in the form they have on the wire and were checked where they
 * were read (mail/envelope.h): nothing here can hold a CR, an LF or a NUL.
 */
#ifndef PENNYPOST_SMTP_COMMAND_H
#define PENNYPOST_SMTP_COMMAND_H

#include "base/buf.h"

enum body_type {
    BODY_UNSTATED,
    BODY_8BITMIME,   /* RFC 6152, 2 */
    BODY_BINARYMIME, /* RFC 3030, 3 */
};

struct mail_parameters {
    bool state_size;     /* SIZE=, RFC 1870, 6 */
    uint64_t size;       /* octets with CRLF line ends, dots not stuffed */
    enum body_type body; /* BODY= */
    bool smtputf8;       /* SMTPUTF8, RFC 6531, 3.4 */
};

/* The command without its CRLF.  An empty sender is the null reverse-path. */
void command_mail(struct span sender, const struct mail_parameters *,
                  struct buf *out);

void command_rcpt(struct span recipient, struct buf *out);

#endif
