/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/stream.h"

#include "sys/clock.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static int64_t soon(void)
{
    return clock_ms() + 50;
}

START_TEST(what_comes_is_read)
{
    struct buf piece = {0};
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "a\0b", 3), 3);
    buf_add(&piece, S("old"));
    ck_assert_int_eq(stream_read(ends[0], soon(), NULL, &piece), STREAM_OK);
    ck_assert_span(buf_span(&piece), S("a\0b"));
    ck_assert_int_eq(stream_read(ends[0], soon(), NULL, &piece), STREAM_LATE);
    close(ends[1]);
    ck_assert_int_eq(stream_read(ends[0], soon(), NULL, &piece), STREAM_END);
    close(ends[0]);
    ck_assert_int_eq(stream_read(ends[0], soon(), NULL, &piece), STREAM_LOST);
    buf_free(&piece);
}
END_TEST

START_TEST(a_signal_ends_the_wait)
{
    const volatile sig_atomic_t stop = SIGTERM;
    struct buf piece = {0};
    size_t written;
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(stream_read(ends[0], soon(), &stop, &piece),
                     STREAM_STOPPED);
    ck_assert_int_eq(stream_write(ends[1], S("x"), &written, soon(), &stop),
                     STREAM_STOPPED);
    ck_assert_uint_eq(written, 0);
    buf_free(&piece);
}
END_TEST

/* A blocking socket or pipe that nobody reads holds us up no longer. */
static void fill(int fd)
{
    static const char octets[4096];
    const struct span text = {octets, sizeof octets};
    enum stream how = STREAM_OK;
    size_t written, all = 0;

    while (how == STREAM_OK) {
        how = stream_write(fd, text, &written, soon(), NULL);
        all += written;
    }
    ck_assert_int_eq(how, STREAM_LATE);
    ck_assert_uint_gt(all, 4096);
}

START_TEST(who_does_not_read_is_late)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    fill(ends[1]);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    fill(ends[0]);
}
END_TEST

START_TEST(who_is_gone_is_lost)
{
    size_t written = 1;
    int ends[2];

    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe(ends), 0);
    close(ends[0]);
    ck_assert_int_eq(stream_write(ends[1], S("x"), &written, soon(), NULL),
                     STREAM_LOST);
    ck_assert_uint_eq(written, 0);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("stream");

    tcase_add_test(t, what_comes_is_read);
    tcase_add_test(t, a_signal_ends_the_wait);
    tcase_add_test(t, who_does_not_read_is_late);
    tcase_add_test(t, who_is_gone_is_lost);
    return unit_run("stream", t);
}
