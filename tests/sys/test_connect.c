/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/connect.h"

#include "sys/clock.h"

#include "unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_in loopback(unsigned last, unsigned port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(0x7F000000 | last),
    };
}

/* A listener on 127.0.0.LAST; its port. */
static unsigned listen_on(unsigned last, int backlog)
{
    struct sockaddr_in at = loopback(last, 0);
    socklen_t length = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    ck_assert_int_eq(listen(fd, backlog), 0);
    getsockname(fd, (struct sockaddr *)&at, &length);
    return ntohs(at.sin_port);
}

/* One whose queue is full: what connects to it gets no answer at all. */
static unsigned black_hole(unsigned last)
{
    unsigned port = listen_on(last, 0);
    struct sockaddr_in at = loopback(last, port);

    for (int i = 0; i < 4; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

        connect(fd, (struct sockaddr *)&at, sizeof at);
    }
    usleep(10000);
    return port;
}

/* A port that nobody listens on. */
static unsigned closed_port(void)
{
    struct sockaddr_in at = loopback(1, 0);
    socklen_t length = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    bind(fd, (struct sockaddr *)&at, sizeof at);
    getsockname(fd, (struct sockaddr *)&at, &length);
    return ntohs(at.sin_port);
}

static struct addresses begin(void)
{
    return (struct addresses){.name = "mx.example.org", .port = 587};
}

static void add(struct addresses *to, unsigned last, unsigned port)
{
    struct sockaddr_in at = loopback(last, port);

    memcpy(&to->list[to->count].at, &at, sizeof at);
    to->list[to->count++].length = sizeof at;
}

static void assert_address(const struct net_address *got, const char *want)
{
    struct buf text = {0};

    net_address_text(got, &text);
    ck_assert_str_eq(buf_cstring(&text), want);
    buf_free(&text);
}

static int option(int fd, int level, int name)
{
    int value = 0;
    socklen_t length = sizeof value;

    getsockopt(fd, level, name, &value, &length);
    return value;
}

START_TEST(connects)
{
    struct addresses at = begin();
    struct net_address winner;
    struct err err = {0};
    int fd = -1;

    add(&at, 1, listen_on(1, 5));
    ck_assert_msg(connect_next(&at, clock_ms() + 1000, NULL, &fd, &winner,
                               &err), "%s", err.text);
    ck_assert_uint_eq(at.count, 0);
    assert_address(&winner, "127.0.0.1");
    ck_assert(fcntl(fd, F_GETFL) & O_NONBLOCK);
    ck_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    ck_assert_int_eq(option(fd, IPPROTO_TCP, TCP_NODELAY), 1);
    ck_assert_int_eq(option(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
    ck_assert_int_eq(option(fd, SOL_SOCKET, SO_ERROR), 0);
}
END_TEST

START_TEST(a_refusal_leads_to_the_next_at_once)
{
    int64_t before = clock_ms();
    struct addresses at = begin();
    struct net_address winner;
    struct err err = {0};
    int fd;

    for (int i = 0; i < 5; i++)
        add(&at, 1, closed_port());
    add(&at, 3, listen_on(3, 5));
    ck_assert(connect_next(&at, before + 2000, NULL, &fd, &winner, &err));
    assert_address(&winner, "127.0.0.3");
    ck_assert_uint_eq(at.count, 0);
    ck_assert_int_lt(clock_ms(), before + 240);
}
END_TEST

START_TEST(a_silent_address_is_overtaken_and_kept)
{
    int64_t before = clock_ms();
    struct addresses at = begin();
    struct net_address winner;
    struct err err = {0};
    int fd, first = dup(0);

    close(first);
    add(&at, 2, black_hole(2));
    add(&at, 3, listen_on(3, 5));
    add(&at, 1, closed_port());
    before = clock_ms();
    ck_assert(connect_next(&at, before + 5000, NULL, &fd, &winner, &err));
    assert_address(&winner, "127.0.0.3");
    ck_assert_int_ge(clock_ms(), before + 240);
    ck_assert_int_lt(clock_ms(), before + 1000);
    ck_assert_uint_eq(at.count, 2);
    assert_address(&at.list[0], "127.0.0.2");
    assert_address(&at.list[1], "127.0.0.1");
}
END_TEST

START_TEST(silence_is_a_reason)
{
    struct addresses at = begin();
    struct net_address winner;
    struct err err = {0};
    int fd;

    add(&at, 2, black_hole(2));
    add(&at, 1, closed_port());
    ck_assert(!connect_next(&at, clock_ms() + 400, NULL, &fd, &winner, &err));
    ck_assert_str_eq(err.text,
                     "cannot connect to 'mx.example.org' port 587: 127.0.0.2:"
                     " no answer in time; 127.0.0.1: connection refused");
    ck_assert_uint_eq(at.count, 0);
}
END_TEST

START_TEST(each_of_several_in_turn)
{
    struct addresses at = begin();
    struct net_address winner;
    struct err err = {0};
    int fd;

    add(&at, 4, listen_on(4, 5));
    add(&at, 5, listen_on(5, 5));
    ck_assert(connect_next(&at, clock_ms() + 2000, NULL, &fd, &winner, &err));
    assert_address(&winner, "127.0.0.4");
    ck_assert(connect_next(&at, clock_ms() + 2000, NULL, &fd, &winner, &err));
    assert_address(&winner, "127.0.0.5");
    ck_assert(!connect_next(&at, clock_ms() + 2000, NULL, &fd, &winner, &err));
    ck_assert_int_eq(err.kind, ERR_TEMPORARY);
    ck_assert_str_eq(err.text, "cannot connect to 'mx.example.org' port 587:"
                               " no address is left to try");
}
END_TEST

START_TEST(reasons_are_told)
{
    struct addresses at = begin();
    struct net_address winner;
    struct err err = {0};
    int fd, before = dup(0), after;

    close(before);
    /* The port is taken: see closed_port(). */
    add(&at, 1, closed_port());
    at.list[at.count++] = (struct net_address){
        .at = {.ss_family = AF_INET6}, .length = sizeof(struct sockaddr_in)};
    ck_assert(!connect_next(&at, clock_ms() + 2000, NULL, &fd, &winner, &err));
    ck_assert_int_eq(err.kind, ERR_TEMPORARY);
    ck_assert_msg(strstr(err.text, "cannot connect to 'mx.example.org' port"
                                   " 587: 127.0.0.1: connection refused; "),
                  "%s", err.text);
    ck_assert_msg(strstr(err.text, ": invalid argument"), "%s", err.text);
    after = dup(0);
    ck_assert_int_eq(after, before + 1);
}
END_TEST

START_TEST(reasons_are_bounded)
{
    struct addresses at = begin();
    struct net_address winner;
    struct err err = {0};
    unsigned port = closed_port();
    int fd;

    for (int i = 0; i < 20; i++)
        add(&at, 1, port);
    ck_assert(!connect_next(&at, clock_ms() + 2000, NULL, &fd, &winner, &err));
    ck_assert_msg(strstr(err.text, "refused; and 12 more"), "%s", err.text);
    ck_assert_msg(strstr(err.hint, "nothing listens there"), "%s", err.hint);
}
END_TEST

START_TEST(the_deadline_holds)
{
    struct addresses at = begin();
    struct net_address winner;
    struct err err = {0};
    int64_t before;
    int fd;

    add(&at, 2, black_hole(2));
    add(&at, 3, black_hole(3));
    before = clock_ms();
    ck_assert(!connect_next(&at, before + 100, NULL, &fd, &winner, &err));
    ck_assert_int_ge(clock_ms(), before + 100);
    ck_assert_int_lt(clock_ms(), before + 240);
    ck_assert_str_eq(err.text, "cannot connect to 'mx.example.org' port 587:"
                               " 127.0.0.2: no answer in time");
    ck_assert_ptr_nonnull(strstr(err.hint, "firewall"));
    /* The second was not even begun. */
    ck_assert_uint_eq(at.count, 1);
    assert_address(&at.list[0], "127.0.0.3");
}
END_TEST

static volatile sig_atomic_t stop;

static void note(int number)
{
    stop = number;
}

START_TEST(the_flag_stops_it)
{
    int64_t before = clock_ms();
    struct addresses at = begin();
    struct net_address winner;
    struct err err = {0};
    int fd;

    sigaction(SIGTERM, &(struct sigaction){.sa_handler = note}, NULL);
    add(&at, 2, black_hole(2));
    if (fork() == 0) {
        usleep(50 * 1000);
        kill(getppid(), SIGTERM);
        _exit(0);
    }
    ck_assert(!connect_next(&at, before + 3000, &stop, &fd, &winner, &err));
    ck_assert_int_lt(clock_ms(), before + 1000);
    ck_assert_int_eq(err.kind, ERR_TEMPORARY);
    ck_assert_str_eq(err.text,
                     "interrupted while connecting to 'mx.example.org'");
}
END_TEST

START_TEST(a_local_socket)
{
    char directory[] = "/tmp/test_connect_XXXXXX";
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct addresses list;
    struct net_address winner;
    struct err err = {0};
    int fd, server = socket(AF_UNIX, SOCK_STREAM, 0);
    char want[200];

    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(at.sun_path, sizeof at.sun_path, "%s/s", directory);
    ck_assert(addresses_unix(span_of(at.sun_path), &list, &err));
    ck_assert(!connect_next(&list, clock_ms() + 500, NULL, &fd, &winner,
                            &err));
    snprintf(want, sizeof want,
             "cannot connect to '%s': no such file or directory", at.sun_path);
    ck_assert_str_eq(err.text, want);
    ck_assert_ptr_nonnull(strstr(err.hint, "there is no such socket"));

    bind(server, (struct sockaddr *)&at, sizeof at);
    listen(server, 5);
    ck_assert(addresses_unix(span_of(at.sun_path), &list, &err));
    ck_assert(connect_next(&list, clock_ms() + 500, NULL, &fd, &winner, &err));
    assert_address(&winner, at.sun_path);
    unlink(at.sun_path);
    rmdir(directory);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("connect");

    tcase_add_test(t, connects);
    tcase_add_test(t, a_refusal_leads_to_the_next_at_once);
    tcase_add_test(t, a_silent_address_is_overtaken_and_kept);
    tcase_add_test(t, silence_is_a_reason);
    tcase_add_test(t, each_of_several_in_turn);
    tcase_add_test(t, reasons_are_told);
    tcase_add_test(t, reasons_are_bounded);
    tcase_add_test(t, the_deadline_holds);
    tcase_add_test(t, the_flag_stops_it);
    tcase_add_test(t, a_local_socket);
    return unit_run("connect", t);
}
