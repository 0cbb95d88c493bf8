/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * settings - puts the layers of the configuration over each other
 *
 * From lowest to highest: what is built in, the system's file and those of its
 * config.d, the user's file, the environment, the command line.  -C, or else
 * PENNYPOST_CONFIG, names one file to be read in place of all of them.
 */
#ifndef PENNYPOST_APP_SETTINGS_H
#define PENNYPOST_APP_SETTINGS_H

#include "base/world.h"
#include "conf/cli.h"

/*
 * Load *CONF, which the caller frees whether or not that succeeds.  Errors are
 * those of conf/options.h and sys/file.h.  A file of the system's that we may
 * not read is passed over and its path added to *DENIED.
 */
bool settings_load(struct conf *, const struct cli *, const struct world *,
                   const char *const *variables, struct buf *denied,
                   struct err *);

#endif
