/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/secret.h"

#include "scratch.h"

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
    return unit_run("secret", t);
}
