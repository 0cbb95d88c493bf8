/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * main - pennypost, a program to be called as sendmail
 *
 * Reads the command line, finds out what is wanted, and does it.  The exit
 * status is that of sysexits(3); see pennypost(1).
 */
#include <config.h>

#include "app/output.h"
#include "app/resolve.h"
#include "app/serve.h"
#include "app/submit.h"
#include "mail/idn.h"
#include "sys/input.h"
#include "sys/secret.h"
#include "sys/signals.h"
#include "sys/tls.h"
#include "sys/world.h"

static int finish(const struct err *err)
{
    output_error(err);
    return err_status(err->kind);
}

/* What was asked for and is all there is to say; on standard output. */
static int say(struct buf *text)
{
    struct err err;
    bool ok = output_print(buf_span(text), &err);

    buf_free(text);
    return ok ? 0 : finish(&err);
}

static int help(struct app *app)
{
    struct buf text = {0};
    struct err err;

    if (!cli_help_topic(app->cli.topic, &text, &err))
        return finish(&err);
    return say(&text);
}

static int version(struct app *app)
{
    struct buf text = {0}, with = {0};

    (void)app;
    tls_library(&with);
    buf_add(&with, S(", "));
    idn_library(&with);
    buf_add(&with, S("\nSettings: " SYSCONFDIR "/pennypost/config"));
    cli_version(&text, S(PACKAGE_VERSION), buf_span(&with));
    buf_free(&with);
    return say(&text);
}

static int mailq(struct app *app)
{
    struct buf text = {0};

    (void)app;
    buf_add(&text, S("Mail queue is empty\n"));
    return say(&text);
}

static int nothing(struct app *app)
{
    (void)app;
    return 0;
}

static int config(struct app *app)
{
    struct buf text = {0};
    struct err err;

    if (!app_settings(app, &err))
        return finish(&err);
    conf_print(&app->conf, &text);
    accounts_print(&app->settings.accounts, &text);
    return say(&text);
}

static int show_recipients(struct app *app)
{
    struct err err;

    return resolve_operands(app, &err) ? 0 : finish(&err);
}

static int send_mail(struct app *app)
{
    struct err err;
    int status = 0;

    if (submit(app, &status, &err))
        return status;
    if (signals_stop())
        signals_die();
    return finish(&err);
}

static int serve_smtp(struct app *app)
{
    struct err err;
    int status = 0;

    return serve_client(app, &status, &err) ? status : finish(&err);
}

static int (*const modes[])(struct app *) = {
    [CLI_SEND] = send_mail, [CLI_SMTP] = serve_smtp,
    [CLI_MAILQ] = mailq,    [CLI_NEWALIASES] = nothing,
    [CLI_FLUSH] = nothing,  [CLI_CONFIG] = config,
    [CLI_HELP] = help,      [CLI_VERSION] = version,
    [CLI_RESOLVE] = show_recipients,
};

static int run(struct app *app, int argc, char **argv)
{
    struct err err;

    if (!input_reserve(&err))
        return finish(&err);
    if (!cli_parse(argc, argv, &app->arena, &app->cli, &err)) {
        if (app->cli.mode == CLI_SMTP)
            serve_refusal(&err);
        return finish(&err);
    }
    if (!world_read(&app->world, &app->arena, &err))
        return finish(&err);
    return modes[app->cli.mode](app);
}

int main(int argc, char **argv, char **environ_)
{
    struct app app = {.environ = (const char *const *)environ_};
    int status;

    secret_protect_process();
    signals_catch();
    status = run(&app, argc, argv);
    app_free(&app);
    return status;
}
