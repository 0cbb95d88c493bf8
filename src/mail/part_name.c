/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/part_name.h"

#include "mail/header.h"

enum { TYPE_MAX = 60 };

struct span part_header_span(const struct part *part, struct span raw)
{
    struct span header = {raw.p + part->header, part->body - part->header};

    if (!part->has_blank)
        return header;
    if (span_ends(header, S("\n")))
        header.n--;
    while (span_ends(header, S("\r")))
        header.n--;
    return header;
}

/* Its place among the parts of the multipart around it, from 1. */
static unsigned place_of(const struct survey *survey, uint32_t part)
{
    uint32_t parent = survey->parts[part].parent;
    unsigned place = 0;

    for (uint32_t i = parent + 1; i <= part; i++)
        place += survey->parts[i].parent == parent;
    return place;
}

static void add_path(const struct survey *survey, uint32_t part,
                     struct buf *out)
{
    uint32_t path[SURVEY_DEPTH_MAX + 1];
    unsigned depth = 0;

    for (; survey->parts[part].parent != PART_NONE;
         part = survey->parts[part].parent)
        path[depth++] = part;
    while (depth-- > 0)
        buf_printf(out, "%u%s", place_of(survey, path[depth]),
                   depth ? "." : "");
}

static void add_type(const struct part *part, struct span raw,
                     struct buf *out)
{
    struct field field;
    struct span type;
    struct buf text = {0};

    if (!part->has_type ||
        !header_find(part_header_span(part, raw), S("Content-Type"), &field) ||
        !mime_segment(&field.body, &type))
        return;
    type = span_upto(type, span_find(type, '('));
    for (size_t i = 0; i < type.n && text.len < TYPE_MAX; i++)
        if (type.p[i] > ' ' && type.p[i] <= '~')
            buf_addc(&text, ascii_lower(type.p[i]));
    buf_printf(out, " (%.*s)", SPAN_ARG(buf_span(&text)));
    buf_free(&text);
}

void part_name(const struct survey *survey, struct span raw, uint32_t part,
               struct buf *out)
{
    if (survey->parts[part].parent == PART_NONE) {
        buf_add(out, S("the message"));
    } else {
        buf_add(out, S("part "));
        add_path(survey, part, out);
    }
    add_type(&survey->parts[part], raw, out);
}

void traits_name(unsigned traits, struct buf *out)
{
    static const struct {
        unsigned trait;
        struct span name;
    } names[] = {
        {TRAIT_8BIT, SPAN_INIT("8-bit octets")},
        {TRAIT_LONG, SPAN_INIT("lines over 998 octets")},
        {TRAIT_NUL, SPAN_INIT("NUL octets")},
        {TRAIT_CR, SPAN_INIT("CRs within lines")},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(traits & names[i].trait))
            continue;
        traits &= ~names[i].trait;
        buf_add(out, names[i].name);
        if (traits)
            buf_add(out, traits & (traits - 1) ? S(", ") : S(" and "));
    }
}
