/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/submit.h"

#include "app/deliver.h"
#include "app/dry_run.h"
#include "app/output.h"
#include "app/report.h"

#include <unistd.h>

static int send_message(struct app *app, struct message *message)
{
    struct delivery d = {.conf = &app->conf, .world = &app->world,
                         .message = message, .verbose = app->cli.verbose};
    struct buf text = {0};
    int status;

    if (message->envelope.nrcpts) /* or else an alias drops it */
        deliver(&d);
    report_print(&d, &text);
    output_tell(buf_span(&text));
    app_log(app, &d);
    status = report_status(&d);
    buf_free(&text);
    delivery_free(&d);
    return status;
}

bool submit(struct app *app, int *status, struct err *err)
{
    struct message message = {0};
    struct message_source source;
    struct message_wanted w;
    bool ok = app_settings(app, err);

    if (ok) {
        source = (struct message_source){
            .size_limit = app->settings.size_limit,
            .keep_dots = app->cli.ignore_dots};
        ok = message_read(&message, STDIN_FILENO, &source, err) &&
             message_parse(&message, err) && app_account(app, &message, err);
    }
    if (ok) {
        w = app_wanted(app);
        ok = message_address(&message, &w, err) &&
             message_compose(&message, &w, err);
        app_trace_sender(app, &message);
    }
    if (ok && app->cli.dry_run)
        ok = dry_run(&app->cli, &app->conf, &message, err);
    else if (ok)
        *status = send_message(app, &message);
    message_free(&message);
    return ok;
}
