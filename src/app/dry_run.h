/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dry_run - shows what would be sent, and sends nothing
 *
 * On standard output the octets that would follow DATA, before dots are
 * stuffed; on standard error envelope, MAIL parameters and what was converted.
 * No server is asked: --assume says what it can do, else it takes 7 bit only.
 */
#ifndef PENNYPOST_APP_DRY_RUN_H
#define PENNYPOST_APP_DRY_RUN_H

#include "app/message.h"
#include "conf/cli.h"

bool dry_run(const struct cli *, const struct conf *, struct message *,
             struct err *);

#endif
