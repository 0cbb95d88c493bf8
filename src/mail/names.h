/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * names - what is known by a name, and found by it
 *
 * A map from strings to whatever they stand for, as a crit-bit tree: an inner
 * node names the first bit in which the names below it differ.  To look one up
 * costs no more than the name has bits, whoever chose the names, and there is
 * no hash to attack.
 *
 *     struct names names = {0};
 *
 *     if (!names_add(&names, &arena, S("root"), entry))
 *         ... there was one already ...
 *     entry = names_find(&names, S("root"));
 *
 * Names are compared byte for byte: who wants "a" and "A" to be the same folds
 * them before.  No name holds a NUL.  All zero is a valid, empty map; it lives
 * in the arena that it is given, always the same, and goes with it.
 */
#ifndef PENNYPOST_MAIL_NAMES_H
#define PENNYPOST_MAIL_NAMES_H

#include "base/arena.h"

struct names {
    struct names_node *root;
};

/* Let NAME, which is copied, stand for WHAT.  False where it is known. */
bool names_add(struct names *, struct arena *, struct span name, void *what);

/* What NAME stands for; NULL where it is not known. */
void *names_find(const struct names *, struct span name);

#endif
