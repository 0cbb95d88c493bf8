/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * credentials - where the password comes from, or the token in its place
 *
 *     struct credentials who = {0};
 *     struct credentials_source from = {.conf = conf, .world = world};
 *
 *     credentials_begin(&from, &who);
 *     ... a session; when it wants the password: ...
 *     credentials_ask(&from, &who, err);
 *     ... the session fails ...
 *     if (credentials_renew(&from, &who, err))
 *         ... the same once more ...
 *     credentials_forget(&from, &who);
 *
 * One setting says who is asked.  Where none does, systemd is, then the user's
 * netrc file, then the user.  Whoever it is, is asked when the server wants to
 * know and not before, and once.
 */
#ifndef PENNYPOST_APP_CREDENTIALS_H
#define PENNYPOST_APP_CREDENTIALS_H

#include "base/world.h"
#include "conf/options.h"
#include "smtp/sasl.h"
#include "sys/secret.h"

struct credentials_source {
    /* The caller's; they outlive it. */
    const struct conf *conf;
    const struct world *world;
    bool unattended; /* nobody is there to be asked */

    /* Its own, all zero before. */
    struct secret secret;
    bool renewed;
};

/*
 * Before the mail is on its way: that who is to be asked can be, as far as can
 * be told without asking.  Fails with ERR_CONFIG; that a user has no password
 * is such a failure.  The error names the account, where there is one.
 */
bool credentials_check(const struct credentials_source *, struct err *);

/* What is known without asking: the user, and that a token will come. */
void credentials_begin(const struct credentials_source *,
                       struct credentials *);

/* Ask, unless that was done before, and put what comes of it in its place. */
bool credentials_ask(struct credentials_source *, struct credentials *,
                     struct err *);

/*
 * The server has refused us, and WHY: true where it is worth another try, with
 * a new token.  That is so once.
 */
bool credentials_renew(struct credentials_source *, struct credentials *,
                       const struct err *why);

void credentials_forget(struct credentials_source *, struct credentials *);

#endif
