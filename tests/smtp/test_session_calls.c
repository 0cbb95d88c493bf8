/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session - what its driver is told beside the dialogue: deadlines and
 * progress, what counts as sent, the trace; and calls at the wrong time
 */
#include "smtp/session_steps.h"

#include "unit.h"

static const struct credentials bob = {.user = SPAN_INIT("bob"),
                                       .password = SPAN_INIT("hunter2")};

static void send_all(struct session *s)
{
    session_sent(s, session_output(s).n);
}

/* Send all there is, then hear this. */
static void hear(struct session *s, const char *reply)
{
    send_all(s);
    session_feed(s, span_of(reply));
}

static struct session *session_ready(const struct session_settings *settings,
                                     struct transaction *t)
{
    struct session *s = session_new(settings);

    hear(s, "220 mx\r\n");
    hear(s, "250 mx\r\n");
    transaction_add(t, S("ann@example.com"));
    return s;
}

/* One whose message is asked for. */
static struct session *session_asked(const struct session_settings *settings,
                                     struct transaction *t)
{
    struct session *s = session_ready(settings, t);

    session_begin(s, t);
    hear(s, "250 ok\r\n");
    hear(s, "250 ok\r\n");
    hear(s, "354 go\r\n");
    ck_assert_int_eq(session_wants(s), SESSION_CONTENT);
    return s;
}

static void end(struct session *s, struct transaction *t)
{
    session_free(s);
    transaction_free(t);
}

/* RFC 5321, 4.5.3.2: how long each reply may take, and what it is to. */
START_TEST(each_step_has_its_deadline)
{
    static const struct {
        const char *reply, *doing;
        unsigned seconds;
    } rows[] = {
        {NULL, "waiting for the server's greeting", 300},
        {"220 mx\r\n", "saying EHLO", 300},
        {"250 STARTTLS\r\n", "between two messages", 60},
        {"", "naming the sender", 300},
        {"250 ok\r\n", "naming a recipient", 300},
        {"250 ok\r\n", "asking to send the message", 120},
        {"354 go\r\n", "sending the message", 180},
        {"", "waiting for the reply to the whole message", 600},
        {"250 ok\r\n", "between two messages", 60},
    };
    struct session_settings settings = {.name = S("me")};
    struct session *s = session_new(&settings);
    struct transaction t = {0};

    transaction_add(&t, S("ann@example.com"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned progress = session_progress(s);

        if (rows[i].reply && rows[i].reply[0])
            hear(s, rows[i].reply);
        else if (rows[i].reply && session_wants(s) == SESSION_CONTENT)
            session_content_end(s);
        else if (rows[i].reply)
            session_begin(s, &t);
        ck_assert(i == 0 || session_progress(s) != progress);
        ck_assert_str_eq(session_doing(s), rows[i].doing);
        ck_assert_uint_eq(session_timeout(s), rows[i].seconds);
    }
    end(s, &t);
}
END_TEST

START_TEST(so_have_tls_and_the_login)
{
    static const struct {
        const char *reply, *doing;
        unsigned seconds;
    } rows[] = {
        {"220 mx\r\n", "saying EHLO", 300},
        {"250-mx\r\n250 STARTTLS\r\n", "asking for STARTTLS", 120},
        {"220 go\r\n", "starting TLS", 60},
        {"", "saying EHLO", 300},
        {"250-mx\r\n250 AUTH LOGIN\r\n", "logging in", 300},
        {"334 \r\n", "logging in", 300},
        {"334 \r\n", "logging in", 300},
        {"334 \r\n", "giving up the login", 60},
    };
    struct session_settings settings = {.tls = SESSION_TLS_STARTTLS,
                                        .credentials = &bob};
    struct session *s = session_new(&settings);

    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].reply[0])
            hear(s, rows[i].reply);
        else
            session_secured(s);
        ck_assert_str_eq(session_doing(s), rows[i].doing);
        ck_assert_uint_eq(session_timeout(s), rows[i].seconds);
    }
    session_free(s);
}
END_TEST

/* Octets that do not complete a reply do not extend its time. */
START_TEST(half_a_reply_is_no_progress)
{
    struct session_settings settings = {.name = S("me")};
    struct session *s = session_new(&settings);
    unsigned progress = session_progress(s);

    ck_assert(session_unheard(s));
    hear(s, "");
    ck_assert(session_unheard(s));
    hear(s, "220-mx\r\n22");
    ck_assert(!session_unheard(s));
    ck_assert_uint_eq(session_progress(s), progress);
    hear(s, "0 mx\r\n");
    ck_assert_uint_ne(session_progress(s), progress);
    session_free(s);
}
END_TEST

/* A step of a session, and the reply that would take it to the next. */
static const char *const replies[] = {
    "220 mx\r\n", "250-mx\r\n250 AUTH LOGIN\r\n", "334 \r\n", "334 \r\n",
    "235 ok\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"};

static void play(struct session *s, struct transaction *t, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (session_wants(s) == SESSION_TRANSACTION)
            session_begin(s, t);
        hear(s, replies[i]);
    }
    if (session_wants(s) == SESSION_TRANSACTION)
        session_begin(s, t);
}

/* However much of a command has left: before its end no reply is to it. */
START_TEST(no_success_before_all_was_sent)
{
    struct session_settings settings = {.name = S("me"),
                                        .tls = SESSION_TLS_IMPLICIT,
                                        .credentials = &bob};
    size_t length = 1;

    for (size_t sent = 0; sent < length; sent++) {
        struct session *s = session_new(&settings);
        struct transaction t = {0};
        struct err err = {0};

        transaction_add(&t, S("ann@example.com"));
        play(s, &t, (size_t)_i);
        length = session_output(s).n;
        session_sent(s, sent);
        session_feed(s, span_of(replies[_i]));
        ck_assert_int_eq(session_wants(s), SESSION_OVER);
        ck_assert(!session_result(s, &err));
        ck_assert_int_eq(err.kind, ERR_PROTOCOL);
        end(s, &t);
    }
}
END_TEST

/* The same of the message: taken, or in doubt, only once the dot is out. */
START_TEST(the_dot_counts_with_its_last_octet)
{
    struct session_settings settings = {.name = S("me")};
    struct err lost;
    size_t length = 1;

    fail(&lost, ERR_TEMPORARY, "it is gone");
    for (size_t sent = 0; sent <= length; sent++) {
        for (int reply = 0; reply < 2; reply++) {
            struct transaction t = {0};
            struct session *s = session_asked(&settings, &t);

            session_content(s, S("Subject: hi\r\n\r\n.\r\n"));
            session_content_end(s);
            length = session_output(s).n;
            session_sent(s, sent);
            ck_assert(session_in_doubt(s) == (sent == length));
            if (reply)
                session_feed(s, S("250 ok\r\n"));
            else
                session_lost(s, &lost);
            ck_assert_int_eq(t.rcpts[0].outcome,
                             sent < length ? OUTCOME_DEFERRED
                             : reply       ? OUTCOME_SENT
                                           : OUTCOME_IN_DOUBT);
            end(s, &t);
        }
    }
}
END_TEST

/* What is held on this side has not left, though it was said to be sent. */
START_TEST(what_is_held_is_not_sent)
{
    for (int held = 0; held < 2; held++) {
        struct session_settings settings = {.name = S("me")};
        struct transaction t = {0};
        struct session *s = session_asked(&settings, &t);

        session_content(s, S("hi\r\n"));
        session_content_end(s);
        send_all(s);
        session_held(s, held);
        ck_assert(session_in_doubt(s) == !held);
        session_feed(s, S("250 ok\r\n"));
        ck_assert_int_eq(t.rcpts[0].outcome,
                         held ? OUTCOME_DEFERRED : OUTCOME_SENT);
        end(s, &t);
    }
}
END_TEST

START_TEST(nothing_is_held_before_anything_was_sent)
{
    struct session_settings settings = {.name = S("me")};
    struct session *s = session_new(&settings);

    session_held(s, true);
    session_feed(s, S("220 mx\r\n"));
    ck_assert_int_eq(session_wants(s), SESSION_EXCHANGE);
    session_feed(s, S("250 mx\r\n"));
    ck_assert_int_eq(session_wants(s), SESSION_OVER);
    session_free(s);
}
END_TEST

START_TEST(tls_makes_it_forget)
{
    struct session_settings settings = {.tls = SESSION_TLS_STARTTLS};
    struct session *s = session_new(&settings);

    hear(s, "220 mx\r\n");
    hear(s, "250-mx\r\n250-STARTTLS\r\n250-SIZE 9\r\n250 PIPELINING\r\n");
    hear(s, "220 go\r\n");
    ck_assert_uint_ne(session_ehlo(s)->has, 0);
    session_secured(s);
    ck_assert_uint_eq(session_ehlo(s)->has, 0);
    ck_assert_uint_eq(session_ehlo(s)->size, 0);
    session_free(s);
}
END_TEST

/* Calls that nothing was wanted of change nothing. */
START_TEST(calls_at_the_wrong_time)
{
    struct session_settings settings = {.name = S("me")};
    struct transaction t = {0}, none = {0};
    struct session *s = session_new(&settings);

    transaction_add(&t, S("ann@example.com"));
    for (int heard = 0; heard < 2; heard++) {
        struct span output = session_output(s);

        session_begin(s, &t);
        session_quit(s);
        session_secured(s);
        session_password(s);
        session_content(s, S("x"));
        session_content_end(s);
        ck_assert_span(session_output(s), output);
        ck_assert_int_eq(session_wants(s), SESSION_EXCHANGE);
        if (!heard)
            hear(s, "220 mx\r\n");
    }
    hear(s, "250 mx\r\n");
    session_begin(s, &none);
    ck_assert_int_eq(session_wants(s), SESSION_TRANSACTION);
    session_begin(s, &t);
    session_quit(s);
    ck_assert_span(session_output(s), S("MAIL FROM:<>\r\n"));
    session_sent(s, 1000);
    ck_assert_span(session_output(s), S(""));
    end(s, &t);
    session_free(NULL);
}
END_TEST

/* Between the dot and its reply there is no next message. */
START_TEST(no_message_before_the_reply_to_the_last)
{
    struct session_settings settings = {.name = S("me")};
    struct transaction t = {0}, next = {0};
    struct session *s = session_asked(&settings, &t);

    transaction_add(&next, S("eve@example.com"));
    session_content_end(s);
    send_all(s);
    session_begin(s, &next);
    session_quit(s);
    ck_assert_span(session_output(s), S(""));
    session_feed(s, S("250-2.0.0 queued\r\n250 as 1234\r\n"));
    ck_assert_int_eq(t.rcpts[0].outcome, OUTCOME_SENT);
    ck_assert_int_eq(t.rcpts[0].code, 250);
    ck_assert_span(t.reply, S("250 2.0.0 queued; as 1234"));
    ck_assert_int_eq(next.rcpts[0].outcome, OUTCOME_NONE);
    ck_assert_int_eq(session_wants(s), SESSION_TRANSACTION);
    transaction_free(&next);
    end(s, &t);
}
END_TEST

/* Time and place belong to what may pass; anything else says where it was. */
static const struct {
    enum err_kind kind;
    const char *text;
} losses[] = {
    {ERR_TEMPORARY, "it is gone, while between two messages"},
    {ERR_PROTOCOL, "it is gone"},
    {ERR_NO_HOST, "it is gone"},
};

START_TEST(lost_says_why_and_what_to_do)
{
    struct session_settings settings = {.name = S("me")};
    struct transaction t = {0};
    struct session *s = session_ready(&settings, &t);
    struct err why, err = {0};

    fail(&why, losses[_i].kind, "it is gone");
    err_hint(&why, "look for it");
    session_lost(s, &why);
    fail(&why, ERR_TEMPORARY, "again");
    session_lost(s, &why);
    ck_assert_int_eq(session_wants(s), SESSION_OVER);
    ck_assert(!session_result(s, &err));
    ck_assert_int_eq(err.kind, losses[_i].kind);
    ck_assert_str_eq(err.text, losses[_i].text);
    ck_assert_str_eq(err.hint, "look for it");
    end(s, &t);
}
END_TEST

START_TEST(the_mechanism_is_the_one_that_logged_us_in)
{
    struct session_settings settings = {.tls = SESSION_TLS_IMPLICIT,
                                        .credentials = &bob};

    for (int in = 0; in < 2; in++) {
        struct session *s = session_new(&settings);

        hear(s, "220 mx\r\n");
        hear(s, "250-mx\r\n250 AUTH PLAIN\r\n");
        ck_assert_span(session_mechanism(s), S(""));
        hear(s, in ? "235 ok\r\n" : "535 no\r\n");
        ck_assert_span(session_mechanism(s), in ? S("PLAIN") : S(""));
        session_free(s);
    }
}
END_TEST

/* Replies that come while most of a long group of commands is still to go. */
START_TEST(a_thousand_recipients)
{
    struct session_settings settings = {.name = S("me")};
    struct transaction t = {0};
    struct session *s = session_new(&settings);

    for (int i = 0; i < 1000; i++)
        transaction_add(&t, S("ann@example.com"));
    hear(s, "220 mx\r\n");
    hear(s, "250-mx\r\n250 PIPELINING\r\n");
    session_begin(s, &t);
    ck_assert_uint_gt(session_output(s).n, 20000);
    for (int n = 0; n < 1001; n++) {
        session_sent(s, 1024);
        session_feed(s, S("250 ok\r\n"));
        ck_assert_int_eq(session_wants(s), SESSION_EXCHANGE);
    }
    ck_assert_uint_eq(t.accepted, 1000);
    hear(s, "354 go\r\n");
    session_content_end(s);
    hear(s, "250 ok\r\n");
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(t.rcpts[i].outcome, OUTCOME_SENT);
    end(s, &t);
}
END_TEST

/* A server that goes on and on is not listened to. */
START_TEST(nothing_is_kept_after_the_end)
{
    struct session_settings settings = {.name = S("me")};
    struct session *s = session_new(&settings);

    hear(s, "554 no\r\n");
    ck_assert_int_eq(session_wants(s), SESSION_OVER);
    ck_assert_span(session_output(s), S("QUIT\r\n"));
    for (int i = 0; i < 1000; i++)
        session_feed(s, S("221-and\r\n"));
    ck_assert_uint_lt(s->in.cap, 1000);
    session_free(s);
}
END_TEST

static void note(void *self, enum session_direction d, struct span line)
{
    buf_printf(self, "%c: %.*s\n", "CS*"[d], SPAN_ARG(line));
}

/* What of a login may be shown, and of a message. */
START_TEST(the_trace)
{
    struct buf told = {0};
    struct session_settings settings = {.name = S("me"), .trace = note,
                                        .trace_self = &told,
                                        .tls = SESSION_TLS_STARTTLS,
                                        .credentials = &bob};
    struct session *s = session_new(&settings);
    struct transaction t = {0};

    transaction_add(&t, S("ann@example.com"));
    hear(s, "220-mx\r\n220\r\n");
    hear(s, "250-mx\r\n250 STARTTLS\r\n");
    hear(s, "220 go\r\n");
    session_secured(s);
    hear(s, "250-mx\r\n250-PIPELINING\r\n250 AUTH LOGIN\r\n");
    hear(s, "334 VXNlcm5hbWU6\r\n");
    hear(s, "334 UGFzc3dvcmQ6\r\n");
    hear(s, "235 bob with hunter2\r\n");
    ck_assert_span(session_mechanism(s), S("LOGIN"));
    session_begin(s, &t);
    hear(s, "250 ok\r\n250 ok\r\n354 go\r\n");
    session_content(s, S("hi\r\n"));
    session_content_end(s);
    hear(s, "250 ok\r\n");
    session_quit(s);
    ck_assert_span(buf_span(&told),
                   S("S: 220-mx\nS: 220 \nC: EHLO me\nS: 250-mx\n"
                     "S: 250 STARTTLS\nC: STARTTLS\nS: 220 go\n*: TLS\n"
                     "C: EHLO me\nS: 250-mx\nS: 250-PIPELINING\n"
                     "S: 250 AUTH LOGIN\n"
                     "*: logging in with LOGIN, the best that is offered\n"
                     "C: AUTH LOGIN\nS: 334 ****\n"
                     "C: ****\nS: 334 ****\nC: ****\n"
                     "S: 235 bob with *******\nC: MAIL FROM:<>\n"
                     "C: RCPT TO:<ann@example.com>\nC: DATA\nS: 250 ok\n"
                     "S: 250 ok\nS: 354 go\n*: (the message)\nC: .\n"
                     "S: 250 ok\nC: QUIT\n"));
    buf_free(&told);
    end(s, &t);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("session_calls");

    tcase_add_test(t, each_step_has_its_deadline);
    tcase_add_test(t, so_have_tls_and_the_login);
    tcase_add_test(t, half_a_reply_is_no_progress);
    tcase_add_loop_test(t, no_success_before_all_was_sent, 1, COUNT(replies));
    tcase_add_test(t, the_dot_counts_with_its_last_octet);
    tcase_add_test(t, what_is_held_is_not_sent);
    tcase_add_test(t, nothing_is_held_before_anything_was_sent);
    tcase_add_test(t, tls_makes_it_forget);
    tcase_add_test(t, calls_at_the_wrong_time);
    tcase_add_test(t, no_message_before_the_reply_to_the_last);
    tcase_add_loop_test(t, lost_says_why_and_what_to_do, 0, COUNT(losses));
    tcase_add_test(t, the_mechanism_is_the_one_that_logged_us_in);
    tcase_add_test(t, a_thousand_recipients);
    tcase_add_test(t, nothing_is_kept_after_the_end);
    tcase_add_test(t, the_trace);
    return unit_run("session_calls", t);
}
