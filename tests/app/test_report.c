/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/report.h"

#include "unit.h"

#include <sysexits.h>

enum { RCPTS_MAX = 4 };

static const struct transaction_rcpt
    sent = {.address = SPAN_INIT("ann@example.com"), .outcome = OUTCOME_SENT,
            .code = 250, .status = SPAN_INIT("2.0.0"),
            .text = SPAN_INIT("250 2.0.0 queued")},
    refused = {.address = SPAN_INIT("eve@example.com"),
               .outcome = OUTCOME_REFUSED, .kind = ERR_NO_USER, .code = 550,
               .status = SPAN_INIT("5.1.1"),
               .text = SPAN_INIT("the server refused the recipient: "
                                 "550 5.1.1 no such user")},
    refused_too = {.address = SPAN_INIT("joe@example.com"),
                   .outcome = OUTCOME_REFUSED, .kind = ERR_NO_USER,
                   .code = 550, .status = SPAN_INIT("5.1.1"),
                   .text = SPAN_INIT("the server refused the recipient: "
                                     "550 5.1.1 no such user")},
    refused_otherwise = {.address = SPAN_INIT("zoe@example.com"),
                         .outcome = OUTCOME_REFUSED, .kind = ERR_NO_USER,
                         .code = 550, .status = SPAN_INIT("5.1.1"),
                         .text = SPAN_INIT("<zoe@example.com> unknown")},
    unknown = {.address = SPAN_INIT("bob@example.com")},
    spam = {.address = SPAN_INIT("joe@example.com"),
            .outcome = OUTCOME_REFUSED, .kind = ERR_UNAVAILABLE, .code = 554,
            .text = SPAN_INIT("the server refused the message: 554 \033[2J")},
    deferred = {.address = SPAN_INIT("bob@example.com"),
                .outcome = OUTCOME_DEFERRED, .kind = ERR_TEMPORARY,
                .code = 451, .text = SPAN_INIT("the server refused the "
                                               "recipient: 451 later")},
    denied = {.address = SPAN_INIT("bob@example.com"),
              .outcome = OUTCOME_DEFERRED, .kind = ERR_DENIED,
              .text = SPAN_INIT("the server refused to log in 'x': 535 no")},
    in_doubt = {.address = SPAN_INIT("bob@example.com"),
                .outcome = OUTCOME_IN_DOUBT, .kind = ERR_TEMPORARY,
                .text = SPAN_INIT("the connection was closed")};

static const struct {
    const char *rule;
    const struct transaction_rcpt *rcpts[RCPTS_MAX];
    int status;
    const char *printed;
} cases[] = {
    {"success is silent", {&sent}, EX_OK, ""},
    {"one refused: sent to the rest", {&sent, &refused}, EX_NOUSER,
     "pennypost: not sent to eve@example.com: the server refused the "
     "recipient: 550 5.1.1 no such user\n"
     "pennypost: sent to ann@example.com\n"},
    {"one code and status is one fate, whatever the words",
     {&refused, &refused_otherwise}, EX_NOUSER,
     "pennypost: not sent to eve@example.com, zoe@example.com: the server "
     "refused the recipient: 550 5.1.1 no such user\n"},
    {"what nothing is known of is no success", {&sent, &unknown}, EX_SOFTWARE,
     "pennypost: not sent to bob@example.com: \n"
     "pennypost: sent to ann@example.com\n"},
    {"the same fate is told once", {&refused, &refused_too}, EX_NOUSER,
     "pennypost: not sent to eve@example.com, joe@example.com: the server "
     "refused the recipient: 550 5.1.1 no such user\n"},
    {"what steers a terminal is shown", {&spam}, EX_UNAVAILABLE,
     "pennypost: not sent to joe@example.com: the server refused the "
     "message: 554 \\x1B[2J\n"},
    {"deferred comes before refused", {&refused, &deferred}, EX_TEMPFAIL,
     "pennypost: not sent to eve@example.com: the server refused the "
     "recipient: 550 5.1.1 no such user\n"
     "pennypost: not sent to bob@example.com: the server refused the "
     "recipient: 451 later\n"
     "pennypost: this may pass: send it again later\n"},
    {"not let in", {&denied}, EX_NOPERM,
     "pennypost: not sent to bob@example.com: the server refused to log in "
     "'x': 535 no\n"
     "pennypost: the server wants a login: set 'user' and 'password' or "
     "'password-command'\n"},
    {"in doubt is not called unsent", {&in_doubt}, EX_TEMPFAIL,
     "pennypost: perhaps sent to bob@example.com: the connection was closed\n"
     "pennypost: this may pass: send it again later\n"},
};

struct scene {
    struct conf conf;
    struct world world;
    struct message message;
    struct transaction_rcpt rcpts[RCPTS_MAX];
    struct delivery d;
};

static void scene_set(struct scene *s,
                      const struct transaction_rcpt *const *rcpts)
{
    *s = (struct scene){0};
    s->world.uid = 1000;
    s->message.id = S("<1@example.org>");
    s->message.envelope.sender = S("me@example.org");
    s->d = (struct delivery){.conf = &s->conf, .world = &s->world,
                             .message = &s->message, .rcpts = s->rcpts};
    while (s->d.nrcpts < RCPTS_MAX && rcpts[s->d.nrcpts]) {
        s->rcpts[s->d.nrcpts] = *rcpts[s->d.nrcpts];
        s->d.nrcpts++;
    }
}

START_TEST(status_and_text_tell_what_happened)
{
    struct scene s;
    struct buf out = {0};

    scene_set(&s, cases[_i].rcpts);
    ck_assert_msg(report_status(&s.d) == cases[_i].status, "%s",
                  cases[_i].rule);
    report_print(&s.d, &out);
    ck_assert_span(buf_span(&out), span_of(cases[_i].printed));
    buf_free(&out);
}
END_TEST

START_TEST(a_certificate_may_be_the_login)
{
    static const struct transaction_rcpt *const one[] = {&denied, NULL};
    struct scene s;
    struct buf out = {0};

    scene_set(&s, one);
    s.conf.tls_cert.text = S("c.pem");
    report_print(&s.d, &out);
    ck_assert(span_ends(buf_span(&out),
                        S("set 'auth = EXTERNAL' where the certificate is "
                          "one, else 'user' and a password\n")));
    buf_free(&out);
}
END_TEST

START_TEST(hint_of_the_session_comes_first)
{
    static const struct transaction_rcpt *const one[] = {&denied, NULL};
    struct scene s;
    struct buf out = {0};

    scene_set(&s, one);
    fail(&s.d.err, ERR_DENIED, "x");
    err_hint(&s.d.err, "look into it");
    report_print(&s.d, &out);
    ck_assert(span_ends(buf_span(&out), S("\npennypost: look into it\n")));
    buf_free(&out);
}
END_TEST

START_TEST(log_line_holds_all_facts)
{
    static const struct transaction_rcpt *const both[] = {&sent, &refused,
                                                          NULL};
    struct scene s;
    struct buf line = {0};
    enum log_level level;

    scene_set(&s, both);
    s.conf.account.text = S("work");
    s.d.host = S("mx.example.com:587");
    s.d.address = S("192.0.2.1");
    s.d.tls = S("TLS1.3 AES-256-GCM ca");
    s.d.mechanism = S("PLAIN");
    s.d.size = 1234;
    s.d.duration = 2007;
    s.d.reply = S("250 2.0.0 \"quoted\"\nsecond");
    report_log(&s.d, &line, &level);
    ck_assert_int_eq(level, LOG_LEVEL_WARNING);
    ck_assert_span(
        buf_span(&line),
        S("id=0000000000 message-id=<1@example.org> from=<me@example.org> "
          "to=<ann@example.com> status=sent dsn=2.0.0 to=<eve@example.com> "
          "status=refused dsn=5.1.1 reason=\"the server refused the "
          "recipient: 550 5.1.1 no such user\" account=work server=mx.example.com:587 "
          "address=192.0.2.1 tls=\"TLS1.3 AES-256-GCM ca\" auth=PLAIN "
          "size=1234 uid=1000 duration=2.007 reply=\"250 2.0.0 'quoted' "
          "second\""));
    buf_free(&line);
}
END_TEST

static const struct {
    const char *asked, *pair;
} asked[] = {
    {"", " from=<me@example.org> to="},
    {"root@web1", " from=<me@example.org> asked=<root@web1> to="},
    {"<>", " from=<me@example.org> asked=<> to="},
};

START_TEST(log_line_has_the_sender_asked_for)
{
    static const struct transaction_rcpt *const one[] = {&sent, NULL};
    struct scene s;
    struct buf line = {0};
    enum log_level level;

    scene_set(&s, one);
    s.message.sender.asked = span_of(asked[_i].asked);
    report_log(&s.d, &line, &level);
    ck_assert_msg(strstr(buf_cstring(&line), asked[_i].pair), "%s",
                  buf_cstring(&line));
    buf_free(&line);
}
END_TEST

static const struct {
    const struct transaction_rcpt *rcpt;
    enum log_level level;
} levels[] = {
    {&sent, LOG_LEVEL_INFO},
    {&refused, LOG_LEVEL_ERROR},
    {&deferred, LOG_LEVEL_ERROR},
    {&in_doubt, LOG_LEVEL_ERROR},
};

START_TEST(level_goes_with_the_outcome)
{
    const struct transaction_rcpt *one[] = {levels[_i].rcpt, NULL};
    struct scene s;
    struct buf line = {0};
    enum log_level level;

    scene_set(&s, one);
    report_log(&s.d, &line, &level);
    ck_assert_int_eq(level, levels[_i].level);
    buf_free(&line);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("report");

    tcase_add_loop_test(t, status_and_text_tell_what_happened, 0,
                        COUNT(cases));
    tcase_add_test(t, hint_of_the_session_comes_first);
    tcase_add_test(t, a_certificate_may_be_the_login);
    tcase_add_test(t, log_line_holds_all_facts);
    tcase_add_loop_test(t, log_line_has_the_sender_asked_for, 0,
                        COUNT(asked));
    tcase_add_loop_test(t, level_goes_with_the_outcome, 0, COUNT(levels));
    return unit_run("report", t);
}
