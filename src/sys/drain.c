/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/drain.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

static void *drain(void *argument)
{
    int fd = (int)(intptr_t)argument;
    char dropped[16384];
    ssize_t n;

    do {
        n = read(fd, dropped, sizeof dropped);
        if (n < 0 && errno == EAGAIN)
            poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
    } while (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)));
    return NULL;
}

void drain_start(int fd)
{
    sigset_t all, before;
    pthread_t thread;

    /* Signals are for the thread that looks at their flag. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&thread, NULL, drain, (void *)(intptr_t)fd) == 0)
        pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}
