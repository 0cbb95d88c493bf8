/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory released all at once.  To see that arena_wipe() overwrites it first,
 * arena.c is compiled into this program with a mem_free() that looks.
 */
#define mem_free mem_free_seen
#include "base/arena.c"
#undef mem_free

#include "unit.h"

void mem_free(void *memory);

/* Bytes that are still 's', for secret, in what was given back so far. */
static size_t secret_bytes, blocks;

void mem_free_seen(void *memory)
{
    struct arena_block *block = memory;

    for (size_t i = 0; i < block->size; i++)
        secret_bytes += block->bytes[i] == 's';
    blocks++;
    mem_free(memory);
}

static void secret_take(struct arena *a, size_t size)
{
    memset(arena_take(a, size), 's', size);
}

static bool all_zero(const char *p, size_t n)
{
    size_t zeros = 0;

    while (zeros < n && p[zeros] == 0)
        zeros++;
    return zeros == n;
}

/* A block is 4000 bytes: around it, and far above it. */
static const size_t sizes[] = {0,    1,    2,    7,    8,    15,   16,
                               17,   100,  2000, 3983, 3984, 3985, 3999,
                               4000, 4001, 4015, 4016, 8000, 1 << 20};

START_TEST(gives_aligned_zeros_of_our_own)
{
    struct arena a = {0};
    char *taken[3 * COUNT(sizes)];

    for (size_t i = 0; i < COUNT(taken); i++) {
        size_t n = sizes[i % COUNT(sizes)];

        taken[i] = arena_take(&a, n);
        ck_assert_uint_eq((uintptr_t)taken[i] % alignof(max_align_t), 0);
        ck_assert_msg(all_zero(taken[i], n), "%zu bytes", n);
        memset(taken[i], (int)i + 1, n);
    }
    /* Nothing that came later was written over what came before. */
    for (size_t i = 0; i < COUNT(taken); i++)
        for (size_t j = 0; j < sizes[i % COUNT(sizes)]; j++)
            ck_assert_int_eq(taken[i][j], (char)(i + 1));
    arena_free(&a);
}
END_TEST

/* An address stands for one thing, also where the thing has no bytes. */
START_TEST(gives_nothing_twice)
{
    struct arena a = {0};
    char *first = arena_take(&a, 0), *second = arena_take(&a, 0);

    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_ne(first, second);
    arena_free(&a);
}
END_TEST

START_TEST(fills_a_block_before_it_takes_another)
{
    struct arena a = {0};

    blocks = 0;
    for (size_t i = 0; i < BLOCK_SIZE / 16; i++)
        arena_take(&a, 16);
    arena_free(&a);
    ck_assert_uint_eq(blocks, 1);

    for (size_t i = 0; i < BLOCK_SIZE / 16 + 1; i++)
        arena_take(&a, 16);
    arena_free(&a);
    ck_assert_uint_eq(blocks, 3);
}
END_TEST

START_TEST(copies)
{
    static const struct span spans[] = {
        SPAN_INIT("abc"), SPAN_INIT("a\0b"), SPAN_INIT(""), {NULL, 0},
        SPAN_INIT("sixteen bytes ..")};
    struct arena a = {0};

    for (size_t i = 0; i < COUNT(spans); i++) {
        struct span copy = arena_copy(&a, spans[i]);

        ck_assert_span(copy, spans[i]);
        ck_assert_ptr_ne(copy.p, spans[i].p);
        ck_assert_int_eq(copy.p[copy.n], '\0');
    }
    arena_free(&a);
}
END_TEST

START_TEST(copies_what_is_longer_than_a_block)
{
    struct arena a = {0};
    struct buf text = {0};
    struct span copy;

    for (size_t i = 0; i < 10000; i++)
        buf_addc(&text, (char)i);
    copy = arena_copy(&a, buf_span(&text));
    arena_copy(&a, S("behind"));
    ck_assert(span_eq(copy, buf_span(&text)));
    ck_assert_int_eq(copy.p[copy.n], '\0');
    buf_free(&text);
    arena_free(&a);
}
END_TEST

START_TEST(is_empty_and_good_when_freed)
{
    struct arena a = {0};

    arena_free(&a);
    arena_wipe(&a);
    arena_take(&a, 5000);
    arena_take(&a, 1);
    arena_free(&a);
    ck_assert_ptr_null(a.newest);
    ck_assert_span(arena_copy(&a, S("again")), S("again"));
    arena_free(&a);
}
END_TEST

START_TEST(wipes_before_it_frees)
{
    struct arena a = {0};

    secret_bytes = 0;
    for (size_t i = 0; i < COUNT(sizes); i++)
        secret_take(&a, sizes[i]);
    arena_wipe(&a);
    ck_assert_uint_eq(secret_bytes, 0);
    ck_assert_ptr_null(a.newest);

    secret_take(&a, 100);
    arena_free(&a);
    ck_assert_uint_eq(secret_bytes, 100);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("arena");

    tcase_add_test(t, gives_aligned_zeros_of_our_own);
    tcase_add_test(t, gives_nothing_twice);
    tcase_add_test(t, fills_a_block_before_it_takes_another);
    tcase_add_test(t, copies);
    tcase_add_test(t, copies_what_is_longer_than_a_block);
    tcase_add_test(t, is_empty_and_good_when_freed);
    tcase_add_test(t, wipes_before_it_frees);
    return unit_run("arena", t);
}
