/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/alias_header.h"

#include "mail/header.h"

enum {
    FIELD_MAX = 1024 * 1024, /* as in header.c              */
    LINE_WANTED = 78,        /* octets (RFC 5322, 2.1.1)    */
};

static const struct span fields[] = {
    SPAN_INIT("To"),
    SPAN_INIT("Cc"),
    SPAN_INIT("Resent-To"),
    SPAN_INIT("Resent-Cc"),
};

/* A field that is being written anew. */
struct rewrite {
    struct span body;
    const struct expander *expander;
    struct arena *scratch;
    struct buf *out;
    size_t start;  /* where in OUT the field begins              */
    size_t copied; /* up to here the body is written             */
};

static bool is_alias_field(const struct field *f)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (field_is(f, fields[i]))
            return true;
    return false;
}

static struct span body_part(const struct rewrite *w, size_t from, size_t to)
{
    return span_from(span_upto(w->body, to), from);
}

static bool is_full(const struct rewrite *w)
{
    return w->out->len - w->start > FIELD_MAX;
}

/* Between two that stand in place of A: what closes one and opens the next. */
static void add_between(const struct rewrite *w, const struct address *a,
                        size_t next_length)
{
    struct span opening = body_part(w, a->begin, a->local_at);
    struct span text = buf_span(w->out);
    size_t newline = span_rfind(text, '\n');
    size_t column = newline < text.n ? text.n - newline : text.n;

    buf_add(w->out, opening.n ? S(">") : S(""));
    buf_add(w->out, column + opening.n + next_length < LINE_WANTED - 4
                        ? S(", ")
                        : S(",\n "));
    buf_add(w->out, opening);
}

static void add_address(const struct address *a, struct buf *out)
{
    buf_add(out, a->local);
    if (!span_empty(a->domain))
        buf_printf(out, "@%.*s", SPAN_ARG(a->domain));
}

static void replace(struct rewrite *w, const struct address *a,
                    const struct expansion *x)
{
    buf_add(w->out, body_part(w, w->copied, a->local_at));
    for (const struct address *to = x->first; to && !is_full(w);
         to = to->next) {
        if (to != x->first)
            add_between(w, a, to->local.n + 1 + to->domain.n);
        add_address(to, w->out);
    }
    w->copied = a->end;
}

static bool rewrite_all(struct rewrite *w, const struct address *a,
                        struct err *err)
{
    for (; a && !is_full(w); a = a->next) {
        struct expansion x = {0};

        if (!w->expander->expand(w->expander->self, a, w->scratch, &x, err))
            return false;
        if (x.first)
            replace(w, a, &x);
    }
    buf_add(w->out, span_from(w->body, w->copied));
    return true;
}

static bool field_rewrite(const struct field *f, const struct expander *e,
                          struct buf *out, struct err *err)
{
    struct arena scratch = {0};
    struct rewrite w = {.body = f->body, .expander = e, .scratch = &scratch,
                        .out = out, .start = out->len};
    size_t body_at = (size_t)(f->body.p - f->whole.p);
    struct address *a = NULL;
    struct err ignored;
    bool ok;

    address_read(f->body, &scratch, &a, &ignored);
    buf_add(out, span_upto(f->whole, body_at));
    ok = rewrite_all(&w, a, err);
    buf_add(out, span_from(f->whole, body_at + f->body.n));
    if (is_full(&w)) {
        buf_cut(out, w.start);
        buf_add(out, f->whole);
    }
    arena_free(&scratch);
    return ok;
}

bool alias_header(struct span header, const struct expander *e,
                  struct buf *out, struct err *err)
{
    struct field f;

    while (header_next(&header, &f))
        if (!is_alias_field(&f))
            buf_add(out, f.whole);
        else if (!field_rewrite(&f, e, out, err))
            return false;
    return true;
}
