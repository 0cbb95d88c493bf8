/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/parameters.h"

#include "base/utf8.h"
#include "mail/encoded_word.h"
#include "mail/mime.h"
#include "mail/recode_address.h"

enum {
    SECTION_MAX = 74,   /* " name*1*=value;" is a line of at most 76     */
    SEGMENT_LONG = 900, /* ASCII, too, is cut into sections beyond this  */
    NAME_LONG = 40,     /* a name that is too long to be repeated         */
};

/* RFC 2231, 7: attribute-char. */
static bool is_plain(char c)
{
    static const struct span others = SPAN_INIT("!#$&+-.^_`{|}~");

    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || span_find(others, c) < others.n;
}

/* The first character of TEXT, coded. */
static size_t add_character(struct span text, struct buf *out)
{
    size_t n = utf8_length(text);

    n = n ? n : 1;
    for (size_t i = 0; i < n; i++)
        if (is_plain(text.p[i]))
            buf_addc(out, text.p[i]);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)text.p[i]);
    return n;
}

static void add_coded(struct span text, struct buf *out)
{
    while (!span_empty(text))
        text = span_from(text, add_character(text, out));
}

/* As much of *TEXT, coded, as fits behind START in a section. */
static void add_section(struct span *text, size_t start, struct buf *out)
{
    bool first = true;

    while (!span_empty(*text)) {
        size_t before = out->len;
        size_t n = add_character(*text, out);

        if (!first && out->len - start > SECTION_MAX) {
            buf_cut(out, before);
            return;
        }
        first = false;
        *text = span_from(*text, n);
    }
}

/* RFC 2231, 3 and 4.1: sections, the first of which names the charset. */
static void add_sections(struct span name, struct span value,
                         struct span charset, struct buf *out)
{
    for (unsigned i = 0; !span_empty(value); i++) {
        size_t start;

        if (i)
            buf_add(out, S("; "));
        start = out->len;
        buf_printf(out, "%.*s*%u*=", SPAN_ARG(name), i);
        if (i == 0)
            buf_printf(out, "%.*s''", SPAN_ARG(charset));
        add_section(&value, start, out);
    }
}

static void add_parameter(struct span name, struct span value,
                          struct span charset, struct buf *out)
{
    size_t start = out->len;

    buf_printf(out, "%.*s*=%.*s''", SPAN_ARG(name), SPAN_ARG(charset));
    add_coded(value, out);
    if (out->len - start <= SECTION_MAX || name.n > NAME_LONG)
        return;
    buf_cut(out, start);
    add_sections(name, value, charset, out);
}

/* The name with RFC 2231's marks can only be put right octet by octet. */
static void add_value_only(struct span name, struct span value,
                           struct buf *out)
{
    buf_add(out, name);
    buf_addc(out, '=');
    for (size_t i = 0; i < value.n; i++)
        if (is_plain(value.p[i]) || value.p[i] == '%' || value.p[i] == '\'')
            buf_addc(out, value.p[i]);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)value.p[i]);
}

static bool needs_recode(struct span segment)
{
    return !utf8_is_ascii(segment) || segment.n > SEGMENT_LONG;
}

/*
 * A comment is encoded where it stands.  What is wrong may also be the type or
 * a parameter's name, and nothing good can be made of that.
 */
static void recode_segment(struct span segment, struct span charset,
                           struct buf *out)
{
    struct buf name = {0}, value = {0};
    bool is_parameter = mime_segment_read(segment, &name, &value);
    struct span n = buf_span(&name), v = buf_span(&value);

    if (is_parameter && needs_recode(v) && utf8_is_ascii(n)) {
        if (span_find(n, '*') < n.n)
            add_value_only(n, v, out);
        else
            add_parameter(n, v, charset, out);
    } else {
        recode_comments(segment, charset, out);
    }
    buf_free(&name);
    buf_free(&value);
}

void parameters_recode(struct span body, struct span charset,
                       struct buf *out)
{
    struct span segment;

    for (bool first = true; mime_segment(&body, &segment); first = false) {
        if (!first)
            buf_addc(out, ';');
        if (!needs_recode(segment)) {
            buf_add(out, segment);
            continue;
        }
        buf_addc(out, ' ');
        recode_segment(span_trim(segment), charset, out);
    }
}

static bool is_named(struct span name, struct span want)
{
    return span_eq(span_upto(name, span_find(name, '*')), want);
}

static void add_setting(struct span name, struct span value, struct buf *out)
{
    bool quoted = !mime_is_token(value);

    buf_printf(out, " %.*s=%s%.*s%s", SPAN_ARG(name), quoted ? "\"" : "",
               SPAN_ARG(value), quoted ? "\"" : "");
}

static bool segment_is_named(struct span segment, struct span want)
{
    struct buf name = {0}, value = {0};
    bool named = mime_segment_read(segment, &name, &value) &&
                 is_named(buf_span(&name), want);

    buf_free(&name);
    buf_free(&value);
    return named;
}

/* Behind all that is there already, which may end in a ";". */
static void append_setting(struct span name, struct span value,
                           struct buf *out)
{
    while (out->len && (out->data[out->len - 1] == ' ' ||
                        out->data[out->len - 1] == '\t'))
        buf_cut(out, out->len - 1);
    if (!span_ends(buf_span(out), S(";")))
        buf_addc(out, ';');
    add_setting(name, value, out);
}

void parameters_set(struct span body, struct span name, struct span value,
                    struct buf *out)
{
    struct span segment;
    bool set = false;

    if (mime_segment(&body, &segment)) /* the type */
        buf_add(out, segment);
    while (mime_segment(&body, &segment)) {
        bool named = segment_is_named(segment, name);

        if (named && set)
            continue;
        buf_addc(out, ';');
        if (named)
            add_setting(name, value, out);
        else
            buf_add(out, segment);
        set = set || named;
    }
    if (!set)
        append_setting(name, value, out);
}
