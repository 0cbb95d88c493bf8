/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/qp.h"

#include "mail/scan.h"

enum {
    LINE_MAX_QP = 76,   /* RFC 2045, 6.7 (5)                         */
    LINE_MAX_SMTP = 998 /* RFC 5321, 4.5.3.1.6, without the CRLF     */
};

static bool is_literal(char c)
{
    return (c >= ' ' && c <= '~' && c != '=') || c == '\t';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') ||
           (c >= 'a' && c <= 'f');
}

/*
 * What goes onto the line in one piece: octets that are literal, or are all
 * escaped.
 */
struct unit {
    size_t taken;
    bool escaped;
};

static size_t unit_width(struct unit u)
{
    return u.escaped ? 3 * u.taken : u.taken;
}

/* An octet and the continuation octets of UTF-8 that belong to it. */
static struct unit unit_character(struct span line)
{
    size_t n = 1;

    if ((unsigned char)line.p[0] >= 0xC0)
        while (n < 4 && n < line.n && ((unsigned char)line.p[n] & 0xC0) == 0x80)
            n++;
    return (struct unit){n, true};
}

static struct unit unit_plain(struct span line)
{
    if (line.n == 1 && is_blank(line.p[0]))
        return (struct unit){1, true};
    if (is_literal(line.p[0]))
        return (struct unit){1, false};
    return unit_character(line);
}

static struct unit unit_repair(struct span line)
{
    if (line.n >= 3 && line.p[0] == '=' && is_hex(line.p[1]) &&
        is_hex(line.p[2]))
        return (struct unit){3, false};
    if (line.p[0] == '=' || is_literal(line.p[0]))
        return (struct unit){1, false};
    return unit_character(line);
}

/* LINE begins with "--" and one of the boundaries AROUND. */
static bool like_delimiter(struct span line, const struct qp_boundary *around)
{
    if (!span_starts(line, S("--")))
        return false;
    for (; around; around = around->outer)
        if (span_starts(span_from(line, 2), around->boundary))
            return true;
    return false;
}

/* The first octet of LINE must not begin a line as it is. */
static bool needs_guard(const struct qp *qp, struct span line)
{
    return span_starts(line, S("From ")) || span_eq(line, S(".")) ||
           like_delimiter(line, qp->around);
}

static struct unit unit_next(const struct qp *qp, struct span line, bool first)
{
    if (first && needs_guard(qp, line))
        return (struct unit){1, true};
    return qp->repair ? unit_repair(line) : unit_plain(line);
}

static char *put_escaped(char *to, struct span octets)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < octets.n; i++) {
        unsigned char octet = (unsigned char)octets.p[i];

        *to++ = '=';
        *to++ = hex[octet >> 4];
        *to++ = hex[octet & 15];
    }
    return to;
}

static char *put_unit(char *to, struct span line, struct unit u)
{
    if (u.escaped)
        return put_escaped(to, span_upto(line, u.taken));
    for (size_t i = 0; i < u.taken; i++)
        *to++ = line.p[i];
    return to;
}

static char *put_line_end(char *to)
{
    *to++ = '\r';
    *to++ = '\n';
    return to;
}

/*
 * Put what stands for itself at the front of LINE behind what is there: at
 * most MOST octets, and not the last, which unit_plain() has to see.
 */
static char *put_run(char *to, struct span *line, size_t most)
{
    size_t n = scan_literal(span_upto(*line, most < line->n ? most
                                                            : line->n - 1));

    memcpy(to, line->p, n);
    *line = span_from(*line, n);
    return to + n;
}

/*
 * Fill one line.  Room for the "=" of a soft line break is kept, unless all
 * that is left of the line fits.  True when it does.
 */
static bool fill_line(struct qp *qp, char **to)
{
    const char *start = *to;
    struct span *line = &qp->lines.line;

    while (!span_empty(*line)) {
        struct unit u = unit_next(qp, *line, *to == start);
        size_t width = (size_t)(*to - start) + unit_width(u);
        bool last = u.taken == line->n && !qp->soft;

        if (width > (last ? LINE_MAX_QP : LINE_MAX_QP - 1))
            return false;
        *to = put_unit(*to, *line, u);
        *line = span_from(*line, u.taken);
        if (line->n > 1 && width < LINE_MAX_QP - 1)
            *to = put_run(*to, line, LINE_MAX_QP - 1 - width);
    }
    return true;
}

static void give_line(struct qp *qp, struct buf *out)
{
    char *start = buf_room(out, LINE_MAX_QP + 3), *to = start;

    qp->open = !fill_line(qp, &to);
    if (qp->open || (qp->soft && qp->lines.ended))
        *to++ = '=';
    if (qp->open || qp->lines.ended)
        to = put_line_end(to);
    buf_filled(out, (size_t)(to - start));
}

/* LINE may stay as it is in what is quoted-printable already. */
static bool line_stands(struct span line)
{
    if (line.n > LINE_MAX_SMTP)
        return false;
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] != '=' && !is_literal(line.p[i]))
            return false;
    return true;
}

/*
 * Blanks at the end of an encoded line mean nothing, and would be in the way
 * of the soft line break that they may follow.
 */
static void open_repair(struct qp *qp, struct buf *out)
{
    struct span *line = &qp->lines.line;

    if (line_stands(*line)) {
        buf_add(out, *line);
        buf_add(out, qp->lines.ended ? S("\r\n") : S(""));
        return;
    }
    while (line->n && is_blank(line->p[line->n - 1]))
        line->n--;
    qp->soft = line->n && line->p[line->n - 1] == '=';
    if (qp->soft)
        line->n--;
    qp->open = true;
}

struct qp qp_of(struct span text, const struct qp_boundary *around)
{
    return (struct qp){.lines = {.rest = text}, .around = around};
}

struct qp qp_repair_of(struct span text, const struct qp_boundary *around)
{
    struct qp qp = qp_of(text, around);

    qp.repair = true;
    return qp;
}

bool qp_next(struct qp *qp, size_t about, struct buf *out)
{
    size_t start = out->len;

    do {
        if (qp->open)
            give_line(qp, out);
        else if (!raw_lines_next(&qp->lines))
            break;
        else if (qp->repair)
            open_repair(qp, out);
        else
            give_line(qp, out);
    } while (out->len - start < about);
    return out->len > start;
}

/* Without a branch, so that a compiler may look at many at once. */
static unsigned is_escaped(unsigned char c)
{
    unsigned printable = (unsigned char)(c - ' ') < 0x7F - ' ';
    unsigned space = (c == '\t') | (c == '\n') | (c == '\r');

    return (~(printable | space) & 1) | (c == '=');
}

size_t qp_escapes(struct span text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        n += is_escaped((unsigned char)text.p[i]);
    return n;
}
