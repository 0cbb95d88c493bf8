/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/idn.h"

#include "base/utf8.h"

#include <idn2.h>

/* RFC 1035, 2.3.4.  What fits in A-labels has at most 4 octets for each. */
enum { LABEL_MAX = 63, ASCII_MAX = 253, UTF8_MAX = 4 * ASCII_MAX };

static bool fail_domain(struct span domain, const char *why, struct err *err)
{
    return fail(err, ERR_DATA, "the domain '%.*s' %s",
                SPAN_ARG(span_upto(domain, 200)), why);
}

/* What the library says, of labels and their letters (RFC 5891, 4.2). */
static bool fail_rules(struct span domain, const char *why, struct err *err)
{
    return fail(err, ERR_DATA, "the domain '%.*s' breaks the rules of IDNA: "
                               "%s",
                SPAN_ARG(span_upto(domain, 200)), why);
}

static bool is_label_char(char c)
{
    return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z')
           || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static const char *label_fault(struct span label)
{
    if (span_empty(label))
        return "has an empty label";
    if (label.n > LABEL_MAX)
        return "has a label of more than 63 octets";
    for (size_t i = 0; i < label.n; i++)
        if (!is_label_char(label.p[i]))
            return "has a character that no domain has";
    return NULL;
}

/* What is wrong with a name in ASCII, or NULL. */
static const char *name_fault(struct span name)
{
    size_t n = span_find(name, '.');
    const char *fault = label_fault(span_upto(name, n));

    if (name.n > ASCII_MAX)
        return "is longer than 253 octets";
    while (!fault && n < name.n) {
        name = span_from(name, n + 1);
        n = span_find(name, '.');
        fault = label_fault(span_upto(name, n));
    }
    return fault;
}

/* Four numbers up to 255. */
static bool is_ipv4(struct span text)
{
    for (unsigned numbers = 1;; numbers++) {
        struct span digits = span_upto(text, span_find(text, '.'));
        uint64_t number;

        if (digits.n > 3 || !span_number(digits, 255, &number))
            return false;
        if (digits.n == text.n)
            return numbers == 4;
        text = span_from(text, digits.n + 1);
    }
}

/* "IPv6:2001:db8::1", or the same of a kind of address still to come. */
static bool is_tagged(struct span text)
{
    size_t tag = span_find(text, ':');
    bool good = tag > 0 && tag + 1 < text.n;

    for (size_t i = 0; good && i < text.n; i++)
        good = is_label_char(text.p[i])
               || (i >= tag && (text.p[i] == '.' || text.p[i] == ':'));
    return good;
}

/* What RFC 5321, 4.1.3 has in the literals that exist, and no more. */
static const char *literal_fault(struct span literal)
{
    struct span text = span_upto(span_from(literal, 1), literal.n - 2);
    bool good = literal.n > 2 && span_ends(literal, S("]"));

    return good && (is_ipv4(text) || is_tagged(text)) ? NULL
                                                      : "is no address literal";
}

static bool to_alabels(struct span domain, struct arena *arena,
                       struct span *ascii, struct err *err)
{
    uint8_t *found = NULL;
    int rc;

    if (domain.n > UTF8_MAX)
        return fail_domain(domain, "is longer than 253 octets", err);
    if (!utf8_valid(domain) || span_find(domain, '\0') < domain.n)
        return fail_domain(domain, "is not in UTF-8", err);
    rc = idn2_lookup_u8((const uint8_t *)arena_copy(arena, domain).p, &found,
                        IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (rc != IDN2_OK)
        return fail_rules(domain, idn2_strerror(rc), err);
    *ascii = arena_copy(arena, span_of((const char *)found));
    idn2_free(found);
    return true;
}

bool idn_to_ascii(struct span domain, struct arena *arena, struct span *ascii,
                  struct err *err)
{
    const char *fault;

    *ascii = domain;
    if (!utf8_is_ascii(domain) && !to_alabels(domain, arena, ascii, err))
        return false;
    fault = span_starts(*ascii, S("[")) ? literal_fault(*ascii)
                                        : name_fault(*ascii);
    return fault ? fail_domain(domain, fault, err) : true;
}

void idn_library(struct buf *out)
{
    buf_printf(out, "libidn2 %s", idn2_check_version(NULL));
}
