/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session_steps - the inside of a session: its steps and their handlers
 *
 * For session.c (the machine), session_receive.c (what the server says),
 * session_hello.c (greeting to TLS), session_login.c (AUTH), session_mask.c
 * (what no text may show) and session_mail.c (MAIL to the final dot) only.
 *
 * Every step of the protocol is a row of the table in session.c.  A handler
 * returns the step to take next, so no handler can be written that leads
 * nowhere:
 *  - send() writes the command, and returns what to send next if all goes
 *    well; with PIPELINING that may be sent before the reply is there;
 *  - receive() takes the reply, and returns what to send next now that it is
 *    known: s->next where things go on as planned;
 *  - decide() says nothing: it returns the next step once no reply is owed.
 */
#ifndef PENNYPOST_SMTP_SESSION_STEPS_H
#define PENNYPOST_SMTP_SESSION_STEPS_H

#include "smtp/dot.h"
#include "smtp/session.h"

enum step {
    STEP_GREETING,
    STEP_EHLO,
    STEP_HELO,
    STEP_STARTTLS,
    STEP_HANDSHAKE,
    STEP_PASSWORD,
    STEP_AUTH,
    STEP_AUTH_RESPONSE,
    STEP_AUTH_CANCEL,
    STEP_READY, /* a transaction may begin */
    STEP_RSET,
    STEP_MAIL,
    STEP_RCPT,
    STEP_RCPT_DONE, /* the RCPTs are answered: is the message wanted? */
    STEP_RCPT_MORE, /* of an open transaction: others may follow      */
    STEP_DATA,
    STEP_CONTENT,
    STEP_DOT,
    STEP_QUIT,
    STEP_OVER,
};

/* A reply that the server owes us. */
struct owed {
    enum step step;
    size_t rcpt;  /* which recipient's, where the step has one       */
    uint64_t end; /* where its command ends, in octets ever written  */
};

struct session {
    const struct session_settings *settings;
    enum step next;
    struct buf in, out;
    uint64_t written, sent; /* octets ever put into out, and taken from it */
    bool heard, held;
    bool secured;
    struct reply reply; /* the one being read */
    struct ehlo ehlo;
    struct sasl_offer offer;
    struct sasl sasl;
    struct buf bindings[SASL_BINDINGS];
    bool logged_in;
    struct buf response; /* to the last challenge, until that is answered */
    bool response_waits; /* for an empty challenge, as it is too long     */
    struct buf challenge; /* the last one, as it came                     */
    struct buf said;     /* all responses: no text may show them          */
    struct transaction *transaction;
    size_t rcpt; /* the next to be sent */
    bool needs_reset;
    bool refused; /* MAIL was */
    struct dot dot;
    unsigned progress;
    struct err err; /* the first failure of the session itself */
    struct owed *owed;
    size_t first_owed, owed_end, owed_capacity;
};

/* The oldest reply owed: in receive(), the one that has come. */
static inline const struct owed *owed_now(const struct session *s)
{
    return &s->owed[s->first_owed];
}

/* Replies are owed. */
static inline bool session_owes(const struct session *s)
{
    return s->first_owed < s->owed_end;
}

/* Where the session stands: at the oldest reply owed, or what comes next. */
enum step session_current(const struct session *);

/* Send all that can be sent before a reply is needed. */
void session_advance(struct session *);

/* What the step makes of the reply that has come. */
enum step session_take(struct session *, enum step);

/* The end, with an error in s->err: of a transaction under way, too. */
void session_over(struct session *, bool in_doubt);

/* The command whose reply is due has not wholly left. */
bool session_unsent(const struct session *);

/*
 * Write a command line; SHOWN is what the trace is told.  The command owes a
 * reply, which the machine notes.
 */
void session_write(struct session *, struct span line, struct span shown);

/* Tell the trace. */
void session_trace(struct session *, enum session_direction, struct span line);

/*
 * The session fails: the reply at hand says no to DOING, or makes no sense
 * there (KIND is for a 5yz).  Returns the step that ends it.
 */
enum step session_refused(struct session *, enum err_kind kind,
                          const char *doing);

/* The session fails for a reason of our own; err is filled in already. */
enum step session_failed(struct session *);

/* The server does not keep to the protocol: no more is said to it. */
enum step session_broken(struct session *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* session_hello.c */
enum step receive_greeting(struct session *);
enum step send_ehlo(struct session *);
enum step receive_ehlo(struct session *);
enum step send_helo(struct session *);
enum step receive_helo(struct session *);
enum step send_starttls(struct session *);
enum step receive_starttls(struct session *);

/* session_login.c: choose a mechanism, and begin with it */
enum step choose_auth(struct session *);
enum step begin_auth(struct session *);
enum step send_auth(struct session *);
enum step send_auth_response(struct session *);
enum step receive_auth(struct session *);
enum step send_auth_cancel(struct session *);
enum step receive_auth_cancel(struct session *);

/* A reply has come, and is not masked yet: keep it, if it is a challenge. */
void session_challenge(struct session *);

/*
 * session_mask.c.  Servers quote a command that they do not know, all of it or
 * its beginning.  Once one that holds a secret was said, make that unreadable.
 */
void session_mask(const struct session *, struct buf *text);

/* session_mail.c */
enum step session_next_rcpt(struct session *);
enum step send_rset(struct session *);
enum step receive_rset(struct session *);
enum step send_mail(struct session *);
enum step receive_mail(struct session *);
enum step send_rcpt(struct session *);
enum step receive_rcpt(struct session *);
enum step decide_data(struct session *);
enum step send_data(struct session *);
enum step receive_data(struct session *);
enum step send_dot(struct session *);
enum step receive_dot(struct session *);

/*
 * The server said something while the message was being sent: it refuses the
 * message before its end, or does not keep to the protocol.
 */
enum step receive_early(struct session *);

#endif
