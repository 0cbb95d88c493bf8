/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ANONYMOUS (RFC 4505, 2): the user is told for the log, and not believed. */
#include "smtp/sasl.h"

bool sasl_anonymous(struct sasl *s, struct span challenge,
                    struct buf *response, struct err *err)
{
    (void)challenge;
    if (s->step > 0)
        return sasl_exhausted(s, err);
    buf_add(response, s->credentials->user);
    return s->complete = true;
}
