/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/signals.h"

#include <stddef.h>
#include <unistd.h>

/* The last ones would end us in silence, if a caller's timer sends them. */
static const int stops[] = {SIGHUP,  SIGINT,    SIGTERM, SIGALRM,
                            SIGUSR1, SIGVTALRM, SIGPROF, SIGXCPU};

/* What would end the program where a function can return an error. */
static const int unwanted[] = {SIGPIPE, SIGXFSZ};

enum {
    STOPS = sizeof stops / sizeof *stops,
    UNWANTED = sizeof unwanted / sizeof *unwanted,
};

static volatile sig_atomic_t stop_signal;

static void stop_note(int signal_number)
{
    if (!stop_signal)
        stop_signal = signal_number;
}

static void stops_set(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < STOPS; i++)
        sigaddset(set, stops[i]);
}

static void handle(int signal_number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};

    /* No SA_RESTART: what waits is to be interrupted. */
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, NULL);
}

void signals_catch(void)
{
    struct sigaction before;
    sigset_t set;

    for (size_t i = 0; i < STOPS; i++)
        if (sigaction(stops[i], NULL, &before) == 0 &&
            before.sa_handler != SIG_IGN)
            handle(stops[i], stop_note);
    for (size_t i = 0; i < UNWANTED; i++)
        handle(unwanted[i], SIG_IGN);
    handle(SIGCHLD, SIG_DFL);
    /* A caller's thread may have had them blocked when it started us. */
    stops_set(&set);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int signals_stop(void)
{
    return stop_signal;
}

const volatile sig_atomic_t *signals_flag(void)
{
    return &stop_signal;
}

void signals_restore(void)
{
    sigset_t none;

    /* exec(3) itself takes the handlers away. */
    for (size_t i = 0; i < UNWANTED; i++)
        handle(unwanted[i], SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void signals_die(void)
{
    int signal_number = stop_signal ? stop_signal : SIGTERM;
    sigset_t set;

    handle(signal_number, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(signal_number);
    _exit(128 + signal_number);
}
