/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/message.h"

#include "base/utf8.h"
#include "mail/address.h"
#include "mail/alias_header.h"
#include "mail/compose.h"
#include "mail/header.h"
#include "mail/lines.h"
#include "smtp/ehlo.h"
#include "sys/drain.h"
#include "sys/input.h"
#include "sys/signals.h"

bool message_add(struct message *m, struct span piece,
                 const struct message_source *source, struct err *err)
{
    m->draft.limit = source->size_limit;
    m->draft.setting = "size-limit";
    survey_push(&m->survey, piece);
    return draft_add(&m->draft, piece, err);
}

bool message_end(struct message *m, struct err *err)
{
    survey_end(&m->survey);
    return draft_end(&m->draft, &m->raw, err);
}

/* With -i: to the end of the input, whatever is in it. */
static bool read_all(struct message *m, int fd,
                     const struct message_source *source, struct buf *piece,
                     struct err *err)
{
    bool end = false;

    while (!end)
        if (!input_read(fd, signals_flag(), piece, &end, err) ||
            !message_add(m, buf_span(piece), source, err))
            return false;
    return true;
}

/* Without: to the end, or to a lone dot. */
static bool read_to_dot(struct message *m, int fd,
                        const struct message_source *source,
                        struct buf *piece, struct err *err)
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
        ok = ok && message_add(m, buf_span(&kept), source, err);
    }
    if (ok && dotted)
        drain_start(fd); /* whoever writes may not be done */
    buf_free(&kept);
    return ok;
}

bool message_read(struct message *m, int fd,
                  const struct message_source *source, struct err *err)
{
    struct buf piece = {0};
    bool ok = source->keep_dots ? read_all(m, fd, source, &piece, err)
                                : read_to_dot(m, fd, source, &piece, err);

    ok = ok && message_end(m, err);
    buf_free(&piece);
    return ok;
}

bool message_parse(struct message *m, struct err *err)
{
    size_t body_at = 0;

    if (!header_read(m->raw, &m->came, &body_at, err))
        return false;
    m->body = span_from(m->raw, body_at);
    return true;
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

static struct sender_policy policy_of(const struct message_wanted *w)
{
    struct sender_policy policy = w->policy;

    policy.login = w->from;
    policy.domain = w->domain;
    return policy;
}

bool message_sender(struct message *m, const struct message_wanted *w,
                    struct err *err)
{
    struct sender_policy policy = policy_of(w);

    return sender_choose(&policy, w->has_sender ? &w->sender : NULL,
                         &m->envelope, &m->sender, err);
}

bool message_address(struct message *m, const struct message_wanted *w,
                     struct err *err)
{
    struct envelope *e = &m->envelope;

    m->reports = w->reports;
    e->expander = w->expander;
    if (!message_sender(m, w, err))
        return false;
    for (size_t i = 0; i < w->noperands; i++)
        if (!envelope_operand(e, w->operands[i], w->domain, err))
            return false;
    if (w->header_recipients &&
        !envelope_header(e, buf_span(&m->came), w->domain, err))
        return false;
    return e->nrcpts > 0 || e->dropped > 0 || no_recipient(w, err);
}

struct span message_author(struct message *m, struct span domain)
{
    struct arena scratch = {0};
    struct address *a = NULL;
    struct buf text = {0};
    struct span author;
    struct err ignored;
    struct field f;

    if (header_find(buf_span(&m->came), S("From"), &f) &&
        address_read(f.body, &scratch, &a, &ignored) && a)
        buf_printf(&text, "%.*s@%.*s", SPAN_ARG(a->local),
                   SPAN_ARG(a->domain.n ? a->domain : domain));
    author = arena_copy(&m->envelope.arena, buf_span(&text));
    buf_free(&text);
    arena_free(&scratch);
    return author;
}

/* The name of the address comes before that of the account on this host. */
static struct span author_name(const struct message *m,
                               const struct message_wanted *w)
{
    bool own = span_eq(m->sender.author, m->sender.own);

    return own && !w->named && m->sender.name.n ? m->sender.name
                                                : w->full_name;
}

/* The header that came, as others than this host's users understand it. */
static bool add_came(const struct message *m, const struct message_wanted *w,
                     struct buf *out, struct err *err)
{
    if (w->fixups && w->alias_header && w->expander)
        return alias_header(buf_span(&m->came), w->expander, out, err);
    buf_add(out, buf_span(&m->came));
    return true;
}

bool message_compose(struct message *m, const struct message_wanted *w,
                     struct err *err)
{
    struct compose compose = {.world = w->world, .from = m->sender.author,
                              .full_name = author_name(m, w),
                              .domain = w->domain, .fixups = w->fixups};
    struct sender_policy policy = policy_of(w);
    struct buf came = {0}, rewritten = {0};
    struct field id;
    bool ok = add_came(m, w, &came, err);

    if (!w->fixups)
        policy.rewriting = SENDER_REWRITE_NEVER;
    m->rewritten = sender_rewrite(&policy, &m->sender, buf_span(&came),
                                  &rewritten);
    compose_header(&compose, buf_span(&rewritten), &m->header);
    buf_free(&came);
    buf_free(&rewritten);
    if (header_find(buf_span(&m->header), S("Message-ID"), &id))
        m->id = span_trim(id.body);
    return ok;
}

/*
 * Whom the sender named, where an alias led from there to the recipient: for
 * the report that was asked for, and told nobody otherwise.
 */
static struct span original_of(struct message *m, size_t i)
{
    struct span named = m->envelope.rcpts[i].original;
    struct buf text = {0};
    struct span original;

    if (!m->reports.notify || span_empty(named) || !utf8_is_ascii(named))
        return S("");
    command_original(named, &text);
    original = arena_copy(&m->envelope.arena, buf_span(&text));
    buf_free(&text);
    return original;
}

struct rcpt_parameters message_rcpt_parameters(struct message *m, size_t i,
                                               unsigned offers)
{
    if (!(offers & EHLO_DSN))
        return (struct rcpt_parameters){0};
    return (struct rcpt_parameters){.notify = m->reports.notify,
                                    .original = original_of(m, i)};
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
    buf_free(&m->came);
    buf_free(&m->header);
    envelope_free(&m->envelope);
    *m = (struct message){0};
}
