/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/compose.h"

#include "mail/date.h"
#include "mail/header.h"
#include "mail/mended.h"
#include "mail/message_id.h"
#include "mail/phrase.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
    struct span name;
    bool secret; /* drop it even where nothing is to be mended */
} dropped[] = {
    {SPAN_INIT("Bcc"), true},
    {SPAN_INIT("Resent-Bcc"), true},
    {SPAN_INIT("Return-Path"), false},
    {SPAN_INIT("Content-Length"), false},
};

/* Any of these makes it a message that is being sent on. */
static const struct span resending[] = {
    SPAN_INIT("Resent-To"),   SPAN_INIT("Resent-Cc"),
    SPAN_INIT("Resent-Bcc"),  SPAN_INIT("Resent-From"),
    SPAN_INIT("Resent-Date"),
};

/* The fields that are lists of addresses: RFC 5322, 3.6.2, 3.6.3, 3.6.6. */
static const struct span addressed[] = {
    SPAN_INIT("From"),        SPAN_INIT("Sender"),
    SPAN_INIT("Reply-To"),    SPAN_INIT("To"),
    SPAN_INIT("Cc"),          SPAN_INIT("Resent-From"),
    SPAN_INIT("Resent-To"),   SPAN_INIT("Resent-Cc"),
    SPAN_INIT("Resent-Sender"),
};

static void put_date(const struct compose *c, struct buf *out)
{
    date_print(c->world->now, c->world->utc_offset, out);
}

static void put_message_id(const struct compose *c, struct buf *out)
{
    message_id_print(c->world, c->domain, out);
}

static void put_from(const struct compose *c, struct buf *out)
{
    size_t start = out->len;

    phrase_add(c->full_name, out);
    buf_printf(out, out->len > start ? " <%.*s>" : "%.*s", SPAN_ARG(c->from));
}

static const struct supplied {
    struct span name;
    bool resent;
    void (*put)(const struct compose *, struct buf *);
} supplied[] = {
    {SPAN_INIT("Date"), false, put_date},
    {SPAN_INIT("From"), false, put_from},
    {SPAN_INIT("Message-ID"), false, put_message_id},
    {SPAN_INIT("Resent-Date"), true, put_date},
    {SPAN_INIT("Resent-From"), true, put_from},
    {SPAN_INIT("Resent-Message-ID"), true, put_message_id},
};

static bool is_listed(const struct field *f, const struct span *names,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (field_is(f, names[i]))
            return true;
    return false;
}

static bool is_resent(struct span header)
{
    struct field f;

    while (header_next(&header, &f))
        if (is_listed(&f, resending, COUNT(resending)))
            return true;
    return false;
}

static bool is_empty(struct span body)
{
    return span_empty(phrase_trim(body));
}

static bool is_missing(struct span header, struct span name)
{
    struct field f;

    while (header_next(&header, &f))
        if (field_is(&f, name) && !is_empty(f.body))
            return false;
    return true;
}

static void supply(const struct compose *c, struct span header, bool resent,
                   struct buf *out)
{
    for (size_t i = 0; i < COUNT(supplied); i++) {
        const struct supplied *s = &supplied[i];

        if (s->resent != resent || !is_missing(header, s->name))
            continue;
        buf_printf(out, "%.*s: ", SPAN_ARG(s->name));
        s->put(c, out);
        buf_addc(out, '\n');
    }
}

/* One that is empty, of those that we see to. */
static bool is_replaced(const struct field *f, bool resent)
{
    for (size_t i = 0; i < COUNT(supplied); i++)
        if (supplied[i].resent == resent && field_is(f, supplied[i].name))
            return is_empty(f->body);
    return false;
}

static bool is_dropped(const struct field *f, bool resent, bool fixups)
{
    for (size_t i = 0; i < COUNT(dropped); i++)
        if ((dropped[i].secret || fixups) && field_is(f, dropped[i].name))
            return true;
    return fixups && is_replaced(f, resent);
}

/* Copy the field; behind each local part that is alone goes our domain. */
static void copy_addressed(const struct compose *c, const struct field *f,
                           struct buf *out)
{
    struct arena scratch = {0};
    struct address *a = NULL;
    struct span text = f->body;
    size_t body_at = (size_t)(f->body.p - f->whole.p), copied = 0;

    if (!span_empty(c->domain))
        mended_read(f->body, &scratch, &text, &a);
    buf_add(out, span_upto(f->whole, body_at));
    for (; a; a = a->next) {
        if (!span_empty(a->domain))
            continue;
        buf_add(out, span_from(span_upto(text, a->local_end), copied));
        buf_printf(out, "@%.*s", SPAN_ARG(c->domain));
        copied = a->local_end;
    }
    buf_add(out, span_from(text, copied));
    buf_add(out, span_from(f->whole, body_at + f->body.n));
    arena_free(&scratch);
}

void compose_header(const struct compose *c, struct span header,
                    struct buf *out)
{
    bool resent = is_resent(header);
    struct field f;

    if (c->fixups)
        supply(c, header, resent, out);
    while (header_next(&header, &f)) {
        if (is_dropped(&f, resent, c->fixups))
            continue;
        if (c->fixups && is_listed(&f, addressed, COUNT(addressed)))
            copy_addressed(c, &f, out);
        else
            buf_add(out, f.whole);
    }
}
