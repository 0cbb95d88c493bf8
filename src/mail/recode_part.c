/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/recode_part.h"

#include "base/utf8.h"
#include "mail/header.h"
#include "mail/part_name.h"

enum {
    BOUNDARY_LONG = 900, /* with it a delimiter could not travel */
    QP_ALLOWANCE = 96    /* one line with umlauts stays readable */
};

static const struct part *part_at(const struct recode_work *w, uint32_t i)
{
    return &w->survey->parts[i];
}

unsigned recode_needs(const struct recode_work *w, unsigned traits)
{
    return traits &
           (w->rules->takes_8bit ? TRAITS_BINARY : TRAITS_BINARY | TRAIT_8BIT);
}

struct span part_header_text(const struct recode_work *w, uint32_t i)
{
    return part_header_span(part_at(w, i), w->raw);
}

/* Nothing says that what is in it has lines. */
static bool is_exact(const struct part *part)
{
    return part->encoding == MIME_BINARY || (part->body_traits & TRAIT_NUL);
}

size_t part_text_end(const struct recode_work *w, uint32_t i)
{
    const struct part *part = part_at(w, i);

    return part_body_end(part, w->raw, is_exact(part));
}

static struct span text_of(const struct recode_work *w, uint32_t i)
{
    return span_upto(span_from(w->raw, part_at(w, i)->body),
                     part_text_end(w, i) - part_at(w, i)->body);
}

/* What lines in part I must not look like; its parent was there before. */
static const struct qp_boundary *around(struct recode_work *w, uint32_t i)
{
    uint32_t parent = part_at(w, i)->parent;
    struct qp_boundary *link;

    if (parent == PART_NONE)
        return NULL;
    if (part_at(w, parent)->boundary.n == 0)
        return w->todo[parent].around;
    /* All parts of a multipart share it: that of the one before is ours. */
    if (part_at(w, i - 1)->parent == parent && w->todo[i - 1].around)
        return w->todo[i - 1].around;
    link = arena_take(&w->to->edits.texts, sizeof *link);
    *link = (struct qp_boundary){part_at(w, parent)->boundary,
                                 w->todo[parent].around};
    return link;
}

static bool refuse(const struct recode_work *w, uint32_t i, unsigned traits,
                   const char *why, struct err *err)
{
    struct buf name = {0}, what = {0};

    part_name(w->survey, w->raw, i, &name);
    traits_name(traits, &what);
    fail(err, ERR_DATA, "5.6.3 %.*s has %.*s, which the server does not take,"
         " and cannot be converted: %s",
         SPAN_ARG(buf_span(&name)), SPAN_ARG(buf_span(&what)), why);
    buf_free(&name);
    buf_free(&what);
    return false;
}

/* utf8_valid(), fast over ASCII: a body may be large. */
static bool body_is_utf8(struct span text)
{
    size_t n;

    for (size_t at = 0; at < text.n; at += n) {
        n = 1;
        if ((unsigned char)text.p[at] > 0x7F)
            n = utf8_length(span_from(text, at));
        if (n == 0)
            return false;
    }
    return true;
}

static struct span charset_for(const struct recode_work *w, struct span text)
{
    if (body_is_utf8(text))
        return S("utf-8");
    return span_empty(w->survey->charset) ? S("unknown-8bit")
                                          : w->survey->charset;
}

/* Its type says nothing about octets over 127. */
static bool lacks_charset(const struct recode_work *w, uint32_t i)
{
    struct field field;
    struct buf charset = {0};
    bool lacks = true;

    if (part_at(w, i)->class != MIME_PLAIN)
        return false;
    if (header_find(part_header_text(w, i), S("Content-Type"), &field) &&
        mime_parameter(field.body, S("charset"), &charset))
        lacks = charset.len == 0 ||
                span_ieq(buf_span(&charset), S("us-ascii")) ||
                span_ieq(buf_span(&charset), S("ascii"));
    buf_free(&charset);
    return lacks;
}

/* RFC 2045, 6.7 and 6.8: quoted-printable for what is nearly text. */
static enum edit_kind cheaper(struct span text)
{
    return 6 * qp_escapes(text) <= text.n + QP_ALLOWANCE ? EDIT_QP
                                                         : EDIT_BASE64_TEXT;
}

static enum edit_kind kind_for(const struct part *part, struct span text)
{
    if (part->encoding == MIME_QP)
        return EDIT_QP_REPAIR;
    if (part->encoding == MIME_BASE64)
        return EDIT_BASE64_REPAIR;
    if (is_exact(part))
        return EDIT_BASE64;
    if (part->class == MIME_OCTETS)
        return EDIT_BASE64_TEXT;
    return cheaper(text);
}

/* The body of part I, all of it, is encoded. */
static bool encode(struct recode_work *w, uint32_t i, unsigned traits,
                   struct err *err)
{
    const struct part *part = part_at(w, i);
    struct recode_todo *todo = &w->todo[i];

    if (part->class == MIME_FIXED)
        return refuse(w, i, traits, "parts of this type are never encoded",
                      err);
    if (part->encoding == MIME_PRIVATE)
        return refuse(w, i, traits, "it has an encoding that is not known",
                      err);
    todo->encode = todo->touched = true;
    todo->why = traits;
    todo->kind = kind_for(part, text_of(w, i));
    todo->make_plain = part->kind == PART_MULTIPART &&
                       !mime_is_encoded(part->encoding);
    if ((part->body_traits & TRAIT_8BIT) && !mime_is_encoded(part->encoding) &&
        (todo->make_plain || lacks_charset(w, i)))
        todo->charset = charset_for(w, text_of(w, i));
    return true;
}

/*
 * What the server does not take of a leaf.  8BITMIME is for lines of text: a
 * binary part would come out with other line ends (RFC 6152, 3).
 */
static unsigned leaf_needs(const struct recode_work *w,
                           const struct part *part)
{
    unsigned traits = recode_needs(w, part->body_traits);

    if (part->encoding == MIME_BINARY && part->class == MIME_OCTETS)
        traits |= part->body_traits & TRAIT_8BIT;
    return traits;
}

static bool decide_leaf(struct recode_work *w, uint32_t i, struct err *err)
{
    const struct part *part = part_at(w, i);
    unsigned traits = leaf_needs(w, part);

    w->todo[i].over = w->rules->takes_8bit && (part->body_traits & TRAIT_8BIT);
    if (part->encoding == MIME_BINARY && w->rules->takes_binary) {
        w->todo[i].copy = true;
        return true;
    }
    if (traits == 0)
        return true;
    w->todo[i].over = false;
    return encode(w, i, traits, err);
}

static bool contains(struct span text, struct span word)
{
    while (text.n >= word.n) {
        if (span_starts(text, word))
            return true;
        text = span_from(text, 1);
        text = span_from(text, span_find(text, word.p[0]));
    }
    return false;
}

/* A boundary that nothing in the message looks like. */
static struct span new_boundary(struct recode_work *w, uint32_t i)
{
    struct span old = part_at(w, i)->boundary, span;
    uint32_t hash = 2166136261u; /* FNV-1a */
    struct buf text = {0};

    for (size_t k = 0; k < old.n; k++)
        hash = (hash ^ (unsigned char)old.p[k]) * 16777619u;
    do {
        buf_clear(&text);
        buf_printf(&text, "=_%u_%08x", i, hash++);
    } while (contains(w->raw, buf_span(&text)));
    span = arena_copy(&w->to->edits.texts, buf_span(&text));
    buf_free(&text);
    return span;
}

static bool boundary_travels(const struct recode_work *w, struct span boundary)
{
    for (size_t i = 0; i < boundary.n; i++)
        if ((unsigned char)boundary.p[i] < ' ' || boundary.p[i] == 0x7F ||
            ((unsigned char)boundary.p[i] > 0x7F && !w->rules->takes_utf8))
            return false;
    return boundary.n <= BOUNDARY_LONG;
}

static bool decide_multipart(struct recode_work *w, uint32_t i,
                             struct err *err)
{
    const struct part *part = part_at(w, i);
    struct recode_todo *todo = &w->todo[i];
    unsigned margins = (unsigned)part->body_traits | part->epilogue_traits;

    if (!part->divided)
        return decide_leaf(w, i, err);
    if (!boundary_travels(w, part->boundary))
        todo->boundary = new_boundary(w, i);
    todo->over = w->rules->takes_8bit && (margins & TRAIT_8BIT);
    todo->inside = recode_needs(w, margins | part->delimiter_traits) != 0 ||
                   !span_empty(todo->boundary);
    return true;
}

/* All parts from I + 1 to J are inside of part I. */
static bool is_inside(const struct recode_work *w, uint32_t j, uint32_t i)
{
    return j < w->survey->count && part_at(w, j)->parent >= i;
}

/*
 * A message in UTF-8 may be encoded whole, and has to be where its headers
 * cannot travel (RFC 6532, 3.7); else it is a message like any other.
 */
static bool decide_global(struct recode_work *w, uint32_t i, struct err *err)
{
    unsigned headers = 0, bodies = 0;

    for (uint32_t j = i + 1; is_inside(w, j, i); j++) {
        headers |= part_at(w, j)->header_traits;
        bodies |= (unsigned)part_at(w, j)->body_traits |
                  part_at(w, j)->epilogue_traits;
    }
    if (w->rules->takes_utf8 || !(headers & TRAIT_8BIT))
        return true;
    for (uint32_t j = i + 1; is_inside(w, j, i); j++)
        w->todo[j].fixed = true;
    return encode(w, i, headers | bodies, err);
}

/* What a signature covers: to be taken as it is, or not at all. */
static bool decide_signed(struct recode_work *w, uint32_t i, uint32_t outer,
                          struct err *err)
{
    const struct part *part = part_at(w, i);
    unsigned traits = (unsigned)part->body_traits | part->epilogue_traits |
                      part->delimiter_traits;

    w->todo[i].fixed = i != outer;
    w->todo[i].over = traits & TRAIT_8BIT;
    traits = recode_needs(w, i == outer ? traits
                                         : traits | part->header_traits);
    if (w->rules->signed_parts == RECODE_SIGNED_RAW)
        traits &= TRAIT_NUL | TRAIT_CR;
    if (traits == 0)
        return true;
    refuse(w, outer, traits, "that would break its signature", err);
    return err_hint(err, "sign it again in 7-bit form, or see the setting"
                         " 'signed'");
}

/* The signed multipart that part I is in or is; PART_NONE: not in one. */
static uint32_t signed_around(const struct recode_work *w, uint32_t i)
{
    if (w->rules->signed_parts == RECODE_SIGNED_CONVERT)
        return PART_NONE;
    for (; i != PART_NONE; i = part_at(w, i)->parent)
        if (part_at(w, i)->class == MIME_SIGNED && part_at(w, i)->divided)
            return i;
    return PART_NONE;
}

/* Some field of the header is one that the server does not take. */
static bool header_is_bad(const struct recode_work *w, unsigned traits,
                          struct span header)
{
    if (w->rules->takes_utf8 && (traits & TRAIT_8BIT) && utf8_valid(header))
        traits &= ~(unsigned)TRAIT_8BIT;
    return traits != 0;
}

static bool decide_part(struct recode_work *w, uint32_t i, struct err *err)
{
    const struct part *part = part_at(w, i);
    uint32_t outer = signed_around(w, i);

    if (outer != PART_NONE && !decide_signed(w, i, outer, err))
        return false;
    if (i > 0 && !w->todo[i].fixed)
        w->todo[i].touched =
            header_is_bad(w, part->header_traits, part_header_text(w, i));
    if (outer != PART_NONE || w->todo[i].fixed)
        return true;
    if (part->kind == PART_LEAF)
        return decide_leaf(w, i, err);
    if (part->kind == PART_MULTIPART)
        return decide_multipart(w, i, err);
    return part->class != MIME_GLOBAL || decide_global(w, i, err);
}

/*
 * The message's own header may have been changed since it was surveyed, and
 * what no line of text holds is no longer in it; but that counts.
 */
static bool message_header_is_bad(const struct recode_work *w,
                                  struct span header)
{
    struct scan scan = {.traits = part_at(w, 0)->header_traits &
                                  (TRAIT_NUL | TRAIT_CR)};

    scan_push(&scan, header, false);
    scan_end(&scan);
    return header_is_bad(w, scan.traits, header);
}

/*
 * With a change in its header the message gets a MIME-Version.  To say that,
 * and no type, would be to say that its 8-bit text is us-ascii (RFC 2045, 5.2).
 */
static void label_text(struct recode_work *w)
{
    const struct part *part = part_at(w, 0);
    struct recode_todo *todo = &w->todo[0];

    if (!todo->touched || todo->encode || part->has_type ||
        part->kind != PART_LEAF || mime_is_encoded(part->encoding) ||
        !(part->body_traits & TRAIT_8BIT))
        return;
    todo->labelled = true;
    todo->charset = charset_for(w, text_of(w, 0));
}

bool recode_decide(struct recode_work *w, struct span header, struct err *err)
{
    w->todo[0].touched = message_header_is_bad(w, header);
    for (uint32_t i = 0; i < w->survey->count; i++) {
        w->todo[i].around = around(w, i);
        if (!decide_part(w, i, err))
            return false;
    }
    label_text(w);
    return true;
}
