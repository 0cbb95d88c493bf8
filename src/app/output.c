/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/output.h"

#include "sys/clock.h"
#include "sys/signals.h"

#include <errno.h>
#include <unistd.h>

enum {
    TELL_MS = 5000,
    PIECE = 512, /* what a pipe that has room takes at once (POSIX, PIPE_BUF) */
};

/* Never more than there is room for, so that no write waits. */
static bool write_all(int fd, struct span text, int64_t patience_ms,
                      const volatile sig_atomic_t *stop)
{
    struct pollfd room = {.fd = fd, .events = POLLOUT};

    while (text.n) {
        ssize_t n;

        if (clock_wait(&room, 1, clock_ms() + patience_ms, stop) !=
            CLOCK_READY) {
            errno = EAGAIN;
            return false;
        }
        n = write(fd, text.p, span_upto(text, PIECE).n);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return false;
        text = span_from(text, n > 0 ? (size_t)n : 0);
    }
    return true;
}

bool output_tell(struct span text)
{
    return write_all(STDERR_FILENO, text, TELL_MS, NULL);
}

void output_error(const struct err *err)
{
    struct buf text = {0};

    err_print(err, &text);
    output_tell(buf_span(&text));
    buf_free(&text);
}

bool output_print(struct span text, struct err *err)
{
    if (write_all(STDOUT_FILENO, text, INT32_MAX, signals_flag()))
        return true;
    return fail(err, ERR_IO, "cannot write to standard output: %s",
                strerror(errno));
}
