/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/deliver.h"

#include "app/letter.h"
#include "app/peer.h"
#include "sys/clock.h"

#include <netdb.h>
#include <poll.h>
#include <sys/un.h>

#define GREETING "S: 220 mx\nC: EHLO me.example\n"
#define HELLO GREETING "S: 250 mx\n"
#define MAIL "C: MAIL FROM:<a@x>\nS: 250 ok\n"
#define RCPT(name) "C: RCPT TO:<" name "@x>\nS: 250 ok\n"
#define TAKEN(text) "C: DATA\nS: 354 go\nmessage\nS: 250 " text "\n"
#define QUIT "C: QUIT\n"

enum { RCPTS_MAX = 4, CONNECTIONS_MAX = 2 };

static const struct world world = {.host = SPAN_INIT("me.example")};

struct fate {
    enum outcome outcome;
    enum err_kind kind;
    const char *text; /* "@": the server, "#": its port */
};

#define SENT(text) {OUTCOME_SENT, ERR_NONE, text}
#define DEFERRED(text) {OUTCOME_DEFERRED, ERR_TEMPORARY, text}

static const struct row {
    const char *rule;
    const char *scripts[CONNECTIONS_MAX]; /* none: nobody listens */
    struct span rcpts;
    struct fate fates[RCPTS_MAX];
    const char *reply, *err, *hint;
} cases[] = {
    {"one transaction", {HELLO MAIL RCPT("b") RCPT("c") TAKEN("taken") QUIT},
     SPAN_INIT("b@x, c@x"), {SENT("250 taken"), SENT("250 taken")},
     "250 taken", "", ""},
    {"RCPTMAX", {GREETING "S: 250-mx\nS: 250 LIMITS RCPTMAX=2\n"
      MAIL RCPT("b") RCPT("c") TAKEN("first")
      MAIL RCPT("d") "C: DATA\nS: 354 go\n"
      "C: Date: x\nC: From: a@x\nC: Message-ID: <1@x>\nC: \nC: \n"
      "C: hello\nC: .\nS: 250 second\n" QUIT},
     SPAN_INIT("b@x, c@x, d@x"),
     {SENT("250 first"), SENT("250 first"), SENT("250 second")},
     "250 second", "", ""},
    {"too many says 452", {HELLO
      MAIL RCPT("b") RCPT("c") "C: RCPT TO:<d@x>\nS: 452 too many\n"
      TAKEN("first") MAIL RCPT("d") TAKEN("second") QUIT},
     SPAN_INIT("b@x, c@x, d@x"),
     {SENT("250 first"), SENT("250 first"), SENT("250 second")},
     "250 second", "", ""},
    {"a refused recipient keeps nobody back", {HELLO
      MAIL "C: RCPT TO:<b@x>\nS: 550 who\n" RCPT("c") TAKEN("taken") QUIT},
     SPAN_INIT("b@x, c@x"),
     {{OUTCOME_REFUSED, ERR_NO_USER,
       "the server refused the recipient: 550 who"}, SENT("250 taken")},
     "250 taken", "", ""},
    {"nor does one that this server cannot be told of", {HELLO
      MAIL RCPT("c") TAKEN("taken") QUIT},
     SPAN_INIT("\xC3\xA4@x, c@x"),
     {{OUTCOME_REFUSED, ERR_UNAVAILABLE,
       "5.6.7 the local part of '\xC3\xA4\\@x' is not ASCII, and the server "
       "does not offer SMTPUTF8"}, SENT("250 taken")},
     "250 taken", "", "use another server, or an address in ASCII"},
    {"and where there is no other nothing is sent", {HELLO QUIT},
     SPAN_INIT("\xC3\xA4@x"),
     {{OUTCOME_REFUSED, ERR_UNAVAILABLE,
       "5.6.7 the local part of '\xC3\xA4\\@x' is not ASCII, and the server "
       "does not offer SMTPUTF8"}}, "", "",
     "use another server, or an address in ASCII"},
    {"lost in the second of two", {GREETING "S: 250-mx\n"
      "S: 250 LIMITS RCPTMAX=1\n" MAIL RCPT("b") TAKEN("first")
      MAIL "C: RCPT TO:<c@x>\nclose\n"},
     SPAN_INIT("b@x, c@x, d@x"),
     {SENT("250 first"),
      DEFERRED("@: the server closed the connection, while naming a "
               "recipient"),
      DEFERRED("@: the server closed the connection, while naming a "
               "recipient")},
     "250 first",
     "@: the server closed the connection, while naming a recipient", ""},
    {"lost between two", {GREETING "S: 250-mx\nS: 250 LIMITS RCPTMAX=1\n"
      MAIL RCPT("b") TAKEN("first") "C: MAIL FROM:<a@x>\nclose\n"},
     SPAN_INIT("b@x, c@x"),
     {SENT("250 first"),
      DEFERRED("@: the server closed the connection, while naming the "
               "sender")},
     "250 first",
     "@: the server closed the connection, while naming the sender", ""},
    {"one deferred defers all, those to come too", {GREETING "S: 250-mx\n"
      "S: 250 LIMITS RCPTMAX=2\n"
      MAIL RCPT("b") "C: RCPT TO:<c@x>\nS: 451 later\n" QUIT},
     SPAN_INIT("b@x, c@x, d@x"),
     {DEFERRED("held back, since the server deferred another recipient"),
      DEFERRED("the server refused the recipient: 451 later"),
      DEFERRED("held back, since the server deferred another recipient")},
     "", "", ""},
    {"the same where one was too many", {HELLO
      MAIL RCPT("b") "C: RCPT TO:<c@x>\nS: 452 4.5.3 too many\n"
      "C: RCPT TO:<d@x>\nS: 451 later\n" QUIT},
     SPAN_INIT("b@x, c@x, d@x"),
     {DEFERRED("held back, since the server deferred another recipient"),
      DEFERRED("held back, since the server deferred another recipient"),
      DEFERRED("the server refused the recipient: 451 later")},
     "", "", ""},
    {"after the dot it is in doubt", {HELLO MAIL RCPT("b")
      "C: DATA\nS: 354 go\nmessage\nclose\n"},
     SPAN_INIT("b@x"),
     {{OUTCOME_IN_DOUBT, ERR_TEMPORARY,
       "@: the server closed the connection, while waiting for the reply to "
       "the whole message"}},
     "", "@: the server closed the connection, while waiting for the reply to "
     "the whole message",
     "the server may have accepted the message: look there before you send it "
     "again"},
    {"too large for it", {GREETING "S: 250-mx\nS: 250 SIZE 10\n" QUIT},
     SPAN_INIT("b@x, c@x"),
     {{OUTCOME_REFUSED, ERR_UNAVAILABLE,
       "5.3.4 the message has 50 octets, and the server takes 10 at most"},
      {OUTCOME_REFUSED, ERR_UNAVAILABLE,
       "5.3.4 the message has 50 octets, and the server takes 10 at most"}},
     "", "@: 5.3.4 the message has 50 octets, and the server takes 10 at most",
     ""},
    {"nobody listens", {NULL}, SPAN_INIT("b@x"),
     {DEFERRED("cannot connect to 'mx.example' port #: 127.0.0.1: connection "
               "refused; 127.0.0.2: connection refused")},
     "", "cannot connect to 'mx.example' port #: 127.0.0.1: connection "
     "refused; 127.0.0.2: connection refused",
     "nothing listens there: is the port right, and the server running?"},
    {"the next address", {"close\n", HELLO MAIL RCPT("b") TAKEN("taken") QUIT},
     SPAN_INIT("b@x"), {SENT("250 taken")}, "250 taken", "", ""},
    {"where the first is busy", {"S: 421 busy\nclose\n",
      HELLO MAIL RCPT("b") TAKEN("taken") QUIT},
     SPAN_INIT("b@x"), {SENT("250 taken")}, "250 taken", "", ""},
    {"where both are", {"S: 421 busy\nclose\n", "S: 421 too\nclose\n"},
     SPAN_INIT("b@x"),
     {DEFERRED("@: the server refused the connection: 421 too")}, "",
     "@: the server refused the connection: 421 too", ""},
    {"a refusal is final", {"S: 554 go away\n" QUIT},
     SPAN_INIT("b@x"),
     {{OUTCOME_DEFERRED, ERR_UNAVAILABLE,
       "@: the server refused the connection: 554 go away"}}, "",
     "@: the server refused the connection: 554 go away", ""},
};

/*
 * In place of the system's: whatever the name, two addresses that lead here.
 */
int getaddrinfo(const char *host, const char *service,
                const struct addrinfo *hints, struct addrinfo **found)
{
    static struct sockaddr_in at[2];
    static struct addrinfo infos[2];

    (void)host;
    (void)hints;
    for (uint32_t i = 0; i < 2; i++) {
        at[i] = (struct sockaddr_in){
            .sin_family = AF_INET,
            .sin_addr.s_addr = htonl(INADDR_LOOPBACK + i),
            .sin_port = htons((uint16_t)strtoul(service, NULL, 10))};
        infos[i] = (struct addrinfo){
            .ai_family = AF_INET, .ai_socktype = SOCK_STREAM,
            .ai_addrlen = sizeof at[i], .ai_addr = (struct sockaddr *)&at[i],
            .ai_next = i == 0 ? &infos[1] : NULL};
    }
    *found = infos;
    return 0;
}

void freeaddrinfo(struct addrinfo *found)
{
    (void)found;
}

/* A listener at the second of these addresses, too. */
static int listen_twice(int listeners[2], uint16_t *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1)};

    listeners[0] = peer_listen(AF_INET, port);
    listeners[1] = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_port = htons(*port);
    ck_assert_int_ge(listeners[0], 0);
    return bind(listeners[1], (struct sockaddr *)&at, sizeof at) |
           listen(listeners[1], 5);
}

static int accept_either(const int listeners[2])
{
    struct pollfd fds[2] = {{listeners[0], POLLIN, 0},
                            {listeners[1], POLLIN, 0}};

    poll(fds, 2, 10000);
    return accept(fds[0].revents ? listeners[0] : listeners[1], NULL, NULL);
}

/* A process for each connection; whether all kept to their scripts. */
static int play_all(const int listeners[2], const char *const *scripts)
{
    pid_t pids[CONNECTIONS_MAX];
    int failed = 0, n;

    alarm(10);
    for (n = 0; n < CONNECTIONS_MAX && scripts[n]; n++) {
        int fd = accept_either(listeners);

        pids[n] = fork();
        if (pids[n] == 0) {
            alarm(10);
            peer_play(fd, scripts[n]);
            _exit(0);
        }
        close(fd);
    }
    while (n-- > 0)
        failed |= peer_end(pids[n]);
    return failed;
}

/* A server for the row; 0 where none is. */
static pid_t serve(const char *const *scripts, uint16_t *port)
{
    int listeners[2];
    pid_t pid = 0;

    ck_assert_int_eq(listen_twice(listeners, port), 0);
    if (scripts[0])
        pid = fork();
    if (scripts[0] && pid == 0)
        _exit(play_all(listeners, scripts));
    close(listeners[0]);
    close(listeners[1]);
    return pid;
}

struct scene {
    struct conf conf;
    struct message message;
    struct delivery d;
    uint16_t port;
};

static void set(struct scene *s, struct span name, const char *value)
{
    struct err err = {0};

    ck_assert_msg(conf_set(&s->conf, name, span_of(value), S("test"),
                           CONF_USER, &err), "%s", err.text);
}

static void scene_set(struct scene *s, struct span rcpts)
{
    const struct message_wanted w = {
        .world = &world, .fixups = true, .from = S("a@x"), .domain = S("x"),
        .operands = &rcpts, .noperands = 1};
    char url[64];

    snprintf(url, sizeof url, "smtp://mx.example:%u", (unsigned)s->port);
    conf_init(&s->conf, S(""));
    set(s, S("server"), url);
    set(s, S("tls"), "off");
    set(s, S("timeout"), "5");
    letter_write(&s->message, S("Date: x\nFrom: a@x\nMessage-ID: <1@x>\n\n"
                                "\nhello\n"), &w);
    s->d = (struct delivery){.conf = &s->conf, .world = &world,
                             .message = &s->message};
}

static void scene_end(struct scene *s)
{
    delivery_free(&s->d);
    message_free(&s->message);
    conf_free(&s->conf);
}

/* TEXT with the server for "@", its port for "#", and "@" for "\@". */
static void expand(const struct scene *s, const char *text, struct buf *out)
{
    buf_clear(out);
    for (; *text; text++)
        if (*text == '\\')
            buf_addc(out, *++text);
        else if (*text == '@')
            buf_printf(out, "mx.example:%u", (unsigned)s->port);
        else if (*text == '#')
            buf_printf(out, "%u", (unsigned)s->port);
        else
            buf_addc(out, *text);
}

START_TEST(every_recipient_has_its_outcome)
{
    const struct row *row = &cases[_i];
    struct scene s = {0};
    pid_t peer = serve(row->scripts, &s.port);
    struct buf want = {0};

    scene_set(&s, row->rcpts);
    deliver(&s.d);
    for (size_t i = 0; i < s.d.nrcpts; i++) {
        const struct transaction_rcpt *r = &s.d.rcpts[i];

        expand(&s, row->fates[i].text, &want);
        ck_assert_msg(r->outcome == row->fates[i].outcome &&
                          r->kind == row->fates[i].kind, "%s: %zu: %d, %d",
                      row->rule, i, (int)r->outcome, (int)r->kind);
        ck_assert_span(r->text, buf_span(&want));
        ck_assert_span(r->address, s.message.envelope.rcpts[i].address);
    }
    ck_assert_span(s.d.reply, span_of(row->reply));
    expand(&s, row->err, &want);
    ck_assert_span(span_of(s.d.err.text), buf_span(&want));
    ck_assert_str_eq(s.d.err.hint, row->hint);
    expand(&s, "@", &want);
    ck_assert_span(s.d.host, buf_span(&want));
    if (peer)
        ck_assert_msg(peer_end(peer) == 0, "%s", row->rule);
    buf_free(&want);
    scene_end(&s);
}
END_TEST

/* What the log is told of. */
START_TEST(facts_of_the_connection)
{
    static const char *const script[] = {
        HELLO MAIL RCPT("b") TAKEN("2.0.0 taken") QUIT, NULL};
    struct scene s = {0};
    pid_t peer = serve(script, &s.port);

    scene_set(&s, S("b@x"));
    deliver(&s.d);
    ck_assert_uint_eq(s.d.nrcpts, 1);
    ck_assert_span(s.d.rcpts[0].status, S("2.0.0"));
    ck_assert_span(s.d.address, S("127.0.0.1"));
    ck_assert_span(s.d.tls, S(""));
    ck_assert_span(s.d.mechanism, S(""));
    ck_assert_span(s.d.notes, S(""));
    ck_assert_uint_eq(s.d.size, 50);
    ck_assert_int_ge(s.d.duration, 0);
    ck_assert_int_eq(peer_end(peer), 0);
    scene_end(&s);
}
END_TEST

/* Silent to one that waits, and to one that says hello it speaks TLS. */
START_TEST(a_server_that_waits_for_tls)
{
    static const char *const scripts[] = {"", "raw \x15\x03\ndrain\n"};
    struct scene s = {0};
    pid_t peer = serve(scripts, &s.port);
    struct buf want = {0};

    scene_set(&s, S("b@x"));
    set(&s, S("timeout"), "1");
    deliver(&s.d);
    expand(&s, "@: the server at port # speaks TLS from the start", &want);
    ck_assert_int_eq(s.d.rcpts[0].outcome, OUTCOME_DEFERRED);
    ck_assert_int_eq(s.d.rcpts[0].kind, ERR_PROTOCOL);
    ck_assert_span(s.d.rcpts[0].text, buf_span(&want));
    ck_assert_int_ge(s.d.duration, 500);
    ck_assert_int_lt(s.d.duration, 2000);
    expand(&s, "write the server as submissions://@", &want);
    ck_assert_span(span_of(s.d.err.hint), buf_span(&want));
    ck_assert_int_eq(peer_end(peer), 0);
    buf_free(&want);
    scene_end(&s);
}
END_TEST

/* A local socket is named by its path, whether or not anybody listens. */
START_TEST(local_socket)
{
    static const struct {
        const char *before, *after; /* the path */
    } texts[] = {
        {"cannot connect to '", "': no such file or directory"},
        {"", ": the server closed the connection, while waiting for the "
             "server's greeting"},
    };
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    char directory[] = "/tmp/pennypost-deliver-XXXXXX", url[128], want[256];
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);

    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(at.sun_path, sizeof at.sun_path, "%s/socket", directory);
    snprintf(url, sizeof url, "unix:%s", at.sun_path);
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct scene s = {.port = 25};

        scene_set(&s, S("b@x"));
        set(&s, S("server"), url);
        if (i > 0 && fork() == 0)
            _exit(close(accept(listener, NULL, NULL)));
        deliver(&s.d);
        snprintf(want, sizeof want, "%s%s%s", texts[i].before, at.sun_path,
                 texts[i].after);
        ck_assert_int_eq(s.d.rcpts[0].outcome, OUTCOME_DEFERRED);
        ck_assert_span(s.d.rcpts[0].text, span_of(want));
        scene_end(&s);
        bind(listener, (struct sockaddr *)&at, sizeof at);
        listen(listener, 1);
    }
    close(listener);
    unlink(at.sun_path);
    rmdir(directory);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("deliver");

    tcase_add_loop_test(t, every_recipient_has_its_outcome, 0, COUNT(cases));
    tcase_add_test(t, facts_of_the_connection);
    tcase_add_test(t, a_server_that_waits_for_tls);
    tcase_add_test(t, local_socket);
    return unit_run("deliver", t);
}
