/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/resolve.h"

#include "app/capture.h"
#include "sys/scratch.h"

#define ALIASES "root: admin@example.org, ops@example.net\n" \
                "nobody: /dev/null\npostmaster: root\n"
#define BAD "pennypost: %:1: skipped 'bad': there is no ':' behind a name\n"

static const struct {
    const char *operands[4], *aliases, *out, *told;
} cases[] = {
    {{"root"}, ALIASES, "admin@example.org\nops@example.net\n", ""},
    {{"bob@x.example"}, ALIASES, "bob@x.example\n", ""},
    {{"bob"}, ALIASES, "bob@example.com\n", ""},
    {{"root, bob"}, ALIASES,
     "admin@example.org\nops@example.net\nbob@example.com\n", ""},
    {{"bob", "root", "a@b"}, ALIASES,
     "bob: bob@example.com\nroot: admin@example.org\n"
     "root: ops@example.net\na@b: a@b\n", ""},
    {{"nobody"}, ALIASES, "",
     "pennypost: nobody gets the mail to 'nobody': an alias drops it\n"},
    {{"nobody", "postmaster"}, ALIASES,
     "postmaster: admin@example.org\npostmaster: ops@example.net\n",
     "pennypost: nobody gets the mail to 'nobody': an alias drops it\n"},
    {{"root"}, "bad\n" ALIASES, "admin@example.org\nops@example.net\n", BAD},
    {{"a@b"}, "bad\n" ALIASES, "a@b\n", BAD},
    {{"x"}, "bad\nx: |y, a@b\n", "a@b\n",
     BAD "pennypost: %:2: skipped '|y': commands are not run\n"},
    {{"a@b"}, NULL, "a@b\n", ""},
};

/* Resolve the operands as "pennypost resolve" does; 0 or the exit status. */
static int resolved(const char *const *operands, const char *file,
                    struct buf *out, struct buf *told)
{
    char aliases[256], domain[] = "PENNYPOST_DOMAIN=example.com",
                       config[] = "PENNYPOST_CONFIG=/dev/null";
    const char *const environ_[] = {aliases, domain, config, NULL};
    struct app app = {.environ = environ_};
    struct span list[4];
    struct capture one, two;
    struct err err = {0};
    int status;

    snprintf(aliases, sizeof aliases, "PENNYPOST_ALIASES=%s", file);
    app.world.host = S("web1.example.com");
    app.world.login = S("alice");
    app.cli = (struct cli){.mode = CLI_RESOLVE, .operands = list};
    for (; operands[app.cli.operand_count]; app.cli.operand_count++)
        list[app.cli.operand_count] =
            span_of(operands[app.cli.operand_count]);
    one = capture_begin(STDOUT_FILENO);
    two = capture_begin(STDERR_FILENO);
    status = resolve_operands(&app, &err) ? 0 : err_status(err.kind);
    capture_end(&one, out);
    capture_end(&two, told);
    app_free(&app);
    return status;
}

START_TEST(shows_who_gets_it)
{
    struct scratch here;
    struct buf out = {0}, told = {0}, want = {0};

    scratch_make(&here);
    scratch_path(&here, "aliases");
    if (cases[_i].aliases)
        scratch_write(here.path, span_of(cases[_i].aliases), 0644);
    ck_assert_int_eq(resolved(cases[_i].operands,
                              cases[_i].aliases ? here.path : "none", &out,
                              &told), 0);
    for (const char *c = cases[_i].told; *c; c++)
        buf_add(&want, *c == '%' ? span_of(here.path)
                                 : (struct span){c, 1});
    ck_assert_span(buf_span(&out), span_of(cases[_i].out));
    ck_assert_span(buf_span(&told), buf_span(&want));
    buf_free(&out);
    buf_free(&told);
    buf_free(&want);
    scratch_remove(&here);
}
END_TEST

START_TEST(shows_nothing_where_it_fails)
{
    static const struct {
        const char *operands[3], *file;
        int status;
    } rows[] = {
        {{"a@b", "c d"}, "none", 64},
        {{"a@b", "root"}, "/nonexistent", 78},
        {{"a@b"}, "/nonexistent", 78},
        {{"a@b"}, "/", 78},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = {0}, told = {0};

        ck_assert_int_eq(resolved(rows[i].operands, rows[i].file, &out,
                                  &told), rows[i].status);
        ck_assert_uint_eq(out.len + told.len, 0);
        buf_free(&out);
        buf_free(&told);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("resolve");

    tcase_add_loop_test(t, shows_who_gets_it, 0, COUNT(cases));
    tcase_add_test(t, shows_nothing_where_it_fails);
    return unit_run("resolve", t);
}
