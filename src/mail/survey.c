/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/survey.h"

#include "base/mem.h"
#include "mail/lines.h"
#include "mail/part_type.h"
#include "mail/raw_lines.h"

enum {
    FIELD_MAX = 1024 * 1024, /* as in header.c                          */
    DELIMITER_MAX = 40000    /* a longer line is no delimiter           */
};

static struct part *part_at(struct survey *s, uint32_t i)
{
    return &s->parts[i];
}

static struct part *part_now(struct survey *s)
{
    return part_at(s, s->part);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static uint32_t innermost(const struct survey *s)
{
    return s->depth ? s->open[s->depth - 1] : PART_NONE;
}

/* Begin to read a part whose header is at HEADER. */
static void part_begin(struct survey *s, size_t delimiter, size_t header)
{
    if (s->count == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 8;
        s->parts = mem_resize(s->parts, s->cap, sizeof *s->parts);
    }
    s->part = s->count++;
    *part_now(s) = (struct part){
        .delimiter = delimiter,
        .header = header,
        .body = header,
        .parent = innermost(s),
    };
    s->state = SURVEY_HEADER;
    s->scan = (struct scan){0};
    s->field = NULL;
    s->has_encoding = s->any_field = false;
    buf_clear(&s->type);
    buf_clear(&s->encoding);
}

/* What was looked at last belongs to the part at hand. */
static void settle(struct survey *s)
{
    struct part *part = part_now(s);
    unsigned char *to = s->state == SURVEY_HEADER ? &part->header_traits
                        : s->state == SURVEY_BODY ? &part->body_traits
                                                  : &part->epilogue_traits;

    scan_end(&s->scan);
    *to |= (unsigned char)s->scan.traits;
    s->scan = (struct scan){0};
}

static void pop(struct survey *s)
{
    s->depth--;
    s->dividers -= part_at(s, s->open[s->depth])->kind == PART_MULTIPART;
}

static void push(struct survey *s)
{
    s->open[s->depth++] = s->part;
    s->dividers += part_now(s)->kind == PART_MULTIPART;
}

static void part_end(struct part *part, size_t at, bool delimited)
{
    part->end = at;
    part->delimited = delimited;
    if (part->kind == PART_MULTIPART && part->epilogue == 0)
        part->close = part->epilogue = at;
    if (part->kind == PART_MULTIPART && !part->divided)
        part->inner_end = at;
}

/* All that is open inside of the DEPTH outermost composites ends at AT. */
static void end_inside(struct survey *s, unsigned depth, size_t at,
                       bool delimited)
{
    settle(s);
    if (s->state == SURVEY_HEADER)
        part_now(s)->body = at;
    if (s->depth == 0 || s->part != innermost(s))
        part_end(part_now(s), at, delimited);
    while (s->depth > depth) {
        part_end(part_at(s, innermost(s)), at, delimited);
        pop(s);
    }
}

enum divider { DIVIDER_NONE, DIVIDER_NEXT, DIVIDER_LAST };

/* LINE has no line end. */
static enum divider divider_kind(const struct part *part, struct span line)
{
    struct span rest = span_from(line, 2 + part->boundary.n);

    if (part->kind != PART_MULTIPART || part->epilogue ||
        !span_starts(line, S("--")) ||
        !span_starts(span_from(line, 2), part->boundary))
        return DIVIDER_NONE;
    while (rest.n && is_blank(rest.p[rest.n - 1]))
        rest.n--;
    if (span_empty(rest))
        return DIVIDER_NEXT;
    return span_eq(rest, S("--")) ? DIVIDER_LAST : DIVIDER_NONE;
}

/* The held line, LINE, is a delimiter of the multipart open[DEPTH - 1]. */
static void divide(struct survey *s, unsigned depth, enum divider kind,
                   struct span line)
{
    uint32_t index = s->open[depth - 1];
    struct part *part = part_at(s, index);
    struct scan scan = {0};

    end_inside(s, depth, s->line_at, true);
    scan_push(&scan, line, false);
    part->delimiter_traits |= (unsigned char)scan.traits;
    if (!part->divided)
        part->inner_end = s->line_at;
    part->divided = true;
    if (kind == DIVIDER_NEXT) {
        part_begin(s, s->line_at, s->at);
        return;
    }
    part->close = s->line_at;
    part->epilogue = s->at;
    s->part = index;
    s->state = SURVEY_EPILOGUE;
}

/* Take the held line as a delimiter, the innermost multipart's first. */
static bool take_divider(struct survey *s)
{
    struct span line = buf_span(&s->line);

    if (span_ends(line, S("\n")))
        line.n--;
    line = raw_lines_trim(line);
    if (s->dividers == 0 || s->passing || !span_starts(line, S("--")))
        return false;
    for (unsigned depth = s->depth; depth > 0; depth--) {
        const struct part *part = part_at(s, s->open[depth - 1]);
        enum divider kind = divider_kind(part, line);

        if (kind == DIVIDER_NEXT && s->count >= SURVEY_PARTS_MAX)
            return false;
        if (kind == DIVIDER_NONE)
            continue;
        divide(s, depth, kind, line);
        return true;
    }
    return false;
}

static void take_boundary(struct survey *s, struct part *part)
{
    struct buf boundary = {0};

    part_boundary(buf_span(&s->type), &boundary);
    part->boundary = arena_copy(&s->texts, buf_span(&boundary));
    buf_free(&boundary);
}

static void take_charset(struct survey *s)
{
    struct buf charset = {0};

    if (part_charset(buf_span(&s->type), &charset))
        s->charset = arena_copy(&s->texts, buf_span(&charset));
    buf_free(&charset);
}

/* The header is over; what it says about the body. */
static void read_type(struct survey *s, struct part *part)
{
    const struct part *parent =
        part->parent == PART_NONE ? NULL : part_at(s, part->parent);

    if (part->has_type)
        part->class = mime_class(buf_span(&s->type));
    else if (parent && parent->class == MIME_DIGEST)
        part->class = MIME_MESSAGE;
    part->encoding = mime_encoding(buf_span(&s->encoding));
    if (part->has_type && span_empty(s->charset))
        take_charset(s);
    if (mime_is_multipart(part->class)) {
        part->kind = PART_MULTIPART;
        take_boundary(s, part);
    } else if (mime_is_message(part->class) &&
               !mime_is_encoded(part->encoding)) {
        part->kind = PART_MESSAGE;
    }
}

static bool may_nest(const struct survey *s)
{
    return s->depth < SURVEY_DEPTH_MAX && s->count < SURVEY_PARTS_MAX;
}

static void body_begin(struct survey *s, size_t at)
{
    struct part *part = part_now(s);

    settle(s);
    part->body = at;
    read_type(s, part);
    s->state = SURVEY_BODY;
    if (part->kind == PART_MESSAGE && may_nest(s)) {
        push(s);
        part_begin(s, at, at);
    } else if (part->kind == PART_MULTIPART && may_nest(s) &&
               part->boundary.n) {
        push(s);
    } else if (part->kind == PART_MESSAGE) {
        part->kind = PART_LEAF;
    }
}

enum line_kind { FIELD, CONTINUATION, BLANK, MAILBOX, OTHER };

static bool begins_field(struct span line)
{
    size_t n = 0;

    while (n < line.n && line.p[n] > ' ' && line.p[n] <= '~' &&
           line.p[n] != ':')
        n++;
    if (n == 0)
        return false;
    while (n < line.n && is_blank(line.p[n]))
        n++;
    return n < line.n && line.p[n] == ':';
}

/*
 * As header_read() has it.  A message inside of another may begin with a
 * mailbox's line, too; what follows a delimiter may not.
 */
static enum line_kind line_kind(const struct survey *s, struct span line)
{
    const struct part *part = &s->parts[s->part];
    struct span text = line;

    if (span_empty(line))
        return BLANK;
    if (is_blank(line.p[0]))
        return s->any_field ? CONTINUATION : OTHER;
    if (begins_field(line))
        return FIELD;
    while (!span_empty(text) && text.p[0] == '>')
        text = span_from(text, 1);
    return span_starts(text, S("From ")) && !s->any_field &&
                   part->header == part->delimiter
               ? MAILBOX
               : OTHER;
}

/* Keep TEXT of the field as it will leave: no NUL, and no bare CR. */
static void field_add(struct survey *s, struct span text)
{
    if (!s->field || s->field->len >= FIELD_MAX)
        return;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i])
            buf_addc(s->field, text.p[i] == '\r' ? ' ' : text.p[i]);
}

/* A field begins: keep its body if it tells about the part's. */
static void field_begin(struct survey *s, struct span line)
{
    size_t colon = span_find(line, ':');
    struct span name = span_trim(span_upto(line, colon));

    s->any_field = true;
    s->field = NULL;
    if (span_ieq(name, S("Content-Type")) && !part_now(s)->has_type) {
        part_now(s)->has_type = true;
        s->field = &s->type;
    }
    if (span_ieq(name, S("Content-Transfer-Encoding")) && !s->has_encoding) {
        s->has_encoding = true;
        s->field = &s->encoding;
    }
    field_add(s, span_from(line, colon + 1));
}

/*
 * The line's text as it will leave.  In the message's own header NULs are
 * dropped and bare CRs are blanks before anybody looks at it; in the header
 * of a part both make the line no field.
 */
static void line_text(const struct survey *s, struct buf *text)
{
    struct span line = buf_span(&s->line);
    size_t kept = 0;

    if (s->part != 0) {
        if (span_ends(line, S("\n")))
            line.n--;
        buf_add(text, raw_lines_trim(line));
        return;
    }
    lines_to_lf(line, text);
    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] && text->data[i] != '\n')
            text->data[kept++] = text->data[i];
    buf_cut(text, kept);
}

static enum line_kind take_header_text(struct survey *s)
{
    struct buf text = {0};
    enum line_kind kind;

    line_text(s, &text);
    kind = line_kind(s, buf_span(&text));
    if (kind == FIELD)
        field_begin(s, buf_span(&text));
    else if (kind == CONTINUATION)
        field_add(s, buf_span(&text));
    buf_free(&text);
    return kind;
}

static void take_body_line(struct survey *s)
{
    if (!take_divider(s))
        scan_push(&s->scan, buf_span(&s->line), false);
}

/* False where the held line ends the header and is not of it. */
static bool take_header_line(struct survey *s)
{
    enum line_kind kind;

    if (take_divider(s))
        return true;
    kind = take_header_text(s);
    if (kind == OTHER) {
        body_begin(s, s->line_at);
        return false;
    }
    scan_push(&s->scan, buf_span(&s->line), false);
    if (kind != BLANK)
        return true;
    part_now(s)->has_blank = true;
    if (!s->passing)
        body_begin(s, s->at);
    return true;
}

/*
 * The held line is whole, or as long as it may be.  One that a header could
 * not take is of the body, which may be a message whose header it begins.
 */
static void take_line(struct survey *s)
{
    bool taken = false;

    while (!taken && s->state == SURVEY_HEADER)
        taken = take_header_line(s);
    if (!taken)
        take_body_line(s);
    buf_clear(&s->line);
    s->holding = false;
}

/*
 * Gather the line up to its end, or to where it is too long to be what it
 * might have been.  How many octets of PIECE it took.
 */
static size_t hold(struct survey *s, struct span piece)
{
    size_t most = s->state == SURVEY_HEADER ? FIELD_MAX + 1 : DELIMITER_MAX;
    size_t n = span_find(piece, '\n') + 1;
    bool whole;

    if (!s->holding) {
        s->holding = true;
        s->line_at = s->at;
    }
    if (n > most - s->line.len)
        n = most - s->line.len;
    piece = span_upto(piece, n);
    buf_add(&s->line, piece);
    s->at += piece.n;
    whole = span_ends(buf_span(&s->line), S("\n"));
    s->passing = !whole && s->line.len == most;
    if (whole || s->passing)
        take_line(s);
    return piece.n;
}

/* The rest of a line that was too long to hold. */
static size_t pass(struct survey *s, struct span piece)
{
    size_t end = span_find(piece, '\n');
    struct span rest = span_upto(piece, end + 1);

    scan_push(&s->scan, rest, false);
    s->passing = end == piece.n;
    s->at += rest.n;
    if (!s->passing && s->state == SURVEY_HEADER && part_now(s)->has_blank)
        body_begin(s, s->at);
    return rest.n;
}

static size_t look(struct survey *s, struct span piece)
{
    size_t n = scan_push(&s->scan, piece, s->dividers > 0);

    s->at += n;
    return n;
}

void survey_push(struct survey *s, struct span piece)
{
    if (s->count == 0)
        part_begin(s, 0, 0);
    while (!span_empty(piece)) {
        size_t n;

        if (s->passing)
            n = pass(s, piece);
        else if (s->holding || s->state == SURVEY_HEADER)
            n = hold(s, piece);
        else
            n = look(s, piece);
        if (n == 0)
            n = hold(s, piece);
        piece = span_from(piece, n);
    }
}

void survey_end(struct survey *s)
{
    if (s->count == 0)
        part_begin(s, 0, 0);
    if (s->holding)
        take_line(s);
    if (s->state == SURVEY_HEADER)
        body_begin(s, s->at);
    end_inside(s, 0, s->at, false);
    for (uint32_t i = 0; i < s->count; i++) {
        const struct part *part = part_at(s, i);

        s->header_traits |= part->header_traits;
        s->body_traits |= (unsigned)part->body_traits |
                          part->epilogue_traits | part->delimiter_traits;
    }
}

void survey_free(struct survey *s)
{
    mem_free(s->parts);
    buf_free(&s->line);
    buf_free(&s->type);
    buf_free(&s->encoding);
    arena_free(&s->texts);
    *s = (struct survey){0};
}

size_t part_body_end(const struct part *part, struct span raw, bool exact)
{
    size_t end = part->end;

    if (!part->delimited || end <= part->body || raw.p[end - 1] != '\n')
        return end;
    end--;
    while (end > part->body && raw.p[end - 1] == '\r') {
        end--;
        if (exact)
            break;
    }
    return end;
}
