/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/secret.h"

#include "base/mem.h"
#include "sys/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

void secret_protect_process(void)
{
    const struct rlimit none = {0, 0};

    setrlimit(RLIMIT_CORE, &none);
#ifdef PR_SET_DUMPABLE
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
    unsetenv("SSLKEYLOGFILE");
}

/* What a system cannot promise is no reason not to send the mail. */
static void pages_guard(char *pages)
{
    (void)mlock(pages, SECRET_MOST);
#ifdef MADV_DONTDUMP
    madvise(pages, SECRET_MOST, MADV_DONTDUMP);
#endif
}

bool secret_set(struct secret *secret, struct span s, struct err *err)
{
    void *pages;

    if (s.n > SECRET_MOST)
        return fail(err, ERR_CONFIG, "the secret is longer than %d octets",
                    SECRET_MOST);
    pages = mmap(NULL, SECRET_MOST, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return fail(err, ERR_SYSTEM, "no memory for a secret: %s",
                    strerror(errno));
    pages_guard(pages);
    if (!span_empty(s))
        memcpy(pages, s.p, s.n);
    secret_free(secret);
    *secret = (struct secret){pages, s.n};
    return true;
}

struct span secret_span(const struct secret *secret)
{
    return (struct span){secret->pages, secret->len};
}

void secret_free(struct secret *secret)
{
    if (secret->pages) {
        mem_wipe(secret->pages, SECRET_MOST);
        munmap(secret->pages, SECRET_MOST);
    }
    *secret = (struct secret){0};
}

static bool awaited(int fd, const char *what, int64_t deadline,
                    const volatile sig_atomic_t *stop, struct err *err)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};

    switch (clock_wait(&wait, 1, deadline, stop)) {
    case CLOCK_READY:
        return true;
    case CLOCK_LATE:
        return fail(err, ERR_TEMPORARY, "no password has come from %s in time",
                    what);
    case CLOCK_STOPPED:
        break;
    }
    return fail(err, ERR_TEMPORARY,
                "stopped by a signal while waiting for a password from %s",
                what);
}

/* To the end of the line or of FD; an octet at a time, the rest is not ours. */
static bool line_read(int fd, const char *what, int64_t deadline,
                      const volatile sig_atomic_t *stop, struct buf *line,
                      struct err *err)
{
    while (line->len <= SECRET_MOST + 1) {
        char *room = buf_room(line, 1);
        ssize_t n;

        if (!awaited(fd, what, deadline, stop, err))
            return false;
        n = read(fd, room, 1);
        if (n == 0 || (n > 0 && *room == '\n'))
            return true;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return fail(err, ERR_CONFIG, "cannot read a password from %s: %s",
                        what, strerror(errno));
        if (n > 0)
            buf_filled(line, 1);
    }
    return true;
}

static bool line_check(const char *what, struct span line, struct err *err)
{
    if (span_empty(line))
        return fail(err, ERR_CONFIG, "there is no password from %s", what);
    if (line.n > SECRET_MOST)
        return fail(err, ERR_CONFIG,
                    "the password from %s is longer than %d octets", what,
                    SECRET_MOST);
    if (span_find(line, '\0') < line.n)
        return fail(err, ERR_CONFIG, "the password from %s holds a NUL", what);
    return true;
}

bool secret_line(int fd, const char *what, int64_t deadline,
                 const volatile sig_atomic_t *stop, struct buf *line,
                 struct err *err)
{
    bool done;

    buf_room(line, SECRET_MOST + 4); /* once: no copy stays behind */
    done = line_read(fd, what, deadline, stop, line, err);
    if (done && span_ends(buf_span(line), S("\r")))
        buf_cut(line, line->len - 1);
    done = done && line_check(what, buf_span(line), err);
    if (!done)
        buf_wipe(line);
    return done;
}
