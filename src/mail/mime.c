/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mime.h"

#include "mail/raw_lines.h"

enum { SECTIONS_MAX = 200 }; /* of a parameter: RFC 2231, 3 */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* How many octets the comment, quoted string or octet in front of S takes. */
static size_t token_length(struct span s)
{
    size_t depth = 0, i = 0;

    if (s.p[0] == '"') {
        for (i = 1; i < s.n && s.p[i] != '"'; i++)
            i += s.p[i] == '\\';
        return i < s.n ? i + 1 : s.n;
    }
    if (s.p[0] != '(')
        return 1;
    for (; i < s.n; i++) {
        depth += s.p[i] == '(';
        if (s.p[i] == ')' && --depth == 0)
            return i + 1;
        i += s.p[i] == '\\';
    }
    return s.n;
}

bool mime_segment(struct span *rest, struct span *segment)
{
    size_t n = 0;

    if (span_empty(*rest))
        return false;
    while (n < rest->n && rest->p[n] != ';')
        n += token_length(span_from(*rest, n));
    *segment = span_upto(*rest, n);
    *rest = span_from(*rest, n + 1);
    return true;
}

/* The inside of a quoted string: backslashes and folds undone. */
static void add_quoted(struct span quoted, struct buf *out)
{
    for (size_t i = 1; i < quoted.n; i++) {
        char c = quoted.p[i];

        if (c == '"')
            return;
        if (c == '\\' && i + 1 < quoted.n)
            c = quoted.p[++i];
        else if (c == '\r' || c == '\n')
            continue;
        buf_addc(out, c);
    }
}

/*
 * TEXT without comments, quotes and the blanks at both ends that were not in
 * quotes.
 */
static void add_plain(struct span text, struct buf *out)
{
    size_t start = out->len, kept = start;

    while (!span_empty(text)) {
        size_t n = token_length(text);
        char c = text.p[0];

        if (c == '"') {
            add_quoted(span_upto(text, n), out);
            kept = out->len;
        } else if (c != '(' && c != '\r' && c != '\n' &&
                   !(is_space(c) && out->len == start)) {
            buf_addc(out, c);
            if (!is_space(c))
                kept = out->len;
        }
        text = span_from(text, n);
    }
    buf_cut(out, kept);
}

bool mime_segment_read(struct span segment, struct buf *name,
                       struct buf *value)
{
    size_t n = 0;

    while (n < segment.n && segment.p[n] != '=')
        n += token_length(span_from(segment, n));
    if (n >= segment.n)
        return false;
    add_plain(span_upto(segment, n), name);
    for (size_t i = 0; i < name->len; i++)
        name->data[i] = ascii_lower(name->data[i]);
    add_plain(span_from(segment, n + 1), value);
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void add_percent(struct span s, struct buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        int high = i + 2 < s.n && s.p[i] == '%' ? hex_value(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex_value(s.p[i + 2]) : -1;

        if (low < 0) {
            buf_addc(out, s.p[i]);
            continue;
        }
        buf_addc(out, (char)(high << 4 | low));
        i += 2;
    }
}

/* The octets behind CHARSET'LANGUAGE' (RFC 2231, 4). */
static struct span behind_charset(struct span s)
{
    s = span_from(s, span_find(s, '\'') + 1);
    return span_from(s, span_find(s, '\'') + 1);
}

/* The first parameter named WANT, as it stands. */
static bool find_segment(struct span body, struct span want,
                         struct buf *value)
{
    struct span segment;
    bool found = false;

    mime_segment(&body, &segment); /* the type */
    while (!found && mime_segment(&body, &segment)) {
        struct buf name = {0};
        size_t start = value->len;

        found = mime_segment_read(segment, &name, value) &&
                span_eq(buf_span(&name), want);
        if (!found)
            buf_cut(value, start);
        buf_free(&name);
    }
    return found;
}

/* Section I of the parameter NAME: name*i or name*i*. */
static bool add_section(struct span body, struct span name, int i,
                        struct buf *value)
{
    struct buf want = {0}, text = {0};
    bool found, coded = false;

    buf_printf(&want, "%.*s*%d", SPAN_ARG(name), i);
    found = find_segment(body, buf_span(&want), &text);
    if (!found) {
        buf_addc(&want, '*');
        found = coded = find_segment(body, buf_span(&want), &text);
    }
    if (coded)
        add_percent(i ? buf_span(&text) : behind_charset(buf_span(&text)),
                    value);
    else
        buf_add(value, buf_span(&text));
    buf_free(&want);
    buf_free(&text);
    return found;
}

/* The first that is named NAME, or NAME* and coded. */
static bool find_whole(struct span body, struct span name, struct buf *value)
{
    struct span segment;
    bool found = false;

    mime_segment(&body, &segment); /* the type */
    while (!found && mime_segment(&body, &segment)) {
        struct buf have = {0}, text = {0};
        bool read = mime_segment_read(segment, &have, &text);
        struct span n = buf_span(&have);
        bool coded = span_ends(n, S("*"));

        found = read && span_eq(span_upto(n, n.n - coded), name);
        if (found && coded)
            add_percent(behind_charset(buf_span(&text)), value);
        else if (found)
            buf_add(value, buf_span(&text));
        buf_free(&have);
        buf_free(&text);
    }
    return found;
}

bool mime_parameter(struct span body, struct span name, struct buf *value)
{
    int i = 0;

    if (find_whole(body, name, value))
        return true;
    while (i < SECTIONS_MAX && add_section(body, name, i, value))
        i++;
    return i > 0;
}

/*
 * The first row that fits counts: its type and subtype are those, or begin so
 * or end so where it has a "*".
 */
static const struct {
    struct span type, subtype;
    enum mime_class class;
} classes[] = {
    {SPAN_INIT("multipart"), SPAN_INIT("signed"), MIME_SIGNED},
    {SPAN_INIT("multipart"), SPAN_INIT("digest"), MIME_DIGEST},
    {SPAN_INIT("multipart"), SPAN_INIT("*"), MIME_MULTIPART},
    {SPAN_INIT("message"), SPAN_INIT("rfc822"), MIME_MESSAGE},
    {SPAN_INIT("message"), SPAN_INIT("news"), MIME_MESSAGE},
    {SPAN_INIT("message"), SPAN_INIT("global"), MIME_GLOBAL},
    {SPAN_INIT("message"), SPAN_INIT("partial"), MIME_FIXED},
    {SPAN_INIT("message"), SPAN_INIT("external-body"), MIME_FIXED},
    {SPAN_INIT("message"), SPAN_INIT("*"), MIME_TEXT},
    {SPAN_INIT("text"), SPAN_INIT("plain"), MIME_PLAIN},
    {SPAN_INIT("text"), SPAN_INIT("*"), MIME_TEXT},
    {SPAN_INIT("application"), SPAN_INIT("xml"), MIME_TEXT},
    {SPAN_INIT("application"), SPAN_INIT("json"), MIME_TEXT},
    {SPAN_INIT("application"), SPAN_INIT("javascript"), MIME_TEXT},
    {SPAN_INIT("application"), SPAN_INIT("*+xml"), MIME_TEXT},
    {SPAN_INIT("application"), SPAN_INIT("*+json"), MIME_TEXT},
    {SPAN_INIT("image"), SPAN_INIT("*+xml"), MIME_TEXT},
    {SPAN_INIT("*"), SPAN_INIT("*"), MIME_OCTETS},
};

static bool name_fits(struct span name, struct span pattern)
{
    if (!span_starts(pattern, S("*")))
        return span_eq(name, pattern);
    return span_ends(name, span_from(pattern, 1));
}

static enum mime_class class_of(struct span type, struct span subtype)
{
    size_t i = 0;

    while (!name_fits(type, classes[i].type) ||
           !name_fits(subtype, classes[i].subtype))
        i++;
    return classes[i].class;
}

bool mime_is_token(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~' ||
            span_find(S("()<>@,;:\\\"/[]?="), s.p[i]) < 15)
            return false;
    return s.n > 0;
}

/*
 * "text" alone is text/plain, and so is what makes no sense at all; a
 * "multipart" of unknown kind is one.
 */
enum mime_class mime_class(struct span type)
{
    struct buf text = {0};
    struct span head = S(""), subtype;
    enum mime_class class = MIME_PLAIN;

    mime_segment(&type, &head);
    add_plain(head, &text);
    for (size_t i = 0; i < text.len; i++)
        text.data[i] = ascii_lower(text.data[i]);
    head = span_upto(buf_span(&text), span_find(buf_span(&text), '/'));
    subtype = span_trim(span_from(buf_span(&text), head.n + 1));
    subtype = span_upto(subtype, span_find(subtype, ' '));
    subtype = span_upto(subtype, span_find(subtype, '\t'));
    head = span_trim(head);
    if (span_eq(head, S("multipart")) ||
        (mime_is_token(head) && !span_empty(subtype)))
        class = class_of(head, subtype);
    buf_free(&text);
    return class;
}

/* What begins so is taken for an encoding of that kind. */
static const struct {
    struct span name;
    bool whole;
    enum mime_encoding encoding;
} encodings[] = {
    {SPAN_INIT("8bit"), true, MIME_8BIT},
    {SPAN_INIT("binary"), true, MIME_BINARY},
    {SPAN_INIT("quoted-printable"), true, MIME_QP},
    {SPAN_INIT("base64"), true, MIME_BASE64},
    {SPAN_INIT("x-"), false, MIME_PRIVATE},
    {SPAN_INIT("uu"), false, MIME_PRIVATE},
    {SPAN_INIT("yenc"), false, MIME_PRIVATE},
    {SPAN_INIT("binhex"), false, MIME_PRIVATE},
    {SPAN_INIT("mac-binhex"), false, MIME_PRIVATE},
};

/* The first word, without comments and a ";" that does not belong there. */
static struct span encoding_word(struct span body, struct buf *text)
{
    struct span word;

    for (; !span_empty(body); body = span_from(body, token_length(body)))
        if (body.p[0] != '(')
            buf_add(text, span_upto(body, token_length(body)));
    for (size_t i = 0; i < text->len; i++)
        text->data[i] =
            is_space(text->data[i]) ? ' ' : ascii_lower(text->data[i]);
    word = span_trim(buf_span(text));
    word = span_upto(word, span_find(word, ' '));
    while (word.n && word.p[word.n - 1] == ';')
        word.n--;
    return word;
}

enum mime_encoding mime_encoding(struct span body)
{
    struct buf text = {0};
    struct span word = encoding_word(body, &text);
    enum mime_encoding encoding = MIME_7BIT;

    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (encodings[i].whole ? span_eq(word, encodings[i].name)
                               : span_starts(word, encodings[i].name))
            encoding = encodings[i].encoding;
    buf_free(&text);
    return encoding;
}
