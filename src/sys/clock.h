/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clock - the time that deadlines are measured in, and waiting until one
 *
 * The clock only goes forward: nobody can set it.  A deadline is a moment on
 * it, in milliseconds, and is absolute: a step gets one when it begins, and
 * whatever happens meanwhile does not move it.
 *
 *     int64_t deadline = clock_ms() + 30 * 1000;
 *
 * Whatever waits here also takes STOP: NULL, or the address of a flag that a
 * handler of HUP, INT or TERM sets (signals_flag()).  Waiting ends when it is
 * set, also by a signal that comes just before falling asleep.
 */
#ifndef PENNYPOST_SYS_CLOCK_H
#define PENNYPOST_SYS_CLOCK_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum clock_wait {
    CLOCK_READY,   /* poll(2) has something to say in revents */
    CLOCK_LATE,    /* the deadline is here, and nothing is ready */
    CLOCK_STOPPED, /* *STOP is set */
};

/* Milliseconds since some moment in the past. */
int64_t clock_ms(void);

bool clock_past(int64_t deadline);

/*
 * poll(2) for COUNT descriptors, until DEADLINE.  Looks at them once even
 * when the deadline is past.
 */
enum clock_wait clock_wait(struct pollfd *, size_t count, int64_t deadline,
                           const volatile sig_atomic_t *stop);

#endif
