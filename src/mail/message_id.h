/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * message_id - a name for a message that no other ever has (RFC 5322, 3.6.4)
 *
 *     <1ng41g4.5h8ze0g3v6wq1n4k@example.org>
 *
 * In front the time, so that no two runs collide that see the same randomness
 * (a machine woken twice from one image); behind it 80 bits that nobody can
 * guess.  Neither the host's name nor a process id is in it.
 *
 * The name is a function of its arguments: a run that makes more messages than
 * one gives each a world with other random bytes.  It shows the first ten of
 * them to everyone, so nothing that is to stay secret is made from those.
 */
#ifndef PENNYPOST_MAIL_MESSAGE_ID_H
#define PENNYPOST_MAIL_MESSAGE_ID_H

#include "base/buf.h"
#include "base/world.h"

/*
 * Add the name to OUT, with its angle brackets.  A DOMAIN that is empty or
 * does not stand there in plain ASCII becomes "localhost".
 */
void message_id_print(const struct world *, struct span domain,
                      struct buf *out);

#endif
