/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/part_type.h"

#include "mail/mime.h"

enum {
    BOUNDARY_MAX = 32768,
    CHARSET_MAX = 40 /* RFC 2978, 2.3 */
};

void part_boundary(struct span type, struct buf *out)
{
    size_t start = out->len;

    mime_parameter(type, S("boundary"), out);
    /* RFC 2046, 5.1.1: no blank ends it, and a delimiter may end in some. */
    while (out->len > start &&
           (out->data[out->len - 1] == ' ' || out->data[out->len - 1] == '\t'))
        buf_cut(out, out->len - 1);
    if (out->len - start > BOUNDARY_MAX ||
        span_find(buf_span(out), '\n') < out->len)
        buf_cut(out, start);
}

bool part_charset(struct span type, struct buf *out)
{
    static const struct span others[] = {
        SPAN_INIT("us-ascii"),  SPAN_INIT("ascii"), SPAN_INIT("utf-8"),
        SPAN_INIT("utf8"),      SPAN_INIT("utf-7"), SPAN_INIT("hz-gb-2312"),
        SPAN_INIT("unknown-8bit"),
    };
    struct span charset;

    if (!mime_parameter(type, S("charset"), out))
        return false;
    charset = buf_span(out);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (span_ieq(charset, others[i]))
            return false;
    return mime_is_token(charset) && charset.n <= CHARSET_MAX &&
           !span_istarts(charset, S("iso-2022"));
}
