/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * envelope - MAIL and RCPT: what may stand in them, and what stood in them
 *
 * The server is a strict one: what it has not offered it does not take
 * (RFC 5321, 4.1.1.11), so that a client's mistake shows.
 */
#ifndef PENNYPOST_TESTS_SERVER_ENVELOPE_H
#define PENNYPOST_TESTS_SERVER_ENVELOPE_H

#include "options.h"

enum keyword {
    KEYWORD_PIPELINING, KEYWORD_SIZE, KEYWORD_8BITMIME, KEYWORD_SMTPUTF8,
    KEYWORD_DSN, KEYWORD_CHUNKING, KEYWORD_STATUS, KEYWORD_AUTH,
};

struct envelope {
    bool begun;       /* there is a sender                        */
    bool eightbit;    /* BODY=8BITMIME                            */
    bool utf8;        /* SMTPUTF8                                 */
    struct buf lines; /* "mail OPERAND" and "rcpt OPERAND"        */
    uint64_t recipients;
};

bool keyword_offered(const struct options *, enum keyword);

/* The EHLO lines of what is offered, but for STARTTLS and AUTH. */
void keywords_list(const struct options *, struct buf *out);

/* The reply to MAIL or RCPT, OPERAND being all behind that word. */
struct span envelope_mail(struct envelope *, const struct options *,
                          struct span operand);
struct span envelope_rcpt(const struct envelope *, const struct options *,
                          struct span operand);

/* The address in OPERAND, without its brackets; empty if there is none. */
struct span envelope_address(struct span operand);

/* The reply was a good one: it counts. */
void envelope_add(struct envelope *, const char *keyword, struct span operand);

void envelope_clear(struct envelope *);

#endif
