/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/base64.h"

enum {
    LINE_OCTETS = 57, /* what fills a line of 76 */
    LINE_CHARS = 76,
    LINE_MAX_SMTP = 998, /* RFC 5321, 4.5.3.1.6, without the CRLF */
    BLOCK_LINES = 12     /* text: lines made at a time            */
};

/*
 * Both characters for each 12 bits: half the steps of a table of single ones.
 */
#define ROW(c)                                                                 \
    c "A" c "B" c "C" c "D" c "E" c "F" c "G" c "H" c "I" c "J" c "K" c "L"    \
    c "M" c "N" c "O" c "P" c "Q" c "R" c "S" c "T" c "U" c "V" c "W" c "X"    \
    c "Y" c "Z" c "a" c "b" c "c" c "d" c "e" c "f" c "g" c "h" c "i" c "j"    \
    c "k" c "l" c "m" c "n" c "o" c "p" c "q" c "r" c "s" c "t" c "u" c "v"    \
    c "w" c "x" c "y" c "z" c "0" c "1" c "2" c "3" c "4" c "5" c "6" c "7"    \
    c "8" c "9" c "+" c "/"

static const char pairs[64][129] = {
    ROW("A"), ROW("B"), ROW("C"), ROW("D"), ROW("E"), ROW("F"), ROW("G"),
    ROW("H"), ROW("I"), ROW("J"), ROW("K"), ROW("L"), ROW("M"), ROW("N"),
    ROW("O"), ROW("P"), ROW("Q"), ROW("R"), ROW("S"), ROW("T"), ROW("U"),
    ROW("V"), ROW("W"), ROW("X"), ROW("Y"), ROW("Z"), ROW("a"), ROW("b"),
    ROW("c"), ROW("d"), ROW("e"), ROW("f"), ROW("g"), ROW("h"), ROW("i"),
    ROW("j"), ROW("k"), ROW("l"), ROW("m"), ROW("n"), ROW("o"), ROW("p"),
    ROW("q"), ROW("r"), ROW("s"), ROW("t"), ROW("u"), ROW("v"), ROW("w"),
    ROW("x"), ROW("y"), ROW("z"), ROW("0"), ROW("1"), ROW("2"), ROW("3"),
    ROW("4"), ROW("5"), ROW("6"), ROW("7"), ROW("8"), ROW("9"), ROW("+"),
    ROW("/"),
};

static unsigned octet_at(const char *p)
{
    return (unsigned char)*p;
}

/* Three octets become four characters. */
static void put_group(char *to, const char *p)
{
    unsigned a = octet_at(p), b = octet_at(p + 1), c = octet_at(p + 2);

    memcpy(to, pairs[a >> 2] + 2 * ((a & 3) << 4 | b >> 4), 2);
    memcpy(to + 2, pairs[(b & 15) << 2 | c >> 6] + 2 * (c & 63), 2);
}

/* The first of 8 octets in the highest bits: one load, to a compiler. */
static uint64_t octets_at(const char *p)
{
    return (uint64_t)octet_at(p) << 56 | (uint64_t)octet_at(p + 1) << 48 |
           (uint64_t)octet_at(p + 2) << 40 | (uint64_t)octet_at(p + 3) << 32 |
           (uint64_t)octet_at(p + 4) << 24 | (uint64_t)octet_at(p + 5) << 16 |
           (uint64_t)octet_at(p + 6) << 8 | octet_at(p + 7);
}

static void put_pair(char *to, uint64_t bits)
{
    memcpy(to, pairs[bits >> 6 & 63] + 2 * (bits & 63), 2);
}

/* Six of the octets become eight characters. */
static void put_groups(char *to, const char *p)
{
    uint64_t bits = octets_at(p);

    put_pair(to, bits >> 52);
    put_pair(to + 2, bits >> 40);
    put_pair(to + 4, bits >> 28);
    put_pair(to + 6, bits >> 16);
}

/* N octets, all of one line; returns behind what was written. */
static char *put_line(char *to, const char *p, size_t n)
{
    char last[3] = {0};
    size_t left = n % 3;

    for (; n >= 8; n -= 6, p += 6, to += 8)
        put_groups(to, p);
    for (; n >= 3; n -= 3, p += 3, to += 4)
        put_group(to, p);
    if (left == 0)
        return to;
    memcpy(last, p, left);
    put_group(to, last);
    to[3] = '=';
    if (left == 1)
        to[2] = '=';
    return to + 4;
}

/* Lines for OCTETS; only the last call may bring a count that is not whole. */
static void give_lines(struct base64 *b, struct span octets, struct buf *out)
{
    size_t lines = (octets.n + LINE_OCTETS - 1) / LINE_OCTETS;
    char *start = buf_room(out, lines * (LINE_CHARS + 2)), *to = start;

    while (!span_empty(octets)) {
        struct span line = span_upto(octets, LINE_OCTETS);

        if (b->line_end) {
            *to++ = '\r';
            *to++ = '\n';
        }
        b->line_end = true;
        to = put_line(to, line.p, line.n);
        octets = span_from(octets, line.n);
    }
    buf_filled(out, (size_t)(to - start));
}

static bool next_octets(struct base64 *b, size_t about, struct buf *out)
{
    size_t lines = about / (LINE_CHARS + 2) + 1;
    struct span octets = span_upto(b->lines.rest, lines * LINE_OCTETS);

    give_lines(b, octets, out);
    b->lines.rest = span_from(b->lines.rest, octets.n);
    return octets.n > 0;
}

/*
 * As much of the text as SPACE takes, with CRLF line ends.  A line end is
 * given as if it were a line more, so that it may be cut, too.
 */
static size_t take_text(struct base64 *b, char *to, size_t space)
{
    struct span *line = &b->lines.line;
    size_t n = 0;

    while (n < space) {
        struct span piece = span_upto(*line, space - n);

        if (piece.n) {
            memcpy(to + n, piece.p, piece.n);
            n += piece.n;
            *line = span_from(*line, piece.n);
        } else if (b->lines.ended) {
            *line = S("\r\n");
            b->lines.ended = false;
        } else if (!raw_lines_next(&b->lines)) {
            break;
        }
    }
    return n;
}

static bool next_text(struct base64 *b, size_t about, struct buf *out)
{
    char block[LINE_OCTETS * BLOCK_LINES];
    size_t start = out->len, n;

    do {
        n = take_text(b, block, sizeof block);
        give_lines(b, (struct span){block, n}, out);
    } while (n == sizeof block && out->len - start < about);
    return out->len > start;
}

static bool is_base64(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

/* LINE may stay as it is in what is base64 already. */
static bool line_stands(struct span line)
{
    if (line.n > LINE_MAX_SMTP)
        return false;
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] > 0x7F ||
            raw_lines_control(line.p[i]))
            return false;
    return true;
}

/* As much of the line at hand as fills lines of at most SPACE octets. */
static void give_repaired(struct base64 *b, size_t space, struct buf *out)
{
    struct span *line = &b->lines.line;
    size_t start = out->len;

    while (!span_empty(*line) && out->len - start < space) {
        if (is_base64(line->p[0])) {
            if (b->column++ == LINE_CHARS) {
                buf_add(out, S("\r\n"));
                b->column = 1;
            }
            buf_addc(out, line->p[0]);
        }
        *line = span_from(*line, 1);
    }
    b->open = !span_empty(*line);
    if (!b->open && b->lines.ended)
        buf_add(out, S("\r\n"));
}

static bool next_repaired(struct base64 *b, size_t about, struct buf *out)
{
    size_t start = out->len;

    while (out->len - start < about) {
        if (!b->open && !raw_lines_next(&b->lines))
            break;
        if (!b->open)
            b->column = 0;
        if (b->open || !line_stands(b->lines.line)) {
            give_repaired(b, about, out);
            continue;
        }
        buf_add(out, b->lines.line);
        buf_add(out, b->lines.ended ? S("\r\n") : S(""));
    }
    return out->len > start;
}

struct base64 base64_of(struct span octets)
{
    return (struct base64){.lines = {.rest = octets}};
}

struct base64 base64_text_of(struct span text)
{
    return (struct base64){.lines = {.rest = text}, .mode = BASE64_TEXT};
}

struct base64 base64_repair_of(struct span text)
{
    return (struct base64){.lines = {.rest = text}, .mode = BASE64_REPAIR};
}

bool base64_next(struct base64 *b, size_t about, struct buf *out)
{
    switch (b->mode) {
    case BASE64_OCTETS:
        return next_octets(b, about, out);
    case BASE64_TEXT:
        return next_text(b, about, out);
    case BASE64_REPAIR:
        return next_repaired(b, about, out);
    }
    return false;
}

void base64_encode(struct span octets, struct buf *out)
{
    char *start = buf_room(out, octets.n / 3 * 4 + 4);

    buf_filled(out, (size_t)(put_line(start, octets.p, octets.n) - start));
}
