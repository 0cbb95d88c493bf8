/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/file.h"

/* What is known while a file is read. */
struct reading {
    struct conf *conf;
    struct span path;
    enum conf_source source;
    bool exposed;
    unsigned line;
    unsigned set_in[SETTING_COUNT]; /* the line that set it, or 0 */
    struct buf value;               /* the last value in quotes   */
    struct err *err;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* "PATH:LINE" before the text that is there. */
static bool within(const struct reading *r)
{
    return err_within(r->err, "%.*s:%u", SPAN_ARG(r->path), r->line);
}

static bool refuse(const struct reading *r, const char *text)
{
    fail(r->err, ERR_CONFIG, "%s", text);
    return within(r);
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
static bool quoted_read(struct reading *r, struct span s, struct span *value)
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

static bool value_find(struct reading *r, struct span s, struct span *value)
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

/* No key is set twice, nor once here and once in the server's URL. */
static bool once(struct reading *r, size_t setting)
{
    const char *name = conf_settings[setting].name;

    if (r->set_in[setting]) {
        fail(r->err, ERR_CONFIG, "%s is set already in line %u", name,
             r->set_in[setting]);
        return within(r);
    }
    r->set_in[setting] = r->line;
    return true;
}

static bool url_parts_once(struct reading *r)
{
    const struct conf *conf = r->conf;

    return (!conf->user.from_url || once(r, SETTING_user)) &&
           (!conf->password.from_url || once(r, SETTING_password));
}

static bool private_enough(const struct reading *r, size_t setting)
{
    if (!r->exposed || !conf_secret(r->conf, setting))
        return true;
    fail(r->err, ERR_CONFIG,
         "there is a password, and others can read the file");
    within(r);
    return err_hint(r->err, "chmod 600 %.*s", SPAN_ARG(r->path));
}

static bool assign(struct reading *r, struct span name, struct span value)
{
    size_t setting = setting_find(name);
    struct buf origin = {0};
    bool done;

    if (setting < SETTING_COUNT && !once(r, setting))
        return false;
    buf_printf(&origin, "%.*s:%u", SPAN_ARG(r->path), r->line);
    done = conf_set(r->conf, name, value, buf_span(&origin), r->source,
                    r->err);
    buf_free(&origin);
    return done && private_enough(r, setting) &&
           (setting != SETTING_server || url_parts_once(r));
}

static bool line_parse(struct reading *r, struct span line)
{
    size_t equals;
    struct span name, value;

    line = span_trim(line);
    if (span_empty(line) || line.p[0] == '#')
        return true;
    if (line.p[0] == '[')
        return refuse(r, "sections are not in this version");
    equals = span_find(line, '=');
    name = span_trim(span_upto(line, equals));
    if (equals == line.n || span_empty(name)) {
        refuse(r, "this is not 'key = value'");
        return err_hint(r->err, "a comment begins with '#'");
    }
    return value_find(r, span_trim(span_from(line, equals + 1)), &value) &&
           assign(r, name, value);
}

static bool lines_parse(struct reading *r, struct span text)
{
    struct span line;

    while (span_line(&text, &line)) {
        r->line++;
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

bool file_parse(struct conf *conf, struct span path, struct span text,
                enum conf_source source, bool readable_by_others,
                struct err *err)
{
    struct reading r = {
        .conf = conf,
        .path = path,
        .source = source,
        .exposed = readable_by_others,
        .err = err,
    };
    bool done;

    if (text.n > FILE_LONGEST)
        return fail(err, ERR_CONFIG, "%.*s: the file is longer than 1 MiB",
                    SPAN_ARG(path));
    if (span_starts(text, S("\xEF\xBB\xBF")))
        text = span_from(text, 3);
    done = lines_parse(&r, text);
    buf_wipe(&r.value);
    return done;
}
