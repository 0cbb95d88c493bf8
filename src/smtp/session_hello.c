/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the greeting to TLS. */
#include "smtp/session_steps.h"

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
    return s->settings->credentials ? choose_auth(s) : STEP_READY;
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
