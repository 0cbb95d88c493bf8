/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server says: taken in, held against what is owed, and judged. */
#include "smtp/session_steps.h"

#include "base/protocol.h"

static void trace_reply(struct session *s)
{
    struct span rest = buf_span(&s->reply.text);
    struct buf shown = {0};

    for (unsigned n = 1; n <= s->reply.lines; n++) {
        struct span line = S("");

        span_line(&rest, &line);
        buf_clear(&shown);
        buf_printf(&shown, "%d%c", s->reply.code,
                   n < s->reply.lines ? '-' : ' ');
        /* A challenge may hold what the response is made from. */
        buf_add(&shown, s->reply.code == 334 ? S("****") : line);
        session_trace(s, SESSION_SERVER, buf_span(&shown));
    }
    buf_free(&shown);
}

/*
 * A reply to what is not even sent yet is a lie or a mix-up.  But the server
 * may hang up, and may refuse the message before its end.
 */
static bool too_early(const struct session *s)
{
    return session_unsent(s) &&
           (reply_class(&s->reply) < 4 ||
            (s->reply.code != 421 && owed_now(s)->step != STEP_DOT));
}

/*
 * RFC 5321, 3.8: 421 may answer any command, and closes the session.  In LMTP
 * it may be one recipient's, and the others' replies are on their way.
 */
static void close_421(struct session *s, struct span reply)
{
    if (s->err.kind == ERR_NONE)
        fail(&s->err, ERR_TEMPORARY, "the server closed the session: %.*s",
             SPAN_ARG(reply));
    session_over(s, false);
}

static bool dot_owed(const struct session *s)
{
    return session_owes(s) && owed_now(s)->step == STEP_DOT;
}

/* The reply to the message is there, and its end was not even sent. */
static bool is_early_end(const struct session *s)
{
    return dot_owed(s) && session_unsent(s);
}

static void owed_settled(struct session *s)
{
    if (++s->first_owed == s->owed_end)
        s->first_owed = s->owed_end = 0;
}

static void receive_owed(struct session *s)
{
    enum step step = owed_now(s)->step;
    struct buf reply = {0};

    reply_print(&s->reply, &reply);
    if (too_early(s))
        session_broken(s, "the server answered before it was asked, while "
                          "%s: %s",
                       session_doing(s), buf_cstring(&reply));
    else
        s->next = is_early_end(s) ? receive_early(s) : session_take(s, step);
    if (s->next != STEP_OVER) {
        owed_settled(s);
        if (span_starts(buf_span(&reply), S("421")) && !dot_owed(s))
            close_421(s, buf_span(&reply));
    }
    buf_free(&reply);
}

static void receive_unasked(struct session *s)
{
    struct buf reply = {0};

    if (s->next == STEP_CONTENT) {
        s->next = receive_early(s);
        return;
    }
    reply_print(&s->reply, &reply);
    if (s->reply.code == 421)
        close_421(s, buf_span(&reply));
    else
        session_broken(s, "the server spoke out of turn: %s",
                       buf_cstring(&reply));
    buf_free(&reply);
}

static void receive(struct session *s)
{
    s->progress++;
    session_challenge(s);
    session_mask(s, &s->reply.text);
    trace_reply(s);
    if (session_owes(s))
        receive_owed(s);
    else
        receive_unasked(s);
    reply_free(&s->reply);
    session_advance(s);
}

/* What is no reply is named where it is known; SAID is what came. */
static void name_stranger(struct session *s, struct span said)
{
    const struct protocol *other = protocol_of(said);
    struct buf raw = {0}, shown = {0};

    buf_add(&raw, span_upto(said, span_find(span_upto(said, 120), '\n')));
    session_mask(s, &raw); /* as it came: escapes would hide it from that */
    err_escape(buf_span(&raw), &shown);
    if (other)
        session_broken(s, "the server speaks %s, not SMTP: it said '%s'",
                       other->name, buf_cstring(&shown));
    else if (reply_is_overlong(&s->reply, said))
        session_broken(s, "the server's reply is longer than a reply may be, "
                          "while %s",
                       session_doing(s));
    else
        session_broken(s, "the server does not keep to SMTP while %s: it said "
                          "'%s'",
                       session_doing(s), buf_cstring(&shown));
    if (other)
        err_hint(&s->err, "%s", other->hint);
    buf_free(&raw);
    buf_free(&shown);
}

/* Take one reply line; false where there is none. */
static bool read_line(struct session *s, struct span *in)
{
    struct span before = *in;

    switch (reply_read(&s->reply, in)) {
    case REPLY_WHOLE:
        receive(s);
        break;
    case REPLY_BAD:
        name_stranger(s, before);
        break;
    case REPLY_PARTIAL:
        break;
    }
    return in->n < before.n;
}

/* Before the handshake what comes in could be anyone's (CVE-2011-0411). */
static bool may_read(const struct session *s)
{
    return s->next != STEP_OVER && session_current(s) != STEP_HANDSHAKE;
}

void session_feed(struct session *s, struct span bytes)
{
    struct span in;

    if (s->next == STEP_OVER)
        return;
    s->heard = s->heard || bytes.n;
    buf_add(&s->in, bytes);
    in = buf_span(&s->in);
    while (in.n && may_read(s) && read_line(s, &in))
        ;
    if (in.n && session_current(s) == STEP_HANDSHAKE)
        session_broken(s, "the server sent more than its reply to STARTTLS: "
                          "someone may be tampering with the connection");
    buf_drop(&s->in, s->in.len - in.n);
}
