/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/runtime.h"

#include "scratch.h"

static struct scratch here;
static struct buf text;

static void set_up(void)
{
    scratch_make(&here);
    setenv("XDG_RUNTIME_DIR", here.directory, 1);
}

static void tear_down(void)
{
    char command[128];

    buf_wipe(&text);
    snprintf(command, sizeof command, "rm -rf '%s'", here.directory);
    ck_assert_int_eq(system(command), 0);
}

static mode_t mode_of(const char *name)
{
    struct stat st;

    ck_assert_int_eq(stat(scratch_path(&here, name), &st), 0);
    return st.st_mode & 07777;
}

START_TEST(keeps_what_is_written)
{
    umask(0);
    ck_assert(!runtime_read("token", &text));
    ck_assert(runtime_write("token", S("first and long\n")));
    ck_assert(runtime_write("token", S("second\n")));
    ck_assert(runtime_read("token", &text));
    ck_assert_span(buf_span(&text), S("second\n"));
    ck_assert_uint_eq(mode_of("pennypost"), 0700);
    ck_assert_uint_eq(mode_of("pennypost/token"), 0600);
    runtime_remove("token");
    buf_wipe(&text);
    ck_assert(!runtime_read("token", &text));
    /* Nothing but the directory is left, which has to be empty for that. */
    ck_assert_int_eq(rmdir(scratch_path(&here, "pennypost")), 0);
}
END_TEST

START_TEST(what_a_dead_one_left)
{
    char next[64];

    ck_assert(runtime_write("token", S("old")));
    snprintf(next, sizeof next, "pennypost/next.%ld", (long)getpid());
    ck_assert_int_eq(symlink("/nowhere", scratch_path(&here, next)), 0);
    ck_assert(runtime_write("token", S("new")));
    ck_assert(runtime_read("token", &text));
    ck_assert_span(buf_span(&text), S("new"));
}
END_TEST

START_TEST(how_much)
{
    struct buf much = {0};

    memset(buf_room(&much, RUNTIME_MOST + 1), 'x', RUNTIME_MOST + 1);
    buf_filled(&much, RUNTIME_MOST + 1);
    ck_assert(runtime_write("a", buf_span(&much)));
    ck_assert(!runtime_read("a", &text));
    ck_assert_uint_eq(text.cap, 0);
    buf_cut(&much, RUNTIME_MOST);
    ck_assert(runtime_write("a", buf_span(&much)));
    ck_assert(runtime_read("a", &text));
    ck_assert_uint_eq(text.len, RUNTIME_MOST);
    buf_free(&much);
}
END_TEST

/* What is not ours alone is not used. */
static const struct {
    const char *path;
    mode_t mode;
} open_ones[] = {
    {"", 0710}, {"", 0701}, {"pennypost", 0750}, {"pennypost/token", 0640},
    {"pennypost/token", 0602},
};

START_TEST(others_could_read_it)
{
    ck_assert(runtime_write("token", S("x")));
    ck_assert_int_eq(chmod(scratch_path(&here, open_ones[_i].path),
                           open_ones[_i].mode), 0);
    ck_assert(!runtime_read("token", &text));
    if (!strchr(open_ones[_i].path, '/'))
        ck_assert(!runtime_write("token", S("y")));
    chmod(here.directory, 0700);
}
END_TEST

START_TEST(someone_else_has_it)
{
    if (geteuid() != 0)
        return;
    ck_assert(runtime_write("token", S("x")));
    ck_assert_int_eq(chown(scratch_path(&here, "pennypost/token"), 1, 1), 0);
    ck_assert(!runtime_read("token", &text));
    ck_assert_int_eq(chown(scratch_path(&here, "pennypost"), 1, 1), 0);
    ck_assert(!runtime_write("token", S("y")));
}
END_TEST

START_TEST(no_link_is_followed)
{
    ck_assert(runtime_write("token", S("x")));
    ck_assert_int_eq(symlink("token",
                             scratch_path(&here, "pennypost/link")), 0);
    ck_assert(!runtime_read("link", &text));
    ck_assert_int_eq(mkdir(scratch_path(&here, "pennypost/dir"), 0700), 0);
    ck_assert(!runtime_read("dir", &text));
}
END_TEST

START_TEST(nowhere)
{
    static const char *const places[] = {"", "relative", "/nonexistent/x"};

    for (size_t i = 0; i < COUNT(places); i++) {
        setenv("XDG_RUNTIME_DIR", places[i], 1);
        ck_assert(!runtime_write("token", S("x")));
        ck_assert(!runtime_read("token", &text));
        runtime_remove("token");
    }
    unsetenv("XDG_RUNTIME_DIR");
    ck_assert(!runtime_write("token", S("x")));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("runtime");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, keeps_what_is_written);
    tcase_add_test(t, what_a_dead_one_left);
    tcase_add_test(t, how_much);
    tcase_add_loop_test(t, others_could_read_it, 0, COUNT(open_ones));
    tcase_add_test(t, someone_else_has_it);
    tcase_add_test(t, no_link_is_followed);
    tcase_add_test(t, nowhere);
    return unit_run("runtime", t);
}
