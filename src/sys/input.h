/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * input - reads standard input, whatever it is
 *
 * A pipe, file, socket or terminal, blocking or not, is read to its end in
 * pieces.  What cannot be read is an error and never looks like the end of
 * the message.
 */
#ifndef PENNYPOST_SYS_INPUT_H
#define PENNYPOST_SYS_INPUT_H

#include "base/buf.h"
#include "base/err.h"

#include <signal.h>

enum { INPUT_PIECE = 64 << 10 };

/*
 * Make sure that descriptors 0, 1 and 2 are open, before anything else is
 * opened: a file or connection of ours must not become the standard error of
 * a caller who closed it.  Standard input stays one that cannot be read.
 * Fails with ERR_SYSTEM.
 */
bool input_reserve(struct err *);

/*
 * Wait for the next octets of descriptor FD, at most INPUT_PIECE, and put them
 * into PIECE in place of what was there.  *END says that there are no more;
 * PIECE is empty then, and only then.  Fails with ERR_NO_INPUT where FD is
 * closed, with ERR_IO where reading fails, and with ERR_TEMPORARY as soon as
 * *STOP is set (signals_flag()), also while it waits.
 */
bool input_read(int fd, const volatile sig_atomic_t *stop, struct buf *piece,
                bool *end, struct err *err);

#endif
