/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/output.h"

#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/pennypost-output-XXXXXX";

/* What DO writes to descriptor FD. */
static struct buf captured(int fd, void (*act)(void))
{
    struct buf text = {0};
    int file = mkstemp(path), saved = dup(fd);

    unlink(path);
    dup2(file, fd);
    act();
    dup2(saved, fd);
    lseek(file, 0, SEEK_SET);
    buf_filled(&text, (size_t)read(file, buf_room(&text, 4096), 4096));
    close(file);
    close(saved);
    return text;
}

static void act_error(void)
{
    struct err err;

    fail(&err, ERR_TEMPORARY, "the line said '\033[2J'");
    err_hint(&err, "try again");
    output_error(&err);
}

static void act_print(void)
{
    struct err err;

    ck_assert(output_print(S("a\0b\n"), &err));
    ck_assert(output_print((struct span){0}, &err));
}

static void act_closed(void)
{
    struct err err = {0};

    close(STDOUT_FILENO);
    ck_assert(!output_print(S("x"), &err));
    ck_assert_int_eq(err.kind, ERR_IO);
}

static void act_closed_error(void)
{
    close(STDERR_FILENO);
    output_tell(S("nobody hears\n"));
}

static const struct {
    int fd;
    void (*act)(void);
    struct span want;
} cases[] = {
    {STDERR_FILENO, act_error,
     SPAN_INIT("pennypost: the line said '\\x1B[2J'\npennypost: try again\n")},
    {STDOUT_FILENO, act_print, SPAN_INIT("a\0b\n")},
    {STDOUT_FILENO, act_closed, SPAN_INIT("")},
    {STDERR_FILENO, act_closed_error, SPAN_INIT("")},
};

START_TEST(text_goes_where_it_belongs)
{
    struct buf got = captured(cases[_i].fd, cases[_i].act);

    ck_assert_span(buf_span(&got), cases[_i].want);
    buf_free(&got);
}
END_TEST

START_TEST(full_output_is_an_error)
{
    struct err err = {0};
    int full = open("/dev/full", O_WRONLY), saved = dup(STDOUT_FILENO);
    bool ok;

    if (full < 0)
        return;
    dup2(full, STDOUT_FILENO);
    ok = output_print(S("x"), &err);
    dup2(saved, STDOUT_FILENO);
    ck_assert(!ok);
    ck_assert_str_eq(err.text, "cannot write to standard output: "
                               "No space left on device");
}
END_TEST

/* A pipe that nobody reads: what does not fit is lost after a while. */
START_TEST(nobody_reads_standard_error)
{
    static char much[1 << 20];
    int ends[2], saved = dup(STDERR_FILENO);
    bool told;

    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    told = output_tell((struct span){much, sizeof much});
    dup2(saved, STDERR_FILENO);
    ck_assert(!told);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("output");

    tcase_add_loop_test(t, text_goes_where_it_belongs, 0, COUNT(cases));
    tcase_add_test(t, nobody_reads_standard_error);
    tcase_add_test(t, full_output_is_an_error);
    return unit_run("output", t);
}
