/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/lines.h"

#define CRLF S("\r\n")
#define LF S("\n")

/* Bytes came behind the CRs that are held: they ended no line. */
static void release_crs(struct lines *l, struct buf *out)
{
    for (; l->crs; l->crs--)
        buf_addc(out, ' ');
}

/* TEXT is of one line and has no LF. */
static void push_text(struct lines *l, struct span text, struct buf *out)
{
    l->open = l->open || !span_empty(text);
    while (!span_empty(text)) {
        struct span plain = span_upto(text, span_find(text, '\r'));

        if (span_empty(plain)) {
            l->crs++;
            text = span_from(text, 1);
            continue;
        }
        release_crs(l, out);
        buf_add(out, plain);
        text = span_from(text, plain.n);
    }
}

static void push(struct lines *l, struct span raw, struct span end,
                 struct buf *out)
{
    while (!span_empty(raw)) {
        struct span text = span_upto(raw, span_find(raw, '\n'));

        push_text(l, text, out);
        if (text.n == raw.n)
            return;
        buf_add(out, end);
        *l = (struct lines){0};
        raw = span_from(raw, text.n + 1);
    }
}

static void finish(struct lines *l, struct span end, struct buf *out)
{
    release_crs(l, out);
    if (l->open)
        buf_add(out, end);
    *l = (struct lines){0};
}

void lines_push(struct lines *l, struct span raw, struct buf *out)
{
    push(l, raw, CRLF, out);
}

void lines_end(struct lines *l, struct buf *out)
{
    finish(l, CRLF, out);
}

void lines_to_lf(struct span raw, struct buf *out)
{
    struct lines lines = {0};

    push(&lines, raw, LF, out);
    finish(&lines, LF, out);
}

uint64_t lines_size(struct span raw)
{
    uint64_t size = 0;

    while (!span_empty(raw)) {
        size_t n = span_find(raw, '\n'), rest = n + 1;

        if (n < raw.n)
            while (n && raw.p[n - 1] == '\r')
                n--;
        size += n + CRLF.n;
        raw = span_from(raw, rest);
    }
    return size;
}

/* It was no lone dot: pass on what was held. */
static void release_dot(struct lone_dot *d, struct buf *out)
{
    if (d->dot)
        buf_addc(out, '.');
    for (; d->crs; d->crs--)
        buf_addc(out, '\r');
    d->dot = false;
}

/* At the beginning of a line, or behind a dot there: take the next octet. */
static void push_start(struct lone_dot *d, char c, struct buf *out)
{
    if (!d->dot && c == '.') {
        d->dot = true;
    } else if (d->dot && c == '\r') {
        d->crs++;
    } else if (d->dot && c == '\n') {
        d->over = true;
    } else {
        release_dot(d, out);
        buf_addc(out, c);
        d->inside = c != '\n';
    }
}

bool lone_dot_push(struct lone_dot *d, struct span piece, struct buf *out)
{
    while (!d->over && !span_empty(piece)) {
        size_t n = 1;

        if (d->inside) {
            n = span_find(piece, '\n') + 1;
            buf_add(out, span_upto(piece, n));
            d->inside = n > piece.n;
        } else {
            push_start(d, piece.p[0], out);
        }
        piece = span_from(piece, n);
    }
    return d->over;
}

void lone_dot_end(struct lone_dot *d, struct buf *out)
{
    if (!d->over && d->crs)
        release_dot(d, out);
    *d = (struct lone_dot){0};
}
