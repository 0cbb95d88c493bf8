/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth.h"

#include "base/buf.h"

#include <gnutls/gnutls.h>

static bool base64_read(struct span s, struct buf *out)
{
    gnutls_datum_t in = {(unsigned char *)(uintptr_t)s.p, (unsigned)s.n};
    gnutls_datum_t plain = {0};

    if (span_eq(s, S("=")))
        return true;
    if (gnutls_base64_decode2(&in, &plain) < 0)
        return false;
    buf_add(out, (struct span){(const char *)plain.data, plain.size});
    gnutls_free(plain.data);
    return true;
}

static struct span verdict(bool right)
{
    return right ? S("235 2.7.0 authentication succeeded")
                 : S("535 5.7.8 authentication failed: wrong password");
}

/* [authzid] NUL authcid NUL password (RFC 4616, 2) */
static bool plain_right(const struct auth *auth, struct span s)
{
    size_t first = span_find(s, '\0');
    struct span rest = span_from(s, first + 1);
    size_t second = span_find(rest, '\0');

    return first < s.n && second < rest.n &&
           span_eq(span_upto(rest, second), auth->user) &&
           span_eq(span_from(rest, second + 1), auth->password);
}

static struct span step_take(struct auth *auth, struct span plain)
{
    switch (auth->step) {
    case AUTH_PLAIN:
        auth->step = AUTH_NONE;
        return verdict(plain_right(auth, plain));
    case AUTH_LOGIN_USER:
        auth->step = AUTH_LOGIN_PASSWORD;
        auth->right = span_eq(plain, auth->user);
        return S("334 UGFzc3dvcmQ6");
    case AUTH_LOGIN_PASSWORD:
        auth->step = AUTH_NONE;
        return verdict(auth->right && span_eq(plain, auth->password));
    default:
        return verdict(false);
    }
}

struct span auth_next(struct auth *auth, struct span line)
{
    struct buf plain = {0};
    struct span reply;

    if (span_eq(line, S("*")))
        return S("501 5.7.0 cancelled");
    if (base64_read(line, &plain))
        reply = step_take(auth, buf_span(&plain));
    else
        reply = S("501 5.5.2 that is not base64");
    buf_free(&plain);
    return reply;
}

struct span auth_begin(struct auth *auth, struct span operand)
{
    struct span mechanism = {0}, initial = {0};

    span_word(&operand, ' ', &mechanism);
    span_word(&operand, ' ', &initial);
    auth->right = false;
    if (span_ieq(mechanism, S("PLAIN")))
        auth->step = AUTH_PLAIN;
    else if (span_ieq(mechanism, S("LOGIN")))
        auth->step = AUTH_LOGIN_USER;
    else
        return S("504 5.5.4 unknown mechanism");
    if (!span_empty(initial))
        return auth_next(auth, initial);
    return auth->step == AUTH_PLAIN ? S("334 ") : S("334 VXNlcm5hbWU6");
}
