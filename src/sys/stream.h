/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stream - a client at the other end of two descriptors
 *
 * For a conversation over standard input and output, be they pipes, a socket,
 * files or a terminal.  Nothing waits beyond its deadline (clock.h), and
 * nothing is written that might.
 */
#ifndef PENNYPOST_SYS_STREAM_H
#define PENNYPOST_SYS_STREAM_H

#include "base/buf.h"

#include <signal.h>

enum { STREAM_PIECE = 64 << 10 };

enum stream {
    STREAM_OK,
    STREAM_END,     /* of input                                  */
    STREAM_LATE,    /* the deadline passed                       */
    STREAM_STOPPED, /* the flag *STOP (signals_flag()) is set    */
    STREAM_LOST,    /* it cannot be read or written (any more)   */
};

/* Wait for octets, at most STREAM_PIECE, and put them into PIECE. */
enum stream stream_read(int fd, int64_t deadline,
                        const volatile sig_atomic_t *stop, struct buf *piece);

/* Write some of TEXT; *WRITTEN octets from its front are gone. */
enum stream stream_write(int fd, struct span text, size_t *written,
                         int64_t deadline, const volatile sig_atomic_t *stop);

#endif
