/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/dot.h"

/* How much of TEXT comes before the next line that begins with a dot. */
static size_t up_to_dot(struct span text)
{
    for (size_t at = 0; at < text.n;) {
        size_t next = at + span_find(span_from(text, at), '\n') + 1;

        if (next < text.n && text.p[next] == '.')
            return next;
        at = next;
    }
    return text.n;
}

void dot_push(struct dot *d, struct span text, struct buf *out)
{
    while (!span_empty(text)) {
        size_t run = up_to_dot(text);

        if (!d->in_line && text.p[0] == '.')
            buf_addc(out, '.');
        buf_add(out, span_upto(text, run));
        d->in_line = text.p[run - 1] != '\n';
        text = span_from(text, run);
    }
}

void dot_end(struct dot *d, struct buf *out)
{
    if (d->in_line)
        buf_add(out, S("\r\n"));
    buf_add(out, S(".\r\n"));
    *d = (struct dot){0};
}
