/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/aliases.h"

#include "app/capture.h"
#include "sys/scratch.h"

#include <fcntl.h>

static struct scratch here;
static struct conf conf;
static struct host_aliases aliases;
static struct world world = {.host = SPAN_INIT("web1.example.org")};

static void setup(void)
{
    scratch_make(&here);
    scratch_path(&here, "aliases");
    conf_init(&conf, S(""));
    aliases = (struct host_aliases){0};
}

static void teardown(void)
{
    host_aliases_free(&aliases);
    conf_free(&conf);
    scratch_remove(&here);
}

/* The file of aliases is TEXT, and set to be. */
static void use(const char *text)
{
    struct err err;

    scratch_write(here.path, span_of(text), 0644);
    ck_assert(conf_set(&conf, S("aliases"), span_of(here.path), S("--aliases"),
                       CONF_COMMAND_LINE, &err));
}

/* Whom WHO stands for, or why not; TOLD is what is said meanwhile. */
static void ask(const char *who, const char *want, const char *told)
{
    const struct expander *e = host_aliases_expander(&aliases, &conf, &world);
    struct capture capture = capture_begin(STDERR_FILENO);
    struct arena arena = {0};
    struct expansion x = {0};
    struct address *a = NULL;
    struct buf got = {0}, said = {0};
    struct err err = {0};

    address_read(span_of(who), &arena, &a, &err);
    if (!e->expand(e->self, a, &arena, &x, &err))
        buf_printf(&got, "%d: %s; %s", err_status(err.kind), err.text,
                   err.hint);
    else if (!x.aliased)
        buf_add(&got, S("itself"));
    for (const struct address *to = x.first; to; to = to->next)
        buf_printf(&got, "%.*s@%.*s ", SPAN_ARG(to->local),
                   SPAN_ARG(to->domain));
    capture_end(&capture, &said);
    ck_assert_span(buf_span(&got), span_of(want));
    ck_assert_span(buf_span(&said), span_of(told));
    buf_free(&got);
    buf_free(&said);
    arena_free(&arena);
}

/* TEXT with the path of the file for each "%". */
static const char *placed(const char *text, char *to, size_t size)
{
    struct buf out = {0};

    for (; *text; text++)
        if (*text == '%')
            buf_add(&out, span_of(here.path));
        else
            buf_addc(&out, *text);
    snprintf(to, size, "%s", buf_cstring(&out));
    buf_free(&out);
    return to;
}

START_TEST(expands_what_the_file_says)
{
    use("root: admin@example.org\n");
    ask("root", "admin@example.org ", "");
    ask("root@web1", "admin@example.org ", "");
    ask("root@web2", "itself", "");
}
END_TEST

/* Once each, and only about what is met. */
START_TEST(tells_warnings)
{
    char told[512];

    use("x: |y\nbob\nroot: a@b\nc@d: x\n");
    ask("g@h", "itself", "");
    ask("root", "a@b ", "");
    ask("c@d", "x@ ", placed("pennypost: %:1: skipped '|y': commands are not "
                             "run\npennypost: %:1: nothing is left of 'x': "
                             "its mail goes to the name itself\n", told,
                             sizeof told));
    ask("x", "x@ ", "");
}
END_TEST

START_TEST(tells_of_a_name_without_an_alias)
{
    char told[512];

    use("bob a@b\nbad\n");
    ask("bob", "itself", placed("pennypost: %:1: skipped 'bob a@b': there is "
                                "no ':' behind a name\n", told,
                                sizeof told));
    ask("bob", "itself", "");
}
END_TEST

START_TEST(keeps_warnings_for_the_check)
{
    char told[512];
    struct buf said = {0};
    struct capture capture;
    struct err err;

    use("bad\nx: |y, a@b\n");
    host_aliases_expander(&aliases, &conf, &world);
    aliases.deferred = true;
    ask("x", "a@b ", "");
    capture = capture_begin(STDERR_FILENO);
    ck_assert(host_aliases_check(&aliases, &err));
    capture_end(&capture, &said);
    ck_assert_span(buf_span(&said),
                   span_of(placed("pennypost: %:1: skipped 'bad': there is no "
                                  "':' behind a name\npennypost: %:2: skipped "
                                  "'|y': commands are not run\n", told,
                                  sizeof told)));
    buf_free(&said);
}
END_TEST

START_TEST(the_file_has_to_be_there)
{
    char want[512];

    use("");
    unlink(here.path);
    ask("bob@example.net", "itself", "");
    for (int i = 0; i < 2; i++)
        ask("bob", placed("78: there is no file of aliases '%'; it was named "
                          "with --aliases", want, sizeof want), "");
}
END_TEST

START_TEST(but_for_the_one_that_is_built_in)
{
    char path[sizeof here.path + 2];

    snprintf(path, sizeof path, "%s.x", here.path);
    conf.aliases.text = span_of(path);
    ask("bob", "itself", "");
}
END_TEST

/* A pipe is not waited for. */
START_TEST(it_has_to_be_a_file)
{
    char want[512];

    use("");
    unlink(here.path);
    ck_assert_int_eq(mkfifo(here.path, 0600), 0);
    ask("bob", placed("78: '%' is a pipe or device, not a file; ", want,
                      sizeof want), "");
}
END_TEST

START_TEST(includes_files)
{
    char text[1024], other[sizeof here.path + 2];

    snprintf(other, sizeof other, "%s.x", here.path);
    scratch_write(other, S("ann@example.net\nbob\n"), 0644);
    use(placed("team: :include:%.x\ngone: :include:%.y\ndir: :include:/\n",
               text, sizeof text));
    ask("team", "ann@example.net bob@ ", "");
    ask("gone", placed("78: %:2: there is no file '%.y'; ", text,
                       sizeof text), "");
    ask("dir", placed("78: %:3: '/' is a directory, not a file; ", text,
                      sizeof text), "");
    unlink(other);
    ask("team", "ann@example.net bob@ ", "");
}
END_TEST

START_TEST(reads_each_file_once)
{
    use("root: a@b\n");
    ask("root", "a@b ", "");
    use("root: c@d\n");
    ask("root", "a@b ", "");
    host_aliases_free(&aliases);
    ask("root", "c@d ", "");
}
END_TEST

START_TEST(follows_the_setting)
{
    char other[sizeof here.path + 2];
    struct err err;

    snprintf(other, sizeof other, "%s.x", here.path);
    scratch_write(other, S("root: c@d\n"), 0644);
    use("root: a@b\n");
    ask("root", "a@b ", "");
    ck_assert(conf_set(&conf, S("aliases"), span_of(other), S("-O"),
                       CONF_COMMAND_LINE, &err));
    ask("root", "c@d ", "");
    ck_assert(conf_set(&conf, S("aliases"), S("none"), S("-O"),
                       CONF_COMMAND_LINE, &err));
    ck_assert_ptr_null(host_aliases_expander(&aliases, &conf, &world));
    unlink(other);
}
END_TEST

START_TEST(checks_everything)
{
    char text[1024];
    struct buf said = {0};
    struct capture capture;
    struct err err;

    use(placed("a: :include:%.x\nbad\n", text, sizeof text));
    host_aliases_expander(&aliases, &conf, &world);
    capture = capture_begin(STDERR_FILENO);
    ck_assert(host_aliases_check(&aliases, &err));
    capture_end(&capture, &said);
    ck_assert_span(buf_span(&said),
                   span_of(placed("pennypost: %:1: there is no file '%.x'\n"
                                  "pennypost: %:2: skipped 'bad': there is no "
                                  "':' behind a name\n", text,
                                  sizeof text)));
    buf_free(&said);
    host_aliases_free(&aliases);
    unlink(here.path);
    host_aliases_expander(&aliases, &conf, &world);
    ck_assert(!host_aliases_check(&aliases, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("aliases");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, expands_what_the_file_says);
    tcase_add_test(t, tells_warnings);
    tcase_add_test(t, tells_of_a_name_without_an_alias);
    tcase_add_test(t, keeps_warnings_for_the_check);
    tcase_add_test(t, the_file_has_to_be_there);
    tcase_add_test(t, but_for_the_one_that_is_built_in);
    tcase_add_test(t, it_has_to_be_a_file);
    tcase_add_test(t, includes_files);
    tcase_add_test(t, reads_each_file_once);
    tcase_add_test(t, follows_the_setting);
    tcase_add_test(t, checks_everything);
    return unit_run("aliases", t);
}
