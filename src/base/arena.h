/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arena - memory that is released all at once
 *
 * What lives exactly as long as something else is taken from that thing's
 * arena and not released by itself: the strings of the settings from the
 * settings' arena, the addresses of an envelope from the envelope's.  Taking
 * cannot fail (see mem.h).  All zero is a valid, empty arena.
 */
#ifndef PENNYPOST_BASE_ARENA_H
#define PENNYPOST_BASE_ARENA_H

#include "base/span.h"

struct arena {
    struct arena_block *newest;
};

/* SIZE bytes, all zero and aligned for any object. */
void *arena_take(struct arena *, size_t size);

/* A copy of S.  A NUL stands behind it, not counted. */
struct span arena_copy(struct arena *, struct span s);

void arena_free(struct arena *);

/* As arena_free(), but overwrite the memory first: for what held a secret. */
void arena_wipe(struct arena *);

#endif
