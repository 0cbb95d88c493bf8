/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/log.h"

#include "scratch.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

enum { SOMEBODY = 4242424, WRITERS = 4, LINES = 50, WIDTH = 300 };

static const int64_t noon = 1714564800; /* 2024-05-01 12:00:00 UTC */

static struct scratch here;
static struct log log_;
static struct err err;

static void set_up(void)
{
    scratch_make(&here);
    log_ = (struct log){0};
    err = (struct err){0};
}

static void tear_down(void)
{
    log_close(&log_);
    scratch_remove(&here);
}

static bool open_in(const char *name)
{
    return log_open(&log_, span_of(scratch_path(&here, name)), &err);
}

static bool write_line(struct span line)
{
    return log_line(&log_, noon, LOG_LEVEL_INFO, line, &err);
}

static void expect_file(const char *name, struct span want)
{
    char got[512];
    int fd = open(scratch_path(&here, name), O_RDONLY);
    ssize_t n = read(fd, got, sizeof got);

    ck_assert_int_ge(n, 0);
    ck_assert_span(((struct span){got, (size_t)n}), want);
    close(fd);
}

START_TEST(nowhere)
{
    ck_assert(write_line(S("before it is open")));
    ck_assert(log_open(&log_, S("none"), &err));
    ck_assert(write_line(S("x")));
    ck_assert_int_eq(log_.place, LOG_TO_NOTHING);
    ck_assert_int_eq(scratch_count(&here), 0);
}
END_TEST

static const struct span no_places[] = {
    SPAN_INIT(""),       SPAN_INIT("None"),    SPAN_INIT("file"),
    SPAN_INIT("a/file"), SPAN_INIT("syslog "), SPAN_INIT("journald"),
};

START_TEST(no_place)
{
    struct buf want = {0};

    ck_assert(!log_open(&log_, no_places[_i], &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    buf_printf(&want, "'%.*s' is no place for a log", SPAN_ARG(no_places[_i]));
    ck_assert_span(span_of(err.text), buf_span(&want));
    ck_assert_str_eq(err.hint,
                     "it is none, syslog, journal, or the path of a file from "
                     "the root, as /var/log/pennypost.log");
    ck_assert(write_line(S("x")));
    buf_free(&want);
}
END_TEST

START_TEST(a_file)
{
    struct stat st;

    umask(0);
    ck_assert_msg(open_in("log"), "%s", err.text);
    ck_assert(write_line(S("one")));
    ck_assert(write_line(S("")));
    log_close(&log_);
    ck_assert(open_in("log"));
    ck_assert(log_line(&log_, 0, LOG_LEVEL_ERROR, S("%s two"), &err));
    expect_file("log", S("2024-05-01T12:00:00Z one\n"
                         "2024-05-01T12:00:00Z \n"
                         "1970-01-01T00:00:00Z %s two\n"));
    ck_assert_int_eq(stat(scratch_path(&here, "log"), &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
    ck_assert_int_eq(fcntl(log_.fd, F_GETFD), FD_CLOEXEC);
}
END_TEST

START_TEST(another_place_closes_the_first)
{
    int fd;

    ck_assert(open_in("log"));
    fd = log_.fd;
    ck_assert(log_open(&log_, S("none"), &err));
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
    ck_assert(write_line(S("x")));
    expect_file("log", S(""));
}
END_TEST

START_TEST(cannot_be_opened)
{
    ck_assert(!open_in("none/log"));
    ck_assert_int_eq(err.kind, ERR_IO);
    ck_assert(strstr(err.text, "cannot open the log '/tmp/pennypost-test."));
    ck_assert(strstr(err.text, "/none/log': No such file or directory"));
    ck_assert(write_line(S("x")));
    ck_assert(!log_open(&log_, S("/tmp"), &err));
    ck_assert_str_eq(err.text, "cannot open the log '/tmp': Is a directory");
}
END_TEST

START_TEST(no_space)
{
    ck_assert(log_open(&log_, S("/dev/full"), &err));
    ck_assert(!write_line(S("x")));
    ck_assert_int_eq(err.kind, ERR_IO);
    ck_assert_str_eq(err.text, "cannot write to the log '/dev/full': "
                               "No space left on device");
}
END_TEST

static int write_half(void)
{
    const struct rlimit few = {40, 40};

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &few);
    child_assert(open_in("log"));
    child_assert(write_line(S("fits")));
    child_assert(!write_line(S("does not")));
    child_assert(err.kind == ERR_IO);
    child_assert(strstr(err.text, "/log': there is no space left"));
    child_assert(!write_line(S("does not")));
    child_assert(strstr(err.text, "/log': File too large"));
    log_close(&log_);
    return 0;
}

START_TEST(half_a_line)
{
    ck_assert_child(write_half);
}
END_TEST

START_TEST(a_pipe_that_nobody_reads)
{
    ck_assert_int_eq(mkfifo(scratch_path(&here, "pipe"), 0600), 0);
    ck_assert(!open_in("pipe"));
    ck_assert(strstr(err.text, "/pipe': No such device or address"));
}
END_TEST

START_TEST(a_pipe_that_is_full)
{
    char filling[4096] = "";
    int fd;

    ck_assert_int_eq(mkfifo(scratch_path(&here, "pipe"), 0600), 0);
    fd = open(scratch_path(&here, "pipe"), O_RDWR | O_NONBLOCK);
    ck_assert(open_in("pipe"));
    while (write(fd, filling, sizeof filling) > 0)
        continue;
    ck_assert(!write_line(S("x")));
    ck_assert(strstr(err.text, "Resource temporarily unavailable"));
    close(fd);
}
END_TEST

static void link_to_log(void)
{
    struct scratch to = here;

    ck_assert_int_eq(
        symlink(scratch_path(&to, "log"), scratch_path(&here, "link")), 0);
}

START_TEST(a_link_of_ours)
{
    link_to_log();
    ck_assert_msg(open_in("link"), "%s", err.text);
    ck_assert(write_line(S("x")));
    expect_file("log", S("2024-05-01T12:00:00Z x\n"));
}
END_TEST

START_TEST(a_link_of_somebody)
{
    link_to_log();
    if (lchown(scratch_path(&here, "link"), SOMEBODY, (gid_t)-1) != 0)
        return; /* only root can try this */
    ck_assert(!open_in("link"));
    ck_assert(strstr(err.text, "/link': Too many levels of symbolic links"));
    ck_assert_int_eq(scratch_count(&here), 1);
}
END_TEST

static void write_many(char c)
{
    char line[WIDTH];

    memset(line, c, sizeof line);
    for (int i = 0; i < LINES; i++)
        if (!write_line((struct span){line, sizeof line}))
            _exit(1);
    _exit(0);
}

START_TEST(lines_do_not_mix)
{
    static char all[WRITERS * LINES * (WIDTH + 32)];
    struct span rest, line;
    int lines = 0, fd, status;

    for (int i = 0; i < WRITERS; i++)
        if (fork() == 0)
            write_many(open_in("log") ? (char)('a' + i) : '?');
    for (int i = 0; i < WRITERS; i++)
        ck_assert(wait(&status) > 0 && status == 0);
    fd = open(scratch_path(&here, "log"), O_RDONLY);
    rest = (struct span){all, (size_t)read(fd, all, sizeof all)};
    close(fd);
    for (; span_line(&rest, &line); lines++) {
        ck_assert(span_starts(line, S("2024-05-01T12:00:00Z ")));
        line = span_from(line, 21);
        ck_assert_uint_eq(line.n, WIDTH);
        ck_assert_uint_eq(span_rfind(line, line.p[0]), WIDTH - 1);
        for (size_t i = 0; i < line.n; i++)
            ck_assert_int_eq(line.p[i], line.p[0]);
    }
    ck_assert_int_eq(lines, WRITERS * LINES);
}
END_TEST

/* A journal that we can look into. */
static int journal_make(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/s",
             here.directory);
    ck_assert_int_eq(
        bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    log_.journal_socket = scratch_path(&here, "s");
    return fd;
}

static void expect_entry(int fd, struct span want)
{
    char got[512];
    ssize_t n = recv(fd, got, sizeof got, MSG_DONTWAIT);

    ck_assert_int_ge(n, 0);
    ck_assert_span(((struct span){got, (size_t)n}), want);
}

START_TEST(the_journal)
{
    const struct log_field fields[] = {
        {SPAN_INIT("PENNYPOST_ID"), SPAN_INIT("4711=")},
        {SPAN_INIT("PENNYPOST_REPLY"), SPAN_INIT("two\nlines")},
    };
    int fd = journal_make();

    ck_assert_msg(log_open(&log_, S("journal"), &err), "%s", err.text);
    ck_assert(log_line(&log_, noon, LOG_LEVEL_WARNING, S("a b"), &err));
    expect_entry(fd, S("SYSLOG_IDENTIFIER=pennypost\nPRIORITY=4\n"
                       "MESSAGE=a b\n"));
    log_.fields = fields;
    log_.field_count = COUNT(fields);
    ck_assert(log_line(&log_, noon, LOG_LEVEL_INFO, S("a\nb"), &err));
    expect_entry(fd, S("SYSLOG_IDENTIFIER=pennypost\nPRIORITY=6\n"
                       "MESSAGE\n\3\0\0\0\0\0\0\0a\nb\n"
                       "PENNYPOST_ID=4711=\n"
                       "PENNYPOST_REPLY\n\x09\0\0\0\0\0\0\0two\nlines\n"));
    ck_assert_int_eq(fcntl(log_.fd, F_GETFD), FD_CLOEXEC);
    close(fd);
    ck_assert(!write_line(S("x")));
    ck_assert_str_eq(err.text,
                     "cannot write to the journal: Connection refused");
}
END_TEST

START_TEST(a_long_value_for_the_journal)
{
    static char value[0x1234];
    const struct log_field field = {SPAN_INIT("LONG"),
                                    {value, sizeof value}};
    char got[2 * sizeof value];
    int fd = journal_make();
    ssize_t n;

    memset(value, '\n', sizeof value);
    log_.fields = &field;
    log_.field_count = 1;
    ck_assert(log_open(&log_, S("journal"), &err));
    ck_assert(write_line(S("x")));
    n = recv(fd, got, sizeof got, MSG_DONTWAIT);
    ck_assert_int_gt(n, (ssize_t)sizeof value);
    n -= (ssize_t)sizeof value + 1 + 8 + 5;
    ck_assert_span(((struct span){got + n, 13}),
                   S("LONG\n\x34\x12\0\0\0\0\0\0"));
    close(fd);
}
END_TEST

START_TEST(a_journal_that_takes_nothing)
{
    int fd = journal_make(), taken = 0;

    ck_assert(log_open(&log_, S("journal"), &err));
    while (taken < 10000 && write_line(S("x")))
        taken++;
    ck_assert_int_lt(taken, 10000);
    ck_assert_int_eq(err.kind, ERR_IO);
    close(fd);
}
END_TEST

START_TEST(no_journal)
{
    log_.journal_socket = "/nowhere/socket";
    ck_assert(!log_open(&log_, S("journal"), &err));
    ck_assert_int_eq(err.kind, ERR_IO);
    ck_assert_str_eq(err.text, "cannot reach the journal at "
                               "'/nowhere/socket': No such file or directory");
    ck_assert(write_line(S("x")));
    log_.journal_socket =
        "/a/path/that/is/much/too/long/for/the/address/of/a/socket/of/the/"
        "local/kind/whose/limit/is/about/a/hundred/octets/and/not/more";
    ck_assert(!log_open(&log_, S("journal"), &err));
    ck_assert(strstr(err.text, "cannot reach the journal at '/a/path"));
}
END_TEST

static int syslog_listen(int type)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = scratch_path(&here, "log");
    int fd = socket(AF_UNIX, type, 0);

    memcpy(address.sun_path, path, strlen(path));
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    if (type == SOCK_STREAM)
        listen(fd, 1);
    log_.syslog_socket = path;
    return fd;
}

/* <PRI>Mmm dd hh:mm:ss pennypost[PID]: line, and a NUL */
START_TEST(to_syslog)
{
    int type = _i ? SOCK_STREAM : SOCK_DGRAM;
    int fd = syslog_listen(type), from = fd;
    struct buf want = {0};
    char got[300] = {0};

    ck_assert(log_open(&log_, S("syslog"), &err));
    ck_assert_int_eq(log_.place, LOG_TO_SYSLOG);
    ck_assert(write_line(S("a test: %n%s")));
    if (type == SOCK_STREAM)
        from = accept(fd, NULL, NULL);
    ck_assert(read(from, got, sizeof got - 1) > 0);
    buf_printf(&want, " pennypost[%d]: a test: %%n%%s", (int)getpid());
    ck_assert_msg(strncmp(got, "<2", 2) == 0 && got[4] >= 'A' &&
                      span_ends(span_of(got), buf_span(&want)),
                  "%s", got);
    buf_free(&want);
    close(fd);
}
END_TEST

START_TEST(no_syslog_is_no_error)
{
    log_.syslog_socket = "/nowhere/log";
    ck_assert(log_open(&log_, S("syslog"), &err));
    ck_assert(write_line(S("nobody hears")));
}
END_TEST

/* A daemon that stands still holds nobody up for longer than a second each. */
START_TEST(a_full_syslog_is_not_waited_for)
{
    int fd = syslog_listen(SOCK_DGRAM), filler = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    time_t begin;

    memcpy(address.sun_path, log_.syslog_socket, strlen(log_.syslog_socket));
    connect(filler, (struct sockaddr *)&address, sizeof address);
    while (send(filler, "x", 1, MSG_DONTWAIT) > 0)
        ;
    begin = time(NULL);
    ck_assert(log_open(&log_, S("syslog"), &err));
    ck_assert(write_line(S("late")));
    ck_assert(time(NULL) - begin <= 3);
    close(filler);
    close(fd);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("log");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, nowhere);
    tcase_add_loop_test(t, no_place, 0, COUNT(no_places));
    tcase_add_test(t, a_file);
    tcase_add_test(t, another_place_closes_the_first);
    tcase_add_test(t, cannot_be_opened);
    tcase_add_test(t, no_space);
    tcase_add_test(t, half_a_line);
    tcase_add_test(t, a_pipe_that_nobody_reads);
    tcase_add_test(t, a_pipe_that_is_full);
    tcase_add_test(t, a_link_of_ours);
    tcase_add_test(t, a_link_of_somebody);
    tcase_add_test(t, lines_do_not_mix);
    tcase_add_test(t, the_journal);
    tcase_add_test(t, a_long_value_for_the_journal);
    tcase_add_test(t, a_journal_that_takes_nothing);
    tcase_add_test(t, no_journal);
    tcase_add_loop_test(t, to_syslog, 0, 2);
    tcase_add_test(t, no_syslog_is_no_error);
    tcase_add_test(t, a_full_syslog_is_not_waited_for);
    return unit_run("log", t);
}
