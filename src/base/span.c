/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/span.h"

bool span_eq(struct span a, struct span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool span_ieq(struct span a, struct span b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
            return false;
    return true;
}

bool span_starts(struct span s, struct span prefix)
{
    return span_eq(span_upto(s, prefix.n), prefix);
}

bool span_istarts(struct span s, struct span prefix)
{
    return span_ieq(span_upto(s, prefix.n), prefix);
}

bool span_ends(struct span s, struct span suffix)
{
    return s.n >= suffix.n && span_eq(span_from(s, s.n - suffix.n), suffix);
}

size_t span_find(struct span s, char byte)
{
    const char *at = s.n ? memchr(s.p, byte, s.n) : NULL;

    return at ? (size_t)(at - s.p) : s.n;
}

size_t span_rfind(struct span s, char byte)
{
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == byte)
            return i - 1;
    return s.n;
}

bool span_word(struct span *rest, char sep, struct span *word)
{
    while (rest->n && rest->p[0] == sep)
        *rest = span_from(*rest, 1);
    *word = span_upto(*rest, span_find(*rest, sep));
    *rest = span_from(*rest, word->n + 1);
    return word->n > 0;
}

bool span_line(struct span *rest, struct span *line)
{
    if (span_empty(*rest))
        return false;
    *line = span_upto(*rest, span_find(*rest, '\n'));
    *rest = span_from(*rest, line->n + 1);
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct span span_trim(struct span s)
{
    while (s.n && is_blank(s.p[0]))
        s = span_from(s, 1);
    while (s.n && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool span_number(struct span s, uint64_t max, uint64_t *number)
{
    uint64_t value = 0;

    for (size_t i = 0; i < s.n; i++) {
        unsigned digit = (unsigned char)s.p[i] - (unsigned)'0';

        if (digit > 9 || value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (span_empty(s) || value > max)
        return false;
    *number = value;
    return true;
}
