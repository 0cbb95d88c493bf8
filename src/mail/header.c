/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/header.h"

#include "mail/lines.h"

enum { FIELD_MAX = 1024 * 1024 };

enum line_kind { FIELD, CONTINUATION, BLANK, MAILBOX, OTHER };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* What a field's name is made of: RFC 5322, 3.6.8. */
static bool is_ftext(char c)
{
    return c > ' ' && c <= '~' && c != ':';
}

static bool begins_field(struct span line)
{
    size_t n = 0;

    while (n < line.n && is_ftext(line.p[n]))
        n++;
    if (n == 0)
        return false;
    while (n < line.n && is_blank(line.p[n]))
        n++;
    return n < line.n && line.p[n] == ':';
}

static bool is_mailbox(struct span line)
{
    while (!span_empty(line) && line.p[0] == '>')
        line = span_from(line, 1);
    return span_starts(line, S("From "));
}

/* LINE is normalised and ends in LF; FIRST: there was no field before it. */
static enum line_kind line_kind(struct span line, bool first)
{
    if (line.p[0] == '\n')
        return BLANK;
    if (is_blank(line.p[0]))
        return first ? OTHER : CONTINUATION;
    if (begins_field(line))
        return FIELD;
    return first && is_mailbox(line) ? MAILBOX : OTHER;
}

static void drop_nuls(struct buf *text, size_t from)
{
    size_t kept = from;

    for (size_t i = from; i < text->len; i++)
        if (text->data[i])
            text->data[kept++] = text->data[i];
    buf_cut(text, kept);
}

/*
 * The kind is that of the line as it will be, not as it came: a line of NULs
 * is blank then, and a CR at the front of one makes it a continuation.
 */
static enum line_kind add_line(struct span line, struct buf *text)
{
    size_t start = text->len;

    lines_to_lf(span_upto(line, FIELD_MAX + 1), text);
    drop_nuls(text, start);
    return line_kind(span_from(buf_span(text), start), start == 0);
}

static bool fail_long(struct span field, struct err *err)
{
    size_t name = span_find(field, ':');

    return fail(err, ERR_DATA,
                "the header field '%.*s' is longer than %d octets",
                SPAN_ARG(span_upto(field, name < 80 ? name : 80)), FIELD_MAX);
}

/*
 * A line is normalised up to one octet more than a field may have.  Where that
 * cuts it, it is of the body, and its text is not wanted, or the end.
 */
bool header_read(struct span raw, struct buf *text, size_t *body_at,
                 struct err *err)
{
    struct span rest = raw, line;
    size_t field = 0;

    for (*body_at = 0; span_line(&rest, &line); *body_at = raw.n - rest.n) {
        size_t start = text->len;
        enum line_kind kind;

        line.n = raw.n - rest.n - *body_at;
        kind = add_line(line, text);
        if (kind == FIELD)
            field = start;
        if (kind != FIELD && kind != CONTINUATION)
            buf_cut(text, start);
        else if (line.n > FIELD_MAX || text->len - field > FIELD_MAX)
            return fail_long(span_from(buf_span(text), field), err);
        if (kind == BLANK)
            *body_at += line.n;
        if (kind == BLANK || kind == OTHER)
            return true;
    }
    return true;
}

static void field_split(struct field *f)
{
    struct span text = span_upto(f->whole, f->whole.n - 1);
    struct span line = span_upto(f->whole, span_find(f->whole, '\n'));
    size_t colon = span_find(line, ':');

    if (!span_ends(f->whole, S("\n")))
        text = f->whole;
    f->name = colon < line.n ? span_trim(span_upto(line, colon)) : S("");
    f->body = colon < line.n ? span_from(text, colon + 1) : text;
}

bool header_next(struct span *rest, struct field *f)
{
    size_t n = 0;

    if (span_empty(*rest))
        return false;
    do
        n += span_find(span_from(*rest, n), '\n') + 1;
    while (n < rest->n && is_blank(rest->p[n]));
    f->whole = span_upto(*rest, n);
    *rest = span_from(*rest, n);
    field_split(f);
    return true;
}

bool header_find(struct span header, struct span name, struct field *f)
{
    while (header_next(&header, f))
        if (field_is(f, name))
            return true;
    return false;
}

bool field_is(const struct field *f, struct span name)
{
    return span_ieq(f->name, name);
}

void field_unfold(struct span body, struct buf *out)
{
    struct span line;

    while (span_line(&body, &line))
        buf_add(out, line);
}
