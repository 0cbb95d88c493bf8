/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CRAM-MD5 (RFC 2195, 2): the user, a blank, and in hexadecimal the HMAC of
 * the challenge under the password.  A server that asks for it keeps what is
 * as good as the password, and a listener can try passwords at leisure, so it
 * is for those who name it (draft-ietf-sasl-crammd5-to-historic).
 */
#include "smtp/sasl.h"

bool sasl_cram_md5(struct sasl *s, struct span challenge,
                   struct buf *response, struct err *err)
{
    const struct credentials *who = s->credentials;
    struct digest proof;

    if (s->step > 0)
        return sasl_exhausted(s, err);
    if (!digest_hmac(s->mechanism->digest, who->password, challenge, &proof,
                     err))
        return false;
    buf_add(response, who->user);
    buf_addc(response, ' ');
    for (size_t i = 0; i < proof.n; i++)
        buf_printf(response, "%02x", proof.octets[i]);
    digest_wipe(&proof);
    return s->complete = true;
}
