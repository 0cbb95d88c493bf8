/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/address.h"

#include "base/utf8.h"
#include "mail/address_token.h"

#define UNCLOSED_GROUP "a group is not closed by ';'"

struct reader {
    struct span text;
    struct arena *arena;
    struct buf scratch;
    struct address **tail;
    bool group; /* between ":" and ";" */
};

struct span address_excerpt(struct span text, size_t max)
{
    struct span first = span_upto(text, max);

    if (first.n < text.n)
        while (first.n && (text.p[first.n] & 0xC0) == 0x80)
            first.n--;
    return first;
}

static size_t offset(const struct reader *r, const char *at)
{
    return (size_t)(at - r->text.p);
}

static bool bad(const struct reader *r, struct span at, const char *what,
                struct err *err)
{
    return token_fail(r->text, at, what, err);
}

static bool bad_words(const struct reader *r, struct span at, struct err *err)
{
    bad(r, at, "there are words side by side that make no address", err);
    return err_hint(err, "put commas between addresses, and angle brackets "
                         "around one that has a name");
}

static bool is_word(const struct token *t)
{
    return t->kind == TOKEN_ATOM || t->kind == TOKEN_QUOTED;
}

/* What TEXT, a string with its delimiters, holds: no folds, no backslashes. */
static void add_string(struct span text, struct buf *out)
{
    for (size_t i = 1; i + 1 < text.n; i++) {
        if (text.p[i] == '\n')
            continue;
        if (text.p[i] == '\\')
            i++;
        buf_addc(out, text.p[i]);
    }
}

static void add_token(const struct token *t, struct buf *out)
{
    if (t->kind == TOKEN_QUOTED)
        add_string(t->text, out);
    else
        buf_add(out, t->text);
}

static bool is_dot_atom(struct span s)
{
    bool dot = true;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '.' && !address_is_atext(s.p[i]))
            return false;
        if (s.p[i] == '.' && dot)
            return false;
        dot = s.p[i] == '.';
    }
    return !dot;
}

/* The form of a local part that travels: RFC 5321, 4.1.2. */
static struct span wire_local(struct reader *r)
{
    struct span plain = buf_span(&r->scratch), wire;
    struct buf quoted = {0};

    if (is_dot_atom(plain))
        return arena_copy(r->arena, plain);
    buf_addc(&quoted, '"');
    for (size_t i = 0; i < plain.n; i++) {
        if (plain.p[i] == '"' || plain.p[i] == '\\')
            buf_addc(&quoted, '\\');
        buf_addc(&quoted, plain.p[i]);
    }
    buf_addc(&quoted, '"');
    wire = arena_copy(r->arena, buf_span(&quoted));
    buf_free(&quoted);
    return wire;
}

/* C0, DEL, and C1 in UTF-8: U+0080 to U+009F steer terminals, too. */
static bool is_control_at(struct span s, size_t i)
{
    return token_is_control(s.p[i]) ||
           (i + 1 < s.n && s.p[i] == '\xC2' &&
            (unsigned char)s.p[i + 1] >= 0x80 &&
            (unsigned char)s.p[i + 1] <= 0x9F);
}

static bool local_check(const struct reader *r, struct span local,
                        struct span source, struct err *err)
{
    for (size_t i = 0; i < local.n; i++)
        if (is_control_at(local, i))
            return bad(r, source, "there is a control character", err);
    if (!utf8_valid(local))
        return bad(r, source, "an address is not in UTF-8", err);
    return true;
}

/* Take words and dots off *REST, and the token behind them as *STOP. */
static bool local_read(struct reader *r, struct span *rest,
                       struct address *a, struct token *stop, struct err *err)
{
    struct span source = *rest;
    bool word = false, any = false;

    buf_clear(&r->scratch);
    while (token_take(r->text, rest, stop, err)) {
        if (!is_word(stop) && stop->kind != '.') {
            if (!any)
                return bad(r, source, "there is no address", err);
            a->local = wire_local(r);
            return local_check(r, buf_span(&r->scratch), source, err);
        }
        if (word && is_word(stop))
            return bad_words(r, stop->text, err);
        if (a->local_end == 0)
            a->local_at = offset(r, stop->text.p);
        add_token(stop, &r->scratch);
        word = is_word(stop);
        any = any || word;
        a->end = a->local_end = offset(r, stop->text.p) + stop->text.n;
    }
    return false;
}

/* The pieces of a literal are told apart by nothing: blanks in it vanish. */
static void add_literal(struct span text, struct buf *out)
{
    size_t start = out->len + 1, kept = start;

    buf_addc(out, '[');
    add_string(text, out);
    for (size_t i = start; i < out->len; i++)
        if (!token_is_blank(out->data[i]))
            out->data[kept++] = out->data[i];
    buf_cut(out, kept);
    buf_addc(out, ']');
}

/* REST is what stands behind the "@", and nothing may follow. */
static bool domain_read(struct reader *r, struct span rest, struct address *a,
                        struct err *err)
{
    struct span source = rest;
    struct token t;
    bool word = false;

    buf_clear(&r->scratch);
    for (;; word = t.kind != '.') {
        if (!token_take(r->text, &rest, &t, err))
            return false;
        if (t.kind == TOKEN_END)
            break;
        if (t.kind != TOKEN_ATOM && t.kind != '.' && t.kind != TOKEN_LITERAL)
            return bad(r, t.text, "a domain cannot go on", err);
        if (word && t.kind != '.')
            return bad_words(r, t.text, err);
        if (t.kind == TOKEN_LITERAL)
            add_literal(t.text, &r->scratch);
        else
            buf_add(&r->scratch, t.text);
        a->end = offset(r, t.text.p) + t.text.n;
    }
    if (r->scratch.len == 0)
        return bad(r, source, "there is no domain behind '@'", err);
    a->domain = arena_copy(r->arena, buf_span(&r->scratch));
    return local_check(r, a->domain, source, err);
}

/* addr-spec, all of SPEC; the domain may be missing. */
static bool spec_read(struct reader *r, struct span spec, struct address *a,
                      struct err *err)
{
    struct token stop;

    if (!local_read(r, &spec, a, &stop, err))
        return false;
    if (stop.kind == '@')
        return domain_read(r, spec, a, err);
    return stop.kind == TOKEN_END
           || bad(r, stop.text, "this is no address", err);
}

static void append(struct reader *r, struct address *a)
{
    struct address *kept = arena_take(r->arena, sizeof *kept);

    *kept = *a;
    *r->tail = kept;
    r->tail = &kept->next;
}

static void blank_controls(struct buf *text)
{
    for (size_t i = 0; i < text->len; i++)
        if (token_is_control(text->data[i]))
            text->data[i] = ' ';
}

/* Between words there is one blank where the source has any, or a comment. */
static bool display_read(struct reader *r, struct span phrase,
                         struct span *display, struct err *err)
{
    const char *end = phrase.p;
    struct token t;

    buf_clear(&r->scratch);
    while (token_take(r->text, &phrase, &t, err)) {
        if (t.kind == TOKEN_END) {
            blank_controls(&r->scratch);
            *display = arena_copy(r->arena, buf_span(&r->scratch));
            return true;
        }
        if (r->scratch.len && t.text.p != end)
            buf_addc(&r->scratch, ' ');
        add_token(&t, &r->scratch);
        end = t.text.p + t.text.n;
    }
    return false;
}

/* Take what goes up to the ">" off *REST: the address, without its route. */
static bool angle_take(const struct reader *r, struct span *rest,
                       struct span *spec, struct err *err)
{
    struct span source = *spec = *rest;
    struct token t;
    bool route;

    if (!token_take(r->text, rest, &t, err))
        return false;
    for (route = t.kind == '@'; t.kind != '>';) {
        if (t.kind == TOKEN_END || t.kind == '<')
            return bad(r, source, "'<' is not closed", err);
        if (route && t.kind == ':')
            *spec = *rest;
        if (!token_take(r->text, rest, &t, err))
            return false;
    }
    spec->n = (size_t)(t.text.p - spec->p);
    return true;
}

/* The name in PHRASE, and from *REST what comes behind the "<". */
static bool angle_read(struct reader *r, struct span phrase,
                       struct span *rest, struct err *err)
{
    struct address a = {0};
    struct span spec;

    if (!display_read(r, phrase, &a.display, err)
        || !angle_take(r, rest, &spec, err) || !spec_read(r, spec, &a, err)
        || !token_skip_blanks(r->text, &phrase, err))
        return false;
    a.begin = offset(r, phrase.p);
    append(r, &a);
    return true;
}

/* A group's name counts for nothing, but it must be one. */
static bool group_open(struct reader *r, struct span phrase, struct err *err)
{
    struct span source = phrase;
    struct span name;

    if (r->group)
        return bad(r, source, "a group cannot stand in a group", err);
    if (!display_read(r, phrase, &name, err))
        return false;
    if (span_empty(name) || span_find(name, '@') < name.n)
        return bad(r, source, "this is no name of a group", err);
    return r->group = true;
}

static bool plain_read(struct reader *r, struct span spec, struct err *err)
{
    struct address a = {0};
    struct span blanks = spec;

    if (!token_skip_blanks(r->text, &blanks, err))
        return false;
    if (span_empty(blanks))
        return true;
    if (!spec_read(r, spec, &a, err))
        return false;
    a.begin = a.local_at;
    append(r, &a);
    return true;
}

/* What ends an element: a comma, the end of its group or of the text. */
static bool element_end(struct reader *r, const struct token *t,
                        struct err *err)
{
    switch (t->kind) {
    case ',':
        return true;
    case ';':
        if (!r->group)
            return bad(r, t->text, "';' ends no group", err);
        r->group = false;
        return true;
    case TOKEN_END:
        return !r->group || bad(r, t->text, UNCLOSED_GROUP, err);
    default:
        return bad(r, t->text, "a comma is missing", err);
    }
}

/* Take tokens off *REST up to one that tells what they are. */
static bool stop_find(const struct reader *r, struct span *rest,
                      struct token *stop, struct err *err)
{
    do
        if (!token_take(r->text, rest, stop, err))
            return false;
    while (stop->kind && !memchr(",;:<>", stop->kind, 5));
    return true;
}

static bool element_read(struct reader *r, struct span *rest, struct err *err)
{
    struct span element = *rest;
    struct token stop;

    if (!stop_find(r, rest, &stop, err))
        return false;
    element.n = (size_t)(stop.text.p - element.p);
    if (stop.kind == ':')
        return group_open(r, element, err);
    if (stop.kind != '<')
        return plain_read(r, element, err) && element_end(r, &stop, err);
    return angle_read(r, element, rest, err)
           && token_take(r->text, rest, &stop, err)
           && element_end(r, &stop, err);
}

bool address_read(struct span text, struct arena *arena,
                  struct address **first, struct err *err)
{
    struct reader r = {.text = text, .arena = arena, .tail = first};
    struct span rest = text;
    bool good = true;

    *first = NULL;
    while (good && !span_empty(rest))
        good = element_read(&r, &rest, err);
    if (good && r.group)
        good = bad(&r, rest, UNCLOSED_GROUP, err);
    if (!good)
        *first = NULL;
    buf_free(&r.scratch);
    return good;
}
