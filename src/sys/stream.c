/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/stream.h"

#include "sys/clock.h"

#include <errno.h>
#include <unistd.h>

/* What a pipe that has room takes at once (POSIX, PIPE_BUF). */
enum { AT_ONCE = 512 };

static enum stream await(int fd, short events, int64_t deadline,
                         const volatile sig_atomic_t *stop)
{
    struct pollfd wait = {.fd = fd, .events = events};

    switch (clock_wait(&wait, 1, deadline, stop)) {
    case CLOCK_READY:
        return STREAM_OK;
    case CLOCK_LATE:
        return STREAM_LATE;
    default:
        return STREAM_STOPPED;
    }
}

static bool again(ssize_t n)
{
    return n < 0 && (errno == EINTR || errno == EAGAIN);
}

enum stream stream_read(int fd, int64_t deadline,
                        const volatile sig_atomic_t *stop, struct buf *piece)
{
    enum stream ready;
    ssize_t n;

    buf_clear(piece);
    do {
        ready = await(fd, POLLIN, deadline, stop);
        if (ready != STREAM_OK)
            return ready;
        n = read(fd, buf_room(piece, STREAM_PIECE), STREAM_PIECE);
    } while (again(n));
    if (n < 0)
        return STREAM_LOST;
    buf_filled(piece, (size_t)n);
    return n ? STREAM_OK : STREAM_END;
}

enum stream stream_write(int fd, struct span text, size_t *written,
                         int64_t deadline, const volatile sig_atomic_t *stop)
{
    enum stream ready;
    ssize_t n;

    *written = 0;
    do {
        ready = await(fd, POLLOUT, deadline, stop);
        if (ready != STREAM_OK)
            return ready;
        n = write(fd, text.p, span_upto(text, AT_ONCE).n);
    } while (again(n));
    if (n < 0)
        return STREAM_LOST;
    *written = (size_t)n;
    return STREAM_OK;
}
