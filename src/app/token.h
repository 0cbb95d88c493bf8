/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * token - an OAuth 2.0 access token, from a command or kept from its last run
 *
 * A token that says for how long it is good is kept in the user's runtime
 * directory (sys/runtime.h), a file for each account, server, user and
 * command, and is taken from there until a minute before it ends.
 */
#ifndef PENNYPOST_APP_TOKEN_H
#define PENNYPOST_APP_TOKEN_H

#include "base/world.h"
#include "conf/options.h"

struct token_wanted {
    const struct conf *conf;   /* with a token-command                      */
    const struct world *world;
    bool refresh; /* the one we had was refused: run the command, and tell it
                     so with PENNYPOST_TOKEN_REFRESH=1                       */
};

/*
 * Put the token into TOKEN, which is empty before and wiped by who has it.
 * Errors are those of exec_text() and token_reply_read().
 */
bool token_get(const struct token_wanted *, struct buf *token, struct err *);

#endif
