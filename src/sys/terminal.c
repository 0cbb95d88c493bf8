/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/terminal.h"

#include "sys/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Opened, and ours to read from; or -1. */
static int terminal_open(void)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd >= 0 && tcgetpgrp(fd) != getpgrp()) {
        close(fd);
        return -1;
    }
    return fd;
}

bool terminal_there(void)
{
    int fd = isatty(STDERR_FILENO) ? terminal_open() : -1;

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Nothing is lost where that does not go: who asks will see no answer. */
static void say(int fd, struct span s)
{
    struct buf text = {0};

    err_escape(s, &text);
    if (write(fd, text.data, text.len) < 0)
        (void)errno;
    buf_free(&text);
}

static bool ask_quietly(int fd, struct span prompt, int64_t deadline,
                        const volatile sig_atomic_t *stop, struct buf *line,
                        struct err *err)
{
    struct termios before, quiet;
    bool done;

    if (tcgetattr(fd, &before) != 0)
        return fail(err, ERR_CONFIG, "cannot ask at the terminal: %s",
                    strerror(errno));
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    quiet.c_lflag |= ICANON | ISIG;
    /* What was typed before the question is no answer to it. */
    if (tcsetattr(fd, TCSAFLUSH, &quiet) != 0)
        return fail(err, ERR_CONFIG, "cannot ask at the terminal: %s",
                    strerror(errno));
    say(fd, prompt);
    done = secret_line(fd, "the terminal", deadline, stop, line, err);
    tcsetattr(fd, TCSAFLUSH, &before);
    if (write(fd, "\n", 1) < 0)
        (void)errno;
    return done;
}

bool terminal_ask(struct span prompt, int64_t deadline,
                  const volatile sig_atomic_t *stop, struct buf *line,
                  struct err *err)
{
    sigset_t held, before;
    int fd = terminal_open();
    bool done;

    if (fd < 0)
        return fail(err, ERR_CONFIG, "there is no terminal to ask at");
    sigemptyset(&held);
    sigaddset(&held, SIGTSTP);
    sigprocmask(SIG_BLOCK, &held, &before);
    done = ask_quietly(fd, prompt, deadline, stop, line, err);
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(fd);
    return done;
}
