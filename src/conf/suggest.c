/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/suggest.h"

enum { WORD_LONGEST = 32 }; /* no word of ours is longer */

static char folded(char c)
{
    return c == '_' ? '-' : ascii_lower(c);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* One row of the table of distances: from all of A to each prefix of B. */
struct row {
    size_t to[WORD_LONGEST + 1];
};

/* The row for the first I bytes of A, from those for I - 1 and I - 2. */
static struct row row_next(struct span a, size_t i, struct span b,
                           const struct row *above, const struct row *two_above)
{
    struct row row = {.to[0] = i};

    for (size_t j = 1; j <= b.n; j++) {
        char x = folded(a.p[i - 1]), y = folded(b.p[j - 1]);
        size_t edited = least(above->to[j], row.to[j - 1]) + 1;

        row.to[j] = least(edited, above->to[j - 1] + (x != y));
        if (i > 1 && j > 1 && x == folded(b.p[j - 2]) &&
            y == folded(a.p[i - 2]))
            row.to[j] = least(row.to[j], two_above->to[j - 2] + 1);
    }
    return row;
}

static size_t distance(struct span a, struct span b)
{
    struct row two_above = {{0}}, above = {{0}};

    for (size_t j = 0; j <= b.n; j++)
        above.to[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        struct row row = row_next(a, i, b, &above, &two_above);

        two_above = above;
        above = row;
    }
    return above.to[b.n];
}

struct suggestion suggestion_for(struct span word)
{
    return (struct suggestion){
        .word = word,
        .distance = word.n <= WORD_LONGEST ? (word.n + 1) / 3 + 1 : 0,
    };
}

void suggestion_offer(struct suggestion *s, struct span candidate)
{
    size_t far;

    if (s->distance == 0 || candidate.n > WORD_LONGEST)
        return;
    far = distance(s->word, candidate);
    if (far >= s->distance || far >= candidate.n)
        return;
    s->best = candidate;
    s->distance = far;
}
