/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/unbase64.h"

enum { NO_DIGIT = 64 };

static unsigned digit_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a') + 26;
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : NO_DIGIT;
}

/* The octets of one group, of which PADDING digits are missing. */
static bool group_add(const char *group, size_t padding, struct buf *out)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < 4; i++) {
        unsigned value = i < 4 - padding ? digit_value(group[i]) : 0;

        if (value == NO_DIGIT)
            return false;
        bits = bits << 6 | value;
    }
    if (bits & ((1u << 8 * padding) - 1))
        return false;
    for (size_t i = 0; i < 3 - padding; i++)
        buf_addc(out, (char)(bits >> (16 - 8 * i) & 0xFF));
    return true;
}

static size_t padding_of(struct span text)
{
    return span_ends(text, S("==")) ? 2 : span_ends(text, S("=")) ? 1 : 0;
}

bool unbase64(struct span text, struct buf *out)
{
    size_t start = out->len, padding = padding_of(text);

    if (text.n % 4)
        return false;
    buf_room(out, text.n / 4 * 3);
    for (size_t i = 0; i < text.n; i += 4)
        if (!group_add(text.p + i, i + 4 == text.n ? padding : 0, out)) {
            buf_cut(out, start);
            return false;
        }
    return true;
}
