/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mended.h"

#include "mail/phrase.h"

static bool is_between(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static bool is_complete(struct span word)
{
    size_t at = span_find(word, '@');

    if (at == 0 || at + 1 >= word.n)
        return false;
    for (size_t i = 0; i < word.n; i++)
        if (i != at && word.p[i] != '.' && !address_is_atext(word.p[i]))
            return false;
    return true;
}

/* The address at the front of TEXT; empty where there is none. */
static struct span word_of(struct span text)
{
    size_t n = 0;

    while (n < text.n && !is_between(text.p[n]) && text.p[n] != ',')
        n++;
    return span_upto(text, n);
}

/* Blanks and commas; *COMMA: there is one. */
static struct span gap_of(struct span text, bool *comma)
{
    size_t n = 0;

    for (*comma = false; n < text.n; n++) {
        if (!is_between(text.p[n]) && text.p[n] != ',')
            break;
        *comma = *comma || text.p[n] == ',';
    }
    return span_upto(text, n);
}

bool mended_commas(struct span text, struct buf *out)
{
    size_t before = out->len;
    struct span word = {0}, gap;
    bool comma;

    for (; text.n; text = span_from(text, word.n)) {
        gap = gap_of(text, &comma);
        if (word.n && gap.n < text.n && !comma)
            buf_addc(out, ',');
        buf_add(out, gap);
        text = span_from(text, gap.n);
        word = word_of(text);
        if (word.n && !is_complete(word)) {
            buf_cut(out, before);
            return false;
        }
        buf_add(out, word);
    }
    return true;
}

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

static struct span with_commas(struct span body, struct arena *arena)
{
    struct buf out = {0};
    struct span mended = body;

    if (mended_commas(body, &out))
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
    mended = with_commas(body, arena);
    if (mended.n == body.n)
        mended = without_bare_at(body, arena);
    if (mended.n == body.n || !address_read(mended, arena, first, &ignored))
        return false;
    *text = mended;
    return true;
}
