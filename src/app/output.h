/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output - what the program says: to people, and on standard output
 */
#ifndef PENNYPOST_APP_OUTPUT_H
#define PENNYPOST_APP_OUTPUT_H

#include "base/err.h"

/*
 * Write TEXT to standard error, in one piece.  Where that is closed or full
 * nobody can be told, and nothing else suffers for it.
 */
void output_tell(struct span text);

/* The same for an error, as err_print() has it. */
void output_error(const struct err *);

/* Write TEXT to standard output; ERR_IO where that cannot be done. */
bool output_print(struct span text, struct err *);

#endif
