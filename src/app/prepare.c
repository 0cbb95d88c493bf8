/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/prepare.h"

#include "smtp/plan.h"

static const enum recode_signed signed_rules[] = {
    [CONF_SIGNED_REJECT] = RECODE_SIGNED_REJECT,
    [CONF_SIGNED_RAW] = RECODE_SIGNED_RAW,
    [CONF_SIGNED_CONVERT] = RECODE_SIGNED_CONVERT,
};

enum { PIECE = 64 * 1024 };

/* What content_size() says, with no more of the message in memory at once. */
static uint64_t measure(const struct prepared *p, struct message *m)
{
    struct content content = p->content;
    struct buf piece = {0};
    uint64_t size = 0;

    while (content_next(&content, PIECE, &piece)) {
        size += piece.len;
        buf_clear(&piece);
        message_passed(m, &content);
    }
    buf_free(&piece);
    return size;
}

bool prepare_rcpt(const struct recipient *rcpt, const struct ehlo *ehlo,
                  struct err *err)
{
    if (!rcpt->utf8 || ehlo->has & EHLO_SMTPUTF8)
        return true;
    fail(err, ERR_UNAVAILABLE,
         "5.6.7 the local part of '%.*s' is not ASCII, and the server does "
         "not offer SMTPUTF8", SPAN_ARG(rcpt->address));
    return err_hint(err, "use another server, or an address in ASCII");
}

/* Whether MAIL or RCPT will name an address that is not ASCII. */
static bool envelope_utf8(const struct envelope *e, const struct ehlo *ehlo)
{
    return e->sender_utf8 || (e->utf8 && ehlo->has & EHLO_SMTPUTF8);
}

bool prepare(struct prepared *p, struct message *m,
             const struct ehlo *ehlo, bool chunking,
             enum conf_signed signed_parts, struct err *err)
{
    struct span header = buf_span(&m->header);
    unsigned traits = plan_traits(&m->survey, header,
                                  envelope_utf8(&m->envelope, ehlo));
    unsigned hidden = chunking ? 0 : EHLO_CHUNKING;
    struct plan plan;

    if (!plan_make(traits, ehlo->has & ~hidden, &plan, err))
        return false;
    plan.rules.signed_parts = signed_rules[signed_parts];
    if (!recode(&m->survey, m->raw, header, &plan.rules, &p->recoding, err))
        return false;
    p->content = content_of(buf_span(&p->recoding.header),
                            survey_body(&m->survey, m->raw),
                            &p->recoding.edits);
    p->size = measure(p, m);
    if (!plan_size(&plan, p->size, ehlo, err))
        return false;
    p->parameters = plan.parameters;
    if (ehlo->has & EHLO_DSN) {
        p->parameters.returned = m->reports.returned;
        p->parameters.envelope_id = m->reports.envelope_id;
    }
    return true;
}

void prepared_free(struct prepared *p)
{
    recoding_free(&p->recoding);
    *p = (struct prepared){0};
}
