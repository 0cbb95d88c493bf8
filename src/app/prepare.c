/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/prepare.h"

#include <inttypes.h>

static struct recode_rules rules_for(const struct message *m,
                                     const struct ehlo *ehlo,
                                     enum conf_signed signed_parts)
{
    static const enum recode_signed kinds[] = {
        [CONF_SIGNED_REJECT] = RECODE_SIGNED_REJECT,
        [CONF_SIGNED_RAW] = RECODE_SIGNED_RAW,
        [CONF_SIGNED_CONVERT] = RECODE_SIGNED_CONVERT,
    };

    return (struct recode_rules){
        .takes_8bit = ehlo->has & EHLO_8BITMIME,
        .takes_utf8 = m->envelope.utf8 && ehlo->has & EHLO_SMTPUTF8,
        .signed_parts = kinds[signed_parts],
    };
}

static bool check_limits(const struct prepared *p, const struct message *m,
                         const struct ehlo *ehlo, struct err *err)
{
    if (m->envelope.utf8 && !(ehlo->has & EHLO_SMTPUTF8))
        return fail(err, ERR_UNAVAILABLE,
                    "5.6.7 an address is not ASCII, and the server does not "
                    "offer SMTPUTF8");
    if (ehlo->size && p->size > ehlo->size)
        return fail(err, ERR_UNAVAILABLE,
                    "5.3.4 the message is %" PRIu64 " octets long, and the "
                    "server takes %" PRIu64 " at most",
                    p->size, ehlo->size);
    return true;
}

bool prepare(struct prepared *p, const struct message *m,
             const struct ehlo *ehlo, enum conf_signed signed_parts,
             struct err *err)
{
    struct recode_rules rules = rules_for(m, ehlo, signed_parts);

    if (!recode(&m->survey, m->raw, buf_span(&m->header), &rules,
                &p->recoding, err))
        return false;
    p->content = content_of(buf_span(&p->recoding.header),
                            survey_body(&m->survey, m->raw),
                            &p->recoding.edits);
    p->size = content_size(&p->content);
    p->parameters.state_size = ehlo->has & EHLO_SIZE;
    p->parameters.size = p->size;
    p->parameters.smtputf8 = rules.takes_utf8;
    if (rules.takes_8bit && m->survey.body_traits & TRAIT_8BIT)
        p->parameters.body = BODY_8BITMIME;
    return check_limits(p, m, ehlo, err);
}

void prepared_free(struct prepared *p)
{
    recoding_free(&p->recoding);
    *p = (struct prepared){0};
}
