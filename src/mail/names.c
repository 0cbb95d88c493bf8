/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/names.h"

struct names_node {
    bool leaf;
    size_t bit;                  /* of an inner node         */
    struct names_node *child[2]; /* where that bit is 0, 1   */
    struct span name;            /* of a leaf                */
    void *what;
};

/* Behind the end all bits are 0, and no name has a byte that is. */
static unsigned bit_of(struct span name, size_t bit)
{
    size_t i = bit / 8;
    unsigned octet = i < name.n ? (unsigned char)name.p[i] : 0;

    return octet >> (7 - bit % 8) & 1;
}

/* The first bit in which they differ.  False where they are equal. */
static bool differ(struct span a, struct span b, size_t *bit)
{
    size_t i = 0;

    if (span_eq(a, b))
        return false;
    while (i < a.n && i < b.n && a.p[i] == b.p[i])
        i++;
    for (*bit = i * 8; bit_of(a, *bit) == bit_of(b, *bit);)
        ++*bit;
    return true;
}

/* The leaf that NAME is if it is any; NULL where there are none. */
static struct names_node *nearest(const struct names *names, struct span name)
{
    struct names_node *node = names->root;

    while (node && !node->leaf)
        node = node->child[bit_of(name, node->bit)];
    return node;
}

static struct names_node *node_keep(struct arena *arena, struct names_node n)
{
    struct names_node *kept = arena_take(arena, sizeof *kept);

    *kept = n;
    return kept;
}

bool names_add(struct names *names, struct arena *arena, struct span name,
               void *what)
{
    struct names_node *near = nearest(names, name), **link = &names->root;
    struct names_node leaf = {.leaf = true, .what = what}, inner = {0};

    if (near && !differ(name, near->name, &inner.bit))
        return false;
    leaf.name = arena_copy(arena, name);
    if (!near) {
        *link = node_keep(arena, leaf);
        return true;
    }
    while (!(*link)->leaf && (*link)->bit < inner.bit)
        link = &(*link)->child[bit_of(name, (*link)->bit)];
    inner.child[bit_of(name, inner.bit)] = node_keep(arena, leaf);
    inner.child[bit_of(near->name, inner.bit)] = *link;
    *link = node_keep(arena, inner);
    return true;
}

void *names_find(const struct names *names, struct span name)
{
    struct names_node *near = nearest(names, name);

    return near && span_eq(near->name, name) ? near->what : NULL;
}
