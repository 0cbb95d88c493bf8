/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli_options - every option of the command line, a row each
 *
 * A row is what cli.c acts upon, what --help shows and what pennypost(1) says.
 * To add an option, add a row, and where it does something new an action.
 *
 * The name of an option is its letter, or its letter and the first of its
 * argument where that makes it another option (-bp, -oi): the longer name is
 * looked for first.  A longer one is a whole word that some sendmail has and
 * that is not to be read as joined letters (-verp); others begin with "--".
 * The settings, --server= and so on, are rows of options.def instead.
 */
#ifndef PENNYPOST_CONF_CLI_OPTIONS_H
#define PENNYPOST_CONF_CLI_OPTIONS_H

#include "base/span.h"

/* Whether an option has an argument. */
enum cli_argument {
    CLI_NONE,
    CLI_REQUIRED, /* joined to the letter, or the next; long: after "=" */
    CLI_OPTIONAL, /* joined to the letter, or none                      */
};

enum cli_action {
    CLI_IGNORE,
    CLI_REFUSE,
    CLI_VERIFY, /* under our own name a mode, else refused */
    CLI_MODE, /* what is the mode                         */
    CLI_FLAG, /* what is the offset of the bool in the cli */
    CLI_SENDER,
    CLI_FULL_NAME,
    CLI_BODY,
    CLI_NOTIFY,
    CLI_RETURN,
    CLI_ENVELOPE_ID,
    CLI_CONFIG_PATH,
    CLI_SETTING,
    CLI_ACCOUNT,
    CLI_ASSUME,
    CLI_ACTION_COUNT
};

/* Where help and manual have a row; --help shows the first one whole. */
enum cli_section {
    CLI_SENDING,
    CLI_MODES,
    CLI_REPORTS,
    CLI_GENERAL,
    CLI_IGNORED,
    CLI_REFUSED,
    CLI_SECTION_COUNT
};

struct cli_option {
    enum cli_section section;
    const char *name;        /* "t", "bp", "--help"                        */
    enum cli_argument argument;
    const char *placeholder; /* of the argument; NULL: not shown           */
    enum cli_action action;
    size_t what;             /* of CLI_MODE and CLI_FLAG                   */
    const char *help;        /* one line; of CLI_REFUSE, why               */
    const char *manual;      /* sentences, `literal words`; NULL: the help */
};

extern const struct cli_option cli_options[];
extern const size_t cli_option_count;

/* The titles of the sections, and what 'pennypost help' calls them. */
extern const char *const cli_sections[CLI_SECTION_COUNT];
extern const char *const cli_topics[CLI_SECTION_COUNT];

/* A word that is no recipient as the first operand, under our own name. */
struct cli_verb {
    const char *name;
    int mode;             /* -1: not in this version             */
    const char *help;     /* one line                            */
    const char *operands; /* as --help shows them, "[...]" where there need
                             not be one; NULL: options only */
};

extern const struct cli_verb cli_verbs[];
extern const size_t cli_verb_count;

/* The row NAME, or NULL. */
const struct cli_option *cli_option_find(struct span name);

#endif
