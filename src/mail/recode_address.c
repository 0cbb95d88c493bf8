/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/recode_address.h"

#include "base/utf8.h"
#include "mail/encoded_word.h"
#include "mail/idn.h"

/*
 * The comment, quoted string, literal or octet in front of S; 0 where it is
 * one that does not end.
 */
static size_t token(struct span s)
{
    char close = s.p[0] == '"' ? '"' : s.p[0] == '[' ? ']' : ')';
    size_t depth = 0;

    if (s.p[0] != '"' && s.p[0] != '[' && s.p[0] != '(')
        return 1;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (c == '\\')
            i++;
        else if (c == '(' && close == ')')
            depth++;
        else if (c == close && i > 0 && (close != ')' || --depth == 0))
            return i + 1;
    }
    return 0;
}

/* Where one of STOPS stands in S outside of all of these; s.n: nowhere. */
static bool find_outside(struct span s, struct span stops, size_t *at)
{
    size_t n;

    for (*at = 0; *at < s.n; *at += n) {
        if (span_find(stops, s.p[*at]) < stops.n)
            return true;
        n = token(span_from(s, *at));
        if (n == 0)
            return false;
    }
    return true;
}

/* TEXT is the inside of a comment; comments in it keep their parentheses. */
static void add_comment_text(struct span text, struct span charset,
                             struct buf *out)
{
    while (!span_empty(text)) {
        size_t n = 0;

        while (n < text.n && text.p[n] != '(' && text.p[n] != ')')
            n += n + 1 < text.n && text.p[n] == '\\' ? 2 : 1;
        encoded_words(span_upto(text, n), charset, WORD_COMMENT, out);
        if (n < text.n)
            buf_addc(out, text.p[n]);
        text = span_from(text, n + 1);
    }
}

static void add_comment(struct span comment, struct span charset,
                        struct buf *out)
{
    if (utf8_is_ascii(comment))
        buf_add(out, comment);
    else
        add_comment_text(comment, charset, out);
}

void recode_comments(struct span body, struct span charset, struct buf *out)
{
    size_t start = out->len, n;

    for (struct span rest = body; !span_empty(rest);
         rest = span_from(rest, n)) {
        bool comment = rest.p[0] == '(';

        n = token(rest);
        if (n == 0 || (!comment && !utf8_is_ascii(span_upto(rest, n)))) {
            buf_cut(out, start);
            encoded_words(body, charset, WORD_TEXT, out);
            return;
        }
        add_comment(span_upto(rest, n), charset, out);
    }
}

/* A quoted string's inside, or what else may be in a phrase, as text. */
static void add_phrase_text(struct span piece, struct buf *text)
{
    bool quoted = piece.p[0] == '"';

    if (quoted)
        piece = span_upto(span_from(piece, 1), piece.n - 2);
    for (size_t i = 0; i < piece.n; i++) {
        if (quoted && piece.p[i] == '\\' && i + 1 < piece.n)
            i++;
        buf_addc(text, piece.p[i]);
    }
}

static void flush_phrase(struct buf *text, struct span charset,
                         struct buf *out)
{
    struct span all = buf_span(text), words = span_trim(all);

    if (!span_empty(words)) {
        buf_add(out, span_upto(all, (size_t)(words.p - all.p)));
        encoded_words(words, charset, WORD_PHRASE, out);
        buf_add(out, span_from(all, (size_t)(words.p - all.p) + words.n));
    } else {
        buf_add(out, all);
    }
    buf_clear(text);
}

/* PHRASE is well formed; comments in it stay comments. */
static void add_phrase(struct span phrase, struct span charset,
                       struct buf *out)
{
    struct buf text = {0};

    if (utf8_is_ascii(phrase)) {
        buf_add(out, phrase);
        return;
    }
    while (!span_empty(phrase)) {
        struct span piece = span_upto(phrase, token(phrase));

        if (piece.p[0] == '(') {
            flush_phrase(&text, charset, out);
            add_comment(piece, charset, out);
        } else {
            add_phrase_text(piece, &text);
        }
        phrase = span_from(phrase, piece.n);
    }
    flush_phrase(&text, charset, out);
    buf_free(&text);
}

/* ADDRESS is local part, "@" and domain, or not even that. */
static struct span domain_of(struct span address)
{
    return span_trim(span_from(address, span_rfind(address, '@') + 1));
}

static bool add_address(struct span address, struct buf *out)
{
    struct span domain = domain_of(address), ascii;
    struct span local = span_upto(address, address.n - domain.n);
    struct arena arena = {0};
    struct err err;
    bool done;

    if (!span_empty(domain))
        local.n = (size_t)(domain.p - address.p);
    done = utf8_is_ascii(local) && !span_empty(domain) &&
           idn_to_ascii(domain, &arena, &ascii, &err);
    if (done) {
        buf_add(out, local);
        buf_add(out, ascii);
    }
    arena_free(&arena);
    return done;
}

/* NAME <ADDRESS> REST, where the address is not ASCII. */
static void add_angle(struct span name, struct span address,
                      struct span rest, struct span charset, struct buf *out)
{
    size_t start = out->len;

    add_phrase(name, charset, out);
    buf_addc(out, '<');
    if (add_address(address, out)) {
        buf_addc(out, '>');
        recode_comments(rest, charset, out);
        return;
    }
    buf_cut(out, start + (out->len - start) - 1);
    if (!span_empty(span_trim(name)) && out->data[out->len - 1] != ' ')
        buf_addc(out, ' ');
    encoded_word_encode(address, charset, WORD_PHRASE, out);
    buf_add(out, S(" :;"));
    recode_comments(rest, charset, out);
}

/* The parts of ITEM that are comments, and the address that is left. */
static void add_bare(struct span item, struct span charset, struct buf *out)
{
    struct buf address = {0}, comments = {0};

    for (struct span rest = item; !span_empty(rest);) {
        struct span piece = span_upto(rest, token(rest));

        buf_add(piece.p[0] == '(' ? &comments : &address, piece);
        rest = span_from(rest, piece.n);
    }
    if (utf8_is_ascii(buf_span(&address))) {
        recode_comments(item, charset, out);
    } else {
        struct span text = span_trim(buf_span(&address));

        buf_addc(out, ' ');
        if (!add_address(text, out)) {
            encoded_word_encode(text, charset, WORD_PHRASE, out);
            buf_add(out, S(" :;"));
        }
        if (comments.len)
            buf_addc(out, ' ');
        recode_comments(buf_span(&comments), charset, out);
    }
    buf_free(&address);
    buf_free(&comments);
}

/* Where the parts of ITEM are: what is before, in and behind "<" and ">". */
struct mailbox {
    struct span name, address, rest;
    bool angle;
};

static bool mailbox_read(struct span item, struct mailbox *m)
{
    size_t open, close;

    *m = (struct mailbox){.name = item};
    if (!find_outside(item, S("<"), &open))
        return false;
    if (open == item.n)
        return true;
    m->angle = true;
    m->name = span_upto(item, open);
    m->address = span_from(item, open + 1);
    if (!find_outside(m->address, S(">"), &close) || close == m->address.n)
        return false;
    m->rest = span_from(m->address, close + 1);
    m->address = span_upto(m->address, close);
    return true;
}

static bool add_mailbox(struct span item, struct span charset,
                        struct buf *out)
{
    struct mailbox m;

    if (utf8_is_ascii(item)) {
        buf_add(out, item);
        return true;
    }
    if (!mailbox_read(item, &m))
        return false;
    if (!m.angle) {
        add_bare(item, charset, out);
    } else if (utf8_is_ascii(m.address)) {
        add_phrase(m.name, charset, out);
        buf_printf(out, "<%.*s>", SPAN_ARG(m.address));
        recode_comments(m.rest, charset, out);
    } else {
        add_angle(m.name, m.address, m.rest, charset, out);
    }
    return true;
}

/*
 * Take the next mailbox or group name off the front of *REST, and what ends
 * it; 0 for the end of all.  Within < > nothing ends it.
 */
static bool next_item(struct span *rest, struct span *item, char *end)
{
    size_t at = 0, n;

    for (;;) {
        if (!find_outside(span_from(*rest, at), S(",;:<"), &n))
            return false;
        at += n;
        if (at == rest->n || rest->p[at] != '<')
            break;
        if (!find_outside(span_from(*rest, at), S(">"), &n))
            return false;
        at += n;
        if (at == rest->n)
            return false;
    }
    *item = span_upto(*rest, at);
    *end = at < rest->n ? rest->p[at] : '\0';
    *rest = span_from(*rest, at + 1);
    return true;
}

static bool add_addresses(struct span body, struct span charset,
                          struct buf *out)
{
    while (!span_empty(body)) {
        struct span item;
        char end;

        if (!next_item(&body, &item, &end))
            return false;
        if (end == ':')
            add_phrase(item, charset, out);
        else if (!add_mailbox(item, charset, out))
            return false;
        if (end)
            buf_addc(out, end);
    }
    return true;
}

void recode_addresses(struct span body, struct span charset, struct buf *out)
{
    size_t start = out->len;

    if (add_addresses(body, charset, out))
        return;
    buf_cut(out, start);
    encoded_words(body, charset, WORD_TEXT, out);
}

void recode_phrases(struct span body, struct span charset, struct buf *out)
{
    size_t start = out->len;

    while (!span_empty(body)) {
        size_t at;

        if (!find_outside(body, S(","), &at)) {
            buf_cut(out, start);
            encoded_words(body, charset, WORD_TEXT, out);
            return;
        }
        add_phrase(span_upto(body, at), charset, out);
        if (at < body.n)
            buf_addc(out, ',');
        body = span_from(body, at + 1);
    }
}

bool recode_address_is_utf8(struct span body)
{
    struct span item;
    struct mailbox m;
    char end;

    while (!span_empty(body) && next_item(&body, &item, &end)) {
        struct span address;

        if (end == ':' || utf8_is_ascii(item) || !mailbox_read(item, &m))
            continue;
        address = m.angle ? m.address : m.name;
        if (span_find(address, '@') < address.n &&
            !utf8_is_ascii(span_upto(address, span_rfind(address, '@'))))
            return true;
    }
    return false;
}
