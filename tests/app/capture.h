/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * capture - what is written to a descriptor meanwhile
 *
 *     struct capture c = capture_begin(STDERR_FILENO);
 *     ...
 *     capture_end(&c, &text);
 */
#ifndef PENNYPOST_TESTS_APP_CAPTURE_H
#define PENNYPOST_TESTS_APP_CAPTURE_H

#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

struct capture {
    int fd, file, saved;
};

static inline struct capture capture_begin(int fd)
{
    char path[] = "/tmp/pennypost-capture-XXXXXX";
    struct capture c = {.fd = fd, .file = mkstemp(path), .saved = dup(fd)};

    ck_assert_int_ge(c.file, 0);
    unlink(path);
    dup2(c.file, fd);
    return c;
}

/* Put it into TEXT, which is empty before; no more than 64 KiB. */
static inline void capture_end(struct capture *c, struct buf *text)
{
    enum { MOST = 65536 };
    ssize_t n;

    dup2(c->saved, c->fd);
    lseek(c->file, 0, SEEK_SET);
    n = read(c->file, buf_room(text, MOST), MOST);
    ck_assert_int_ge(n, 0);
    buf_filled(text, (size_t)n);
    close(c->file);
    close(c->saved);
}

#endif
