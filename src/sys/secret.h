/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * secret - a password in memory, and nowhere else
 *
 * A secret has pages of its own that are neither swapped out nor written to a
 * core file, where the system knows how to promise that, and that are wiped
 * when it is released.  Whoever makes another form of it (base64, a SASL
 * response) wipes that.
 *
 *     secret_protect_process();           first thing in main
 *     struct secret password = {0};
 *     if (!secret_set(&password, buf_span(&line), err)) ...
 *     buf_wipe(&line);
 *     ... secret_span(&password) ...
 *     secret_free(&password);
 */
#ifndef PENNYPOST_SYS_SECRET_H
#define PENNYPOST_SYS_SECRET_H

#include "base/buf.h"
#include "base/err.h"

#include <signal.h>

enum { SECRET_MOST = 12288 };

/* All zero holds nothing. */
struct secret {
    char *pages;
    size_t len;
};

/*
 * No core file is written of this process, no other process of the same user
 * may read its memory, and SSLKEYLOGFILE is no longer in its environment.
 */
void secret_protect_process(void);

/*
 * Hold a copy of S, at most SECRET_MOST octets, in place of what was held.
 * The caller still has to wipe S.  Fails with ERR_CONFIG where it is longer,
 * and with ERR_SYSTEM where there is no memory.
 */
bool secret_set(struct secret *, struct span s, struct err *);

/* What is held; good until secret_set() or secret_free(). */
struct span secret_span(const struct secret *);

/*
 * Read one line from descriptor FD into LINE, which is empty before, without
 * the line end, and nothing behind it.  The line is nowhere else in our
 * memory, so that buf_wipe() removes it.  WHAT is where it comes from, for
 * errors: ERR_CONFIG where it is empty, longer than SECRET_MOST octets, holds a
 * NUL, or FD cannot be read; ERR_TEMPORARY where it is not whole by DEADLINE
 * (sys/clock.h), or *STOP is set.
 */
bool secret_line(int fd, const char *what, int64_t deadline,
                 const volatile sig_atomic_t *stop, struct buf *line,
                 struct err *);

/* Wipe and release it. */
void secret_free(struct secret *);

#endif
