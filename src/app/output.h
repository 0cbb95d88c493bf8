/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output - what the program says: to people, and on standard output
 */
#ifndef PENNYPOST_APP_OUTPUT_H
#define PENNYPOST_APP_OUTPUT_H

#include "base/err.h"

/*
 * Write TEXT to standard error.  Where that is closed, full, or not read by
 * anyone for five seconds nobody can be told, and nothing else suffers for it.
 * False then.
 */
bool output_tell(struct span text);

/* The same for an error, as err_print() has it. */
void output_error(const struct err *);

/*
 * Write TEXT to standard output, for as long as it takes who reads it.  ERR_IO
 * where that cannot be done, or a signal to stop comes.
 */
bool output_print(struct span text, struct err *);

#endif
