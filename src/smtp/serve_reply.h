/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * serve_reply - what the server's side of SMTP says (RFC 5321, 4.2)
 *
 *     struct buf out = {0};
 *     serve_reply_print(&(struct serve_reply){550, S("5.1.1"), S("who?")},
 *                       false, &out);     // "550 5.1.1 who?\r\n"
 *
 * The text may come from another server or quote a client.  Whatever it holds,
 * what is printed is one reply: lines of at most 512 octets (RFC 5321,
 * 4.5.3.1.5) that hold printable characters only.
 */
#ifndef PENNYPOST_SMTP_SERVE_REPLY_H
#define PENNYPOST_SMTP_SERVE_REPLY_H

#include "base/buf.h"

struct serve_reply {
    int code;           /* 2yz, 4yz or 5yz; anything else is said as 451  */
    struct span status; /* RFC 3463; where it is not of the code's class it
                           is replaced by "2.0.0", "4.0.0" or "5.0.0"     */
    struct span text;   /* for people, a line of the reply for each of its
                           lines; what is beyond 4096 octets is left out  */
};

/*
 * Append the reply to OUT.  With UTF8 its text may be UTF-8 (RFC 6531, 3.7.4),
 * else it is ASCII; an octet that may not stand there is written as \xHH.
 */
void serve_reply_print(const struct serve_reply *, bool utf8, struct buf *out);

/* What the code is printed as. */
int serve_reply_code(const struct serve_reply *);

#endif
