/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/envelope.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "mail/header.h"
#include "mail/idn.h"

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

/*
 * The recipients are found by a crit-bit tree: an inner node names the first
 * bit in which the addresses below it differ.  To look one up costs no more
 * than the address has bits, whoever chose the addresses, and there is no hash
 * to attack.
 */
struct known {
    bool leaf;
    size_t bit;             /* of an inner node         */
    struct known *child[2]; /* where that bit is 0, 1   */
    struct span address;    /* of a leaf                */
    size_t at;              /* where in it stands "@"   */
};

/* Byte I of what addresses are compared by; 0, which none has, behind it. */
static unsigned canonical(const struct known *k, size_t i)
{
    char c = i < k->address.n ? k->address.p[i] : '\0';

    return (unsigned char)(i > k->at ? ascii_lower(c) : c);
}

static unsigned bit_of(const struct known *k, size_t bit)
{
    return canonical(k, bit / 8) >> (7 - bit % 8) & 1;
}

/* The first bit in which they differ.  False where they are equal. */
static bool differ(const struct known *a, const struct known *b, size_t *bit)
{
    size_t i = 0;

    while (i < a->address.n && canonical(a, i) == canonical(b, i))
        i++;
    if (canonical(a, i) == canonical(b, i))
        return false;
    for (*bit = i * 8; bit_of(a, *bit) == bit_of(b, *bit);)
        ++*bit;
    return true;
}

static struct known *known_copy(struct envelope *env, const struct known *k)
{
    struct known *copy = arena_take(&env->arena, sizeof *copy);

    *copy = *k;
    return copy;
}

/* Remember ADDRESS.  False where it was known already. */
static bool known_add(struct envelope *env, struct span address)
{
    struct known leaf = {true, .address = address,
                         .at = span_rfind(address, '@')};
    struct known inner = {0}, **link = &env->known, *nearest = env->known;

    while (nearest && !nearest->leaf)
        nearest = nearest->child[bit_of(&leaf, nearest->bit)];
    if (!nearest) {
        *link = known_copy(env, &leaf);
        return true;
    }
    if (!differ(&leaf, nearest, &inner.bit))
        return false;
    while (!(*link)->leaf && (*link)->bit < inner.bit)
        link = &(*link)->child[bit_of(&leaf, (*link)->bit)];
    inner.child[bit_of(&leaf, inner.bit)] = known_copy(env, &leaf);
    inner.child[bit_of(nearest, inner.bit)] = *link;
    *link = known_copy(env, &inner);
    return true;
}

static void recipient_add(struct envelope *env, struct recipient r)
{
    if (!known_add(env, r.address))
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

static bool list_add(struct envelope *env, struct span text,
                     struct span domain, struct err *err)
{
    struct arena scratch = {0};
    struct address *a;
    struct recipient r;
    bool good = address_read(text, &scratch, &a, err);

    for (; good && a; a = a->next) {
        good = to_wire(env, a, domain, &r, err);
        if (good)
            recipient_add(env, r);
    }
    arena_free(&scratch);
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
