/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/encoded_word.h"

#include "base/utf8.h"
#include "mail/base64.h"

enum {
    WORD_MAX = 75, /* RFC 2047, 2                                      */
    FRAME = 7,     /* what is around charset and text: "=??Q?" and "?=" */
    COMMENT_ROOM = 2, /* for the parentheses, on a line of 76           */
    CHARSET_MAX = 45 /* RFC 2978, 2.3, and some room for a language     */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

/* RFC 2047, 5: what may stand for itself in the Q encoding, and where. */
static bool is_literal(char c, enum word_place place)
{
    static const struct span others[] = {
        [WORD_TEXT] = SPAN_INIT("!\"#$%&'()*+,-./:;<>@[\\]^`{|}~"),
        [WORD_COMMENT] = SPAN_INIT("!#$%&'*+,-./:;<>@[]^`{|}~"),
        [WORD_PHRASE] = SPAN_INIT("!*+-/"),
    };

    return is_alphanumeric(c) ||
           span_find(others[place], c) < others[place].n;
}

static size_t q_width(struct span text, enum word_place place)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == ' ' || is_literal(text.p[i], place) ? 1 : 3;
    return n;
}

static size_t b_width(size_t n)
{
    return (n + 2) / 3 * 4;
}

static void add_q(struct span text, enum word_place place, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == ' ')
            buf_addc(out, '_');
        else if (is_literal(text.p[i], place))
            buf_addc(out, text.p[i]);
        else
            buf_printf(out, "=%02X", (unsigned)(unsigned char)text.p[i]);
}

/* Charsets whose characters take two octets, the first of them over 127. */
static bool is_double(struct span charset)
{
    static const struct span names[] = {
        SPAN_INIT("big5"), SPAN_INIT("gb"),        SPAN_INIT("euc-"),
        SPAN_INIT("ks_c"), SPAN_INIT("shift_jis"), SPAN_INIT("x-sjis"),
        SPAN_INIT("cp9"),  SPAN_INIT("windows-31j"),
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_istarts(charset, names[i]))
            return true;
    return false;
}

/* How many octets the first character of TEXT takes. */
static size_t character(struct span text, struct span charset)
{
    size_t n = 1;

    if ((unsigned char)text.p[0] < 0x80)
        return 1;
    if (is_double(charset)) {
        /* GB 18030 has characters of four: over, digit, over, digit. */
        n = text.n > 3 && text.p[1] >= '0' && text.p[1] <= '9' ? 4 : 2;
        return n < text.n ? n : text.n;
    }
    n = utf8_length(text);
    return n ? n : 1;
}

struct style {
    struct span charset;
    enum word_place place;
    bool q;
    size_t room; /* octets of encoded text in a word */
};

static size_t width(const struct style *s, struct span text)
{
    return s->q ? q_width(text, s->place) : b_width(text.n);
}

/* RFC 2047, 4: Q where it is not much longer, for it can be read. */
static struct style style_for(struct span text, struct span charset,
                              enum word_place place)
{
    size_t most = WORD_MAX - (place == WORD_COMMENT ? COMMENT_ROOM : 0);

    return (struct style){
        .charset = charset,
        .place = place,
        .q = 2 * q_width(text, place) <= 3 * b_width(text.n),
        .room = charset.n + FRAME + 12 < most ? most - charset.n - FRAME : 12,
    };
}

/* How much of TEXT goes into one word. */
static size_t fill_word(const struct style *s, struct span text)
{
    size_t taken = 0, used = 0;

    while (taken < text.n) {
        size_t n = character(span_from(text, taken), s->charset);
        size_t more = s->q ? width(s, span_upto(span_from(text, taken), n))
                           : b_width(taken + n) - used;

        if (taken && used + more > s->room)
            break;
        taken += n;
        used += more;
    }
    return taken;
}

static void add_word(const struct style *s, struct span text, struct buf *out)
{
    buf_printf(out, "=?%.*s?%c?", SPAN_ARG(s->charset), s->q ? 'Q' : 'B');
    if (s->q)
        add_q(text, s->place, out);
    else
        base64_encode(text, out);
    buf_add(out, S("?="));
}

static void add_words(const struct style *s, struct span text,
                      struct buf *out)
{
    while (!span_empty(text)) {
        size_t n = fill_word(s, text);

        add_word(s, span_upto(text, n), out);
        text = span_from(text, n);
        if (!span_empty(text))
            buf_addc(out, ' ');
    }
}

void encoded_word_encode(struct span text, struct span charset,
                         enum word_place place, struct buf *out)
{
    struct style style = style_for(text, charset, place);

    add_words(&style, text, out);
}

/* Up to "?" and not over a blank; false where that does not come. */
static bool take_until_mark(struct span *rest, struct span *taken)
{
    size_t n = 0;

    while (n < rest->n && rest->p[n] != '?' && !is_blank(rest->p[n]))
        n++;
    *taken = span_upto(*rest, n);
    if (n == rest->n || rest->p[n] != '?')
        return false;
    *rest = span_from(*rest, n + 1);
    return true;
}

static bool is_charset(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_alphanumeric(s.p[i]) && span_find(S("-_.:+*"), s.p[i]) == 6)
            return false;
    return s.n > 0 && s.n <= CHARSET_MAX;
}

/* TEXT begins with an encoded-word. */
static bool read_word(struct span text, struct encoded_word *w)
{
    struct span rest = span_from(text, 2), encoding;

    if (!span_starts(text, S("=?")) || !take_until_mark(&rest, &w->charset) ||
        !take_until_mark(&rest, &encoding) ||
        !take_until_mark(&rest, &w->text) || !span_starts(rest, S("=")))
        return false;
    w->whole = span_upto(text, text.n - rest.n + 1);
    w->encoding = encoding.n == 1 ? ascii_lower(encoding.p[0]) : ' ';
    return is_charset(w->charset) &&
           (w->encoding == 'q' || w->encoding == 'b');
}

bool encoded_word_find(struct span text, struct encoded_word *w)
{
    for (; text.n > 1; text = span_from(text, 1)) {
        text = span_from(text, span_find(text, '='));
        if (read_word(text, w))
            return true;
    }
    return false;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void decode_q(struct span text, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        int high = i + 2 < text.n && text.p[i] == '='
                       ? hex_value(text.p[i + 1])
                       : -1;
        int low = high >= 0 ? hex_value(text.p[i + 2]) : -1;

        if (low >= 0)
            buf_addc(out, (char)(high << 4 | low));
        else
            buf_addc(out, text.p[i] == '_' ? ' ' : text.p[i]);
        i += low >= 0 ? 2 : 0;
    }
}

/*
 * An encoded-word with raw octets in it.  In Q these stand for themselves, so
 * they are escaped; a decoder of base64 passes over them, so they go.
 */
static void add_repaired(const struct encoded_word *w, enum word_place place,
                         struct buf *out)
{
    struct buf text = {0};

    if (w->encoding == 'q') {
        struct style style;

        decode_q(w->text, &text);
        style = style_for(buf_span(&text), w->charset, place);
        style.q = true;
        add_words(&style, buf_span(&text), out);
    } else {
        for (size_t i = 0; i < w->whole.n; i++)
            if ((unsigned char)w->whole.p[i] < 0x80)
                buf_addc(out, w->whole.p[i]);
    }
    buf_free(&text);
}

enum piece_kind { PIECE_PLAIN, PIECE_WORD, PIECE_RAW };

/* Blanks, and then what stands up to the next ones. */
struct piece {
    enum piece_kind kind;
    struct span gap, text;
    struct span left; /* of what stands up to the next blanks, when cut */
    struct encoded_word word;
};

static bool needs_word(struct span text, enum word_place place)
{
    return place == WORD_PHRASE || !utf8_is_ascii(text) ||
           text.n > ENCODED_WORD_LONG;
}

/*
 * What is raw and has an encoded-word within is cut there: to the decoder
 * these are one word as long as only encoded-words are between its blanks.
 */
static void cut_piece(struct piece *p, bool cut_before, enum word_place place)
{
    bool raw = cut_before || needs_word(p->text, place);
    struct span all = p->text;

    p->left = S("");
    p->kind = raw ? PIECE_RAW : PIECE_PLAIN;
    if (!encoded_word_find(all, &p->word))
        return;
    if (p->word.whole.p == all.p && (raw || p->word.whole.n == all.n)) {
        p->text = p->word.whole;
        p->kind = PIECE_WORD;
    } else if (raw) {
        p->text.n = (size_t)(p->word.whole.p - all.p);
    }
    p->left = span_from(all, p->text.n);
}

static bool next_piece(struct span *rest, enum word_place place,
                       struct piece *p)
{
    size_t gap = 0, n;

    if (!span_empty(p->left)) {
        p->gap = S("");
        p->text = p->left;
        cut_piece(p, true, place);
        return true;
    }
    while (gap < rest->n && is_blank(rest->p[gap]))
        gap++;
    p->gap = span_upto(*rest, gap);
    for (n = gap; n < rest->n && !is_blank(rest->p[n]); n++)
        ;
    if (n == gap)
        return false;
    p->text = span_from(span_upto(*rest, n), gap);
    *rest = span_from(*rest, n);
    cut_piece(p, false, place);
    return true;
}

/* Raw text that is gathered until something else comes. */
struct gather {
    struct span charset;
    enum word_place place;
    struct buf *out;
    struct buf raw;
    bool after_word; /* the last thing written is an encoded-word */
};

static void flush(struct gather *g)
{
    if (g->raw.len == 0)
        return;
    encoded_word_encode(buf_span(&g->raw), g->charset, g->place, g->out);
    buf_clear(&g->raw);
    g->after_word = true;
}

/* Blanks between two encoded-words mean nothing: these must go into one. */
static void gather_raw(struct gather *g, const struct piece *p)
{
    if (g->raw.len == 0 && g->after_word)
        buf_addc(g->out, ' ');
    else if (g->raw.len == 0)
        buf_add(g->out, p->gap);
    if (g->raw.len || g->after_word)
        buf_add(&g->raw, p->gap);
    buf_add(&g->raw, p->text);
}

static void gather_word(struct gather *g, const struct piece *p)
{
    bool after_raw = g->raw.len > 0;

    if (after_raw)
        buf_add(&g->raw, p->gap);
    flush(g);
    if (after_raw || (g->after_word && span_empty(p->gap)))
        buf_addc(g->out, ' ');
    else
        buf_add(g->out, p->gap);
    if (utf8_is_ascii(p->text))
        buf_add(g->out, p->text);
    else
        add_repaired(&p->word, g->place, g->out);
    g->after_word = true;
}

static void gather_plain(struct gather *g, const struct piece *p)
{
    flush(g);
    buf_add(g->out, p->gap);
    buf_add(g->out, p->text);
    g->after_word = false;
}

void encoded_words(struct span text, struct span charset,
                   enum word_place place, struct buf *out)
{
    struct gather g = {.charset = charset, .place = place, .out = out};
    struct piece p = {.kind = PIECE_PLAIN};
    struct span rest = text;

    while (next_piece(&rest, place, &p))
        if (p.kind == PIECE_RAW)
            gather_raw(&g, &p);
        else if (p.kind == PIECE_WORD)
            gather_word(&g, &p);
        else
            gather_plain(&g, &p);
    flush(&g);
    buf_free(&g.raw);
    buf_add(out, rest);
}
