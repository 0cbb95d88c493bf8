/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/output.h"

#include <errno.h>
#include <unistd.h>

static bool write_all(int fd, struct span text)
{
    while (text.n) {
        ssize_t n = write(fd, text.p, text.n);

        if (n < 0 && errno != EINTR)
            return false;
        text = span_from(text, n > 0 ? (size_t)n : 0);
    }
    return true;
}

void output_tell(struct span text)
{
    write_all(STDERR_FILENO, text);
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
    if (write_all(STDOUT_FILENO, text))
        return true;
    return fail(err, ERR_IO, "cannot write to standard output: %s",
                strerror(errno));
}
