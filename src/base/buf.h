/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * buf - bytes of our own, as many as it takes
 *
 * A buf grows as bytes are added and is released with buf_free().  No caller
 * counts space.  All zero is a valid, empty buf:
 *
 *     struct buf command = {0};
 *     buf_printf(&command, "MAIL FROM:<%.*s>", SPAN_ARG(sender));
 *
 * Adding cannot fail (see mem.h).  A bound on hostile input is kept by whoever
 * reads it, before it gets here.
 */
#ifndef PENNYPOST_BASE_BUF_H
#define PENNYPOST_BASE_BUF_H

#include "base/span.h"

#include <stdarg.h>

struct buf {
    char *data;
    size_t len, cap;
};

void buf_free(struct buf *);

/* What is in it; good until the buf is next changed. */
static inline struct span buf_span(const struct buf *b)
{
    return (struct span){b->data, b->len};
}

void buf_add(struct buf *, struct span);
void buf_addc(struct buf *, char);
void buf_printf(struct buf *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *, const char *format, va_list)
    __attribute__((format(printf, 2, 0)));

/*
 * Room for N bytes behind what is there, for a reader that fills it itself;
 * buf_filled() then says how many it wrote.  Never NULL.
 */
char *buf_room(struct buf *, size_t n);
void buf_filled(struct buf *, size_t n);

/* The same bytes with a NUL behind them, for an interface that wants one. */
const char *buf_cstring(struct buf *);

/* Drop the first N bytes; the rest moves to the front. */
void buf_drop(struct buf *, size_t n);

/* Keep the first N bytes. */
void buf_cut(struct buf *, size_t n);

/* Drop everything, keep the memory. */
void buf_clear(struct buf *);

/*
 * As buf_free(), but overwrite the memory first.  A buf that takes a secret
 * gets its room once, with buf_room(), so that no copy stays behind.
 */
void buf_wipe(struct buf *);

#endif
