/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/scan.h"

enum { LINE_MAX_SMTP = 998, BLOCK = 64 };

static void take_octet(struct scan *s, char c)
{
    if (c == '\n') {
        s->run = s->crs = 0;
        return;
    }
    s->run++;
    if (c == '\r') {
        s->crs++;
        return;
    }
    if (s->crs)
        s->traits |= TRAIT_CR;
    s->crs = 0;
    if (s->run > LINE_MAX_SMTP)
        s->traits |= TRAIT_LONG;
    if (c == '\0')
        s->traits |= TRAIT_NUL;
    if ((unsigned char)c > 0x7F)
        s->traits |= TRAIT_8BIT;
}

size_t scan_push_octets(struct scan *s, struct span piece, bool dashes)
{
    for (size_t i = 0; i < piece.n; i++) {
        if (dashes && s->run == 0 && piece.p[i] == '-')
            return i;
        take_octet(s, piece.p[i]);
    }
    return piece.n;
}

void scan_end(struct scan *s)
{
    if (s->crs)
        s->traits |= TRAIT_CR;
    if (s->run > LINE_MAX_SMTP)
        s->traits |= TRAIT_LONG;
    s->run = s->crs = 0;
}

static size_t literal_octets(struct span s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] >= ' ' && s.p[n] <= '~' && s.p[n] != '=')
        n++;
    return n;
}

/*
 * The vectors are here and not in sys/ because they know nothing of the
 * system, only of the machine, and survey, which is pure, needs them.  They
 * only say which of some octets are what.  A bit stands for an octet, the
 * lowest for the first.
 */
struct block {
    uint64_t newline, cr, nul, dash, over;
};

#if defined __SSE2__

#include <emmintrin.h>

#define SCAN_VECTORS 1

static uint64_t mask_of(__m128i v)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(v);
}

static struct block block_at(const char *p)
{
    const __m128i newline = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    const __m128i nul = _mm_setzero_si128(), dash = _mm_set1_epi8('-');
    struct block b = {0};

    for (int i = 0; i < BLOCK; i += 16) {
        __m128i v = _mm_loadu_si128((const void *)(p + i));

        b.newline |= mask_of(_mm_cmpeq_epi8(v, newline)) << i;
        b.cr |= mask_of(_mm_cmpeq_epi8(v, cr)) << i;
        b.nul |= mask_of(_mm_cmpeq_epi8(v, nul)) << i;
        b.dash |= mask_of(_mm_cmpeq_epi8(v, dash)) << i;
        b.over |= mask_of(v) << i;
    }
    return b;
}

/* Which of 16 octets are printable and not "="; over 127 is negative. */
static uint64_t literal_at(const char *p)
{
    __m128i v = _mm_loadu_si128((const void *)p);
    __m128i printable = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(0x1F)),
                                      _mm_cmplt_epi8(v, _mm_set1_epi8(0x7F)));

    return mask_of(_mm_andnot_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('=')),
                                    printable));
}

#elif defined __aarch64__ && defined __ARM_NEON

#include <arm_neon.h>

#define SCAN_VECTORS 1

/* A bit for each octet of V, all of whose bits are set or none. */
static uint64_t mask_of(uint8x16_t v)
{
    const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128,
                             1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t set = vandq_u8(v, bits);

    return (uint64_t)vaddv_u8(vget_low_u8(set)) |
           (uint64_t)vaddv_u8(vget_high_u8(set)) << 8;
}

static struct block block_at(const char *p)
{
    struct block b = {0};

    for (int i = 0; i < BLOCK; i += 16) {
        uint8x16_t v = vld1q_u8((const uint8_t *)p + i);

        b.newline |= mask_of(vceqq_u8(v, vdupq_n_u8('\n'))) << i;
        b.cr |= mask_of(vceqq_u8(v, vdupq_n_u8('\r'))) << i;
        b.nul |= mask_of(vceqq_u8(v, vdupq_n_u8(0))) << i;
        b.dash |= mask_of(vceqq_u8(v, vdupq_n_u8('-'))) << i;
        b.over |= mask_of(vcgtq_u8(v, vdupq_n_u8(0x7F))) << i;
    }
    return b;
}

static uint64_t literal_at(const char *p)
{
    uint8x16_t v = vld1q_u8((const uint8_t *)p);
    uint8x16_t printable = vandq_u8(vcgtq_u8(v, vdupq_n_u8(0x1F)),
                                    vcltq_u8(v, vdupq_n_u8(0x7F)));

    return mask_of(vbicq_u8(printable, vceqq_u8(v, vdupq_n_u8('='))));
}

#endif

#ifdef SCAN_VECTORS

static size_t lowest(uint64_t mask)
{
    return (size_t)__builtin_ctzll(mask);
}

/* The block may hold the first CR that is bare, or line that is too long. */
static bool is_hard(const struct scan *s, const struct block *b)
{
    size_t run = s->run + (b->newline ? lowest(b->newline) : BLOCK);

    if (!(s->traits & TRAIT_CR) && (s->crs || (b->cr & ~(b->newline >> 1))))
        return true;
    return !(s->traits & TRAIT_LONG) && run > LINE_MAX_SMTP;
}

/* Take a whole block at once.  False where octets must be looked at. */
static bool take_block(struct scan *s, const struct block *b)
{
    if (is_hard(s, b))
        return false;
    s->crs = 0;
    if (b->nul)
        s->traits |= TRAIT_NUL;
    if (b->over)
        s->traits |= TRAIT_8BIT;
    if (b->newline)
        s->run = (size_t)__builtin_clzll(b->newline);
    else
        s->run += BLOCK;
    return true;
}

/* The octets at the beginning of a line: behind a LF, or the very first. */
static uint64_t line_starts(const struct scan *s, const struct block *b)
{
    return b->newline << 1 | (s->run == 0);
}

size_t scan_push(struct scan *s, struct span piece, bool dashes)
{
    size_t at = 0;

    for (; piece.n - at >= BLOCK; at += BLOCK) {
        struct span octets = {piece.p + at, BLOCK};
        struct block b = block_at(octets.p);
        uint64_t stops = dashes ? b.dash & line_starts(s, &b) : 0;

        if (stops)
            octets.n = lowest(stops);
        else if (take_block(s, &b))
            continue;
        scan_push_octets(s, octets, false);
        if (stops)
            return at + octets.n;
    }
    return at + scan_push_octets(s, span_from(piece, at), dashes);
}

size_t scan_literal(struct span s)
{
    size_t at = 0;

    for (; s.n - at >= 16; at += 16) {
        uint64_t others = ~literal_at(s.p + at) & 0xFFFF;

        if (others)
            return at + lowest(others);
    }
    return at + literal_octets(span_from(s, at));
}

#else

size_t scan_push(struct scan *s, struct span piece, bool dashes)
{
    return scan_push_octets(s, piece, dashes);
}

size_t scan_literal(struct span s)
{
    return literal_octets(s);
}

#endif
