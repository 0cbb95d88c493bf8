/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * resolve - shows who gets the mail to an address: "pennypost resolve"
 */
#ifndef PENNYPOST_APP_RESOLVE_H
#define PENNYPOST_APP_RESOLVE_H

#include "app/app.h"

/*
 * Write to standard output, for each operand of the command line, the
 * addresses that mail to it goes to, one a line; where there are several
 * operands, each line begins with the operand and a colon.  All that is wrong
 * with the files of aliases goes to standard error.  ERR_USAGE where an
 * operand is no list of addresses; no line is written then.
 */
bool resolve_operands(struct app *, struct err *);

#endif
