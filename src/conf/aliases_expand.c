/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"
#include "conf/aliases_parse.h"

/* A list that is being taken, for an address or as part of another. */
struct frame {
    struct alias_list *list;
    const struct alias_value *next;
    const struct address *named; /* NULL: the list was included        */
    bool fruitful;               /* see struct alias_list              */
};

struct expanding {
    struct aliases *aliases;
    struct frame *frames; /* a stack, so that no file fills ours */
    size_t depth, room;
    struct arena *arena;  /* of what it comes to ...             */
    struct names known;
    const struct address **first;
    struct address *last;
    size_t count;
    struct err *err;
};

static struct frame *top(const struct expanding *e)
{
    return &e->frames[e->depth - 1];
}

static void push(struct expanding *e, struct alias_list *list,
                 const struct address *named)
{
    if (e->depth == e->room) {
        e->room = e->room ? e->room * 2 : 8;
        e->frames = mem_resize(e->frames, e->room, sizeof *e->frames);
    }
    e->frames[e->depth++] = (struct frame){list, list->first, named, false};
    list->open = true;
    list->round = e->aliases->round;
}

static struct alias_list *fallback(struct aliases *aliases)
{
    return alias_list_find(aliases, S("default"), S(""));
}

/* The entry that counts for A; NULL where it stands for itself. */
static struct alias_list *entry_for(struct aliases *aliases,
                                    const struct address *a)
{
    struct alias_list *list = NULL;

    if (!span_empty(a->domain))
        list = alias_list_find(aliases, a->local, a->domain);
    if (list || !aliases_local(aliases, a->domain))
        return list;
    list = alias_list_find(aliases, a->local, S(""));
    return list ? list : fallback(aliases);
}

/* A is one of those that it comes to. */
static bool keep(struct expanding *e, const struct address *a)
{
    struct address *kept;
    struct buf key = {0};
    bool known;

    top(e)->fruitful = true;
    buf_printf(&key, "%.*s", SPAN_ARG(a->local));
    alias_key(S(""), a->domain, &key);
    known = !names_add(&e->known, e->arena, buf_span(&key), e);
    buf_free(&key);
    if (known)
        return true;
    if (e->count++ == ALIASES_ADDRESSES)
        return fail(e->err, ERR_CONFIG,
                    "the alias '%.*s' stands for more than %d addresses",
                    SPAN_ARG(e->frames[0].list->name), ALIASES_ADDRESSES);
    kept = arena_take(e->arena, sizeof *kept);
    *kept = *a;
    kept->next = NULL;
    if (e->last)
        e->last->next = kept;
    else
        *e->first = kept;
    e->last = kept;
    return true;
}

/* The entry whose values we are among, if by way of included files. */
static struct alias_list *entry_at(const struct expanding *e)
{
    size_t i = e->depth - 1;

    while (!e->frames[i].named)
        i--;
    return e->frames[i].list;
}

/*
 * "bob: bob, other@example.org" keeps a copy, and a name that falls to the
 * default is meant to end there: only what goes a longer way is odd.
 */
static void loop_tell(struct expanding *e, struct alias_list *list)
{
    struct alias_list *from = entry_at(e);

    if (list == from || list == fallback(e->aliases) || list->told_loop)
        return;
    list->told_loop = true;
    alias_list_warn(e->aliases, list, list->file, list->line,
                    "'%.*s' leads back to itself by way of '%.*s'",
                    SPAN_ARG(list->name), SPAN_ARG(from->name));
}

static bool address_take(struct expanding *e, const struct address *a)
{
    struct alias_list *list = entry_for(e->aliases, a);

    if (!list)
        return keep(e, a);
    if (list->open) {
        loop_tell(e, list);
        return keep(e, a);
    }
    if (list->round == e->aliases->round)
        top(e)->fruitful = true; /* those that it stands for are in */
    else
        push(e, list, a);
    return true;
}

static bool include_take(struct expanding *e, const struct alias_value *v)
{
    const struct alias_file *from = top(e)->list->file;
    struct alias_list *list;

    if (!alias_list_include(e->aliases, v->path, &list, e->err))
        return err_within(e->err, "%.*s:%zu", SPAN_ARG(from->path), v->line);
    if (list->open && !list->told_loop) {
        list->told_loop = true;
        alias_list_warn(e->aliases, list, list->file, 0,
                        "the file includes itself");
    }
    if (list->round != e->aliases->round)
        push(e, list, NULL);
    else if (!list->open)
        top(e)->fruitful |= list->fruitful;
    return true;
}

static bool value_take(struct expanding *e, const struct alias_value *v)
{
    switch (v->kind) {
    case ALIAS_ADDRESS:
        return address_take(e, &v->address);
    case ALIAS_FINAL:
        return keep(e, &v->address);
    case ALIAS_INCLUDE:
        return include_take(e, v);
    case ALIAS_NOBODY:
        break;
    }
    return top(e)->fruitful = true;
}

static void list_close(struct expanding *e, struct alias_list *list)
{
    list->open = false;
    alias_list_meet(e->aliases, list);
}

/* No mail is lost to a list of which nothing is left. */
static bool pop(struct expanding *e)
{
    struct frame f = *top(e);
    bool ok = true;

    if (f.named && !f.fruitful) {
        ok = keep(e, f.named);
        if (!f.list->told_empty)
            alias_list_warn(e->aliases, f.list, f.list->file, f.list->line,
                            "nothing is left of '%.*s': its mail goes to the "
                            "name itself", SPAN_ARG(f.list->name));
        f.list->told_empty = true;
    }
    list_close(e, f.list);
    f.list->fruitful = f.fruitful || f.named;
    if (--e->depth)
        top(e)->fruitful |= f.list->fruitful;
    return ok;
}

static bool step(struct expanding *e)
{
    const struct alias_value *v = top(e)->next;

    if (!v)
        return pop(e);
    top(e)->next = v->next;
    return value_take(e, v);
}

bool aliases_expand(struct aliases *aliases, const struct address *a,
                    struct arena *arena, struct expansion *x, struct err *err)
{
    struct alias_list *list = entry_for(aliases, a);
    struct expanding e = {.aliases = aliases, .arena = arena,
                          .first = &x->first, .err = err};
    bool ok = true;

    if (!list)
        return true;
    aliases->round++;
    x->aliased = true;
    push(&e, list, a);
    while (ok && e.depth)
        ok = step(&e);
    while (e.depth)
        list_close(&e, e.frames[--e.depth].list);
    mem_free(e.frames);
    return ok;
}
