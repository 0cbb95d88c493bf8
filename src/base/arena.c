/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include "base/mem.h"

#include <stdalign.h>

enum { BLOCK_SIZE = 4000 };

struct arena_block {
    struct arena_block *older;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

static size_t aligned(size_t n)
{
    const size_t unit = alignof(max_align_t);

    return n > SIZE_MAX - unit ? SIZE_MAX : (n + unit - 1) / unit * unit;
}

static struct arena_block *block_add(struct arena *a, size_t least)
{
    size_t size = least > BLOCK_SIZE ? least : BLOCK_SIZE;
    size_t head = sizeof(struct arena_block);
    struct arena_block *block =
        mem_zero(size > SIZE_MAX - head ? SIZE_MAX : head + size, 1);

    *block = (struct arena_block){.older = a->newest, .size = size};
    return a->newest = block;
}

void *arena_take(struct arena *a, size_t size)
{
    struct arena_block *block = a->newest;
    char *taken;

    size = aligned(size ? size : 1);
    if (!block || block->size - block->used < size)
        block = block_add(a, size);
    taken = block->bytes + block->used;
    block->used += size;
    return taken;
}

struct span arena_copy(struct arena *a, struct span s)
{
    char *copy = arena_take(a, s.n + 1);

    if (s.n)
        memcpy(copy, s.p, s.n);
    return (struct span){copy, s.n};
}

void arena_free(struct arena *a)
{
    while (a->newest) {
        struct arena_block *older = a->newest->older;

        mem_free(a->newest);
        a->newest = older;
    }
}

void arena_wipe(struct arena *a)
{
    for (struct arena_block *b = a->newest; b; b = b->older)
        mem_wipe(b->bytes, b->used);
    arena_free(a);
}
