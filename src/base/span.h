/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * span - bytes that belong to someone else
 *
 * A span points at bytes and counts them.  It owns nothing, frees nothing and
 * has no NUL at its end, so a parser hands out pieces of its input without
 * copying.  A span is good for as long as the bytes under it are; a function
 * that keeps one says so, and says whose memory it is.
 *
 * Case is folded for ASCII letters only, whatever the locale (RFC 5321, 2.4).
 */
#ifndef PENNYPOST_BASE_SPAN_H
#define PENNYPOST_BASE_SPAN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const char *p;
    size_t n;
};

/* The span of a string literal: SPAN_INIT in static tables, S elsewhere. */
#define SPAN_INIT(literal) {"" literal, sizeof(literal) - 1}
#define S(literal) ((struct span)SPAN_INIT(literal))

/* The two arguments of "%.*s", which prints INT_MAX bytes at the most. */
#define SPAN_ARG(s)                                                          \
    (int)((s).n < INT_MAX ? (s).n : INT_MAX), (s).n ? (s).p : ""

/* The bytes of STRING before its NUL; NULL gives the empty span. */
static inline struct span span_of(const char *string)
{
    return (struct span){string, string ? strlen(string) : 0};
}

static inline bool span_empty(struct span s)
{
    return s.n == 0;
}

/* All but the first N bytes, or nothing where there are fewer. */
static inline struct span span_from(struct span s, size_t n)
{
    if (n >= s.n)
        return (struct span){s.n ? s.p + s.n : s.p, 0};
    return (struct span){s.p + n, s.n - n};
}

/* The first N bytes, or all where there are fewer. */
static inline struct span span_upto(struct span s, size_t n)
{
    return (struct span){s.p, n < s.n ? n : s.n};
}

/* Equal byte for byte. */
bool span_eq(struct span a, struct span b);

/* Equal but for the case of ASCII letters. */
bool span_ieq(struct span a, struct span b);

/* S begins with PREFIX, byte for byte or but for the case of ASCII letters. */
bool span_starts(struct span s, struct span prefix);
bool span_istarts(struct span s, struct span prefix);

/* S ends with SUFFIX, byte for byte. */
bool span_ends(struct span s, struct span suffix);

/* Where BYTE first stands in S; s.n where it does not. */
size_t span_find(struct span s, char byte);

/* Where BYTE last stands in S; s.n where it does not. */
size_t span_rfind(struct span s, char byte);

/*
 * Take the bytes up to SEP off the front of *REST, and SEP itself.  Runs of
 * SEP count as one and none stands in *WORD.  False when no word is left.
 */
bool span_word(struct span *rest, char sep, struct span *word);

/*
 * Take one line off the front of *REST, without the LF that ends it; the last
 * may lack its LF.  False when *REST is empty.
 */
bool span_line(struct span *rest, struct span *line);

/* Without the spaces and tabs at both ends. */
struct span span_trim(struct span s);

/* Read a decimal number that fills all of S and is at most MAX. */
bool span_number(struct span s, uint64_t max, uint64_t *number);

/* The ASCII letter C in lower case; any other byte as it is. */
static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

#endif
