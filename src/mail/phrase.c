/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/phrase.h"

#include "mail/address.h"
#include "mail/encoded_word.h"

static bool is_control(char c)
{
    return (unsigned char)c < ' ' || c == 127;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

struct span phrase_trim(struct span s)
{
    while (s.n && is_blank(s.p[0]))
        s = span_from(s, 1);
    while (s.n && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

static bool is_words(struct span text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != ' ' && !address_is_atext(text.p[i]))
            return false;
    return true;
}

/* RFC 5322, 3.2.4 and 3.2.5: words as they are, all else as one string. */
static void add_words(struct span text, struct buf *out)
{
    if (is_words(text)) {
        buf_add(out, text);
        return;
    }
    buf_addc(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"' || text.p[i] == '\\')
            buf_addc(out, '\\');
        buf_addc(out, text.p[i]);
    }
    buf_addc(out, '"');
}

/* What a "Q" encoded-word in a phrase may hold: RFC 2047, 5 (3). */
static bool is_phrase_safe(char c)
{
    char small = ascii_lower(c);

    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9')
           || memchr("!*+-/=_", c, 7);
}

/* Take the first encoded-word of TEXT that can be one in a phrase. */
static bool find_encoded(struct span text, struct encoded_word *w)
{
    while (encoded_word_find(text, w)) {
        size_t safe = 0;

        while (safe < w->text.n && is_phrase_safe(w->text.p[safe]))
            safe++;
        if (w->encoding == 'q' || safe == w->text.n)
            return true;
        text = span_from(text, (size_t)(w->whole.p - text.p) + w->whole.n);
    }
    return false;
}

/* A "Q" one out of a comment may hold what one in a phrase must not. */
static void add_encoded(const struct encoded_word *w, struct buf *out)
{
    size_t before = (size_t)(w->text.p - w->whole.p);

    buf_add(out, span_upto(w->whole, before));
    for (size_t i = 0; i < w->text.n; i++)
        if (is_phrase_safe(w->text.p[i]))
            buf_addc(out, w->text.p[i]);
        else
            buf_printf(out, "=%02X", (unsigned char)w->text.p[i]);
    buf_add(out, span_from(w->whole, before + w->text.n));
}

/* Words that stand behind others in the same phrase, if they do. */
static void add_behind(struct span text, size_t start, struct buf *out)
{
    text = phrase_trim(text);
    if (span_empty(text))
        return;
    if (out->len > start)
        buf_addc(out, ' ');
    add_words(text, out);
}

void phrase_add(struct span text, struct buf *out)
{
    struct buf clean = {0};
    struct encoded_word w;
    struct span rest;
    size_t start = out->len;

    for (size_t i = 0; i < text.n; i++)
        buf_addc(&clean, is_control(text.p[i]) ? ' ' : text.p[i]);
    for (rest = buf_span(&clean); find_encoded(rest, &w);) {
        size_t at = (size_t)(w.whole.p - rest.p);

        add_behind(span_upto(rest, at), start, out);
        if (out->len > start)
            buf_addc(out, ' ');
        add_encoded(&w, out);
        rest = span_from(rest, at + w.whole.n);
    }
    add_behind(rest, start, out);
    buf_free(&clean);
}

size_t phrase_token(struct span s)
{
    char open = s.n ? s.p[0] : '\0';
    char close = open == '[' ? ']' : open == '(' ? ')' : open;
    size_t depth = 0;

    if (!s.n || !memchr("\"[(", open, 3))
        return s.n > 0;
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] == '\\')
            i++;
        else if (s.p[i] == close && depth-- == 0)
            return i + 1;
        else if (s.p[i] == '(' && open == '(')
            depth++;
    }
    return 0;
}

struct span phrase_text(struct span phrase, struct arena *arena)
{
    struct buf mailbox = {0};
    struct address *a = NULL;
    struct err ignored;
    struct span text = {0};

    buf_add(&mailbox, phrase);
    buf_add(&mailbox, S("<a@b>"));
    if (address_read(buf_span(&mailbox), arena, &a, &ignored) && a)
        text = phrase_trim(a->display);
    buf_free(&mailbox);
    return text;
}

/* Where the names of a mailbox stand that is being read. */
struct place {
    const char *begin;   /* of the mailbox                         */
    struct span phrase;  /* up to "<"; its p is NULL: there is none */
    struct span comment; /* the first one that is not blank        */
    bool address;        /* there is more than blanks and comments */
};

static void comment_seen(struct place *at, struct span comment)
{
    struct span inside = span_upto(span_from(comment, 1), comment.n - 2);

    if (span_empty(at->comment))
        at->comment = phrase_trim(inside);
}

/* PIECE is behind those of AT.  False where the mailbox ends before it. */
static bool piece_seen(struct place *at, struct span piece)
{
    char c = piece.p[0];

    if (c == ',' || c == ';' || c == ':') {
        if (at->address && c != ':')
            return false;
        *at = (struct place){.begin = piece.p + 1};
    } else if (c == '(') {
        comment_seen(at, piece);
    } else if (c == '<') {
        at->phrase = (struct span){at->begin, (size_t)(piece.p - at->begin)};
        at->address = true;
    } else if (!is_blank(c)) {
        at->address = true;
    }
    return true;
}

/* From "<" on, what matters in an address is where it ends. */
static size_t angle_length(struct span s)
{
    size_t n = 1;

    while (n < s.n && s.p[n] != '>') {
        size_t token = phrase_token(span_from(s, n));

        if (token == 0)
            return s.n;
        n += token;
    }
    return n < s.n ? n + 1 : n;
}

static struct place first_place(struct span list)
{
    struct place at = {.begin = list.p};
    size_t n;

    for (; !span_empty(list); list = span_from(list, n)) {
        n = list.p[0] == '<' ? angle_length(list) : phrase_token(list);
        if (n == 0 || !piece_seen(&at, span_upto(list, n)))
            break;
    }
    return at;
}

static void add_comment(struct span inside, struct buf *out)
{
    struct buf text = {0};

    for (size_t i = 0; i < inside.n; i++) {
        if (inside.p[i] == '\n')
            continue;
        if (inside.p[i] == '\\' && i + 1 < inside.n)
            i++;
        buf_addc(&text, inside.p[i]);
    }
    phrase_add(buf_span(&text), out);
    buf_free(&text);
}

void phrase_of_first(struct span list, struct buf *out)
{
    struct place at = first_place(list);
    struct arena arena = {0};

    if (!span_empty(phrase_text(at.phrase, &arena)))
        buf_add(out, phrase_trim(at.phrase));
    else
        add_comment(at.comment, out);
    arena_free(&arena);
}
