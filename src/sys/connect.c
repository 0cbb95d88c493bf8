/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/connect.h"

#include "sys/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum {
    NEXT_AFTER_MS = 250,   /* RFC 8305, 5: Connection Attempt Delay */
    ATTEMPT_MS = 30 * 1000,
    REASONS_SHOWN = 8,
};

struct attempt {
    int fd; /* -1: not running */
    int64_t begun;
};

/* One for each address of the list, at the same index. */
struct race {
    struct addresses *to;
    struct attempt attempts[ADDRESSES_MAX];
    int why[ADDRESSES_MAX]; /* errno of an address that failed, or 0 */
    size_t begun;           /* how many addresses were begun */
    int64_t begin_next;
    int winner;             /* its index, or -1 */
};

/* What to look at, by how the last attempt failed. */
static const struct advice {
    int why;
    const char *text;
} advices[] = {
    {ECONNREFUSED, "nothing listens there: is the port right, and the server"
                   " running?"},
    {ENOENT, "there is no such socket: is the path right, and the server"
             " running?"},
    {EACCES, "may this user write to the socket?"},
    {ETIMEDOUT, "the server may be down, or a firewall in between; many"
                " networks let port 25 through to nobody, and 465 or 587 to"
                " everybody"},
    {ENETUNREACH, "is this machine on the network?"},
    {EHOSTUNREACH, "is this machine on the network?"},
};

static int socket_open(int family)
{
#ifdef SOCK_CLOEXEC
    return socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
#else
    int fd = socket(family, SOCK_STREAM, 0);

    if (fd >= 0) {
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        fcntl(fd, F_SETFL, O_NONBLOCK);
    }
    return fd;
#endif
}

/* Improvements, not needs: a failure is no reason not to connect. */
static void socket_tune(int fd, int family)
{
    const int on = 1;

    if (family == AF_UNIX)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

/* Begin to connect to address I: won, lost, or running now. */
static void attempt_begin(struct race *race, size_t i)
{
    const struct net_address *a = &race->to->list[i];
    int fd = socket_open(a->at.ss_family);

    race->begun = i + 1;
    race->begin_next = clock_ms() + NEXT_AFTER_MS;
    race->attempts[i] = (struct attempt){fd, clock_ms()};
    if (fd >= 0) {
        socket_tune(fd, a->at.ss_family);
        if (connect(fd, (const struct sockaddr *)&a->at, a->length) == 0)
            race->winner = (int)i;
    }
    if (race->winner >= 0 || (fd >= 0 && errno == EINPROGRESS))
        return;
    race->why[i] = errno;
    race->begin_next = 0;
    race->attempts[i].fd = -1;
    if (fd >= 0)
        close(fd);
}

static void attempt_fail(struct race *race, size_t i, int why)
{
    close(race->attempts[i].fd);
    race->attempts[i].fd = -1;
    race->why[i] = why;
    race->begin_next = 0;
}

/* Attempt I is over, says poll(2): has it got through? */
static void attempt_end(struct race *race, size_t i)
{
    int why = 0;
    socklen_t length = sizeof why;

    if (getsockopt(race->attempts[i].fd, SOL_SOCKET, SO_ERROR, &why,
                   &length) != 0)
        why = errno;
    if (why == 0)
        race->winner = (int)i;
    else
        attempt_fail(race, i, why);
}

/* The descriptors of the running attempts, and when to wake up for them. */
static size_t race_watch(const struct race *race, struct pollfd *fds,
                         size_t *index, int64_t *wake)
{
    size_t n = 0;

    if (race->begun < race->to->count && race->begin_next < *wake)
        *wake = race->begin_next;
    for (size_t i = 0; i < race->begun; i++) {
        const struct attempt *a = &race->attempts[i];

        if (a->fd < 0)
            continue;
        if (a->begun + ATTEMPT_MS < *wake)
            *wake = a->begun + ATTEMPT_MS;
        fds[n] = (struct pollfd){a->fd, POLLOUT, 0};
        index[n++] = i;
    }
    return n;
}

static void race_expire(struct race *race)
{
    for (size_t i = 0; i < race->begun; i++)
        if (race->attempts[i].fd >= 0 &&
            clock_past(race->attempts[i].begun + ATTEMPT_MS))
            attempt_fail(race, i, ETIMEDOUT);
}

/* Wait for something to happen, and note it.  CLOCK_LATE: nothing has. */
static enum clock_wait race_wait(struct race *race, int64_t wake,
                                 const volatile sig_atomic_t *stop)
{
    struct pollfd fds[ADDRESSES_MAX];
    size_t index[ADDRESSES_MAX];
    size_t n = race_watch(race, fds, index, &wake);
    enum clock_wait end = clock_wait(fds, n, wake, stop);

    for (size_t i = 0; i < n && end == CLOCK_READY && race->winner < 0; i++)
        if (fds[i].revents)
            attempt_end(race, index[i]);
    return end;
}

static bool race_running(const struct race *race)
{
    for (size_t i = 0; i < race->begun; i++)
        if (race->attempts[i].fd >= 0)
            return true;
    return race->begun < race->to->count;
}

/* CLOCK_READY: there is a winner, or nobody is left to be one. */
static enum clock_wait race_run(struct race *race, int64_t deadline,
                                const volatile sig_atomic_t *stop)
{
    while (race->winner < 0 && race_running(race)) {
        if (race->begun < race->to->count && clock_past(race->begin_next)) {
            attempt_begin(race, race->begun);
            continue;
        }
        if (race_wait(race, deadline, stop) == CLOCK_STOPPED)
            return CLOCK_STOPPED;
        race_expire(race);
        if (race->winner < 0 && clock_past(deadline))
            return CLOCK_LATE;
    }
    return CLOCK_READY;
}

/* What was still on its way when the time was up counts as timed out. */
static void race_close(struct race *race, bool late)
{
    for (size_t i = 0; i < race->begun; i++) {
        if (race->attempts[i].fd < 0 || race->winner == (int)i)
            continue;
        close(race->attempts[i].fd);
        if (late)
            race->why[i] = ETIMEDOUT;
    }
}

/* Keep the addresses that have neither failed nor won. */
static void race_take_out(const struct race *race)
{
    struct addresses *to = race->to;
    size_t kept = 0;

    for (size_t i = 0; i < to->count; i++)
        if (race->why[i] == 0 && race->winner != (int)i)
            to->list[kept++] = to->list[i];
    to->count = kept;
}

static void why_text(int why, struct buf *out)
{
    const char *text = why == ETIMEDOUT ? "no answer in time" : strerror(why);

    buf_addc(out, ascii_lower(text[0]));
    buf_add(out, span_of(text + 1));
}

static void add_reasons(const struct race *race, struct buf *out)
{
    size_t shown = 0, failed = 0;

    for (size_t i = 0; i < race->begun; i++) {
        if (race->why[i] == 0 || ++failed > REASONS_SHOWN)
            continue;
        buf_add(out, shown++ ? S("; ") : S(": "));
        if (race->to->port) {
            net_address_text(&race->to->list[i], out);
            buf_add(out, S(": "));
        }
        why_text(race->why[i], out);
    }
    if (failed > shown)
        buf_printf(out, "; and %zu more", failed - shown);
}

static bool race_lost(const struct race *race, struct err *err)
{
    struct buf text = {0};
    int last = race->begun ? race->why[race->begun - 1] : 0;

    buf_printf(&text, "cannot connect to '%s'", race->to->name);
    if (race->to->port)
        buf_printf(&text, " port %u", (unsigned)race->to->port);
    if (race->to->count == 0)
        buf_add(&text, S(": no address is left to try"));
    add_reasons(race, &text);
    fail(err, ERR_TEMPORARY, "%s", buf_cstring(&text));
    buf_free(&text);
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].why == last)
            err_hint(err, "%s", advices[i].text);
    return false;
}

bool connect_next(struct addresses *to, int64_t deadline,
                  const volatile sig_atomic_t *stop, int *fd,
                  struct net_address *winner, struct err *err)
{
    struct race race = {.to = to, .winner = -1};
    enum clock_wait end = race_run(&race, deadline, stop);

    race_close(&race, end == CLOCK_LATE);
    if (race.winner >= 0) {
        *fd = race.attempts[race.winner].fd;
        *winner = to->list[race.winner];
    } else if (end == CLOCK_STOPPED) {
        fail(err, ERR_TEMPORARY, "interrupted while connecting to '%s'",
             to->name);
    } else {
        race_lost(&race, err);
    }
    race_take_out(&race);
    return race.winner >= 0;
}
