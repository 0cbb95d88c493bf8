/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/secret.h"

#include "scratch.h"
#include "sys/clock.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

START_TEST(holds_a_copy)
{
    struct secret secret = {0};
    struct err err = {0};
    char given[] = "hunter\0two";

    ck_assert_span(secret_span(&secret), S(""));
    ck_assert(secret_set(&secret, (struct span){given, sizeof given - 1},
                         &err));
    memset(given, 'x', sizeof given);
    ck_assert_span(secret_span(&secret), S("hunter\0two"));
    ck_assert(secret_set(&secret, S("short"), &err));
    ck_assert_span(secret_span(&secret), S("short"));
    ck_assert(secret_set(&secret, S(""), &err));
    ck_assert_span(secret_span(&secret), S(""));
    secret_free(&secret);
    ck_assert_span(secret_span(&secret), S(""));
    secret_free(&secret);
}
END_TEST

static bool mapped(char *pages)
{
    return msync(pages, 1, MS_ASYNC) == 0 || errno != ENOMEM;
}

START_TEST(nothing_is_left)
{
    struct secret secret = {0};
    struct err err = {0};
    char *first, *second;

    ck_assert(secret_set(&secret, S("first"), &err));
    first = secret.pages;
    ck_assert(mapped(first));
    ck_assert(secret_set(&secret, S("second"), &err));
    second = secret.pages;
    ck_assert(!mapped(first) && mapped(second));
    secret_free(&secret);
    ck_assert(!mapped(second));
}
END_TEST

START_TEST(a_part_of_itself)
{
    struct secret secret = {0};
    struct err err = {0};

    ck_assert(secret_set(&secret, S("user:pass"), &err));
    ck_assert(secret_set(&secret, span_from(secret_span(&secret), 5), &err));
    ck_assert_span(secret_span(&secret), S("pass"));
    secret_free(&secret);
}
END_TEST

START_TEST(bounds)
{
    static char longest[SECRET_MOST + 1];
    const struct span s = {longest, sizeof longest};
    struct secret secret = {0};
    struct err err = {0};

    memset(longest, 'x', sizeof longest);
    ck_assert(secret_set(&secret, span_upto(s, SECRET_MOST), &err));
    ck_assert_span(secret_span(&secret), span_upto(s, SECRET_MOST));
    ck_assert(!secret_set(&secret, s, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, "the secret is longer than 12288 octets");
    ck_assert_uint_eq(secret_span(&secret).n, SECRET_MOST);
    secret_free(&secret);
}
END_TEST

static int lock_nothing(void)
{
    const struct rlimit none = {0, 0};
    struct secret secret = {0};
    struct err err = {0};

    setrlimit(RLIMIT_MEMLOCK, &none);
    if (geteuid() == 0 && setuid(4242424) != 0)
        return 1;
    child_assert(secret_set(&secret, S("s"), &err));
    child_assert(span_eq(secret_span(&secret), S("s")));
    secret_free(&secret);
    return 0;
}

START_TEST(where_nothing_can_be_locked)
{
    ck_assert_child(lock_nothing);
}
END_TEST

static int protect(void)
{
    struct rlimit core;

    setenv("SSLKEYLOGFILE", "/tmp/keys", 1);
    secret_protect_process();
    child_assert(!getenv("SSLKEYLOGFILE"));
    child_assert(getrlimit(RLIMIT_CORE, &core) == 0);
    child_assert(core.rlim_cur == 0 && core.rlim_max == 0);
#ifdef PR_GET_DUMPABLE
    child_assert(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
#endif
    return 0;
}

START_TEST(protects_the_process)
{
    ck_assert_child(protect);
}
END_TEST

/* The flags of the mapping: "dd" is left out of dumps, "lo" is locked. */
START_TEST(is_left_out_of_dumps)
{
    struct secret secret = {0};
    struct err err = {0};
    struct buf start = {0};
    char line[512];
    FILE *maps = fopen("/proc/self/smaps", "r");
    bool inside = false, left_out = false;

    if (!maps)
        return;
    ck_assert(secret_set(&secret, S("s"), &err));
    buf_printf(&start, "%lx-", (unsigned long)(uintptr_t)secret.pages);
    while (fgets(line, sizeof line, maps)) {
        if (strchr(line, '-') && span_starts(span_of(line), buf_span(&start)))
            inside = true;
        if (inside && span_starts(span_of(line), S("VmFlags:"))) {
            left_out = strstr(line, " dd") != NULL;
            inside = false;
        }
    }
    ck_assert(left_out);
    fclose(maps);
    buf_free(&start);
    secret_free(&secret);
}
END_TEST

static const struct {
    struct span text, line, rest;
} lines[] = {
    {SPAN_INIT("secret\n"), SPAN_INIT("secret"), SPAN_INIT("")},
    {SPAN_INIT("secret"), SPAN_INIT("secret"), SPAN_INIT("")},
    {SPAN_INIT("secret\r\n"), SPAN_INIT("secret"), SPAN_INIT("")},
    {SPAN_INIT(" a b\t\nrest\n"), SPAN_INIT(" a b\t"), SPAN_INIT("rest\n")},
};

/* TEXT in a pipe, whose other end is closed unless OPEN takes it. */
static int pipe_of(struct span text, int *open)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], text.p, text.n), (ssize_t)text.n);
    if (open)
        *open = ends[1];
    else
        close(ends[1]);
    return ends[0];
}

START_TEST(reads_a_line)
{
    int fd = pipe_of(lines[_i].text, NULL);
    struct buf line = {0};
    struct err err = {0};
    char rest[16];

    ck_assert(secret_line(fd, "x", clock_ms() + 1000, NULL, &line, &err));
    ck_assert_span(buf_span(&line), lines[_i].line);
    ck_assert_int_eq(read(fd, rest, sizeof rest), (ssize_t)lines[_i].rest.n);
    ck_assert_int_eq(memcmp(rest, lines[_i].rest.p, lines[_i].rest.n), 0);
    buf_wipe(&line);
    close(fd);
}
END_TEST

static void line_fails(int fd, const volatile sig_atomic_t *stop,
                       enum err_kind kind, const char *text)
{
    struct buf line = {0};
    struct err err = {0};

    ck_assert(!secret_line(fd, "it", clock_ms() + 50, stop, &line, &err));
    ck_assert_int_eq(err.kind, kind);
    ck_assert_str_eq(err.text, text);
    ck_assert_uint_eq(line.cap, 0);
    close(fd);
}

START_TEST(no_line_to_be_had)
{
    static const volatile sig_atomic_t stop = 1;
    int open;

    line_fails(pipe_of(S(""), NULL), NULL, ERR_CONFIG,
               "there is no password from it");
    line_fails(pipe_of(S("\r\nx"), NULL), NULL, ERR_CONFIG,
               "there is no password from it");
    line_fails(pipe_of(S("a\0b\n"), NULL), NULL, ERR_CONFIG,
               "the password from it holds a NUL");
    line_fails(pipe_of(S("half"), &open), NULL, ERR_TEMPORARY,
               "no password has come from it in time");
    close(open);
    line_fails(pipe_of(S("half"), &open), &stop, ERR_TEMPORARY,
               "stopped by a signal while waiting for a password from it");
    close(open);
    line_fails(999, NULL, ERR_CONFIG,
               "cannot read a password from it: Bad file descriptor");
}
END_TEST

/* A line with a CR may be one longer. */
START_TEST(a_line_of_any_length)
{
    struct buf text = {0}, line = {0};
    struct err err = {0};

    for (size_t more = 0; more < 3; more++) {
        buf_clear(&text);
        memset(buf_room(&text, SECRET_MOST + more), 'x', SECRET_MOST + more);
        buf_filled(&text, SECRET_MOST + more);
        buf_add(&text, S("\r\n"));
        if (more) {
            line_fails(pipe_of(buf_span(&text), NULL), NULL, ERR_CONFIG,
                       "the password from it is longer than 12288 octets");
            continue;
        }
        ck_assert(secret_line(pipe_of(buf_span(&text), NULL), "it",
                              clock_ms() + 1000, NULL, &line, &err));
        ck_assert_uint_eq(line.len, SECRET_MOST);
        buf_wipe(&line);
    }
    buf_free(&text);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("secret");

    tcase_add_test(t, holds_a_copy);
    tcase_add_test(t, nothing_is_left);
    tcase_add_test(t, a_part_of_itself);
    tcase_add_test(t, bounds);
    tcase_add_test(t, where_nothing_can_be_locked);
    tcase_add_test(t, protects_the_process);
    tcase_add_test(t, is_left_out_of_dumps);
    tcase_add_loop_test(t, reads_a_line, 0, COUNT(lines));
    tcase_add_test(t, no_line_to_be_had);
    tcase_add_test(t, a_line_of_any_length);
    return unit_run("secret", t);
}
