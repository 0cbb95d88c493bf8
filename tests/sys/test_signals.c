/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/signals.h"

#include "scratch.h"

#include <errno.h>

/* Each runs in a process of its own: what it sets stays set. */

static int the_first_is_noted(void)
{
    signals_catch();
    child_assert(signals_stop() == 0 && *signals_flag() == 0);
    raise(SIGINT);
    child_assert(signals_stop() == SIGINT && *signals_flag() == SIGINT);
    raise(SIGTERM);
    raise(SIGHUP);
    child_assert(signals_stop() == SIGINT);
    return 0;
}

static int each_is_noted(int signal_number)
{
    signals_catch();
    raise(signal_number);
    child_assert(signals_stop() == signal_number);
    return 0;
}

static int hup_is_noted(void)
{
    return each_is_noted(SIGHUP);
}

static int term_is_noted(void)
{
    return each_is_noted(SIGTERM);
}

static int ignored_stays_ignored(void)
{
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signals_catch();
    raise(SIGHUP);
    raise(SIGINT);
    child_assert(signals_stop() == 0);
    raise(SIGTERM);
    child_assert(signals_stop() == SIGTERM);
    return 0;
}

static int blocked_is_unblocked(void)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    raise(SIGTERM);
    signals_catch();
    child_assert(signals_stop() == SIGTERM);
    return 0;
}

static int waiting_is_interrupted(void)
{
    int ends[2];
    char c;

    signals_catch();
    child_assert(pipe(ends) == 0);
    if (fork() == 0) {
        usleep(50 * 1000);
        kill(getppid(), SIGTERM);
        _exit(0);
    }
    child_assert(read(ends[0], &c, 1) == -1 && errno == EINTR);
    child_assert(signals_stop() == SIGTERM);
    return 0;
}

static int a_closed_pipe_is_an_error(void)
{
    int ends[2];

    signals_catch();
    child_assert(pipe(ends) == 0);
    close(ends[0]);
    child_assert(write(ends[1], "x", 1) == -1 && errno == EPIPE);
    raise(SIGXFSZ);
    return 0;
}

static int children_can_be_waited_for(void)
{
    int status = 0;
    pid_t pid;

    signal(SIGCHLD, SIG_IGN);
    signals_catch();
    pid = fork();
    if (pid == 0)
        _exit(3);
    child_assert(waitpid(pid, &status, 0) == pid);
    child_assert(WEXITSTATUS(status) == 3);
    return 0;
}

static int restored(void)
{
    sigset_t all, now;

    signals_catch();
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    signals_restore();
    sigprocmask(SIG_BLOCK, NULL, &now);
    child_assert(!sigismember(&now, SIGTERM) && !sigismember(&now, SIGUSR1));
    raise(SIGPIPE);
    return 1;
}

static int restored_for_large_files(void)
{
    signals_catch();
    signals_restore();
    raise(SIGXFSZ);
    return 1;
}

static int dies_of_int(void)
{
    signals_catch();
    raise(SIGINT);
    signals_die();
}

static int dies_though_blocked(void)
{
    sigset_t all;

    signals_catch();
    raise(SIGHUP);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    signals_die();
}

static int dies_of_nothing_noted(void)
{
    signals_catch();
    signals_die();
}

static const struct {
    const char *rule;
    int (*try)(void);
    int dies_of;
} cases[] = {
    {"the first is noted", the_first_is_noted, 0},
    {"HUP is noted", hup_is_noted, 0},
    {"TERM is noted", term_is_noted, 0},
    {"ignored stays ignored", ignored_stays_ignored, 0},
    {"blocked is unblocked", blocked_is_unblocked, 0},
    {"waiting is interrupted", waiting_is_interrupted, 0},
    {"a closed pipe is an error", a_closed_pipe_is_an_error, 0},
    {"children can be waited for", children_can_be_waited_for, 0},
    {"restored: PIPE", restored, SIGPIPE},
    {"restored: XFSZ", restored_for_large_files, SIGXFSZ},
    {"dies of INT", dies_of_int, SIGINT},
    {"dies though it is blocked", dies_though_blocked, SIGHUP},
    {"dies of TERM if nothing is noted", dies_of_nothing_noted, SIGTERM},
};

START_TEST(rules)
{
    int status = in_child(cases[_i].try);
    int died_of = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    ck_assert_msg(died_of == cases[_i].dies_of, "%s: died of %d",
                  cases[_i].rule, died_of);
    ck_assert_msg(died_of || status == 0, "%s: status %#x", cases[_i].rule,
                  status);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("signals");

    signal(SIGHUP, SIG_DFL); /* nohup(1) may have started us */
    tcase_add_loop_test(t, rules, 0, COUNT(cases));
    return unit_run("signals", t);
}
