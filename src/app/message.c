/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/message.h"

#include "mail/compose.h"
#include "mail/header.h"
#include "mail/lines.h"
#include "sys/drain.h"
#include "sys/input.h"
#include "sys/signals.h"

static bool take(struct message *m, struct span octets, struct err *err)
{
    survey_push(&m->survey, octets);
    return draft_add(&m->draft, octets, err);
}

/* With -i: to the end of the input, whatever is in it. */
static bool read_all(struct message *m, int fd, struct buf *piece,
                     struct err *err)
{
    bool end = false;

    while (!end)
        if (!input_read(fd, signals_flag(), piece, &end, err) ||
            !take(m, buf_span(piece), err))
            return false;
    return true;
}

/* Without: to the end, or to a lone dot. */
static bool read_to_dot(struct message *m, int fd, struct buf *piece,
                        struct err *err)
{
    struct lone_dot dot = {0};
    struct buf kept = {0};
    bool end = false, dotted = false, ok = true;

    while (ok && !end && !dotted) {
        ok = input_read(fd, signals_flag(), piece, &end, err);
        buf_clear(&kept);
        if (ok && end)
            lone_dot_end(&dot, &kept);
        else if (ok)
            dotted = lone_dot_push(&dot, buf_span(piece), &kept);
        ok = ok && take(m, buf_span(&kept), err);
    }
    if (ok && dotted)
        drain_start(fd); /* whoever writes may not be done */
    buf_free(&kept);
    return ok;
}

bool message_read(struct message *m, int fd, const struct message_wanted *w,
                  struct err *err)
{
    struct buf piece = {0};
    bool ok;

    m->draft.limit = w->size_limit;
    m->draft.setting = "size-limit";
    ok = w->keep_dots ? read_all(m, fd, &piece, err)
                      : read_to_dot(m, fd, &piece, err);
    survey_end(&m->survey);
    ok = ok && draft_end(&m->draft, &m->raw, err);
    buf_free(&piece);
    return ok;
}

static bool no_recipient(const struct message_wanted *w, struct err *err)
{
    fail(err, ERR_USAGE, "the message has no recipient");
    if (w->header_recipients)
        return err_hint(err, "with -t they are taken from To, Cc and Bcc, "
                             "which name none");
    return err_hint(err, "name them on the command line, or give -t to take "
                         "them from To, Cc and Bcc");
}

static bool make_envelope(struct message *m, struct span header,
                          const struct message_wanted *w, struct err *err)
{
    struct envelope *e = &m->envelope;

    if (!envelope_sender(e, w->has_sender ? w->sender : w->from, w->domain,
                         err))
        return false;
    for (size_t i = 0; i < w->noperands; i++)
        if (!envelope_operand(e, w->operands[i], w->domain, err))
            return false;
    if (w->header_recipients && !envelope_header(e, header, w->domain, err))
        return false;
    return e->nrcpts > 0 || no_recipient(w, err);
}

/* Who a message is from that does not say: its sender, unless that is null. */
static bool author(struct message *m, const struct message_wanted *w,
                   struct span *from, struct err *err)
{
    struct envelope e = {0};
    bool ok = true;

    *from = m->envelope.sender;
    if (span_empty(*from)) {
        ok = envelope_sender(&e, w->from, w->domain, err);
        *from = arena_copy(&m->envelope.arena, e.sender);
        envelope_free(&e);
    }
    return ok;
}

bool message_compose(struct message *m, const struct message_wanted *w,
                     struct err *err)
{
    struct compose compose = {.world = w->world, .full_name = w->full_name,
                              .domain = w->domain, .fixups = w->fixups};
    struct buf header = {0};
    struct field id;
    size_t body_at = 0;
    bool ok = header_read(m->raw, &header, &body_at, err) &&
              make_envelope(m, buf_span(&header), w, err) &&
              author(m, w, &compose.from, err);

    if (ok)
        compose_header(&compose, buf_span(&header), &m->header);
    m->body = span_from(m->raw, body_at);
    if (header_find(buf_span(&m->header), S("Message-ID"), &id))
        m->id = span_trim(id.body);
    buf_free(&header);
    return ok;
}

void message_passed(struct message *m, const struct content *content)
{
    if (content->state != CONTENT_HEADER)
        draft_passed(&m->draft, m->raw.n - m->body.n + content->at);
}

void message_free(struct message *m)
{
    draft_free(&m->draft);
    survey_free(&m->survey);
    buf_free(&m->header);
    envelope_free(&m->envelope);
    *m = (struct message){0};
}
