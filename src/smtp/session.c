/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/session_steps.h"

#include "base/mem.h"

/*
 * The protocol, a step a row.  Seconds are those of RFC 5321, 4.5.3.2.
 * Pipelined: what comes next may be sent before the reply (RFC 2920, 3.1).
 */
static const struct {
    enum step (*send)(struct session *);
    enum step (*receive)(struct session *);
    enum step (*decide)(struct session *);
    unsigned timeout;
    bool pipelined;
    const char *doing;
} steps[] = {
    [STEP_GREETING] = {.receive = receive_greeting, .timeout = 300,
                       .doing = "waiting for the server's greeting"},
    [STEP_EHLO] = {.send = send_ehlo, .receive = receive_ehlo, .timeout = 300,
                   .doing = "saying EHLO"},
    [STEP_HELO] = {.send = send_helo, .receive = receive_helo, .timeout = 300,
                   .doing = "saying HELO"},
    [STEP_STARTTLS] = {.send = send_starttls, .receive = receive_starttls,
                       .timeout = 120, .doing = "asking for STARTTLS"},
    [STEP_HANDSHAKE] = {.timeout = 60, .doing = "starting TLS"},
    [STEP_PASSWORD] = {.timeout = 60, .doing = "asking for the password"},
    [STEP_AUTH] = {.send = send_auth, .receive = receive_auth, .timeout = 300,
                   .doing = "logging in"},
    [STEP_AUTH_RESPONSE] = {.send = send_auth_response,
                            .receive = receive_auth, .timeout = 300,
                            .doing = "logging in"},
    [STEP_AUTH_CANCEL] = {.send = send_auth_cancel,
                          .receive = receive_auth_cancel, .timeout = 60,
                          .doing = "giving up the login"},
    [STEP_READY] = {.timeout = 60, .doing = "between two messages"},
    [STEP_RSET] = {.send = send_rset, .receive = receive_rset, .timeout = 60,
                   .pipelined = true, .doing = "resetting the session"},
    [STEP_MAIL] = {.send = send_mail, .receive = receive_mail, .timeout = 300,
                   .pipelined = true, .doing = "naming the sender"},
    [STEP_RCPT] = {.send = send_rcpt, .receive = receive_rcpt, .timeout = 300,
                   .pipelined = true, .doing = "naming a recipient"},
    [STEP_RCPT_DONE] = {.decide = decide_data, .timeout = 300,
                        .doing = "naming the recipients"},
    [STEP_RCPT_MORE] = {.timeout = 300, .doing = "between two recipients"},
    [STEP_DATA] = {.send = send_data, .receive = receive_data, .timeout = 120,
                   .doing = "asking to send the message"},
    [STEP_CONTENT] = {.timeout = 180, .doing = "sending the message"},
    [STEP_DOT] = {.send = send_dot, .receive = receive_dot, .timeout = 600,
                  .doing = "waiting for the reply to the whole message"},
    [STEP_QUIT] = {.timeout = 5, .doing = "saying QUIT"},
    [STEP_OVER] = {.timeout = 5, .doing = "saying QUIT"},
};

enum step session_current(const struct session *s)
{
    return session_owes(s) ? owed_now(s)->step : s->next;
}

static void owe(struct session *s, enum step step, size_t rcpt)
{
    if (s->owed_end == s->owed_capacity) {
        s->owed_capacity = s->owed_capacity ? s->owed_capacity * 2 : 8;
        s->owed = mem_resize(s->owed, s->owed_capacity, sizeof *s->owed);
    }
    s->owed[s->owed_end++] = (struct owed){step, rcpt, s->written};
}

/* LMTP answers the final dot once for each recipient (RFC 2033, 4.2). */
static void owe_each_accepted(struct session *s)
{
    for (size_t i = 0; i < s->transaction->nrcpts; i++)
        if (s->transaction->rcpts[i].accepted)
            owe(s, STEP_DOT, i);
}

static bool must_wait(const struct session *s)
{
    if (!session_owes(s))
        return false;
    return !(s->ehlo.has & EHLO_PIPELINING) ||
           !steps[s->owed[s->owed_end - 1].step].pipelined;
}

static void send_step(struct session *s)
{
    enum step step = s->next;
    size_t rcpt = s->rcpt;

    s->next = steps[step].send(s);
    if (step == STEP_DOT && s->settings->lmtp)
        owe_each_accepted(s);
    else
        owe(s, step, rcpt);
}

enum step session_take(struct session *s, enum step step)
{
    return steps[step].receive(s);
}

/* Its reply is not waited for, so it is no step with a row of its own. */
static void send_quit(struct session *s)
{
    session_write(s, S("QUIT"), S("QUIT"));
    s->next = STEP_OVER;
}

void session_advance(struct session *s)
{
    while (!must_wait(s)) {
        if (steps[s->next].send)
            send_step(s);
        else if (steps[s->next].decide && !session_owes(s))
            s->next = steps[s->next].decide(s);
        else
            break;
    }
    if (s->next == STEP_QUIT && !session_owes(s))
        send_quit(s);
}

void session_trace(struct session *s, enum session_direction direction,
                   struct span line)
{
    if (s->settings->trace)
        s->settings->trace(s->settings->trace_self, direction, line);
}

void session_write(struct session *s, struct span line, struct span shown)
{
    buf_room(&s->out, line.n + 2); /* at once: it may hold the password */
    buf_add(&s->out, line);
    buf_add(&s->out, S("\r\n"));
    s->written += line.n + 2;
    session_trace(s, SESSION_CLIENT, shown);
}

void session_over(struct session *s, bool in_doubt)
{
    if (in_doubt)
        err_hint(&s->err, "the server may have accepted the message: "
                          "look there before you send it again");
    if (s->transaction)
        transaction_close(s->transaction,
                          in_doubt ? OUTCOME_IN_DOUBT : OUTCOME_DEFERRED,
                          &s->err);
    s->transaction = NULL;
    s->next = STEP_OVER;
    s->first_owed = s->owed_end = 0;
    buf_clear(&s->out);
}

bool session_unsent(const struct session *s)
{
    return owed_now(s)->end > s->sent - (s->held ? 1 : 0);
}

bool session_in_doubt(const struct session *s)
{
    return session_owes(s) && owed_now(s)->step == STEP_DOT &&
           !session_unsent(s);
}

enum step session_broken(struct session *s, const char *format, ...)
{
    struct buf text = {0};
    va_list ap;

    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    fail(&s->err, ERR_PROTOCOL, "%s", buf_cstring(&text));
    buf_free(&text);
    session_over(s, session_in_doubt(s));
    return STEP_OVER;
}

enum step session_failed(struct session *s)
{
    if (s->transaction)
        transaction_close(s->transaction, OUTCOME_DEFERRED, &s->err);
    s->transaction = NULL;
    return STEP_QUIT;
}

enum step session_refused(struct session *s, enum err_kind kind,
                          const char *doing)
{
    struct buf reply = {0};
    int class = reply_class(&s->reply);

    reply_print(&s->reply, &reply);
    if (class == 4 || class == 5)
        fail(&s->err, class == 4 ? ERR_TEMPORARY : kind,
             "the server refused %s: %s", doing, buf_cstring(&reply));
    else
        session_broken(s, "the server's answer to %s makes no sense: %s",
                       doing, buf_cstring(&reply));
    buf_free(&reply);
    return s->next == STEP_OVER ? STEP_OVER : session_failed(s);
}

void session_sent(struct session *s, size_t n)
{
    if (n > s->out.len)
        n = s->out.len;
    s->sent += n;
    buf_drop(&s->out, n);
    /* What was sent may have held the password. */
    if (!s->out.len && session_current(s) < STEP_READY)
        buf_wipe(&s->out);
}

void session_held(struct session *s, bool held)
{
    s->held = held && s->sent > 0;
}

void session_secured(struct session *s)
{
    if (s->next != STEP_HANDSHAKE)
        return;
    s->secured = true;
    s->progress++;
    ehlo_free(&s->ehlo);
    s->next = STEP_EHLO;
    session_trace(s, SESSION_EVENT, S("TLS"));
    session_advance(s);
}

void session_begin(struct session *s, struct transaction *t)
{
    if (session_wants(s) != SESSION_TRANSACTION || !t->nrcpts)
        return;
    s->transaction = t;
    s->rcpt = 0;
    s->refused = false;
    s->next = s->needs_reset ? STEP_RSET : STEP_MAIL;
    s->progress++;
    session_advance(s);
}

void session_more(struct session *s)
{
    if (s->next != STEP_RCPT_MORE)
        return;
    s->next = session_next_rcpt(s);
    s->progress++;
    session_advance(s);
}

void session_give_up(struct session *s)
{
    if (s->next != STEP_RCPT_MORE)
        return;
    s->transaction = NULL;
    s->next = STEP_READY;
}

void session_quit(struct session *s)
{
    if (session_wants(s) != SESSION_TRANSACTION)
        return;
    s->next = STEP_QUIT;
    session_advance(s);
}

void session_content(struct session *s, struct span text)
{
    size_t before = s->out.len;

    if (s->next != STEP_CONTENT)
        return;
    dot_push(&s->dot, text, &s->out);
    s->written += s->out.len - before;
    s->progress++;
}

void session_content_end(struct session *s)
{
    if (s->next != STEP_CONTENT)
        return;
    s->next = STEP_DOT;
    s->progress++;
    session_advance(s);
}

void session_lost(struct session *s, const struct err *why)
{
    if (s->next == STEP_OVER)
        return;
    s->err = *why;
    if (why->kind == ERR_TEMPORARY) /* others say themselves what was done */
        fail(&s->err, why->kind, "%s, while %s", why->text,
             steps[session_current(s)].doing);
    err_hint(&s->err, "%s", why->hint);
    session_over(s, session_in_doubt(s));
}

enum session_wants session_wants(const struct session *s)
{
    if (s->next == STEP_OVER)
        return SESSION_OVER;
    if (s->out.len || session_owes(s))
        return SESSION_EXCHANGE;
    if (s->next == STEP_HANDSHAKE)
        return SESSION_HANDSHAKE;
    if (s->next == STEP_PASSWORD)
        return SESSION_PASSWORD;
    if (s->next == STEP_RCPT_MORE)
        return SESSION_RECIPIENTS;
    return s->next == STEP_CONTENT ? SESSION_CONTENT : SESSION_TRANSACTION;
}

unsigned session_timeout(const struct session *s)
{
    return steps[session_current(s)].timeout;
}

unsigned session_progress(const struct session *s)
{
    return s->progress;
}

const char *session_doing(const struct session *s)
{
    return steps[session_current(s)].doing;
}

bool session_unheard(const struct session *s)
{
    return !s->heard;
}

struct span session_output(const struct session *s)
{
    return buf_span(&s->out);
}

const struct ehlo *session_ehlo(const struct session *s)
{
    return &s->ehlo;
}

struct span session_mechanism(const struct session *s)
{
    return s->logged_in ? s->sasl.mechanism->name : S("");
}

bool session_result(const struct session *s, struct err *err)
{
    if (s->err.kind == ERR_NONE)
        return true;
    *err = s->err;
    return false;
}

struct session *session_new(const struct session_settings *settings)
{
    struct session *s = mem_zero(1, sizeof *s);

    s->settings = settings;
    s->secured = settings->tls == SESSION_TLS_IMPLICIT;
    s->next = STEP_EHLO;
    owe(s, STEP_GREETING, 0);
    return s;
}

void session_free(struct session *s)
{
    if (!s)
        return;
    buf_wipe(&s->in);
    buf_wipe(&s->out);
    buf_wipe(&s->response);
    buf_wipe(&s->said);
    buf_wipe(&s->challenge);
    for (int i = 0; i < SASL_BINDINGS; i++)
        buf_wipe(&s->bindings[i]);
    sasl_free(&s->sasl);
    reply_free(&s->reply);
    ehlo_free(&s->ehlo);
    mem_free(s->owed);
    mem_free(s);
}
