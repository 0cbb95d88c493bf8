/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * message - one message, from standard input to what can be sent
 *
 *     struct message message = {0};
 *
 *     message_read(&message, STDIN_FILENO, &wanted, err) &&
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
#include "mail/survey.h"
#include "sys/draft.h"

/* What the command line and the settings want of a message. */
struct message_wanted {
    const struct world *world;
    uint64_t size_limit;      /* octets                                   */
    bool keep_dots;           /* a lone dot does not end it (-i)          */
    bool header_recipients;   /* To, Cc and Bcc name recipients, too (-t) */
    bool fixups;              /* add what a header must have              */
    bool has_sender;          /* sender was given, if only as "" or "<>"  */
    struct span sender;       /* as given with -f                         */
    struct span from;         /* who sends where nobody was given         */
    struct span full_name;    /* for a From that is missing               */
    struct span domain;       /* of addresses without one                 */
    const struct span *operands;
    size_t noperands;
};

struct message {
    struct draft draft;
    struct survey survey;
    struct span raw;          /* as it was read                        */
    struct buf header;        /* as it leaves: LF text                 */
    struct span body;         /* the part of raw behind the header     */
    struct envelope envelope;
    struct span id;           /* Message-ID, as in the header          */
};

/*
 * Read the message from FD to its end.  ERR_NO_INPUT, ERR_IO, ERR_DATA and
 * ERR_TEMPORARY as sys/input.h and sys/draft.h have them.
 */
bool message_read(struct message *, int fd, const struct message_wanted *,
                  struct err *);

/*
 * Make header and envelope.  ERR_USAGE: an operand or the sender is no
 * address, or there is no recipient.  ERR_DATA: a field is none.
 */
bool message_compose(struct message *, const struct message_wanted *,
                     struct err *);

/*
 * CONTENT, which was made of this message, is past some of it: the memory that
 * holds it may go.  It can still be read.
 */
void message_passed(struct message *, const struct content *);

void message_free(struct message *);

#endif
