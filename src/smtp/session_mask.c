/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a server says of what we said, with the secrets taken out. */
#include "smtp/session_steps.h"

enum {
    SECRET_LEAST = 4,    /* a shorter one is not masked                */
    PIECE_LEAST = 6,     /* so much of one gives it away               */
    MASK_MOST = 1 << 26, /* text times secret: more is not looked at   */
};

/* How long TEXT and SECRET are the same from their beginnings on. */
static size_t common(struct span text, struct span secret)
{
    size_t n = 0;

    while (n < text.n && n < secret.n &&
           ascii_lower(text.p[n]) == ascii_lower(secret.p[n]))
        n++;
    return n;
}

/* The longest piece of SECRET, from anywhere in it, that TEXT begins with. */
static size_t piece(struct span text, struct span secret)
{
    size_t longest = 0;

    for (size_t i = 0; i < secret.n; i++) {
        size_t n = common(text, span_from(secret, i));

        longest = n > longest ? n : longest;
    }
    return longest;
}

static void mask(struct buf *text, struct span secret)
{
    size_t least = secret.n < PIECE_LEAST ? secret.n : PIECE_LEAST;

    if (secret.n < SECRET_LEAST)
        return; /* to hide it would be to show it */
    if (secret.n * text->len > MASK_MOST) {
        buf_clear(text);
        buf_add(text, S("(too long to be shown)"));
    }
    for (size_t i = 0; i < text->len; i++) {
        size_t n = piece(span_from(buf_span(text), i), secret);

        if (n >= least) {
            memset(text->data + i, '*', n);
            i += n - 1;
        }
    }
}

void session_mask(const struct session *s, struct buf *text)
{
    if (!s->said.len)
        return;
    mask(text, s->settings->credentials->password);
    mask(text, s->settings->credentials->token);
    mask(text, buf_span(&s->said));
}
