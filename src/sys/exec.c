/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/exec.h"

#include "base/mem.h"
#include "sys/clock.h"
#include "sys/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LONGEST_NAP = 64, /* milliseconds between two looks whether it ended */
    CLOSE_MOST = 1 << 16,
};

/* What of our environment a command gets. */
static const char *const kept[] = {
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "TERM",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "GNUPGHOME",
    "GPG_TTY",
    "GPG_AGENT_INFO",
    "SSH_AUTH_SOCK",
};

enum { KEPT = sizeof kept / sizeof *kept };

/* A command while it runs. */
struct run {
    const struct exec_command *command;
    unsigned patience_ms;
    int64_t deadline;
    pid_t pid;
    int output; /* we read here; -1 once its end was seen */
    bool ended; /* it has, with STATUS; PID is no more    */
    int status;
    struct buf *printed;
};

static char *word_keep(struct arena *arena, struct span s)
{
    char *word = arena_take(arena, s.n + 1);

    memcpy(word, s.p, s.n);
    return word;
}

static bool arguments_make(const struct exec_command *command,
                           struct arena *arena, char *argv[EXEC_WORDS + 1],
                           struct err *err)
{
    size_t count = 0;

    if (command->words) {
        for (; command->words[count] && count < EXEC_WORDS; count++)
            argv[count] = word_keep(arena, span_of(command->words[count]));
        argv[count] = NULL;
        return true;
    }
    if (!command->shell)
        return exec_split(command, arena, argv, err);
    if (!exec_usable(command, err))
        return false;
    argv[0] = word_keep(arena, S("/bin/sh"));
    argv[1] = word_keep(arena, S("-c"));
    argv[2] = word_keep(arena, command->line);
    argv[3] = NULL;
    return true;
}

static bool name_kept(struct span name)
{
    for (size_t i = 0; i < KEPT; i++)
        if (span_eq(name, span_of(kept[i])))
            return true;
    return false;
}

/* The entries of our environment that a command gets, and ADDED, or NULL. */
static void environment_make(char *env[KEPT + 2], char *added)
{
    size_t count = 0;

    for (char **entry = environ; entry && *entry && count < KEPT; entry++) {
        struct span whole = span_of(*entry);

        if (name_kept(span_upto(whole, span_find(whole, '='))))
            env[count++] = *entry;
    }
    env[count++] = added;
    env[count] = NULL;
}

/* pipe2(2) is not everywhere. */
static bool pipe_open(int ends[2])
{
    if (pipe(ends) != 0)
        return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

static bool pipes_open(int output[2], int report[2])
{
    int why;

    if (!pipe_open(output))
        return false;
    if (pipe_open(report))
        return true;
    why = errno;
    close(output[0]);
    close(output[1]);
    errno = why;
    return false;
}

static void close_between(unsigned low, unsigned high)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, low, high, 0U) == 0)
        return;
#endif
    for (unsigned fd = low; fd <= high && fd < CLOSE_MOST; fd++)
        close((int)fd);
}

/*
 * What the command reads: a pipe with all of its input in it and no other end,
 * which is as empty as /dev/null where there is none.
 */
static int input_open(struct span input)
{
    int ends[2];
    ssize_t n;

    if (span_empty(input))
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (!pipe_open(ends))
        return -1;
    n = write(ends[1], input.p, input.n); /* at most PIPE_BUF: it does fit */
    close(ends[1]);
    if (n == (ssize_t)input.n)
        return ends[0];
    close(ends[0]);
    return -1;
}

/* In the child: become the command, or write to REPORT why not. */
static _Noreturn void child_run(const struct exec_command *command,
                                char *const argv[], int output, int report)
{
    int input = input_open(command->input);
    char *env[KEPT + 2], *added = (char *)command->variable;
    int why;

    setpgid(0, 0);
    signals_restore();
    environment_make(env, added);
    if (input >= 0 && dup2(input, STDIN_FILENO) >= 0 &&
        dup2(output, STDOUT_FILENO) >= 0) {
        close_between(STDERR_FILENO + 1, (unsigned)report - 1);
        close_between((unsigned)report + 1, UINT_MAX);
        environ = env;
        execvp(argv[0], argv);
    }
    why = errno;
    _exit(write(report, &why, sizeof why) < 0 ? 126 : 127);
}

/* Why the child could not become the command, or 0. */
static int report_read(int report)
{
    int why = 0;
    ssize_t n;

    do
        n = read(report, &why, sizeof why);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof why ? why : 0;
}

static void run_await(struct run *run)
{
    while (waitpid(run->pid, &run->status, 0) < 0 && errno == EINTR)
        continue;
    run->ended = true;
}

static bool run_unstarted(struct run *run, const char *program, int why,
                          struct err *err)
{
    if (run->pid > 0)
        run_await(run);
    close(run->output);
    fail(err, run->pid > 0 ? ERR_CONFIG : ERR_SYSTEM,
         EXEC_FORMAT " cannot be run: '%s': %s", EXEC_ARG(run->command),
         program, strerror(why));
    if ((why == ENOENT || why == EACCES) &&
        !span_eq(run->command->line, span_of(program)))
        err_hint(err, "no shell reads the command: give the path of a "
                      "program, or write ! in front of it for a shell");
    return false;
}

static bool run_start(struct run *run, char *const argv[], struct err *err)
{
    int output[2], report[2], why;

    if (!pipes_open(output, report))
        return fail(err, ERR_SYSTEM, EXEC_FORMAT " cannot be run: %s",
                    EXEC_ARG(run->command), strerror(errno));
    run->pid = fork();
    why = errno;
    if (run->pid == 0)
        child_run(run->command, argv, output[1], report[1]);
    close(output[1]);
    close(report[1]);
    if (run->pid > 0)
        why = report_read(report[0]);
    close(report[0]);
    run->output = output[0];
    if (why)
        return run_unstarted(run, argv[0], why, err);
    setpgid(run->pid, run->pid); /* too late after exec(3), and then done */
    fcntl(run->output, F_SETFL, O_NONBLOCK);
    return true;
}

/* Until it has printed something, or for NAP milliseconds. */
static bool run_wait(struct run *run, int nap, struct err *err)
{
    const struct exec_command *command = run->command;
    struct pollfd wait = {.fd = run->output, .events = POLLIN};
    int64_t until = clock_ms() + nap;

    if (until > run->deadline)
        until = run->deadline;
    if (clock_wait(&wait, 1, until, command->stop) == CLOCK_STOPPED)
        return fail(err, ERR_TEMPORARY,
                    "stopped by a signal while waiting for " EXEC_FORMAT,
                    EXEC_ARG(command));
    if (clock_past(run->deadline))
        return fail(err, ERR_TEMPORARY, EXEC_FORMAT " took more than %g s",
                    EXEC_ARG(command), (double)run->patience_ms / 1000);
    return true;
}

/* What it has printed by now. */
static bool run_read(struct run *run, struct err *err)
{
    struct buf *printed = run->printed;

    while (run->output >= 0 && printed->len <= EXEC_OUTPUT) {
        ssize_t n = read(run->output, printed->data + printed->len,
                         EXEC_OUTPUT + 1 - printed->len);

        if (n < 0 && errno == EAGAIN)
            return true;
        if (n > 0) {
            buf_filled(printed, (size_t)n);
        } else if (n == 0 || errno != EINTR) {
            close(run->output);
            run->output = -1;
        }
    }
    if (printed->len > EXEC_OUTPUT)
        return fail(err, ERR_CONFIG,
                    EXEC_FORMAT " printed more than %d octets",
                    EXEC_ARG(run->command), EXEC_OUTPUT);
    return true;
}

static bool run_look(struct run *run, struct err *err)
{
    int status;
    pid_t pid = waitpid(run->pid, &status, WNOHANG | WUNTRACED);

    if (pid == 0 || (pid < 0 && errno == EINTR))
        return true;
    if (pid < 0) {
        run->ended = true; /* nobody will tell us more */
        return fail(err, ERR_SYSTEM, "cannot wait for " EXEC_FORMAT ": %s",
                    EXEC_ARG(run->command), strerror(errno));
    }
    if (WIFSTOPPED(status)) {
        fail(err, ERR_TEMPORARY, EXEC_FORMAT " was stopped (%s)",
             EXEC_ARG(run->command), strsignal(WSTOPSIG(status)));
        return err_hint(err, "it cannot ask at this terminal");
    }
    run->status = status;
    run->ended = true;
    return true;
}

/*
 * Watch it until it ends.  The end of its output is no sign of that, nor the
 * other way round: a process in the background may hold the pipe for ever.
 */
static bool run_watch(struct run *run, struct err *err)
{
    for (int nap = 1; !run->ended; nap = nap < LONGEST_NAP ? 2 * nap : nap)
        if (!run_wait(run, nap, err) || !run_read(run, err) ||
            !run_look(run, err))
            return false;
    return run_read(run, err);
}

static void run_finish(struct run *run)
{
    if (!run->ended) {
        kill(-run->pid, SIGKILL);
        run_await(run);
    }
    if (run->output >= 0)
        close(run->output);
}

static bool run_judge(const struct run *run, struct err *err)
{
    const struct exec_command *command = run->command;

    if (WIFSIGNALED(run->status))
        return fail(err, ERR_TEMPORARY,
                    EXEC_FORMAT " died of signal %d (%s)",
                    EXEC_ARG(command), WTERMSIG(run->status),
                    strsignal(WTERMSIG(run->status)));
    if (WEXITSTATUS(run->status) != 0)
        return fail(err, ERR_TEMPORARY,
                    EXEC_FORMAT " exited with status %d",
                    EXEC_ARG(command), WEXITSTATUS(run->status));
    return true;
}

/* Keep the first line of what was printed, and wipe the rest. */
static bool line_take(const struct exec_command *command, struct buf *printed,
                      struct err *err)
{
    struct span all = buf_span(printed);
    struct span line = span_upto(all, span_find(all, '\n'));

    if (span_ends(line, S("\r")))
        line.n--;
    if (span_empty(line))
        return fail(err, ERR_CONFIG, EXEC_FORMAT " printed %s",
                    EXEC_ARG(command),
                    span_empty(all) ? "nothing" : "an empty line");
    if (line.n > EXEC_LINE)
        return fail(err, ERR_CONFIG,
                    EXEC_FORMAT " printed a line of more than %d octets",
                    EXEC_ARG(command), EXEC_LINE);
    if (span_find(line, '\0') < line.n)
        return fail(err, ERR_CONFIG, EXEC_FORMAT " printed a NUL",
                    EXEC_ARG(command));
    mem_wipe(printed->data + line.n, printed->len - line.n);
    buf_cut(printed, line.n);
    return true;
}

static bool run_whole(struct run *run, char *const argv[], struct err *err)
{
    bool done;

    if (!run_start(run, argv, err))
        return false;
    done = run_watch(run, err);
    run_finish(run);
    return done && run_judge(run, err);
}

bool exec_text(const struct exec_command *command, struct buf *text,
               struct err *err)
{
    struct run run = {.command = command, .printed = text};
    struct arena arena = {0};
    char *argv[EXEC_WORDS + 1];
    bool done;

    run.patience_ms = command->timeout_ms ? command->timeout_ms : EXEC_PATIENCE;
    run.deadline = clock_ms() + run.patience_ms;
    buf_clear(text);
    buf_room(text, EXEC_OUTPUT + 1);
    done = arguments_make(command, &arena, argv, err) &&
           run_whole(&run, argv, err);
    if (!done)
        buf_wipe(text);
    arena_free(&arena);
    return done;
}

bool exec_line(const struct exec_command *command, struct buf *line,
               struct err *err)
{
    if (!exec_text(command, line, err))
        return false;
    if (line_take(command, line, err))
        return true;
    buf_wipe(line);
    return false;
}
