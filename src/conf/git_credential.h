/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * git_credential - what is said to "git credential fill", and what it answers
 *
 * The format is that of git-credential(1): a line each for an attribute and
 * its value, and an empty line at the end.  The question is the one that
 * git-send-email(1) asks, so that both have the same password:
 *
 *     protocol=smtp
 *     host=mail.example.com:587
 *     username=me
 */
#ifndef PENNYPOST_CONF_GIT_CREDENTIAL_H
#define PENNYPOST_CONF_GIT_CREDENTIAL_H

#include "base/buf.h"

/* Nothing of this holds a line end: no setting does. */
void git_credential_ask(struct span host, unsigned port, struct span user,
                        struct buf *question);

/*
 * The password in the ANSWER, part of it.  False where there is none, or it
 * is empty or for another user.
 */
bool git_credential_answer(struct span answer, struct span user,
                           struct span *password);

#endif
