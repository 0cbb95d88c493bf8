/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drive - joins a session, which does no I/O, to a wire, which knows no SMTP
 *
 *     struct drive d = {.session = s, .wire = wire, ...};
 *
 *     drive_on(&d);
 *     while (session_wants(s) == SESSION_TRANSACTION) {
 *         ... session_begin(s, &t), or session_quit(s);
 *         drive_on(&d);
 *     }
 *     drive_end(&d);
 *
 * What it cannot know meanwhile is asked of its owner: the password, and the
 * next piece of content.  Each step has its deadline; the limit bounds every
 * one of them.
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
    /* TLS is up and the server verified.  May be NULL. */
    void (*secured)(void *owner);
    /* The server says nothing at all: true, and *err, when it is clear why. */
    bool (*silence)(void *owner, int64_t deadline, struct err *);

    void *source; /* of the content; the owner of a drive may change it   */
    /* Add the next piece of the content; false when there is no more. */
    bool (*content)(void *source, struct buf *piece);

    /* The drive's own, all zero before. */
    struct buf in, piece;
    unsigned progress;     /* when the deadline was set                   */
    int64_t deadline;
    bool watched_silence;
    bool leaving;          /* a signal came: only the last reply is       */
                           /* waited for                                  */
};

/*
 * Until the session wants a transaction, more recipients for an open one, or
 * is over.
 */
void drive_on(struct drive *);

/* The session is over: say QUIT if it has that to say, and release memory. */
void drive_end(struct drive *);

#endif
