/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/app.h"

#include "app/credentials.h"
#include "app/output.h"
#include "app/report.h"
#include "app/trace.h"
#include "sys/world.h"

/* What is missing may stand where we cannot look. */
static bool denied_hint(const struct app *app, const struct conf *conf,
                        struct err *err)
{
    if (app->denied.len && !conf->server.text.n)
        err_hint(err, "%.*s could not be read by this user, and may have it",
                 SPAN_ARG(buf_span(&app->denied)));
    return false;
}

/* Before mail is sent: SENDER, where known, is whom it is from. */
static bool check(const struct app *app, const struct conf *conf,
                  const struct settings_sender *sender, struct err *err)
{
    const struct credentials_source from = {
        .conf = conf, .world = &app->world,
        .unattended = app->cli.mode == CLI_SMTP};
    bool sends = app->cli.mode == CLI_SEND || app->cli.mode == CLI_SMTP;

    return !sends || app->cli.dry_run ||
           (settings_check(&app->settings, conf, sender, err) &&
            credentials_check(&from, err)) ||
           denied_hint(app, conf, err);
}

/* What stands behind the "@" of an address that has none. */
static struct span own_domain(struct app *app)
{
    struct span mailname;

    if (app->conf.domain.text.n)
        return app->conf.domain.text;
    mailname = world_mailname(&app->arena);
    return mailname.n ? mailname : app->world.host;
}

bool app_settings(struct app *app, struct err *err)
{
    if (!settings_load(&app->settings, &app->cli, &app->world, app->environ,
                       &app->conf, &app->denied, err))
        return false;
    app->domain = arena_copy(&app->arena, own_domain(app));
    return settings_needs_sender(&app->settings) ||
           check(app, &app->conf, NULL, err);
}

bool app_account(struct app *app, struct message *message, struct err *err)
{
    struct settings_sender sender = {.given = app->cli.has_sender,
                                     .domain = own_domain(app)};
    struct span who = app->cli.sender;
    struct envelope e = {0};
    bool ok;

    if (!settings_needs_sender(&app->settings))
        return true;
    sender.from = message_author(message, sender.domain);
    if (!sender.given)
        who = app->conf.from.text.n ? app->conf.from.text : app->world.login;
    ok = envelope_sender(&e, who, sender.domain, err);
    if (ok && sender.given)
        sender.sender = e.sender;
    else if (ok)
        sender.own = e.sender;
    ok = ok && settings_choose(&app->settings, &sender, &app->conf, err);
    if (ok && message->raw.n > app->conf.size_limit.number)
        ok = fail(err, ERR_DATA, "the message is larger than %.*s octets",
                  SPAN_ARG(app->conf.size_limit.text));
    ok = ok && check(app, &app->conf, &sender, err);
    envelope_free(&e);
    return ok;
}

bool app_choose(struct app *app, struct span sender, struct conf *next,
                struct err *err)
{
    struct settings_sender who = {.given = true, .domain = app->domain};
    struct envelope e = {0};
    bool ok = envelope_sender(&e, sender, who.domain, err);

    who.sender = e.sender;
    ok = ok && settings_choose(&app->settings, &who, next, err) &&
         check(app, next, &who, err);
    envelope_free(&e);
    return ok;
}

void app_free(struct app *app)
{
    host_aliases_free(&app->aliases);
    conf_free(&app->conf);
    settings_free(&app->settings);
    buf_free(&app->denied);
    arena_free(&app->arena);
}

/* -F, else NAME as sendmail has it; empty where there is neither. */
static struct span name_given(const struct app *app)
{
    if (app->cli.full_name.n)
        return app->cli.full_name;
    return environment_value(app->environ, S("NAME"));
}

static struct sender_policy sender_policy(const struct conf *conf)
{
    static const enum sender_rewriting rewritings[] = {
        [CONF_REWRITE_NEVER] = SENDER_REWRITE_NEVER,
        [CONF_REWRITE_UNQUALIFIED] = SENDER_REWRITE_UNQUALIFIED,
        [CONF_REWRITE_ALWAYS] = SENDER_REWRITE_ALWAYS,
    };
    static const enum sender_original originals[] = {
        [CONF_ORIGINAL_REPLY_TO] = SENDER_ORIGINAL_REPLY_TO,
        [CONF_ORIGINAL_NAME] = SENDER_ORIGINAL_NAME,
        [CONF_ORIGINAL_NONE] = SENDER_ORIGINAL_NONE,
    };

    return (struct sender_policy){
        .from = conf->from.text,
        .allow = conf->allow_from.text,
        .rewriting = rewritings[conf->rewrite_from.number],
        .original = originals[conf->original_from.number],
    };
}

/* RFC 3461: the words of the command line in those of SMTP. */
static struct message_reports reports(const struct cli *cli)
{
    static const struct {
        unsigned said;
        enum dsn_notify notify;
    } rows[] = {
        {CLI_NOTIFY_NEVER, DSN_NOTIFY_NEVER},
        {CLI_NOTIFY_SUCCESS, DSN_NOTIFY_SUCCESS},
        {CLI_NOTIFY_FAILURE, DSN_NOTIFY_FAILURE},
        {CLI_NOTIFY_DELAY, DSN_NOTIFY_DELAY},
    };
    static const enum dsn_return returns[] = {
        [CLI_RETURN_UNSET] = DSN_RETURN_UNSTATED,
        [CLI_RETURN_FULL] = DSN_RETURN_FULL,
        [CLI_RETURN_HDRS] = DSN_RETURN_HDRS,
    };
    struct message_reports reports = {.returned = returns[cli->returned],
                                      .envelope_id = cli->envelope_id};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (cli->notify & rows[i].said)
            reports.notify |= rows[i].notify;
    return reports;
}

static const struct expander *expander(struct app *app)
{
    if (app->cli.no_aliases)
        return NULL;
    return host_aliases_expander(&app->aliases, &app->conf, &app->world);
}

struct message_wanted app_wanted(struct app *app)
{
    const struct cli *cli = &app->cli;
    struct span name = name_given(app);

    return (struct message_wanted){
        .world = &app->world,
        .header_recipients = cli->read_header_recipients,
        .fixups = !cli->no_fixups,
        .has_sender = cli->has_sender,
        .sender = cli->sender,
        .from = app->world.login,
        .policy = sender_policy(&app->conf),
        .full_name = name.n ? name : app->world.name,
        .named = name.n > 0,
        .domain = own_domain(app),
        .expander = expander(app),
        .alias_header = app->conf.aliases_in_header.number == CONF_YES,
        .operands = cli->operands,
        .noperands = cli->operand_count,
        .reports = reports(cli),
    };
}

void app_trace_sender(const struct app *app, const struct message *m)
{
    if (!app->cli.verbose && !app->cli.dry_run)
        return;
    if (m->sender.asked.n)
        trace_event("the sender '%.*s' is not in allow-from: it is '%.*s'",
                    SPAN_ARG(m->sender.asked), SPAN_ARG(m->sender.own));
    if (m->rewritten)
        trace_event("rewrite-from: From has the address '%.*s'",
                    SPAN_ARG(m->sender.own));
}

void app_log(const struct app *app, const struct delivery *d)
{
    struct log log = {0};
    struct buf line = {0};
    enum log_level level;
    struct err err;

    report_log(d, &line, &level);
    if (!log_open(&log, app->conf.log.text, &err) ||
        !log_line(&log, app->world.now, level, buf_span(&line), &err))
        output_error(&err);
    log_close(&log);
    buf_free(&line);
}
