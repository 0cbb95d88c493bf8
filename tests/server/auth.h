/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * auth - PLAIN and LOGIN, seen from the server (RFC 4616, RFC 4954)
 *
 * auth_begin() with the operand of the command, then auth_next() with each
 * line that the client answers, while the reply begins with 334.
 */
#ifndef PENNYPOST_TESTS_SERVER_AUTH_H
#define PENNYPOST_TESTS_SERVER_AUTH_H

#include "base/span.h"

enum auth_step { AUTH_PLAIN, AUTH_LOGIN_USER, AUTH_LOGIN_PASSWORD, AUTH_NONE };

struct auth {
    struct span user, password;
    enum auth_step step;
    bool right; /* so far */
};

struct span auth_begin(struct auth *, struct span operand);
struct span auth_next(struct auth *, struct span line);

#endif
