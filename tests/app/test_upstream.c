/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/upstream.h"

#include "app/upstreams.h"

#include <stdlib.h>
#include <sys/un.h>

#define HELLO "S: 220 mx\nC: EHLO me.example\nS: 250 mx\n"
#define SENT "C: MAIL FROM:<a@x>\nS: 250 ok\nC: RCPT TO:<b@x>\nS: 250 ok\n" \
    "C: DATA\nS: 354 go\nC: hello\nC: .\nS: 250 taken\n"
#define QUIT "C: QUIT\n"

static const struct world world = {.host = SPAN_INIT("me.example")};

struct scene {
    struct conf conf;
    struct upstreams servers;
    struct upstream up;
    struct world world;
};

static void set(struct scene *s, const char *name, const char *value)
{
    struct err err = {0};

    ck_assert_msg(conf_set(&s->conf, span_of(name), span_of(value), S("test"),
                           CONF_USER, &err), "%s", err.text);
}

static void scene_set(struct scene *s, const char *const *scripts)
{
    *s = (struct scene){.world = world};
    upstreams_start(&s->servers, scripts);
    conf_init(&s->conf, S(""));
    set(s, "server", s->servers.url);
    set(s, "tls", "off");
    set(s, "timeout", "5");
    s->up = (struct upstream){.conf = &s->conf, .world = &s->world};
}

static void scene_end(struct scene *s, const char *rule)
{
    upstream_free(&s->up);
    upstreams_end(&s->servers, rule);
    conf_free(&s->conf);
}

static bool one_line(void *source, struct buf *piece)
{
    bool *said = source;

    if (!*said)
        buf_add(piece, S("hello\r\n"));
    *said = !*said;
    return *said;
}

/* One transaction; the outcome of its recipient. */
static enum outcome transact(struct scene *s)
{
    struct transaction t = {.sender = S("a@x")};
    bool said = false;
    enum outcome outcome;

    transaction_add(&t, S("b@x"));
    upstream_source(&s->up, &said, one_line);
    session_begin(s->up.session, &t);
    upstream_run(&s->up);
    outcome = t.rcpts[0].outcome;
    transaction_free(&t);
    return outcome;
}

START_TEST(one_session_for_all)
{
    static const char *const scripts[] = {HELLO SENT SENT QUIT, NULL};
    char host[32];
    struct scene s;
    struct err err = {0};

    scene_set(&s, scripts);
    ck_assert_msg(upstream_open(&s.up, &err), "%s", err.text);
    snprintf(host, sizeof host, "127.0.0.1:%u", (unsigned)s.servers.port);
    ck_assert_span(s.up.host, span_of(host));
    ck_assert_span(s.up.address, S("127.0.0.1"));
    ck_assert_span(s.up.tls, S(""));
    ck_assert_span(s.up.mechanism, S(""));
    ck_assert_int_eq(transact(&s), OUTCOME_SENT);
    ck_assert_int_eq(transact(&s), OUTCOME_SENT);
    ck_assert(upstream_close(&s.up, &err));
    ck_assert_ptr_null(s.up.session);
    scene_end(&s, "one session");
}
END_TEST

/* It is given up, in order. */
START_TEST(an_open_transaction)
{
    static const char *const scripts[] = {
        HELLO "C: MAIL FROM:<a@x>\nS: 250 ok\nC: RCPT TO:<b@x>\nS: 250 ok\n"
        QUIT, NULL};
    struct transaction t = {.sender = S("a@x"), .open = true};
    struct scene s;
    struct err err = {0};

    scene_set(&s, scripts);
    transaction_add(&t, S("b@x"));
    ck_assert_msg(upstream_open(&s.up, &err), "%s", err.text);
    session_begin(s.up.session, &t);
    upstream_run(&s.up);
    ck_assert_int_eq(session_wants(s.up.session), SESSION_RECIPIENTS);
    ck_assert(upstream_close(&s.up, &err));
    transaction_free(&t);
    scene_end(&s, "an open transaction");
}
END_TEST

/* "@" stands for the server. */
static const struct {
    const char *rule, *script, *err;
    enum err_kind kind;
} failures[] = {
    {"refused", "S: 554 go away\n" QUIT,
     "@: the server refused the connection: 554 go away", ERR_UNAVAILABLE},
    {"busy", "S: 421 busy\n", "@: the server refused the connection: 421 busy",
     ERR_TEMPORARY},
    {"closed", "close\n", "@: the server closed the connection, while waiting "
     "for the server's greeting", ERR_TEMPORARY},
};

START_TEST(not_let_in)
{
    const char *const scripts[] = {failures[_i].script, NULL};
    char host[32], want[256];
    struct scene s;
    struct err err = {0};

    scene_set(&s, scripts);
    ck_assert(!upstream_open(&s.up, &err));
    snprintf(host, sizeof host, "127.0.0.1:%u", (unsigned)s.servers.port);
    snprintf(want, sizeof want, "%s%s", host, failures[_i].err + 1);
    ck_assert_str_eq(err.text, want);
    ck_assert_int_eq(err.kind, failures[_i].kind);
    ck_assert_ptr_null(s.up.session);
    ck_assert_span(s.up.host, span_of(host)); /* for the log, still */
    scene_end(&s, failures[_i].rule);
}
END_TEST

START_TEST(lost_later)
{
    static const char *const scripts[] = {HELLO "C: MAIL FROM:<a@x>\nclose\n",
                                          NULL};
    char want[256];
    struct scene s;
    struct err err = {0};

    scene_set(&s, scripts);
    ck_assert(upstream_open(&s.up, &err));
    ck_assert_int_eq(transact(&s), OUTCOME_DEFERRED);
    snprintf(want, sizeof want, "127.0.0.1:%u: the server closed the "
             "connection, while naming the sender",
             (unsigned)s.servers.port);
    ck_assert(!upstream_result(&s.up, &err));
    ck_assert_str_eq(err.text, want);
    ck_assert(!upstream_close(&s.up, &err));
    ck_assert_str_eq(err.text, want);
    scene_end(&s, "lost later");
}
END_TEST

static const struct {
    const char *rule, *host, *setting, *name;
} names[] = {
    {"the host's", "me.example", NULL, "me.example"},
    {"one that nobody could look up", "me", NULL, "[127.0.0.1]"},
    {"the setting", "me", "mail.example", "mail.example"},
};

START_TEST(who_we_are)
{
    char script[128];
    const char *const scripts[] = {script, NULL};
    struct scene s;
    struct err err = {0};

    snprintf(script, sizeof script, "S: 220 mx\nC: EHLO %s\nS: 250 mx\n" QUIT,
             names[_i].name);
    scene_set(&s, scripts);
    s.world.host = span_of(names[_i].host);
    if (names[_i].setting)
        set(&s, "ehlo-name", names[_i].setting);
    ck_assert_msg(upstream_open(&s.up, &err), "%s", err.text);
    ck_assert(upstream_close(&s.up, &err));
    scene_end(&s, names[_i].rule);
}
END_TEST

/* The text names the server once. */
START_TEST(which_server_it_was)
{
    static const struct {
        const char *server, *host, *text, *named;
    } texts[] = {
        {"smtp://mx.example", "mx.example:25", "lost", "mx.example:25: lost"},
        {"smtp://mx.example", "mx.example:25", "'mx.example' is lost",
         "'mx.example' is lost"},
        {"unix:/run/mx", "/run/mx", "lost", "/run/mx: lost"},
        {"unix:/run/mx", "/run/mx", "cannot open /run/mx",
         "cannot open /run/mx"},
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct scene s = {0};
        struct err err = {0};

        conf_init(&s.conf, S(""));
        set(&s, "server", texts[i].server);
        s.up.conf = &s.conf;
        s.up.host = span_of(texts[i].host);
        fail(&err, ERR_TEMPORARY, "%s", texts[i].text);
        upstream_name(&s.up, &err);
        ck_assert_str_eq(err.text, texts[i].named);
        conf_free(&s.conf);
    }
}
END_TEST

#define LOGIN "S: 220 mx\nC: EHLO me.example\nS: 250-mx\nS: 250 AUTH PLAIN\n"
#define LET_IN LOGIN "C: AUTH PLAIN AG1lAHNlY3JldA==\nS: 235 ok\n" QUIT

static const struct {
    const char *rule, *setting, *value;
    const char *script, *mechanism, *err;
} logins[] = {
    {"a password", "password", "secret", LET_IN, "PLAIN", ""},
    {"a command", "password-command", "echo secret", LET_IN, "PLAIN", ""},
    {"a command that fails", "password-command", "false", LOGIN, "",
     "the password-command 'false' exited with status 1"},
    {"a password that is wrong", "password", "secret",
     LOGIN "C: AUTH PLAIN AG1lAHNlY3JldA==\nS: 535 no\n" QUIT, "",
     "535 no"},
};

/* To a local socket, as a password is not said in the clear to any other. */
static void scene_set_local(struct scene *s, char *directory,
                            const char *const *scripts)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    char url[sizeof at.sun_path + 8];

    *s = (struct scene){.world = world};
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(at.sun_path, sizeof at.sun_path, "%s/socket", directory);
    snprintf(url, sizeof url, "unix:%s", at.sun_path);
    s->servers.listener = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(s->servers.listener, (struct sockaddr *)&at,
                          sizeof at) | listen(s->servers.listener, 1), 0);
    s->servers.pid = fork();
    if (s->servers.pid == 0)
        upstreams_play(s->servers.listener, scripts);
    conf_init(&s->conf, S(""));
    set(s, "server", url);
    set(s, "user", "me");
    s->up = (struct upstream){.conf = &s->conf, .world = &s->world};
}

#define TOKEN_LOGIN "S: 220 mx\nC: EHLO me.example\nS: 250-mx\n" \
    "S: 250 AUTH XOAUTH2\nC: AUTH XOAUTH2 "
#define OLD "dXNlcj1tZQFhdXRoPUJlYXJlciBvbGQBAQ==\n"
#define NEW "dXNlcj1tZQFhdXRoPUJlYXJlciBuZXcBAQ==\n"

/* The command says "new" where it is told that "old" was refused. */
START_TEST(a_token_that_is_refused)
{
    static const struct {
        const char *scripts[3], *err;
    } turns[] = {
        {{TOKEN_LOGIN OLD "S: 235 ok\n" QUIT}, NULL},
        {{TOKEN_LOGIN OLD "S: 535 no\n" QUIT,
          TOKEN_LOGIN NEW "S: 235 ok\n" QUIT}, NULL},
        {{TOKEN_LOGIN OLD "S: 535 no\n" QUIT,
          TOKEN_LOGIN NEW "S: 535 still no\n" QUIT}, "535 still no"},
        {{TOKEN_LOGIN OLD "S: 454 later\n" QUIT}, "454 later"},
    };
    char directory[] = "/tmp/pennypost-upstream-XXXXXX", path[64];
    struct scene s;
    struct err err = {0};
    bool ok;

    unsetenv("XDG_RUNTIME_DIR");
    scene_set_local(&s, directory, turns[_i].scripts);
    set(&s, "token-command",
        "!test $PENNYPOST_TOKEN_REFRESH && echo new || echo old");
    ok = upstream_open(&s.up, &err);
    ck_assert_msg(ok == !turns[_i].err, "%s", err.text);
    if (ok)
        ck_assert(upstream_close(&s.up, &err));
    else
        ck_assert_msg(strstr(err.text, turns[_i].err), "%s", err.text);
    scene_end(&s, "a token");
    snprintf(path, sizeof path, "%s/socket", directory);
    unlink(path);
    rmdir(directory);
}
END_TEST

START_TEST(a_login)
{
    char directory[] = "/tmp/pennypost-upstream-XXXXXX", path[64];
    struct scene s;
    struct err err = {0};
    bool ok;

    scene_set_local(&s, directory,
                    (const char *const[]){logins[_i].script, NULL});
    set(&s, logins[_i].setting, logins[_i].value);
    ok = upstream_open(&s.up, &err);
    ck_assert_msg(ok == !logins[_i].err[0], "%s: %s", logins[_i].rule,
                  err.text);
    ck_assert_msg(strstr(err.text, logins[_i].err), "%s: %s", logins[_i].rule,
                  err.text);
    ck_assert_ptr_null(strstr(err.text, "secret"));
    ck_assert_span(s.up.mechanism, span_of(logins[_i].mechanism));
    if (ok)
        ck_assert(upstream_close(&s.up, &err));
    scene_end(&s, logins[_i].rule);
    snprintf(path, sizeof path, "%s/socket", directory);
    unlink(path);
    rmdir(directory);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("upstream");

    tcase_add_test(t, one_session_for_all);
    tcase_add_test(t, an_open_transaction);
    tcase_add_loop_test(t, not_let_in, 0, COUNT(failures));
    tcase_add_test(t, lost_later);
    tcase_add_loop_test(t, who_we_are, 0, COUNT(names));
    tcase_add_test(t, which_server_it_was);
    tcase_add_loop_test(t, a_login, 0, COUNT(logins));
    tcase_add_loop_test(t, a_token_that_is_refused, 0, 4);
    return unit_run("upstream", t);
}
