/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * world - reads what a run takes from its surroundings
 *
 * Fills in base/world.h's struct, once, when the program starts.  Nothing
 * here asks the DNS or waits for anything else on a network, unless the
 * system's user database does.
 *
 * Who we are is decided by the user id alone; USER and LOGNAME are not looked
 * at.  The names that go into EHLO and Message-ID are host names by the
 * letter (RFC 5321, 4.1.2) whatever the system calls itself.
 */
#ifndef PENNYPOST_SYS_WORLD_H
#define PENNYPOST_SYS_WORLD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/world.h"

/*
 * Fill in *WORLD; its strings are the arena's.  A user id that the system does
 * not know has the login name "uid" and its number.  The home directory is
 * HOME where that is absolute, else the one of the user database.  Fails with
 * ERR_SYSTEM where the system has no randomness to give.
 */
bool world_read(struct world *, struct arena *, struct err *);

/*
 * Read again what is another with each message: the time, and randomness, some
 * of which every Message-ID gives away.  Fails as world_read() does.
 */
bool world_again(struct world *, struct err *);

/*
 * The domain that /etc/mailname gives for the mail of this host: its first
 * line, or nothing where there is none or it is no host name.
 */
struct span world_mailname(struct arena *);

/*
 * What world_read() and world_mailname() do with what they read:
 *
 * The host name to use where the system says NAME and /etc/hosts holds HOSTS:
 * NAME where it has a dot; else the longer form of NAME on the first line of
 * HOSTS that has both; else NAME.  "localhost" where NAME is no host name.
 */
struct span world_host(struct span name, struct span hosts, struct arena *);

/*
 * The full name in a gecos field: what stands before the first comma, with
 * "&" for the login name, its first letter a capital.
 */
struct span world_name(struct span gecos, struct span login, struct arena *);

/* The host name on the first line of TEXT, or nothing; part of TEXT. */
struct span world_first_name(struct span text);

#endif
