/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/raw_lines.h"

struct span raw_lines_trim(struct span s)
{
    while (s.n && s.p[s.n - 1] == '\r')
        s.n--;
    return s;
}

bool raw_lines_next(struct raw_lines *lines)
{
    size_t end = span_find(lines->rest, '\n');

    if (span_empty(lines->rest))
        return false;
    lines->ended = end < lines->rest.n;
    lines->line = span_upto(lines->rest, end);
    if (lines->ended)
        lines->line = raw_lines_trim(lines->line);
    lines->rest = span_from(lines->rest, end + 1);
    return true;
}
