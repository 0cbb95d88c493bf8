/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/include.h"

#include "sys/scratch.h"

/* Files below a directory of their own, and what is read of them. */
struct scene {
    struct scratch here;
    struct accounts accounts;
    struct conf conf;
    struct buf denied;
    struct err err;
    bool ok;
};

/* TEXT with the scene's directory for every "~", and "~" for "^". */
static const char *placed(const struct scene *s, const char *text, char *to,
                          size_t size)
{
    size_t n = 0;

    for (; *text && n + 1 < size; text++)
        if (*text == '~')
            n += (size_t)snprintf(to + n, size - n, "%s", s->here.directory);
        else
            to[n++] = *text == '^' ? '~' : *text;
    to[n < size ? n : size - 1] = '\0';
    return to;
}

static void put(struct scene *s, const char *name, const char *text,
                mode_t mode)
{
    scratch_write(scratch_path(&s->here, name), span_of(text), mode);
}

static void scene_begin(struct scene *s)
{
    scratch_make(&s->here);
    accounts_init(&s->accounts, S(""));
    conf_init(&s->conf, S(""));
    ck_assert_int_eq(mkdir(scratch_path(&s->here, "parts"), 0700), 0);
}

static void read_main(struct scene *s, enum conf_source source)
{
    struct loading l = {&s->accounts, span_of(s->here.directory), &s->denied};
    struct file_facts facts;

    s->ok = loading_file(&l, scratch_path(&s->here, "main"), source, &facts,
                         &s->err);
    accounts_apply(&s->accounts, NULL, &s->conf);
}

static void scene_end(struct scene *s)
{
    static const char *const there[] = {"parts/a.conf", "parts/b.conf",
                                        "parts/.c.conf", "parts/d",
                                        "parts/link", "parts",
                                        "main", "fifo"};

    for (size_t i = 0; i < COUNT(there); i++)
        remove(scratch_path(&s->here, there[i]));
    ck_assert_int_eq(rmdir(s->here.directory), 0);
    conf_free(&s->conf);
    accounts_free(&s->accounts);
    buf_free(&s->denied);
}

static const struct {
    const char *rule, *path; /* "~": the directory */
    const char *timeout, *user, *text, *hint;
} includes[] = {
    {"by its name", "~/parts/a.conf", "5", "a", NULL, NULL},
    {"beside the file that includes it", "parts/a.conf", "5", "a", NULL,
     NULL},
    {"at home", "^/parts/a.conf", "5", "a", NULL, NULL},
    {"all of a kind, in order", "parts/*.conf", "6", "b", NULL, NULL},
    {"? is one character", "parts/?.conf", "6", "b", NULL, NULL},
    {"as far as they go", "parts/a*", "5", "a", NULL, NULL},
    {"stars at will", "parts/*a**f*", "5", "a", NULL, NULL},
    {"one that goes back", "parts/*o*nf", "6", "b", NULL, NULL},
    {"hidden ones when named so", "parts/.*.conf", "7", "c", NULL, NULL},
    {"brackets mean nothing", "parts/[a].con?", "", "", NULL, NULL},
    {"not the same character twice", "parts/a.*.*", "", "", NULL, NULL},
    {"what leads nowhere is none", "parts/l*", "", "", NULL, NULL},
    {"none of a kind", "parts/*.txt", "", "", NULL, NULL},
    {"a name that is longer", "parts/a.conf?", "", "", NULL, NULL},
    {"no such directory", "party/*.conf", "", "", NULL, NULL},
    {"a directory of that very name", "p*/a.conf", NULL, NULL,
     "~/main:1: there is no file '~/p*/a.conf' to include", ""},
    {"no such file", "parts/x.conf", NULL, NULL,
     "~/main:1: there is no file '~/parts/x.conf' to include", ""},
    {"a directory", "parts/d*", NULL, NULL,
     "~/main:1: '~/parts/d' is a directory, not a file", ""},
    {"a pipe, and nobody waits", "fifo", NULL, NULL,
     "~/main:1: '~/fifo' is a pipe or device, not a file", ""},
    {"no directory", "fifo/*", "", "", NULL, NULL},
    {"itself", "main", NULL, NULL,
     "~/main:1: too many files include one another", "10 deep"},
};

START_TEST(files_include_files)
{
    struct scene s = {0};
    char path[256], line[512];

    scene_begin(&s);
    put(&s, "parts/a.conf", "timeout = 5\nuser = a\n", 0644);
    put(&s, "parts/b.conf", "timeout = 6\nuser = b\n", 0644);
    put(&s, "parts/.c.conf", "timeout = 7\nuser = c\nlog = none\n", 0644);
    ck_assert_int_eq(symlink("nowhere", scratch_path(&s.here, "parts/link")),
                     0);
    mkdir(scratch_path(&s.here, "parts/d"), 0700);
    mkfifo(scratch_path(&s.here, "fifo"), 0600);
    snprintf(line, sizeof line, "include = %s\n",
             placed(&s, includes[_i].path, path, sizeof path));
    put(&s, "main", line, 0644);
    read_main(&s, CONF_USER);
    ck_assert_msg(s.ok == !includes[_i].text, "%s: %s", includes[_i].rule,
                  s.err.text);
    if (s.ok) {
        ck_assert_span(s.conf.timeout.text, span_of(includes[_i].timeout));
        ck_assert_span(s.conf.user.text, span_of(includes[_i].user));
        ck_assert_span(s.conf.log.text, span_eq(s.conf.user.text, S("c"))
                                            ? S("none")
                                            : S("syslog"));
    } else {
        ck_assert_str_eq(s.err.text, placed(&s, includes[_i].text, line,
                                            sizeof line));
        ck_assert(strstr(s.err.hint, includes[_i].hint));
        ck_assert_int_eq(s.err.kind, ERR_CONFIG);
    }
    scene_end(&s);
}
END_TEST

static const struct {
    const char *rule, *text;
    mode_t mode;
    const char *error;
} untrusted[] = {
    {"a password that others can read", "\npassword = p\n", 0644,
     "~/parts/a.conf:2: there is a password, and others can read the file"},
    {"anyone could say what to run", "timeout = 5\n", 0646,
     "~/main:3: '~/parts/a.conf' can be changed by everyone (mode 0646)"},
};

START_TEST(an_included_file_is_trusted_no_more)
{
    struct scene s = {0};
    char want[512];

    scene_begin(&s);
    put(&s, "parts/a.conf", untrusted[_i].text, untrusted[_i].mode);
    put(&s, "main", "\n\ninclude = parts/a.conf\npassword = q\n", 0600);
    read_main(&s, CONF_SYSTEM);
    ck_assert_msg(!s.ok, "%s", untrusted[_i].rule);
    ck_assert_str_eq(s.err.text, placed(&s, untrusted[_i].error, want,
                                        sizeof want));
    scene_end(&s);
}
END_TEST

/* What we may not read is an error, or if it is the system's not for us. */
START_TEST(an_included_file_that_may_not_be_read)
{
    struct scene s = {0};
    char want[512];

    if (geteuid() == 0)
        return; /* who may read everything */
    scene_begin(&s);
    put(&s, "parts/a.conf", "timeout = 5\n", 0000);
    put(&s, "parts/b.conf", "timeout = 6\n", 0600);
    put(&s, "main", "include = parts/*.conf\n", 0600);
    read_main(&s, _i ? CONF_SYSTEM : CONF_USER);
    ck_assert_int_eq(s.ok, _i);
    ck_assert_span(s.conf.timeout.text, _i ? S("6") : S(""));
    placed(&s, "'~/parts/a.conf'", want, sizeof want);
    ck_assert_span(buf_span(&s.denied), _i ? span_of(want) : S(""));
    scene_end(&s);
}
END_TEST

START_TEST(without_a_home)
{
    struct loading l = {0};
    struct file_facts facts;
    struct scene s = {0};
    char want[512];

    scene_begin(&s);
    l = (struct loading){&s.accounts, S(""), &s.denied};
    put(&s, "main", "include = ~/parts/a.conf\n", 0600);
    ck_assert(!loading_file(&l, scratch_path(&s.here, "main"), CONF_USER,
                            &facts, &s.err));
    ck_assert_str_eq(s.err.text,
                     placed(&s, "~/main:1: cannot include '^/parts/a.conf': "
                                "no home directory is known",
                            want, sizeof want));
    scene_end(&s);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("include");

    umask(022);
    tcase_add_loop_test(t, files_include_files, 0, COUNT(includes));
    tcase_add_loop_test(t, an_included_file_is_trusted_no_more, 0,
                        COUNT(untrusted));
    tcase_add_loop_test(t, an_included_file_that_may_not_be_read, 0, 2);
    tcase_add_test(t, without_a_home);
    return unit_run("include", t);
}
