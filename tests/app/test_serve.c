/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/serve.h"

#include "app/upstreams.h"
#include "sys/clock.h"
#include "sys/signals.h"

#include <time.h>

/* How much sooner the patience with a client is over. */
static int haste = 1;

/*
 * In place of the clock, that the client's five minutes are soon over.  What
 * waits for the server has all its time.
 */
int64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool clock_past(int64_t deadline)
{
    return clock_ms() >= deadline;
}

enum clock_wait clock_wait(struct pollfd *fds, size_t count, int64_t deadline,
                           const volatile sig_atomic_t *stop)
{
    int64_t now = clock_ms(), left;

    if (fds[0].fd <= STDOUT_FILENO && deadline > now)
        deadline = now + (deadline - now) / haste;
    do {
        if (stop && *stop)
            return CLOCK_STOPPED;
        left = deadline - clock_ms();
        left = left < 0 ? 0 : left > 20 ? 20 : left;
        if (poll(fds, (nfds_t)count, (int)left) > 0)
            return CLOCK_READY;
    } while (!clock_past(deadline));
    return CLOCK_LATE;
}

enum { CONNECTIONS_MAX = 2, BY_THE_SCRIPT = 100 };

#define GREETING "C: 220 me.example ESMTP pennypost\n"
#define MAIL "S: MAIL FROM:<a@x>\nC: 250 2.1.0 sender ok\n"
#define RCPT "S: RCPT TO:<b@x>\nC: 250 2.1.5 recipient ok\n"
#define DATA "S: DATA\nC: 354 *\n"
#define QUIT "S: QUIT\nC: 221 2.0.0 bye\n"

#define HELLO "S: 220 mx\nC: EHLO me.example\nS: 250 mx\n"
#define NAMED HELLO "C: MAIL FROM:<a@x>\nS: 250 ok\n" \
    "C: RCPT TO:<b@x>\nS: 250 ok\n"
#define TAKEN "C: DATA\nS: 354 go\nmessage\nS: 250 2.0.0 taken\n"
#define LEFT "C: QUIT\n"

/* In the scripts of clients, what the server says begins with "C: ". */
static const struct {
    const char *rule;
    const char *client;
    const char *servers[CONNECTIONS_MAX + 1];
    int status;
} cases[] = {
    {"QUIT", GREETING QUIT, {NULL}, 0},
    {"the end without it", GREETING "close\n", {NULL}, 0},
    {"the end in a transaction", GREETING MAIL RCPT "close\n", {NAMED LEFT},
     0},
    {"a message", GREETING "S: EHLO c\nC: 250-me.example Hello\n"
      "C: 250-PIPELINING\nC: 250-SIZE *\nC: 250-8BITMIME\nC: 250-SMTPUTF8\n"
      "C: 250-DSN\nC: 250-ENHANCEDSTATUSCODES\nC: 250 CHUNKING\n"
      MAIL RCPT DATA "S: \nS: hello\nS: .\nC: 250 2.0.0 taken\n" QUIT,
     {NAMED TAKEN LEFT}, 0},
    {"by BDAT", GREETING MAIL RCPT "S: BDAT 3\nS: a\nC: 250 *\n"
      "S: BDAT 0 LAST\nC: 250 2.0.0 taken\n" QUIT, {NAMED TAKEN LEFT}, 0},
    {"a server lost between two", GREETING MAIL RCPT DATA
      "S: .\nC: 250 2.0.0 taken\n" MAIL RCPT DATA "S: .\nC: 250 2.0.0 taken\n"
      QUIT, {NAMED TAKEN "C: MAIL FROM:<a@x>\nclose\n", NAMED TAKEN LEFT}, 0},
    {"nobody accepted", GREETING MAIL
      "S: RCPT TO:<b@x>\nC: 550 5.1.1 the server refused the recipient: 550 "
      "5.1.1 who\nS: DATA\nC: 554 5.5.1 *\n" QUIT,
     {HELLO "C: MAIL FROM:<a@x>\nS: 250 ok\nC: RCPT TO:<b@x>\n"
      "S: 550 5.1.1 who\n" LEFT}, 0},
    {"the end right behind DATA", GREETING MAIL RCPT DATA "close\n",
     {NAMED LEFT}, 75},
    {"the end within a message", GREETING MAIL RCPT DATA "S: hello\nclose\n",
     {NAMED LEFT}, 75},
    {"the end between two chunks", GREETING MAIL RCPT
      "S: BDAT 3\nS: a\nC: 250 *\nclose\n", {NAMED LEFT}, 75},
    {"the end within a chunk", GREETING MAIL RCPT
      "S: BDAT 9\nS: a\nclose\n", {NAMED LEFT}, 75},
    {"too large, and the end within it", GREETING MAIL RCPT DATA
      "S: 12345678901234567890123456789012345678901\nclose\n", {NAMED LEFT},
     75},
    {"too large", GREETING MAIL RCPT DATA
      "S: 12345678901234567890123456789012345678901\nS: .\nC: 552 5.3.4 *\n"
      MAIL QUIT, {NAMED LEFT}, 0},
    {"silence", GREETING "C: 421 4.4.2 nothing was said for too long\n",
     {NULL}, 75},
    {"silence within a message", GREETING MAIL RCPT DATA "S: hello\n"
      "C: 421 4.4.2 nothing was said for too long\n", {NAMED LEFT}, 75},
    {"silence behind what looks like its end", GREETING MAIL RCPT DATA
      "LF: hello\nLF: .\nC: 250 2.0.0 taken\nclose\n", {NAMED TAKEN LEFT}, 0},
    {"a signal", GREETING "signal\nC: 421 4.3.2 the service is stopped\n",
     {NULL}, 75},
    {"a signal within a message", GREETING MAIL RCPT DATA
      "S: hello\npause\nsignal\nC: 421 4.3.2 the service is stopped\n",
     {NAMED LEFT}, 75},
    {"a signal behind what looks like its end", GREETING MAIL RCPT DATA
      "LF: hello\nLF: .\nsignal\nC: 421 4.3.2 the service is stopped\n",
     {NAMED LEFT}, 75},
    {"a client that speaks first", "S: EHLO c\nS: QUIT\ndrain\n", {NULL}, 0},
};

static int serve_one(struct app *app)
{
    struct err err = {0};
    int status = 0;

    if (!serve_client(app, &status, &err))
        status = err_status(err.kind);
    app_free(app);
    return status;
}

/* The app with a client at descriptors 0 and 1, as a process ends with it. */
static int run_here(struct app *app, const char *client, bool all_three)
{
    int fd, status;
    pid_t pid = peer_start(client, &fd);

    signals_catch();
    dup2(fd, STDIN_FILENO);
    dup2(fd, STDOUT_FILENO);
    if (all_three)
        dup2(fd, STDERR_FILENO);
    close(fd);
    status = serve_one(app);
    for (fd = 0; fd < 3; fd++)
        if (fd != STDERR_FILENO || all_three)
            close(fd);
    return peer_end(pid) == 0 ? status : BY_THE_SCRIPT;
}

static int run(struct app *app, const char *client, bool all_three)
{
    pid_t pid = fork();

    if (pid == 0) {
        alarm(20);
        _exit(run_here(app, client, all_three));
    }
    return peer_end(pid);
}

static struct app app_of(const char *const *environment,
                         struct cli_setting *settings, size_t n)
{
    return (struct app){
        .environ = environment,
        .world = {.host = S("me.example"), .login = S("me"), .home = S("/")},
        .cli = {.mode = CLI_SMTP, .config_path = "/dev/null",
                .settings = settings, .setting_count = n}};
}

START_TEST(a_conversation)
{
    static const char *const nothing[] = {NULL};
    struct upstreams u;
    int status;

    if (span_starts(span_of(cases[_i].rule), S("silence")))
        haste = 200;
    upstreams_start(&u, cases[_i].servers);
    {
        struct cli_setting settings[] = {
            {S("server"), span_of(u.url), S("x")},
            {S("tls"), S("off"), S("x")},
            {S("size-limit"), S("40"), S("x")},
            {S("aliases"), S("none"), S("x")},
            {S("log"), S("none"), S("x")}};
        struct app app = app_of(nothing, settings, COUNT(settings));

        status = run(&app, cases[_i].client, false);
    }
    ck_assert_msg(status == cases[_i].status, "%s: %d", cases[_i].rule,
                  status);
    upstreams_end(&u, cases[_i].rule);
}
END_TEST

/* Over all three, as inetd(8) has it, nothing but replies is written. */
START_TEST(no_server_is_set)
{
    static const char *const nothing[] = {NULL};

    for (int all_three = 0; all_three < 2; all_three++) {
        struct app app = app_of(nothing, NULL, 0);

        ck_assert_int_eq(run(&app, "C: 421-4.3.5 no server is set\n"
                                   "C: 421 4.3.5 write *\n",
                             all_three), 78);
    }
}
END_TEST

/* The trace goes to standard error, unless that is the client's. */
START_TEST(standard_error_is_the_clients)
{
    static const char *const nothing[] = {NULL};
    struct cli_setting settings[] = {
        {S("server"), S("smtp://127.0.0.1:1"), S("x")},
        {S("tls"), S("off"), S("x")}, {S("log"), S("none"), S("x")}};
    struct app app = app_of(nothing, settings, COUNT(settings));

    app.cli.verbose = true;
    ck_assert_int_eq(run(&app, GREETING QUIT, true), 0);
}
END_TEST

/* It says NOOP without end and hears nothing. */
START_TEST(a_client_that_does_not_read)
{
    static const char *const nothing[] = {NULL};
    struct cli_setting settings[] = {
        {S("server"), S("smtp://127.0.0.1:1"), S("x")}};
    struct app app = app_of(nothing, settings, COUNT(settings));
    pid_t pid = fork();
    int ends[2], status;

    haste = 200;
    if (pid == 0) {
        alarm(20);
        socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
        if (fork() == 0) {
            alarm(20);
            close(ends[0]);
            while (send(ends[1], "NOOP\n", 5, MSG_NOSIGNAL) == 5)
                continue;
            _exit(0);
        }
        close(ends[1]);
        dup2(ends[0], STDIN_FILENO);
        dup2(ends[0], STDOUT_FILENO);
        close(ends[0]);
        status = serve_one(&app);
        close(STDIN_FILENO);
        close(STDOUT_FILENO);
        wait(NULL);
        _exit(status);
    }
    ck_assert_int_eq(peer_end(pid), 75);
}
END_TEST

/* Input that is a directory, and output that is not there. */
START_TEST(no_client)
{
    static const char *const nothing[] = {NULL};
    static const struct {
        const char *in, *out;
        int status;
    } ways[] = {{"/", "/dev/null", 66},
                {"/dev/null", "/dev/full", 75},
                {"/dev/null", "/dev/null", 0}};

    for (size_t i = 0; i < COUNT(ways); i++) {
        struct cli_setting settings[] = {
            {S("server"), S("smtp://127.0.0.1:1"), S("x")}};
        struct app app = app_of(nothing, settings, COUNT(settings));
        pid_t pid = fork();

        if (pid == 0) {
            ck_assert_ptr_nonnull(freopen(ways[i].in, "r", stdin));
            ck_assert_ptr_nonnull(freopen(ways[i].out, "w", stdout));
            _exit(serve_one(&app));
        }
        ck_assert_int_eq(peer_end(pid), ways[i].status);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("serve");

    tcase_add_loop_test(t, a_conversation, 0, COUNT(cases));
    tcase_add_test(t, no_server_is_set);
    tcase_add_test(t, standard_error_is_the_clients);
    tcase_add_test(t, a_client_that_does_not_read);
    tcase_add_test(t, no_client);
    return unit_run("serve", t);
}
