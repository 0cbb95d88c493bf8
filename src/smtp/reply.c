/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/reply.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The code that LINE begins with, or 0. */
static int code_read(struct span line)
{
    if (line.n < 3 || line.p[0] < '2' || line.p[0] > '5' ||
        !is_digit(line.p[1]) || !is_digit(line.p[2]))
        return 0;
    return (line.p[0] - '0') * 100 + (line.p[1] - '0') * 10 + line.p[2] - '0';
}

static size_t line_max(struct span in)
{
    return code_read(in) == 334 ? REPLY_CHALLENGE_MAX : REPLY_LINE_MAX;
}

static bool within_bounds(const struct reply *r, struct span line)
{
    return r->lines < REPLY_LINES_MAX && line.n <= line_max(line) &&
           r->text.len + line.n <= REPLY_MAX && span_find(line, '\0') == line.n;
}

static enum reply_state line_read(struct reply *r, struct span line)
{
    int code = code_read(line);
    char separator = line.n > 3 ? line.p[3] : ' ';

    if (!within_bounds(r, line) || !code || (r->lines && code != r->code) ||
        (separator != ' ' && separator != '-'))
        return REPLY_BAD;
    if (r->lines++)
        buf_addc(&r->text, '\n');
    r->code = code;
    buf_add(&r->text, span_from(line, 4));
    return separator == '-' ? REPLY_PARTIAL : REPLY_WHOLE;
}

static struct span without_cr(struct span line)
{
    return span_ends(line, S("\r")) ? span_upto(line, line.n - 1) : line;
}

/* What cannot become a reply line any more need not be waited for. */
static bool hopeless(struct span in)
{
    static const char least[] = "200", most[] = "599";

    for (size_t i = 0; i < in.n && i < 3; i++)
        if (in.p[i] < least[i] || in.p[i] > most[i])
            return true;
    return without_cr(in).n > line_max(in);
}

enum reply_state reply_read(struct reply *r, struct span *in)
{
    size_t end = span_find(*in, '\n');
    struct span line = span_upto(*in, end);

    if (end == in->n)
        return hopeless(*in) ? REPLY_BAD : REPLY_PARTIAL;
    *in = span_from(*in, end + 1);
    return line_read(r, without_cr(line));
}

bool reply_is_overlong(const struct reply *r, struct span in)
{
    struct span line = span_upto(in, span_find(in, '\n'));

    return r->lines >= REPLY_LINES_MAX || line.n > line_max(line) ||
           r->text.len + line.n > REPLY_MAX;
}

/* One to three digits; how many, or 0. */
static size_t digits(struct span s, size_t at)
{
    size_t n = 0;

    while (n < 3 && at + n < s.n && is_digit(s.p[at + n]))
        n++;
    return n;
}

struct span reply_enhanced(const struct reply *r)
{
    struct span text = buf_span(&r->text);
    size_t subject = digits(text, 2);
    size_t detail = digits(text, 3 + subject);
    size_t end = 3 + subject + detail;

    if (text.n < end || !subject || !detail || text.p[1] != '.' ||
        text.p[2 + subject] != '.' || text.p[0] - '0' != reply_class(r))
        return S("");
    if (end < text.n && text.p[end] != ' ' && text.p[end] != '\n')
        return S("");
    return span_upto(text, end);
}

void reply_print(const struct reply *r, struct buf *out)
{
    struct span rest = buf_span(&r->text), line;
    const char *before = " ";

    buf_printf(out, "%d", r->code);
    while (span_line(&rest, &line)) {
        if (span_empty(line))
            continue;
        buf_add(out, span_of(before));
        buf_add(out, line);
        before = "; ";
    }
}

void reply_free(struct reply *r)
{
    buf_free(&r->text);
    *r = (struct reply){0};
}
