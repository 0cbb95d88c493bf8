/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/resolve.h"

#include "base/mem.h"
#include "sys/clock.h"
#include "sys/host.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/un.h>
#include <unistd.h>

typedef int lookup_function(const char *, const char *,
                            const struct addrinfo *, struct addrinfo **);

/* What getaddrinfo(3) says when it has no address for us. */
static const struct failure {
    int status;
    enum err_kind kind;
    const char *text, *hint;
} failures[] = {
    {EAI_NONAME, ERR_NO_HOST, "does not exist",
     "is it spelled right in the setting 'server'?"},
#ifdef EAI_NODATA
    {EAI_NODATA, ERR_NO_HOST, "has no address",
     "is the name in the setting 'server' that of a host?"},
#endif
    {EAI_AGAIN, ERR_TEMPORARY,
     "cannot be looked up now: no answer from the name servers",
     "is this machine on the network, and /etc/resolv.conf right?"},
    {EAI_FAIL, ERR_TEMPORARY,
     "cannot be looked up: the name servers are in trouble",
     "if this does not pass, look at the name servers in /etc/resolv.conf"},
};

/*
 * One lookup, shared by two threads.  Whoever is the second to leave it frees
 * it; that is what state is for.
 */
struct lookup {
    lookup_function *ask;
    struct buf host;
    char port[8];
    int flags;
    int status; /* of getaddrinfo(3), with the errno of EAI_SYSTEM */
    int why;
    struct addrinfo *found;
    int done[2]; /* a pipe; its end says that the answer is there */
    atomic_int state;
};

enum { RUNNING, ANSWERED, ABANDONED };

static void lookup_free(struct lookup *l)
{
    if (l->found)
        freeaddrinfo(l->found);
    buf_free(&l->host);
    mem_free(l);
}

static struct lookup *lookup_new(lookup_function *ask, struct span host,
                                 uint16_t port, int flags)
{
    struct lookup *l = mem_zero(1, sizeof *l);

    l->ask = ask;
    l->flags = flags;
    buf_add(&l->host, host);
    buf_cstring(&l->host);
    snprintf(l->port, sizeof l->port, "%u", (unsigned)port);
    return l;
}

/* No AI_ADDRCONFIG: it hides ::1 and 127.0.0.1 from a machine off the net. */
static void lookup_ask(struct lookup *l)
{
    struct addrinfo wanted = {
        .ai_flags = l->flags | AI_NUMERICSERV,
        .ai_socktype = SOCK_STREAM,
    };

    l->status = l->ask(l->host.data, l->port, &wanted, &l->found);
    l->why = errno;
    if (l->status != 0)
        l->found = NULL;
}

static void *lookup_thread(void *argument)
{
    struct lookup *l = argument;
    int done = l->done[1];

    lookup_ask(l);
    if (atomic_exchange(&l->state, ANSWERED) == ABANDONED)
        lookup_free(l);
    close(done);
    return NULL;
}

/* The thread takes no signals: they are for whoever waits. */
static int thread_start(pthread_t *thread, struct lookup *l)
{
    sigset_t all, before;
    int status;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    status = pthread_create(thread, NULL, lookup_thread, l);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

/* A pipe; on failure none of it is left open. */
static bool pipe_open(int ends[2])
{
    if (pipe(ends) != 0)
        return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

static bool lookup_start(struct lookup *l, pthread_t *thread, struct err *err)
{
    int status = pipe_open(l->done) ? thread_start(thread, l) : errno;

    if (status == 0)
        return true;
    if (l->done[0])
        close(l->done[0]), close(l->done[1]);
    return fail(err, ERR_TEMPORARY,
                "cannot look up the server's name '%s': %s", l->host.data,
                strerror(status));
}

static bool lookup_unanswered(const struct lookup *l, enum clock_wait end,
                              struct err *err)
{
    if (end == CLOCK_STOPPED)
        return fail(err, ERR_TEMPORARY,
                    "interrupted while looking up the server's name '%s'",
                    l->host.data);
    fail(err, ERR_TEMPORARY,
         "no answer in time to the question where the server '%s' is",
         l->host.data);
    return err_hint(err, "is this machine on the network, and"
                         " /etc/resolv.conf right?");
}

/*
 * Run *L in a thread.  True: it has been answered, and is still the caller's.
 * False: it is the caller's no more.
 */
static bool lookup_run(struct lookup *l, int64_t deadline,
                       const volatile sig_atomic_t *stop, struct err *err)
{
    struct pollfd done = {.events = POLLIN};
    enum clock_wait end;
    pthread_t thread;

    if (!lookup_start(l, &thread, err)) {
        lookup_free(l);
        return false;
    }
    done.fd = l->done[0];
    end = clock_wait(&done, 1, deadline, stop);
    close(done.fd);
    if (end != CLOCK_READY) {
        lookup_unanswered(l, end, err);
        if (atomic_exchange(&l->state, ABANDONED) == RUNNING) {
            pthread_detach(thread);
            return false;
        }
    }
    pthread_join(thread, NULL);
    if (end != CLOCK_READY)
        lookup_free(l);
    return end == CLOCK_READY;
}

static bool lookup_failed(const struct lookup *l, struct err *err)
{
    const char *host = l->host.data;

    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        const struct failure *f = &failures[i];

        if (f->status != l->status)
            continue;
        fail(err, f->kind, "the server's name '%s' %s", host, f->text);
        return err_hint(err, "%s", f->hint);
    }
    return fail(err, ERR_TEMPORARY, "cannot look up the server's name '%s': %s",
                host, l->status == EAI_SYSTEM ? strerror(l->why)
                                              : gai_strerror(l->status));
}

static bool known(const struct addresses *to, const struct addrinfo *info)
{
    for (size_t i = 0; i < to->count; i++)
        if (to->list[i].length == info->ai_addrlen &&
            memcmp(&to->list[i].at, info->ai_addr, info->ai_addrlen) == 0)
            return true;
    return false;
}

static void addresses_add(struct addresses *to, const struct addrinfo *info)
{
    struct net_address *a = &to->list[to->count];

    if (info->ai_addrlen > sizeof a->at || known(to, info))
        return;
    memcpy(&a->at, info->ai_addr, info->ai_addrlen);
    a->length = info->ai_addrlen;
    to->count++;
}

/* The next of this list that is of FAMILY, or that is not; NULL: none. */
static const struct addrinfo *of_family(const struct addrinfo *info,
                                        int family, bool same)
{
    while (info && (info->ai_family == family) != same)
        info = info->ai_next;
    return info;
}

/* The two families in turn, the preferred one first (RFC 8305, 4). */
static void addresses_take(struct addresses *to, const struct addrinfo *found)
{
    int family = found ? found->ai_family : AF_UNSPEC;
    const struct addrinfo *one = found;
    const struct addrinfo *other = of_family(found, family, false);

    while ((one || other) && to->count < ADDRESSES_MAX) {
        if (one) {
            addresses_add(to, one);
            one = of_family(one->ai_next, family, true);
        }
        if (other && to->count < ADDRESSES_MAX) {
            addresses_add(to, other);
            other = of_family(other->ai_next, family, false);
        }
    }
}

static bool not_a_host(struct span host, struct err *err)
{
    fail(err, ERR_CONFIG, "'%.*s' is not the name or the address of a host",
         SPAN_ARG(host));
    return err_hint(err, "write it as in submission://mail.example.org or"
                         " submission://[2001:db8::1]");
}

static void addresses_begin(struct addresses *to, struct span name,
                            uint16_t port)
{
    *to = (struct addresses){.port = port};
    memcpy(to->name, name.p, name.n);
}

bool resolve_with(lookup_function *ask, struct span host, uint16_t port,
                  int64_t deadline, const volatile sig_atomic_t *stop,
                  struct addresses *to, struct err *err)
{
    unsigned char bytes[HOST_BYTES];
    bool numeric = host_address(host, bytes) > 0, found;
    struct lookup *l;

    if (host.n > ADDRESSES_NAME_MAX || (!numeric && !host_is_name(host)))
        return not_a_host(host, err);
    addresses_begin(to, host, port);
    l = lookup_new(ask, numeric ? host_bare(host) : host, port,
                   numeric ? AI_NUMERICHOST : 0);
    if (numeric)
        lookup_ask(l);
    else if (!lookup_run(l, deadline, stop, err))
        return false;
    addresses_take(to, l->found);
    found = to->count > 0;
    if (!found && numeric)
        not_a_host(host, err);
    else if (!found)
        lookup_failed(l, err);
    lookup_free(l);
    return found;
}

bool resolve(struct span host, uint16_t port, int64_t deadline,
             const volatile sig_atomic_t *stop, struct addresses *to,
             struct err *err)
{
    return resolve_with(getaddrinfo, host, port, deadline, stop, to, err);
}

bool addresses_unix(struct span path, struct addresses *to, struct err *err)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};

    if (span_empty(path) || span_find(path, '\0') < path.n)
        return fail(err, ERR_CONFIG, "'%.*s' is not the path of a socket",
                    SPAN_ARG(path));
    if (path.n >= sizeof at.sun_path)
        return fail(err, ERR_CONFIG,
                    "the socket's path '%.*s' is too long: %zu bytes, %zu are"
                    " possible",
                    SPAN_ARG(path), path.n, sizeof at.sun_path - 1);
    memcpy(at.sun_path, path.p, path.n);
    addresses_begin(to, path, 0);
    memcpy(&to->list[0].at, &at, sizeof at);
    to->list[0].length = sizeof at;
    to->count = 1;
    return true;
}

void net_address_text(const struct net_address *a, struct buf *out)
{
    char text[NI_MAXHOST];

    if (a->at.ss_family == AF_UNIX)
        buf_add(out, span_of(((const struct sockaddr_un *)&a->at)->sun_path));
    else if (getnameinfo((const struct sockaddr *)&a->at, a->length, text,
                         sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
        buf_add(out, span_of(text));
}
