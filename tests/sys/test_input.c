/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/input.h"

#include "scratch.h"
#include "sys/signals.h"

#include <sys/socket.h>

static void expect(int fd, struct span want)
{
    struct buf piece = {0};
    struct err err = {0};
    bool end = true;

    ck_assert_msg(input_read(fd, NULL, &piece, &end, &err), "%s", err.text);
    ck_assert_span(buf_span(&piece), want);
    ck_assert(end == span_empty(want));
    buf_free(&piece);
}

static void expect_failure(int fd, enum err_kind kind, const char *text)
{
    struct buf piece = {0};
    struct err err = {0};
    bool end = false;

    buf_add(&piece, S("old"));
    ck_assert(!input_read(fd, NULL, &piece, &end, &err));
    ck_assert_int_eq(err.kind, kind);
    ck_assert_str_eq(err.text, text);
    ck_assert(!end && piece.len == 0);
    buf_free(&piece);
}

START_TEST(pieces_then_the_end)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "one", 3), 3);
    expect(ends[0], S("one"));
    ck_assert_int_eq(write(ends[1], "t\0o\n", 4), 4);
    close(ends[1]);
    expect(ends[0], S("t\0o\n"));
    expect(ends[0], S(""));
    expect(ends[0], S(""));
    close(ends[0]);
}
END_TEST

START_TEST(a_large_file_comes_in_pieces)
{
    static char text[2 * INPUT_PIECE + 1];
    const struct span whole = {text, sizeof text};
    struct scratch here;
    int fd;

    memset(text, 'x', sizeof text);
    scratch_make(&here);
    scratch_write(scratch_path(&here, "message"), whole, 0600);
    fd = open(scratch_path(&here, "message"), O_RDONLY);
    expect(fd, span_upto(whole, INPUT_PIECE));
    expect(fd, span_upto(whole, INPUT_PIECE));
    expect(fd, S("x"));
    expect(fd, S(""));
    close(fd);
    scratch_remove(&here);
}
END_TEST

START_TEST(a_socket_that_does_not_block)
{
    int ends[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    if (fork() == 0) {
        usleep(50 * 1000);
        _exit(write(ends[1], "late", 4) != 4);
    }
    close(ends[1]);
    expect(ends[0], S("late"));
    expect(ends[0], S(""));
    close(ends[0]);
}
END_TEST

START_TEST(a_closed_descriptor)
{
    int fd = dup(2);

    close(fd);
    expect_failure(fd, ERR_NO_INPUT, "standard input is closed");
}
END_TEST

START_TEST(a_directory)
{
    int fd = open("/", O_RDONLY);

    expect_failure(fd, ERR_IO, "cannot read standard input: Is a directory");
    close(fd);
}
END_TEST

START_TEST(a_read_error)
{
    int fd = open("/proc/self/mem", O_RDONLY);

    if (fd < 0)
        return;
    expect_failure(fd, ERR_IO,
                   "cannot read standard input: Input/output error");
    close(fd);
}
END_TEST

/* Also with something to read: a message that was begun is not finished. */
START_TEST(told_to_stop_before)
{
    const volatile sig_atomic_t stop = SIGTERM;
    struct buf piece = {0};
    struct err err = {0};
    int ends[2];
    bool end = false;

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    ck_assert(!input_read(ends[0], &stop, &piece, &end, &err));
    ck_assert_int_eq(err.kind, ERR_TEMPORARY);
    ck_assert_str_eq(err.text,
                     "stopped by a signal while reading the message");
    close(ends[0]);
    close(ends[1]);
    buf_free(&piece);
}
END_TEST

static int stop_in_the_middle(void)
{
    struct buf piece = {0};
    struct err err = {0};
    int ends[2];
    bool end = false;

    signals_catch();
    child_assert(pipe(ends) == 0);
    if (fork() == 0) {
        usleep(50 * 1000);
        _exit(kill(getppid(), SIGTERM));
    }
    child_assert(!input_read(ends[0], signals_flag(), &piece, &end, &err));
    child_assert(err.kind == ERR_TEMPORARY && !end);
    buf_free(&piece);
    return 0;
}

START_TEST(told_to_stop_in_the_middle)
{
    ck_assert_child(stop_in_the_middle);
}
END_TEST

/* Another signal, which is not for us to stop, changes nothing. */
static void pass(int signal_number)
{
    (void)signal_number;
}

static int interrupted(void)
{
    struct sigaction action = {.sa_handler = pass};
    struct buf piece = {0};
    struct err err = {0};
    int ends[2];
    bool end = false;

    signals_catch();
    sigaction(SIGUSR1, &action, NULL);
    child_assert(pipe(ends) == 0);
    if (fork() == 0) {
        usleep(30 * 1000);
        kill(getppid(), SIGUSR1);
        usleep(30 * 1000);
        _exit(write(ends[1], "late", 4) != 4);
    }
    child_assert(input_read(ends[0], signals_flag(), &piece, &end, &err));
    child_assert(span_eq(buf_span(&piece), S("late")));
    buf_free(&piece);
    return 0;
}

START_TEST(other_signals)
{
    ck_assert_child(interrupted);
}
END_TEST

static int all_closed(void)
{
    int log = fcntl(2, F_DUPFD, 10), next;
    struct buf piece = {0};
    struct err err = {0};
    bool end = false;

    close(0);
    close(1);
    close(2);
    if (!input_reserve(&err))
        return 2;
    next = open("/dev/null", O_RDONLY);
    dup2(log, 2);
    child_assert(next > 2);
    child_assert(write(1, "x", 1) == 1);
    child_assert(!input_read(0, NULL, &piece, &end, &err));
    child_assert(err.kind == ERR_NO_INPUT);
    buf_free(&piece);
    return 0;
}

static int output_closed(void)
{
    int log = fcntl(2, F_DUPFD, 10), ends[2];
    struct err err = {0};
    bool reserved;
    char c;

    child_assert(pipe(ends) == 0 && dup2(ends[0], 0) == 0);
    child_assert(write(ends[1], "x", 1) == 1);
    close(2);
    reserved = input_reserve(&err);
    child_assert(write(2, "x", 1) == 1);
    dup2(log, 2);
    child_assert(reserved);
    child_assert(read(0, &c, 1) == 1 && c == 'x');
    return 0;
}

START_TEST(closed_standard_descriptors)
{
    ck_assert_child(all_closed);
    ck_assert_child(output_closed);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("input");

    tcase_add_test(t, pieces_then_the_end);
    tcase_add_test(t, a_large_file_comes_in_pieces);
    tcase_add_test(t, a_socket_that_does_not_block);
    tcase_add_test(t, a_closed_descriptor);
    tcase_add_test(t, a_directory);
    tcase_add_test(t, a_read_error);
    tcase_add_test(t, told_to_stop_before);
    tcase_add_test(t, told_to_stop_in_the_middle);
    tcase_add_test(t, other_signals);
    tcase_add_test(t, closed_standard_descriptors);
    return unit_run("input", t);
}
