/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exec - runs a command for what it prints, as a password-command
 *
 *     struct exec_command command = exec_written("password-command", line);
 *     struct buf password = {0};
 *
 *     command.stop = signals_flag();
 *     if (exec_line(&command, &password, err)) ...
 *     buf_wipe(&password);
 *
 * The command is split into words at blanks, and no shell sees it unless that
 * was asked for, with a "!" in front of it.  'single quotes' keep everything
 * as it is; "double quotes" keep all but a backslash before one of $ ` " \;
 * elsewhere a backslash keeps the next octet.  Nothing is expanded.
 *
 * The command gets an empty standard input, or the one it is given, our
 * standard error, no other descriptor, and of the environment only what a
 * password manager may need to find the user, the session bus and its agent.
 * It is a process group of its own, and that whole group is killed when it
 * takes too long, prints too much, or we are told to stop.  A process that it
 * leaves in the background is not waited for.
 */
#ifndef PENNYPOST_SYS_EXEC_H
#define PENNYPOST_SYS_EXEC_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <signal.h>

enum {
    EXEC_LINE = 12288,         /* the most octets of the line            */
    EXEC_OUTPUT = 64 << 10,    /* ... of all that the command may print  */
    EXEC_WORDS = 64,           /* the most words of a command            */
    EXEC_INPUT = 512,          /* ... that it is given to read           */
    EXEC_PATIENCE = 60 * 1000, /* milliseconds, if nothing else is asked */
    EXEC_SHOWN = 200,          /* octets of it that an error quotes      */
};

struct exec_command {
    const char *what;    /* its name in errors, as "password-command"    */
    struct span line;    /* the command                                  */
    bool shell;          /* hand it to sh -c                             */
    const char *const *words; /* its words, NULL behind the last, where  */
                         /* they are known; LINE only names it then      */
    struct span input;   /* what it may read, at most EXEC_INPUT octets  */
    const char *variable; /* "NAME=VALUE", added to its environment; may  */
                         /* be NULL                                      */
    unsigned timeout_ms; /* how long it may take; 0: EXEC_PATIENCE       */
    const volatile sig_atomic_t *stop; /* ends it when set; may be NULL  */
};

/* The command as errors name it. */
#define EXEC_FORMAT "the %s '%.*s'"
#define EXEC_ARG(c) (c)->what, SPAN_ARG(span_upto((c)->line, EXEC_SHOWN))

/* The command as a setting has it: one that begins with "!" is a shell's. */
struct exec_command exec_written(const char *what, struct span line);

/* Nothing that could be seen before keeps the command from being run. */
bool exec_check(const struct exec_command *, struct err *);

/*
 * Run the command and put the first line of its standard output into LINE,
 * which is empty before, without the line end.  The line is nowhere else in
 * our memory, so that buf_wipe() removes it.  Descriptors 0 to 2 are open
 * (input_reserve()).
 *
 * Fails with ERR_CONFIG where the command cannot be run or its line cannot be
 * used: it is empty or too long, holds a NUL, or more follows than EXEC_OUTPUT
 * octets.  Fails with ERR_TEMPORARY where the command takes too long, ends
 * with another status than 0 or by a signal: a locked key ring may be open
 * the next time.
 */
bool exec_line(const struct exec_command *, struct buf *line, struct err *);

/* As exec_line(), but all that it printed, which may be nothing. */
bool exec_text(const struct exec_command *, struct buf *text, struct err *);

/* The line holds a word, and no NUL; else fails with ERR_CONFIG. */
bool exec_usable(const struct exec_command *, struct err *);

/*
 * The words of the command, as arguments with a NULL behind the last, in the
 * arena's memory.  Fails with ERR_CONFIG.
 */
bool exec_split(const struct exec_command *, struct arena *,
                char *argv[EXEC_WORDS + 1], struct err *);

#endif
