/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the greeting until we are let in. */
#include "mail/base64.h"
#include "smtp/session_steps.h"

enum {
    AUTH_LINE_MAX = 512, /* a whole AUTH line, with CRLF (RFC 4954, 4) */
    AUTH_ROUNDS_MAX = 8,
    SECRET_LEAST = 4,    /* a shorter one is not masked                */
    PIECE_LEAST = 6,     /* so much of one gives it away               */
    MASK_MOST = 1 << 26, /* text times secret: more is not looked at   */
};

enum step receive_greeting(struct session *s)
{
    if (s->reply.code == 220)
        return STEP_EHLO;
    return session_refused(s, ERR_UNAVAILABLE, "the connection");
}

static const char *hello(const struct session *s)
{
    return s->settings->lmtp ? "LHLO" : "EHLO"; /* RFC 2033, 4.1 */
}

static void write_hello(struct session *s, const char *verb)
{
    struct buf line = {0};

    buf_printf(&line, "%s %.*s", verb, SPAN_ARG(s->settings->name));
    session_write(s, buf_span(&line), buf_span(&line));
    buf_free(&line);
}

enum step send_ehlo(struct session *s)
{
    write_hello(s, hello(s));
    return STEP_READY;
}

enum step send_helo(struct session *s)
{
    write_hello(s, "HELO");
    return STEP_READY;
}

static bool tls_wanted(const struct session *s)
{
    return s->settings->tls == SESSION_TLS_STARTTLS && !s->secured;
}

/* HELO leads to neither TLS nor AUTH (RFC 5321, 4.1.1.1; 3.2). */
static bool helo_will_do(const struct session *s)
{
    return s->reply.code >= 500 && s->reply.code <= 504 &&
           s->settings->tls == SESSION_TLS_OFF && !s->settings->credentials &&
           !s->settings->lmtp;
}

static void sasl_begin(struct session *s, const struct sasl_mechanism *m)
{
    s->sasl = (struct sasl){.mechanism = m,
                            .credentials = s->settings->credentials};
}

static enum step begin_auth(struct session *s)
{
    const struct credentials *who = s->settings->credentials;
    const struct sasl_mechanism *mechanism =
        sasl_choose(s->ehlo.mechanisms, buf_span(&s->ehlo.auth), who,
                    s->secured || s->settings->local, &s->err);

    if (!mechanism)
        return session_failed(s);
    sasl_begin(s, mechanism);
    return s->settings->ask_password ? STEP_PASSWORD : STEP_AUTH;
}

static enum step no_starttls(struct session *s)
{
    fail(&s->err, ERR_PROTOCOL,
         "the server does not offer STARTTLS, and nothing is sent without TLS");
    err_hint(&s->err, "if this port speaks TLS from the start, write the "
                      "server as submissions://; if it never did before, "
                      "someone may be tampering with the connection");
    return session_failed(s);
}

enum step receive_ehlo(struct session *s)
{
    if (helo_will_do(s))
        return STEP_HELO;
    if (s->reply.code != 250)
        return session_refused(
            s, s->secured ? ERR_TEMPORARY : ERR_UNAVAILABLE, hello(s));
    ehlo_read(&s->reply, &s->ehlo);
    if (tls_wanted(s))
        return s->ehlo.has & EHLO_STARTTLS ? STEP_STARTTLS : no_starttls(s);
    return s->settings->credentials ? begin_auth(s) : STEP_READY;
}

enum step receive_helo(struct session *s)
{
    if (s->reply.code == 250)
        return STEP_READY;
    return session_refused(s, ERR_UNAVAILABLE, "HELO");
}

enum step send_starttls(struct session *s)
{
    session_write(s, S("STARTTLS"), S("STARTTLS"));
    return STEP_HANDSHAKE;
}

enum step receive_starttls(struct session *s)
{
    enum step next;

    if (s->reply.code == 220)
        return STEP_HANDSHAKE;
    /* Offered and not granted: its state, not ours.  Never in clear text. */
    next = session_refused(s, ERR_TEMPORARY, "STARTTLS");
    s->err.kind = ERR_TEMPORARY;
    return next;
}

/*
 * Make the response to CHALLENGE into s->response, in base64.  False where the
 * mechanism has nothing more to say.
 */
static bool respond(struct session *s, struct span challenge)
{
    struct buf plain = {0};
    bool known = s->sasl.step < AUTH_ROUNDS_MAX &&
                 s->sasl.mechanism->respond(&s->sasl, challenge, &plain);

    s->sasl.step++;
    buf_wipe(&s->response);
    if (known) {
        /* Room at once, so that growing leaves no copy behind. */
        buf_room(&s->response, plain.len * 2 + 4);
        base64_encode(buf_span(&plain), &s->response);
        buf_room(&s->said, s->response.len + 1);
        buf_add(&s->said, buf_span(&s->response));
        buf_addc(&s->said, '\n');
    }
    buf_wipe(&plain);
    return known;
}

static size_t auth_line_length(const struct session *s)
{
    return sizeof "AUTH  \r\n" - 1 + s->sasl.mechanism->name.n +
           s->response.len;
}

enum step send_auth(struct session *s)
{
    const struct sasl_mechanism *m = s->sasl.mechanism;
    struct buf line = {0}, shown = {0};

    buf_room(&line, AUTH_LINE_MAX);
    buf_printf(&line, "AUTH %.*s", SPAN_ARG(m->name));
    buf_add(&shown, buf_span(&line));
    if (m->client_first && respond(s, S(""))) {
        if (auth_line_length(s) <= AUTH_LINE_MAX) {
            buf_addc(&line, ' ');
            buf_add(&line, s->response.len ? buf_span(&s->response) : S("="));
            buf_add(&shown, S(" ****"));
        } else {
            sasl_begin(s, m); /* it goes behind an empty challenge instead */
        }
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

/* How long TEXT and SECRET are the same from their beginnings on. */
static size_t common(struct span text, struct span secret)
{
    size_t n = 0;

    while (n < text.n && n < secret.n &&
           ascii_lower(text.p[n]) == ascii_lower(secret.p[n]))
        n++;
    return n;
}

/* The longest piece of SECRET, from anywhere in it, that TEXT begins with. */
static size_t piece(struct span text, struct span secret)
{
    size_t longest = 0;

    for (size_t i = 0; i < secret.n; i++) {
        size_t n = common(text, span_from(secret, i));

        longest = n > longest ? n : longest;
    }
    return longest;
}

static void mask(struct buf *text, struct span secret)
{
    size_t least = secret.n < PIECE_LEAST ? secret.n : PIECE_LEAST;

    if (secret.n < SECRET_LEAST)
        return; /* to hide it would be to show it */
    if (secret.n * text->len > MASK_MOST) {
        buf_clear(text);
        buf_add(text, S("(too long to be shown)"));
    }
    for (size_t i = 0; i < text->len; i++) {
        size_t n = piece(span_from(buf_span(text), i), secret);

        if (n >= least) {
            memset(text->data + i, '*', n);
            i += n - 1;
        }
    }
}

void session_mask(const struct session *s, struct buf *text)
{
    if (!s->said.len)
        return;
    mask(text, s->settings->credentials->password);
    mask(text, buf_span(&s->said));
}

static enum step login_refused(struct session *s)
{
    struct span user = s->settings->credentials->user;
    struct buf doing = {0};
    enum step next;

    buf_printf(&doing, "the login of '%.*s'", SPAN_ARG(user));
    next = session_refused(s, ERR_DENIED, buf_cstring(&doing));
    buf_free(&doing);
    if (s->err.kind == ERR_DENIED && s->reply.code == 535)
        err_hint(&s->err, "check 'user' and 'password'; many providers want a "
                          "password made for this program (an application "
                          "password)");
    return next;
}

enum step receive_auth(struct session *s)
{
    if (s->reply.code == 334)
        return respond(s, buf_span(&s->reply.text)) ? STEP_AUTH_RESPONSE
                                                    : STEP_AUTH_CANCEL;
    buf_wipe(&s->response);
    if (s->reply.code != 235)
        return login_refused(s);
    if (!s->sasl.complete)
        return session_broken(s, "the server let us in before we had shown "
                                 "who we are: it is not to be trusted");
    s->logged_in = true;
    return STEP_READY;
}

enum step receive_auth_cancel(struct session *s)
{
    fail(&s->err, ERR_DENIED,
         "the server went on asking after all that %.*s has was said",
         SPAN_ARG(s->sasl.mechanism->name));
    return session_failed(s);
}
