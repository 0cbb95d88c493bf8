/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * expand - asks whether an address stands for others
 *
 * The mail layer knows nothing of alias files.  Whoever does hands it an
 * expander, and it asks for every address of a recipient:
 *
 *     struct expansion x = {0};
 *
 *     if (expander && !expander->expand(expander->self, &a, &arena, &x, err))
 *         return false;
 *     if (x.aliased)
 *         ... x.first and those behind it, in place of a ...
 */
#ifndef PENNYPOST_MAIL_EXPAND_H
#define PENNYPOST_MAIL_EXPAND_H

#include "mail/address.h"

/* What an address stands for.  All zero: for itself. */
struct expansion {
    bool aliased;
    const struct address *first; /* a list; NULL where aliased: nobody */
};

struct expander {
    /*
     * Put into the expansion, which is all zero before, what the address, the
     * first of its list, stands for.  The list is the arena's; its strings are
     * good for as long as the expander and the address are.  They may have no
     * domain, and have no name.  Fails where that cannot be found out, with
     * any kind of error but ERR_DATA.
     */
    bool (*expand)(void *self, const struct address *, struct arena *,
                   struct expansion *, struct err *);
    void *self;
};

#endif
