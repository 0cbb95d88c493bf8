/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"

#include "base/mem.h"

#include <stdio.h>

enum { BUF_LEAST = 64 };

static void buf_reserve(struct buf *b, size_t more)
{
    size_t need = b->len + more;
    size_t cap = b->cap < BUF_LEAST ? BUF_LEAST : b->cap;

    if (need < more)
        need = SIZE_MAX; /* mem_resize() will say so */
    if (need <= b->cap)
        return;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    b->data = mem_resize(b->data, cap, 1);
    b->cap = cap;
}

void buf_free(struct buf *b)
{
    mem_free(b->data);
    *b = (struct buf){0};
}

void buf_add(struct buf *b, struct span s)
{
    if (span_empty(s))
        return;
    buf_reserve(b, s.n);
    memcpy(b->data + b->len, s.p, s.n);
    b->len += s.n;
}

void buf_addc(struct buf *b, char c)
{
    if (b->len == b->cap)
        buf_reserve(b, 1);
    b->data[b->len++] = c;
}

void buf_vprintf(struct buf *b, const char *format, va_list ap)
{
    va_list again;
    int n;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, format, ap);
    if (n > 0) {
        buf_reserve(b, (size_t)n + 1);
        vsnprintf(b->data + b->len, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    buf_vprintf(b, format, ap);
    va_end(ap);
}

char *buf_room(struct buf *b, size_t n)
{
    buf_reserve(b, n ? n : 1);
    return b->data + b->len;
}

void buf_filled(struct buf *b, size_t n)
{
    b->len += n;
}

const char *buf_cstring(struct buf *b)
{
    buf_reserve(b, 1);
    b->data[b->len] = '\0';
    return b->data;
}

void buf_drop(struct buf *b, size_t n)
{
    if (n > b->len)
        n = b->len;
    if (n && n < b->len)
        memmove(b->data, b->data + n, b->len - n);
    b->len -= n;
}

void buf_cut(struct buf *b, size_t n)
{
    if (n < b->len)
        b->len = n;
}

void buf_clear(struct buf *b)
{
    b->len = 0;
}

void buf_wipe(struct buf *b)
{
    if (b->data)
        mem_wipe(b->data, b->cap);
    buf_free(b);
}
