/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/input.h"

#include "sys/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool input_reserve(struct err *err)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        /* To write, so that to read from it still fails with EBADF. */
        int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDWR;

        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", mode) != fd)
            return fail(err, ERR_SYSTEM, "cannot open '/dev/null': %s",
                        strerror(errno));
    }
    return true;
}

static bool input_failed(struct err *err)
{
    if (errno == EBADF)
        return fail(err, ERR_NO_INPUT, "standard input is closed");
    return fail(err, ERR_IO, "cannot read standard input: %s",
                strerror(errno));
}

bool input_read(int fd, const volatile sig_atomic_t *stop, struct buf *piece,
                bool *end, struct err *err)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    ssize_t n;

    buf_clear(piece);
    do {
        if (clock_wait(&wait, 1, INT64_MAX, stop) == CLOCK_STOPPED)
            return fail(err, ERR_TEMPORARY,
                        "stopped by a signal while reading the message");
        n = read(fd, buf_room(piece, INPUT_PIECE), INPUT_PIECE);
    } while (n < 0 && (errno == EINTR || errno == EAGAIN));
    if (n < 0)
        return input_failed(err);
    buf_filled(piece, (size_t)n);
    *end = n == 0;
    return true;
}
