/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/pattern.h"

#include "base/utf8.h"
#include "mail/idn.h"

/* A pattern or an address, in two. */
struct halves {
    struct span local, domain;
    bool at; /* there is an "@" */
};

static struct halves halve(struct span s)
{
    size_t at = span_rfind(s, '@');

    return (struct halves){span_upto(s, at), span_from(s, at + 1), at < s.n};
}

static bool is_wild(char c)
{
    return c == '*' || c == '?';
}

static bool has_wild(struct span s)
{
    return span_find(s, '*') < s.n || span_find(s, '?') < s.n;
}

static bool take_pattern(struct span *rest, struct span *pattern)
{
    size_t n = 0;

    while (!span_empty(*rest) && memchr(" \t,", rest->p[0], 3))
        *rest = span_from(*rest, 1);
    while (n < rest->n && !memchr(" \t,", rest->p[n], 3))
        n++;
    *pattern = span_upto(*rest, n);
    *rest = span_from(*rest, n);
    return n > 0;
}

/* What is no UTF-8 counts as a character for each octet. */
static size_t character(struct span s)
{
    size_t n = utf8_length(s);

    return n ? n : 1;
}

/* How much of TEXT, not empty, the first of PATTERN matches if it is no "*". */
static size_t match_one(struct span pattern, struct span text)
{
    if (span_empty(pattern))
        return 0;
    if (pattern.p[0] == '?')
        return character(text);
    return ascii_lower(pattern.p[0]) == ascii_lower(text.p[0]);
}

/*
 * Only the last "*" is ever tried again with a longer run: what one before it
 * could take instead, the last one can, too.
 */
static bool glob(struct span pattern, struct span text)
{
    struct span behind = {0}, from = text; /* the last "*", and its try */
    bool star = false;

    while (!span_empty(text)) {
        size_t n = match_one(pattern, text);

        if (!span_empty(pattern) && pattern.p[0] == '*') {
            star = true;
            behind = pattern = span_from(pattern, 1);
            from = text;
        } else if (n > 0) {
            pattern = span_from(pattern, 1);
            text = span_from(text, n);
        } else if (star) {
            pattern = behind;
            text = from = span_from(from, character(from));
        } else {
            return false;
        }
    }
    while (!span_empty(pattern) && pattern.p[0] == '*')
        pattern = span_from(pattern, 1);
    return span_empty(pattern);
}

static struct span in_ascii(struct span name, struct arena *arena)
{
    struct span ascii;
    struct err ignored;

    if (utf8_is_ascii(name) || !idn_to_ascii(name, arena, &ascii, &ignored))
        return name;
    return ascii;
}

/* Label by label, for "*" stands in none of the others' way. */
static struct span domain_form(struct span domain, struct arena *arena)
{
    struct buf form = {0};
    struct span kept = domain;

    if (utf8_is_ascii(domain))
        return domain;
    while (!span_empty(domain)) {
        size_t n = span_find(domain, '.');

        buf_add(&form, in_ascii(span_upto(domain, n), arena));
        if (n < domain.n)
            buf_addc(&form, '.');
        domain = span_from(domain, n + 1);
    }
    kept = arena_copy(arena, buf_span(&form));
    buf_free(&form);
    return kept;
}

static bool is_any(struct span pattern)
{
    for (size_t i = 0; i < pattern.n; i++)
        if (pattern.p[i] != '*')
            return false;
    return true;
}

static bool matches(struct span pattern, const struct halves *address,
                    struct span domain, struct arena *arena)
{
    struct halves p = halve(pattern);

    if (is_any(pattern))
        return true;
    if (!address->at && span_empty(address->local))
        return span_eq(pattern, S("<>"));
    if (p.at && span_empty(p.local))
        p.local = S("*");
    if (!p.at)
        p.domain = domain;
    return glob(p.local, address->local)
           && glob(domain_form(p.domain, arena), address->domain);
}

bool pattern_list_match(struct span list, struct span address,
                        struct span domain)
{
    struct halves a = halve(address);
    struct arena arena = {0};
    struct span pattern;
    bool found = false;

    a.domain = domain_form(a.domain, &arena);
    while (!found && take_pattern(&list, &pattern))
        found = matches(pattern, &a, domain, &arena);
    arena_free(&arena);
    return found;
}

static bool bad(struct span pattern, const char *what, struct err *err)
{
    return fail(err, ERR_CONFIG, "'%.*s' %s", SPAN_ARG(span_upto(pattern, 200)),
                what);
}

static bool wild_label_check(struct span domain, struct span pattern,
                             struct err *err)
{
    while (!span_empty(domain)) {
        size_t n = span_find(domain, '.');
        struct span label = span_upto(domain, n);

        if (has_wild(label) && !utf8_is_ascii(label))
            return bad(pattern, "has a wildcard and other letters than ASCII "
                                "in one label of its domain", err);
        domain = span_from(domain, n + 1);
    }
    return true;
}

/* Whatever a wildcard stands for, the rest must be what domains are made of. */
static bool domain_check(struct span domain, struct span pattern,
                         struct err *err)
{
    struct arena arena = {0};
    struct buf filled = {0};
    struct span ascii;
    struct err why;
    bool good;

    for (size_t i = 0; i < domain.n; i++)
        buf_addc(&filled, is_wild(domain.p[i]) ? 'a' : domain.p[i]);
    good = wild_label_check(domain, pattern, err);
    if (good && !idn_to_ascii(buf_span(&filled), &arena, &ascii, &why))
        good = bad(pattern, "has a domain that no address has", err);
    buf_free(&filled);
    arena_free(&arena);
    return good;
}

static bool check(struct span pattern, struct err *err)
{
    struct halves p = halve(pattern);

    if (span_eq(pattern, S("<>")))
        return true;
    if (!utf8_valid(pattern))
        return bad(pattern, "is not in UTF-8", err);
    for (size_t i = 0; i < pattern.n; i++)
        if (memchr("<>();\"\\", pattern.p[i], 7))
            return bad(pattern, "has a character that stands in no pattern",
                       err);
    if (span_find(p.local, '@') < p.local.n)
        return bad(pattern, "has more than one '@'", err);
    return !p.at || domain_check(p.domain, pattern, err);
}

bool pattern_list_check(struct span list, struct err *err)
{
    struct span pattern;
    bool any = false;

    for (; take_pattern(&list, &pattern); any = true)
        if (!check(pattern, err))
            return false;
    return any || fail(err, ERR_CONFIG, "there is no pattern");
}
