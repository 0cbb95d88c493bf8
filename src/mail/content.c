/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/content.h"

#include "base/mem.h"

#include <stdlib.h>

void edits_add(struct edits *edits, struct edit edit)
{
    if (edits->count == edits->cap) {
        edits->cap = edits->cap ? 2 * edits->cap : 16;
        edits->list = mem_resize(edits->list, edits->cap, sizeof edit);
    }
    edit.order = edits->count;
    edits->list[edits->count++] = edit;
}

static int edit_compare(const void *a, const void *b)
{
    const struct edit *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

void edits_sort(struct edits *edits)
{
    if (edits->count)
        qsort(edits->list, edits->count, sizeof *edits->list, edit_compare);
}

void edits_free(struct edits *edits)
{
    mem_free(edits->list);
    arena_free(&edits->texts);
    *edits = (struct edits){0};
}

struct content content_of(struct span header, struct span body,
                          const struct edits *edits)
{
    return (struct content){
        .header = header, .body = body, .edits = edits, .after_line = true};
}

static const struct edit *edit_next(const struct content *c)
{
    return c->edits && c->next_edit < c->edits->count
               ? &c->edits->list[c->next_edit]
               : NULL;
}

/* Begin the encoder for the octets that EDIT covers. */
static void edit_open(struct content *c, const struct edit *edit)
{
    struct span octets = span_upto(span_from(c->body, edit->at), edit->length);

    c->at = 0;
    c->state = CONTENT_EDIT;
    switch (edit->kind) {
    case EDIT_TEXT:
    case EDIT_COPY:
        break;
    case EDIT_QP:
        c->encoder.qp = qp_of(octets, edit->around);
        break;
    case EDIT_QP_REPAIR:
        c->encoder.qp = qp_repair_of(octets, edit->around);
        break;
    case EDIT_BASE64:
        c->encoder.base64 = base64_of(octets);
        break;
    case EDIT_BASE64_TEXT:
        c->encoder.base64 = base64_text_of(octets);
        break;
    case EDIT_BASE64_REPAIR:
        c->encoder.base64 = base64_repair_of(octets);
        break;
    case EDIT_PLAIN:
    case EDIT_PLAIN_ASCII:
        c->encoder.plain = plain_of(octets, edit->kind == EDIT_PLAIN_ASCII);
        break;
    }
}

/* The next piece of TEXT, at c->at; false when there is none left. */
static bool text_next(struct content *c, struct span text, size_t about,
                      struct buf *out)
{
    struct span piece = span_upto(span_from(text, c->at), about);

    lines_push(&c->lines, piece, out);
    c->at += piece.n;
    return piece.n > 0;
}

static bool copy_next(struct content *c, struct span octets, size_t about,
                      struct buf *out)
{
    struct span piece = span_upto(span_from(octets, c->at), about);

    buf_add(out, piece);
    c->at += piece.n;
    return piece.n > 0;
}

static bool edit_give(struct content *c, const struct edit *edit, size_t about,
                      struct buf *out)
{
    struct span octets = span_upto(span_from(c->body, edit->at), edit->length);

    switch (edit->kind) {
    case EDIT_TEXT:
        return text_next(c, edit->text, about, out);
    case EDIT_COPY:
        return copy_next(c, octets, about, out);
    case EDIT_QP:
    case EDIT_QP_REPAIR:
        return qp_next(&c->encoder.qp, about, out);
    case EDIT_BASE64:
    case EDIT_BASE64_TEXT:
    case EDIT_BASE64_REPAIR:
        return base64_next(&c->encoder.base64, about, out);
    case EDIT_PLAIN:
    case EDIT_PLAIN_ASCII:
        return plain_next(&c->encoder.plain, about, out);
    }
    return false;
}

/* The header section, and the blank line behind it. */
static void header_give(struct content *c, size_t about, struct buf *out)
{
    if (text_next(c, c->header, about, out))
        return;
    lines_end(&c->lines, out);
    buf_add(out, S("\r\n"));
    c->state = CONTENT_BODY;
    c->at = 0;
}

/* What of the body lies before the next edit, or before its end. */
static void body_give(struct content *c, size_t about, struct buf *out)
{
    const struct edit *edit = edit_next(c);
    size_t end = edit ? edit->at : c->body.n;

    if (text_next(c, span_upto(c->body, end), about, out))
        return;
    if (edit) {
        edit_open(c, edit);
        return;
    }
    c->state = CONTENT_DONE;
    if (c->lines.crs)
        lines_end(&c->lines, out);
    else if (!c->after_line)
        buf_add(out, S("\r\n"));
}

static void edit_step(struct content *c, size_t about, struct buf *out)
{
    const struct edit *edit = edit_next(c);

    if (edit_give(c, edit, about, out))
        return;
    c->state = CONTENT_BODY;
    c->at = edit->at + edit->length;
    c->next_edit++;
}

static void step(struct content *c, size_t about, struct buf *out)
{
    size_t start = out->len;

    if (c->state == CONTENT_HEADER)
        header_give(c, about, out);
    else if (c->state == CONTENT_BODY)
        body_give(c, about, out);
    else
        edit_step(c, about, out);
    if (out->len > start)
        c->after_line = out->data[out->len - 1] == '\n';
}

bool content_next(struct content *c, size_t about, struct buf *out)
{
    size_t start = out->len;

    while (c->state != CONTENT_DONE && out->len - start < about)
        step(c, about, out);
    return out->len > start;
}

uint64_t content_size(const struct content *content)
{
    struct content c = *content;
    struct buf out = {0};
    uint64_t size = 0;

    while (content_next(&c, 65536, &out)) {
        size += out.len;
        buf_clear(&out);
    }
    buf_free(&out);
    return size;
}
