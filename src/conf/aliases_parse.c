/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/aliases_parse.h"

#include "base/mem.h"
#include "mail/idn.h"

enum { EXCERPT = 60 }; /* octets of an entry that a warning shows */

/* Where in the text that was joined a line of the file begins. */
struct place {
    size_t at, line;
};

/* A file that is being read. */
struct reading {
    struct aliases *aliases;
    const struct alias_file *file;
    struct alias_list *list; /* what is read goes there, and warnings   */
    bool discreet;           /* no warning quotes the file              */
    size_t line;             /* the last that was taken                 */
    struct buf text;         /* of an entry: its lines, joined          */
    struct place *places;    /* of its lines; there is room for some    */
    size_t nplaces, room;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\t') || c == 127;
}

/* The line of the file that has the octet AT of the text. */
static size_t line_at(const struct reading *r, const char *at)
{
    size_t offset = (size_t)(at - r->text.data), low = 0, high = r->nplaces;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (r->places[middle].at <= offset)
            low = middle;
        else
            high = middle;
    }
    return r->places[low].line;
}

/* Why S is no address, though it may be read as one; NULL where it may be. */
static const char *special(struct span s)
{
    s = span_from(s, span_starts(s, S("\"")));
    if (span_starts(s, S("|")))
        return "commands are not run";
    if (span_starts(s, S("/")))
        return "mail is not written to files";
    return NULL;
}

/*
 * A file that is included may be another user's, and may be no list at all but
 * a link to what only we can read: nothing of it is shown.
 */
static void skip(struct reading *r, struct span what, const char *why)
{
    struct span shown = address_excerpt(span_trim(what), EXCERPT);
    const char *known = special(shown);
    size_t line = line_at(r, what.p);

    if (r->discreet)
        alias_list_warn(r->aliases, r->list, r->file, line,
                        "skipped an entry: %s",
                        known ? known : "it is no list of addresses");
    else
        alias_list_warn(r->aliases, r->list, r->file, line,
                        "skipped '%.*s': %s", SPAN_ARG(shown), why);
}

static void value_add(struct reading *r, size_t line, struct alias_value v)
{
    struct alias_value *kept = arena_take(&r->aliases->arena, sizeof *kept);

    v.line = line;
    *kept = v;
    *r->list->tail = kept;
    r->list->tail = &kept->next;
}

/* That it is no command in disguise, and its domain a domain. */
static bool address_check(const struct address *a, const char **why,
                          struct err *err)
{
    struct arena scratch = {0};
    struct span ascii;
    bool good = true;

    *why = err->text;
    if (span_empty(a->domain)) {
        if (special(a->local))
            *why = special(a->local);
        return *why == err->text;
    }
    good = idn_to_ascii(a->domain, &scratch, &ascii, err);
    arena_free(&scratch);
    return good;
}

static void addresses_take(struct reading *r, struct span text, size_t line,
                           enum alias_kind kind)
{
    struct address *a = NULL;
    struct err err = {0};
    const char *why = err.text;
    struct span before = span_upto(text, span_find(text, '#'));

    if (!address_read(text, &r->aliases->arena, &a, &err)) {
        skip(r, text, before.n < text.n && before.n &&
                              is_blank(before.p[before.n - 1])
                          ? "a comment stands on a line of its own"
                          : err.text);
        return;
    }
    for (; a; a = a->next)
        if (address_check(a, &why, &err))
            value_add(r, line,
                      (struct alias_value){.kind = kind, .address = *a});
        else
            skip(r, text, why);
}

static void include_take(struct reading *r, struct span text, size_t line,
                         struct span element)
{
    struct span path = span_trim(text);

    if (!span_starts(path, S("/"))) {
        skip(r, element, "the path of a file to be included begins with '/'");
        return;
    }
    value_add(r, line,
              (struct alias_value){.kind = ALIAS_INCLUDE,
                                   .path = arena_copy(&r->aliases->arena,
                                                      path)});
}

/* What S, that begins with a quote, holds, if nothing stands behind it. */
static bool unquoted(struct span s, struct buf *out)
{
    size_t i = 1;

    for (; i < s.n && s.p[i] != '"'; i++) {
        if (s.p[i] == '\\')
            i++;
        if (i < s.n)
            buf_addc(out, s.p[i]);
    }
    return i + 1 == s.n;
}

/* INNER is ELEMENT, without its quotes where it stands in some. */
static void inner_take(struct reading *r, struct span element,
                       struct span inner, bool quoted)
{
    size_t line = line_at(r, element.p);
    bool address = !quoted && span_find(inner, '@') < inner.n;

    if (span_istarts(inner, S(":include:")))
        include_take(r, span_from(inner, 9), line, element);
    else if (span_eq(inner, S("/dev/null")))
        value_add(r, line, (struct alias_value){.kind = ALIAS_NOBODY});
    else if (span_starts(inner, S("|")) ||
             (span_starts(inner, S("/")) && !address))
        skip(r, element, special(inner));
    else if (span_starts(element, S("\\")))
        addresses_take(r, span_from(element, 1), line, ALIAS_FINAL);
    else
        addresses_take(r, element, line, ALIAS_ADDRESS);
}

static void element_take(struct reading *r, struct span text)
{
    struct span element = span_trim(text);
    struct buf inner = {0};

    if (span_empty(element))
        return;
    if (element.p[0] == '"' && unquoted(element, &inner))
        inner_take(r, element, buf_span(&inner), true);
    else
        inner_take(r, element, element, false);
    buf_free(&inner);
}

/* What a comma may stand in without ending an element. */
struct nesting {
    bool address; /* not a command or a path: only quotes count there */
    bool angle, literal, group;
    size_t comments;
};

/* True where C, which is not in quotes, ends the element. */
static bool nesting_take(struct nesting *n, char c)
{
    if (!n->address)
        return c == ',';
    if (c == '(')
        n->comments++;
    else if (n->comments)
        n->comments -= c == ')';
    else if (c == '[' || c == ']')
        n->literal = c == '[';
    else if (c == '<' || c == '>')
        n->angle = c == '<';
    else if ((c == ':' || c == ';') && !n->angle && !n->literal)
        n->group = c == ':';
    else
        return c == ',' && !n->angle && !n->literal && !n->group;
    return false;
}

/* How much of TEXT, which begins with a quote, is quoted. */
static size_t quoted_length(struct span text)
{
    size_t i = 1;

    for (; i < text.n && text.p[i] != '"'; i++)
        if (text.p[i] == '\\')
            i++;
    return i < text.n ? i + 1 : text.n;
}

/* Take the first element off *REST, without the comma behind it. */
static struct span element_next(struct span *rest)
{
    struct span text = *rest, first = span_trim(text);
    struct nesting n = {.address = first.n && !strchr("|/:", first.p[0])};
    size_t i = 0;

    while (i < text.n)
        if (text.p[i] == '"' && !n.comments)
            i += quoted_length(span_from(text, i));
        else if (nesting_take(&n, text.p[i]))
            break;
        else
            i += text.p[i] == '\\' ? 2 : 1;
    *rest = span_from(text, i + 1);
    return span_upto(text, i);
}

static void values_take(struct reading *r, struct span text)
{
    for (text = span_trim(text); !span_empty(text);)
        element_take(r, element_next(&text));
}

static bool is_clean(struct span text)
{
    for (size_t i = 0; i < text.n; i++)
        if (is_control(text.p[i]))
            return false;
    return true;
}

/* Where the colon stands that ends the name; text.n where there is none. */
static size_t name_length(struct span text)
{
    bool literal = false;
    size_t i = 0;

    while (i < text.n && (text.p[i] != ':' || literal)) {
        if (text.p[i] == '[' || text.p[i] == ']')
            literal = text.p[i] == '[';
        i += text.p[i] == '"' ? quoted_length(span_from(text, i)) : 1;
    }
    return i < text.n ? i : text.n;
}

/*
 * Begin the list of the name in TEXT, or say why not.  A name that is not new
 * has the list that counts, with nothing added to it.
 */
static const char *name_take(struct reading *r, struct span text,
                             struct err *err)
{
    struct aliases *aliases = r->aliases;
    struct span name = span_trim(text);
    struct address *a = NULL;
    struct buf key = {0};
    const char *why = NULL;

    if (!address_read(name, &aliases->arena, &a, err))
        return err->text;
    if (!a || a->next || a->begin != a->local_at)
        return "this is not one name";
    if (!address_check(a, &why, err))
        return why;
    alias_key(a->local, a->domain, &key);
    r->list = names_find(&aliases->entries, buf_span(&key));
    why = r->list ? "the name has an entry above, which counts" : NULL;
    if (!r->list) {
        r->list = alias_list_new(aliases, r->file, line_at(r, name.p),
                                 arena_copy(&aliases->arena, name));
        names_add(&aliases->entries, &aliases->arena, buf_span(&key),
                  r->list);
    }
    buf_free(&key);
    return why;
}

/* The name that TEXT, which is no entry, was most likely meant to be for. */
static struct span first_word(struct span text)
{
    size_t n = 0;

    text = span_trim(text);
    text = span_from(text, span_starts(text, S("\"")));
    while (n < text.n && !is_blank(text.p[n]) && !is_control(text.p[n]) &&
           !strchr(":,\"", text.p[n]))
        n++;
    return span_upto(text, n);
}

/* The list that the warnings about TEXT, which is no entry, belong to. */
static struct alias_list *malformed_list(struct reading *r, struct span text)
{
    struct aliases *aliases = r->aliases;
    struct span word = first_word(text);
    size_t at = span_find(word, '@');
    struct buf key = {0};
    struct alias_list *list;

    alias_key(span_upto(word, at), span_from(word, at + 1), &key);
    list = names_find(&aliases->malformed, buf_span(&key));
    if (!list) {
        list = alias_list_new(aliases, r->file, r->line, S(""));
        names_add(&aliases->malformed, &aliases->arena, buf_span(&key), list);
    }
    buf_free(&key);
    return list;
}

/* Why TEXT is no entry; NULL where it is one, and its list has begun. */
static const char *entry_begin(struct reading *r, struct span text,
                               size_t colon, struct err *err)
{
    if (!is_clean(text))
        return "there is a control character";
    if (is_blank(text.p[0]))
        return "there is nothing that the line continues";
    if (colon == text.n)
        return "there is no ':' behind a name";
    if (span_empty(span_trim(span_from(text, colon + 1))))
        return "there is nothing behind the ':'";
    return name_take(r, span_upto(text, colon), err);
}

/* The lines of an entry are there: TEXT is all of them. */
static void entry_take(struct reading *r, struct span text)
{
    size_t colon = name_length(text);
    struct err err = {0};
    const char *why;

    r->list = NULL;
    why = entry_begin(r, text, colon, &err);
    if (!why) {
        values_take(r, span_from(text, colon + 1));
        return;
    }
    if (!r->list)
        r->list = malformed_list(r, text);
    skip(r, text, why);
}

static void entry_end(struct reading *r)
{
    if (r->text.len)
        entry_take(r, buf_span(&r->text));
    buf_clear(&r->text);
    r->nplaces = 0;
}

static void line_join(struct reading *r, struct span line)
{
    if (r->nplaces == r->room) {
        r->room = r->room ? r->room * 2 : 8;
        r->places = mem_resize(r->places, r->room, sizeof *r->places);
    }
    r->places[r->nplaces++] = (struct place){r->text.len, r->line};
    buf_add(&r->text, line);
}

static bool line_next(struct reading *r, struct span *rest, struct span *line)
{
    if (!span_line(rest, line))
        return false;
    r->line++;
    while (span_ends(*line, S("\r")))
        line->n--;
    return true;
}

static bool is_passed_over(struct span line)
{
    return span_empty(span_trim(line)) || span_trim(line).p[0] == '#';
}

static struct span without_mark(struct span text)
{
    return span_from(text, span_starts(text, S("\xEF\xBB\xBF")) ? 3 : 0);
}

void aliases_parse(struct aliases *aliases, struct span file,
                   struct span text)
{
    struct reading r = {.aliases = aliases,
                        .file = alias_file_new(aliases, file)};
    struct span rest = without_mark(text), line;
    bool goes_on = false;

    aliases->octets += text.n;
    while (line_next(&r, &rest, &line)) {
        if (!goes_on && is_passed_over(line))
            continue;
        if (!goes_on && !is_blank(line.p[0]))
            entry_end(&r);
        goes_on = span_ends(line, S("\\"));
        line_join(&r, span_upto(line, line.n - goes_on));
    }
    entry_end(&r);
    buf_free(&r.text);
    mem_free(r.places);
}

void alias_list_parse(struct aliases *aliases, struct alias_list *list,
                      struct span text)
{
    struct reading r = {.aliases = aliases, .file = list->file,
                        .list = list, .discreet = true};
    struct span rest = without_mark(text), line;

    while (line_next(&r, &rest, &line)) {
        if (is_passed_over(line))
            continue;
        line_join(&r, line);
        if (is_clean(line))
            values_take(&r, buf_span(&r.text));
        else
            skip(&r, buf_span(&r.text), "");
        buf_clear(&r.text);
        r.nplaces = 0;
    }
    buf_free(&r.text);
    mem_free(r.places);
}
