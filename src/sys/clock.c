/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/clock.h"

#include <errno.h>
#include <limits.h>
#include <time.h>

int64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool clock_past(int64_t deadline)
{
    return clock_ms() >= deadline;
}

/* What poll(2) takes: 0 for what is past, INT_MAX for what is far away. */
static int time_left(int64_t deadline)
{
    int64_t left = deadline - clock_ms();

    if (left < 0)
        return 0;
    return left < INT_MAX ? (int)left : INT_MAX;
}

#ifdef __APPLE__

/* There is no ppoll(2) here: a lost race costs one slice, not the deadline. */
enum { SLICE_MS = 250 };

static int poll_once(struct pollfd *fds, size_t count, int64_t deadline,
                     const volatile sig_atomic_t *stop)
{
    int left = time_left(deadline);

    if (stop && *stop)
        return 0;
    return poll(fds, (nfds_t)count, stop && left > SLICE_MS ? SLICE_MS : left);
}

#else

static int poll_masked(struct pollfd *fds, size_t count, int64_t deadline,
                       const sigset_t *mask)
{
    int left = time_left(deadline);
    struct timespec timeout = {left / 1000, left % 1000 * 1000000L};

    return ppoll(fds, (nfds_t)count, &timeout, mask);
}

/*
 * The signals are kept back while the flag is looked at; only ppoll(2) lets
 * them in, so none can fall between the look and the sleep.
 */
static int poll_once(struct pollfd *fds, size_t count, int64_t deadline,
                     const volatile sig_atomic_t *stop)
{
    sigset_t held, before;
    int ready = 0, why;

    if (!stop)
        return poll_masked(fds, count, deadline, NULL);
    sigemptyset(&held);
    sigaddset(&held, SIGHUP);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &held, &before);
    if (!*stop)
        ready = poll_masked(fds, count, deadline, &before);
    why = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = why;
    return ready;
}

#endif

enum clock_wait clock_wait(struct pollfd *fds, size_t count, int64_t deadline,
                           const volatile sig_atomic_t *stop)
{
    for (;;) {
        int ready = poll_once(fds, count, deadline, stop);

        if (stop && *stop)
            return CLOCK_STOPPED;
        if (ready > 0)
            return CLOCK_READY;
        if (ready < 0 && errno != EINTR && errno != EAGAIN)
            return CLOCK_LATE; /* never to be asked again for ever */
        if (clock_past(deadline))
            return CLOCK_LATE;
    }
}
