/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names - what is found, and what is not taken for it */
#include "mail/names.h"

#include "unit.h"

static const struct span known[] = {
    SPAN_INIT(""),     SPAN_INIT("a"),    SPAN_INIT("b"),
    SPAN_INIT("ab"),   SPAN_INIT("abc"),  SPAN_INIT("A"),
    SPAN_INIT("\x80"), SPAN_INIT("\x01"), SPAN_INIT("a\x01"),
    SPAN_INIT("root"), SPAN_INIT("roo"),  SPAN_INIT("root@web1"),
};

static const struct span unknown[] = {
    SPAN_INIT("c"),    SPAN_INIT("abcd"), SPAN_INIT("ro"),
    SPAN_INIT("Root"), SPAN_INIT("\x81"), SPAN_INIT("root@web"),
    SPAN_INIT("aa"),
};

/* In this order, in the other, and from the middle. */
static size_t place(int order, size_t i)
{
    size_t n = COUNT(known);

    return order == 0 ? i : order == 1 ? n - 1 - i : (i * 5 + 3) % n;
}

START_TEST(finds_what_was_added)
{
    struct names names = {0};
    struct arena arena = {0};
    int what[COUNT(known)];

    ck_assert_ptr_null(names_find(&names, S("a")));
    for (size_t i = 0; i < COUNT(known); i++) {
        size_t k = place(_i, i);

        ck_assert_ptr_null(names_find(&names, known[k]));
        ck_assert(names_add(&names, &arena, known[k], &what[k]));
        ck_assert(!names_add(&names, &arena, known[k], &what[0]));
    }
    for (size_t i = 0; i < COUNT(known); i++)
        ck_assert_ptr_eq(names_find(&names, known[i]), &what[i]);
    for (size_t i = 0; i < COUNT(unknown); i++)
        ck_assert_ptr_null(names_find(&names, unknown[i]));
    arena_free(&arena);
}
END_TEST

START_TEST(copies_the_name)
{
    struct names names = {0};
    struct arena arena = {0};
    char name[] = "root";

    ck_assert(names_add(&names, &arena, span_of(name), name));
    name[0] = 'x';
    ck_assert_ptr_nonnull(names_find(&names, S("root")));
    ck_assert_ptr_null(names_find(&names, S("xoot")));
    arena_free(&arena);
}
END_TEST

/* The longer each one, the deeper the tree: it is no deeper than they are. */
START_TEST(takes_many)
{
    struct names names = {0};
    struct arena arena = {0};
    struct buf name = {0};
    size_t count = 0;

    for (int i = 0; i < 50000; i++) {
        buf_clear(&name);
        buf_printf(&name, "r%d@example.net", i % 40000);
        count += names_add(&names, &arena, buf_span(&name), &names);
    }
    ck_assert_uint_eq(count, 40000);
    buf_free(&name);
    arena_free(&arena);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("names");

    tcase_add_loop_test(t, finds_what_was_added, 0, 3);
    tcase_add_test(t, copies_the_name);
    tcase_add_test(t, takes_many);
    return unit_run("names", t);
}
