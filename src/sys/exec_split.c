/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command as it is written, and the words that it has. */
#include <config.h>

#include "sys/exec.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* A backslash in front of NEXT, inside of QUOTE or of none, quotes it. */
static bool backslash_quotes(char quote, char next)
{
    if (quote == '"')
        return next && strchr("$`\"\\", next);
    return quote != '\'';
}

/*
 * Append the first word of *REST to *OUT, without its quotes and with a NUL
 * behind it.  False where a quote is left open.
 */
static bool word_copy(struct span *rest, char **out)
{
    char quote = '\0';
    size_t i;

    for (i = 0; i < rest->n && (quote || !is_blank(rest->p[i])); i++) {
        char c = rest->p[i];

        if (quote && c == quote) {
            quote = '\0';
        } else if (!quote && (c == '\'' || c == '"')) {
            quote = c;
        } else {
            if (c == '\\' && i + 1 < rest->n &&
                backslash_quotes(quote, rest->p[i + 1]))
                c = rest->p[++i];
            *(*out)++ = c;
        }
    }
    *(*out)++ = '\0';
    *rest = span_from(*rest, i);
    return !quote;
}

static void blanks_skip(struct span *rest)
{
    while (!span_empty(*rest) && is_blank(rest->p[0]))
        *rest = span_from(*rest, 1);
}

bool exec_usable(const struct exec_command *command, struct err *err)
{
    struct span rest = command->line;

    if (span_find(rest, '\0') < rest.n)
        return fail(err, ERR_CONFIG, "the %s holds a NUL", command->what);
    blanks_skip(&rest);
    if (span_empty(rest))
        return fail(err, ERR_CONFIG, "the %s is empty", command->what);
    return true;
}

bool exec_split(const struct exec_command *command, struct arena *arena,
                char *argv[EXEC_WORDS + 1], struct err *err)
{
    struct span rest = command->line;
    char *out = arena_take(arena, rest.n + 1);
    size_t count = 0;

    if (!exec_usable(command, err))
        return false;
    for (blanks_skip(&rest); !span_empty(rest); blanks_skip(&rest)) {
        if (count == EXEC_WORDS)
            return fail(err, ERR_CONFIG,
                        EXEC_FORMAT " has more than %d words",
                        EXEC_ARG(command), EXEC_WORDS);
        argv[count++] = out;
        if (!word_copy(&rest, &out))
            return fail(err, ERR_CONFIG,
                        EXEC_FORMAT " has a quote that does not end",
                        EXEC_ARG(command));
    }
    argv[count] = NULL;
    return true;
}

struct exec_command exec_written(const char *what, struct span line)
{
    bool shell = span_starts(line, S("!"));

    return (struct exec_command){
        .what = what, .line = span_from(line, shell), .shell = shell};
}

bool exec_check(const struct exec_command *command, struct err *err)
{
    struct arena arena = {0};
    char *argv[EXEC_WORDS + 1];
    bool good = command->shell ? exec_usable(command, err)
                               : exec_split(command, &arena, argv, err);

    arena_free(&arena);
    return good;
}
