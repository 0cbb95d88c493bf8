/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * foreign - what answers where TLS was expected
 *
 * A server that is spoken to in TLS and knows none says something readable,
 * and mostly what it says shows which setting would be right.
 */
#ifndef PENNYPOST_SYS_FOREIGN_H
#define PENNYPOST_SYS_FOREIGN_H

#include "base/err.h"

enum { FOREIGN_MAX = 200 }; /* more of what it says need not be read */

/* SAID, what a server sent first, is not the beginning of TLS.  May be empty:
   then it is not known yet. */
bool foreign_is(struct span said);

/*
 * ERR_PROTOCOL for the server NAME on PORT (0: not known) that SAID this in
 * place of a handshake; AFTER_STARTTLS it had promised one.  Returns false.
 */
bool foreign_fail(struct span said, struct span name, unsigned port,
                  bool after_starttls, struct err *);

#endif
