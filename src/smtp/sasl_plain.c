/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PLAIN (RFC 4616, 2): message = [authzid] NUL authcid NUL passwd */
#include "smtp/sasl.h"

bool sasl_plain(struct sasl *s, struct span challenge, struct buf *response)
{
    (void)challenge; /* empty, or not ours to judge */
    if (s->step > 0)
        return false;
    /* Room at once, so that growing leaves no copy of the password behind. */
    buf_room(response,
             s->credentials->user.n + s->credentials->password.n + 2);
    buf_addc(response, '\0');
    buf_add(response, s->credentials->user);
    buf_addc(response, '\0');
    buf_add(response, s->credentials->password);
    return s->complete = true;
}
