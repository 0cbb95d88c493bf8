/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Growing bytes.  To see that buf_wipe() overwrites them before it gives them
 * back, buf.c is compiled into this program with a mem_free() that looks.
 */
#define mem_free mem_free_seen
#include "base/buf.c"
#undef mem_free

#include "unit.h"

void mem_free(void *memory);

/* Of the memory that was last given back; SIZE is what the test says it is. */
static struct {
    size_t size, zeros;
} freed;

void mem_free_seen(void *memory)
{
    const char *bytes = memory;

    freed.zeros = 0;
    for (size_t i = 0; bytes && i < freed.size; i++)
        freed.zeros += bytes[i] == 0;
    mem_free(memory);
}

static struct buf buf_of(struct span s)
{
    struct buf b = {0};

    buf_add(&b, s);
    return b;
}

START_TEST(adds)
{
    struct buf b = {0};
    struct span nothing = {NULL, 0};

    ck_assert(span_empty(buf_span(&b)));
    buf_add(&b, nothing);
    buf_add(&b, S(""));
    ck_assert_ptr_null(b.data);
    buf_add(&b, S("a\0b"));
    buf_addc(&b, '\0');
    buf_addc(&b, '\xFF');
    buf_add(&b, nothing);
    ck_assert_span(buf_span(&b), S("a\0b\0\xFF"));
    buf_free(&b);
    ck_assert_ptr_null(b.data);
    ck_assert_uint_eq(b.len, 0);
    ck_assert_uint_eq(b.cap, 0);
    buf_free(&b);
}
END_TEST

/* Across every size at which it grows, a byte at a time and in pieces. */
START_TEST(grows)
{
    struct buf bytes = {0}, pieces = {0};

    for (size_t i = 0; i < 5000; i++) {
        char c = (char)(i * 7 + i / 256);

        buf_addc(&bytes, c);
        ck_assert_uint_eq(bytes.len, i + 1);
        ck_assert_uint_le(bytes.len, bytes.cap);
    }
    for (size_t i = 0, n = 1; i < bytes.len; i += n, n = n * 2 + 1)
        buf_add(&pieces, span_upto(span_from(buf_span(&bytes), i), n));
    ck_assert(span_eq(buf_span(&pieces), buf_span(&bytes)));
    for (size_t i = 0; i < bytes.len; i++)
        ck_assert_int_eq(bytes.data[i], (char)(i * 7 + i / 256));
    buf_free(&bytes);
    buf_free(&pieces);
}
END_TEST

/* What is added at a time costs no more than a fixed share of copying. */
START_TEST(grows_by_doubling)
{
    struct buf b = {0};
    unsigned moves = 0;

    for (size_t i = 0, cap = 0; i < 1 << 20; i++) {
        buf_addc(&b, 'x');
        moves += b.cap != cap;
        cap = b.cap;
    }
    ck_assert_uint_le(moves, 20);
    buf_free(&b);
}
END_TEST

START_TEST(prints)
{
    struct buf b = buf_of(S("<"));
    char text[301];

    memset(text, 'y', 300);
    text[300] = '\0';
    buf_printf(&b, "%s", "");
    buf_printf(&b, "%d %.*s %c", -1, SPAN_ARG(S("two!")), '3');
    ck_assert_span(buf_span(&b), S("<-1 two! 3"));
    buf_printf(&b, "%s", text);
    ck_assert_uint_eq(b.len, 310);
    ck_assert_span(span_from(buf_span(&b), 10), span_of(text));
    buf_clear(&b);
    buf_printf(&b, "%c", 0);
    ck_assert_span(buf_span(&b), S("\0"));
    buf_free(&b);
}
END_TEST

/* Exactly full, one short and one over: vsnprintf() wants room for a NUL. */
START_TEST(prints_into_what_is_left)
{
    for (size_t n = 60; n < 70; n++) {
        struct buf b = {0};

        for (size_t i = 0; i < n; i++)
            buf_addc(&b, 'x');
        buf_printf(&b, "%s", "yz");
        ck_assert_uint_eq(b.len, n + 2);
        ck_assert_span(span_from(buf_span(&b), n - 1), S("xyz"));
        buf_free(&b);
    }
}
END_TEST

START_TEST(gives_room)
{
    struct buf b = buf_of(S("ab"));
    char *room = buf_room(&b, 1000);

    ck_assert_ptr_eq(room, b.data + 2);
    ck_assert_uint_eq(b.len, 2);
    memset(room, 'c', 1000);
    ck_assert_span(buf_span(&b), S("ab"));
    buf_filled(&b, 3);
    ck_assert_span(buf_span(&b), S("abccc"));
    buf_filled(&b, 0);
    ck_assert_span(buf_span(&b), S("abccc"));
    /* There is enough: what points into the buf stays good. */
    ck_assert_ptr_eq(buf_room(&b, 500), room + 3);
    buf_free(&b);
}
END_TEST

START_TEST(gives_no_room_too)
{
    struct buf b = {0};

    ck_assert_ptr_nonnull(buf_room(&b, 0));
    buf_filled(&b, 0);
    ck_assert(span_empty(buf_span(&b)));
    buf_free(&b);
}
END_TEST

START_TEST(puts_a_nul_behind)
{
    struct buf b = {0};

    ck_assert_str_eq(buf_cstring(&b), "");
    for (size_t i = 0; i < 200; i++) {
        buf_addc(&b, 'x');
        ck_assert_uint_eq(strlen(buf_cstring(&b)), i + 1);
        ck_assert_uint_eq(b.len, i + 1);
    }
    buf_cut(&b, 1);
    ck_assert_str_eq(buf_cstring(&b), "x");
    buf_free(&b);
}
END_TEST

static const struct shortened {
    struct span s;
    size_t n;
    struct span dropped, cut;
} shorts[] = {
    {SPAN_INIT("abcde"), 0, SPAN_INIT("abcde"), SPAN_INIT("")},
    {SPAN_INIT("abcde"), 1, SPAN_INIT("bcde"), SPAN_INIT("a")},
    {SPAN_INIT("abcde"), 4, SPAN_INIT("e"), SPAN_INIT("abcd")},
    {SPAN_INIT("abcde"), 5, SPAN_INIT(""), SPAN_INIT("abcde")},
    {SPAN_INIT("abcde"), 6, SPAN_INIT(""), SPAN_INIT("abcde")},
    {SPAN_INIT("abcde"), SIZE_MAX, SPAN_INIT(""), SPAN_INIT("abcde")},
    {SPAN_INIT(""), 0, SPAN_INIT(""), SPAN_INIT("")},
    {SPAN_INIT(""), 1, SPAN_INIT(""), SPAN_INIT("")},
};

START_TEST(drops_and_cuts)
{
    const struct shortened *c = &shorts[_i];
    struct buf dropped = buf_of(c->s), cut = buf_of(c->s);

    buf_drop(&dropped, c->n);
    ck_assert_span(buf_span(&dropped), c->dropped);
    buf_addc(&dropped, '!');
    ck_assert_int_eq(dropped.data[c->dropped.n], '!');

    buf_cut(&cut, c->n);
    ck_assert_span(buf_span(&cut), c->cut);
    buf_free(&dropped);
    buf_free(&cut);
}
END_TEST

START_TEST(keeps_its_memory_when_cleared)
{
    struct buf b = buf_of(S("abc"));
    const char *data = b.data;

    buf_clear(&b);
    ck_assert(span_empty(buf_span(&b)));
    buf_add(&b, S("de"));
    ck_assert_ptr_eq(b.data, data);
    ck_assert_span(buf_span(&b), S("de"));
    buf_free(&b);
}
END_TEST

/* All of it, also what was cut off and what a reader left behind the end. */
START_TEST(wipes_before_it_frees)
{
    struct buf b = buf_of(S("correct horse battery staple"));

    memset(buf_room(&b, 100), 'x', 100);
    buf_cut(&b, 3);
    freed.size = b.cap;
    buf_wipe(&b);
    ck_assert_uint_ge(freed.size, 128);
    ck_assert_uint_eq(freed.zeros, freed.size);
    ck_assert_ptr_null(b.data);
    ck_assert_uint_eq(b.len + b.cap, 0);
    buf_wipe(&b);

    b = buf_of(S("this one is not a secret"));
    freed.size = b.len;
    buf_free(&b);
    ck_assert_uint_eq(freed.zeros, 0);
}
END_TEST

/* As buf.h says of secrets: given its room first, a buf does not move. */
START_TEST(stays_where_it_got_its_room)
{
    struct buf b = {0};
    const char *room = buf_room(&b, 1000);

    for (size_t i = 0; i < 1000; i++)
        buf_addc(&b, 's');
    ck_assert_ptr_eq(b.data, room);
    buf_wipe(&b);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("buf");

    tcase_add_test(t, adds);
    tcase_add_test(t, grows);
    tcase_add_test(t, grows_by_doubling);
    tcase_add_test(t, prints);
    tcase_add_test(t, prints_into_what_is_left);
    tcase_add_test(t, gives_room);
    tcase_add_test(t, gives_no_room_too);
    tcase_add_test(t, puts_a_nul_behind);
    tcase_add_loop_test(t, drops_and_cuts, 0, COUNT(shorts));
    tcase_add_test(t, keeps_its_memory_when_cleared);
    tcase_add_test(t, wipes_before_it_frees);
    tcase_add_test(t, stays_where_it_got_its_room);
    return unit_run("buf", t);
}
