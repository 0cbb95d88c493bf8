/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/drive.h"

#include "app/peer.h"
#include "sys/clock.h"

#define GREETING "S: 220 mx\nC: EHLO me\n"
#define HELLO GREETING "S: 250 mx\n"
#define ENVELOPE                                                             \
    HELLO "C: MAIL FROM:<a@x>\nS: 250 ok\nC: RCPT TO:<b@x>\nS: 250 ok\n"
#define DATA ENVELOPE "C: DATA\nS: 354 go\n"

enum { LARGE = 4 << 20 };

static volatile sig_atomic_t stop;

static void note(int number)
{
    (void)number;
    stop = SIGTERM;
}

/* What the drive asks of its owner, and what it is given. */
struct owner {
    struct transaction t;
    bool large, no_password, knows;
    size_t given;
    int silences;
};

static bool give_password(void *self, struct err *err)
{
    const struct owner *o = self;

    return !o->no_password ||
           fail(err, ERR_CONFIG, "'password-command' said nothing");
}

/* Two pieces, or many. */
static bool give_content(void *self, struct buf *piece)
{
    struct owner *o = self;
    size_t before = o->given;

    ck_assert_uint_eq(piece->len, 0);
    if (before >= (o->large ? LARGE : 2))
        return false;
    buf_add(piece, before ? S("two\r\n") : S("one\r\n"));
    while (o->large && piece->len < 65536)
        buf_add(piece, S("a line of many\r\n"));
    o->given += o->large ? piece->len : 1;
    return true;
}

static bool explain(void *self, int64_t deadline, struct err *err)
{
    struct owner *o = self;

    ck_assert(deadline > 0);
    o->silences++;
    return o->knows && !fail(err, ERR_PROTOCOL, "it waits for TLS");
}

static const struct row {
    const char *rule, *script;
    unsigned limit;
    enum { CALM, STOPPED, LARGE_CONTENT, NO_PASSWORD, PASSWORD, OPEN,
           KNOWS } manner;
    int silences;
    enum outcome outcome;
    const char *text;           /* of the recipient                   */
    enum err_kind kind;         /* of the session, ERR_NONE: all well */
    const char *err, *hint;
} cases[] = {
    {"success", DATA "C: one\nC: two\nC: .\nS: 250 taken\nC: QUIT\n", 0, CALM,
     0, OUTCOME_SENT, "250 taken", ERR_NONE, "", ""},
    {"a limit that is kept", DATA "message\nS: 250 taken\nC: QUIT\n", 5, CALM,
     0, OUTCOME_SENT, "250 taken", ERR_NONE, "", ""},
    {"large, all of it", DATA "octets 4194624\nC: .\nS: 250 taken\n"
     "C: QUIT\n", 5, LARGE_CONTENT, 0, OUTCOME_SENT, "250 taken",
     ERR_NONE, "", ""},
    {"refused in the middle of it", DATA "octets 100000\nS: 552 too big\n"
     "pause\nclose\n", 5, LARGE_CONTENT, 0, OUTCOME_REFUSED,
     "the server refused the message before its end: 552 too big",
     ERR_UNAVAILABLE, "the server refused the message before its end", ""},
    {"an answer that comes late", HELLO "C: MAIL FROM:<a@x>\n", 1, CALM, 0,
     OUTCOME_DEFERRED,
     "the server gave no answer within 1 seconds, while naming the sender",
     ERR_TEMPORARY,
     "the server gave no answer within 1 seconds, while naming the sender",
     ""},
    {"a reply that never ends", HELLO "C: MAIL FROM:<a@x>\nraw 250-\ndrip\n",
     1, CALM, 0, OUTCOME_DEFERRED,
     "the server gave no answer within 1 seconds, while naming the sender",
     ERR_TEMPORARY,
     "the server gave no answer within 1 seconds, while naming the sender",
     ""},
    {"closed at once", "close\n", 0, CALM, 0, OUTCOME_NONE, "", ERR_TEMPORARY,
     "the server closed the connection, while waiting for the server's "
     "greeting", ""},
    {"closed by the server", ENVELOPE "C: DATA\nclose\n", 0, CALM, 0,
     OUTCOME_DEFERRED,
     "the server closed the connection, while asking to send the message",
     ERR_TEMPORARY,
     "the server closed the connection, while asking to send the message",
     ""},
    {"closed after the dot", DATA "message\nclose\n", 0, CALM, 0,
     OUTCOME_IN_DOUBT,
     "the server closed the connection, while waiting for the reply to the "
     "whole message", ERR_TEMPORARY,
     "the server closed the connection, while waiting for the reply to the "
     "whole message",
     "the server may have accepted the message: look there before you send it "
     "again"},
    {"stopped before it began", "S: 220 mx\ndrain\n", 0, STOPPED, 0,
     OUTCOME_NONE, "", ERR_TEMPORARY,
     "stopped by signal 15, while waiting for the server's greeting", ""},
    {"stopped before the dot", ENVELOPE "C: DATA\nsignal\npause\n", 0, CALM, 0,
     OUTCOME_DEFERRED,
     "stopped by signal 15, while asking to send the message", ERR_TEMPORARY,
     "stopped by signal 15, while asking to send the message", ""},
    {"stopped after the dot, and waited for", DATA "message\nsignal\npause\n"
     "S: 250 taken\nC: QUIT\n", 0, CALM, 0, OUTCOME_SENT, "250 taken",
     ERR_NONE, "", ""},
    {"and refused", DATA "message\nsignal\npause\nS: 554 spam\nC: QUIT\n", 0,
     CALM, 0, OUTCOME_REFUSED, "the server refused the message: 554 spam",
     ERR_NONE, "", ""},
    {"and in vain", DATA "message\nsignal\npause\nclose\n", 0, CALM, 0,
     OUTCOME_IN_DOUBT,
     "the server closed the connection, while waiting for the reply to the "
     "whole message", ERR_TEMPORARY,
     "the server closed the connection, while waiting for the reply to the "
     "whole message",
     "the server may have accepted the message: look there before you send it "
     "again"},
    {"no password", GREETING "S: 250-mx\nS: 250 AUTH PLAIN\n", 0,
     NO_PASSWORD, 0, OUTCOME_NONE, "", ERR_CONFIG,
     "'password-command' said nothing", ""},
    {"a password", GREETING "S: 250-mx\nS: 250 AUTH PLAIN\n"
     "C: AUTH PLAIN AG1lAHNlY3JldA==\nS: 235 ok\nC: MAIL FROM:<a@x>\n"
     "S: 550 no\nC: QUIT\n", 0, PASSWORD, 0, OUTCOME_REFUSED,
     "the server refused the sender: 550 no", ERR_NONE, "", ""},
    {"an open transaction", ENVELOPE "C: DATA\nS: 354 go\nmessage\n"
     "S: 250 taken\nC: QUIT\n", 0, OPEN, 0, OUTCOME_SENT, "250 taken",
     ERR_NONE, "", ""},
    {"silence is explained", "drain\n", 1, KNOWS, 1, OUTCOME_NONE, "",
     ERR_PROTOCOL, "it waits for TLS",
     ""},
    {"or is not, and asked for once", "drain\n", 1, CALM, 1, OUTCOME_NONE, "",
     ERR_TEMPORARY, "the server gave no answer within 1 seconds, while waiting"
     " for the server's greeting", ""},
};

/* The owner for a row. */
static struct owner owner_of(const struct row *row)
{
    struct owner o = {.large = row->manner == LARGE_CONTENT,
                      .no_password = row->manner == NO_PASSWORD,
                      .knows = row->manner == KNOWS,
                      .t.open = row->manner == OPEN,
                      .t.sender = S("a@x")};

    transaction_add(&o.t, S("b@x"));
    stop = row->manner == STOPPED ? SIGTERM : 0;
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = note}, NULL);
    return o;
}

/* Drive a session of our own over FD; its result. */
static struct err driven(const struct row *row, struct owner *o, int fd)
{
    const struct credentials me = {.user = S("me"), .password = S("secret")};
    bool login = row->manner == PASSWORD || row->manner == NO_PASSWORD;
    const struct session_settings settings = {
        .name = S("me"), .local = true, .ask_password = true,
        .credentials = login ? &me : NULL};
    struct drive d = {
        .session = session_new(&settings), .wire = wire_new(fd),
        .limit = row->limit, .stop = &stop, .owner = o,
        .password = give_password, .silence = explain,
        .source = o, .content = give_content};
    struct err err = {0};

    drive_on(&d);
    if (session_wants(d.session) == SESSION_TRANSACTION) {
        session_begin(d.session, &o->t);
        drive_on(&d);
    }
    if (session_wants(d.session) == SESSION_RECIPIENTS) {
        o->t.open = false;
        session_more(d.session);
        drive_on(&d);
    }
    session_quit(d.session);
    drive_on(&d);
    drive_end(&d);
    ck_assert_int_eq(session_wants(d.session), SESSION_OVER);
    session_result(d.session, &err);
    session_free(d.session);
    wire_free(d.wire);
    return err;
}

static void check_row(const struct row *row)
{
    struct owner o = owner_of(row);
    int64_t begin = clock_ms();
    int fd;
    pid_t peer = peer_start(row->script, &fd);
    struct err err = driven(row, &o, fd);

    ck_assert_msg(o.t.rcpts[0].outcome == row->outcome, "%s: %d, %s",
                  row->rule, (int)o.t.rcpts[0].outcome, err.text);
    ck_assert_span(o.t.rcpts[0].text, span_of(row->text));
    ck_assert_int_eq(err.kind, row->kind);
    ck_assert_str_eq(err.text, row->err);
    ck_assert_str_eq(err.hint, row->hint);
    ck_assert_int_eq(o.silences, row->silences);
    ck_assert_msg(peer_end(peer) == 0, "%s", row->rule);
    ck_assert_int_lt(clock_ms(), begin + 3000);
    transaction_free(&o.t);
}

static bool is_slow(const struct row *row)
{
    return row->limit == 1;
}

START_TEST(sessions_end)
{
    if (!is_slow(&cases[_i]))
        check_row(&cases[_i]);
}
END_TEST

/* Those that wait for a second do so together. */
START_TEST(sessions_that_wait)
{
    pid_t pids[COUNT(cases)] = {0};

    for (size_t i = 0; i < COUNT(cases); i++)
        if (is_slow(&cases[i]) && (pids[i] = fork()) == 0) {
            check_row(&cases[i]);
            _exit(0);
        }
    for (size_t i = 0; i < COUNT(cases); i++)
        if (is_slow(&cases[i]))
            ck_assert_msg(peer_end(pids[i]) == 0, "%s", cases[i].rule);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("drive");

    tcase_add_loop_test(t, sessions_end, 0, COUNT(cases));
    tcase_add_test(t, sessions_that_wait);
    return unit_run("drive", t);
}
