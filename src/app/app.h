/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * app - a run of the program: what it was told, and where it is
 */
#ifndef PENNYPOST_APP_APP_H
#define PENNYPOST_APP_APP_H

#include "app/aliases.h"
#include "app/deliver.h"
#include "app/message.h"
#include "app/settings.h"
#include "base/arena.h"
#include "base/world.h"

struct app {
    const char *const *environ;
    struct arena arena;   /* what lives as long as the run */
    struct cli cli;
    struct world world;
    struct settings settings;
    struct conf conf;
    struct span domain;   /* of addresses without one, for all accounts */
    struct host_aliases aliases;
    struct buf denied;    /* configuration files that we may not read */
};

/*
 * Load the settings into app->conf, and check them where mail is sent and does
 * not wait for app_account().
 */
bool app_settings(struct app *, struct err *);

/*
 * The message is read and parsed: where the sender decides which account it is
 * sent with, put the settings of that one into app->conf and check them.
 */
bool app_account(struct app *, struct message *, struct err *);

/*
 * The settings for mail from SENDER, as MAIL named it, checked: *NEXT, which
 * is all zero before and the caller's to free.
 */
bool app_choose(struct app *, struct span sender, struct conf *next,
                struct err *);

/* What is wanted of a message, by command line and settings. */
struct message_wanted app_wanted(struct app *);

/* With -v and in a dry run, what the policy of senders made of the message. */
void app_trace_sender(const struct app *, const struct message *);

/* No log is worth a mail: what cannot be logged is only said. */
void app_log(const struct app *, const struct delivery *);

void app_free(struct app *);

#endif
