/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * serve_command - what a client says in one line: MAIL, RCPT and BDAT
 *
 * Reads what stands behind the command's name.  Pure functions: what they make
 * follows from the line alone, and whether the command is in order at this
 * time is asked elsewhere.
 *
 * Clients are programs on this machine, some of them old, so blanks may stand
 * anywhere between words, and an address may lack its "<" and ">".  An address
 * itself is read as everywhere else (mail/address.h): a route is dropped
 * (RFC 5321, 3.6.1), UTF-8 may stand in it whether SMTPUTF8 was said or not.
 */
#ifndef PENNYPOST_SMTP_SERVE_COMMAND_H
#define PENNYPOST_SMTP_SERVE_COMMAND_H

#include "base/arena.h"
#include "smtp/serve.h"
#include "smtp/serve_reply.h"

/*
 * The name of the command in LINE, as long as letters go; *ARGUMENT is what
 * stands behind it, without the blanks around.
 */
struct span serve_command_name(struct span line, struct span *argument);

/* No octet of LINE is a control character but for tabs. */
bool serve_command_is_clean(struct span line);

/*
 * "FROM:<a@b> SIZE=1" (RFC 5321, 4.1.1.2) and "TO:<c@d> NOTIFY=NEVER" (RFC
 * 5321, 4.1.1.3).  Strings live in the arena.  False where the command is not
 * to be obeyed, and *REFUSAL says so.
 */
bool serve_command_mail(struct span argument, struct arena *,
                        struct serve_mail *, struct serve_reply *refusal);
bool serve_command_rcpt(struct span argument, struct arena *,
                        struct serve_rcpt *, struct serve_reply *refusal);

/* "1000 LAST" (RFC 3030, 2).  False where it is no such thing. */
bool serve_command_bdat(struct span argument, uint64_t *octets, bool *last);

#endif
