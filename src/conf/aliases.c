/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/aliases.h"

#include "conf/aliases_parse.h"
#include "mail/idn.h"

static void add_lower(struct span s, struct buf *out)
{
    for (size_t i = 0; i < s.n; i++)
        buf_addc(out, ascii_lower(s.p[i]));
}

void alias_key(struct span local, struct span domain, struct buf *key)
{
    struct arena scratch = {0};
    struct span ascii = domain;
    struct err ignored;

    add_lower(local, key);
    if (!span_empty(domain)) {
        idn_to_ascii(domain, &scratch, &ascii, &ignored);
        buf_addc(key, '@');
        add_lower(ascii, key);
    }
    arena_free(&scratch);
}

const struct alias_file *alias_file_new(struct aliases *aliases,
                                        struct span path)
{
    struct alias_file *file = arena_take(&aliases->arena, sizeof *file);

    *file = (struct alias_file){arena_copy(&aliases->arena, path),
                                aliases->files++};
    return file;
}

struct alias_list *alias_list_new(struct aliases *aliases,
                                  const struct alias_file *file, size_t line,
                                  struct span name)
{
    struct alias_list *list = arena_take(&aliases->arena, sizeof *list);

    *list = (struct alias_list){.file = file, .line = line, .name = name};
    list->tail = &list->first;
    if (!aliases->tail)
        aliases->tail = &aliases->lists;
    *aliases->tail = list;
    aliases->tail = &list->next;
    return list;
}

void alias_list_warn(struct aliases *aliases, struct alias_list *list,
                     const struct alias_file *file, size_t line,
                     const char *format, ...)
{
    struct alias_warning *warning;
    struct buf text = {0}, shown = {0};
    va_list arguments;

    if (list->nwarnings++ >= ALIASES_WARNINGS)
        return;
    buf_printf(&text, "%.*s:", SPAN_ARG(file->path));
    if (line)
        buf_printf(&text, "%zu:", line);
    buf_addc(&text, ' ');
    va_start(arguments, format);
    buf_vprintf(&text, format, arguments);
    va_end(arguments);
    err_escape(buf_span(&text), &shown);
    warning = arena_take(&aliases->arena, sizeof *warning);
    *warning = (struct alias_warning){
        .file = file->number, .line = line, .number = aliases->warned++,
        .text = arena_copy(&aliases->arena, buf_span(&shown)),
        .next = list->warnings,
    };
    list->warnings = warning;
    buf_free(&text);
    buf_free(&shown);
}

static bool comes_before(const struct alias_warning *a,
                         const struct alias_warning *b)
{
    if (a->file != b->file)
        return a->file < b->file;
    return a->line != b->line ? a->line < b->line : a->number < b->number;
}

/* Put the warning in its place among those kept, which are the first. */
static void warning_keep(struct aliases *aliases,
                         const struct alias_warning *w)
{
    const struct alias_warning **kept = aliases->warnings;
    size_t i = aliases->nwarnings;

    if (i < ALIASES_WARNINGS) {
        aliases->nwarnings++;
    } else {
        aliases->dropped++;
        if (comes_before(kept[--i], w))
            return;
    }
    for (; i && comes_before(w, kept[i - 1]); i--)
        kept[i] = kept[i - 1];
    kept[i] = w;
}

void alias_list_meet(struct aliases *aliases, struct alias_list *list)
{
    if (list->nwarnings > ALIASES_WARNINGS)
        aliases->dropped += list->nwarnings - ALIASES_WARNINGS;
    for (struct alias_warning *w = list->warnings; w; w = w->next)
        warning_keep(aliases, w);
    list->warnings = NULL;
    list->nwarnings = 0;
}

struct alias_list *alias_list_find(struct aliases *aliases, struct span local,
                                   struct span domain)
{
    struct buf key = {0};
    struct alias_list *list, *malformed = NULL;

    alias_key(local, domain, &key);
    list = names_find(&aliases->entries, buf_span(&key));
    if (!list)
        malformed = names_find(&aliases->malformed, buf_span(&key));
    if (malformed)
        alias_list_meet(aliases, malformed);
    buf_free(&key);
    return list;
}

static bool file_take(struct aliases *aliases, struct alias_list *list,
                      struct buf *text, struct err *err)
{
    if (!aliases->reader.read(aliases->reader.self, list->file->path, text,
                              err))
        return false;
    aliases->octets += text->len;
    if (aliases->octets > ALIASES_MOST)
        return fail(err, ERR_CONFIG,
                    "the files of aliases are larger than %d octets",
                    ALIASES_MOST);
    alias_list_parse(aliases, list, buf_span(text));
    return true;
}

bool alias_list_include(struct aliases *aliases, struct span path,
                        struct alias_list **list, struct err *err)
{
    struct buf text = {0};
    bool ok;

    *list = names_find(&aliases->included, path);
    if (*list)
        return true;
    *list = alias_list_new(aliases, alias_file_new(aliases, path), 0, S(""));
    ok = file_take(aliases, *list, &text, err);
    buf_free(&text);
    if (ok)
        names_add(&aliases->included, &aliases->arena, path, *list);
    return ok;
}

bool aliases_local(const struct aliases *aliases, struct span domain)
{
    struct span host = aliases->host;

    return span_empty(domain) || span_ieq(domain, host) ||
           span_ieq(domain, span_upto(host, span_find(host, '.'))) ||
           span_ieq(domain, S("localhost")) ||
           span_ieq(domain, S("localhost.localdomain"));
}

void aliases_check(struct aliases *aliases)
{
    struct alias_list *included;
    struct err err;

    for (struct alias_list *list = aliases->lists; list; list = list->next) {
        for (struct alias_value *v = list->first; v; v = v->next)
            if (v->kind == ALIAS_INCLUDE &&
                !alias_list_include(aliases, v->path, &included, &err))
                alias_list_warn(aliases, list, list->file, v->line, "%s",
                                err.text);
        alias_list_meet(aliases, list);
    }
}

void aliases_warnings(struct aliases *aliases, struct buf *out)
{
    for (size_t i = 0; i < aliases->nwarnings; i++)
        buf_printf(out, "%.*s\n", SPAN_ARG(aliases->warnings[i]->text));
    if (aliases->dropped)
        buf_printf(out, "and %zu more warnings about aliases\n",
                   aliases->dropped);
    aliases->nwarnings = aliases->dropped = 0;
}

void aliases_free(struct aliases *aliases)
{
    arena_free(&aliases->arena);
    *aliases = (struct aliases){0};
}
