/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/token_reply.h"

/* Where a value stands in a JSON text, and what is left behind it. */
struct json {
    struct span rest;
};

static void blanks_skip(struct json *j)
{
    while (j->rest.n && j->rest.p[0] && strchr(" \t\r\n", j->rest.p[0]))
        j->rest = span_from(j->rest, 1);
}

/* Take C, and the blanks around it, off the front. */
static bool take(struct json *j, char c)
{
    blanks_skip(j);
    if (!j->rest.n || j->rest.p[0] != c)
        return false;
    j->rest = span_from(j->rest, 1);
    blanks_skip(j);
    return true;
}

/* Take a string off the front; *INSIDE is what stands between its quotes. */
static bool string_take(struct json *j, struct span *inside)
{
    size_t i = 1;

    blanks_skip(j);
    if (!j->rest.n || j->rest.p[0] != '"')
        return false;
    while (i < j->rest.n && j->rest.p[i] != '"')
        i += j->rest.p[i] == '\\' ? 2 : 1;
    if (i >= j->rest.n)
        return false;
    *inside = span_from(span_upto(j->rest, i), 1);
    j->rest = span_from(j->rest, i + 1);
    return true;
}

/* Take a number or a word such as "null" off the front. */
static bool word_take(struct json *j, struct span *word)
{
    size_t i = 0;

    while (i < j->rest.n && j->rest.p[i] && !strchr(" \t\r\n,]}", j->rest.p[i]))
        i++;
    *word = span_upto(j->rest, i);
    j->rest = span_from(j->rest, i);
    return i > 0;
}

/* Take an object or array off the front, whatever is in it. */
static bool nest_skip(struct json *j)
{
    struct span ignored;
    size_t depth = 0;

    do {
        if (!j->rest.n)
            return false;
        if (j->rest.p[0] == '"') {
            if (!string_take(j, &ignored))
                return false;
            continue;
        }
        if (j->rest.p[0] == '{' || j->rest.p[0] == '[')
            depth++;
        if (j->rest.p[0] == '}' || j->rest.p[0] == ']')
            depth--;
        j->rest = span_from(j->rest, 1);
    } while (depth);
    return true;
}

/* Take any value; *VALUE is the inside of a string, or a word. */
static bool value_take(struct json *j, struct span *value)
{
    blanks_skip(j);
    *value = S("");
    if (j->rest.n && j->rest.p[0] == '"')
        return string_take(j, value);
    if (j->rest.n && (j->rest.p[0] == '{' || j->rest.p[0] == '['))
        return nest_skip(j);
    return word_take(j, value);
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *digit = c ? strchr(digits, ascii_lower(c)) : NULL;
    return digit ? (int)(digit - digits) : -1;
}

/* What "\uXXXX" stands for; NUL where no token may hold that. */
static char unicode_read(struct span digits)
{
    unsigned c = 0;

    for (size_t i = 0; i < 4; i++) {
        int digit = i < digits.n ? hex_digit(digits.p[i]) : -1;

        if (digit < 0)
            return '\0';
        c = c << 4 | (unsigned)digit;
    }
    return c < 0x7F ? (char)c : '\0';
}

static void unescape(struct span s, struct buf *out)
{
    for (; s.n; s = span_from(s, 1)) {
        char c = s.p[0];

        if (c == '\\' && s.n > 1) {
            s = span_from(s, 1);
            c = s.p[0];
            if (c == 'u') {
                c = unicode_read(span_from(s, 1));
                s = span_from(s, 4);
            } else if (!strchr("\"\\/", c)) {
                c = '\0'; /* a control character */
            }
        }
        buf_addc(out, c);
    }
}

/* A whole number of seconds; what is behind a point does not count. */
static void seconds_read(struct span s, uint64_t *seconds)
{
    uint64_t number;

    if (span_number(span_upto(s, span_find(s, '.')), UINT32_MAX, &number))
        *seconds = number;
}

static bool object_read(struct json *j, struct buf *token, uint64_t *seconds)
{
    struct span name, value;

    if (!take(j, '{'))
        return false;
    do {
        if (!string_take(j, &name) || !take(j, ':') || !value_take(j, &value))
            return false;
        if (span_eq(name, S("access_token"))) {
            buf_clear(token);
            unescape(value, token);
        }
        if (span_eq(name, S("expires_in")))
            seconds_read(value, seconds);
    } while (take(j, ','));
    return take(j, '}');
}

static void lines_read(struct span text, struct buf *token, uint64_t *seconds)
{
    struct span line = S("");

    span_line(&text, &line);
    buf_add(token, span_trim(span_upto(line, span_find(line, '\r'))));
    if (!span_line(&text, &line))
        return;
    line = span_trim(span_upto(line, span_find(line, '\r')));
    if (span_starts(line, S("expires_in=")))
        line = span_from(line, sizeof "expires_in=" - 1);
    seconds_read(line, seconds);
}

static bool token_check(struct span token, struct err *err)
{
    if (span_empty(token))
        return fail(err, ERR_CONFIG, "there is no token in what it printed");
    for (size_t i = 0; i < token.n; i++)
        if (token.p[i] <= ' ' || token.p[i] > '~')
            return fail(err, ERR_CONFIG,
                        "what it printed is no token, which holds neither "
                        "blanks nor controls");
    return true;
}

bool token_reply_read(struct span text, struct buf *token, uint64_t *seconds,
                      struct err *err)
{
    struct json json = {text};
    bool good = true;

    *seconds = 0;
    buf_room(token, text.n + 1); /* once, so that no copy stays behind */
    blanks_skip(&json);
    if (!span_starts(json.rest, S("{")))
        lines_read(text, token, seconds);
    else if (!object_read(&json, token, seconds))
        good = fail(err, ERR_CONFIG, "what it printed is not whole as JSON");
    if (good && token_check(buf_span(token), err))
        return true;
    buf_wipe(token);
    return false;
}
