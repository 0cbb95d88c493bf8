/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * submit - takes a message from standard input and sees it on its way
 */
#ifndef PENNYPOST_APP_SUBMIT_H
#define PENNYPOST_APP_SUBMIT_H

#include "base/arena.h"
#include "base/world.h"
#include "conf/cli.h"

/* A run of the program: what it was told, and where it is. */
struct app {
    const char *const *environ;
    struct arena arena;   /* what lives as long as the run */
    struct cli cli;
    struct world world;
    struct conf conf;
};

/* Load the settings into app->conf. */
bool app_settings(struct app *, struct err *);

void app_free(struct app *);

/*
 * Read a message and send it, or with --dry-run show it.  True: that was
 * done, *STATUS is how it went, and the user was told.  False: it did not
 * come to that, *err says why, and nothing was sent.
 */
bool submit(struct app *, int *status, struct err *);

#endif
