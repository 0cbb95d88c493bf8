/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory, or the end of the program.  A child asks for more than there can
 * be: it ends at once with EX_TEMPFAIL and says why, and nothing registered
 * with atexit() runs.
 */
#include "base/mem.h"

#include "unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* AddressSanitizer is to fail as malloc() does, not to end the program. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void ask_zero(void)
{
    mem_zero(1, PTRDIFF_MAX);
}

static void ask_product(void)
{
    mem_zero(SIZE_MAX / 2 + 2, 2);
}

static void ask_resize(void)
{
    mem_resize(NULL, PTRDIFF_MAX, 1);
}

/* 4 bytes, modulo 2^64. */
static void ask_resize_product(void)
{
    mem_resize(NULL, SIZE_MAX / 4 + 2, 4);
}

static void ask_buf(void)
{
    struct buf b = {0};

    buf_addc(&b, 'x');
    buf_room(&b, SIZE_MAX);
}

static const struct {
    const char *what;
    void (*ask)(void);
} asks[] = {
    {"mem_zero", ask_zero},
    {"mem_zero, a product", ask_product},
    {"mem_resize", ask_resize},
    {"mem_resize, a product", ask_resize_product},
    {"a buf whose length overflows", ask_buf},
};

static void say_exit_ran(void)
{
    static const char text[] = "atexit ran\n";

    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        abort();
}

static _Noreturn void child(void (*ask)(void), int error_fd)
{
    if (dup2(error_fd, STDERR_FILENO) < 0 || atexit(say_exit_ran) != 0)
        _exit(EX_OSERR);
    ask();
    _exit(EX_OK);
}

/* Run ASK in a child; its wait status, and what it wrote to standard error. */
static int status_of(void (*ask)(void), struct buf *text)
{
    int ends[2], status;
    ssize_t got;
    pid_t pid;

    ck_assert_int_eq(pipe(ends), 0);
    fflush(NULL);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        child(ask, ends[1]);
    close(ends[1]);
    while ((got = read(ends[0], buf_room(text, 512), 512)) > 0)
        buf_filled(text, (size_t)got);
    close(ends[0]);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

/* The sanitizer may have said something before. */
START_TEST(ends_the_program_when_there_is_none)
{
    struct buf text = {0};
    int status = status_of(asks[_i].ask, &text);

    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == EX_TEMPFAIL,
                  "%s: status %x, \"%s\"", asks[_i].what, (unsigned)status,
                  buf_cstring(&text));
    ck_assert_msg(span_ends(buf_span(&text),
                            S("pennypost: out of memory; nothing more was "
                              "sent, try again later\n")),
                  "%s: \"%s\"", asks[_i].what, buf_cstring(&text));
    buf_free(&text);
}
END_TEST

START_TEST(gives_zeros)
{
    static const size_t sizes[][2] = {{1, 1}, {3, 5}, {1000, 8}, {1, 100000}};

    for (size_t i = 0; i < COUNT(sizes); i++) {
        size_t n = sizes[i][0] * sizes[i][1];
        unsigned char *p = mem_zero(sizes[i][0], sizes[i][1]);

        for (size_t j = 0; j < n; j++)
            ck_assert_int_eq(p[j], 0);
        memset(p, 0xFF, n);
        mem_free(p);
    }
}
END_TEST

START_TEST(is_never_null)
{
    void *none[] = {mem_zero(0, 1),         mem_zero(1, 0),
                    mem_zero(0, 0),         mem_resize(NULL, 0, 1),
                    mem_resize(NULL, 1, 0), mem_resize(mem_zero(1, 9), 0, 0)};

    for (size_t i = 0; i < COUNT(none); i++) {
        ck_assert_ptr_nonnull(none[i]);
        mem_free(none[i]);
    }
    mem_free(NULL);
}
END_TEST

START_TEST(keeps_what_was_there)
{
    char *p = mem_resize(NULL, 4, 1);

    memcpy(p, "abcd", 4);
    p = mem_resize(p, 50000, 2);
    ck_assert_span(((struct span){p, 4}), S("abcd"));
    memset(p, 'x', 100000);
    p = mem_resize(p, 1, 2);
    ck_assert_span(((struct span){p, 2}), S("xx"));
    mem_free(p);
}
END_TEST

START_TEST(wipes_that_and_no_more)
{
    char text[] = "<secret>";

    mem_wipe(text + 1, 6);
    ck_assert_span(((struct span){text, 8}), S("<\0\0\0\0\0\0>"));
    mem_wipe(text, 0);
    mem_wipe(NULL, 0);
    ck_assert_int_eq(text[0], '<');
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("mem");

    tcase_add_loop_test(t, ends_the_program_when_there_is_none, 0,
                        COUNT(asks));
    tcase_add_test(t, gives_zeros);
    tcase_add_test(t, is_never_null);
    tcase_add_test(t, keeps_what_was_there);
    tcase_add_test(t, wipes_that_and_no_more);
    return unit_run("mem", t);
}
