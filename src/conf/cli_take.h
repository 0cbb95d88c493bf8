/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli_take - what each option does, once it was found on the command line
 *
 * The half of cli.c that knows the options; the other finds them.  Nothing
 * else uses it.
 */
#ifndef PENNYPOST_CONF_CLI_TAKE_H
#define PENNYPOST_CONF_CLI_TAKE_H

#include "conf/cli.h"
#include "conf/cli_options.h"

/* A command line that is being read. */
struct cli_reading {
    char *const *argv;
    size_t argc, next; /* the argument to be read next */
    bool knows_verbs;  /* called as pennypost          */
    const struct cli_verb *verb; /* NULL: none was met */
    struct arena *arena;
    struct cli *cli;
    struct err *err;
};

/* An option that was met. */
struct cli_given {
    const struct cli_option *row; /* NULL: a setting             */
    struct span shown;            /* "-f", "--server"            */
    struct span value;            /* its argument; empty if none */
};

/*
 * Do what the option does, or keep the setting.  ERR_USAGE where its argument
 * will not do; no argument may hold a control character.
 */
bool cli_take(struct cli_reading *, struct cli_given);

#endif
