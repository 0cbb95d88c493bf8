/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/aliases.h"

#include "app/output.h"
#include "sys/file.h"

static bool read_text(struct span path, struct file_facts *facts,
                      struct buf *text, struct err *err)
{
    struct buf name = {0};
    bool ok;

    buf_add(&name, path);
    ok = file_read_config(buf_cstring(&name), facts, text, err);
    buf_free(&name);
    return ok;
}

static bool read_included(void *self, struct span path, struct buf *text,
                          struct err *err)
{
    struct file_facts facts;

    (void)self;
    if (!read_text(path, &facts, text, err))
        return false;
    return !facts.missing || fail(err, ERR_CONFIG, "there is no file '%.*s'",
                                  SPAN_ARG(path));
}

/* The file that is built in need not be there; one that is asked for has to. */
static bool read_file(struct host_aliases *a, struct err *err)
{
    struct file_facts facts;
    struct buf text = {0};
    bool ok = read_text(a->path, &facts, &text, err);

    if (ok && facts.missing && !span_empty(a->origin)) {
        fail(err, ERR_CONFIG, "there is no file of aliases '%.*s'",
             SPAN_ARG(a->path));
        err_hint(err, "it was named with %.*s", SPAN_ARG(a->origin));
        ok = false;
    }
    if (ok)
        aliases_parse(&a->aliases, a->path, buf_span(&text));
    buf_free(&text);
    return ok;
}

static bool is_readable(struct host_aliases *a)
{
    if (!a->tried)
        a->unreadable = !read_file(a, &a->why);
    a->tried = true;
    return !a->unreadable;
}

static void tell(struct host_aliases *a)
{
    struct buf lines = {0}, text = {0};
    struct span rest, line;

    aliases_warnings(&a->aliases, &lines);
    for (rest = buf_span(&lines); span_line(&rest, &line);)
        buf_printf(&text, "pennypost: %.*s\n", SPAN_ARG(line));
    if (text.len)
        output_tell(buf_span(&text));
    buf_free(&lines);
    buf_free(&text);
}

static bool expand(void *self, const struct address *who, struct arena *arena,
                   struct expansion *x, struct err *err)
{
    struct host_aliases *a = self;
    bool local = aliases_local(&a->aliases, who->domain), ok;

    if (!is_readable(a)) {
        if (local)
            *err = a->why;
        return !local;
    }
    ok = aliases_expand(&a->aliases, who, arena, x, err);
    if (!a->deferred)
        tell(a);
    return ok;
}

/* Begin anew with the file that is set.  It outlives the conf. */
static void begin(struct host_aliases *a, const struct value *value,
                  const struct world *world)
{
    struct arena *arena = &a->aliases.arena;

    host_aliases_free(a);
    a->path = arena_copy(arena, value->text);
    if (value->source != CONF_BUILT_IN)
        a->origin = arena_copy(arena, value->origin);
    a->aliases.host = world->host;
    a->aliases.reader.read = read_included;
    a->expander = (struct expander){expand, a};
}

const struct expander *host_aliases_expander(struct host_aliases *a,
                                             const struct conf *conf,
                                             const struct world *world)
{
    if (conf->aliases.number == 0) /* "none" */
        return NULL;
    if (!span_eq(a->path, conf->aliases.text))
        begin(a, &conf->aliases, world);
    return &a->expander;
}

bool host_aliases_check(struct host_aliases *a, struct err *err)
{
    if (!is_readable(a)) {
        *err = a->why;
        return false;
    }
    aliases_check(&a->aliases);
    tell(a);
    return true;
}

void host_aliases_free(struct host_aliases *a)
{
    aliases_free(&a->aliases);
    *a = (struct host_aliases){0};
}
