/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PLAIN (RFC 4616, 2): message = [authzid] NUL authcid NUL passwd */
#include "smtp/sasl.h"

bool sasl_plain(struct sasl *s, struct span challenge, struct buf *response,
                struct err *err)
{
    const struct credentials *who = s->credentials;

    (void)challenge; /* empty, or not ours to judge */
    if (s->step > 0)
        return sasl_exhausted(s, err);
    /* Room at once, so that growing leaves no copy of the password behind. */
    buf_room(response, who->authzid.n + who->user.n + who->password.n + 2);
    buf_add(response, who->authzid);
    buf_addc(response, '\0');
    buf_add(response, who->user);
    buf_addc(response, '\0');
    buf_add(response, who->password);
    return s->complete = true;
}
