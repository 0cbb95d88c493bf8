/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/command.h"

#include <inttypes.h>

static const struct span bodies[] = {
    [BODY_UNSTATED] = SPAN_INIT(""),
    [BODY_8BITMIME] = SPAN_INIT(" BODY=8BITMIME"),
    [BODY_BINARYMIME] = SPAN_INIT(" BODY=BINARYMIME"),
};

void command_mail(struct span sender, const struct mail_parameters *p,
                  struct buf *out)
{
    /* No blank behind the colon: some servers do not bear one. */
    buf_add(out, S("MAIL FROM:<"));
    buf_add(out, sender);
    buf_addc(out, '>');
    if (p->state_size)
        buf_printf(out, " SIZE=%" PRIu64, p->size);
    buf_add(out, bodies[p->body]);
    if (p->smtputf8)
        buf_add(out, S(" SMTPUTF8"));
}

void command_rcpt(struct span recipient, struct buf *out)
{
    buf_add(out, S("RCPT TO:<"));
    buf_add(out, recipient);
    buf_addc(out, '>');
}
