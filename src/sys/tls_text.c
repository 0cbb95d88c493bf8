/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_text.h"

#include "base/err.h"

#include <time.h>

enum { QUOTED_MAX = 96 };

void tls_quote(struct span s, struct buf *out)
{
    struct buf shown = {0};

    err_escape(span_upto(s, QUOTED_MAX), &shown);
    buf_printf(out, "'%.*s%s'", SPAN_ARG(buf_span(&shown)),
               s.n > QUOTED_MAX ? "..." : "");
    buf_free(&shown);
}

void tls_add_name(gnutls_x509_crt_t certificate, tls_name_getter *get,
                  struct buf *out)
{
    gnutls_datum_t name = {0};

    if (get(certificate, &name, 0) < 0)
        name = (gnutls_datum_t){0};
    tls_quote((struct span){(char *)name.data, name.size}, out);
    gnutls_free(name.data);
}

void tls_add_which(const struct tls_peer *peer, unsigned i, struct buf *out)
{
    if (i == 0)
        return;
    buf_add(out, S("depends on that of the authority "));
    tls_add_name(peer->chain[i], gnutls_x509_crt_get_dn3, out);
    buf_add(out, S(", which "));
}

void tls_add_time(time_t when, struct buf *out)
{
    struct tm utc = {0};

    gmtime_r(&when, &utc);
    buf_printf(out, "%04d-%02d-%02d %02d:%02d UTC", utc.tm_year + 1900,
               utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min);
}
