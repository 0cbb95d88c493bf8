/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/address_token.h"

#include "mail/address.h"

bool token_fail(struct span text, struct span at, const char *what,
                struct err *err)
{
    struct span rest = span_from(text, (size_t)(at.p - text.p));

    if (span_empty(rest))
        return fail(err, ERR_DATA, "%s", what);
    return fail(err, ERR_DATA, "%s, at '%.*s'", what,
                SPAN_ARG(address_excerpt(rest, 60)));
}

static bool is_special(char c)
{
    return memchr("()<>[]:;@\\,.\"", c, 13) != NULL;
}

bool address_is_atext(char c)
{
    return c != ' ' && !token_is_control(c) && !is_special(c);
}

/* Where the string that begins TEXT ends, or 0. */
static size_t string_length(struct span text, char close)
{
    for (size_t i = 1; i < text.n; i++) {
        if (text.p[i] == close)
            return i + 1;
        if (text.p[i] == '\\')
            i++;
    }
    return 0;
}

/* Comments nest as deep as they like: the depth is a number. */
static bool skip_comment(struct span text, struct span *rest, struct err *err)
{
    size_t depth = 0;

    for (size_t i = 0; i < rest->n; i++) {
        char c = rest->p[i];

        if (c == '\\')
            i++;
        else if (c == '(')
            depth++;
        else if (c == ')' && --depth == 0) {
            *rest = span_from(*rest, i + 1);
            return true;
        }
    }
    return token_fail(text, *rest, "a comment is not closed", err);
}

bool token_skip_blanks(struct span text, struct span *rest, struct err *err)
{
    while (!span_empty(*rest)) {
        bool fold = rest->n > 1 && rest->p[0] == '\n'
                    && token_is_blank(rest->p[1]);

        if (fold || token_is_blank(rest->p[0]))
            *rest = span_from(*rest, 1);
        else if (rest->p[0] != '(')
            return true;
        else if (!skip_comment(text, rest, err))
            return false;
    }
    return true;
}

static size_t atom_length(struct span text)
{
    size_t n = 0;

    while (n < text.n && address_is_atext(text.p[n]))
        n++;
    return n;
}

static size_t token_length(const struct token *t, struct span text)
{
    switch (t->kind) {
    case TOKEN_QUOTED:
        return string_length(text, '"');
    case TOKEN_LITERAL:
        return string_length(text, ']');
    case TOKEN_ATOM:
        return atom_length(text);
    default:
        return 1;
    }
}

static const char *fault(char first)
{
    if (first == TOKEN_QUOTED)
        return "a quoted string is not closed";
    if (first == TOKEN_LITERAL)
        return "an address literal is not closed";
    if (token_is_control(first))
        return "there is a control character";
    return "a character stands where none of its kind can";
}

bool token_take(struct span text, struct span *rest, struct token *t,
                struct err *err)
{
    char c;

    if (!token_skip_blanks(text, rest, err))
        return false;
    *t = (struct token){TOKEN_END, span_upto(*rest, 0)};
    if (span_empty(*rest))
        return true;
    c = rest->p[0];
    if (!token_is_control(c) && c != ')' && c != ']' && c != '\\') {
        t->kind = address_is_atext(c) ? TOKEN_ATOM : c;
        t->text = span_upto(*rest, token_length(t, *rest));
    }
    if (span_empty(t->text))
        return token_fail(text, *rest, fault(c), err);
    *rest = span_from(*rest, t->text.n);
    return true;
}
