/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XOAUTH2: what Google had before RFC 7628, and Microsoft has still */
#include "smtp/sasl.h"

static bool message(const struct sasl *s, struct buf *out, struct err *err)
{
    const struct credentials *who = s->credentials;

    /* Room at once, so that growing leaves no copy of the token behind. */
    buf_room(out, who->user.n + who->token.n + 64);
    buf_add(out, S("user="));
    buf_add(out, who->user);
    buf_addc(out, '\1');
    if (!sasl_bearer_add(s, out, err))
        return false;
    buf_addc(out, '\1');
    return true;
}

bool sasl_xoauth2(struct sasl *s, struct span challenge, struct buf *response,
                  struct err *err)
{
    if (s->step == 0)
        return s->complete = message(s, response, err);
    if (s->step > 1)
        return sasl_exhausted(s, err);
    /* It is no, and why; the answer is an empty line. */
    sasl_explained(s, challenge);
    return true;
}
