/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * peer - a server that keeps to a script, in a process of its own
 *
 * A line of the script is a step:
 *
 *     S: 250 ok        say this, and CRLF
 *     C: QUIT          hear this line; "*" at its end stands for any rest
 *     LF: 250 ok       say this, and LF
 *     raw *            say this, without CRLF
 *     message          hear lines up to a lone dot
 *     octets 1000      hear so many octets
 *     signal           send SIGUSR1 to who started it
 *     pause            wait 50 ms
 *     drip             say a digit now and then, until the client leaves
 *     close            end here, whatever there is to hear
 *     drain            hear the rest, whatever it is
 *
 * At the end of the script the client must have nothing more to say.
 *
 *     pid_t pid = peer_start(script, &fd);
 *     ...
 *     ck_assert_int_eq(peer_end(pid), 0);
 */
#ifndef PENNYPOST_TESTS_APP_PEER_H
#define PENNYPOST_TESTS_APP_PEER_H

#include "unit.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void peer_give_up(const char *why, struct span step,
                                struct span heard)
{
    fprintf(stderr, "the script '%.*s': %s '%.*s'\n", SPAN_ARG(step), why,
            SPAN_ARG(heard));
    _exit(1);
}

static inline void peer_say(int fd, struct span text)
{
    while (text.n > 0) {
        ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);

        if (n <= 0)
            return; /* what the client makes of it is seen there */
        text = span_from(text, (size_t)n);
    }
}

/* A line without its line end; false at the end. */
static inline bool peer_hear(int fd, struct buf *line)
{
    char c;

    buf_clear(line);
    while (recv(fd, &c, 1, 0) == 1) {
        if (c == '\n')
            return true;
        if (c != '\r')
            buf_addc(line, c);
    }
    return false;
}

static inline void peer_expect(int fd, struct span step, struct span want)
{
    struct buf line = {0};
    bool heard = peer_hear(fd, &line);

    if (!heard)
        peer_give_up("the client left", step, buf_span(&line));
    if (span_ends(want, S("*")) ? !span_starts(buf_span(&line),
                                               span_upto(want, want.n - 1))
                                : !span_eq(buf_span(&line), want))
        peer_give_up("heard", step, buf_span(&line));
    buf_free(&line);
}

static inline void peer_hear_message(int fd, struct span step)
{
    struct buf line = {0};

    do
        if (!peer_hear(fd, &line))
            peer_give_up("the client left", step, buf_span(&line));
    while (!span_eq(buf_span(&line), S(".")));
    buf_free(&line);
}

/* So many octets, or with no STEP all there are; how many there were. */
static inline size_t peer_hear_octets(int fd, struct span step, uint64_t most)
{
    char octets[4096];
    size_t all = 0;

    while (all < most) {
        size_t left = (size_t)most - all;
        ssize_t n = recv(fd, octets, left < sizeof octets ? left
                                                          : sizeof octets, 0);

        if (n <= 0 && step.n)
            peer_give_up("the client left", step, S(""));
        if (n <= 0)
            break;
        all += (size_t)n;
    }
    return all;
}

static inline void peer_drip(int fd)
{
    while (send(fd, "2", 1, MSG_NOSIGNAL) == 1)
        usleep(20 * 1000);
    _exit(0);
}

static inline void peer_step(int fd, struct span step)
{
    uint64_t n = 0;

    if (span_starts(step, S("S: "))) {
        peer_say(fd, span_from(step, 3));
        peer_say(fd, S("\r\n"));
    } else if (span_starts(step, S("LF: "))) {
        peer_say(fd, span_from(step, 4));
        peer_say(fd, S("\n"));
    } else if (span_starts(step, S("C: "))) {
        peer_expect(fd, step, span_from(step, 3));
    } else if (span_starts(step, S("raw "))) {
        peer_say(fd, span_from(step, 4));
    } else if (span_eq(step, S("message"))) {
        peer_hear_message(fd, step);
    } else if (span_starts(step, S("octets ")) &&
               span_number(span_from(step, 7), UINT32_MAX, &n)) {
        peer_hear_octets(fd, step, n);
    } else if (span_eq(step, S("signal"))) {
        kill(getppid(), SIGUSR1);
    } else if (span_eq(step, S("pause"))) {
        usleep(50 * 1000);
    } else if (span_eq(step, S("drip"))) {
        peer_drip(fd);
    } else if (span_eq(step, S("close"))) {
        _exit(0);
    } else if (span_eq(step, S("drain"))) {
        peer_hear_octets(fd, S(""), UINT64_MAX);
    } else {
        peer_give_up("no such step", step, S(""));
    }
}

static inline void peer_play(int fd, const char *script)
{
    struct span rest = span_of(script), step;

    while (span_line(&rest, &step))
        peer_step(fd, step);
    if (peer_hear_octets(fd, S(""), UINT64_MAX) > 0)
        peer_give_up("more was said", span_of(script), S(""));
    close(fd);
}

/* Play SCRIPT at the other end of the socket *FD, which is the caller's. */
static inline pid_t peer_start(const char *script, int *fd)
{
    int ends[2];
    pid_t pid;

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid = fork();
    if (pid == 0) {
        alarm(10);
        close(ends[0]);
        peer_play(ends[1], script);
        _exit(0);
    }
    close(ends[1]);
    *fd = ends[0];
    return pid;
}

/* A listener on loopback, at *PORT or, where that is 0, any; -1: none. */
static inline int peer_listen(int family, uint16_t *port)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at = {.any.sa_family = (sa_family_t)family};
    socklen_t length = family == AF_INET ? sizeof at.v4 : sizeof at.v6;
    int fd = socket(family, SOCK_STREAM, 0);

    if (family == AF_INET) {
        at.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        at.v4.sin_port = htons(*port);
    } else {
        at.v6.sin6_addr = in6addr_loopback;
        at.v6.sin6_port = htons(*port);
    }
    if (fd < 0 || bind(fd, &at.any, length) != 0 || listen(fd, 5) != 0) {
        close(fd);
        return -1;
    }
    getsockname(fd, &at.any, &length);
    *port = ntohs(family == AF_INET ? at.v4.sin_port : at.v6.sin6_port);
    return fd;
}

/* What the process ended with: 0 where all went by the script. */
static inline int peer_end(pid_t pid)
{
    int status = -1;

    while (waitpid(pid, &status, 0) < 0)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
