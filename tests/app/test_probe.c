/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/probe.h"

#include "app/peer.h"
#include "sys/clock.h"

/* 127.0.0.1 and PORT. */
static struct net_address loopback(uint16_t port)
{
    struct addresses at;
    struct err err = {0};

    ck_assert_msg(resolve(S("127.0.0.1"), port, clock_ms() + 5000, NULL, &at,
                          &err), "%s", err.text);
    ck_assert_uint_eq(at.count, 1);
    return at.list[0];
}

/* A server that hears what the probe says, and answers with its row. */
static pid_t serve(const char *script, uint16_t *port)
{
    int listener = peer_listen(AF_INET, port);
    pid_t pid = fork();

    if (pid == 0) {
        int fd = accept(listener, NULL, NULL);

        alarm(10);
        /* A record of TLS 1.0 to 1.3 that holds a handshake. */
        peer_expect(fd, S("the hello"), S("\x16\x03*"));
        peer_play(fd, script);
        _exit(0);
    }
    close(listener);
    return pid;
}

static const struct {
    const char *rule, *script;
    bool tls;
} cases[] = {
    {"a handshake", "raw \x16\x03\x03*\ndrain\n", true},
    {"an alert", "raw \x15\x03\x01*\ndrain\n", true},
    {"in pieces", "raw \x15\npause\nraw \x03\ndrain\n", true},
    {"a greeting", "S: 220 mx ESMTP\ndrain\n", false},
    {"half of one", "raw \x16\nclose\n", false},
    {"SSL 2 is not it", "raw \x16\x02\ndrain\n", false},
    {"data before a handshake", "raw \x17\x03\ndrain\n", false},
    {"hung up", "close\n", false},
};

START_TEST(only_tls_is_found)
{
    uint16_t port = 0;
    pid_t pid = serve(cases[_i].script, &port);
    struct net_address at = loopback(port);
    int64_t before = clock_ms();

    ck_assert_msg(probe_tls(&at, clock_ms() + 60000, NULL) == cases[_i].tls, "%s",
                  cases[_i].rule);
    ck_assert_int_lt(clock_ms(), before + 1500);
    ck_assert_int_eq(peer_end(pid), 0);
}
END_TEST

START_TEST(nobody_there)
{
    uint16_t port = 0;
    struct net_address at;

    close(peer_listen(AF_INET, &port));
    at = loopback(port);
    ck_assert(!probe_tls(&at, clock_ms() + 60000, NULL));
}
END_TEST

static volatile sig_atomic_t stop;

static void note(int number)
{
    stop = number;
}

START_TEST(silence_ends_with_a_signal)
{
    uint16_t port = 0;
    pid_t pid = serve("pause\nsignal\ndrain\n", &port);
    struct net_address at = loopback(port);
    int64_t before = clock_ms();

    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = note}, NULL);
    ck_assert(!probe_tls(&at, clock_ms() + 60000, &stop));
    ck_assert_int_eq(stop, SIGUSR1);
    ck_assert_int_lt(clock_ms(), before + 1500);
    ck_assert_int_eq(peer_end(pid), 0);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("probe");

    tcase_add_loop_test(t, only_tls_is_found, 0, COUNT(cases));
    tcase_add_test(t, nobody_there);
    tcase_add_test(t, silence_ends_with_a_signal);
    return unit_run("probe", t);
}
