/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/file.h"

#include "scratch.h"

enum { SOMEBODY = 4242424 }; /* a user id that the system does not know */

static struct scratch here;
static struct file_facts facts;
static struct buf text;
static struct err err;

static void set_up(void)
{
    scratch_make(&here);
    facts = (struct file_facts){0};
    err = (struct err){0};
}

static void tear_down(void)
{
    scratch_remove(&here);
    buf_free(&text);
}

static bool read_config(const char *name)
{
    return file_read_config(scratch_path(&here, name), &facts, &text, &err);
}

static void expect_failure(const char *name, enum err_kind kind,
                           const char *why)
{
    struct buf want = {0};

    ck_assert(!read_config(name));
    ck_assert_int_eq(err.kind, kind);
    buf_printf(&want, "'%s' %s", scratch_path(&here, name), why);
    ck_assert_span(span_of(err.text), buf_span(&want));
    ck_assert_uint_eq(text.len, 0);
    buf_free(&want);
}

static const struct {
    mode_t mode;
    bool exposed;
} modes[] = {
    {0600, false}, {0400, false}, {0700, false}, {0644, true},
    {0640, true},  {0604, true},  {0610, true},  {0602, true},
};

START_TEST(reads_and_tells_the_mode)
{
    const struct span config = S("server = submission://host\n");

    scratch_write(scratch_path(&here, "config"), config, modes[_i].mode);
    ck_assert_msg(read_config("config"), "%s", err.text);
    ck_assert_span(buf_span(&text), config);
    ck_assert(!facts.missing && !facts.denied);
    ck_assert_uint_eq(facts.mode, modes[_i].mode);
    ck_assert_uint_eq(facts.owner, geteuid());
    ck_assert(facts.exposed == modes[_i].exposed);
    ck_assert(file_private("x", &facts, "a password", &err) !=
              modes[_i].exposed);
}
END_TEST

START_TEST(exposed_text)
{
    const struct file_facts open_to_all = {
        .exposed = true, .mode = 0644, .owner = 0};
    const struct file_facts of_somebody = {
        .exposed = true, .mode = 0600, .owner = SOMEBODY};

    ck_assert(!file_private("/etc/x", &open_to_all, "a password", &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, "'/etc/x' holds a password and can be read by "
                               "others (mode 0644, owner root)");
    ck_assert_str_eq(err.hint, "chmod 600 /etc/x");
    ck_assert(!file_private("/etc/x", &of_somebody, "a token", &err));
    ck_assert_str_eq(err.text, "'/etc/x' holds a token and can be read by "
                               "others (mode 0600, owner 4242424)");
    ck_assert_str_eq(err.hint,
                     "it must belong to you or to root: chown it");
}
END_TEST

/* What systemd puts for a service is root's, with the mask of its rights. */
static const struct {
    unsigned owner, mode;
    bool exposed, good;
} credentials[] = {
    {0, 0440, true, true}, {0, 0400, false, true}, {0, 0444, true, false},
    {0, 0460, true, false}, {0, 0450, true, false},
    {SOMEBODY, 0440, true, false}, {SOMEBODY, 0400, true, false},
};

START_TEST(a_credential_of_systemd)
{
    const struct file_facts of = {.exposed = credentials[_i].exposed,
                                  .mode = credentials[_i].mode,
                                  .owner = credentials[_i].owner};

    ck_assert(file_private_credential("/run/x", &of, &err) ==
              credentials[_i].good);
    if (!credentials[_i].good)
        ck_assert(strstr(err.text, "'/run/x' holds a password and can be "
                                   "read by others"));
}
END_TEST

START_TEST(of_another_owner)
{
    scratch_write(scratch_path(&here, "config"), S("x\n"), 0600);
    if (chown(scratch_path(&here, "config"), SOMEBODY, (gid_t)-1) != 0)
        return; /* only root can try this */
    ck_assert(read_config("config"));
    ck_assert(facts.exposed);
    ck_assert_uint_eq(facts.owner, SOMEBODY);
}
END_TEST

static int read_of_root_and_of_nobody(void)
{
    child_assert(chmod(here.directory, 0755) == 0);
    child_assert(setuid(SOMEBODY) == 0);
    child_assert(read_config("root"));
    child_assert(facts.owner == 0 && facts.mode == 0644 && facts.exposed);
    child_assert(!read_config("secret"));
    child_assert(facts.denied && !facts.missing && err.kind == ERR_CONFIG);
    child_assert(strstr(err.text, "/secret': Permission denied"));
    return 0;
}

START_TEST(as_another_user)
{
    scratch_write(scratch_path(&here, "root"), S("x\n"), 0644);
    scratch_write(scratch_path(&here, "secret"), S("x\n"), 0600);
    if (geteuid() == 0)
        ck_assert_child(read_of_root_and_of_nobody);
}
END_TEST

START_TEST(missing)
{
    scratch_write(scratch_path(&here, "file"), S(""), 0600);
    ck_assert(read_config("none"));
    ck_assert(facts.missing && !facts.exposed);
    ck_assert(read_config("file/none"));
    ck_assert(facts.missing);
    ck_assert(read_config("file"));
    ck_assert(!facts.missing);
    ck_assert_uint_eq(text.len, 0);
}
END_TEST

START_TEST(not_a_file)
{
    ck_assert_int_eq(mkfifo(scratch_path(&here, "pipe"), 0600), 0);
    expect_failure("pipe", ERR_CONFIG,
                   "is a pipe or device, not a file");
    expect_failure("", ERR_CONFIG, "is a directory, not a file");
    ck_assert(!file_read_config("/dev/zero", &facts, &text, &err));
    ck_assert_str_eq(err.text, "'/dev/zero' is a pipe or device, not a file");
}
END_TEST

START_TEST(size)
{
    const char *path = scratch_path(&here, "config");

    scratch_write(path, S("x"), 0600);
    ck_assert_int_eq(truncate(path, FILE_CONFIG_MOST + 1), 0);
    expect_failure("config", ERR_CONFIG, "is larger than 1048576 octets");
    ck_assert_int_eq(truncate(path, FILE_CONFIG_MOST), 0);
    expect_failure("config", ERR_CONFIG, "holds a NUL; it is no text");
}
END_TEST

START_TEST(the_largest)
{
    struct buf whole = {0};

    memset(buf_room(&whole, FILE_CONFIG_MOST), '\n', FILE_CONFIG_MOST);
    buf_filled(&whole, FILE_CONFIG_MOST);
    scratch_write(scratch_path(&here, "config"), buf_span(&whole), 0600);
    ck_assert(read_config("config"));
    ck_assert(span_eq(buf_span(&text), buf_span(&whole)));
    buf_free(&whole);
}
END_TEST

START_TEST(a_nul)
{
    scratch_write(scratch_path(&here, "config"), S("a\0b\n"), 0600);
    expect_failure("config", ERR_CONFIG, "holds a NUL; it is no text");
}
END_TEST

START_TEST(a_link_is_followed)
{
    struct scratch to = here;

    scratch_write(scratch_path(&to, "there"), S("x\n"), 0644);
    ck_assert_int_eq(symlink(to.path, scratch_path(&here, "config")), 0);
    ck_assert(read_config("config"));
    ck_assert_span(buf_span(&text), S("x\n"));
    ck_assert(facts.exposed);
}
END_TEST

START_TEST(a_read_error)
{
    if (access("/proc/self/mem", R_OK) != 0)
        return;
    ck_assert(!file_read_config("/proc/self/mem", &facts, &text, &err));
    ck_assert_int_eq(err.kind, ERR_IO);
    ck_assert_str_eq(err.text,
                     "cannot read '/proc/self/mem': Input/output error");
}
END_TEST

START_TEST(head)
{
    buf_add(&text, S("old "));
    scratch_write(scratch_path(&here, "hosts"), S("12345"), 0644);
    file_read_head(scratch_path(&here, "hosts"), 3, &text);
    ck_assert_span(buf_span(&text), S("old 123"));
    file_read_head(scratch_path(&here, "hosts"), 9, &text);
    ck_assert_span(buf_span(&text), S("old 12312345"));
    file_read_head(scratch_path(&here, "none"), 9, &text);
    file_read_head(here.directory, 9, &text);
    file_read_head("/dev/zero", 9, &text);
    file_read_head("/proc/self/mem", 9, &text);
    ck_assert_span(buf_span(&text), S("old 12312345"));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("file");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, reads_and_tells_the_mode, 0, COUNT(modes));
    tcase_add_test(t, exposed_text);
    tcase_add_test(t, of_another_owner);
    tcase_add_loop_test(t, a_credential_of_systemd, 0, COUNT(credentials));
    tcase_add_test(t, as_another_user);
    tcase_add_test(t, missing);
    tcase_add_test(t, not_a_file);
    tcase_add_test(t, size);
    tcase_add_test(t, the_largest);
    tcase_add_test(t, a_nul);
    tcase_add_test(t, a_link_is_followed);
    tcase_add_test(t, a_read_error);
    tcase_add_test(t, head);
    return unit_run("file", t);
}
