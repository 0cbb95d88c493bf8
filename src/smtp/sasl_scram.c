/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SCRAM (RFC 5802; with SHA-256 RFC 7677): each side shows that it knows the
 * password, or what was made of it, and neither tells it.  With -PLUS, that
 * both are at the ends of the same TLS.  The messages have the names that
 * they have in RFC 5802, 7.
 */
#include "smtp/sasl.h"

#include "base/mem.h"
#include "mail/base64.h"
#include "mail/unbase64.h"

enum {
    ROUNDS_LEAST = 4096,  /* RFC 7677, 4                                 */
    ROUNDS_MOST = 1000000, /* a second or so: a server must not hold us up */
    SALT_MOST = 1024,
    NONCE_MOST = 1024,
};

static const struct span bindings[SASL_BINDINGS] = {
    [SASL_TLS_EXPORTER] = SPAN_INIT("tls-exporter"),
    [SASL_TLS_SERVER_END_POINT] = SPAN_INIT("tls-server-end-point"),
};

struct server_first {
    struct span nonce, salt_text;
    struct buf salt;
    uint64_t rounds;
};

/* All are keys, or as good as keys. */
struct keys {
    struct digest salted, client, stored, signature, server;
};

/* The binding that is used: the first there is. */
static enum sasl_binding binding_of(const struct sasl_offer *offer)
{
    return span_empty(offer->bindings[SASL_TLS_EXPORTER])
               ? SASL_TLS_SERVER_END_POINT
               : SASL_TLS_EXPORTER;
}

static bool can_bind(const struct sasl_offer *offer)
{
    return !span_empty(offer->bindings[binding_of(offer)]);
}

static bool plus_offered(const struct sasl_offer *offer)
{
    struct span rest = offer->names, name;

    while (span_word(&rest, ' ', &name))
        if (span_istarts(name, S("SCRAM-")) && name.n > 5 &&
            span_ieq(span_from(name, name.n - 5), S("-PLUS")))
            return true;
    return false;
}

/*
 * The gs2-header.  "y" tells the server that we could bind and that it did
 * not offer to: one that did knows then that someone has changed its list.
 */
static void header_add(const struct sasl *s, struct buf *out)
{
    const struct sasl_offer *offer = s->offer;

    if (s->mechanism->binds)
        buf_printf(out, "p=%.*s", SPAN_ARG(bindings[binding_of(offer)]));
    else
        buf_addc(out, can_bind(offer) && !plus_offered(offer) ? 'y' : 'n');
    buf_addc(out, ',');
    if (!span_empty(s->credentials->authzid))
        buf_add(out, S("a="));
    sasl_name_add(s->credentials->authzid, out);
    buf_addc(out, ',');
}

/* Our part of the nonce: base64 has neither "," nor controls. */
static void nonce_add(const struct sasl *s, struct buf *out)
{
    base64_encode(s->credentials->nonce, out);
}

static bool client_first(struct sasl *s, struct buf *response,
                         struct err *err)
{
    struct buf user = {0};

    if (!digest_prepare(s->credentials->user, "the user's name", &user, err))
        return false;
    buf_add(&s->messages, S("n="));
    sasl_name_add(buf_span(&user), &s->messages);
    buf_add(&s->messages, S(",r="));
    nonce_add(s, &s->messages);
    header_add(s, response);
    buf_add(response, buf_span(&s->messages));
    buf_free(&user);
    return true;
}

/* Take "NAME=value" and the "," behind it off the front of *REST. */
static bool take(struct span *rest, char name, struct span *value)
{
    struct span word = span_upto(*rest, span_find(*rest, ','));

    if (word.n < 2 || word.p[0] != name || word.p[1] != '=')
        return false;
    *value = span_from(word, 2);
    *rest = span_from(*rest, word.n + 1);
    return true;
}

/* What a server-error says, where there is more to know than its name. */
static const struct {
    struct span error;
    const char *hint;
} known_errors[] = {
    {SPAN_INIT("invalid-proof"), "check 'user' and 'password'"},
    {SPAN_INIT("unknown-user"), "check 'user'"},
    {SPAN_INIT("server-does-support-channel-binding"),
     "its list of mechanisms did not say so: someone may have changed it on "
     "the way"},
    {SPAN_INIT("channel-bindings-dont-match"),
     "someone may be in between who ends TLS, which a server's own proxy "
     "does, too; if that is so, set 'auth' to a mechanism without -PLUS"},
    {SPAN_INIT("unsupported-channel-binding-type"),
     "set 'auth' to a mechanism without -PLUS"},
};

static bool server_error(const struct sasl *s, struct span error,
                         struct err *err)
{
    fail(err, ERR_DENIED, "the server refused the login of '%.*s': %.*s",
         SPAN_ARG(s->credentials->user), SPAN_ARG(span_upto(error, 200)));
    for (size_t i = 0; i < sizeof known_errors / sizeof *known_errors; i++)
        if (span_eq(error, known_errors[i].error))
            err_hint(err, "%s", known_errors[i].hint);
    return false;
}

static bool not_scram(const struct sasl *s, const char *what, struct err *err)
{
    return fail(err, ERR_DENIED,
                "the server does not keep to %.*s, and is not to be trusted "
                "with a login: %s",
                SPAN_ARG(s->mechanism->name), what);
}

static bool is_printable(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    return true;
}

/* Ours must be the beginning of theirs, or an old exchange could be played. */
static bool nonce_goes_on(const struct sasl *s, struct span nonce)
{
    struct buf ours = {0};
    bool ok;

    nonce_add(s, &ours);
    ok = span_starts(nonce, buf_span(&ours)) && nonce.n > ours.len &&
         nonce.n <= NONCE_MOST && is_printable(nonce);
    buf_free(&ours);
    return ok;
}

static bool rounds_read(const struct sasl *s, struct span text,
                        uint64_t *rounds, struct err *err)
{
    if (span_number(text, UINT64_MAX, rounds) && *rounds >= ROUNDS_LEAST &&
        *rounds <= ROUNDS_MOST)
        return true;
    return fail(err, ERR_DENIED,
                "the server wants '%.*s' rounds of %.*s: pennypost does %d to "
                "%d",
                SPAN_ARG(span_upto(text, 40)), SPAN_ARG(s->mechanism->name),
                ROUNDS_LEAST, ROUNDS_MOST);
}

/* What follows the three is for later versions, and passed over. */
static bool server_first_read(const struct sasl *s, struct span text,
                              struct server_first *first, struct err *err)
{
    struct span rounds, error;

    if (take(&text, 'e', &error))
        return server_error(s, error, err);
    if (!take(&text, 'r', &first->nonce) ||
        !take(&text, 's', &first->salt_text) || !take(&text, 'i', &rounds))
        return not_scram(s, "its first message lacks nonce, salt or rounds",
                         err);
    if (!nonce_goes_on(s, first->nonce))
        return not_scram(s, "its nonce is not made from ours", err);
    if (!unbase64(first->salt_text, &first->salt) || !first->salt.len ||
        first->salt.len > SALT_MOST)
        return not_scram(s, "its salt is none", err);
    return rounds_read(s, rounds, &first->rounds, err);
}

/* client-final-message-without-proof */
static void without_proof_add(const struct sasl *s, struct span nonce,
                              struct buf *out)
{
    struct buf bound = {0};

    header_add(s, &bound);
    if (s->mechanism->binds)
        buf_add(&bound, s->offer->bindings[binding_of(s->offer)]);
    buf_add(out, S("c="));
    base64_encode(buf_span(&bound), out);
    buf_add(out, S(",r="));
    buf_add(out, nonce);
    buf_free(&bound);
}

/* RFC 5802, 3: the keys, for the messages that are there now. */
static bool keys_make(const struct sasl *s, const struct server_first *first,
                      struct span password, struct keys *k, struct err *err)
{
    enum digest_kind kind = s->mechanism->digest;
    struct span said = buf_span(&s->messages);

    return digest_pbkdf2(kind, password, buf_span(&first->salt),
                         (unsigned)first->rounds, &k->salted, err) &&
           digest_hmac(kind, digest_span(&k->salted), S("Client Key"),
                       &k->client, err) &&
           digest_of(kind, digest_span(&k->client), &k->stored, err) &&
           digest_hmac(kind, digest_span(&k->stored), said, &k->signature,
                       err) &&
           digest_hmac(kind, digest_span(&k->salted), S("Server Key"),
                       &k->server, err);
}

/* The proof goes out, and what the server must show is kept. */
static bool prove(struct sasl *s, struct keys *k, struct buf *response,
                  struct err *err)
{
    for (size_t i = 0; i < k->client.n; i++)
        k->client.octets[i] ^= k->signature.octets[i];
    buf_add(response, S(",p="));
    base64_encode(digest_span(&k->client), response);
    return digest_hmac(s->mechanism->digest, digest_span(&k->server),
                       buf_span(&s->messages), &s->signature, err);
}

static bool make_proof(struct sasl *s, const struct server_first *first,
                       struct buf *response, struct err *err)
{
    struct buf password = {0};
    struct keys k = {0};
    bool ok = digest_prepare(s->credentials->password, "the password",
                             &password, err) &&
              keys_make(s, first, buf_span(&password), &k, err) &&
              prove(s, &k, response, err);

    buf_wipe(&password);
    mem_wipe(&k, sizeof k);
    return ok;
}

static bool client_final(struct sasl *s, struct span challenge,
                         struct buf *response, struct err *err)
{
    struct server_first first = {0};
    bool ok = server_first_read(s, challenge, &first, err);

    if (ok) {
        without_proof_add(s, first.nonce, response);
        buf_addc(&s->messages, ',');
        buf_add(&s->messages, challenge);
        buf_addc(&s->messages, ',');
        buf_add(&s->messages, buf_span(response));
        ok = make_proof(s, &first, response, err);
    }
    buf_free(&first.salt);
    return ok;
}

/* Nothing is left to say: the response is empty. */
static bool server_final(struct sasl *s, struct span challenge,
                         struct err *err)
{
    struct buf signature = {0};
    struct span value;

    if (take(&challenge, 'e', &value))
        return server_error(s, value, err);
    s->complete = take(&challenge, 'v', &value) &&
                  unbase64(value, &signature) &&
                  digest_eq(buf_span(&signature),
                            digest_span(&s->signature));
    buf_free(&signature);
    if (s->complete)
        return true;
    fail(err, ERR_DENIED,
         "the server did not show that it knows the password of '%.*s': its "
         "signature is wrong",
         SPAN_ARG(s->credentials->user));
    return err_hint(err, "it may not be the server that it says it is");
}

bool sasl_scram(struct sasl *s, struct span challenge, struct buf *response,
                struct err *err)
{
    switch (s->step) {
    case 0:
        return client_first(s, response, err);
    case 1:
        return client_final(s, challenge, response, err);
    case 2:
        return server_final(s, challenge, err);
    }
    return sasl_exhausted(s, err);
}
