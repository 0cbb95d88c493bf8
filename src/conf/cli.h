/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli - the command line: sendmail's, and the settings
 *
 *     struct cli cli;
 *
 *     if (!cli_parse(argc, argv, &arena, &cli, err))
 *         ...
 *     switch (cli.mode) ...
 *     ... the files and the environment; then the top layer:
 *     cli_apply(&cli, &conf, err);
 *
 * Options are read as POSIX has it (XBD 12.2): letters may be joined, an
 * argument may be joined to its letter or follow it, the first operand or
 * "--" ends the options.  An operand that begins with "-" is an error unless
 * "--" came before, for it is an option in the wrong place.  No argument may
 * hold a control character; in the name of -F line ends and tabs count as
 * blanks.
 *
 * What there is stands in one table, cli_options: an option is acted upon,
 * accepted and ignored, or refused.  Help and manual are made from it.
 *
 * The name the program is called by decides, too: mailq and newaliases are
 * modes, and only as pennypost does it know verbs.  With any other name it is
 * sendmail.  A verb is the first operand, not behind "--", and more options
 * may follow it; a lone operand that is nearly a verb is refused.
 */
#ifndef PENNYPOST_CONF_CLI_H
#define PENNYPOST_CONF_CLI_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/options.h"

enum cli_mode {
    CLI_SEND,       /* read a message and send it; the default            */
    CLI_SMTP,       /* -bs: speak SMTP on standard input and output       */
    CLI_MAILQ,      /* -bp, mailq: say what is in the queue               */
    CLI_NEWALIASES, /* -bi, -I, newaliases: nothing to do                 */
    CLI_FLUSH,      /* -q...: nothing to do                               */
    CLI_CONFIG,     /* pennypost config                                   */
    CLI_HELP,
    CLI_VERSION,
    CLI_RESOLVE,    /* pennypost resolve: show who operands stand for     */
};

enum cli_body { CLI_BODY_UNSET, CLI_BODY_7BIT, CLI_BODY_8BITMIME };
enum cli_return { CLI_RETURN_UNSET, CLI_RETURN_FULL, CLI_RETURN_HDRS };

/* -N; a set. */
enum {
    CLI_NOTIFY_NEVER = 1,
    CLI_NOTIFY_SUCCESS = 2,
    CLI_NOTIFY_FAILURE = 4,
    CLI_NOTIFY_DELAY = 8,
};

/* --assume; a set. */
enum {
    CLI_ASSUME_7BIT = 1,
    CLI_ASSUME_8BITMIME = 2,
    CLI_ASSUME_SMTPUTF8 = 4,
    CLI_ASSUME_BINARYMIME = 8,
};

/* A setting given on the command line, for conf_set(). */
struct cli_setting {
    struct span name, value, origin;
};

/* Spans are the arguments themselves, or live in the arena. */
struct cli {
    enum cli_mode mode;
    bool read_header_recipients; /* -t                                   */
    bool ignore_dots;            /* -i: a lone dot does not end the input */
    bool has_sender;             /* -f or -r was given, if only as ''    */
    bool no_aliases;             /* -n                                   */
    bool verbose;                /* -v                                   */
    bool dry_run;                /* --dry-run                            */
    bool no_fixups;              /* --no-fixups                          */
    unsigned assume;             /* --assume; 0: not given               */
    struct span sender;          /* as given: '', '<>', 'Name <a@b>'     */
    struct span full_name;       /* -F; no line ends in it               */
    enum cli_body body;          /* -B                                   */
    unsigned notify;             /* -N; 0: not given                     */
    enum cli_return returned;    /* -R                                   */
    struct span envelope_id;     /* -V: 1 to 100 printable characters    */
    struct span topic;           /* of CLI_HELP; empty: none             */
    const char *config_path;     /* -C; NULL: not given                  */
    struct cli_setting *settings;
    size_t setting_count;
    struct span *operands;
    size_t operand_count;
};

/*
 * Read the ARGC arguments of ARGV, the first being the name the program was
 * called by; none at all will do.  *CLI and what it points at are good for as
 * long as ARGV and the arena.  ERR_USAGE for what there is not.  The mode is
 * CLI_SMTP even then, where -bs was met: its caller waits for a reply.
 */
bool cli_parse(int argc, char *const *argv, struct arena *, struct cli *,
               struct err *);

/* Put the settings of the command line over what is in the conf, in order. */
bool cli_apply(const struct cli *, struct conf *, struct err *);

/* What --help says: how to send, the verbs, and what else help is on. */
void cli_help(struct buf *out);

/*
 * What 'pennypost help TOPIC' says: one section of the options, "settings",
 * "verbs", or "all" of it; without a topic, the same as cli_help().  A section
 * is of some paragraphs, each fit for a screen of 24 lines.  ERR_USAGE, with
 * a hint, where there is no such topic.
 */
bool cli_help_topic(struct span topic, struct buf *out, struct err *);

/* "pennypost VERSION", and what it was built with. */
void cli_version(struct buf *out, struct span version,
                 struct span built_with);

#endif
