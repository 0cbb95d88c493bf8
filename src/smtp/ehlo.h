/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ehlo - what a server says it can do (RFC 5321, 4.1.1.1)
 *
 * To know another EHLO keyword is to add a row to the table in ehlo.c.
 */
#ifndef PENNYPOST_SMTP_EHLO_H
#define PENNYPOST_SMTP_EHLO_H

#include "smtp/reply.h"

enum ehlo_keyword {
    EHLO_8BITMIME = 1 << 0,            /* RFC 6152 */
    EHLO_AUTH = 1 << 1,                /* RFC 4954 */
    EHLO_BINARYMIME = 1 << 2,          /* RFC 3030 */
    EHLO_CHUNKING = 1 << 3,            /* RFC 3030 */
    EHLO_DSN = 1 << 4,                 /* RFC 3461 */
    EHLO_ENHANCEDSTATUSCODES = 1 << 5, /* RFC 2034 */
    EHLO_LIMITS = 1 << 6,              /* RFC 9422 */
    EHLO_PIPELINING = 1 << 7,          /* RFC 2920 */
    EHLO_SIZE = 1 << 8,                /* RFC 1870 */
    EHLO_SMTPUTF8 = 1 << 9,            /* RFC 6531 */
    EHLO_STARTTLS = 1 << 10,           /* RFC 3207 */
};

struct ehlo {
    unsigned has;           /* EHLO_ bits                                    */
    uint64_t size;          /* largest message it takes; 0: no limit stated  */
    uint64_t rcpt_max;      /* most recipients in a transaction; 0: unstated */
    unsigned mechanisms;    /* SASL mechanisms that we have, see sasl.h      */
    struct buf auth;        /* the mechanisms it named, a blank between      */
};

/*
 * Read the reply to EHLO.  Its first line is a greeting and is passed over;
 * unknown keywords and malformed parameters are, too.  What *ehlo held before
 * is forgotten (RFC 3207, 4.2).
 */
void ehlo_read(const struct reply *, struct ehlo *);

void ehlo_free(struct ehlo *);

#endif
