/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * letter - a message to try the pipeline with
 *
 *     struct message m = {0};
 *
 *     letter_write(&m, text, &wanted);
 *     ...
 *     message_free(&m);
 */
#ifndef PENNYPOST_TESTS_APP_LETTER_H
#define PENNYPOST_TESTS_APP_LETTER_H

#include "app/message.h"

#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

/* A descriptor to read TEXT from: a file that has no name. */
static inline int letter_open(struct span text)
{
    char path[] = "/tmp/pennypost-letter-XXXXXX";
    int fd = mkstemp(path);

    ck_assert_int_ge(fd, 0);
    unlink(path);
    ck_assert_int_eq(write(fd, text.p, text.n), (ssize_t)text.n);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* TEXT as the program would have read it, which must be possible. */
static inline void letter_write(struct message *m, struct span text,
                                const struct message_wanted *wanted)
{
    const struct message_source all = {.keep_dots = true};
    struct err err = {0};
    int fd = letter_open(text);

    ck_assert_msg(message_read(m, fd, &all, &err) && message_parse(m, &err) &&
                      message_address(m, wanted, &err) &&
                      message_compose(m, wanted, &err), "%s", err.text);
    close(fd);
}

#endif
