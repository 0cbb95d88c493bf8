/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mended.h"

#include "mail/phrase.h"

static bool is_bare_at(struct span rest)
{
    struct span behind;

    if (rest.p[0] != '@')
        return false;
    behind = phrase_trim(span_from(rest, 1));
    return span_empty(behind) || memchr(">,;(", behind.p[0], 4);
}

/* What is in a string or a comment is no "@" of an address. */
static struct span without_bare_at(struct span body, struct arena *arena)
{
    struct buf out = {0};
    struct span mended;
    size_t n;

    for (; (n = phrase_token(body)) > 0; body = span_from(body, n))
        if (!is_bare_at(body))
            buf_add(&out, span_upto(body, n));
    buf_add(&out, body);
    mended = arena_copy(arena, buf_span(&out));
    buf_free(&out);
    return mended;
}

bool mended_read(struct span body, struct arena *arena, struct span *text,
                 struct address **first)
{
    struct err ignored;
    struct span mended;

    *text = body;
    if (address_read(body, arena, first, &ignored))
        return true;
    mended = without_bare_at(body, arena);
    if (mended.n == body.n || !address_read(mended, arena, first, &ignored))
        return false;
    *text = mended;
    return true;
}
