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

struct alias_list *alias_list_new(struct aliases *aliases, struct span file,
                                  size_t line, struct span name)
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

struct alias_list *alias_list_find(const struct aliases *aliases,
                                   struct span local, struct span domain)
{
    struct buf key = {0};
    struct alias_list *list;

    alias_key(local, domain, &key);
    list = names_find(&aliases->entries, buf_span(&key));
    buf_free(&key);
    return list;
}

static bool file_take(struct aliases *aliases, struct alias_list *list,
                      struct buf *text, struct err *err)
{
    if (!aliases->reader.read(aliases->reader.self, list->file, text, err))
        return false;
    aliases->octets += text->len;
    if (aliases->octets > ALIASES_MOST)
        return fail(err, ERR_CONFIG,
                    "the files of aliases are larger than %d octets",
                    ALIASES_MOST);
    alias_list_parse(aliases, list, buf_span(text));
    return true;
}

bool alias_list_include(struct aliases *aliases,
                        const struct alias_list *from,
                        const struct alias_value *v,
                        struct alias_list **list, struct err *err)
{
    struct buf text = {0};
    bool ok;

    *list = names_find(&aliases->included, v->path);
    if (*list)
        return true;
    *list = alias_list_new(aliases, v->path, 0, S(""));
    ok = file_take(aliases, *list, &text, err);
    buf_free(&text);
    if (!ok)
        return err_within(err, "%.*s:%zu", SPAN_ARG(from->file), v->line);
    names_add(&aliases->included, &aliases->arena, v->path, *list);
    return true;
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

    for (struct alias_list *list = aliases->lists; list; list = list->next)
        for (struct alias_value *v = list->first; v; v = v->next)
            if (v->kind == ALIAS_INCLUDE &&
                !alias_list_include(aliases, list, v, &included, &err))
                aliases_warn(aliases, S(""), 0, "%s", err.text);
}

void aliases_warn(struct aliases *aliases, struct span file, size_t line,
                  const char *format, ...)
{
    struct buf text = {0};
    va_list arguments;

    if (aliases->warned++ >= ALIASES_WARNINGS)
        return;
    if (line)
        buf_printf(&text, "%.*s:%zu: ", SPAN_ARG(file), line);
    else if (file.n)
        buf_printf(&text, "%.*s: ", SPAN_ARG(file));
    va_start(arguments, format);
    buf_vprintf(&text, format, arguments);
    va_end(arguments);
    err_escape(buf_span(&text), &aliases->warnings);
    buf_addc(&aliases->warnings, '\n');
    buf_free(&text);
}

void aliases_warnings(struct aliases *aliases, struct buf *out)
{
    buf_add(out, buf_span(&aliases->warnings));
    if (aliases->warned > ALIASES_WARNINGS)
        buf_printf(out, "and %zu more warnings about aliases\n",
                   aliases->warned - ALIASES_WARNINGS);
    buf_clear(&aliases->warnings);
    aliases->warned = 0;
}

void aliases_free(struct aliases *aliases)
{
    arena_free(&aliases->arena);
    buf_free(&aliases->warnings);
    *aliases = (struct aliases){0};
}
