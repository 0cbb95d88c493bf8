/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/wire.h"

#include "sys/clock.h"
#include "sys/tls_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOST "mx.example.org"

enum { SOON = 100, LONG = 5000, MEGABYTE = 1 << 20 };

static const struct span nothing = {0};

/* Run SERVER at the other end of a new wire, in a child; arg is for it. */
static struct wire *serve(int type, void (*server)(int fd, int arg), int arg,
                          pid_t *child)
{
    int ends[2];

    ck_assert_int_eq(socketpair(AF_UNIX, type, 0, ends), 0);
    *child = fork();
    if (*child == 0) {
        alarm(10);
        close(ends[0]);
        server(ends[1], arg);
        _exit(0);
    }
    close(ends[1]);
    return wire_new(ends[0]);
}

static int exit_of(pid_t child)
{
    int status = -1;

    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A wire, and the other end of it. */
static struct wire *wire_to(int *other)
{
    int ends[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    *other = ends[1];
    return wire_new(ends[0]);
}

/* The two ends of a TCP connection. */
static struct wire *wire_over_tcp(int *other)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    bind(listener, (struct sockaddr *)&at, sizeof at);
    listen(listener, 1);
    getsockname(listener, (struct sockaddr *)&at, &length);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    *other = accept(listener, NULL, NULL);
    close(listener);
    return wire_new(fd);
}

static bool receive(struct wire *w, struct buf *in, int64_t deadline,
                    struct err *err)
{
    size_t sent;

    return wire_exchange(w, nothing, &sent, in, deadline, err);
}

static void must_send(struct wire *w, struct span out)
{
    struct buf in = {0};
    struct err err = {0};
    size_t sent;

    ck_assert_msg(wire_exchange(w, out, &sent, &in, clock_ms() + LONG, &err),
                  "%s", err.text);
    ck_assert_uint_eq(sent, out.n);
    ck_assert_uint_eq(in.len, 0);
    buf_free(&in);
}

/* Receive until there is so much. */
static void must_receive(struct wire *w, struct span want)
{
    struct buf in = {0};
    struct err err = {0};

    while (in.len < want.n)
        ck_assert_msg(receive(w, &in, clock_ms() + LONG, &err), "%s",
                      err.text);
    ck_assert_span(buf_span(&in), want);
    buf_free(&in);
}

START_TEST(output_goes_when_input_is_wanted)
{
    int other;
    struct wire *w = wire_to(&other);
    struct buf in = {0};
    struct err err = {0};
    char got[64];

    must_send(w, S("one "));
    must_send(w, S("two "));
    must_send(w, S("three"));
    ck_assert_int_lt(recv(other, got, sizeof got, MSG_DONTWAIT), 0);
    ck_assert_uint_eq(wire_unsent(w), 13);
    ck_assert(!receive(w, &in, clock_ms() + 1, &err));
    ck_assert_int_eq(recv(other, got, sizeof got, MSG_DONTWAIT), 13);
    ck_assert_mem_eq(got, "one two three", 13);
    ck_assert_uint_eq(wire_unsent(w), 0);
    wire_free(w);
    close(other);
}
END_TEST

START_TEST(what_is_left_goes_with_the_end)
{
    int other;
    struct wire *w = wire_to(&other);
    char got[64];

    must_send(w, S("QUIT\r\n"));
    wire_free(w);
    ck_assert_int_eq(recv(other, got, sizeof got, MSG_DONTWAIT), 6);
    ck_assert_int_eq(recv(other, got, sizeof got, MSG_DONTWAIT), 0);
    close(other);
}
END_TEST

/* The final dot must not arrive after it was called unsent. */
START_TEST(what_is_abandoned_does_not_go)
{
    int other;
    struct wire *w = wire_to(&other);
    size_t sent;
    struct buf in = {0};
    struct err err = {0};
    char got[64];

    must_send(w, S(".\r\n"));
    ck_assert_uint_eq(wire_unsent(w), 3);
    wire_abandon(w);
    ck_assert_uint_eq(wire_unsent(w), 0);
    ck_assert_int_eq(wire_state(w), WIRE_LOST);
    ck_assert(!wire_exchange(w, S("x"), &sent, &in, clock_ms() + SOON, &err));
    wire_free(w);
    ck_assert_int_eq(recv(other, got, sizeof got, MSG_DONTWAIT), 0);
    close(other);
    buf_free(&in);
}
END_TEST

START_TEST(our_end_as_a_literal)
{
    int other;
    struct wire *w = _i ? wire_over_tcp(&other) : wire_to(&other);
    struct buf text = {0};

    wire_literal(w, &text);
    ck_assert_span(buf_span(&text), _i ? S("[127.0.0.1]") : S("localhost"));
    buf_free(&text);
    wire_free(w);
    close(other);
}
END_TEST

START_TEST(input_is_added)
{
    int other;
    struct wire *w = wire_to(&other);
    struct buf in = {0};
    struct err err = {0};

    buf_add(&in, S("220-a\r\n"));
    ck_assert_int_eq(write(other, "220 b\r\n", 7), 7);
    ck_assert(receive(w, &in, clock_ms() + LONG, &err));
    ck_assert_span(buf_span(&in), S("220-a\r\n220 b\r\n"));
    ck_assert_int_eq(wire_state(w), WIRE_OPEN);
    ck_assert_ptr_null(wire_facts(w));
    ck_assert(!wire_binding(w, TLS_SERVER_END_POINT, &(struct buf){0}));
    buf_free(&in);
    wire_free(w);
    close(other);
}
END_TEST

START_TEST(silence_is_late)
{
    int64_t before = clock_ms();
    int other;
    struct wire *w = wire_to(&other);
    struct buf in = {0};
    struct err err = {0};

    ck_assert(!receive(w, &in, before + SOON, &err));
    ck_assert_int_ge(clock_ms(), before + SOON);
    ck_assert_int_lt(clock_ms(), before + SOON + 1000);
    ck_assert_int_eq(wire_state(w), WIRE_LATE);
    ck_assert_int_eq(err.kind, ERR_TEMPORARY);
    ck_assert_str_eq(err.text, "no answer from the server in time");
    /* and the caller may go on */
    ck_assert_int_eq(write(other, "x", 1), 1);
    ck_assert(receive(w, &in, clock_ms() + LONG, &err));
    ck_assert_int_eq(wire_state(w), WIRE_OPEN);
    buf_free(&in);
    wire_free(w);
    close(other);
}
END_TEST

/* Never to the end of a line. */
static void drip(int fd, int pause_ms)
{
    for (;;) {
        if (write(fd, "2", 1) != 1)
            return;
        usleep((useconds_t)pause_ms * 1000);
    }
}

START_TEST(a_byte_now_and_then_moves_no_deadline)
{
    pid_t child;
    struct wire *w = serve(SOCK_STREAM, drip, 20, &child);
    int64_t before = clock_ms();
    struct buf in = {0};
    struct err err = {0};

    while (receive(w, &in, before + SOON, &err))
        ck_assert_int_lt(clock_ms(), before + SOON + 1000);
    ck_assert_int_eq(wire_state(w), WIRE_LATE);
    ck_assert_uint_ge(in.len, 2);
    ck_assert_int_lt(clock_ms(), before + SOON + 1000);
    buf_free(&in);
    wire_free(w);
}
END_TEST

/* Nothing that W's other end reads, so only so much is taken. */
static void stuff(struct wire *w)
{
    static char big[MEGABYTE];
    struct span rest = {big, sizeof big};
    struct buf in = {0};
    struct err err = {0};
    int64_t before;
    size_t sent;

    while (wire_exchange(w, rest, &sent, &in, clock_ms() + SOON, &err)) {
        ck_assert_uint_gt(sent, 0);
        rest = span_from(rest, sent);
        ck_assert_msg(rest.n > 0, "a megabyte was taken");
    }
    ck_assert_int_eq(wire_state(w), WIRE_LATE);
    ck_assert_uint_eq(sent, 0);
    ck_assert_uint_gt(wire_unsent(w), 0);
    buf_free(&in);
    /* Nor does closing wait. */
    before = clock_ms();
    wire_free(w);
    ck_assert_int_lt(clock_ms(), before + 1000);
}

START_TEST(a_peer_that_never_reads)
{
    int other;

    stuff(wire_to(&other));
    close(other);
}
END_TEST

START_TEST(a_signal_stops_it)
{
    static volatile sig_atomic_t stop;
    int other;
    struct wire *w = wire_to(&other);
    struct buf in = {0};
    struct err err = {0};

    wire_watch(w, &stop);
    stop = SIGTERM;
    ck_assert(!receive(w, &in, clock_ms() + LONG, &err));
    ck_assert_int_eq(wire_state(w), WIRE_STOPPED);
    ck_assert_int_eq(err.kind, ERR_TEMPORARY);
    ck_assert_str_eq(err.text, "interrupted by a signal");
    /* Who has to wait for the answer nonetheless, can. */
    wire_watch(w, NULL);
    ck_assert_int_eq(write(other, "x", 1), 1);
    ck_assert(receive(w, &in, clock_ms() + LONG, &err));
    buf_free(&in);
    wire_free(w);
    close(other);
}
END_TEST

START_TEST(last_words_are_heard)
{
    int other;
    struct wire *w = wire_to(&other);
    struct buf in = {0};
    struct err err = {0};
    size_t sent;

    ck_assert_int_eq(write(other, "421 bye\r\n", 9), 9);
    close(other);
    must_send(w, S("MAIL FROM:<>\r\n"));
    ck_assert(receive(w, &in, clock_ms() + LONG, &err));
    ck_assert_span(buf_span(&in), S("421 bye\r\n"));
    for (int i = 0; i < 2; i++) {
        ck_assert(!receive(w, &in, clock_ms() + LONG, &err));
        ck_assert_int_eq(wire_state(w), WIRE_LOST);
        ck_assert_int_eq(err.kind, ERR_TEMPORARY);
    }
    ck_assert(!wire_exchange(w, S("x"), &sent, &in, clock_ms() + LONG, &err));
    ck_assert_uint_eq(sent, 0);
    ck_assert_uint_gt(wire_unsent(w), 0);
    buf_free(&in);
    wire_free(w);
}
END_TEST

/* A server that says why it leaves, and then reads on but never answers. */
START_TEST(nothing_is_sent_to_who_has_left)
{
    static char big[256 * 1024];
    int other;
    struct wire *w = wire_to(&other);
    struct span rest = {big, sizeof big};
    struct buf in = {0};
    struct err err = {0};
    size_t sent;

    ck_assert_int_eq(write(other, "421 bye\r\n", 9), 9);
    shutdown(other, SHUT_WR);
    while (wire_exchange(w, span_upto(rest, 65536), &sent, &in,
                         clock_ms() + LONG, &err))
        rest = span_from(rest, sent);
    ck_assert_uint_gt(rest.n, 0);
    ck_assert_int_eq(wire_state(w), WIRE_LOST);
    ck_assert_str_eq(err.text, "the server closed the connection");
    ck_assert_span(buf_span(&in), S("421 bye\r\n"));
    buf_free(&in);
    wire_free(w);
    close(other);
}
END_TEST

START_TEST(the_end_is_seen)
{
    int other;
    struct wire *w = wire_to(&other);
    struct buf in = {0};
    struct err err = {0};

    close(other);
    ck_assert(!receive(w, &in, clock_ms() + LONG, &err));
    ck_assert_str_eq(err.text, "the server closed the connection");
    ck_assert_int_eq(wire_state(w), WIRE_LOST);
    buf_free(&in);
    wire_free(w);
}
END_TEST

START_TEST(a_reset_is_told)
{
    int other;
    struct wire *w = wire_over_tcp(&other);
    struct buf in = {0};
    struct err err = {0};

    setsockopt(other, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0},
               sizeof(struct linger));
    close(other);
    ck_assert(!receive(w, &in, clock_ms() + LONG, &err));
    ck_assert_str_eq(err.text, "the connection to the server broke: Connection"
                               " reset by peer");
    ck_assert_int_eq(wire_state(w), WIRE_LOST);
    buf_free(&in);
    wire_free(w);
}
END_TEST

/* It hears us only after it has said all it has to say, and the other way. */
static void flood_then_drain(int fd, int arg)
{
    char bytes[4096] = {0};
    size_t left = MEGABYTE;

    (void)arg;
    for (size_t n = 0; n < MEGABYTE; n += sizeof bytes)
        if (send(fd, bytes, sizeof bytes, 0) != sizeof bytes)
            _exit(1);
    while (left > 0) {
        ssize_t n = recv(fd, bytes, sizeof bytes, 0);

        if (n <= 0)
            _exit(2);
        left -= (size_t)n;
    }
    send(fd, "!", 1, 0);
}

/* Send and receive a megabyte; the last byte that comes must be "!". */
static void exchange_megabytes(struct wire *w)
{
    static char big[MEGABYTE];
    struct span rest = {big, sizeof big};
    struct buf in = {0};
    struct err err = {0};
    size_t got = 0, sent;

    while (got <= MEGABYTE) {
        ck_assert_msg(wire_exchange(w, rest, &sent, &in, clock_ms() + LONG,
                                    &err), "%s, %zu", err.text, rest.n);
        ck_assert_uint_le(in.len, 64 * 1024);
        rest = span_from(rest, sent);
        got += in.len;
        if (got <= MEGABYTE)
            buf_clear(&in);
    }
    ck_assert_uint_eq(rest.n, 0);
    ck_assert_int_eq(in.data[in.len - 1], '!');
    buf_free(&in);
}

START_TEST(a_megabyte_both_ways)
{
    pid_t child;
    struct wire *w = serve(SOCK_STREAM, flood_then_drain, 0, &child);

    exchange_megabytes(w);
    wire_free(w);
    ck_assert_int_eq(exit_of(child), 0);
}
END_TEST

START_TEST(an_early_answer_is_heard)
{
    static char big[256 * 1024];
    int other;
    struct wire *w = wire_to(&other);
    struct span rest = {big, sizeof big};
    struct buf in = {0};
    struct err err = {0};
    size_t sent;

    ck_assert_int_eq(write(other, "552 too big\r\n", 13), 13);
    while (in.len == 0 && rest.n > 0) {
        ck_assert(wire_exchange(w, span_upto(rest, 8192), &sent, &in,
                                clock_ms() + LONG, &err));
        rest = span_from(rest, sent);
    }
    ck_assert_span(buf_span(&in), S("552 too big\r\n"));
    ck_assert_uint_gt(rest.n, 0);
    buf_free(&in);
    wire_free(w);
    close(other);
}
END_TEST

static const struct {
    struct span bytes;
    bool plain;
} pending[] = {
    {SPAN_INIT(""), false},
    {SPAN_INIT("\x16\x03"), false},
    {SPAN_INIT("\x15\x03\x03"), false},
    {SPAN_INIT("250 injected\r\n"), true},
    {SPAN_INIT("\n"), true},
};

START_TEST(plaintext_behind_starttls)
{
    int other;
    struct wire *w = wire_to(&other);
    struct span bytes = pending[_i].bytes;

    ck_assert_int_eq(write(other, bytes.p, bytes.n), (ssize_t)bytes.n);
    ck_assert_int_eq(wire_pending_plaintext(w), pending[_i].plain);
    ck_assert_int_eq(wire_pending_plaintext(w), pending[_i].plain);
    wire_free(w);
    close(other);
}
END_TEST

/* A certificate for HOST, and the file with the authority behind it. */
static struct certificate ca, leaf;
static char trust[32];

static void setup(void)
{
    static const struct name names[] = {DNS(HOST), NO_MORE};

    memcpy(trust, "/tmp/test_wire_XXXXXX", 22);
    certificate_make(&ca, &(struct recipe){.cn = "CA", .ca = true}, NULL);
    certificate_make(&leaf, &(struct recipe){.names = names}, &ca);
    certificate_write(&ca, trust);
}

static void teardown(void)
{
    unlink(trust);
    certificate_free(&ca);
    certificate_free(&leaf);
}

static bool secure(struct wire *w, int ms, struct err *err)
{
    struct tls_settings settings = {.trust = span_of(trust)};

    return wire_secure(w, &settings, S(HOST), clock_ms() + ms, err);
}

/* How a server of ours writes. */
enum manner {
    AS_IT_COMES,
    A_BYTE_AT_A_TIME,
    IN_ONE_PIECE, /* whatever comes before it reads again */
    TLS_1_2 = 4,  /* an OR with the others */
    CUT = 8       /* from here on: cut off after manner - CUT bytes */
};

struct link {
    int fd;
    enum manner manner;
    struct buf out, in;
    int writes_seen; /* reads that brought something */
};

static void link_send(struct link *l, struct span bytes)
{
    size_t piece = l->manner % 4 == A_BYTE_AT_A_TIME ? 1 : bytes.n;

    for (; bytes.n > 0; bytes = span_from(bytes, piece))
        if (send(l->fd, bytes.p, piece, MSG_NOSIGNAL) < 0)
            _exit(9);
}

static ssize_t link_push(gnutls_transport_ptr_t user, const void *from,
                         size_t size)
{
    struct link *l = user;
    struct span bytes = {from, size};
    size_t left = l->manner >= CUT ? (size_t)(l->manner - CUT) - l->out.len
                                   : size;

    if (l->manner < CUT && l->manner % 4 != IN_ONE_PIECE) {
        link_send(l, bytes);
        return (ssize_t)size;
    }
    buf_add(&l->out, span_upto(bytes, left));
    if (size < left || l->manner < CUT)
        return (ssize_t)size;
    link_send(l, buf_span(&l->out));
    _exit(0);
}

/* Whole messages, so that each write of the client's is counted. */
static ssize_t link_pull(gnutls_transport_ptr_t user, void *to, size_t size)
{
    struct link *l = user;
    ssize_t n;

    if (l->manner < CUT) {
        link_send(l, buf_span(&l->out));
        buf_clear(&l->out);
    }
    if (l->in.len == 0) {
        n = recv(l->fd, buf_room(&l->in, 1 << 18), 1 << 18, 0);
        if (n <= 0)
            return n;
        buf_filled(&l->in, (size_t)n);
        l->writes_seen++;
    }
    n = (ssize_t)span_upto(buf_span(&l->in), size).n;
    memcpy(to, l->in.data, (size_t)n);
    buf_drop(&l->in, (size_t)n);
    return n;
}

static void tls_accept(struct tls_server *s, struct link *l)
{
    tls_server_begin(s, &leaf, 1,
                     l->manner & TLS_1_2 ? "NORMAL:-VERS-ALL:+VERS-TLS1.2"
                                         : NULL);
    gnutls_transport_set_ptr(s->session, l);
    gnutls_transport_set_push_function(s->session, link_push);
    gnutls_transport_set_pull_function(s->session, link_pull);
    if (gnutls_handshake(s->session) != 0)
        _exit(3);
}

/* Greet, take one line, answer, and see the client go in order. */
static void greet_and_answer(int fd, int manner)
{
    struct link l = {.fd = fd, .manner = (enum manner)manner};
    struct tls_server s = {0};
    char line[100];

    tls_accept(&s, &l);
    gnutls_record_send(s.session, "220 mx\r\n", 8);
    if (gnutls_record_recv(s.session, line, sizeof line) != 6)
        _exit(4);
    gnutls_record_send(s.session, "221 bye\r\n", 9);
    if (gnutls_record_recv(s.session, line, sizeof line) != 0)
        _exit(5);
    _exit(100 + l.writes_seen);
}

static const int manners[] = {AS_IT_COMES, A_BYTE_AT_A_TIME, IN_ONE_PIECE,
                              AS_IT_COMES + TLS_1_2,
                              A_BYTE_AT_A_TIME + TLS_1_2,
                              IN_ONE_PIECE + TLS_1_2};

START_TEST(talks_tls)
{
    pid_t child;
    struct wire *w = serve(SOCK_STREAM, greet_and_answer, manners[_i], &child);
    struct buf binding = {0};
    struct err err = {0};

    ck_assert_msg(secure(w, LONG, &err), "%s", err.text);
    ck_assert_str_eq(wire_facts(w)->version,
                     manners[_i] & TLS_1_2 ? "TLS1.2" : "TLS1.3");
    ck_assert_str_eq(wire_facts(w)->verified, "ca");
    ck_assert(wire_binding(w, TLS_SERVER_END_POINT, &binding));
    ck_assert_uint_eq(binding.len, 32);
    buf_free(&binding);
    must_receive(w, S("220 mx\r\n"));
    must_send(w, S("QUIT\r\n"));
    must_receive(w, S("221 bye\r\n"));
    wire_free(w);
    ck_assert_int_ge(exit_of(child), 100);
}
END_TEST

/* The hello, Finished with QUIT, and the end: three writes, and no more. */
START_TEST(one_write_a_flight)
{
    pid_t child;
    struct wire *w = serve(SOCK_SEQPACKET, greet_and_answer, IN_ONE_PIECE,
                           &child);
    struct err err = {0};

    ck_assert_msg(secure(w, LONG, &err), "%s", err.text);
    must_send(w, S("QUIT\r\n"));
    must_receive(w, S("220 mx\r\n221 bye\r\n"));
    wire_free(w);
    ck_assert_int_eq(exit_of(child), 100 + 3);
}
END_TEST

/* The server's flight in many packets: our change_cipher_spec waits. */
START_TEST(change_cipher_spec_is_held_back)
{
    pid_t child;
    struct wire *w = serve(SOCK_SEQPACKET, greet_and_answer, AS_IT_COMES,
                           &child);
    struct err err = {0};

    ck_assert_msg(secure(w, LONG, &err), "%s", err.text);
    must_send(w, S("QUIT\r\n"));
    must_receive(w, S("220 mx\r\n221 bye\r\n"));
    wire_free(w);
    ck_assert_int_eq(exit_of(child), 100 + 3);
}
END_TEST

static void tls_never_read(int fd, int manner)
{
    struct link l = {.fd = fd, .manner = (enum manner)manner};
    struct tls_server s = {0};

    tls_accept(&s, &l);
    pause();
}

START_TEST(a_peer_that_never_reads_with_tls)
{
    pid_t child;
    struct wire *w = serve(SOCK_STREAM, tls_never_read, AS_IT_COMES, &child);
    struct err err = {0};

    ck_assert_msg(secure(w, LONG, &err), "%s", err.text);
    stuff(w);
    kill(child, SIGKILL);
}
END_TEST

/* More than is read at once, and nothing of it data; then a line. */
static void warn_and_greet(int fd, int manner)
{
    struct link l = {.fd = fd, .manner = (enum manner)manner};
    struct tls_server s = {0};
    char byte;

    tls_accept(&s, &l);
    for (int i = 0; i < 3000; i++)
        gnutls_alert_send(s.session, GNUTLS_AL_WARNING,
                          GNUTLS_A_USER_CANCELED);
    gnutls_record_send(s.session, "220 mx\r\n", 8);
    gnutls_record_recv(s.session, &byte, 1);
}

START_TEST(business_of_tls_moves_no_deadline)
{
    pid_t child;
    struct wire *w = serve(SOCK_STREAM, warn_and_greet,
                           IN_ONE_PIECE + TLS_1_2, &child);
    struct buf in = {0};
    struct err err = {0};

    ck_assert_msg(secure(w, LONG, &err), "%s", err.text);
    ck_assert(!receive(w, &in, clock_ms(), &err));
    ck_assert_msg(wire_state(w) == WIRE_LATE, "%s", err.text);
    must_receive(w, S("220 mx\r\n"));
    buf_free(&in);
    wire_free(w);
    ck_assert_int_eq(exit_of(child), 0);
}
END_TEST

static void tls_flood_then_drain(int fd, int manner)
{
    struct link l = {.fd = fd, .manner = (enum manner)manner};
    struct tls_server s = {0};
    static char bytes[TLS_RECORD];
    size_t left = MEGABYTE;

    tls_accept(&s, &l);
    for (size_t n = 0; n < MEGABYTE; n += sizeof bytes)
        if (gnutls_record_send(s.session, bytes, sizeof bytes) < 0)
            _exit(1);
    while (left > 0) {
        ssize_t n = gnutls_record_recv(s.session, bytes, sizeof bytes);

        if (n <= 0)
            _exit(2);
        left -= (size_t)n;
    }
    gnutls_record_send(s.session, "!", 1);
}

START_TEST(a_megabyte_both_ways_with_tls)
{
    pid_t child;
    struct wire *w = serve(SOCK_STREAM, tls_flood_then_drain, AS_IT_COMES,
                           &child);
    struct err err = {0};

    ck_assert_msg(secure(w, LONG, &err), "%s", err.text);
    exchange_megabytes(w);
    wire_free(w);
    ck_assert_int_eq(exit_of(child), 0);
}
END_TEST

/* How much of the server's flight comes before the connection breaks. */
static const int cuts[] = {1, 4, 5, 6, 90, 127, 128, 200, 400, 500};

START_TEST(the_end_in_the_handshake)
{
    pid_t child;
    struct wire *w = serve(SOCK_STREAM, greet_and_answer, CUT + cuts[_i],
                           &child);
    struct err err = {0};

    ck_assert(!secure(w, LONG, &err));
    ck_assert_int_eq(err.kind, ERR_TEMPORARY);
    ck_assert_str_eq(err.text, "during the TLS handshake with '" HOST "': the"
                               " server closed the connection");
    ck_assert_int_eq(wire_state(w), WIRE_LOST);
    ck_assert_ptr_null(wire_facts(w));
    wire_free(w);
    ck_assert_int_eq(exit_of(child), 0);
}
END_TEST

START_TEST(silence_in_the_handshake)
{
    int other;
    struct wire *w = wire_to(&other);
    int64_t before = clock_ms();
    struct err err = {0};

    ck_assert(!secure(w, SOON, &err));
    ck_assert_int_lt(clock_ms(), before + SOON + 1000);
    ck_assert_int_eq(wire_state(w), WIRE_LATE);
    ck_assert_int_eq(err.kind, ERR_TEMPORARY);
    ck_assert_str_eq(err.text, "during the TLS handshake with '" HOST "': no"
                               " answer from the server in time");
    wire_free(w);
    close(other);
}
END_TEST

/* A record that never ends, or warnings without a pause. */
static void drip_tls(int fd, int flood)
{
    static const char warning[] = "\x15\x03\x03\0\x02\x01\x5A";

    if (!flood)
        send(fd, "\x16\x03\x03\x40\0\x02", 6, 0);
    for (;;) {
        if (send(fd, flood ? warning : "\0", flood ? 7 : 1, 0) < 0)
            return;
        if (!flood)
            usleep(20000);
    }
}

START_TEST(a_handshake_that_never_ends)
{
    pid_t child;
    struct wire *w = serve(SOCK_STREAM, drip_tls, _i, &child);
    int64_t before = clock_ms();
    struct err err = {0};

    ck_assert(!secure(w, SOON, &err));
    ck_assert_int_lt(clock_ms(), before + SOON + 1000);
    ck_assert_msg(wire_state(w) == (_i ? WIRE_LOST : WIRE_LATE), "%s",
                  err.text);
    wire_free(w);
}
END_TEST

START_TEST(a_signal_in_the_handshake)
{
    volatile sig_atomic_t stop = SIGINT;
    int other;
    struct wire *w = wire_to(&other);
    struct err err = {0};

    wire_watch(w, &stop);
    ck_assert(!secure(w, LONG, &err));
    ck_assert_int_eq(wire_state(w), WIRE_STOPPED);
    wire_free(w);
    close(other);
}
END_TEST

/* Servers that do not speak TLS: in whole, and a byte at a time. */
static void greet_in_the_clear(int fd, int slowly)
{
    static const char greeting[] = "220 mx.example.org ESMTP\r\n250 x\r\n";
    size_t piece = slowly ? 1 : sizeof greeting - 1;

    for (const char *p = greeting; *p; p += piece) {
        if (send(fd, p, piece, MSG_NOSIGNAL) < 0)
            break;
        usleep(slowly ? 2000 : 0);
    }
    usleep(200000);
}

START_TEST(no_tls_at_all)
{
    pid_t child;
    struct wire *w = serve(SOCK_STREAM, greet_in_the_clear, _i, &child);
    int64_t before = clock_ms();
    struct err err = {0};

    ck_assert(!secure(w, LONG, &err));
    ck_assert_int_lt(clock_ms(), before + 1000);
    ck_assert_int_eq(err.kind, ERR_PROTOCOL);
    ck_assert_str_eq(err.text, "the server '" HOST "' does not speak TLS: it"
                               " says '220 mx.example.org ESMTP'");
    ck_assert_int_eq(wire_state(w), WIRE_LOST);
    wire_free(w);
}
END_TEST

START_TEST(half_a_line_is_not_waited_for_long)
{
    int other;
    struct wire *w = wire_over_tcp(&other);
    int64_t before = clock_ms();
    struct err err = {0};
    struct sockaddr_in at;
    socklen_t length = sizeof at;
    char want[200];

    getsockname(other, (struct sockaddr *)&at, &length);
    ck_assert_int_eq(write(other, "HTTP", 4), 4);
    ck_assert(!secure(w, SOON, &err));
    ck_assert_int_lt(clock_ms(), before + 1000);
    snprintf(want, sizeof want, "the server '" HOST "' on port %d does not"
                                " speak TLS: it says 'HTTP'",
             ntohs(at.sin_port));
    ck_assert_str_eq(err.text, want);
    wire_free(w);
    close(other);
}
END_TEST

START_TEST(injected_after_starttls)
{
    int other;
    struct wire *w = wire_to(&other);
    struct err err = {0};

    ck_assert_int_eq(write(other, "220 go\r\n", 8), 8);
    must_receive(w, S("220 go\r\n"));
    ck_assert_int_eq(write(other, "250 injected\r\n", 14), 14);
    ck_assert(!secure(w, LONG, &err));
    ck_assert_int_eq(err.kind, ERR_PROTOCOL);
    ck_assert_str_eq(err.text, "the server '" HOST "' goes on in the clear"
                               " after STARTTLS: it says '250 injected'");
    wire_free(w);
    close(other);
}
END_TEST

START_TEST(a_server_that_is_not_trusted)
{
    pid_t child;
    struct wire *w = serve(SOCK_STREAM, greet_and_answer, IN_ONE_PIECE,
                           &child);
    struct tls_settings settings = {.trust = span_of(trust)};
    struct err err = {0};

    ck_assert(!wire_secure(w, &settings, S("other.example"), clock_ms() + LONG,
                           &err));
    ck_assert_int_eq(err.kind, ERR_PROTOCOL);
    ck_assert_str_eq(err.text, "the certificate of the server 'other.example'"
                               " is not for that name, but for '" HOST "'");
    wire_free(w);
    /* It was told in the handshake. */
    ck_assert_int_eq(exit_of(child), 3);
}
END_TEST

START_TEST(bad_settings_send_nothing)
{
    int other;
    struct wire *w = wire_to(&other);
    struct tls_settings settings = {.pins = S("x")};
    struct err err = {0};
    char byte;

    ck_assert(!wire_secure(w, &settings, S(HOST), clock_ms() + LONG, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    wire_free(w);
    ck_assert_int_eq(recv(other, &byte, 1, MSG_DONTWAIT), 0);
    close(other);
}
END_TEST

static void add_tls_tests(TCase *t)
{
    tcase_add_loop_test(t, talks_tls, 0, COUNT(manners));
    tcase_add_test(t, one_write_a_flight);
    tcase_add_test(t, change_cipher_spec_is_held_back);
    tcase_add_test(t, a_peer_that_never_reads_with_tls);
    tcase_add_test(t, business_of_tls_moves_no_deadline);
    tcase_add_test(t, a_megabyte_both_ways_with_tls);
    tcase_add_loop_test(t, the_end_in_the_handshake, 0, COUNT(cuts));
    tcase_add_test(t, silence_in_the_handshake);
    tcase_add_loop_test(t, a_handshake_that_never_ends, 0, 2);
    tcase_add_test(t, a_signal_in_the_handshake);
    tcase_add_loop_test(t, no_tls_at_all, 0, 2);
    tcase_add_test(t, half_a_line_is_not_waited_for_long);
    tcase_add_test(t, injected_after_starttls);
    tcase_add_test(t, a_server_that_is_not_trusted);
    tcase_add_test(t, bad_settings_send_nothing);
}

int main(void)
{
    TCase *t = tcase_create("wire");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, output_goes_when_input_is_wanted);
    tcase_add_test(t, what_is_left_goes_with_the_end);
    tcase_add_test(t, what_is_abandoned_does_not_go);
    tcase_add_loop_test(t, our_end_as_a_literal, 0, 2);
    tcase_add_test(t, input_is_added);
    tcase_add_test(t, silence_is_late);
    tcase_add_test(t, a_byte_now_and_then_moves_no_deadline);
    tcase_add_test(t, a_peer_that_never_reads);
    tcase_add_test(t, a_signal_stops_it);
    tcase_add_test(t, last_words_are_heard);
    tcase_add_test(t, nothing_is_sent_to_who_has_left);
    tcase_add_test(t, the_end_is_seen);
    tcase_add_test(t, a_reset_is_told);
    tcase_add_test(t, a_megabyte_both_ways);
    tcase_add_test(t, an_early_answer_is_heard);
    tcase_add_loop_test(t, plaintext_behind_starttls, 0, COUNT(pending));
    add_tls_tests(t);
    return unit_run("wire", t);
}
