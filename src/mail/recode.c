/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/recode.h"

#include "base/mem.h"
#include "mail/header.h"
#include "mail/part_name.h"
#include "mail/recode_header.h"
#include "mail/recode_part.h"

enum { NOTES_MAX = 16 };

struct span survey_body(const struct survey *survey, struct span raw)
{
    return span_from(raw, survey->parts[0].body);
}

/* A message is a message inside of another as well: it has MIME-Version. */
static bool is_message(const struct recode_work *w, uint32_t i)
{
    const struct part *part = &w->survey->parts[i];

    return part->parent == PART_NONE ||
           w->survey->parts[part->parent].kind == PART_MESSAGE;
}

/* From the innermost parts outwards: what is around a change is changed. */
static void spread(struct recode_work *w)
{
    for (uint32_t i = w->survey->count; i-- > 1;) {
        struct recode_todo *outer = &w->todo[w->survey->parts[i].parent];

        outer->inside |= w->todo[i].touched || w->todo[i].inside;
        outer->over |= w->todo[i].over;
    }
}

/*
 * A composite's label says what is in it (RFC 2045, 6.4), so it may have to
 * follow; the codes that it must never have go with the first change.
 */
static struct span composite_label(const struct recode_work *w, uint32_t i)
{
    enum mime_encoding encoding = w->survey->parts[i].encoding;
    struct span label = w->todo[i].over ? S("8bit") : S("7bit");

    if (!w->todo[i].inside || encoding == MIME_7BIT ||
        (encoding == MIME_BINARY && w->rules->takes_binary) ||
        (encoding == MIME_8BIT && w->todo[i].over))
        return S("");
    return label;
}

static struct span leaf_label(enum edit_kind kind)
{
    if (kind == EDIT_QP)
        return S("quoted-printable");
    if (kind == EDIT_BASE64 || kind == EDIT_BASE64_TEXT)
        return S("base64");
    return S("");
}

static struct header_change change_for(const struct recode_work *w, uint32_t i)
{
    const struct part *part = &w->survey->parts[i];
    const struct recode_todo *todo = &w->todo[i];
    struct header_change change = {
        .charset = todo->charset,
        .boundary = todo->boundary,
        .make_plain = todo->make_plain,
        .new_body = todo->encode || todo->inside,
        .mime_version = is_message(w, i) && (todo->touched || todo->inside),
    };

    if (todo->encode)
        change.encoding = leaf_label(todo->kind);
    else if (todo->labelled)
        change.encoding = S("8bit");
    else if (part->kind != PART_LEAF)
        change.encoding = composite_label(w, i);
    change.add_blank = i > 0 && !part->has_blank && part->body < part->end &&
                       change.new_body;
    return change;
}

static void add_note(struct recode_work *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add_note(struct recode_work *w, const char *format, ...)
{
    va_list ap;

    if (w->notes++ < NOTES_MAX) {
        va_start(ap, format);
        buf_vprintf(&w->to->notes, format, ap);
        va_end(ap);
    }
}

static void note_fields(struct recode_work *w, uint32_t i,
                        const struct header_result *result)
{
    struct buf name = {0}, why = {0};

    if (result->fields.len == 0)
        return;
    part_name(w->survey, w->raw, i, &name);
    traits_name(result->why, &why);
    add_note(w, "%.*s: header written anew, for it has %.*s: %.*s\n",
             SPAN_ARG(buf_span(&name)), SPAN_ARG(buf_span(&why)),
             SPAN_ARG(buf_span(&result->fields)));
    buf_free(&name);
    buf_free(&why);
}

static bool part_header(struct recode_work *w, uint32_t i, struct err *err)
{
    const struct header_change change = change_for(w, i);
    struct header_result result = {0};
    size_t at = w->survey->parts[i].header - w->survey->parts[0].body;
    bool done =
        header_recode(part_header_text(w, i), at, &change, &w->header_rules,
                      &w->to->edits, &result, err);

    if (done)
        note_fields(w, i, &result);
    buf_free(&result.fields);
    return done;
}

/* The header as EDITS, which are over it and all of them texts, make it. */
static void apply(struct span header, struct edits *edits, struct buf *out)
{
    size_t at = 0;

    edits_sort(edits);
    for (size_t i = 0; i < edits->count; i++) {
        const struct edit *edit = &edits->list[i];

        buf_add(out, span_upto(span_from(header, at), edit->at - at));
        buf_add(out, edit->text);
        at = edit->at + edit->length;
    }
    buf_add(out, span_from(header, at));
}

static bool message_header(struct recode_work *w, struct span header,
                           struct err *err)
{
    const struct header_change change = change_for(w, 0);
    struct header_result result = {0};
    struct edits edits = {0};
    bool done = header_recode(header, 0, &change, &w->header_rules, &edits,
                              &result, err);

    if (done) {
        apply(header, &edits, &w->to->header);
        note_fields(w, 0, &result);
    }
    buf_free(&result.fields);
    edits_free(&edits);
    return done;
}

/* EDIT, which says what to do, is for the octets of the raw message there. */
static void add_edit(struct recode_work *w, size_t from, size_t to,
                     struct edit edit)
{
    edit.at = from - w->survey->parts[0].body;
    edit.length = to - from;
    edits_add(&w->to->edits, edit);
}

/* The delimiter that stands from FROM to TO, with the boundary it needs. */
static void add_delimiter(struct recode_work *w, uint32_t i, size_t from,
                          size_t to, const char *end)
{
    const struct part *part = &w->survey->parts[i];
    struct span boundary = w->todo[i].boundary;
    struct buf line = {0};

    if (span_empty(boundary) && !(part->delimiter_traits & TRAIT_LONG))
        return;
    if (span_empty(boundary))
        boundary = part->boundary;
    buf_printf(&line, "--%.*s%s\n", SPAN_ARG(boundary), end);
    add_edit(w, from, to,
             (struct edit){.kind = EDIT_TEXT,
                           .text = arena_copy(&w->to->edits.texts,
                                              buf_span(&line))});
    buf_free(&line);
}

static void outer_delimiter(struct recode_work *w, uint32_t i)
{
    const struct part *part = &w->survey->parts[i];

    if (part->parent != PART_NONE && part->delimiter < part->header)
        add_delimiter(w, part->parent, part->delimiter, part->header, "");
}

static void note_body(struct recode_work *w, uint32_t i, enum edit_kind kind,
                      unsigned why)
{
    static const char *const done[] = {
        [EDIT_QP] = "encoded as quoted-printable",
        [EDIT_QP_REPAIR] = "quoted-printable put right",
        [EDIT_BASE64] = "encoded as base64",
        [EDIT_BASE64_TEXT] = "encoded as base64",
        [EDIT_BASE64_REPAIR] = "base64 put right",
        [EDIT_PLAIN] = "text around its parts put right",
        [EDIT_PLAIN_ASCII] = "text around its parts put right",
    };
    struct buf name = {0}, what = {0};

    part_name(w->survey, w->raw, i, &name);
    traits_name(why, &what);
    add_note(w, "%.*s: %s, for it has %.*s\n", SPAN_ARG(buf_span(&name)),
             done[kind], SPAN_ARG(buf_span(&what)));
    buf_free(&name);
    buf_free(&what);
}

static void note_boundary(struct recode_work *w, uint32_t i)
{
    struct buf name = {0};

    part_name(w->survey, w->raw, i, &name);
    add_note(w, "%.*s: given another boundary, for its own cannot be sent\n",
             SPAN_ARG(buf_span(&name)));
    buf_free(&name);
}

/* What is around the parts of a multipart. */
static void margins(struct recode_work *w, uint32_t i)
{
    const struct part *part = &w->survey->parts[i];
    enum edit_kind kind =
        w->rules->takes_8bit ? EDIT_PLAIN : EDIT_PLAIN_ASCII;
    unsigned why = recode_needs(
        w, (unsigned)part->body_traits | part->epilogue_traits);

    if (part->close < part->epilogue)
        add_delimiter(w, i, part->close, part->epilogue, "--");
    if (recode_needs(w, part->body_traits))
        add_edit(w, part->body, part->inner_end, (struct edit){.kind = kind});
    if (recode_needs(w, part->epilogue_traits))
        add_edit(w, part->epilogue, part->end, (struct edit){.kind = kind});
    if (why)
        note_body(w, i, kind, why);
    if (!span_empty(w->todo[i].boundary))
        note_boundary(w, i);
}

static void part_body(struct recode_work *w, uint32_t i)
{
    const struct part *part = &w->survey->parts[i];
    const struct recode_todo *todo = &w->todo[i];

    if (todo->encode) {
        add_edit(w, part->body, part_text_end(w, i),
                 (struct edit){.kind = todo->kind, .around = todo->around});
        note_body(w, i, todo->kind, todo->why);
    } else if (todo->copy) {
        add_edit(w, part->body, part_text_end(w, i),
                 (struct edit){.kind = EDIT_COPY});
    } else if (part->kind == PART_MULTIPART) {
        margins(w, i);
    }
}

static bool emit(struct recode_work *w, struct span header, struct err *err)
{
    for (uint32_t i = 0; i < w->survey->count; i++) {
        if (w->todo[i].fixed)
            continue;
        outer_delimiter(w, i);
        if (i == 0 ? !message_header(w, header, err)
                   : !part_header(w, i, err))
            return false;
        part_body(w, i);
    }
    edits_sort(&w->to->edits);
    return true;
}

static void note_signature(struct recode_work *w, struct span header)
{
    struct field field;

    if ((w->todo[0].encode || w->todo[0].inside) &&
        header_find(header, S("DKIM-Signature"), &field))
        add_note(w, "the DKIM-Signature that the message has is not valid any"
                    " more: its body was changed\n");
    if (w->notes > NOTES_MAX)
        buf_printf(&w->to->notes, "%zu changes more\n", w->notes - NOTES_MAX);
}

bool recode(const struct survey *survey, struct span raw, struct span header,
            const struct recode_rules *rules, struct recoding *recoding,
            struct err *err)
{
    struct recode_work w = {
        .survey = survey,
        .raw = raw,
        .rules = rules,
        .header_rules = {rules->takes_utf8, survey->charset},
        .to = recoding,
        .todo = mem_zero(survey->count, sizeof *w.todo),
    };
    bool done = recode_decide(&w, header, err);

    if (done) {
        spread(&w);
        done = emit(&w, header, err);
    }
    if (done)
        note_signature(&w, header);
    mem_free(w.todo);
    return done;
}

void recoding_free(struct recoding *recoding)
{
    buf_free(&recoding->header);
    buf_free(&recoding->notes);
    edits_free(&recoding->edits);
}
