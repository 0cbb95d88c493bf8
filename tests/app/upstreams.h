/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * upstreams - servers that a program under test connects to, one by one
 *
 * Each connection is played a script of its own (peer.h); there must be no
 * more connections than scripts, and no fewer.
 *
 *     static const char *const scripts[] = {"S: 220 mx\n...", NULL};
 *     struct upstreams u;
 *
 *     upstreams_start(&u, scripts);
 *     ... connect to u.url ...
 *     upstreams_end(&u);
 */
#ifndef PENNYPOST_TESTS_APP_UPSTREAMS_H
#define PENNYPOST_TESTS_APP_UPSTREAMS_H

#include "app/peer.h"

#include <poll.h>

struct upstreams {
    char url[64];
    uint16_t port;
    int listener;
    pid_t pid;
};

static inline void upstreams_play(int listener, const char *const *scripts)
{
    int failed = 0;

    alarm(20);
    for (; *scripts; scripts++) {
        int fd = accept(listener, NULL, NULL);
        pid_t pid = fork();

        if (pid == 0) {
            alarm(20);
            peer_play(fd, *scripts);
            _exit(0);
        }
        close(fd);
        failed |= peer_end(pid);
    }
    _exit(failed);
}

static inline void upstreams_start(struct upstreams *u,
                                   const char *const *scripts)
{
    u->port = 0;
    u->listener = peer_listen(AF_INET, &u->port);
    ck_assert_int_ge(u->listener, 0);
    snprintf(u->url, sizeof u->url, "smtp://127.0.0.1:%u", (unsigned)u->port);
    u->pid = fork();
    if (u->pid == 0)
        upstreams_play(u->listener, scripts);
}

/* The program has let go of its last connection; WHAT was tried. */
static inline void upstreams_end(struct upstreams *u, const char *what)
{
    struct pollfd more = {.fd = u->listener, .events = POLLIN};
    int status = peer_end(u->pid);

    ck_assert_msg(status == 0, "%s: not by the script", what);
    ck_assert_msg(poll(&more, 1, 0) == 0, "%s: another connection", what);
    close(u->listener);
}

#endif
