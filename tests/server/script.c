/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "script.h"

#include "base/mem.h"

#include <inttypes.h>

enum { RULES_MOST = 1000 };

static const struct span events[EVENTS] = {
    [ON_GREETING] = SPAN_INIT("GREETING"), [ON_TLS] = SPAN_INIT("TLS"),
    [ON_HELO] = SPAN_INIT("HELO"),         [ON_EHLO] = SPAN_INIT("EHLO"),
    [ON_STARTTLS] = SPAN_INIT("STARTTLS"), [ON_AUTH] = SPAN_INIT("AUTH"),
    [ON_RESPONSE] = SPAN_INIT("RESPONSE"), [ON_MAIL] = SPAN_INIT("MAIL"),
    [ON_RCPT] = SPAN_INIT("RCPT"),         [ON_DATA] = SPAN_INIT("DATA"),
    [ON_BODY] = SPAN_INIT("BODY"),         [ON_DOT] = SPAN_INIT("DOT"),
    [ON_BDAT] = SPAN_INIT("BDAT"),         [ON_RSET] = SPAN_INIT("RSET"),
    [ON_NOOP] = SPAN_INIT("NOOP"),         [ON_VRFY] = SPAN_INIT("VRFY"),
    [ON_QUIT] = SPAN_INIT("QUIT"),         [ON_OTHER] = SPAN_INIT("OTHER"),
};

/* What may stand behind the word. */
enum operand { NONE, SENT, NUMBER, TWO_NUMBERS };

static const struct {
    struct span word;
    enum action action;
    enum operand operand;
} actions[] = {
    {SPAN_INIT("raw"), DO_RAW, SENT},
    {SPAN_INIT("ok"), DO_DEFAULT, NONE},
    {SPAN_INIT("ignore"), DO_NOTHING, NONE},
    {SPAN_INIT("wait"), DO_WAIT, NUMBER},
    {SPAN_INIT("pace"), DO_PACE, TWO_NUMBERS},
    {SPAN_INIT("endless"), DO_ENDLESS, SENT},
    {SPAN_INIT("hang"), DO_HANG, NONE},
    {SPAN_INIT("deaf"), DO_DEAF, NONE},
    {SPAN_INIT("close"), DO_CLOSE, NONE},
    {SPAN_INIT("drop"), DO_DROP, NONE},
    {SPAN_INIT("reset"), DO_RESET, NONE},
    {SPAN_INIT("alert"), DO_ALERT, NONE},
};

enum { ACTIONS = sizeof(actions) / sizeof *actions };

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool event_find(struct span word, enum event *event)
{
    for (size_t i = 0; i < EVENTS; i++)
        if (span_ieq(word, events[i])) {
            *event = (enum event)i;
            return true;
        }
    return false;
}

enum event event_of(struct span verb)
{
    enum event event;

    return event_find(verb, &event) ? event : ON_OTHER;
}

static int hex_value(char c)
{
    c = ascii_lower(c);
    if (digit(c))
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The octet that the escape at the front of S stands for, and its length. */
static bool escape_read(struct span s, char *octet, size_t *length)
{
    static const char letters[] = "rnt0\\\"", octets[] = "\r\n\t\0\\\"";
    const char *letter;

    if (s.n >= 4 && s.p[1] == 'x' && hex_value(s.p[2]) >= 0 &&
        hex_value(s.p[3]) >= 0) {
        *octet = (char)(hex_value(s.p[2]) * 16 + hex_value(s.p[3]));
        *length = 4;
        return true;
    }
    letter = s.n >= 2 ? memchr(letters, s.p[1], sizeof(letters) - 1) : NULL;
    if (!letter)
        return false;
    *octet = octets[letter - letters];
    *length = 2;
    return true;
}

static bool text_read(struct span s, struct buf *out, struct err *err)
{
    if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
        s = (struct span){s.p + 1, s.n - 2};
    while (!span_empty(s)) {
        char octet = s.p[0];
        size_t length = 1;

        if (octet == '\\' && !escape_read(s, &octet, &length))
            return fail(err, ERR_CONFIG, "'%.*s' is no escape",
                        SPAN_ARG(span_upto(s, 2)));
        buf_addc(out, octet);
        s = span_from(s, length);
    }
    return true;
}

static bool sent_read(struct script *script, struct span s, bool crlf,
                      struct rule *rule, struct err *err)
{
    struct buf text = {0};
    bool ok = text_read(s, &text, err);

    if (ok && crlf)
        buf_add(&text, S("\r\n"));
    rule->text = arena_copy(&script->arena, buf_span(&text));
    buf_free(&text);
    return ok;
}

static bool numbers_read(struct span s, enum operand operand,
                         struct rule *rule, struct err *err)
{
    struct span word;
    bool ok = span_word(&s, ' ', &word) &&
              span_number(word, UINT32_MAX, &rule->number);

    if (operand == TWO_NUMBERS)
        ok = ok && span_word(&s, ' ', &word) &&
             span_number(word, UINT32_MAX, &rule->more) && rule->number;
    if (!ok || span_word(&s, ' ', &word))
        return fail(err, ERR_CONFIG, "the numbers are not right");
    return true;
}

static bool action_read(struct script *script, struct span s,
                        struct rule *rule, struct err *err)
{
    struct span rest = s, word = {0};

    if (s.n >= 3 && digit(s.p[0]) && digit(s.p[1]) && digit(s.p[2])) {
        rule->action = DO_REPLY;
        return sent_read(script, s, true, rule, err);
    }
    span_word(&rest, ' ', &word);
    for (size_t i = 0; i < ACTIONS; i++) {
        if (!span_ieq(word, actions[i].word))
            continue;
        rule->action = actions[i].action;
        rest = span_trim(rest);
        if (actions[i].operand == SENT)
            return sent_read(script, rest, false, rule, err);
        if (actions[i].operand != NONE)
            return numbers_read(rest, actions[i].operand, rule, err);
        return true;
    }
    return fail(err, ERR_CONFIG, "unknown action '%.*s'", SPAN_ARG(word));
}

/* "2" or "2+" */
static bool count_read(struct span word, struct rule *rule, struct err *err)
{
    struct span number = word;

    rule->onwards = span_ends(word, S("+"));
    if (rule->onwards)
        number = span_upto(word, word.n - 1);
    if (!span_number(number, UINT32_MAX, &rule->count) || !rule->count)
        return fail(err, ERR_CONFIG, "'%.*s' is no count", SPAN_ARG(word));
    return true;
}

/* "<bob@*>" */
static bool address_read(struct script *script, struct span s,
                         struct rule *rule, struct err *err)
{
    if (rule->event != ON_MAIL && rule->event != ON_RCPT)
        return fail(err, ERR_CONFIG, "only MAIL and RCPT have an address");
    rule->addressed = true;
    rule->address = arena_copy(&script->arena,
                               span_from(span_upto(s, s.n - 1), 1));
    return true;
}

/* "RCPT", "RCPT 2", "RCPT 2+", "RCPT <bob@*>" or "RCPT 2 <bob@*>" */
static bool when_read(struct script *script, struct span s, struct rule *rule,
                      struct err *err)
{
    struct span word = {0};

    if (!span_word(&s, ' ', &word) || !event_find(word, &rule->event))
        return fail(err, ERR_CONFIG, "unknown event '%.*s'", SPAN_ARG(word));
    s = span_trim(s);
    if (!span_empty(s) && s.p[0] != '<') {
        span_word(&s, ' ', &word);
        if (!count_read(word, rule, err))
            return false;
        s = span_trim(s);
    }
    if (span_empty(s))
        return true;
    if (!span_starts(s, S("<")) || !span_ends(s, S(">")))
        return fail(err, ERR_CONFIG, "'%.*s' is no address", SPAN_ARG(s));
    return address_read(script, s, rule, err);
}

/* Where the colon is that ends the event: there may be one in an address. */
static size_t colon_find(struct span line)
{
    size_t at = span_find(line, ':'), open = span_find(line, '<');
    size_t end = open + span_find(span_from(line, open), '>');

    if (open > at || end == line.n)
        return at;
    return end + span_find(span_from(line, end), ':');
}

static bool rule_read(struct script *script, struct span line,
                      struct err *err)
{
    size_t colon = colon_find(line);
    struct rule rule = {0};

    if (script->n == RULES_MOST)
        return fail(err, ERR_CONFIG, "over %d rules", RULES_MOST);
    if (colon == line.n)
        return fail(err, ERR_CONFIG, "no colon in '%.*s'", SPAN_ARG(line));
    if (!when_read(script, span_trim(span_upto(line, colon)), &rule, err) ||
        !action_read(script, span_trim(span_from(line, colon + 1)), &rule,
                     err))
        return false;
    script->rules = mem_resize(script->rules, script->n + 1, sizeof(rule));
    script->rules[script->n++] = rule;
    return true;
}

bool script_read(struct span text, struct script *script, struct err *err)
{
    struct span line;

    for (uint64_t number = 1; span_line(&text, &line); number++) {
        line = span_trim(line);
        if (span_empty(line) || line.p[0] == '#')
            continue;
        if (!rule_read(script, line, err))
            return err_within(err, "line %" PRIu64, number);
    }
    return true;
}

void script_free(struct script *script)
{
    arena_free(&script->arena);
    mem_free(script->rules);
    *script = (struct script){0};
}

/*
 * Does PATTERN stand for all of ADDRESS?  After a mismatch the last star takes
 * one octet more.
 */
static bool address_fits(struct span pattern, struct span address)
{
    size_t p = 0, a = 0, star = SIZE_MAX, taken = 0;

    while (a < address.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            taken = a;
        } else if (p < pattern.n &&
                   ascii_lower(pattern.p[p]) == ascii_lower(address.p[a])) {
            p++;
            a++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            a = ++taken;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

static bool rule_fits(const struct rule *rule, struct occasion o)
{
    if (rule->event != o.event ||
        (rule->addressed && !address_fits(rule->address, o.address)))
        return false;
    return !rule->count || rule->count == o.count ||
           (rule->onwards && rule->count <= o.count);
}

static bool rule_continues(const struct rule *first, const struct rule *next)
{
    return next->event == first->event && next->count == first->count &&
           next->onwards == first->onwards &&
           next->addressed == first->addressed &&
           span_eq(next->address, first->address);
}

const struct rule *script_find(const struct script *script, struct occasion o,
                               size_t *n)
{
    size_t first = 0;

    while (first < script->n && !rule_fits(&script->rules[first], o))
        first++;
    if (first == script->n)
        return NULL;
    for (*n = 1; first + *n < script->n; ++*n)
        if (!rule_continues(&script->rules[first], &script->rules[first + *n]))
            break;
    return &script->rules[first];
}

bool script_body(const struct script *script, uint64_t *octets)
{
    for (size_t i = 0; i < script->n; i++)
        if (script->rules[i].event == ON_BODY) {
            *octets = script->rules[i].count;
            return true;
        }
    return false;
}
