/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test-server - an SMTP server to test against
 *
 *     test-server --make-ca DIR --port 0 --record DIR --user u --password p
 *
 * It prints "port N" once it can be reached, and each connection is served by
 * a process of its own.  It ends by itself after --lifetime seconds, whatever
 * happens; its processes hold one end of a pipe (LIFE) whose other end is the
 * first process, and end with it.
 */
#include <config.h>

#include "authority.h"
#include "session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum { LISTENERS = 2, SCRIPT_MOST = 64 * 1024 };

struct server {
    struct options options;
    struct script script;
    gnutls_certificate_credentials_t own;
    int listeners[LISTENERS]; /* -1: none */
    uint16_t port;
    int life[2];
    uint64_t connections;
    sigset_t signals; /* the mask while it waits */
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static bool address_read(const char *text, uint16_t port, union address *a,
                         socklen_t *length)
{
    *a = (union address){0};
    if (inet_pton(AF_INET, text, &a->v4.sin_addr) == 1) {
        a->v4.sin_family = AF_INET;
        a->v4.sin_port = htons(port);
        *length = sizeof(a->v4);
        return true;
    }
    a->v6.sin6_family = AF_INET6;
    a->v6.sin6_port = htons(port);
    *length = sizeof(a->v6);
    return inet_pton(AF_INET6, text, &a->v6.sin6_addr) == 1;
}

static bool socket_bind(int fd, const char *text, uint16_t *port,
                        unsigned receive_buffer)
{
    int yes = 1, size = (int)receive_buffer;
    union address a;
    socklen_t length;

    if (!address_read(text, *port, &a, &length))
        return false;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (size)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    if (a.any.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
    if (bind(fd, &a.any, length) || listen(fd, 128) ||
        getsockname(fd, &a.any, &length))
        return false;
    *port = ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port
                                              : a.v4.sin_port);
    return true;
}

static int listener_open(const struct options *options, const char *address,
                         uint16_t *port, struct err *err)
{
    bool v6 = span_find(span_of(address), ':') < strlen(address);
    int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);

    if (fd >= 0 &&
        socket_bind(fd, address, port, (unsigned)options->receive_buffer))
        return fd;
    fail(err, ERR_SYSTEM, "cannot listen on %s: %s", address,
         strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool server_listen(struct server *server, struct err *err)
{
    const struct options *options = &server->options;
    uint64_t port;

    if (!span_number(span_of(options->port), UINT16_MAX, &port))
        return fail(err, ERR_USAGE, "'%s' is no port", options->port);
    server->port = (uint16_t)port;
    server->listeners[0] =
        listener_open(options, options->address, &server->port, err);
    if (server->listeners[0] < 0)
        return false;
    if (!options->ipv6)
        return true;
    server->listeners[1] = listener_open(options, "::1", &server->port, err);
    return server->listeners[1] >= 0;
}

static bool file_read(const char *path, struct buf *out, struct err *err)
{
    FILE *file = fopen(path, "r");
    size_t n;

    if (!file)
        return fail(err, ERR_IO, "cannot read '%s': %s", path,
                    strerror(errno));
    n = fread(buf_room(out, SCRIPT_MOST), 1, SCRIPT_MOST, file);
    buf_filled(out, n);
    fclose(file);
    return n < SCRIPT_MOST || fail(err, ERR_CONFIG, "'%s' is too long", path);
}

static bool server_script(struct server *server, struct err *err)
{
    const char *path = server->options.script;
    struct buf text = {0};
    bool ok;

    if (!path)
        return true;
    ok = file_read(path, &text, err);
    if (ok && !script_read(buf_span(&text), &server->script, err))
        ok = err_within(err, "%s", path);
    buf_free(&text);
    return ok;
}

static bool server_certify(struct server *server, struct err *err)
{
    const struct options *options = &server->options;
    struct buf cert = {0}, key = {0};
    int code;

    if (options->tls_mode == TLS_NONE)
        return true;
    if (!options->make_ca && !(options->cert && options->key))
        return fail(err, ERR_USAGE, "TLS needs --cert and --key, --make-ca, "
                                    "or --tls none");
    buf_printf(&cert, options->cert ? "%s" : "%s/cert.pem",
               options->cert ? options->cert : options->make_ca);
    buf_printf(&key, options->key ? "%s" : "%s/key.pem",
               options->key ? options->key : options->make_ca);
    gnutls_certificate_allocate_credentials(&server->own);
    code = gnutls_certificate_set_x509_key_file(
        server->own, buf_cstring(&cert), buf_cstring(&key),
        GNUTLS_X509_FMT_PEM);
    buf_free(&cert);
    buf_free(&key);
    if (code < 0)
        return fail(err, ERR_CONFIG, "cannot use the certificate: %s",
                    gnutls_strerror(code));
    return true;
}

static bool make_ca(const struct options *options, struct err *err)
{
    struct span days = span_of(options->days);
    bool past = span_starts(days, S("-"));
    uint64_t n;

    if (!options->make_ca)
        return true;
    if (!span_number(span_from(days, past), 10000, &n))
        return fail(err, ERR_USAGE, "'%s' is no number of days",
                    options->days);
    return authority_make(options->make_ca, span_of(options->names),
                          past ? -(long)n : (long)n, err);
}

static void listeners_close(struct server *server)
{
    for (int i = 0; i < LISTENERS; i++) {
        if (server->listeners[i] >= 0)
            close(server->listeners[i]);
        server->listeners[i] = -1;
    }
}

/* The life of the process that serves one connection. */
static void connection_serve(struct server *server, int fd)
{
    struct channel channel = {.socket = fd,
                              .life = server->life[0],
                              .delay = (unsigned)server->options.delay};
    struct record record;
    struct err err;
    int yes = 1;

    close(server->life[1]);
    server->life[1] = -1;
    listeners_close(server);
    sigprocmask(SIG_SETMASK, &server->signals, NULL);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    if (!record_open(&record, server->options.record, server->connections,
                     &err)) {
        fprintf(stderr, "test-server: %s\n", err.text);
        close(fd);
        return;
    }
    session_run(&channel, &record, &server->script, &server->options,
                server->own);
    record_close(&record);
}

/* True in the process that serves, when it has served. */
static bool connection_take(struct server *server, int listener)
{
    int fd = accept(listener, NULL, NULL);
    pid_t pid;

    if (fd < 0)
        return false;
    server->connections++;
    pid = fork();
    if (pid == 0) {
        connection_serve(server, fd);
        return true;
    }
    close(fd);
    return false;
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

static bool server_full(const struct server *server)
{
    return server->options.count &&
           server->connections >= server->options.count;
}

/* Who can be accepted, within a second; false when a signal says to end. */
static bool server_wait(const struct server *server, fd_set *ready)
{
    struct timespec second = {.tv_sec = 1};
    int most = -1;

    FD_ZERO(ready);
    for (int i = 0; i < LISTENERS; i++)
        if (server->listeners[i] >= 0) {
            FD_SET(server->listeners[i], ready);
            if (server->listeners[i] > most)
                most = server->listeners[i];
        }
    return pselect(most + 1, ready, NULL, NULL, &second,
                   &server->signals) >= 0;
}

/* True in a process that has served a connection and has to end. */
static bool server_accept(struct server *server, const fd_set *ready)
{
    for (int i = 0; i < LISTENERS; i++)
        if (server->listeners[i] >= 0 && !server_full(server) &&
            FD_ISSET(server->listeners[i], ready) &&
            connection_take(server, server->listeners[i]))
            return true;
    return false;
}

static void server_run(struct server *server)
{
    int64_t end = now() + (int64_t)server->options.lifetime;
    fd_set ready;

    while (!server_full(server) && now() < end &&
           server_wait(server, &ready)) {
        if (server_accept(server, &ready))
            return;
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
    listeners_close(server);
    while (server_full(server) && now() < end &&
           waitpid(-1, NULL, WNOHANG) >= 0)
        poll(NULL, 0, 10);
    close(server->life[1]);
    server->life[1] = -1;
    while (waitpid(-1, NULL, 0) > 0)
        ;
}

static void signal_noted(int number)
{
    (void)number; /* it has ended the wait: that is all it has to do */
}

/* TERM and INT are let in only while the server waits. */
static void signals_prepare(struct server *server)
{
    struct sigaction noted = {.sa_handler = signal_noted};
    sigset_t both;

    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    sigaction(SIGTERM, &noted, NULL);
    sigaction(SIGINT, &noted, NULL);
    sigemptyset(&both);
    sigaddset(&both, SIGTERM);
    sigaddset(&both, SIGINT);
    sigprocmask(SIG_BLOCK, &both, &server->signals);
    sigdelset(&server->signals, SIGTERM);
    sigdelset(&server->signals, SIGINT);
}

static bool server_begin(struct server *server, struct err *err)
{
    if (!make_ca(&server->options, err))
        return false;
    if (!server->options.port)
        return true;
    if (pipe(server->life))
        return fail(err, ERR_SYSTEM, "no pipe: %s", strerror(errno));
    return server_script(server, err) && server_certify(server, err) &&
           server_listen(server, err);
}

static void server_end(struct server *server)
{
    listeners_close(server);
    for (int i = 0; i < 2; i++)
        if (server->life[i] >= 0)
            close(server->life[i]);
    if (server->own)
        gnutls_certificate_free_credentials(server->own);
    script_free(&server->script);
}

static int usage_print(void)
{
    struct buf text = {0};

    options_help(&text);
    fwrite(text.data, 1, text.len, stdout);
    buf_free(&text);
    return EX_OK;
}

int main(int argc, char **argv)
{
    struct server server = {.listeners = {-1, -1}, .life = {-1, -1}};
    struct err err;
    bool ok;

    signals_prepare(&server);
    ok = options_read(argc, argv, &server.options, &err);
    if (ok && server.options.help)
        return usage_print();
    ok = ok && server_begin(&server, &err);
    if (!ok) {
        fprintf(stderr, "test-server: %s\n", err.text);
    } else if (server.options.port) {
        printf("port %u\n", server.port);
        fflush(stdout);
        server_run(&server);
    }
    server_end(&server);
    return ok ? EX_OK : err_status(err.kind);
}
