/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * connect - a connection to the first of several addresses that takes one
 *
 * Addresses are raced as RFC 8305, 5 says: the next attempt begins 250 ms
 * after the last, or at once when one fails, and the first to get through
 * wins.  No attempt lasts more than 30 seconds.
 *
 * An address that failed, or won, is taken out of the list; those that were
 * merely slower stay.  So a caller who finds that the winner does not answer
 * calls again and gets the next, until the list is empty.
 */
#ifndef PENNYPOST_SYS_CONNECT_H
#define PENNYPOST_SYS_CONNECT_H

#include "sys/resolve.h"

/*
 * Connect to one of the addresses before DEADLINE (clock.h).  *FD is then the
 * caller's: non-blocking, closed on exec, and for TCP with no delay and with
 * keep-alive.  *WINNER is the address it leads to.
 *
 * ERR_TEMPORARY: none can be reached now; the text has each address with its
 * reason.  Also when the list is empty, when *STOP was set (it may be NULL),
 * and when the deadline passed.
 */
bool connect_next(struct addresses *, int64_t deadline,
                  const volatile sig_atomic_t *stop, int *fd,
                  struct net_address *winner, struct err *);

#endif
