/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EXTERNAL (RFC 4422, A): the certificate that the server was shown says who
 * we are, and this only whom we act as.
 */
#include "smtp/sasl.h"

bool sasl_external(struct sasl *s, struct span challenge,
                   struct buf *response, struct err *err)
{
    const struct credentials *who = s->credentials;

    (void)challenge;
    if (s->step > 0)
        return sasl_exhausted(s, err);
    buf_add(response, span_empty(who->authzid) ? who->user : who->authzid);
    return s->complete = true;
}
