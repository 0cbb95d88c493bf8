/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/plain.h"

#include "base/utf8.h"

enum { LINE_MAX_SMTP = 998 }; /* RFC 5321, 4.5.3.1.6, without the CRLF */

/* The first octet of S, or the character that it begins: how many octets. */
static size_t add_plain(const struct plain *plain, struct span s,
                        struct buf *out)
{
    char c = s.p[0];

    if (plain->ascii && (unsigned char)c > 0x7F) {
        buf_addc(out, '?');
        return utf8_length(s) ? utf8_length(s) : 1;
    }
    if (c == '\0')
        c = '?';
    buf_addc(out, c == '\r' ? ' ' : c);
    return 1;
}

/* As much of the line at hand as one line holds. */
static void give_line(struct plain *plain, struct buf *out)
{
    struct span *line = &plain->lines.line;
    struct span piece = span_upto(*line, LINE_MAX_SMTP - 1);

    /* Behind a break of ours a hyphen may not become the first octet. */
    if (plain->open && span_starts(*line, S("-")))
        buf_addc(out, ' ');
    if (line->n == LINE_MAX_SMTP && !plain->open)
        piece = *line;
    for (size_t left = line->n - piece.n; line->n > left;)
        *line = span_from(*line, add_plain(plain, *line, out));
    plain->open = !span_empty(*line);
    if (plain->open || plain->lines.ended)
        buf_add(out, S("\r\n"));
}

struct plain plain_of(struct span text, bool ascii)
{
    return (struct plain){.lines = {.rest = text}, .ascii = ascii};
}

bool plain_next(struct plain *plain, size_t about, struct buf *out)
{
    size_t start = out->len;

    while (out->len - start < about) {
        if (!plain->open && !raw_lines_next(&plain->lines))
            break;
        give_line(plain, out);
    }
    return out->len > start;
}
