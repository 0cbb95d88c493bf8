/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/command.h"

#include <inttypes.h>

static const struct span bodies[] = {
    [BODY_UNSTATED] = SPAN_INIT(""),
    [BODY_8BITMIME] = SPAN_INIT(" BODY=8BITMIME"),
    [BODY_BINARYMIME] = SPAN_INIT(" BODY=BINARYMIME"),
};

static const struct span returns[] = {
    [DSN_RETURN_UNSTATED] = SPAN_INIT(""),
    [DSN_RETURN_FULL] = SPAN_INIT(" RET=FULL"),
    [DSN_RETURN_HDRS] = SPAN_INIT(" RET=HDRS"),
};

static const struct {
    unsigned bit;
    struct span name;
} notifies[] = {
    {DSN_NOTIFY_NEVER, SPAN_INIT("NEVER")},
    {DSN_NOTIFY_SUCCESS, SPAN_INIT("SUCCESS")},
    {DSN_NOTIFY_FAILURE, SPAN_INIT("FAILURE")},
    {DSN_NOTIFY_DELAY, SPAN_INIT("DELAY")},
};

/* RFC 3461, 4: all but printable ASCII, and "+" and "=" of that. */
static void put_xtext(struct span text, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char u = (unsigned char)text.p[i];

        if (u < '!' || u > '~' || u == '+' || u == '=')
            buf_printf(out, "+%02X", u);
        else
            buf_addc(out, text.p[i]);
    }
}

void command_original(struct span address, struct buf *out)
{
    buf_add(out, S("rfc822;"));
    put_xtext(address, out);
}

static void put_notify(unsigned notify, struct buf *out)
{
    const char *between = " NOTIFY=";

    for (size_t i = 0; i < sizeof notifies / sizeof *notifies; i++)
        if (notify & notifies[i].bit) {
            buf_printf(out, "%s%.*s", between, SPAN_ARG(notifies[i].name));
            between = ",";
        }
}

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
    buf_add(out, returns[p->returned]);
    if (p->envelope_id.n) {
        buf_add(out, S(" ENVID="));
        put_xtext(p->envelope_id, out);
    }
}

void command_rcpt(struct span recipient, const struct rcpt_parameters *p,
                  struct buf *out)
{
    buf_add(out, S("RCPT TO:<"));
    buf_add(out, recipient);
    buf_addc(out, '>');
    put_notify(p->notify, out);
    if (p->original.n)
        buf_printf(out, " ORCPT=%.*s", SPAN_ARG(p->original));
}
