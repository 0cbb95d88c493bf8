/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drive - joins a session, which does no I/O, to a wire, which knows no SMTP
 *
 * A drive goes on until the session is over.  What it cannot know is asked of
 * its owner: the password, the next transaction, the next piece of content.
 * Each step has its deadline; the owner's limit bounds every one of them.
 */
#ifndef PENNYPOST_APP_DRIVE_H
#define PENNYPOST_APP_DRIVE_H

#include "smtp/session.h"
#include "sys/wire.h"

struct drive {
    struct session *session;
    struct wire *wire;
    const struct tls_settings *tls;
    struct span host;      /* the name that the server must prove        */
    unsigned limit;        /* seconds, for any step; 0: the RFC's alone  */
    const volatile sig_atomic_t *stop;

    void *owner;
    /* False, and *err: there is no password; the session ends. */
    bool (*password)(void *owner, struct err *);
    /* Call session_begin() or session_quit(); false, and *err: give up. */
    bool (*transaction)(void *owner, struct session *, struct err *);
    /* Add the next piece of the content; false when there is no more. */
    bool (*content)(void *owner, struct buf *piece);
    /* TLS is up and the server verified.  May be NULL. */
    void (*secured)(void *owner);
    /* The server says nothing at all: true, and *err, when it is clear why. */
    bool (*silence)(void *owner, int64_t deadline, struct err *);
};

/* Until the session is over.  Its result says how it went. */
void drive(struct drive *);

#endif
