/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user is this program, at the other end of a pseudo-terminal that a child
 * has for its own.
 */
#include <config.h>

#include "sys/terminal.h"

#include "scratch.h"
#include "sys/clock.h"
#include "sys/signals.h"

#include <poll.h>
#include <termios.h>

static int user = -1; /* the user's end */

/* Become the first process of a session that has the terminal. */
static bool terminal_own(const char *name)
{
    int fd;

    setsid();
    fd = open(name, O_RDWR);
    return fd >= 0 && dup2(fd, STDERR_FILENO) >= 0 && isatty(STDERR_FILENO);
}

static bool echoes(void)
{
    struct termios now;

    return tcgetattr(STDERR_FILENO, &now) == 0 && (now.c_lflag & ECHO);
}

/* The line of what went wrong, or 0. */
static int answered(void)
{
    struct buf line = {0};
    struct err err = {0};

    if (!terminal_there() || !echoes())
        return __LINE__ % 200;
    if (!terminal_ask(S("Pass\033word: "), clock_ms() + 4000, signals_flag(),
                      &line, &err))
        return __LINE__ % 200;
    if (!span_eq(buf_span(&line), S("secret")) || !echoes())
        return __LINE__ % 200;
    buf_wipe(&line);
    return 0;
}

static int interrupted(void)
{
    struct buf line = {0};
    struct err err = {0};

    signals_catch();
    if (terminal_ask(S("Password: "), clock_ms() + 4000, signals_flag(),
                     &line, &err))
        return __LINE__ % 200;
    if (err.kind != ERR_TEMPORARY || signals_stop() != SIGINT || !echoes())
        return __LINE__ % 200;
    return line.cap != 0;
}

static int late(void)
{
    struct buf line = {0};
    struct err err = {0};

    if (terminal_ask(S("Password: "), clock_ms() + 300, NULL, &line, &err))
        return __LINE__ % 200;
    return err.kind != ERR_TEMPORARY || !echoes();
}

static int alone(void)
{
    struct buf line = {0};
    struct err err = {0};

    setsid(); /* and so without a terminal */
    if (terminal_there() ||
        terminal_ask(S("Password: "), clock_ms(), NULL, &line, &err))
        return __LINE__ % 200;
    return !span_eq(span_of(err.text), S("there is no terminal to ask at"));
}

static pid_t start(int (*try)(void))
{
    pid_t pid;

    user = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert(user >= 0 && grantpt(user) == 0 && unlockpt(user) == 0);
    pid = fork();
    if (pid == 0)
        _exit(terminal_own(ptsname(user)) ? try() : 255);
    return pid;
}

/* What is shown, until WANT is, or for MS milliseconds. */
static void see(struct buf *seen, struct span want, int ms)
{
    struct pollfd wait = {.fd = user, .events = POLLIN};
    int64_t end = clock_ms() + ms;

    while (!clock_past(end) && !span_ends(buf_span(seen), want) &&
           poll(&wait, 1, (int)(end - clock_ms())) > 0) {
        ssize_t n = read(user, buf_room(seen, 256), 256);

        if (n <= 0)
            return;
        buf_filled(seen, (size_t)n);
    }
}

static const struct {
    int (*try)(void);
    const char *prompt, *types;
    struct span shown;
} cases[] = {
    {answered, "word: ", "secret\n", SPAN_INIT("Pass\\x1Bword: \r\n")},
    {interrupted, "word: ", "sec\003", SPAN_INIT("Password: \r\n")},
    {late, "word: ", "sec", SPAN_INIT("Password: \r\n")},
};

START_TEST(asks)
{
    struct buf seen = {0};
    int status = -1;
    pid_t pid = start(cases[_i].try);

    see(&seen, span_of(cases[_i].prompt), 3000);
    ck_assert(span_ends(buf_span(&seen), span_of(cases[_i].prompt)));
    ck_assert_int_gt(write(user, cases[_i].types, strlen(cases[_i].types)), 0);
    see(&seen, S("\r\n"), 3000);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(status == 0, "status %#x", (unsigned)status);
    ck_assert_ptr_null(strstr(buf_cstring(&seen), "sec"));
    ck_assert_span(buf_span(&seen), cases[_i].shown);
    buf_free(&seen);
    close(user);
}
END_TEST

START_TEST(nobody_is_there)
{
    ck_assert_child(alone);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("terminal");

    tcase_add_loop_test(t, asks, 0, COUNT(cases));
    tcase_add_test(t, nobody_is_there);
    return unit_run("terminal", t);
}
