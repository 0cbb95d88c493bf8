/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/envelope.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "mail/header.h"
#include "mail/idn.h"
#include "mail/mended.h"

/* RFC 5321, 4.5.3.1.3 has 256 for a path.  Servers decide on that, not we. */
enum { ADDRESS_MAX = 1000, EXCERPT = 200 };

static const struct {
    struct span name;
    bool resent;
} fields[] = {
    {SPAN_INIT("To"), false},
    {SPAN_INIT("Cc"), false},
    {SPAN_INIT("Bcc"), false},
    {SPAN_INIT("Resent-To"), true},
    {SPAN_INIT("Resent-Cc"), true},
    {SPAN_INIT("Resent-Bcc"), true},
};

/* What two addresses have in common where they are the same. */
static void add_key(struct span local, struct span domain, struct buf *key)
{
    buf_printf(key, "%.*s@", SPAN_ARG(local));
    for (size_t i = 0; i < domain.n; i++)
        buf_addc(key, ascii_lower(domain.p[i]));
}

/* Note the address in NAMES.  False where it is there already. */
static bool note(struct envelope *env, struct names *names, struct span local,
                 struct span domain)
{
    struct buf key = {0};
    bool first;

    add_key(local, domain, &key);
    first = names_add(names, &env->arena, buf_span(&key), env);
    buf_free(&key);
    return first;
}

static bool is_noted(const struct names *names, struct span local,
                     struct span domain)
{
    struct buf key = {0};
    bool found;

    add_key(local, domain, &key);
    found = names_find(names, buf_span(&key)) != NULL;
    buf_free(&key);
    return found;
}

static void recipient_add(struct envelope *env, struct recipient r)
{
    size_t at = span_rfind(r.address, '@');

    if (!note(env, &env->known, span_upto(r.address, at),
              span_from(r.address, at + 1)))
        return;
    if (env->nrcpts == env->room) {
        env->room = env->room ? env->room * 2 : 8;
        env->rcpts = mem_resize(env->rcpts, env->room, sizeof *env->rcpts);
    }
    env->rcpts[env->nrcpts++] = r;
    env->utf8 = env->utf8 || r.utf8;
}

/* Bring A into the form that travels. */
static bool to_wire(struct envelope *env, const struct address *a,
                    struct span domain, struct recipient *r, struct err *err)
{
    struct span from = span_empty(a->domain) ? domain : a->domain, ascii;
    struct arena scratch = {0};
    struct buf wire = {0};
    bool good;

    if (span_empty(from))
        return fail(err, ERR_DATA, "the address '%.*s' has no domain",
                    SPAN_ARG(address_excerpt(a->local, EXCERPT)));
    good = idn_to_ascii(from, &scratch, &ascii, err);
    if (good && a->local.n + 1 + ascii.n > ADDRESS_MAX)
        good = fail(err, ERR_DATA, "the address '%.*s...' is longer than %d "
                    "octets", SPAN_ARG(address_excerpt(a->local, EXCERPT)),
                    ADDRESS_MAX);
    if (good) {
        buf_printf(&wire, "%.*s@%.*s", SPAN_ARG(a->local), SPAN_ARG(ascii));
        r->address = arena_copy(&env->arena, buf_span(&wire));
        r->utf8 = !utf8_is_ascii(a->local);
    }
    buf_free(&wire);
    arena_free(&scratch);
    return good;
}

static bool address_add(struct envelope *env, const struct address *a,
                        struct span original, struct span domain,
                        struct err *err)
{
    struct recipient r = {0};

    if (!to_wire(env, a, domain, &r, err))
        return false;
    if (!span_eq(r.address, original))
        r.original = original;
    recipient_add(env, r);
    return true;
}

/* Add those that A stands for, which may be nobody. */
static bool expansion_add(struct envelope *env, const struct address *a,
                          const struct expansion *x, struct span domain,
                          struct err *err)
{
    struct recipient named = {0};
    struct err ignored;
    bool good = true;

    to_wire(env, a, domain, &named, &ignored);
    env->dropped += x->first == NULL;
    for (const struct address *to = x->first; good && to; to = to->next) {
        if (++env->expanded > ENVELOPE_EXPANDED)
            return fail(err, ERR_CONFIG, "the aliases of the recipients come "
                        "to more than %d addresses", ENVELOPE_EXPANDED);
        good = address_add(env, to, named.address, domain, err);
    }
    return good;
}

/* What was asked for once is not asked for again: who it is, is known. */
static bool named_add(struct envelope *env, const struct address *a,
                      struct span domain, struct err *err)
{
    const struct expander *e = env->expander;
    struct arena scratch = {0};
    struct expansion x = {0};
    bool good;

    if (!e)
        return address_add(env, a, S(""), domain, err);
    if (is_noted(&env->named, a->local, a->domain))
        return true;
    good = e->expand(e->self, a, &scratch, &x, err);
    if (good && x.aliased)
        good = expansion_add(env, a, &x, domain, err);
    else if (good)
        good = address_add(env, a, S(""), domain, err);
    if (good)
        note(env, &env->named, a->local, a->domain);
    arena_free(&scratch);
    return good;
}

static bool list_add(struct envelope *env, struct span text,
                     struct span domain, struct err *err)
{
    struct arena scratch = {0};
    struct buf commas = {0};
    struct address *a;
    struct err why;
    bool good = address_read(text, &scratch, &a, &why);

    if (!good && mended_commas(text, &commas))
        good = address_read(buf_span(&commas), &scratch, &a, &why);
    if (!good)
        *err = why;
    for (; good && a; a = a->next)
        good = named_add(env, a, domain, err);
    arena_free(&scratch);
    buf_free(&commas);
    return good;
}

/* No argument folds, so what folds a field is as wrong there as the others. */
static bool argument_check(struct span text, struct err *err)
{
    for (size_t i = 0; i < text.n; i++)
        if (((unsigned char)text.p[i] < ' ' && text.p[i] != '\t')
            || text.p[i] == 127)
            return fail(err, ERR_USAGE, "there is a control character");
    return true;
}

static bool fail_argument(struct span text, const char *what, struct err *err)
{
    if (err->kind == ERR_DATA)
        err->kind = ERR_USAGE;
    return err_within(err, "%s '%.*s'", what,
                      SPAN_ARG(address_excerpt(text, EXCERPT)));
}

static void sender_set(struct envelope *env, struct recipient sender)
{
    env->sender = sender.address;
    env->sender_utf8 = env->utf8 = sender.utf8;
    for (size_t i = 0; i < env->nrcpts; i++)
        env->utf8 = env->utf8 || env->rcpts[i].utf8;
}

static bool sender_read(struct envelope *env, struct span text,
                        struct span domain, struct err *err)
{
    struct arena scratch = {0};
    struct address *a = NULL;
    struct recipient sender = {0};
    bool good = argument_check(text, err)
                && address_read(text, &scratch, &a, err);

    if (good && (!a || a->next))
        good = fail(err, ERR_USAGE, "this is not one address");
    good = good && to_wire(env, a, domain, &sender, err);
    arena_free(&scratch);
    if (good)
        sender_set(env, sender);
    return good;
}

void envelope_free(struct envelope *env)
{
    mem_free(env->rcpts);
    arena_free(&env->arena);
    *env = (struct envelope){0};
}

bool envelope_sender(struct envelope *env, struct span text,
                     struct span domain, struct err *err)
{
    struct span plain = span_trim(text);

    if (span_empty(plain) || span_eq(plain, S("<>"))) {
        sender_set(env, (struct recipient){0});
        return true;
    }
    return sender_read(env, text, domain, err)
           || fail_argument(text, "sender", err);
}

bool envelope_operand(struct envelope *env, struct span text,
                      struct span domain, struct err *err)
{
    return (argument_check(text, err) && list_add(env, text, domain, err))
           || fail_argument(text, "recipient", err);
}

static bool is_resent(struct span header)
{
    struct field f;

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].resent && header_find(header, fields[i].name, &f))
            return true;
    return false;
}

static bool names_recipients(const struct field *f, bool resent)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].resent == resent && field_is(f, fields[i].name))
            return true;
    return false;
}

bool envelope_header(struct envelope *env, struct span header,
                     struct span domain, struct err *err)
{
    bool resent = is_resent(header);
    struct field f;

    while (header_next(&header, &f))
        if (names_recipients(&f, resent)
            && !list_add(env, f.body, domain, err))
            return err_within(err, "header field '%.*s'", SPAN_ARG(f.name));
    return true;
}
