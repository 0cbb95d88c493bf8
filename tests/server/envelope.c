/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "envelope.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stddef.h>

static const struct {
    const char *name;
    size_t field; /* of struct options       */
    bool offered; /* when the field is true  */
} keywords[] = {
    [KEYWORD_PIPELINING] = {"PIPELINING",
                            offsetof(struct options, no_pipelining), false},
    [KEYWORD_SIZE] = {"SIZE", offsetof(struct options, no_size), false},
    [KEYWORD_8BITMIME] = {"8BITMIME", offsetof(struct options, no_8bitmime),
                          false},
    [KEYWORD_SMTPUTF8] = {"SMTPUTF8", offsetof(struct options, no_smtputf8),
                          false},
    [KEYWORD_DSN] = {"DSN", offsetof(struct options, no_dsn), false},
    [KEYWORD_CHUNKING] = {"CHUNKING", offsetof(struct options, chunking), true},
};

enum { KEYWORDS = sizeof(keywords) / sizeof *keywords };

static const struct {
    struct span name;
    bool mail;
    enum keyword needs;
} parameters[] = {
    {SPAN_INIT("SIZE"), true, KEYWORD_SIZE},
    {SPAN_INIT("BODY"), true, KEYWORD_8BITMIME},
    {SPAN_INIT("SMTPUTF8"), true, KEYWORD_SMTPUTF8},
    {SPAN_INIT("RET"), true, KEYWORD_DSN},
    {SPAN_INIT("ENVID"), true, KEYWORD_DSN},
    {SPAN_INIT("AUTH"), true, KEYWORD_AUTH},
    {SPAN_INIT("NOTIFY"), false, KEYWORD_DSN},
    {SPAN_INIT("ORCPT"), false, KEYWORD_DSN},
};

bool keyword_offered(const struct options *options, enum keyword keyword)
{
    if (keyword > KEYWORD_CHUNKING)
        return keyword == KEYWORD_STATUS || options->user;
    return *(const bool *)((const char *)options + keywords[keyword].field) ==
           keywords[keyword].offered;
}

void keywords_list(const struct options *options, struct buf *out)
{
    for (size_t i = 0; i < KEYWORDS; i++) {
        if (!keyword_offered(options, (enum keyword)i))
            continue;
        buf_printf(out, "250-%s", keywords[i].name);
        if (i == KEYWORD_SIZE)
            buf_printf(out, " %" PRIu64, options->max_size);
        buf_add(out, S("\r\n"));
    }
}

static bool parameter_offered(const struct options *options, bool mail,
                              struct span name)
{
    for (size_t i = 0; i < sizeof(parameters) / sizeof *parameters; i++)
        if (parameters[i].mail == mail && span_ieq(name, parameters[i].name))
            return keyword_offered(options, parameters[i].needs);
    return false;
}

/* Take "<...>" off the front; a quoted string may hold any of it. */
static bool path_take(struct span *rest, struct span *path)
{
    bool quoted = false;
    size_t n = 1;

    if (!span_starts(*rest, S("<")))
        return false;
    while (n < rest->n && (quoted || rest->p[n] != '>')) {
        if (rest->p[n] == '"')
            quoted = !quoted;
        n += quoted && rest->p[n] == '\\' ? 2 : 1;
    }
    if (n >= rest->n)
        return false;
    *path = (struct span){rest->p + 1, n - 1};
    *rest = span_from(*rest, n + 1);
    return true;
}

/* A reply that refuses, or the empty span. */
static struct span parameters_check(const struct options *options, bool mail,
                                    struct span rest)
{
    struct span word;
    uint64_t size;

    if (!span_empty(rest) && rest.p[0] != ' ')
        return S("501 5.5.4 no blank behind the path");
    while (span_word(&rest, ' ', &word)) {
        size_t equals = span_find(word, '=');

        if (!parameter_offered(options, mail, span_upto(word, equals)))
            return S("555 5.5.4 parameter was not offered");
        if (span_istarts(word, S("SIZE=")) &&
            (!span_number(span_from(word, 5), UINT64_MAX, &size) ||
             size > options->max_size))
            return S("552 5.3.4 message is too big");
    }
    return (struct span){0};
}

static bool parameter_has(struct span operand, struct span parameter)
{
    struct span word;

    while (span_word(&operand, ' ', &word))
        if (span_ieq(word, parameter))
            return true;
    return false;
}

struct span envelope_mail(struct envelope *envelope,
                          const struct options *options, struct span operand)
{
    struct span rest = span_from(operand, strlen("FROM:")), path, reply;
    bool utf8 = parameter_has(operand, S("SMTPUTF8"));

    if (envelope->begun)
        return S("503 5.5.1 there is a sender already");
    if (!span_istarts(operand, S("FROM:")) || !path_take(&rest, &path))
        return S("501 5.5.2 no address");
    if (!utf8_is_ascii(path) && !utf8)
        return S("553 5.6.7 address is not ASCII");
    reply = parameters_check(options, true, rest);
    if (!span_empty(reply))
        return reply;
    envelope->utf8 = utf8;
    envelope->eightbit = parameter_has(operand, S("BODY=8BITMIME"));
    return S("250 2.1.0 sender ok");
}

struct span envelope_rcpt(const struct envelope *envelope,
                          const struct options *options, struct span operand)
{
    struct span rest = span_from(operand, strlen("TO:")), path, reply;

    if (!envelope->begun)
        return S("503 5.5.1 no sender yet");
    if (!span_istarts(operand, S("TO:")) || !path_take(&rest, &path) ||
        span_empty(path))
        return S("501 5.5.2 no address");
    if (!utf8_is_ascii(path) && !envelope->utf8)
        return S("553 5.6.7 address is not ASCII");
    reply = parameters_check(options, false, rest);
    return span_empty(reply) ? S("250 2.1.5 recipient ok") : reply;
}

struct span envelope_address(struct span operand)
{
    struct span rest = span_from(operand, span_find(operand, ':') + 1);
    struct span path = {0};

    path_take(&rest, &path);
    return path;
}

void envelope_add(struct envelope *envelope, const char *keyword,
                  struct span operand)
{
    buf_printf(&envelope->lines, "%s ", keyword);
    err_escape(operand, &envelope->lines);
    buf_addc(&envelope->lines, '\n');
    if (envelope->begun)
        envelope->recipients++;
    envelope->begun = true;
}

void envelope_clear(struct envelope *envelope)
{
    buf_free(&envelope->lines);
    *envelope = (struct envelope){0};
}
