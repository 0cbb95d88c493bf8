/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * settings - puts the layers of the configuration over each other
 *
 * From lowest to highest: what is built in, the system's file and those of its
 * config.d, the user's file, the environment, the command line.  -C, or else
 * PENNYPOST_CONFIG, names one file to be read in place of all of them.
 *
 * The files may describe accounts (conf/account.h), and which of them counts
 * may depend on the sender.  So there are two steps:
 *
 *     struct settings settings = {0};
 *     struct conf conf = {0};
 *
 *     settings_load(&settings, &cli, &world, environ, &conf, &denied, err);
 *     if (settings_needs_sender(&settings)) {
 *         ... read the message, but no more than settings.size_limit ...
 *         settings_choose(&settings, &sender, &conf, err);
 *     }
 *     settings_check(&settings, &conf, &sender, err);
 *     ...
 *     conf_free(&conf);
 *     settings_free(&settings);
 *
 * Files are read once; settings_choose() may be called for one sender after
 * another.
 */
#ifndef PENNYPOST_APP_SETTINGS_H
#define PENNYPOST_APP_SETTINGS_H

#include "base/world.h"
#include "conf/account.h"
#include "conf/cli.h"

struct settings {
    struct accounts accounts;
    const struct cli *cli;        /* the caller's; they outlive it          */
    const char *const *variables;
    struct value account;         /* the one that was asked for, or is for
                                     senders that no other is for           */
    uint64_t size_limit;          /* the highest of all accounts            */
};

/* Whom mail is from, as far as that is known.  local@domain, as on the wire. */
struct settings_sender {
    bool given;         /* with -f or in MAIL: sender counts first          */
    struct span sender; /* empty: the null sender                           */
    struct span from;   /* of the message's From field; empty: not known    */
    struct span own;    /* who sends where nobody else is named             */
    struct span domain; /* ours, for patterns that have none                */
};

/*
 * Load the settings, and make of them *CONF: with the account that was asked
 * for, or else without any.  The caller frees both, the conf first, whether or
 * not that succeeds.  Errors are those of conf/options.h, conf/account.h and
 * sys/file.h; ERR_USAGE where the command line asks for an account that there
 * is not.  A file of the system's that we may not read is passed over and its
 * path added to *DENIED.
 */
bool settings_load(struct settings *, const struct cli *, const struct world *,
                   const char *const *variables, struct conf *,
                   struct buf *denied, struct err *);

void settings_free(struct settings *);

/* There are accounts and none was asked for, so that the sender decides. */
bool settings_needs_sender(const struct settings *);

/*
 * Make *CONF anew, which is that of settings_load() or of an earlier call:
 * of the account that was asked for; else of the first that is for the sender
 * given, for the From field, or, where no sender was given, for ourselves;
 * else of the one that the files name for all others; else of none.
 * conf->account.text is its name.  Where that fails *CONF is as it was.
 */
bool settings_choose(const struct settings *, const struct settings_sender *,
                     struct conf *, struct err *);

/*
 * conf_check(), and where there is no server because no account is for the
 * sender it says so.  SENDER may be NULL.
 */
bool settings_check(const struct settings *, const struct conf *,
                    const struct settings_sender *, struct err *);

#endif
