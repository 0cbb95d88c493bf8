/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LOGIN (draft-murchison-sasl-login): two prompts, whose wording servers do
 * not agree on; the first is for the user, the second for the password.
 */
#include "smtp/sasl.h"

bool sasl_login(struct sasl *s, struct span challenge, struct buf *response,
                struct err *err)
{
    (void)challenge;
    if (s->step > 1)
        return sasl_exhausted(s, err);
    s->complete = s->step == 1;
    buf_add(response,
            s->complete ? s->credentials->password : s->credentials->user);
    return true;
}
