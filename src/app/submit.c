/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/submit.h"

#include "app/deliver.h"
#include "app/dry_run.h"
#include "app/output.h"
#include "app/report.h"
#include "app/settings.h"
#include "sys/exec.h"
#include "sys/world.h"

#include <unistd.h>

/* A quote that is not closed is found before the mail is on its way. */
static bool command_check(const struct conf *conf, struct err *err)
{
    struct exec_command command = {.what = "password-command",
                                   .line = conf->password_command.text};
    struct arena arena = {0};
    char *words[EXEC_WORDS + 1];
    bool ok = !command.line.n || exec_split(&command, &arena, words, err);

    arena_free(&arena);
    return ok;
}

bool app_settings(struct app *app, struct err *err)
{
    struct buf denied = {0};
    bool ok = settings_load(&app->conf, &app->cli, &app->world, app->environ,
                            &denied, err);

    if (ok && app->cli.mode == CLI_SEND && !app->cli.dry_run)
        ok = conf_check(&app->conf, err) && command_check(&app->conf, err);
    if (!ok && denied.len && !app->conf.server.text.n)
        err_hint(err, "%s could not be read by this user, and may have it",
                 buf_cstring(&denied));
    buf_free(&denied);
    return ok;
}

void app_free(struct app *app)
{
    conf_free(&app->conf);
    arena_free(&app->arena);
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

/* -F, else NAME as sendmail has it, else what the system knows us by. */
static struct span full_name(const struct app *app)
{
    struct span name = app->cli.full_name;

    if (!name.n)
        name = environment_value(app->environ, S("NAME"));
    return name.n ? name : app->world.name;
}

static struct message_wanted wanted(struct app *app)
{
    const struct cli *cli = &app->cli;

    return (struct message_wanted){
        .world = &app->world,
        .size_limit = app->conf.size_limit.number,
        .keep_dots = cli->ignore_dots,
        .header_recipients = cli->read_header_recipients,
        .fixups = !cli->no_fixups,
        .has_sender = cli->has_sender,
        .sender = cli->sender,
        .from = app->conf.from.text.n ? app->conf.from.text
                                      : app->world.login,
        .full_name = full_name(app),
        .domain = own_domain(app),
        .operands = cli->operands,
        .noperands = cli->operand_count,
    };
}

/* No log is worth a mail: what cannot be logged is only said. */
static void write_log(const struct app *app, const struct delivery *d)
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

static int send_message(struct app *app, struct message *message)
{
    struct delivery d = {.conf = &app->conf, .world = &app->world,
                         .message = message, .verbose = app->cli.verbose};
    struct buf text = {0};
    int status;

    deliver(&d);
    report_print(&d, &text);
    output_tell(buf_span(&text));
    write_log(app, &d);
    status = report_status(&d);
    buf_free(&text);
    delivery_free(&d);
    return status;
}

bool submit(struct app *app, int *status, struct err *err)
{
    struct message message = {0};
    struct message_wanted w;
    bool ok = app_settings(app, err);

    if (ok) {
        w = wanted(app);
        ok = message_read(&message, STDIN_FILENO, &w, err) &&
             message_compose(&message, &w, err);
    }
    if (ok && app->cli.dry_run)
        ok = dry_run(&app->cli, &app->conf, &message, err);
    else if (ok)
        *status = send_message(app, &message);
    message_free(&message);
    return ok;
}
