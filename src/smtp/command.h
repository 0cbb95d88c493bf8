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

enum dsn_return {
    DSN_RETURN_UNSTATED,
    DSN_RETURN_FULL,
    DSN_RETURN_HDRS,
};

/* When a report is wanted; a set, empty where nothing was said. */
enum dsn_notify {
    DSN_NOTIFY_NEVER = 1 << 0, /* alone */
    DSN_NOTIFY_SUCCESS = 1 << 1,
    DSN_NOTIFY_FAILURE = 1 << 2,
    DSN_NOTIFY_DELAY = 1 << 3,
};

struct mail_parameters {
    bool state_size;     /* SIZE=, RFC 1870, 6 */
    uint64_t size;       /* octets with CRLF line ends, dots not stuffed */
    enum body_type body; /* BODY= */
    bool smtputf8;       /* SMTPUTF8, RFC 6531, 3.4 */
    enum dsn_return returned; /* RET=, RFC 3461, 4.3 */
    struct span envelope_id;  /* ENVID=, RFC 3461, 4.4: as text, not xtext;
                                 empty: unstated */
};

struct rcpt_parameters {
    unsigned notify;      /* NOTIFY=, RFC 3461, 4.1: DSN_NOTIFY_ bits */
    struct span original; /* ORCPT=, RFC 3461, 4.2: "type;xtext" as it came;
                             empty: unstated */
};

/* What ORCPT says of ADDRESS, which is ASCII: "rfc822;" and it as xtext. */
void command_original(struct span address, struct buf *out);

/* The command without its CRLF.  An empty sender is the null reverse-path. */
void command_mail(struct span sender, const struct mail_parameters *,
                  struct buf *out);

void command_rcpt(struct span recipient, const struct rcpt_parameters *,
                  struct buf *out);

#endif
