/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One transaction: from MAIL to the reply to the final dot. */
#include "smtp/session_steps.h"

enum { REPLY_KEPT = 1024 }; /* octets of the last reply, for the log */

/* Nothing (more) comes of the transaction under way. */
static enum step transaction_over(struct session *s)
{
    s->transaction = NULL;
    return STEP_READY;
}

/*
 * An answer that is neither yes nor no: 2yz or 3yz in the wrong place.  After
 * it the two sides no longer agree on where they are.
 */
static enum step nonsense(struct session *s, const char *doing)
{
    return session_refused(s, ERR_PROTOCOL, doing);
}

/* A recipient that has an outcome already is not named. */
enum step session_next_rcpt(struct session *s)
{
    const struct transaction *t = s->transaction;

    while (s->rcpt < t->nrcpts && t->rcpts[s->rcpt].outcome != OUTCOME_NONE)
        s->rcpt++;
    return s->rcpt < t->nrcpts ? STEP_RCPT : STEP_RCPT_DONE;
}

enum step send_rset(struct session *s)
{
    session_write(s, S("RSET"), S("RSET"));
    s->needs_reset = false;
    return STEP_MAIL;
}

enum step receive_rset(struct session *s)
{
    if (reply_class(&s->reply) == 2 || s->reply.code == 421)
        return s->next; /* after 421 there is no next: see session.c */
    return session_broken(s, "the server refused RSET: %d", s->reply.code);
}

enum step send_mail(struct session *s)
{
    struct buf line = {0};

    command_mail(s->transaction->sender, &s->transaction->parameters, &line);
    session_write(s, buf_span(&line), buf_span(&line));
    buf_free(&line);
    return session_next_rcpt(s);
}

/* RFC 4954, 6: 530 asks for AUTH, and some servers say 535 for it. */
static enum err_kind mail_kind(const struct session *s)
{
    bool unknown = s->reply.code == 530 || s->reply.code == 535;

    return unknown && !s->settings->credentials ? ERR_DENIED : ERR_UNAVAILABLE;
}

enum step receive_mail(struct session *s)
{
    struct transaction *t = s->transaction;

    if (reply_class(&s->reply) == 2)
        return s->next;
    if (reply_class(&s->reply) == 3)
        return nonsense(s, "MAIL");
    s->refused = true;
    for (size_t i = 0; i < t->nrcpts; i++)
        if (t->rcpts[i].outcome == OUTCOME_NONE)
            transaction_settle(t, &t->rcpts[i], &s->reply, mail_kind(s),
                               "the sender");
    /* With PIPELINING the rest is on its way, and its replies will come. */
    return s->first_owed + 1 == s->owed_end ? transaction_over(s) : s->next;
}

enum step send_rcpt(struct session *s)
{
    struct transaction *t = s->transaction;
    const struct transaction_rcpt *rcpt = &t->rcpts[s->rcpt++];
    struct buf line = {0};

    command_rcpt(rcpt->address, &rcpt->parameters, &line);
    session_write(s, buf_span(&line), buf_span(&line));
    buf_free(&line);
    s->needs_reset = true;
    if (session_next_rcpt(s) == STEP_RCPT)
        return STEP_RCPT;
    /* One alone needs no gate: where it is deferred nothing can be sent. */
    return t->open || (t->all_or_none && t->nrcpts > 1) ? STEP_RCPT_DONE
                                                        : STEP_DATA;
}

/*
 * "Too many recipients" (RFC 5321, 4.5.3.1.10), in the two codes it has, is
 * no failure: the rest goes in another transaction.
 */
static bool is_overflow(const struct session *s)
{
    struct span status = reply_enhanced(&s->reply);

    return s->transaction->accepted > 0 &&
           (s->reply.code == 452 || s->reply.code == 552) &&
           (span_empty(status) || span_ends(status, S(".5.3")));
}

static void settle_rcpt(struct session *s, struct transaction_rcpt *rcpt)
{
    transaction_settle(s->transaction, rcpt, &s->reply, ERR_NO_USER,
                       "the recipient");
    if (rcpt->outcome == OUTCOME_SENT) {
        rcpt->outcome = OUTCOME_NONE; /* so far it is only accepted */
        rcpt->accepted = true;
        s->transaction->accepted++;
    } else if (is_overflow(s)) {
        rcpt->outcome = OUTCOME_OVERFLOW;
        rcpt->kind = ERR_TEMPORARY;
    }
}

enum step receive_rcpt(struct session *s)
{
    struct transaction *t = s->transaction;

    if (s->refused) /* all it can say is that there was no MAIL */
        return s->next;
    if (reply_class(&s->reply) == 3)
        return nonsense(s, "a recipient");
    settle_rcpt(s, &t->rcpts[owed_now(s)->rcpt]);
    /* One by one, DATA is worth asking for only where someone gets it. */
    return s->next == STEP_DATA ? STEP_RCPT_DONE : s->next;
}

static bool is_deferred(const struct transaction *t)
{
    for (size_t i = 0; i < t->nrcpts; i++)
        if (t->rcpts[i].outcome == OUTCOME_DEFERRED)
            return true;
    return false;
}

enum step decide_data(struct session *s)
{
    struct transaction *t = s->transaction;
    struct err why;

    if (t->open && !s->refused)
        return STEP_RCPT_MORE;
    if (t->accepted == 0)
        return transaction_over(s);
    if (!t->all_or_none || !is_deferred(t))
        return STEP_DATA;
    fail(&why, ERR_TEMPORARY,
         "held back, since the server deferred another recipient");
    transaction_close(t, OUTCOME_DEFERRED, &why);
    return transaction_over(s);
}

enum step send_data(struct session *s)
{
    session_write(s, S("DATA"), S("DATA"));
    s->dot = (struct dot){0};
    return STEP_CONTENT;
}

/* The reply decides for every recipient that was accepted. */
static enum step settle_accepted(struct session *s, const char *doing)
{
    struct transaction *t = s->transaction;

    for (size_t i = 0; i < t->nrcpts; i++)
        if (t->rcpts[i].accepted)
            transaction_settle(t, &t->rcpts[i], &s->reply, ERR_UNAVAILABLE,
                               doing);
    return transaction_over(s);
}

enum step receive_data(struct session *s)
{
    if (s->reply.code == 354) {
        if (s->transaction->accepted)
            return STEP_CONTENT;
        if (s->settings->lmtp) /* no one would answer the dot (RFC 2033, 4.2) */
            return session_broken(s, "the server asked for a message that no "
                                     "one gets");
        /* Asked for a message that no one gets: end it (RFC 2920, 3.1). */
        return STEP_DOT;
    }
    if (reply_class(&s->reply) < 4)
        return nonsense(s, "DATA");
    return settle_accepted(s, "to take the message");
}

enum step send_dot(struct session *s)
{
    struct buf end = {0};

    dot_end(&s->dot, &end);
    session_trace(s, SESSION_EVENT, S("(the message)"));
    /* session_write() adds the last CRLF itself. */
    session_write(s, span_upto(buf_span(&end), end.len - 2), S("."));
    buf_free(&end);
    return STEP_READY;
}

static void note_reply(struct session *s)
{
    struct transaction *t = s->transaction;
    struct buf text = {0};

    reply_print(&s->reply, &text);
    buf_cut(&text, REPLY_KEPT);
    t->reply = arena_copy(&t->arena, buf_span(&text));
    buf_free(&text);
}

/* LMTP: this reply is for one recipient, and others follow (RFC 2033, 4.2). */
static enum step receive_lmtp_dot(struct session *s)
{
    struct transaction *t = s->transaction;
    size_t rcpt = owed_now(s)->rcpt;

    transaction_settle(t, &t->rcpts[rcpt], &s->reply, ERR_UNAVAILABLE,
                       "the message");
    return s->first_owed + 1 == s->owed_end ? transaction_over(s) : s->next;
}

enum step receive_dot(struct session *s)
{
    if (reply_class(&s->reply) == 3)
        return nonsense(s, "the message");
    s->needs_reset = false; /* the transaction is over for the server, too */
    note_reply(s);
    if (s->settings->lmtp)
        return receive_lmtp_dot(s);
    return settle_accepted(s, "the message");
}

static enum step answered_early(struct session *s)
{
    struct buf reply = {0};

    reply_print(&s->reply, &reply);
    session_broken(s, "the server answered before the message was sent: %s",
                   buf_cstring(&reply));
    buf_free(&reply);
    return STEP_OVER;
}

enum step receive_early(struct session *s)
{
    int class = reply_class(&s->reply);

    if (class < 4)
        return answered_early(s);
    settle_accepted(s, "the message before its end");
    fail(&s->err, class == 4 ? ERR_TEMPORARY : ERR_UNAVAILABLE,
         "the server refused the message before its end");
    buf_clear(&s->out); /* no dot: what it has is not the whole message */
    s->owed_end = s->first_owed = 0;
    return STEP_OVER;
}
