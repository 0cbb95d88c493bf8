/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/sender.h"

#include "mail/header.h"
#include "mail/idn.h"
#include "mail/mended.h"
#include "mail/pattern.h"
#include "mail/phrase.h"

static bool is_allowed(const struct sender_policy *p, struct span address)
{
    struct span list = span_empty(p->allow) ? S("<>") : p->allow;

    return pattern_list_match(list, address, p->domain);
}

/* TEXT as local@domain; the null sender is none. */
static bool own_read(const struct sender_policy *p, struct span text,
                     struct arena *arena, struct span *own, struct err *err)
{
    struct envelope e = {0};
    bool good = envelope_sender(&e, text, p->domain, err);

    if (good && span_empty(e.sender))
        good = fail(err, ERR_USAGE, "'%.*s' is no address", SPAN_ARG(text));
    *own = arena_copy(arena, e.sender);
    envelope_free(&e);
    return good;
}

static struct span name_read(struct span mailbox, struct arena *arena)
{
    struct buf phrase = {0};
    struct span name;

    phrase_of_first(mailbox, &phrase);
    name = phrase_text(buf_span(&phrase), arena);
    buf_free(&phrase);
    return name;
}

/* There is one address of ours, and it is the sender unless another may. */
static bool choose_own(const struct sender_policy *p, bool given,
                       struct envelope *env, struct sender *s,
                       struct err *err)
{
    if (!own_read(p, p->from, &env->arena, &s->own, err)) {
        err->kind = ERR_CONFIG;
        return err_within(err, "the setting 'from'");
    }
    s->name = name_read(p->from, &env->arena);
    if (given && is_allowed(p, env->sender))
        return true;
    if (given && !span_ieq(env->sender, s->own))
        s->asked = span_empty(env->sender) ? S("<>") : env->sender;
    return envelope_sender(env, p->from, p->domain, err);
}

bool sender_choose(const struct sender_policy *p, const struct span *given,
                   struct envelope *env, struct sender *s, struct err *err)
{
    bool any = span_empty(p->from);

    *s = (struct sender){0};
    if ((given || any)
        && !envelope_sender(env, given ? *given : p->login, p->domain, err))
        return false;
    if (!any && !choose_own(p, given, env, s, err))
        return false;
    if (any && !span_empty(env->sender))
        s->own = env->sender;
    else if (any && !own_read(p, p->login, &env->arena, &s->own, err))
        return false;
    s->author = span_empty(env->sender) ? s->own : env->sender;
    return true;
}

/* A header that is being gone through. */
struct work {
    const struct sender_policy *policy;
    const struct sender *chosen;
    struct span header;
};

/* A field that names who sends, and what goes with it. */
struct rule {
    struct span name, sender, original;
    enum sender_rewriting least; /* from which on it is looked at       */
    bool newest;                 /* the others are of earlier sendings  */
};

static const struct rule from_rule = {
    SPAN_INIT("From"), SPAN_INIT("Sender"), SPAN_INIT("X-Original-From"),
    SENDER_REWRITE_UNQUALIFIED, false};
static const struct rule resent_rule = {
    SPAN_INIT("Resent-From"), SPAN_INIT("Resent-Sender"),
    SPAN_INIT("X-Original-Resent-From"), SENDER_REWRITE_ALWAYS, true};

/* BODY as a list of addresses; false where it is none, or names none. */
static bool list_read(struct span body, struct arena *arena,
                      struct span *text, struct address **first)
{
    bool good = mended_read(body, arena, text, first);

    *text = phrase_trim(*text);
    return good && *first;
}

/* local@domain, where it has no domain with ours. */
static void add_address(const struct address *a, struct span domain,
                        struct buf *out)
{
    if (!span_empty(a->domain))
        domain = a->domain;
    buf_add(out, a->local);
    if (!span_empty(domain))
        buf_printf(out, "@%.*s", SPAN_ARG(domain));
}

/* Mail can be sent to the domain: RFC 5321, 2.3.5 wants more than a label. */
static bool has_real_domain(const struct address *a)
{
    return span_starts(a->domain, S("["))
           || span_find(a->domain, '.') + 1 < a->domain.n;
}

/* The envelope's sender needs no question: it is ours, or allowed. */
static bool address_stays(const struct work *w, const struct address *a,
                          struct span wire)
{
    if (span_ieq(wire, w->chosen->own))
        return true;
    if (w->policy->rewriting == SENDER_REWRITE_UNQUALIFIED)
        return has_real_domain(a);
    return is_allowed(w->policy, wire);
}

static bool stays(const struct work *w, struct address a, struct arena *arena)
{
    struct buf wire = {0};
    struct span ascii;
    struct err ignored;
    bool found;

    if (idn_to_ascii(a.domain, arena, &ascii, &ignored))
        a.domain = ascii;
    add_address(&a, w->policy->domain, &wire);
    found = address_stays(w, &a, buf_span(&wire));
    buf_free(&wire);
    return found;
}

static bool body_stays(const struct work *w, struct span body)
{
    bool good = w->policy->rewriting != SENDER_REWRITE_ALWAYS;
    struct arena arena = {0};
    struct address *a;
    struct span text;

    if (span_empty(phrase_trim(body)))
        return true;
    if (list_read(body, &arena, &text, &a))
        for (good = true; good && a; a = a->next)
            good = stays(w, *a, &arena);
    arena_free(&arena);
    return good;
}

static bool is_wanted(const struct work *w, const struct rule *rule)
{
    struct span rest = w->header;
    struct field f;

    if (w->policy->rewriting < rule->least)
        return false;
    while (header_next(&rest, &f)) {
        if (!field_is(&f, rule->name))
            continue;
        if (!body_stays(w, f.body))
            return true;
        if (rule->newest)
            return false;
    }
    return false;
}

/* What stood in the fields that one takes the place of. */
struct originals {
    struct buf name;  /* that goes with the first address, a phrase       */
    struct buf first; /* that address                                     */
    struct buf list;  /* all of them as they were written                 */
    struct buf lost;  /* fields for what is no list of addresses          */
    size_t count;
};

static void add_field(struct span name, struct span body, struct buf *out)
{
    buf_printf(out, "%.*s: ", SPAN_ARG(name));
    buf_add(out, body);
    buf_addc(out, '\n');
}

static void take_body(const struct work *w, const struct rule *rule,
                      struct span body, struct originals *o)
{
    struct arena arena = {0};
    struct address *a;
    struct span text;

    if (list_read(body, &arena, &text, &a)) {
        if (o->count == 0) {
            phrase_of_first(text, &o->name);
            add_address(a, w->policy->domain, &o->first);
        } else {
            buf_add(&o->list, S(", "));
        }
        buf_add(&o->list, text);
        for (; a; a = a->next)
            o->count++;
    } else if (!span_empty(phrase_trim(body))) {
        add_field(rule->original, phrase_trim(body), &o->lost);
    }
    arena_free(&arena);
}

static void take_all(const struct work *w, const struct rule *rule,
                     struct originals *o)
{
    struct span rest = w->header;
    struct field f;

    while (header_next(&rest, &f)) {
        if (!field_is(&f, rule->name))
            continue;
        take_body(w, rule, f.body, o);
        if (rule->newest)
            return;
    }
}

/* "Bob (bob@web1) via example.com" */
static void add_via(const struct work *w, const struct originals *o,
                    struct buf *out)
{
    struct span own = w->chosen->own, first = buf_span(&o->first), name;
    struct span domain = span_from(own, span_rfind(own, '@') + 1);
    struct arena arena = {0};
    struct buf text = {0};

    name = phrase_text(buf_span(&o->name), &arena);
    buf_add(&text, name);
    buf_printf(&text, span_empty(name) ? "%.*s" : " (%.*s)", SPAN_ARG(first));
    buf_printf(&text, " via %.*s", SPAN_ARG(domain));
    phrase_add(buf_span(&text), out);
    buf_free(&text);
    arena_free(&arena);
}

static void add_name(const struct work *w, const struct originals *o,
                     struct buf *out)
{
    if (w->policy->original == SENDER_ORIGINAL_NAME && o->count)
        add_via(w, o, out);
    else if (o->name.len)
        buf_add(out, buf_span(&o->name));
    else
        phrase_add(w->chosen->name, out);
}

static bool has_reply_to(struct span header)
{
    struct field f;

    while (header_next(&header, &f))
        if (field_is(&f, S("Reply-To")) && !span_empty(phrase_trim(f.body)))
            return true;
    return false;
}

/* Which field what is in the list goes into; empty: into none. */
static struct span list_field(const struct work *w, const struct rule *rule,
                              const struct originals *o)
{
    if (o->count == 0
        || (w->policy->original == SENDER_ORIGINAL_NAME && o->count == 1))
        return S("");
    if (w->policy->original == SENDER_ORIGINAL_REPLY_TO && rule == &from_rule
        && !has_reply_to(w->header))
        return S("Reply-To");
    return rule->original;
}

static void add_rewritten(const struct work *w, const struct rule *rule,
                          struct buf *out)
{
    struct originals o = {0};
    struct buf mailbox = {0};
    struct span to;

    take_all(w, rule, &o);
    to = list_field(w, rule, &o);
    add_name(w, &o, &mailbox);
    buf_printf(&mailbox, mailbox.len ? " <%.*s>" : "%.*s",
               SPAN_ARG(w->chosen->own));
    add_field(rule->name, buf_span(&mailbox), out);
    if (w->policy->original != SENDER_ORIGINAL_NONE) {
        if (!span_empty(to))
            add_field(to, buf_span(&o.list), out);
        buf_add(out, buf_span(&o.lost));
    }
    buf_free(&mailbox);
    buf_free(&o.name);
    buf_free(&o.first);
    buf_free(&o.list);
    buf_free(&o.lost);
}

/* The field says what the new one says, or would stand beside a new one. */
static bool is_superseded(const struct work *w, const struct rule *rule,
                          const struct field *f)
{
    if (field_is(f, rule->sender))
        return true;
    return rule == &from_rule && field_is(f, S("Reply-To"))
           && w->policy->original == SENDER_ORIGINAL_REPLY_TO
           && span_empty(phrase_trim(f->body));
}

/* What is becoming of a rule's fields. */
struct progress {
    const struct rule *rule;
    bool wanted;
    size_t seen;
};

/* The field was seen to; false: it stays as it is. */
static bool apply(const struct work *w, struct progress *p,
                  const struct field *f, struct buf *out)
{
    bool named = field_is(f, p->rule->name);

    if (!p->wanted)
        return false;
    p->seen += named;
    if (p->rule->newest && p->seen > 1)
        return false;
    if (named && p->seen == 1)
        add_rewritten(w, p->rule, out);
    return named || is_superseded(w, p->rule, f);
}

bool sender_rewrite(const struct sender_policy *policy,
                    const struct sender *chosen, struct span header,
                    struct buf *out)
{
    struct work w = {policy, chosen, header};
    struct progress from = {&from_rule, is_wanted(&w, &from_rule), 0};
    struct progress resent = {&resent_rule, is_wanted(&w, &resent_rule), 0};
    struct field f;

    while (header_next(&header, &f))
        if (!apply(&w, &from, &f, out) && !apply(&w, &resent, &f, out))
            buf_add(out, f.whole);
    return from.wanted || resent.wanted;
}
