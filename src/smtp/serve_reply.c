/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/serve_reply.h"

#include "base/err.h"
#include "base/utf8.h"

enum {
    TEXT_MAX = 4096,     /* octets of the text that are looked at     */
    LINE_TEXT_MAX = 480, /* of a line, so that code and status fit, too */
};

int serve_reply_code(const struct serve_reply *reply)
{
    int class = reply->code / 100;

    return class == 2 || class == 4 || class == 5 ? reply->code : 451;
}

static bool is_digits(struct span s)
{
    uint64_t number;

    return s.n <= 3 && span_number(s, 999, &number);
}

/* RFC 3463, 2: class "." subject "." detail, and of the code's class. */
static bool is_status(struct span status, int class)
{
    size_t first = span_find(status, '.');
    struct span rest = span_from(status, first + 1);
    size_t second = span_find(rest, '.');

    return first == 1 && status.p[0] == '0' + class &&
           is_digits(span_upto(rest, second)) &&
           is_digits(span_from(rest, second + 1));
}

static void make_ascii(struct span text, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char octet = (unsigned char)text.p[i];

        if (octet < 0x80)
            buf_addc(out, text.p[i]);
        else
            buf_printf(out, "\\x%02X", octet);
    }
}

/* LINE, which ends in no LF, so that it can stand in a reply. */
static void make_safe(struct span line, bool utf8, struct buf *out)
{
    struct buf shown = {0};

    if (span_ends(line, S("\r")))
        line.n--;
    err_escape(line, &shown);
    if (utf8)
        buf_add(out, buf_span(&shown));
    else
        make_ascii(buf_span(&shown), out);
    buf_free(&shown);
}

/* How much of S are at most MAX octets that cut no character. */
static size_t fitting(struct span s, size_t max)
{
    size_t n = span_upto(s, max).n, back = 0;

    while (n - back > 0 && back < 4 && n < s.n &&
           ((unsigned char)s.p[n - back] & 0xC0) == 0x80)
        back++;
    return back < 4 ? n - back : n;
}

/* TEXT as lines that fit, each with its LF. */
static void make_lines(struct span text, bool utf8, struct buf *lines)
{
    struct span line = S("");

    text.n = fitting(text, TEXT_MAX);
    do {
        struct buf safe = {0};
        struct span rest;

        span_line(&text, &line);
        make_safe(line, utf8, &safe);
        rest = buf_span(&safe);
        do {
            size_t n = fitting(rest, LINE_TEXT_MAX);

            buf_add(lines, span_upto(rest, n));
            buf_addc(lines, '\n');
            rest = span_from(rest, n);
        } while (!span_empty(rest));
        buf_free(&safe);
    } while (!span_empty(text));
}

void serve_reply_print(const struct serve_reply *reply, bool utf8,
                       struct buf *out)
{
    static const char *const statuses[] = {"", "", "2.0.0", "", "4.0.0",
                                           "5.0.0"};
    int code = serve_reply_code(reply);
    struct span status = is_status(reply->status, code / 100)
                             ? reply->status
                             : span_of(statuses[code / 100]);
    struct buf lines = {0};
    struct span rest, line;

    make_lines(reply->text, utf8, &lines);
    rest = buf_span(&lines);
    while (span_line(&rest, &line))
        buf_printf(out, "%d%c%.*s %.*s\r\n", code,
                   span_empty(rest) ? ' ' : '-', SPAN_ARG(status),
                   SPAN_ARG(line));
    buf_free(&lines);
}
