/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/file.h"

#include "conf/suggest.h"

/* What is known while a file is read. */
struct file_reading {
    struct accounts *accounts;
    struct account *section; /* that the next line is in  */
    const struct file_library *library;
    struct place place;
    unsigned depth;          /* of the files it is in     */
    struct buf value;        /* the last value in quotes  */
    struct err *err;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool refuse(const struct file_reading *r, const char *text)
{
    fail(r->err, ERR_CONFIG, "%s", text);
    return place_within(&r->place, r->err);
}

static bool line_clean(struct span line)
{
    for (size_t i = 0; i < line.n; i++)
        if (((unsigned char)line.p[i] < 0x20 && line.p[i] != '\t') ||
            line.p[i] == 0x7F)
            return false;
    return true;
}

/* S up to a "#" at its start or behind a blank. */
static struct span without_comment(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '#' && (i == 0 || is_blank(s.p[i - 1])))
            return span_upto(s, i);
    return s;
}

/* The value in quotes at the start of S, unescaped into r->value. */
static bool quoted_read(struct file_reading *r, struct span s,
                        struct span *value)
{
    size_t i = 1;

    buf_clear(&r->value);
    buf_room(&r->value, FILE_LINE_LONGEST); /* a secret is not moved about */
    for (; i < s.n && s.p[i] != '"'; i++) {
        if (s.p[i] == '\\' && ++i < s.n && s.p[i] != '"' && s.p[i] != '\\')
            return refuse(r, "in quotes, '\\' stands before '\"' or '\\' "
                             "only");
        if (i < s.n)
            buf_addc(&r->value, s.p[i]);
    }
    if (i >= s.n)
        return refuse(r, "the closing quote is missing");
    if (span_trim(without_comment(span_from(s, i + 1))).n) {
        refuse(r, "something follows the closing quote");
        return err_hint(r->err, "a value that begins with a quote stands in "
                                "quotes as a whole: \"\\\"a b\\\" c\"");
    }
    *value = buf_span(&r->value);
    return true;
}

static bool value_find(struct file_reading *r, struct span s,
                       struct span *value)
{
    if (span_starts(s, S("\"")))
        return quoted_read(r, s, value);
    *value = span_trim(without_comment(s));
    if (s.n && span_empty(*value)) {
        refuse(r, "the value begins with '#'");
        return err_hint(r->err, "put it in quotes, or leave out the comment");
    }
    return true;
}

static bool take_include(struct file_reading *r, struct span path)
{
    if (!r->library)
        return refuse(r, "nothing can be included here");
    if (span_empty(path))
        return refuse(r, "include wants the path of a file");
    if (r->depth == FILE_DEPTH) {
        refuse(r, "too many files include one another");
        return err_hint(r->err, "%d deep is the most; does one include "
                                "itself?", FILE_DEPTH);
    }
    return r->library->open(r->library->self, &r->place, path, r, r->err);
}

static bool take_inherits(struct file_reading *r, struct span name)
{
    return account_inherits(r->accounts, r->section, name, &r->place, r->err);
}

static bool take_match(struct file_reading *r, struct span patterns)
{
    return account_matches(r->accounts, r->section, patterns, &r->place,
                           r->err);
}

/* The keys of a file that are no settings. */
static const struct key {
    const char *name;
    bool (*take)(struct file_reading *, struct span value);
} keys[] = {
    {"include", take_include},
    {"inherits", take_inherits},
    {"match", take_match},
};

enum { KEYS = sizeof keys / sizeof *keys };

const char *file_key(size_t i)
{
    return i < KEYS ? keys[i].name : NULL;
}

static bool unknown(const struct file_reading *r, struct span name)
{
    struct suggestion near = suggestion_for(name);

    fail(r->err, ERR_CONFIG, "there is no setting '%.*s'", SPAN_ARG(name));
    for (size_t i = 0; i < SETTING_COUNT; i++)
        suggestion_offer(&near, span_of(conf_settings[i].name));
    for (size_t i = 0; i < KEYS; i++)
        suggestion_offer(&near, span_of(keys[i].name));
    if (near.best.n)
        err_hint(r->err, "did you mean '%.*s'?", SPAN_ARG(near.best));
    return place_within(&r->place, r->err);
}

static bool assign(struct file_reading *r, struct span name, struct span value)
{
    size_t i = 0;

    if (setting_find(name) < SETTING_COUNT)
        return account_set(r->accounts, r->section, name, value, &r->place,
                           r->err);
    while (i < KEYS && !span_eq(name, span_of(keys[i].name)))
        i++;
    if (i == KEYS)
        return unknown(r, name);
    if (!value_clean(value))
        return refuse(r, "the value holds a control character");
    return keys[i].take(r, value);
}

static bool no_section(const struct file_reading *r)
{
    refuse(r, "this is no section");
    return err_hint(r->err, "sections are '[account NAME]' and '[defaults]'");
}

/* "[account NAME]" or "[defaults]" */
static bool section_begin(struct file_reading *r, struct span line)
{
    struct span words = span_trim(without_comment(line)), word;

    if (!span_ends(words, S("]")))
        return no_section(r);
    words = span_trim(span_from(span_upto(words, words.n - 1), 1));
    if (span_eq(words, S("defaults"))) {
        r->section = &r->accounts->defaults;
        return true;
    }
    word = span_upto(words, strlen("account"));
    words = span_from(words, word.n);
    if (!span_eq(word, S("account")) || span_empty(words) ||
        !is_blank(words.p[0]))
        return no_section(r);
    r->section = accounts_open(r->accounts, span_trim(words), &r->place,
                               r->err);
    return r->section != NULL;
}

static bool line_parse(struct file_reading *r, struct span line)
{
    size_t equals;
    struct span name, value;

    line = span_trim(line);
    if (span_empty(line) || line.p[0] == '#')
        return true;
    if (line.p[0] == '[')
        return section_begin(r, line);
    equals = span_find(line, '=');
    name = span_trim(span_upto(line, equals));
    if (equals == line.n || span_empty(name)) {
        refuse(r, "this is not 'key = value'");
        return err_hint(r->err, "a comment begins with '#'");
    }
    return value_find(r, span_trim(span_from(line, equals + 1)), &value) &&
           assign(r, name, value);
}

static bool lines_parse(struct file_reading *r, struct span text)
{
    struct span line;

    while (span_line(&text, &line)) {
        r->place.line++;
        if (span_ends(line, S("\r")))
            line.n--;
        if (line.n > FILE_LINE_LONGEST)
            return refuse(r, "the line is too long");
        if (!line_clean(line))
            return refuse(r, "the line holds a control character");
        if (!line_parse(r, line))
            return false;
    }
    return true;
}

static bool whole_parse(struct file_reading *r, const struct file *file)
{
    struct span text = file->text;
    bool done;

    r->place.path = file->path;
    r->place.exposed = file->exposed;
    r->place.file = ++r->accounts->files;
    if (text.n > FILE_LONGEST)
        return fail(r->err, ERR_CONFIG, "%.*s: the file is longer than 1 MiB",
                    SPAN_ARG(file->path));
    if (span_starts(text, S("\xEF\xBB\xBF")))
        text = span_from(text, 3);
    done = lines_parse(r, text);
    buf_wipe(&r->value);
    return done;
}

bool file_parse(struct accounts *accounts, const struct file *file,
                enum conf_source source, const struct file_library *library,
                struct err *err)
{
    struct file_reading r = {
        .accounts = accounts,
        .section = &accounts->defaults,
        .library = library,
        .place = {.source = source, .root = ++accounts->roots},
        .err = err,
    };

    return whole_parse(&r, file);
}

/* It comes back here, but FILE_DEPTH times at the most. */
bool file_include(struct file_reading *includer, const struct file *file,
                  struct err *err)
{
    struct file_reading r = *includer;

    r.value = (struct buf){0};
    r.place.line = 0;
    r.depth++;
    r.err = err;
    if (++r.accounts->includes > FILE_INCLUDES)
        return refuse(includer, "too many files are included");
    return whole_parse(&r, file);
}
