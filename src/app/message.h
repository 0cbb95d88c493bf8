/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * message - one message, from standard input to what can be sent
 *
 *     struct message message = {0};
 *
 *     message_read(&message, STDIN_FILENO, &source, err) &&
 *     message_parse(&message, err) &&
 *     ... message_author(): which account is it for? ...
 *     message_address(&message, &wanted, err) &&
 *     message_compose(&message, &wanted, err)
 *     ...
 *     message_free(&message);
 *
 * It is read once: draft, survey and envelope are fed as it comes.
 */
#ifndef PENNYPOST_APP_MESSAGE_H
#define PENNYPOST_APP_MESSAGE_H

#include "base/world.h"
#include "mail/content.h"
#include "mail/envelope.h"
#include "mail/sender.h"
#include "mail/survey.h"
#include "smtp/command.h"
#include "sys/draft.h"

/* How a message is read. */
struct message_source {
    uint64_t size_limit; /* octets                          */
    bool keep_dots;      /* a lone dot does not end it (-i) */
};

/* What reports the sender wants (RFC 3461). */
struct message_reports {
    unsigned notify; /* DSN_NOTIFY_ bits, for every recipient */
    enum dsn_return returned;
    struct span envelope_id;
};

/* What the command line and the settings want of a message. */
struct message_wanted {
    const struct world *world;
    bool header_recipients;   /* To, Cc and Bcc name recipients, too (-t) */
    bool fixups;              /* add what a header must have              */
    bool has_sender;          /* sender was given, if only as "" or "<>"  */
    struct span sender;       /* as given with -f                         */
    struct span from;         /* who sends where nobody was given         */
    struct sender_policy policy; /* its login and domain are those here   */
    struct span full_name;    /* for a From that is missing               */
    bool named;               /* it was asked for, with -F or NAME        */
    struct span domain;       /* of addresses without one                 */
    const struct expander *expander; /* of aliases; NULL: there are none  */
    bool alias_header;        /* To and Cc show who an alias is           */
    const struct span *operands;
    size_t noperands;
    struct message_reports reports;
};

struct message {
    struct draft draft;
    struct survey survey;
    struct span raw;          /* as it was read                        */
    struct buf came;          /* its header as it came: LF text        */
    struct buf header;        /* as it leaves: LF text                 */
    struct span body;         /* the part of raw behind the header     */
    struct envelope envelope;
    struct sender sender;     /* what the policy made of it            */
    bool rewritten;           /* and of From                           */
    struct message_reports reports;
    struct span id;           /* Message-ID, as in the header          */
};

/*
 * Read the message from FD to its end.  ERR_NO_INPUT, ERR_IO, ERR_DATA and
 * ERR_TEMPORARY as sys/input.h and sys/draft.h have them.
 */
bool message_read(struct message *, int fd, const struct message_source *,
                  struct err *);

/* The same where it comes by pieces: all of them, then the end. */
bool message_add(struct message *, struct span piece,
                 const struct message_source *, struct err *);
bool message_end(struct message *, struct err *);

/* Find header and body.  ERR_DATA: a field is none. */
bool message_parse(struct message *, struct err *);

/*
 * The first address of the From field as local@domain, DOMAIN put in where it
 * has none; empty where there is none that can be read.  In the envelope's
 * arena.
 */
struct span message_author(struct message *, struct span domain);

/* Name the sender.  ERR_USAGE: it is no address. */
bool message_sender(struct message *, const struct message_wanted *,
                    struct err *);

/*
 * Make the envelope, the sender first.  ERR_USAGE: an operand or the sender is
 * no address, or there is no recipient.  ERR_DATA: a field is none.
 */
bool message_address(struct message *, const struct message_wanted *,
                     struct err *);

/* Make the header that leaves; the envelope is there. */
bool message_compose(struct message *, const struct message_wanted *,
                     struct err *);

/*
 * What RCPT says of recipient I to a server that offers EHLO_ bits OFFERS; its
 * strings are the message's.
 */
struct rcpt_parameters message_rcpt_parameters(struct message *, size_t i,
                                               unsigned offers);

/*
 * CONTENT, which was made of this message, is past some of it: the memory that
 * holds it may go.  It can still be read.
 */
void message_passed(struct message *, const struct content *);

void message_free(struct message *);

#endif
