/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/resolve.h"

#include "sys/clock.h"

#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

/* The addresses, in order, with blanks between. */
static void list_text(const struct addresses *at, struct buf *out)
{
    for (size_t i = 0; i < at->count; i++) {
        buf_add(out, i ? S(" ") : S(""));
        net_address_text(&at->list[i], out);
    }
}

static int never_asked(const char *host, const char *port,
                       const struct addrinfo *wanted, struct addrinfo **found)
{
    ck_assert_msg(wanted->ai_flags & AI_NUMERICHOST, "%s is looked up", host);
    return getaddrinfo(host, port, wanted, found);
}

static const struct {
    const char *host, *text; /* NULL: not the name or address of a host */
} numbers[] = {
    {"192.0.2.1", "192.0.2.1"},
    {"2001:DB8::1", "2001:db8::1"},
    {"[2001:db8:0:0:0:0:0:1]", "2001:db8::1"},
    {"[::1]", "::1"},
    {"fe80::1%lo", "fe80::1%lo"},
    {"", NULL},
    {"192.0.2.256", NULL},
    {"127.1", NULL},
    {"2130706433", NULL},
    {"[192.0.2.1]", NULL},
    {"::1::", NULL},
    {"fe80::1%nowhere", NULL},
    {"mx example", NULL},
    {"mx.example.org\n", NULL},
    {"m\303\274ller.example", NULL},
};

START_TEST(figures_need_no_resolver)
{
    struct addresses at;
    struct buf text = {0};
    struct err err = {0};
    bool good = resolve_with(never_asked, span_of(numbers[_i].host), 587,
                             clock_ms() + 1000, NULL, &at, &err);

    ck_assert_msg(good == !!numbers[_i].text, "%s: %s", numbers[_i].host,
                  err.text);
    if (good) {
        list_text(&at, &text);
        ck_assert_str_eq(buf_cstring(&text), numbers[_i].text);
        ck_assert_str_eq(at.name, numbers[_i].host);
        ck_assert_uint_eq(at.port, 587);
    } else {
        ck_assert_int_eq(err.kind, ERR_CONFIG);
        ck_assert_msg(strstr(err.text, numbers[_i].host) &&
                          strstr(err.text, "is not the name or the address"),
                      "%s", err.text);
        ck_assert_ptr_nonnull(strstr(err.hint, "submission://"));
    }
    buf_free(&text);
}
END_TEST

/* Put one more address at the end of a resolver's answer. */
static void answer_add(struct addrinfo **last, const char *text, size_t n,
                       const char *port)
{
    struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST,
                              .ai_socktype = SOCK_STREAM};
    char address[64] = {0};

    memcpy(address, text, n);
    ck_assert_int_eq(getaddrinfo(address, port, &wanted, last), 0);
}

/* The name spells the answer: "4162.x" is 192.0.2.1 and 2001:db8::2. */
static int spelled(const char *host, const char *port,
                   const struct addrinfo *wanted, struct addrinfo **found)
{
    struct addrinfo **last = found;

    ck_assert_int_eq(wanted->ai_socktype, SOCK_STREAM);
    ck_assert_int_eq(wanted->ai_flags, AI_NUMERICSERV);
    *found = NULL;
    for (const char *p = host; *p && *p != '.'; p += 2) {
        char text[32];
        int n = snprintf(text, sizeof text, "%s%c",
                         *p == '4' ? "192.0.2." : "2001:db8::", p[1]);

        answer_add(last, text, (size_t)n, port);
        last = &(*last)->ai_next;
    }
    return 0;
}

static const struct {
    const char *host, *text;
} orders[] = {
    {"41.x", "192.0.2.1"},
    {"4142.x", "192.0.2.1 192.0.2.2"},
    {"41426162.x", "192.0.2.1 2001:db8::1 192.0.2.2 2001:db8::2"},
    {"61624142.x", "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2"},
    {"6162636441.x",
     "2001:db8::1 192.0.2.1 2001:db8::2 2001:db8::3 2001:db8::4"},
    {"6141426243.x",
     "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 192.0.2.3"},
    {"414141.x", "192.0.2.1"},
    {"41614261.x", "192.0.2.1 2001:db8::1 192.0.2.2"},
};

START_TEST(families_take_turns)
{
    struct addresses at;
    struct buf text = {0};
    struct err err = {0};

    ck_assert_msg(resolve_with(spelled, span_of(orders[_i].host), 25,
                               clock_ms() + 1000, NULL, &at, &err),
                  "%s", err.text);
    list_text(&at, &text);
    ck_assert_str_eq(buf_cstring(&text), orders[_i].text);
    buf_free(&text);
}
END_TEST

/* More than we take: 100 of each family. */
static int plenty(const char *host, const char *port,
                  const struct addrinfo *wanted, struct addrinfo **found)
{
    struct addrinfo **last = found;

    (void)host, (void)wanted;
    for (int i = 0; i < 200; i++) {
        char text[32];
        int n = snprintf(text, sizeof text,
                         i < 100 ? "2001:db8::%d" : "192.0.2.%d", i);

        answer_add(last, text, (size_t)n, port);
        last = &(*last)->ai_next;
    }
    return 0;
}

START_TEST(addresses_are_bounded)
{
    struct addresses at;
    struct err err = {0};

    ck_assert(resolve_with(plenty, S("mx.example.org"), 25, clock_ms() + 1000,
                           NULL, &at, &err));
    ck_assert_uint_eq(at.count, ADDRESSES_MAX);
    ck_assert_int_eq(at.list[0].at.ss_family, AF_INET6);
    ck_assert_int_eq(at.list[ADDRESSES_MAX - 1].at.ss_family, AF_INET);
}
END_TEST

/* The name says how the resolver fails. */
static int failing(const char *host, const char *port,
                   const struct addrinfo *wanted, struct addrinfo **found)
{
    (void)port, (void)wanted, (void)found;
    errno = EMFILE;
    return -atoi(host + 1);
}

static const struct {
    int status;
    enum err_kind kind;
    const char *text, *hint;
} fails[] = {
    {EAI_NONAME, ERR_NO_HOST, "the server's name '%s' does not exist",
     "is it spelled right in the setting 'server'?"},
    {EAI_NODATA, ERR_NO_HOST, "the server's name '%s' has no address",
     "is the name in the setting 'server' that of a host?"},
    {EAI_AGAIN, ERR_TEMPORARY,
     "the server's name '%s' cannot be looked up now: no answer from the name"
     " servers",
     "is this machine on the network, and /etc/resolv.conf right?"},
    {EAI_FAIL, ERR_TEMPORARY,
     "the server's name '%s' cannot be looked up: the name servers are in"
     " trouble",
     "if this does not pass, look at the name servers in /etc/resolv.conf"},
    {EAI_SYSTEM, ERR_TEMPORARY,
     "cannot look up the server's name '%s': Too many open files", ""},
    {EAI_MEMORY, ERR_TEMPORARY,
     "cannot look up the server's name '%s': Memory allocation failure", ""},
};

START_TEST(failure)
{
    struct addresses at;
    struct err err = {0};
    char host[32];
    struct buf text = {0};

    snprintf(host, sizeof host, "e%d.x", -fails[_i].status);
    ck_assert(!resolve_with(failing, span_of(host), 25, clock_ms() + 1000,
                            NULL, &at, &err));
    ck_assert_int_eq(err.kind, fails[_i].kind);
    for (const char *p = fails[_i].text; *p; p++)
        if (p[0] == '%' && p++)
            buf_add(&text, span_of(host));
        else
            buf_addc(&text, *p);
    ck_assert_str_eq(err.text, buf_cstring(&text));
    ck_assert_str_eq(err.hint, fails[_i].hint);
    buf_free(&text);
}
END_TEST

static int slow(const char *host, const char *port,
                const struct addrinfo *wanted, struct addrinfo **found)
{
    usleep(300 * 1000);
    return spelled(host, port, wanted, found);
}

START_TEST(the_deadline_holds)
{
    int64_t before = clock_ms();
    struct addresses at;
    struct err err = {0};

    ck_assert(!resolve_with(slow, S("41.x"), 25, before + 50, NULL, &at,
                            &err));
    ck_assert_int_lt(clock_ms(), before + 250);
    ck_assert_int_eq(err.kind, ERR_TEMPORARY);
    ck_assert_str_eq(err.text, "no answer in time to the question where the"
                               " server '41.x' is");
    usleep(350 * 1000); /* so that what was left behind cleans up */
}
END_TEST

START_TEST(a_slow_answer_in_time_is_taken)
{
    struct addresses at;
    struct err err = {0};

    ck_assert(resolve_with(slow, S("41.x"), 25, clock_ms() + 2000, NULL, &at,
                           &err));
    ck_assert_uint_eq(at.count, 1);
}
END_TEST

START_TEST(the_flag_stops_it)
{
    volatile sig_atomic_t stop = SIGTERM;
    struct addresses at;
    struct err err = {0};

    ck_assert(!resolve_with(slow, S("41.x"), 25, clock_ms() + 2000, &stop, &at,
                            &err));
    ck_assert_int_eq(err.kind, ERR_TEMPORARY);
    ck_assert_str_eq(err.text,
                     "interrupted while looking up the server's name '41.x'");
    usleep(350 * 1000);
}
END_TEST

/* What it opened is closed again, whatever came out. */
START_TEST(leaves_no_descriptor)
{
    int before = dup(0), after;
    struct addresses at;
    struct err err = {0};

    close(before);
    resolve_with(spelled, S("41.x"), 25, clock_ms() + 1000, NULL, &at, &err);
    resolve_with(failing, S("e8.x"), 25, clock_ms() + 1000, NULL, &at, &err);
    after = dup(0);
    ck_assert_int_eq(after, before);
}
END_TEST

START_TEST(this_host)
{
    struct addresses at;
    struct buf text = {0};
    struct err err = {0};

    ck_assert_msg(resolve(S("localhost"), 25, clock_ms() + 5000, NULL, &at,
                          &err), "%s", err.text);
    list_text(&at, &text);
    ck_assert_msg(strstr(buf_cstring(&text), "127.0.0.1") ||
                      strstr(buf_cstring(&text), "::1"),
                  "%s", buf_cstring(&text));
    buf_free(&text);
}
END_TEST

START_TEST(a_path)
{
    struct addresses at;
    struct buf path = {0}, text = {0};
    struct err err = {0};
    const size_t most = sizeof(struct sockaddr_un) -
                        offsetof(struct sockaddr_un, sun_path) - 1;

    ck_assert(addresses_unix(S("/run/x/submit.sock"), &at, &err));
    list_text(&at, &text);
    ck_assert_str_eq(buf_cstring(&text), "/run/x/submit.sock");
    ck_assert_str_eq(at.name, "/run/x/submit.sock");
    ck_assert_uint_eq(at.port, 0);
    while (path.len < most)
        buf_addc(&path, '/');
    ck_assert(addresses_unix(buf_span(&path), &at, &err));
    buf_addc(&path, '/');
    ck_assert(!addresses_unix(buf_span(&path), &at, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "is too long: "));
    ck_assert(!addresses_unix(S(""), &at, &err));
    ck_assert(!addresses_unix(S("/a\0b"), &at, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    buf_free(&path);
    buf_free(&text);
}
END_TEST

START_TEST(a_long_name)
{
    struct buf name = {0};
    struct addresses at;
    struct err err = {0};

    for (int i = 0; i < 128; i++)
        buf_add(&name, S("a."));
    ck_assert(!resolve(buf_span(&name), 25, clock_ms() + 1000, NULL, &at,
                       &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    buf_clear(&name);
    for (int i = 0; i < 300; i++)
        buf_add(&name, S("1:"));
    ck_assert(!resolve(buf_span(&name), 25, clock_ms() + 1000, NULL, &at,
                       &err));
    buf_free(&name);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("resolve");

    tcase_add_loop_test(t, figures_need_no_resolver, 0, COUNT(numbers));
    tcase_add_loop_test(t, families_take_turns, 0, COUNT(orders));
    tcase_add_test(t, addresses_are_bounded);
    tcase_add_loop_test(t, failure, 0, COUNT(fails));
    tcase_add_test(t, the_deadline_holds);
    tcase_add_test(t, a_slow_answer_in_time_is_taken);
    tcase_add_test(t, the_flag_stops_it);
    tcase_add_test(t, leaves_no_descriptor);
    tcase_add_test(t, this_host);
    tcase_add_test(t, a_path);
    tcase_add_test(t, a_long_name);
    return unit_run("resolve", t);
}
