/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/app.h"

#include "sys/scratch.h"

struct scene {
    struct scratch here;
    struct app app;
    char config[400];
};

/* A run that reads TEXT for its only configuration file. */
static void scene_set(struct scene *s, enum cli_mode mode, struct span text)
{
    static const char *const environment[] = {"NAME=A Name", NULL};

    *s = (struct scene){0};
    scratch_make(&s->here);
    snprintf(s->config, sizeof s->config, "%s",
             scratch_path(&s->here, "config"));
    scratch_write(s->config, text, 0600);
    s->app.environ = environment;
    s->app.world = (struct world){.host = S("me.example"), .login = S("me"),
                                  .name = S("Me"), .home = S("/")};
    s->app.cli.mode = mode;
    s->app.cli.config_path = s->config;
}

static void scene_end(struct scene *s)
{
    app_free(&s->app);
    scratch_remove(&s->here);
}

/* What sends wants settings that can; what does not shows them as they are. */
static const struct {
    const char *rule;
    enum cli_mode mode;
    bool dry_run;
    struct span text;
    const char *err; /* begins with it */
} settings[] = {
    {"no server", CLI_SEND, false, SPAN_INIT(""), "no server is set"},
    {"no server for -bs", CLI_SMTP, false, SPAN_INIT(""), "no server is set"},
    {"which a dry run does not want", CLI_SEND, true, SPAN_INIT(""), NULL},
    {"nor who shows the settings", CLI_CONFIG, false, SPAN_INIT(""), NULL},
    {"a server", CLI_SEND, false, SPAN_INIT("server = smtp://mx.example\n"), NULL},
    {"a quote that is not closed", CLI_SEND, false,
     SPAN_INIT("server = smtp://mx.example\nuser = me\n"
               "password-command = echo 'x\n"),
     "the password-command"},
    {"no setting", CLI_CONFIG, false, SPAN_INIT("sever = x\n"), "*"},
    {"accounts, to be chosen later", CLI_SMTP, false,
     SPAN_INIT("[account one]\nmatch = *@one.example\n"), NULL},
};

START_TEST(what_can_be_sent_with)
{
    struct scene s;
    struct err err = {0};
    bool ok;

    scene_set(&s, settings[_i].mode, settings[_i].text);
    s.app.cli.dry_run = settings[_i].dry_run;
    ok = app_settings(&s.app, &err);
    ck_assert_msg(ok == !settings[_i].err, "%s: %s", settings[_i].rule,
                  err.text);
    if (!ok && settings[_i].err[0] != '*')
        ck_assert_msg(strstr(err.text, settings[_i].err) == err.text,
                      "%s: %s", settings[_i].rule, err.text);
    scene_end(&s);
}
END_TEST

/* The same whatever account was chosen before. */
static const struct {
    const char *sender, *account, *err;
} choices[] = {
    {"a@one.example", "one", NULL},
    {"a@two.example", "two", NULL},
    {"root", "base", NULL}, /* the domain is that outside of all accounts */
    {"a@one.example", "one", NULL},
    {"a@nowhere.example", NULL,
     "no account is for mail from 'a@nowhere.example', and no server is set "
     "for all others"},
    {"root", "base", NULL},
    {"", NULL, "no account is for mail from '<>', and no server is set for all "
               "others"},
    {"a@@", NULL, "sender 'a@@'"},
    {"a@three.example", NULL, "account 'three': the password-command"},
};

START_TEST(an_account_for_each_sender)
{
    static const struct span text = SPAN_INIT(
        "domain = base.example\n"
        "[account one]\nmatch = *@one.example\nserver = smtp://mx.one.example\n"
        "domain = one.example\n"
        "[account two]\nmatch = *@two.example\nserver = smtp://mx.two.example\n"
        "[account three]\nmatch = *@three.example\nserver = smtp://mx.example\n"
        "user = me\npassword-command = echo 'x\n"
        "[account base]\nmatch = *@base.example\nserver = smtp://mx.example\n");
    struct scene s;
    struct err err = {0};

    scene_set(&s, CLI_SMTP, text);
    ck_assert_msg(app_settings(&s.app, &err), "%s", err.text);
    for (size_t i = 0; i < COUNT(choices); i++) {
        struct conf next = {0}, before = s.app.conf;
        bool ok = app_choose(&s.app, span_of(choices[i].sender), &next, &err);

        ck_assert_msg(ok == !choices[i].err, "%zu: %s", i, err.text);
        if (!ok)
            ck_assert_msg(strstr(err.text, choices[i].err) == err.text,
                          "%zu: %s", i, err.text);
        else
            ck_assert_span(next.account.text, span_of(choices[i].account));
        if (ok)
            s.app.conf = next;
        conf_free(ok ? &before : &next);
    }
    scene_end(&s);
}
END_TEST

START_TEST(what_is_wanted_of_a_message)
{
    struct message_wanted w;
    struct scene s;
    struct err err = {0};

    scene_set(&s, CLI_SMTP,
              S("server = smtp://mx.example\nfrom = app@x\nallow-from = *@y\n"
                "rewrite-from = always\ndomain = x\naliases = none\n"));
    ck_assert(app_settings(&s.app, &err));
    s.app.cli.notify = CLI_NOTIFY_SUCCESS | CLI_NOTIFY_DELAY;
    s.app.cli.returned = CLI_RETURN_HDRS;
    w = app_wanted(&s.app);
    ck_assert(w.fixups && !w.header_recipients && !w.has_sender);
    ck_assert_span(w.policy.from, S("app@x"));
    ck_assert_span(w.policy.allow, S("*@y"));
    ck_assert_int_eq(w.policy.rewriting, SENDER_REWRITE_ALWAYS);
    ck_assert_span(w.full_name, S("A Name"));
    ck_assert(w.named);
    ck_assert_span(w.domain, S("x"));
    ck_assert_ptr_null(w.expander);
    ck_assert_uint_eq(w.reports.notify, DSN_NOTIFY_SUCCESS | DSN_NOTIFY_DELAY);
    ck_assert_int_eq(w.reports.returned, DSN_RETURN_HDRS);
    scene_end(&s);
}
END_TEST

/* A line for each; where there is no log there is mail all the same. */
START_TEST(the_log)
{
    struct transaction_rcpt r = {.address = S("b@x"),
                                 .outcome = OUTCOME_SENT};
    struct message m = {0};
    struct delivery d = {.message = &m, .rcpts = &r, .nrcpts = 1};
    struct buf log = {0};
    struct scene s;
    struct err err = {0};
    char text[512];
    int fd;

    scene_set(&s, CLI_SEND, S(""));
    snprintf(text, sizeof text, "server = smtp://mx.example\nlog = %s\n",
             scratch_path(&s.here, "log"));
    scratch_write(s.config, span_of(text), 0600);
    ck_assert_msg(app_settings(&s.app, &err), "%s", err.text);
    d.conf = &s.app.conf;
    d.world = &s.app.world;
    app_log(&s.app, &d);
    app_log(&s.app, &d);
    fd = open(scratch_path(&s.here, "log"), O_RDONLY);
    buf_filled(&log, (size_t)read(fd, buf_room(&log, 4096), 4096));
    close(fd);
    ck_assert_ptr_nonnull(strstr(buf_cstring(&log), "to=<b@x> status=sent"));
    ck_assert_uint_eq(span_find(buf_span(&log), '\n') * 2 + 2, log.len);
    buf_free(&log);
    scene_end(&s);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("app");

    tcase_add_loop_test(t, what_can_be_sent_with, 0, COUNT(settings));
    tcase_add_test(t, an_account_for_each_sender);
    tcase_add_test(t, what_is_wanted_of_a_message);
    tcase_add_test(t, the_log);
    return unit_run("app", t);
}
