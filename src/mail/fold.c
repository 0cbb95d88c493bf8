/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/fold.h"

enum { LINE_BEST = 76, LINE_MAX_SMTP = 998 };

struct fold {
    struct buf *out;
    size_t column;
    bool fits; /* no line was over LINE_MAX_SMTP */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Write BLANKS and WORD, on a line of their own where these do not fit. */
static void put(struct fold *f, struct span blanks, struct span word)
{
    if (f->column + blanks.n + word.n > LINE_BEST && f->column > 0) {
        buf_addc(f->out, '\n');
        f->column = 0;
        if (span_empty(blanks))
            blanks = S(" ");
    }
    buf_add(f->out, blanks);
    buf_add(f->out, word);
    f->column += blanks.n + word.n;
    if (f->column > LINE_MAX_SMTP)
        f->fits = false;
}

/* How much of WORD goes on one line: up to the last break that fits. */
static size_t part_of(struct span word, struct span breaks)
{
    size_t best = 0;

    for (size_t i = 0; i < word.n && (best == 0 || i + 1 < LINE_BEST); i++)
        if (span_find(breaks, word.p[i]) < breaks.n)
            best = i + 1;
    return best && best < word.n ? best : word.n;
}

static void put_word(struct fold *f, struct span blanks, struct span word,
                     struct span breaks)
{
    while (word.n >= LINE_BEST) {
        size_t n = part_of(word, breaks);

        put(f, blanks, span_upto(word, n));
        word = span_from(word, n);
        blanks = S("");
        if (span_empty(word))
            return;
        /* What follows a break of ours begins a line. */
        f->column = LINE_BEST;
    }
    put(f, blanks, word);
}

bool fold_field(struct span name, struct span body, struct span breaks,
                struct buf *out)
{
    struct fold f = {.out = out, .column = name.n + 1, .fits = true};

    buf_add(out, name);
    buf_addc(out, ':');
    while (!span_empty(body)) {
        size_t gap = 0, n;

        while (gap < body.n && is_blank(body.p[gap]))
            gap++;
        for (n = gap; n < body.n && !is_blank(body.p[n]); n++)
            ;
        /* Blanks at the end would make a line of nothing else. */
        if (n > gap)
            put_word(&f, span_upto(body, gap),
                     (struct span){body.p + gap, n - gap}, breaks);
        body = span_from(body, n);
    }
    buf_addc(out, '\n');
    return f.fits && name.n < LINE_MAX_SMTP;
}
