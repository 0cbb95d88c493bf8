/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/sasl.h"

enum {
    ROUNDS_MAX = 8,     /* no mechanism has more than three          */
    NONCE_LEAST = 12,   /* octets; fewer are no better than none     */
    EXPLAINED_MAX = 400 /* octets: enough for an OAuth error in JSON */
};

#define SCRAM(hash, kind)                                                    \
    .name = SPAN_INIT("SCRAM-" hash), .respond = sasl_scram,                 \
    .needs = SASL_NEEDS_PASSWORD, .client_first = true, .listens = true,     \
    .nonce = true, .digest = kind

/* Best first: the first row that will do is taken. */
static const struct sasl_mechanism mechanisms[] = {
    {SPAN_INIT("EXTERNAL"), sasl_external, .needs = SASL_NEEDS_CERTIFICATE,
     .client_first = true, .needs_tls = true},
    {SCRAM("SHA-512-PLUS", DIGEST_SHA512), .binds = true},
    {SCRAM("SHA-256-PLUS", DIGEST_SHA256), .binds = true},
    {SCRAM("SHA-1-PLUS", DIGEST_SHA1), .binds = true},
    {SCRAM("SHA-512", DIGEST_SHA512)},
    {SCRAM("SHA-256", DIGEST_SHA256)},
    {SCRAM("SHA-1", DIGEST_SHA1)},
    {SPAN_INIT("OAUTHBEARER"), sasl_oauthbearer, .needs = SASL_NEEDS_TOKEN,
     .client_first = true, .needs_tls = true, .listens = true},
    {SPAN_INIT("XOAUTH2"), sasl_xoauth2, .needs = SASL_NEEDS_TOKEN,
     .client_first = true, .needs_tls = true, .listens = true},
    {SPAN_INIT("CRAM-MD5"), sasl_cram_md5, .needs = SASL_NEEDS_PASSWORD,
     .listens = true, .named_only = true, .digest = DIGEST_MD5},
    {SPAN_INIT("PLAIN"), sasl_plain, .needs = SASL_NEEDS_PASSWORD,
     .client_first = true, .needs_tls = true},
    {SPAN_INIT("LOGIN"), sasl_login, .needs = SASL_NEEDS_PASSWORD,
     .needs_tls = true},
    {SPAN_INIT("ANONYMOUS"), sasl_anonymous, .client_first = true,
     .named_only = true},
};

enum { MECHANISMS = sizeof mechanisms / sizeof *mechanisms };

static unsigned bit_of(const struct sasl_mechanism *m)
{
    return 1u << (m - mechanisms);
}

static const struct sasl_mechanism *named(struct span name)
{
    for (unsigned i = 0; i < MECHANISMS; i++)
        if (span_ieq(name, mechanisms[i].name))
            return &mechanisms[i];
    return NULL;
}

unsigned sasl_bit(struct span name)
{
    const struct sasl_mechanism *m = named(name);

    return m ? bit_of(m) : 0;
}

/* The next name of a setting's list. */
static bool next_name(struct span *rest, struct span *name)
{
    while (rest->n && (rest->p[0] == ' ' || rest->p[0] == ','))
        *rest = span_from(*rest, 1);
    *name = span_upto(*rest, span_find(*rest, ' '));
    *name = span_upto(*name, span_find(*name, ','));
    *rest = span_from(*rest, name->n);
    return name->n > 0;
}

/* WORD is M's name, or with "+" that of one no better than M. */
static bool word_allows(struct span word, const struct sasl_mechanism *m)
{
    const struct sasl_mechanism *least;

    if (!span_ends(word, S("+")))
        return span_ieq(word, m->name);
    least = named(span_upto(word, word.n - 1));
    return least == m || (least && !m->named_only && m < least);
}

static bool is_allowed(const struct sasl_mechanism *m, struct span list)
{
    struct span word;

    if (span_empty(list))
        return !m->named_only;
    while (next_name(&list, &word))
        if (word_allows(word, m))
            return true;
    return false;
}

static bool has_token(const struct credentials *who)
{
    return who->token_later || !span_empty(who->token);
}

/* What M needs and is not there; NULL where all is. */
static const char *lacking(enum sasl_needs needs,
                           const struct credentials *who)
{
    switch (needs) {
    case SASL_NEEDS_NOTHING:
        break;
    case SASL_NEEDS_PASSWORD: /* which may be empty */
        return span_empty(who->password) && has_token(who)
                   ? "needs a password, not a token"
                   : NULL;
    case SASL_NEEDS_TOKEN:
        return has_token(who) ? NULL : "needs an OAuth token";
    case SASL_NEEDS_CERTIFICATE:
        return who->certificate ? NULL : "needs a certificate of ours";
    }
    return NULL;
}

static bool can_bind(const struct sasl_offer *offer)
{
    for (int i = 0; i < SASL_BINDINGS; i++)
        if (!span_empty(offer->bindings[i]))
            return true;
    return false;
}

/* Why M cannot be used, were it offered; NULL where it can. */
static const char *obstacle(const struct sasl_mechanism *m,
                            const struct sasl_offer *offer,
                            const struct credentials *who)
{
    if (!is_allowed(m, who->mechanism))
        return span_empty(who->mechanism) ? "only where 'auth' names it"
                                          : "not in 'auth'";
    if (m->needs_tls && !offer->secured)
        return "needs TLS";
    if (m->binds && !can_bind(offer))
        return "needs TLS that it can be bound to";
    if (m->nonce && who->nonce.n < NONCE_LEAST)
        return "needs random octets";
    return lacking(m->needs, who);
}

/* The names that were offered, each with what stands against it. */
static void obstacles_add(const struct sasl_offer *offer,
                          const struct credentials *who, struct buf *out)
{
    struct span rest = offer->names, name;
    const char *before = "";

    while (span_word(&rest, ' ', &name)) {
        const struct sasl_mechanism *m = named(name);

        buf_printf(out, "%s%.*s (%s)", before, SPAN_ARG(name),
                   m ? obstacle(m, offer, who) : "unknown here");
        before = ", ";
    }
    if (!out->len)
        buf_add(out, S("it offers none"));
}

/* Some that are offered would do with TLS. */
static bool tls_would_help(const struct sasl_offer *offer,
                           const struct credentials *who)
{
    struct sasl_offer secured = *offer;

    secured.secured = true;
    for (unsigned i = 0; i < MECHANISMS; i++)
        if (offer->mechanisms & 1u << i &&
            !obstacle(&mechanisms[i], &secured, who))
            return true;
    return false;
}

static void none_left(const struct sasl_offer *offer,
                      const struct credentials *who, struct err *err)
{
    struct buf why = {0};

    obstacles_add(offer, who, &why);
    fail(err, ERR_DENIED,
         "the server offers no way to log in that can be used here: %.*s",
         SPAN_ARG(buf_span(&why)));
    buf_free(&why);
    if (tls_would_help(offer, who))
        err_hint(err, "leave the setting 'tls' at 'required'");
    else if (!span_empty(who->mechanism))
        err_hint(err, "the setting 'auth' allows %.*s only",
                 SPAN_ARG(who->mechanism));
}

const struct sasl_mechanism *sasl_choose(const struct sasl_offer *offer,
                                         const struct credentials *who,
                                         struct err *err)
{
    for (unsigned i = 0; i < MECHANISMS; i++)
        if (offer->mechanisms & 1u << i &&
            !obstacle(&mechanisms[i], offer, who))
            return &mechanisms[i];
    none_left(offer, who, err);
    return NULL;
}

void sasl_reason(const struct sasl_mechanism *m,
                 const struct sasl_offer *offer,
                 const struct credentials *who, struct buf *out)
{
    const char *before = " but for ";

    buf_printf(out, "logging in with %.*s, the best that is offered",
               SPAN_ARG(m->name));
    for (const struct sasl_mechanism *better = mechanisms; better < m;
         better++) {
        if (!(offer->mechanisms & bit_of(better)))
            continue;
        buf_printf(out, "%s%.*s (%s)", before, SPAN_ARG(better->name),
                   obstacle(better, offer, who));
        before = ", ";
    }
}

bool sasl_exhausted(const struct sasl *s, struct err *err)
{
    return fail(err, ERR_DENIED,
                "the server went on asking after all that %.*s has was said",
                SPAN_ARG(s->mechanism->name));
}

bool sasl_respond(struct sasl *s, struct span challenge, struct buf *response,
                  struct err *err)
{
    bool known = s->step < ROUNDS_MAX
                     ? s->mechanism->respond(s, challenge, response, err)
                     : sasl_exhausted(s, err);

    s->step++;
    return known;
}

void sasl_free(struct sasl *s)
{
    buf_wipe(&s->messages);
    buf_free(&s->explained);
    digest_wipe(&s->signature);
    *s = (struct sasl){0};
}

void sasl_name_add(struct span name, struct buf *out)
{
    buf_room(out, name.n * 3);
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == ',')
            buf_add(out, S("=2C"));
        else if (name.p[i] == '=')
            buf_add(out, S("=3D"));
        else
            buf_addc(out, name.p[i]);
}

/* RFC 6750, 2.1 allows less; what matters is that it ends where it ends. */
static bool is_token(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    return !span_empty(s);
}

bool sasl_bearer_add(const struct sasl *s, struct buf *out, struct err *err)
{
    struct span token = s->credentials->token;

    if (!is_token(token))
        return fail(err, ERR_CONFIG,
                    "the OAuth token %s",
                    span_empty(token) ? "is empty"
                                      : "holds what no token may: a blank, "
                                        "a control or a letter beyond ASCII");
    buf_add(out, S("auth=Bearer "));
    buf_add(out, token);
    buf_addc(out, '\1');
    return true;
}

void sasl_explained(struct sasl *s, struct span why)
{
    s->complete = false;
    buf_clear(&s->explained);
    buf_add(&s->explained, span_upto(span_trim(why), EXPLAINED_MAX));
}
