/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * terminal - asks the user for a secret, at the terminal
 *
 * The question goes to /dev/tty and the answer comes from there, whatever
 * standard input and output are; the answer is not shown while it is typed.
 * The terminal is as it was before when the function returns, also where a
 * signal ended it (signals_catch()); a key that would stop the program for a
 * while (TSTP) does so when all is back in order.
 */
#ifndef PENNYPOST_SYS_TERMINAL_H
#define PENNYPOST_SYS_TERMINAL_H

#include "base/buf.h"
#include "base/err.h"

#include <signal.h>

/*
 * There is someone to ask: standard error is a terminal, /dev/tty can be
 * opened, and we are in its foreground.
 */
bool terminal_there(void);

/*
 * Show PROMPT, in which what could steer the terminal is made visible, and
 * read one line into LINE, as secret_line() does.  Fails with ERR_CONFIG where
 * there is no terminal or no answer, with ERR_TEMPORARY where none has come by
 * DEADLINE, or *STOP is set meanwhile.
 */
bool terminal_ask(struct span prompt, int64_t deadline,
                  const volatile sig_atomic_t *stop, struct buf *line,
                  struct err *);

#endif
