/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * suggest - the word that was probably meant
 *
 * For every vocabulary that a person types: settings, options, URL schemes.
 * Offer each word there is, then look at best, which is empty where nothing
 * is near enough to be worth naming:
 *
 *     struct suggestion near = suggestion_for(typed);
 *     for (...)
 *         suggestion_offer(&near, span_of(rows[i].name));
 *     if (near.best.n)
 *         err_hint(err, "did you mean '%.*s'?", SPAN_ARG(near.best));
 *
 * Near means few letters added, left out, changed or swapped with the next
 * (the optimal string alignment distance); the case of ASCII letters and the
 * difference between "-" and "_" count for nothing.
 */
#ifndef PENNYPOST_CONF_SUGGEST_H
#define PENNYPOST_CONF_SUGGEST_H

#include "base/span.h"

struct suggestion {
    struct span word; /* what was typed                                  */
    struct span best; /* the nearest offered so far, borrowed, or empty  */
    size_t distance;  /* how far it is; at first, one more than accepted */
};

/* A search for what WORD was meant to be. */
struct suggestion suggestion_for(struct span word);

/* Take CANDIDATE as the best if it is nearer than any before it. */
void suggestion_offer(struct suggestion *, struct span candidate);

#endif
