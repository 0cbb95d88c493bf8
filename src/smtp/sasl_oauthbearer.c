/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OAUTHBEARER (RFC 7628, 3.1): a GS2 header, then pairs that end in 0x01 */
#include "smtp/sasl.h"

static bool message(const struct sasl *s, struct buf *out, struct err *err)
{
    const struct credentials *who = s->credentials;
    struct span user = span_empty(who->authzid) ? who->user : who->authzid;

    /* Room at once, so that growing leaves no copy of the token behind. */
    buf_room(out, user.n * 3 + who->host.n + who->token.n + 64);
    buf_add(out, S("n,"));
    if (!span_empty(user))
        buf_add(out, S("a="));
    sasl_name_add(user, out);
    buf_add(out, S(",\1"));
    if (!span_empty(who->host))
        buf_printf(out, "host=%.*s\1", SPAN_ARG(who->host));
    if (who->port)
        buf_printf(out, "port=%u\1", who->port);
    if (!sasl_bearer_add(s, out, err))
        return false;
    buf_addc(out, '\1');
    return true;
}

bool sasl_oauthbearer(struct sasl *s, struct span challenge,
                      struct buf *response, struct err *err)
{
    if (s->step == 0)
        return s->complete = message(s, response, err);
    if (s->step > 1)
        return sasl_exhausted(s, err);
    /* It is no, and why; the server says so in SMTP when it has heard that we
     * know (RFC 7628, 3.2.3). */
    sasl_explained(s, challenge);
    buf_addc(response, '\1');
    return true;
}
