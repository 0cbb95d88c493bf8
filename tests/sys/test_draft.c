/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/draft.h"

#include "scratch.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

enum { MEGA = 1 << 20, LARGEST = 4 * MEGA };

static struct scratch here;
static struct draft draft;
static struct err err;
static char text[LARGEST];

static void set_up(void)
{
    scratch_make(&here);
    setenv("TMPDIR", here.directory, 1);
    draft = (struct draft){0};
    err = (struct err){0};
    /* A period that no piece and no page has. */
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i % 251);
}

static void tear_down(void)
{
    draft_free(&draft);
    scratch_remove(&here);
}

static bool add_all(size_t size, size_t piece)
{
    for (size_t at = 0; at < size; at += piece) {
        size_t n = size - at < piece ? size - at : piece;

        if (!draft_add(&draft, (struct span){text + at, n}, &err))
            return false;
    }
    return true;
}

static const struct {
    size_t size, piece;
    bool in_file;
} sizes[] = {
    {0, 1, false},
    {1, 1, false},
    {70000, 7, false},
    {MEGA - 1, 65536, false},
    {MEGA, 65536, false},
    {MEGA, MEGA, false},
    {MEGA + 1, 65536, true},
    {MEGA + 1, MEGA + 1, true},
    {MEGA + 1, 3001, true},
    {2 * MEGA, 65536, true},
    {LARGEST, 65536, true},
    {LARGEST, LARGEST, true},
    {LARGEST - 5, MEGA + 3, true},
    {LARGEST - 5, 60001, true},
};

START_TEST(comes_back_whole)
{
    struct span whole;

    ck_assert_msg(add_all(sizes[_i].size, sizes[_i].piece), "%s", err.text);
    ck_assert((draft.directory != NULL) == sizes[_i].in_file);
    ck_assert_uint_le(draft.memory.cap, MEGA);
    ck_assert_msg(draft_end(&draft, &whole, &err), "%s", err.text);
    ck_assert_uint_eq(whole.n, sizes[_i].size);
    ck_assert(span_eq(whole, (struct span){text, whole.n}));
    ck_assert((draft.map != NULL) == sizes[_i].in_file);
    ck_assert(draft.memory.len == (sizes[_i].in_file ? 0 : whole.n));
}
END_TEST

START_TEST(the_file_is_ours_alone)
{
    struct stat st;
    int fd;

    umask(0);
    ck_assert(add_all(2 * MEGA, MEGA));
    ck_assert_str_eq(draft.directory, here.directory);
    ck_assert_int_eq(scratch_count(&here), 0);
    fd = draft.fd;
    ck_assert_int_eq(fstat(fd, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
    ck_assert_uint_eq(st.st_nlink, 0);
    ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
    draft_free(&draft);
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

static const char *const unusable[] = {
    "relative", "", "/nonexistent/directory", "/dev/null", "/proc",
};

START_TEST(another_directory)
{
    setenv("TMPDIR", unusable[_i], 1);
    ck_assert_msg(add_all(2 * MEGA, MEGA), "%s", err.text);
    ck_assert_str_eq(draft.directory, "/tmp");
}
END_TEST

START_TEST(no_directory_is_named)
{
    unsetenv("TMPDIR");
    ck_assert(add_all(2 * MEGA, MEGA));
    ck_assert_str_eq(draft.directory, "/tmp");
}
END_TEST

static int without_descriptors(void)
{
    const struct rlimit few = {20, 20};

    setrlimit(RLIMIT_NOFILE, &few);
    while (dup(2) >= 0)
        continue;
    child_assert(!add_all(2 * MEGA, MEGA));
    child_assert(err.kind == ERR_IO);
    child_assert(strstr(err.text, "cannot make a temporary file in '"));
    child_assert(strstr(err.text, here.directory));
    child_assert(strstr(err.text, "': Too many open files"));
    child_assert(strstr(err.hint, "TMPDIR"));
    draft_free(&draft);
    return 0;
}

START_TEST(no_file_can_be_made)
{
    ck_assert_child(without_descriptors);
}
END_TEST

/* The limit falls inside a write: what was written of it does not count. */
static int over_file_limit(void)
{
    const struct rlimit few = {3 * MEGA / 2, 3 * MEGA / 2};

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &few);
    child_assert(!add_all(LARGEST, 65536));
    child_assert(err.kind == ERR_IO);
    child_assert(strstr(err.text, "cannot keep the message in a file in '"));
    child_assert(strstr(err.text, "': File too large"));
    child_assert(strstr(err.hint, "ulimit -f"));
    draft_free(&draft);
    return 0;
}

static int over_file_limit_at_the_end(void)
{
    const struct rlimit few = {3 * MEGA / 2, 3 * MEGA / 2};
    struct span whole = {0};

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &few);
    child_assert(add_all(2 * MEGA, 65536));
    child_assert(!draft_end(&draft, &whole, &err));
    child_assert(err.kind == ERR_IO && span_empty(whole));
    draft_free(&draft);
    return 0;
}

START_TEST(the_file_cannot_grow)
{
    ck_assert_child(over_file_limit);
    ck_assert_child(over_file_limit_at_the_end);
}
END_TEST

/* Any limit is below what the program has by now. */
static int over_memory_limit(void)
{
    const struct rlimit little = {MEGA, MEGA};
    struct span whole = {0};

    child_assert(add_all(2 * MEGA, 65536));
    setrlimit(RLIMIT_AS, &little);
    child_assert(!draft_end(&draft, &whole, &err));
    child_assert(err.kind == ERR_TEMPORARY && span_empty(whole));
    child_assert(strstr(err.text, "': Cannot allocate memory"));
    child_assert(strstr(err.hint, "ulimit -v"));
    draft_free(&draft);
    return 0;
}

START_TEST(the_file_cannot_be_mapped)
{
    ck_assert_child(over_memory_limit);
}
END_TEST

#ifdef __linux__
#include <sys/mount.h>

enum { SKIPPED = 77 };

static int on_a_full_disk(void)
{
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", "none", MS_REC | MS_PRIVATE, "") != 0 ||
        mount("none", here.directory, "tmpfs", 0, "size=1536k") != 0)
        return SKIPPED;
    child_assert(!add_all(LARGEST, 65536));
    child_assert(err.kind == ERR_TEMPORARY);
    child_assert(strstr(err.text, "': No space left on device"));
    child_assert(strstr(err.hint, "TMPDIR"));
    draft_free(&draft);
    return 0;
}

START_TEST(the_disk_is_full)
{
    int status = in_child(on_a_full_disk);

    ck_assert_msg(status == 0 || WEXITSTATUS(status) == SKIPPED,
                  "status %#x", status);
}
END_TEST
#else
START_TEST(the_disk_is_full)
{
}
END_TEST
#endif

START_TEST(limit)
{
    draft.limit = 10;
    draft.setting = "message-limit";
    ck_assert(draft_add(&draft, S("12345"), &err));
    ck_assert(draft_add(&draft, S(""), &err));
    ck_assert(draft_add(&draft, S("67890"), &err));
    ck_assert(draft_add(&draft, S(""), &err));
    ck_assert(!draft_add(&draft, S("1"), &err));
    ck_assert_int_eq(err.kind, ERR_DATA);
    ck_assert_str_eq(err.text, "the message is larger than 10 octets");
    ck_assert_str_eq(err.hint, "the setting 'message-limit' sets this limit");
}
END_TEST

START_TEST(limit_of_large_ones)
{
    draft.limit = 2 * MEGA - 1;
    ck_assert(!add_all(2 * MEGA, 65536));
    ck_assert_str_eq(err.text, "the message is larger than 2097151 octets");
    ck_assert_str_eq(err.hint, "");
    draft_free(&draft);
    draft.limit = 2 * MEGA;
    ck_assert(add_all(2 * MEGA, 65536));
}
END_TEST

static long faults(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt + usage.ru_majflt;
}

/* How many pages had to be brought in to read S. */
static long read_faults(struct span s)
{
    volatile char seen;
    long before = faults();

    for (size_t i = 0; i < s.n; i += 4096)
        seen = s.p[i];
    (void)seen;
    return faults() - before;
}

START_TEST(what_is_passed_goes_and_comes_back)
{
    struct span whole;

    ck_assert(add_all(LARGEST, MEGA));
    ck_assert(draft_end(&draft, &whole, &err));
    read_faults(whole);
    ck_assert_int_eq(read_faults(whole), 0);
    draft_passed(&draft, 1);
    draft_passed(&draft, MEGA - 1);
    ck_assert_uint_eq(draft.passed, 0);
    for (size_t upto = 0; upto <= whole.n; upto += 60001)
        draft_passed(&draft, upto);
    ck_assert_uint_eq(draft.passed % 4096, 0);
    ck_assert_uint_lt(whole.n - draft.passed, 2 * MEGA);
    ck_assert_int_ge(read_faults(span_upto(whole, 2 * MEGA)), 1);
    draft_passed(&draft, whole.n + 1);
    ck_assert_uint_eq(draft.passed, whole.n);
    ck_assert_int_ge(read_faults(whole), 1);
    ck_assert(span_eq(whole, (struct span){text, whole.n}));

    /* Once more, to another server. */
    draft_passed(&draft, 2 * MEGA);
    ck_assert_uint_eq(draft.passed, 2 * MEGA);
    ck_assert_int_ge(read_faults(span_upto(whole, 2 * MEGA)), 1);
    ck_assert(span_eq(whole, (struct span){text, whole.n}));
}
END_TEST

START_TEST(passing_what_is_in_memory)
{
    struct span whole;

    ck_assert(draft_add(&draft, S("abc"), &err));
    ck_assert(draft_end(&draft, &whole, &err));
    draft_passed(&draft, 3);
    ck_assert_span(whole, S("abc"));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("draft");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, comes_back_whole, 0, COUNT(sizes));
    tcase_add_test(t, the_file_is_ours_alone);
    tcase_add_loop_test(t, another_directory, 0, COUNT(unusable));
    tcase_add_test(t, no_directory_is_named);
    tcase_add_test(t, no_file_can_be_made);
    tcase_add_test(t, the_file_cannot_grow);
    tcase_add_test(t, the_file_cannot_be_mapped);
    tcase_add_test(t, the_disk_is_full);
    tcase_add_test(t, limit);
    tcase_add_test(t, limit_of_large_ones);
    tcase_add_test(t, what_is_passed_goes_and_comes_back);
    tcase_add_test(t, passing_what_is_in_memory);
    return unit_run("draft", t);
}
