/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * address_token - the words and signs that addresses are made of
 *
 * The part of address.c that knows blanks, comments and strings (RFC 5322,
 * 3.2); what an address is, the other knows.  Nothing else uses it.
 *
 * TEXT is always all that is being read, for errors to quote; *REST is what is
 * left of it.
 */
#ifndef PENNYPOST_MAIL_ADDRESS_TOKEN_H
#define PENNYPOST_MAIL_ADDRESS_TOKEN_H

#include "base/err.h"

/*
 * A special character is a token of its own, named by itself; so are the
 * strings by the character that opens them.
 */
enum {
    TOKEN_END = 0,
    TOKEN_ATOM = 'a',
    TOKEN_QUOTED = '"',
    TOKEN_LITERAL = '[',
};

struct token {
    char kind;
    struct span text; /* with the delimiters of a string */
};

static inline bool token_is_control(char c)
{
    return (unsigned char)c < ' ' || c == 127;
}

static inline bool token_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/*
 * Take the next token off *REST, with the blanks and comments before it.
 * ERR_DATA where there is none but something else.
 */
bool token_take(struct span text, struct span *rest, struct token *,
                struct err *);

/*
 * Take blanks and comments off *REST (CFWS: RFC 5322, 3.2.2).  A line end
 * counts where it folds.  ERR_DATA where a comment does not end.
 */
bool token_skip_blanks(struct span text, struct span *rest, struct err *);

/* Fail with ERR_DATA, and quote the text from where AT begins. */
bool token_fail(struct span text, struct span at, const char *what,
                struct err *);

#endif
