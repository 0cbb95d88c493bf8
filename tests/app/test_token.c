/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/token.h"

#include "sys/scratch.h"

static struct scratch here;
static struct conf conf;
static struct world world = {.now = 1000000};

static void set(const char *name, const char *value)
{
    struct err err = {0};

    ck_assert_msg(conf_set(&conf, span_of(name), span_of(value), S("test"),
                           CONF_USER, &err), "%s", err.text);
}

/* The command prints what is in the file "says". */
static void set_up(void)
{
    char command[400];

    scratch_make(&here);
    setenv("XDG_RUNTIME_DIR", here.directory, 1);
    conf_init(&conf, S(""));
    set("server", "submission://me@mx.example");
    snprintf(command, sizeof command, "cat '%s'",
             scratch_path(&here, "says"));
    set("token-command", command);
}

static void tear_down(void)
{
    char command[128];

    conf_free(&conf);
    snprintf(command, sizeof command, "rm -rf '%s'", here.directory);
    ck_assert_int_eq(system(command), 0);
}

static void says(const char *text)
{
    scratch_write(scratch_path(&here, "says"), span_of(text), 0600);
}

static void takes(bool refresh, const char *want)
{
    const struct token_wanted wanted = {&conf, &world, refresh};
    struct buf token = {0};
    struct err err = {0};

    ck_assert_msg(token_get(&wanted, &token, &err), "%s", err.text);
    ck_assert_span(buf_span(&token), span_of(want));
    buf_wipe(&token);
}

START_TEST(is_kept_until_it_ends)
{
    says("one\n3600\n");
    takes(false, "one");
    says("two\n3600\n");
    takes(false, "one");
    world.now = 1000000 + 3600 - 61;
    takes(false, "one");
    world.now++;
    takes(false, "two");
    says("three\n");
    takes(false, "two");
    takes(true, "three"); /* which has no end, and takes the other with it */
    says("four\n60\n");
    takes(false, "four");
    says("five\n61\n");
    takes(false, "five");
    says("six\n");
    takes(false, "five");
}
END_TEST

/* With another of any of these it is another token. */
START_TEST(is_for_no_other)
{
    static const char *const others[][2] = {
        {"server", "submission://me@mx2.example"},
        {"server", "submission://me@mx.example:2525"},
        {"server", "submission://you@mx.example"},
        {"server", "unix:/run/mx"},
        {"account", "work"},
        {"token-command", "echo other"},
    };

    says("one\n3600\n");
    takes(false, "one");
    says("other\n");
    set(others[_i][0], others[_i][1]);
    takes(false, "other");
}
END_TEST

START_TEST(what_is_kept_is_no_token)
{
    char command[128];

    says("one\n3600\n");
    takes(false, "one");
    snprintf(command, sizeof command,
             "for f in %s/pennypost/*; do echo 9x >$f; done", here.directory);
    ck_assert_int_eq(system(command), 0);
    says("two\n");
    takes(false, "two");
}
END_TEST

START_TEST(fails)
{
    const struct token_wanted wanted = {&conf, &world, false};
    struct buf token = {0};
    struct err err = {0};

    set("token-command", "echo please log in");
    ck_assert(!token_get(&wanted, &token, &err));
    ck_assert_str_eq(err.text, "the token-command 'echo please log in': what "
                               "it printed is no token, which holds neither "
                               "blanks nor controls");
    set("token-command", "false");
    ck_assert(!token_get(&wanted, &token, &err));
    ck_assert_str_eq(err.text, "the token-command 'false' exited with "
                               "status 1");
    ck_assert_uint_eq(token.cap, 0);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("token");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, is_kept_until_it_ends);
    tcase_add_loop_test(t, is_for_no_other, 0, 6);
    tcase_add_test(t, what_is_kept_is_no_token);
    tcase_add_test(t, fails);
    return unit_run("token", t);
}
