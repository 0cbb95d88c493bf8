/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * netrc - the file of logins that ftp(1) began with and curl(1) goes on with
 *
 *     machine mail.example.com
 *         login me
 *         password "two words"
 *     default login me password other
 *
 * Words stand between blanks or line ends.  One that begins with a double
 * quote goes on to the next, and in it a backslash keeps the octet behind it,
 * but for \n, \r and \t, as in curl.  "#" where a keyword could stand begins a
 * comment.  A macdef ends at the first empty line.  "account" is read over, as
 * are words that are no keywords; "port", which Emacs knows, must be ours.
 *
 * The first entry counts that is for the host and the user, or for any.
 */
#ifndef PENNYPOST_CONF_NETRC_H
#define PENNYPOST_CONF_NETRC_H

#include "base/buf.h"
#include "base/err.h"

struct netrc_login {
    struct span host, user;
    unsigned port;
};

/*
 * Put the password for the login that TEXT has into PASSWORD, which is empty
 * before, and say whether there is one in *FOUND.  Fails with ERR_CONFIG, and
 * names the line, where a quote does not end.
 */
bool netrc_find(struct span text, const struct netrc_login *,
                struct buf *password, bool *found, struct err *);

#endif
