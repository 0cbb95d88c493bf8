/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AUTH: from what the server offers until we are let in (RFC 4954). */
#include "mail/base64.h"
#include "mail/unbase64.h"
#include "smtp/login_advice.h"
#include "smtp/session_steps.h"

enum {
    AUTH_LINE_MAX = 512, /* a whole AUTH line, with CRLF (RFC 4954, 4) */
    RESPONSE_MAX = 12288 - 2,
    SHOWN_MAX = 600, /* of a server's explanation */
};

static bool is_secret(enum sasl_needs needs)
{
    return needs == SASL_NEEDS_PASSWORD || needs == SASL_NEEDS_TOKEN;
}

static void trace_choice(struct session *s)
{
    struct buf text = {0};

    sasl_reason(s->sasl.mechanism, &s->offer, s->sasl.credentials, &text);
    session_trace(s, SESSION_EVENT, buf_span(&text));
    buf_free(&text);
}

enum step choose_auth(struct session *s)
{
    const struct credentials *who = s->settings->credentials;

    s->offer = (struct sasl_offer){
        .mechanisms = s->ehlo.mechanisms,
        .names = buf_span(&s->ehlo.auth),
        .secured = s->secured || s->settings->local,
    };
    for (int i = 0; i < SASL_BINDINGS; i++)
        s->offer.bindings[i] = buf_span(&s->bindings[i]);
    s->sasl = (struct sasl){.credentials = who, .offer = &s->offer};
    s->sasl.mechanism = sasl_choose(&s->offer, who, &s->err);
    if (!s->sasl.mechanism)
        return session_failed(s);
    trace_choice(s);
    if (s->settings->ask_password && is_secret(s->sasl.mechanism->needs))
        return STEP_PASSWORD;
    return begin_auth(s);
}

/* Remember all that was said; growing must leave no copy of it behind. */
static void note_said(struct session *s)
{
    struct buf said = {0};

    buf_room(&said, s->said.len + s->response.len + 1);
    buf_add(&said, buf_span(&s->said));
    buf_add(&said, buf_span(&s->response));
    buf_addc(&said, '\n');
    buf_wipe(&s->said);
    s->said = said;
}

static bool too_long(struct session *s)
{
    return fail(&s->err, ERR_CONFIG,
                "what %.*s has to say takes %zu octets, of which a server "
                "takes %d: the password or token is too long",
                SPAN_ARG(s->sasl.mechanism->name), s->response.len,
                RESPONSE_MAX);
}

/* Make the response to CHALLENGE into s->response, in base64. */
static bool respond_to(struct session *s, struct span challenge)
{
    struct buf plain = {0};
    bool known = sasl_respond(&s->sasl, challenge, &plain, &s->err);

    buf_wipe(&s->response);
    if (known) {
        /* Room at once, so that growing leaves no copy behind. */
        buf_room(&s->response, plain.len * 2 + 4);
        base64_encode(buf_span(&plain), &s->response);
        note_said(s);
    }
    buf_wipe(&plain);
    return known && (s->response.len <= RESPONSE_MAX || too_long(s));
}

/* What a server says in a challenge may hold what we said to it. */
static void mask_error(struct session *s)
{
    struct err plain = s->err;
    struct buf text = {0};

    buf_add(&text, span_of(plain.text));
    session_mask(s, &text);
    fail(&s->err, plain.kind, "%s", buf_cstring(&text));
    err_hint(&s->err, "%s", plain.hint);
    buf_free(&text);
}

/* Servers put blanks around a challenge, and prompts that are no base64. */
static bool respond(struct session *s)
{
    struct span challenge = span_trim(buf_span(&s->challenge));
    struct buf octets = {0};
    bool known;

    if (!s->sasl.mechanism->listens)
        known = respond_to(s, S(""));
    else if (unbase64(challenge, &octets))
        known = respond_to(s, buf_span(&octets));
    else
        known = fail(&s->err, ERR_DENIED,
                     "the server's challenge is no base64, while logging in "
                     "with %.*s",
                     SPAN_ARG(s->sasl.mechanism->name));
    buf_wipe(&octets);
    if (!known)
        mask_error(s);
    return known;
}

/* Before AUTH is said: where there is nothing to say, it is not. */
enum step begin_auth(struct session *s)
{
    if (s->sasl.mechanism->client_first && !respond_to(s, S("")))
        return session_failed(s);
    return STEP_AUTH;
}

static size_t auth_line_length(const struct session *s)
{
    return sizeof "AUTH  \r\n" - 1 + s->sasl.mechanism->name.n +
           (s->response.len ? s->response.len : sizeof "=" - 1);
}

enum step send_auth(struct session *s)
{
    const struct sasl_mechanism *m = s->sasl.mechanism;
    struct buf line = {0}, shown = {0};

    buf_room(&line, AUTH_LINE_MAX);
    buf_printf(&line, "AUTH %.*s", SPAN_ARG(m->name));
    buf_add(&shown, buf_span(&line));
    /* One that is too long goes behind an empty challenge instead. */
    s->response_waits = m->client_first && auth_line_length(s) > AUTH_LINE_MAX;
    if (m->client_first && !s->response_waits) {
        buf_addc(&line, ' ');
        buf_add(&line, s->response.len ? buf_span(&s->response) : S("="));
        buf_add(&shown, S(" ****"));
    }
    session_write(s, buf_span(&line), buf_span(&shown));
    buf_wipe(&line);
    buf_free(&shown);
    return STEP_READY;
}

enum step send_auth_response(struct session *s)
{
    session_write(s, buf_span(&s->response), S("****"));
    return STEP_READY;
}

enum step send_auth_cancel(struct session *s)
{
    session_write(s, S("*"), S("*"));
    return STEP_READY;
}

/* What the server said in a challenge, behind what it says in SMTP. */
static void add_explanation(struct session *s)
{
    struct buf shown = {0};
    struct err plain = s->err;

    if (!s->sasl.explained.len)
        return;
    buf_add(&shown, buf_span(&s->sasl.explained));
    session_mask(s, &shown);
    fail(&s->err, plain.kind, "%.*s (it explains: %.*s)", SHOWN_MAX,
         plain.text, SPAN_ARG(buf_span(&shown)));
    buf_free(&shown);
}

static void hint_refused(struct session *s)
{
    static const char *const hints[] = {
        [SASL_NEEDS_NOTHING] = "",
        [SASL_NEEDS_PASSWORD] =
            "check 'user' and 'password'; many providers want a password made "
            "for this program (an application password)",
        [SASL_NEEDS_TOKEN] =
            "the token may have expired, be another user's, or not be for "
            "sending mail",
        [SASL_NEEDS_CERTIFICATE] =
            "the server knows the certificate that it was shown by another "
            "name, or not at all",
    };
    enum sasl_needs needs = s->sasl.mechanism->needs;
    const char *advice = login_advice(buf_span(&s->reply.text), needs);

    if (advice || s->reply.code == 535)
        err_hint(&s->err, "%s", advice ? advice : hints[needs]);
}

static enum step login_refused(struct session *s)
{
    struct span user = s->settings->credentials->user;
    struct buf doing = {0};
    enum step next;

    buf_add(&doing, S("the login"));
    if (user.n) /* a certificate may say who it is */
        buf_printf(&doing, " of '%.*s'", SPAN_ARG(user));
    next = session_refused(s, ERR_DENIED, buf_cstring(&doing));
    buf_free(&doing);
    add_explanation(s);
    if (s->err.kind == ERR_DENIED)
        hint_refused(s);
    return next;
}

static enum step let_in_early(struct session *s)
{
    if (s->sasl.signature.n)
        return session_broken(s, "the server let us in without showing that "
                                 "it knows the password: it is not to be "
                                 "trusted");
    return session_broken(s, "the server let us in before we had shown who we "
                             "are: it is not to be trusted");
}

void session_challenge(struct session *s)
{
    if (s->reply.code != 334)
        return;
    buf_wipe(&s->challenge);
    buf_add(&s->challenge, buf_span(&s->reply.text));
}

static enum step receive_challenge(struct session *s)
{
    if (!s->response_waits)
        return respond(s) ? STEP_AUTH_RESPONSE : STEP_AUTH_CANCEL;
    s->response_waits = false;
    return STEP_AUTH_RESPONSE;
}

enum step receive_auth(struct session *s)
{
    if (s->reply.code == 334)
        return receive_challenge(s);
    buf_wipe(&s->response);
    if (s->reply.code != 235)
        return login_refused(s);
    if (!s->sasl.complete || s->response_waits)
        return let_in_early(s);
    s->logged_in = true;
    return STEP_READY;
}

/* Why we gave up is known: what the server says to that adds nothing. */
enum step receive_auth_cancel(struct session *s)
{
    return session_failed(s);
}

void session_password(struct session *s)
{
    if (s->next != STEP_PASSWORD)
        return;
    s->next = begin_auth(s);
    s->progress++;
    session_advance(s);
}

void session_binding(struct session *s, enum sasl_binding binding,
                     struct span octets)
{
    buf_clear(&s->bindings[binding]);
    buf_add(&s->bindings[binding], octets);
}
