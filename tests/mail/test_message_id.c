/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message_id - its form, and that all that is random is in it */
#include "mail/message_id.h"

#include "unit.h"

static struct world a_world(void)
{
    struct world w = {.now = 1795294724, .pid = 4711, .uid = 1000,
                      .host = S("secret.example.org"), .login = S("alice")};

    for (size_t i = 0; i < sizeof w.random; i++)
        w.random[i] = (unsigned char)(i * 37 + 1);
    return w;
}

static void check(struct world w, struct span domain, const char *want)
{
    struct buf out = {0};

    message_id_print(&w, domain, &out);
    ck_assert_span(buf_span(&out), span_of(want));
    buf_free(&out);
}

#define LEFT "<1ng41g4.04k4pw4nqbfg8aae@"

START_TEST(is_time_and_randomness)
{
    check(a_world(), S("example.org"), LEFT "example.org>");
}
END_TEST

START_TEST(takes_a_literal)
{
    check(a_world(), S("[192.0.2.1]"), LEFT "[192.0.2.1]>");
}
END_TEST

static const struct span unfit[] = {
    SPAN_INIT(""),          SPAN_INIT("b\xC3\xBC.example"),
    SPAN_INIT("a b"),       SPAN_INIT("a>b"),
    SPAN_INIT("a@b"),       SPAN_INIT("a\nb"),
    SPAN_INIT("a\0b"),      SPAN_INIT("a\x7F"),
};

START_TEST(is_ascii_whatever_the_domain)
{
    check(a_world(), unfit[_i], LEFT "localhost>");
}
END_TEST

START_TEST(small_and_large_times)
{
    struct world w = a_world();

    memset(w.random, 0, sizeof w.random);
    w.now = 0;
    check(w, S("b"), "<0.0000000000000000@b>");
    w.now = 33;
    memset(w.random, 255, sizeof w.random);
    check(w, S("b"), "<11.zzzzzzzzzzzzzzzz@b>");
    w.now = INT64_MAX;
    check(w, S("b"), "<7zzzzzzzzzzzz.zzzzzzzzzzzzzzzz@b>");
}
END_TEST

/* A bit that changes shows; one of the bytes kept for others does not. */
START_TEST(every_random_bit_counts)
{
    for (size_t bit = 0; bit < 8 * sizeof a_world().random; bit++) {
        struct world w = a_world();
        struct buf before = {0}, after = {0};

        message_id_print(&w, S("b"), &before);
        w.random[bit / 8] ^= (unsigned char)(1u << bit % 8);
        message_id_print(&w, S("b"), &after);
        ck_assert(span_eq(buf_span(&before), buf_span(&after)) == (bit >= 80));
        buf_free(&before);
        buf_free(&after);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("message_id");

    tcase_add_test(t, is_time_and_randomness);
    tcase_add_test(t, takes_a_literal);
    tcase_add_loop_test(t, is_ascii_whatever_the_domain, 0, COUNT(unfit));
    tcase_add_test(t, small_and_large_times);
    tcase_add_test(t, every_random_bit_counts);
    return unit_run("message_id", t);
}
