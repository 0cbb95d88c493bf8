/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * signals - HUP, INT and TERM, seen where it is safe to see them
 *
 * A handler notes the first of these signals and does nothing else; the code
 * that waits looks at the note and ends in order.  A signal that the caller
 * had ignored stays ignored, so nohup(1) works.
 *
 *     signals_catch();
 *     ... input_read(STDIN_FILENO, signals_flag(), ...) ...
 *     if (signals_stop())
 *         signals_die();
 *
 * The note is the one variable of this program that outlives a function: a
 * handler has no argument to find anything else by.
 */
#ifndef PENNYPOST_SYS_SIGNALS_H
#define PENNYPOST_SYS_SIGNALS_H

#include <signal.h>

/*
 * Note HUP, INT, TERM and what a timer of the caller's may send from now on.
 * A write to a closed pipe or over the limit on a file's size becomes an error
 * in place of a signal, and the status of a command can be waited for,
 * whatever the caller had set.
 */
void signals_catch(void);

/* The first signal to stop that came, or 0. */
int signals_stop(void);

/* Where it is noted, for what waits with clock_wait(). */
const volatile sig_atomic_t *signals_flag(void);

/*
 * In a child of ours, before it runs another program: what signals_catch()
 * changed is as that program expects it.
 */
void signals_restore(void);

/*
 * Die of the signal that was noted, so that who waits for us sees why.  What
 * is buffered in stdio is lost.
 */
_Noreturn void signals_die(void);

#endif
