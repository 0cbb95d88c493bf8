/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runtime - small private files that end with the user's session
 *
 * They are in "pennypost" in the user's runtime directory, which
 * XDG_RUNTIME_DIR names: on most systems that is memory, and gone when the
 * user has logged out.  Directory and files are the user's alone (0700, 0600);
 * what is not so is not used.  A file is there as a whole or not at all.
 *
 * What is kept here can be had again: where there is no such directory, or it
 * cannot be written, nothing is kept, and that is no error.
 */
#ifndef PENNYPOST_SYS_RUNTIME_H
#define PENNYPOST_SYS_RUNTIME_H

#include "base/buf.h"

enum { RUNTIME_MOST = 64 << 10 };

/*
 * Read the file NAME, which has no "/", into TEXT, which is empty before and
 * is wiped by who has it.  False where there is none, it is longer than
 * RUNTIME_MOST octets, or someone else could have read or written it.
 */
bool runtime_read(const char *name, struct buf *text);

/* Put TEXT into the file NAME in place of what was there.  True: it is. */
bool runtime_write(const char *name, struct span text);

void runtime_remove(const char *name);

#endif
