/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/credentials.h"

#include "app/token.h"
#include "conf/git_credential.h"
#include "conf/netrc.h"
#include "sys/clock.h"
#include "sys/exec.h"
#include "sys/file.h"
#include "sys/signals.h"
#include "sys/terminal.h"

#include <stdlib.h>

enum { PATIENCE_MS = 120 * 1000 };

#define CREDENTIAL "pennypost.password"

/* A source that is being asked. */
struct asking {
    const struct credentials_source *from;
    struct buf text;      /* what it said, wiped in the end        */
    struct span password; /* where in it the password stands       */
    bool missing;         /* it fails for there is none to be had  */
    struct err *err;
};

static struct span text_of(const struct asking *a, size_t setting)
{
    return a->from->conf->of[setting].text;
}

static struct span host_of(const struct asking *a)
{
    const struct server *server = &a->from->conf->endpoint;

    return server->local ? server->path : server->host;
}

static bool ask_setting(struct asking *a)
{
    a->password = text_of(a, SETTING_password);
    return true;
}

static bool ask_command(struct asking *a)
{
    struct exec_command command =
        exec_written("password-command", text_of(a, SETTING_password_command));

    command.stop = signals_flag();
    if (!exec_line(&command, &a->text, a->err))
        return false;
    a->password = buf_span(&a->text);
    return true;
}

/* The first line of what the file at PATH holds. */
static bool line_take(struct asking *a, const char *path)
{
    struct span rest = buf_span(&a->text);

    if (span_line(&rest, &a->password) && span_ends(a->password, S("\r")))
        a->password.n--;
    if (span_empty(a->password))
        return fail(a->err, ERR_CONFIG,
                    "the first line of '%s' holds no password", path);
    return true;
}

static bool ask_file(struct asking *a)
{
    const char *path = text_of(a, SETTING_password_file).p; /* has a NUL */
    struct file_facts facts;

    if (!file_read_config(path, &facts, &a->text, a->err))
        return err_within(a->err, "password-file");
    if (facts.missing)
        return fail(a->err, ERR_CONFIG, "there is no password-file '%s'",
                    path);
    return file_private(path, &facts, "a password", a->err) &&
           line_take(a, path);
}

static bool ask_descriptor(struct asking *a)
{
    struct buf what = {0};
    bool done;

    buf_printf(&what, "password-fd %.*s",
               SPAN_ARG(text_of(a, SETTING_password_fd)));
    done = secret_line((int)a->from->conf->password_fd.number,
                       buf_cstring(&what), clock_ms() + PATIENCE_MS,
                       signals_flag(), &a->text, a->err);
    a->password = buf_span(&a->text);
    buf_free(&what);
    return done;
}

static bool ask_token_command(struct asking *a)
{
    const struct token_wanted wanted = {.conf = a->from->conf,
                                        .world = a->from->world,
                                        .refresh = a->from->renewed};
    bool done = token_get(&wanted, &a->text, a->err);

    a->password = buf_span(&a->text);
    return done;
}

static bool no_credential(struct asking *a)
{
    a->missing = true;
    fail(a->err, ERR_CONFIG, "systemd has no credential '" CREDENTIAL "' for "
                             "this service");
    return err_hint(a->err, "write LoadCredential=" CREDENTIAL ":/PATH into "
                            "its unit");
}

static bool ask_systemd_at(struct asking *a, const char *path)
{
    struct file_facts facts;

    if (!file_read_config(path, &facts, &a->text, a->err))
        return false;
    if (facts.missing)
        return no_credential(a);
    return file_private_credential(path, &facts, a->err) && line_take(a, path);
}

static bool ask_systemd(struct asking *a)
{
    const char *directory = getenv("CREDENTIALS_DIRECTORY");
    struct buf path = {0};
    bool done;

    if (!directory || directory[0] != '/')
        return no_credential(a);
    buf_printf(&path, "%s/" CREDENTIAL, directory);
    done = ask_systemd_at(a, buf_cstring(&path));
    buf_free(&path);
    return done;
}

static bool no_netrc(struct asking *a, const char *path)
{
    a->missing = true;
    return fail(a->err, ERR_CONFIG,
                "'%s' has no password for '%.*s' at '%.*s'", path,
                SPAN_ARG(text_of(a, SETTING_user)), SPAN_ARG(host_of(a)));
}

static bool ask_netrc_at(struct asking *a, const char *path)
{
    const struct netrc_login login = {
        .host = host_of(a), .user = text_of(a, SETTING_user),
        .port = a->from->conf->endpoint.port};
    struct file_facts facts;
    struct buf file = {0};
    bool found = false, done;

    done = file_read_config(path, &facts, &file, a->err);
    if (done && !netrc_find(buf_span(&file), &login, &a->text, &found, a->err))
        done = err_within(a->err, "'%s'", path);
    buf_wipe(&file);
    if (!done)
        return false;
    a->password = buf_span(&a->text);
    if (span_empty(a->password))
        return no_netrc(a, path);
    return file_private(path, &facts, "a password", a->err);
}

static bool ask_netrc(struct asking *a)
{
    const char *named = getenv("NETRC");
    struct buf path = {0};
    bool done;

    if (named && named[0])
        buf_printf(&path, "%s", named);
    else
        buf_printf(&path, "%.*s/.netrc", SPAN_ARG(a->from->world->home));
    done = ask_netrc_at(a, buf_cstring(&path));
    buf_free(&path);
    return done;
}

/* By the attributes that msmtp(1) looks for, too. */
static bool ask_libsecret(struct asking *a)
{
    struct arena arena = {0};
    const char *host = arena_copy(&arena, host_of(a)).p;
    const char *user = arena_copy(&arena, text_of(a, SETTING_user)).p;
    const char *const words[] = {"secret-tool", "lookup", "host", host,
                                 "service", "smtp", "user", user, NULL};
    const struct exec_command command = {
        .what = "command", .line = S("secret-tool lookup"), .words = words,
        .stop = signals_flag()};
    bool done = exec_line(&command, &a->text, a->err);

    if (!done)
        err_hint(a->err, "to store it: secret-tool store --label=mail host "
                         "'%s' service smtp user '%s'", host, user);
    a->password = buf_span(&a->text);
    arena_free(&arena);
    return done;
}

static bool git_run(struct asking *a, struct span question)
{
    static const char *const words[] = {"git", "credential", "fill", NULL};
    struct exec_command command = {
        .what = "command", .line = S("git credential fill"), .words = words,
        .input = question, .variable = "GIT_TERMINAL_PROMPT=0",
        .stop = signals_flag()};

    if (question.n > EXEC_INPUT)
        return fail(a->err, ERR_CONFIG, "user and server are too long for "
                                        "git credential");
    if (!exec_text(&command, &a->text, a->err))
        return err_hint(a->err, "git may know it after 'git credential "
                                "approve'; see git-credential(1)");
    if (!git_credential_answer(buf_span(&a->text),
                               text_of(a, SETTING_user), &a->password))
        return fail(a->err, ERR_CONFIG, "git credential has no password for "
                                        "'%.*s' at '%.*s'",
                    SPAN_ARG(text_of(a, SETTING_user)), SPAN_ARG(host_of(a)));
    return true;
}

static bool ask_git(struct asking *a)
{
    struct buf question = {0};
    bool done;

    git_credential_ask(host_of(a), a->from->conf->endpoint.port,
                       text_of(a, SETTING_user), &question);
    done = git_run(a, buf_span(&question));
    buf_free(&question);
    return done;
}

static bool can_prompt(struct asking *a)
{
    if (!a->from->unattended && terminal_there())
        return true;
    a->missing = true;
    return fail(a->err, ERR_CONFIG,
                "there is no terminal to ask for the password at");
}

static bool ask_user(struct asking *a)
{
    struct buf prompt = {0};
    bool done;

    if (!can_prompt(a))
        return false;
    buf_printf(&prompt, "Password for %.*s at %.*s: ",
               SPAN_ARG(text_of(a, SETTING_user)), SPAN_ARG(host_of(a)));
    done = terminal_ask(buf_span(&prompt), clock_ms() + PATIENCE_MS,
                        signals_flag(), &a->text, a->err);
    a->password = buf_span(&a->text);
    buf_free(&prompt);
    return done;
}

/* The words of password-from: whom to ask, and to find out before. */
static const struct {
    bool (*ask)(struct asking *);
    bool (*check)(struct asking *); /* NULL: only by asking */
} askers[] = {
    [CONF_PASSWORD_SYSTEMD] = {ask_systemd, ask_systemd},
    [CONF_PASSWORD_NETRC] = {ask_netrc, ask_netrc},
    [CONF_PASSWORD_LIBSECRET] = {ask_libsecret, NULL},
    [CONF_PASSWORD_GIT] = {ask_git, NULL},
    [CONF_PASSWORD_PROMPT] = {ask_user, can_prompt},
};

/* Nobody is named: these are asked, until one has it. */
static const enum conf_password_from automatic[] = {
    CONF_PASSWORD_SYSTEMD, CONF_PASSWORD_NETRC, CONF_PASSWORD_PROMPT};

static bool nobody_has_it(struct asking *a)
{
    const struct value *user = &a->from->conf->user;

    fail(a->err, ERR_CONFIG, "%.*s: there is a user, but no password",
         SPAN_ARG(user->origin));
    return err_hint(a->err, "set password-command, password-file, "
                            "password-from or password");
}

/* A certificate may be login enough, and who is anonymous has no password. */
static bool needs_none(const struct conf *conf)
{
    struct span auth = conf->auth.text;

    return conf->tls_cert.text.n > 0 || span_ieq(auth, S("EXTERNAL")) ||
           span_ieq(auth, S("ANONYMOUS"));
}

static bool automatic_do(struct asking *a, bool check)
{
    if (needs_none(a->from->conf))
        return true;
    for (size_t i = 0; i < sizeof automatic / sizeof *automatic; i++) {
        bool (*ask)(struct asking *) = check ? askers[automatic[i]].check
                                             : askers[automatic[i]].ask;

        a->missing = false;
        if (ask(a))
            return true;
        if (!a->missing)
            return false;
    }
    return nobody_has_it(a);
}

static bool ask_from(struct asking *a)
{
    uint64_t who = a->from->conf->password_from.number;

    return who == CONF_PASSWORD_AUTO ? automatic_do(a, false)
                                     : askers[who].ask(a);
}

static bool check_from(struct asking *a)
{
    uint64_t who = a->from->conf->password_from.number;

    if (who == CONF_PASSWORD_AUTO)
        return automatic_do(a, true);
    return !askers[who].check || askers[who].check(a);
}

static bool check_command(struct asking *a)
{
    struct exec_command command =
        exec_written("password-command", text_of(a, SETTING_password_command));

    return exec_check(&command, a->err);
}

static bool check_token_command(struct asking *a)
{
    struct exec_command command =
        exec_written("token-command", text_of(a, SETTING_token_command));

    return exec_check(&command, a->err);
}

/* The settings that say whom to ask; the last is used where none is set. */
static const struct {
    size_t setting;
    bool (*ask)(struct asking *);
    bool (*check)(struct asking *); /* NULL: only by asking */
} sources[] = {
    {SETTING_password, ask_setting, NULL},
    {SETTING_password_command, ask_command, check_command},
    {SETTING_password_file, ask_file, ask_file},
    {SETTING_password_fd, ask_descriptor, NULL},
    {SETTING_token_command, ask_token_command, check_token_command},
    {SETTING_password_from, ask_from, check_from},
};

static size_t source_find(const struct conf *conf)
{
    size_t i = 0;

    while (i + 1 < sizeof sources / sizeof *sources &&
           !conf_says_secret(conf, sources[i].setting))
        i++;
    return i;
}

bool credentials_check(const struct credentials_source *from, struct err *err)
{
    const struct conf *conf = from->conf;
    struct asking a = {.from = from, .err = err};
    size_t i = source_find(conf);
    bool good;

    if (span_empty(conf->user.text))
        return true;
    good = !sources[i].check || sources[i].check(&a);
    buf_wipe(&a.text);
    if (!good && conf->account.text.n)
        err_within(err, "account '%.*s'", SPAN_ARG(conf->account.text));
    return good;
}

static bool is_token(const struct credentials_source *from)
{
    return conf_says_secret(from->conf, SETTING_token_command);
}

void credentials_begin(const struct credentials_source *from,
                       struct credentials *who)
{
    who->user = from->conf->user.text;
    who->token_later = is_token(from);
}

bool credentials_ask(struct credentials_source *from, struct credentials *who,
                     struct err *err)
{
    struct asking a = {.from = from, .err = err};
    bool done = true;

    if (!from->secret.pages)
        done = sources[source_find(from->conf)].ask(&a) &&
               secret_set(&from->secret, a.password, err);
    buf_wipe(&a.text);
    if (!done)
        return false;
    if (is_token(from))
        who->token = secret_span(&from->secret);
    else
        who->password = secret_span(&from->secret);
    return true;
}

static void wipe(struct credentials_source *from, struct credentials *who)
{
    who->password = who->token = S("");
    secret_free(&from->secret);
}

bool credentials_renew(struct credentials_source *from,
                       struct credentials *who, const struct err *why)
{
    if (from->renewed || !from->secret.pages || !is_token(from) ||
        why->kind != ERR_DENIED)
        return false;
    wipe(from, who);
    return from->renewed = true;
}

void credentials_forget(struct credentials_source *from,
                        struct credentials *who)
{
    wipe(from, who);
    from->renewed = false;
}
