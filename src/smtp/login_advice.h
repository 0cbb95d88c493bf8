/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * login_advice - what a provider means when it refuses a login
 *
 * Large providers refuse with words of their own, and often mean something
 * else than that the password is wrong.  A row of the table in login_advice.c
 * is such words, and what to do about them; to know one more is to add a row.
 * Words that every server could say are no row: they tell nothing about it.
 */
#ifndef PENNYPOST_SMTP_LOGIN_ADVICE_H
#define PENNYPOST_SMTP_LOGIN_ADVICE_H

#include "smtp/sasl.h"

/*
 * The hint for a server that refused, with TEXT, a login with what the
 * mechanism NEEDS.  A static string, fit for err_hint(); NULL where the text
 * has no words that are known.  Case counts: it tells providers apart.
 */
const char *login_advice(struct span text, enum sasl_needs needs);

#endif
