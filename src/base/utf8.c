/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

/*
 * RFC 3629, 4: for each range of first bytes the length, and the range that
 * the second byte must be in; the others are 80 to BF.
 */
static const struct {
    unsigned char first, last, length, low, high;
} forms[] = {
    {0x00, 0x7F, 1, 0x80, 0xBF}, {0xC2, 0xDF, 2, 0x80, 0xBF},
    {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF}, {0xF1, 0xF3, 4, 0x80, 0xBF},
    {0xF4, 0xF4, 4, 0x80, 0x8F},
};

static unsigned byte_at(struct span s, size_t i)
{
    return (unsigned char)s.p[i];
}

static bool tail_valid(struct span s, size_t length, unsigned low,
                       unsigned high)
{
    if (s.n < length)
        return false;
    if (length > 1 && (byte_at(s, 1) < low || byte_at(s, 1) > high))
        return false;
    for (size_t i = 2; i < length; i++)
        if (byte_at(s, i) < 0x80 || byte_at(s, i) > 0xBF)
            return false;
    return true;
}

size_t utf8_length(struct span s)
{
    if (span_empty(s))
        return 0;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (byte_at(s, 0) >= forms[i].first && byte_at(s, 0) <= forms[i].last)
            return tail_valid(s, forms[i].length, forms[i].low, forms[i].high)
                       ? forms[i].length
                       : 0;
    return 0;
}

bool utf8_valid(struct span s)
{
    while (!span_empty(s)) {
        size_t length = utf8_length(s);

        if (length == 0)
            return false;
        s = span_from(s, length);
    }
    return true;
}

bool utf8_is_ascii(struct span s)
{
    unsigned char all = 0;

    for (size_t i = 0; i < s.n; i++)
        all |= (unsigned char)s.p[i];
    return all < 0x80;
}
