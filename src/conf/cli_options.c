/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/cli_options.h"

#include "conf/cli.h"

const char *const cli_sections[CLI_SECTION_COUNT] = {
    [CLI_SENDING] = "Sending",
    [CLI_MODES] = "Instead of sending",
    [CLI_REPORTS] = "Reports and content",
    [CLI_GENERAL] = "General",
    [CLI_IGNORED] = "Accepted and ignored",
    [CLI_REFUSED] = "Refused",
};

const char *const cli_topics[CLI_SECTION_COUNT] = {
    [CLI_SENDING] = "sending",
    [CLI_MODES] = "modes",
    [CLI_REPORTS] = "reports",
    [CLI_GENERAL] = "general",
    [CLI_IGNORED] = "ignored",
    [CLI_REFUSED] = "refused",
};

#define FLAG(field) CLI_FLAG, offsetof(struct cli, field)
#define MODE(what) CLI_MODE, CLI_##what
#define SETS(what) CLI_##what, 0
#define IGNORED CLI_IGNORE, 0
#define REFUSED CLI_REFUSE, 0

const struct cli_option cli_options[] = {
    {CLI_SENDING, "t", CLI_NONE, NULL, FLAG(read_header_recipients),
     "send to those in To, Cc and Bcc of the message",
     "Send to the addresses in the To, Cc and Bcc fields of the message, and "
     "to those on the command line. Where the message has a Resent-To, "
     "Resent-Cc or Resent-Bcc field, these count instead. Bcc fields are "
     "removed from the message, with this option or without."},
    {CLI_SENDING, "i", CLI_NONE, NULL, FLAG(ignore_dots),
     "a line with only a dot is not the end",
     "A line with only a dot does not end the message. Whatever reads its "
     "message from a file or another program wants this option."},
    {CLI_SENDING, "oi", CLI_OPTIONAL, "value", FLAG(ignore_dots),
     "the same as -i", "The same as `-i`; so is `-O IgnoreDots`."},
    {CLI_SENDING, "f", CLI_REQUIRED, "address", SETS(SENDER),
     "the envelope sender, told of failures",
     "The envelope sender, to which failures are reported; also the From "
     "field of a message that has none. The empty address, `''` or `<>`, is "
     "for mail that is itself a report. Of several the last counts. Where "
     "`from` is set, a sender counts only if `allow-from` lists it."},
    {CLI_SENDING, "r", CLI_REQUIRED, "address", SETS(SENDER),
     "the same as -f", "The same as `-f`."},
    {CLI_SENDING, "F", CLI_REQUIRED, "name", SETS(FULL_NAME),
     "the full name, for a message without From",
     "The sender's full name, for the From field of a message that has "
     "none. Unset, it is `NAME` of the environment, or what the system knows "
     "of the user."},
    {CLI_SENDING, "n", CLI_NONE, NULL, FLAG(no_aliases),
     "expand no aliases",
     "Expand no aliases: every name stands for itself, as with the setting "
     "`aliases = none`."},
    {CLI_SENDING, "v", CLI_NONE, NULL, FLAG(verbose),
     "show the conversation with the server",
     "Show the conversation with the server on standard error, and the "
     "version and cipher of TLS. What is said to log in is not shown."},
    {CLI_SENDING, "--dry-run", CLI_NONE, NULL, FLAG(dry_run),
     "show what would be sent, and send nothing",
     "Send nothing. Write to standard output the message as it would be "
     "sent, and to standard error the envelope and what was changed."},

    {CLI_MODES, "bm", CLI_NONE, NULL, MODE(SEND),
     "send a message; the default",
     "Send a message. That is what is done without any of these options."},
    {CLI_MODES, "bs", CLI_NONE, NULL, MODE(SMTP),
     "speak SMTP on standard input and output",
     "Speak SMTP, as a server does, on standard input and output: for mail "
     "programs that want a server and are given a command. They send any "
     "number of messages, each of which is handed on before they are told "
     "that it was taken. No recipient stands on the command line, and `-t` "
     "and `--dry-run` are refused.\n\n"
     "What is for one message, such as `-f`, `-B`, `-N`, `-R` and `-V`, has no "
     "effect, for SMTP has its own words for it; `-F` is still the name in a "
     "From field that is missing. `-i` and `-o` are accepted, since callers "
     "give them. No login is asked for, so that inetd or systemd may listen "
     "on a loopback address or a local socket only: see `SMTP ON STANDARD "
     "INPUT`."},
    {CLI_MODES, "bp", CLI_NONE, NULL, MODE(MAILQ),
     "say what is in the queue; also: mailq",
     "Say what is in the queue, as does the name `mailq`. There is no queue "
     "in this version: the answer is always `Mail queue is empty`."},
    {CLI_MODES, "bi", CLI_NONE, NULL, MODE(NEWALIASES),
     "do nothing; also: -I, newaliases",
     "Do nothing, and succeed: aliases are read where they are, and no "
     "database is made of them that could be out of date. The name "
     "`newaliases` does the same."},
    {CLI_MODES, "I", CLI_NONE, NULL, MODE(NEWALIASES), "the same as -bi",
     "The same as `-bi`."},
    {CLI_MODES, "q", CLI_OPTIONAL, "interval", MODE(FLUSH),
     "do nothing; whatever is joined to it",
     "Do nothing, and succeed, whatever is joined to it (`-qf`, `-q15m`): "
     "there is no queue to be run in this version. Standard input is not "
     "read."},
    {CLI_MODES, "--help", CLI_NONE, NULL, MODE(HELP), "show how to send",
     "Show how to send, the verbs, and what else there is help on. `pennypost "
     "help settings` shows one of these topics, and `pennypost help all` "
     "everything, an option a line."},
    {CLI_MODES, "--version", CLI_NONE, NULL, MODE(VERSION),
     "show the version",
     "Show the version, what it was built with and where the settings of the "
     "system are."},

    {CLI_REPORTS, "B", CLI_REQUIRED, "type", SETS(BODY),
     "what the body is: 7BIT or 8BITMIME",
     "What the body is, `7BIT` or `8BITMIME`. The message is looked at all "
     "the same, and what is found in it counts: a server that offers "
     "8BITMIME is told of 8-bit text, and for any other it is encoded."},
    {CLI_REPORTS, "N", CLI_REQUIRED, "when", SETS(NOTIFY),
     "never, or some of success,failure,delay",
     "When the sender wants a report of what became of the message: "
     "`never`, or a list of `success`, `failure` and `delay` with commas "
     "between. It is passed on for every recipient where the server offers "
     "DSN (RFC 3461), and is without effect where it does not; so are `-R` "
     "and `-V`."},
    {CLI_REPORTS, "R", CLI_REQUIRED, "what", SETS(RETURN),
     "how much of it comes back: full or hdrs",
     "How much of the message a report of failure brings back: `full` for "
     "all of it, `hdrs` for its header."},
    {CLI_REPORTS, "V", CLI_REQUIRED, "id", SETS(ENVELOPE_ID),
     "an id that reports of failure will name",
     "An id that reports will name, so that a program knows which message "
     "they are about: 1 to 100 printable ASCII characters without blanks."},

    {CLI_GENERAL, "a", CLI_REQUIRED, "name", SETS(ACCOUNT),
     "the account to send with, as --account",
     "The account to send with, whoever the sender is: the name of a section "
     "`[account name]` of the configuration files. The same as `--account`."},
    {CLI_GENERAL, "C", CLI_REQUIRED, "file", SETS(CONFIG_PATH),
     "the one configuration file to read",
     "Read this configuration file, and neither that of the system nor that "
     "of the user. It is one of our own: a file of sendmail's is not "
     "understood."},
    {CLI_GENERAL, "O", CLI_REQUIRED, "name=value", SETS(SETTING),
     "set a setting, as --name=value does",
     "Set a setting, as the long option of that name does. The options of "
     "sendmail, which begin with a capital, such as `DeliveryMode`, are "
     "accepted and ignored, but for `IgnoreDots`."},
    {CLI_GENERAL, "--assume", CLI_REQUIRED, "what,...", SETS(ASSUME),
     "with --dry-run: what the server can do",
     "With `--dry-run`: what the server is taken to offer, some of `7bit`, "
     "`8bitmime`, `smtputf8` and `binarymime`. Without it, `7bit`."},
    {CLI_GENERAL, "--no-fixups", CLI_NONE, NULL, FLAG(no_fixups),
     "leave the header as it is",
     "Leave the header of the message as it is: add and complete nothing. "
     "Bcc fields are removed all the same."},

    {CLI_IGNORED, "o", CLI_REQUIRED, "x[value]", IGNORED,
     "options of sendmail, such as -oem and -odb",
     "Options of sendmail with one letter, such as `-oem`, `-odb`, `-om` or "
     "`-oo`. Errors go to standard error, and mail is sent at once."},
    {CLI_IGNORED, "e", CLI_REQUIRED, "mode", IGNORED, "how to report errors",
     "How to report errors. They go to standard error, always."},
    {CLI_IGNORED, "A", CLI_REQUIRED, "c|m", IGNORED,
     "which configuration to use",
     "Which of sendmail's two configurations to use."},
    {CLI_IGNORED, "c", CLI_NONE, NULL, IGNORED,
     "leave expensive servers for later",
     "Leave servers that are expensive to reach for later."},
    {CLI_IGNORED, "d", CLI_OPTIONAL, "level", IGNORED, "debugging",
     "Debugging of sendmail; see `-v`."},
    {CLI_IGNORED, "G", CLI_NONE, NULL, IGNORED, "the caller is a gateway",
     "The caller is a gateway: its message is not the first submission."},
    {CLI_IGNORED, "h", CLI_REQUIRED, "hops", IGNORED, "the hop count",
     "How often the message was passed on so far."},
    {CLI_IGNORED, "L", CLI_REQUIRED, "tag", IGNORED, "the tag in the log",
     "The name to log under."},
    {CLI_IGNORED, "m", CLI_NONE, NULL, IGNORED,
     "send to the sender, too",
     "Send to the sender, too, where an alias has the sender in it. That is "
     "always done."},
    {CLI_IGNORED, "p", CLI_REQUIRED, "protocol", IGNORED,
     "how the message was received",
     "The protocol and the host that the message was received with."},
    {CLI_IGNORED, "s", CLI_NONE, NULL, IGNORED, "keep mbox From lines",
     "Keep the line of an mbox file that begins with `From` and a blank. It "
     "is removed, always."},
    {CLI_IGNORED, "U", CLI_NONE, NULL, IGNORED,
     "the message is submitted for the first time",
     "The message is submitted for the first time."},
    {CLI_IGNORED, "x", CLI_NONE, NULL, IGNORED, "an option of AIX",
     "An option of the sendmail of AIX."},
    {CLI_IGNORED, "X", CLI_REQUIRED, "file", IGNORED,
     "a log of all traffic; see -v",
     "A file to log all traffic in; see `-v` for that."},

    {CLI_REFUSED, "bv", CLI_NONE, NULL, SETS(VERIFY),
     "see 'pennypost resolve'",
     "Verify addresses. Under the name `pennypost` it is the same as "
     "`resolve`; under any other it is refused, and nothing is sent."},
    {CLI_REFUSED, "bd", CLI_NONE, NULL, REFUSED, "there is no daemon",
     "Run as a daemon that takes mail by SMTP. There is none; `-bs` under "
     "inetd or systemd does the same for programs of this host."},
    {CLI_REFUSED, "b", CLI_REQUIRED, "mode", REFUSED,
     "there is no such mode", "Any other mode, such as `-bt`."},
    {CLI_REFUSED, "D", CLI_REQUIRED, "file", REFUSED,
     "there is no debugging output",
     "A file for the debugging output of sendmail, and a macro in Exim. `-v` "
     "shows the conversation with the server."},
    {CLI_REFUSED, "E", CLI_OPTIONAL, "code", REFUSED,
     "there is no such option here",
     "The Japanese code to convert to, in the sendmail of Sony NEWS; in Exim, "
     "that the message is a report of failure, which `-f <>` says here."},
    {CLI_REFUSED, "J", CLI_OPTIONAL, "code", REFUSED,
     "there is no such option here",
     "A Japanese code, too, in the sendmail of Sony NEWS. Text is converted "
     "from no character set to another."},
    {CLI_REFUSED, "M", CLI_OPTIONAL, "macro", REFUSED,
     "there are no macros and no queue",
     "Set a macro of sendmail, or work on a message in the queue of Exim. "
     "There is neither; `-O` sets a setting."},
    {CLI_REFUSED, "P", CLI_NONE, NULL, REFUSED, "use --dry-run",
     "Only pretend to send, in msmtp. Use `--dry-run`."},
    {CLI_REFUSED, "Q", CLI_OPTIONAL, "reason", REFUSED,
     "there is no quarantine",
     "Put messages in the queue of sendmail under quarantine, or release "
     "them. There is no queue in this version."},
    {CLI_REFUSED, "dropcr", CLI_NONE, NULL, REFUSED,
     "an option of Exim; CRs go anyway",
     "An option of Exim. Line ends are made what they must be anyway."},
    {CLI_REFUSED, "verp", CLI_NONE, NULL, REFUSED,
     "an option of Courier; use -f", "An option of Courier. Use `-f`."},
    {CLI_REFUSED, "S", CLI_NONE, NULL, REFUSED,
     "there is no such option here",
     "Show what the server offers, in msmtp; `-v` shows it while a message is "
     "sent. In Exim, run the queue for some senders."},
    {CLI_REFUSED, "T", CLI_OPTIONAL, "time", REFUSED,
     "there is no queue in this version",
     "How long a message may stay in the queue of sendmail. How long a server "
     "may take for its answer is `--timeout`."},
};

const size_t cli_option_count = sizeof cli_options / sizeof *cli_options;

const struct cli_verb cli_verbs[] = {
    {"config", CLI_CONFIG, "show every setting and where it was set",
     NULL},
    {"resolve", CLI_RESOLVE, "show who gets the mail to an address",
     "address ..."},
    {"help", CLI_HELP, "show how to send, or help on a topic", "[topic]"},
    {"version", CLI_VERSION, "show the version", NULL},
    {"check", -1, NULL, NULL},
    {"import", -1, NULL, NULL},
    {"log", -1, NULL, NULL},
    {"login", -1, NULL, NULL},
    {"logout", -1, NULL, NULL},
    {"queue", -1, NULL, NULL},
    {"serve", -1, NULL, NULL},
    {"setup", -1, NULL, NULL},
};

const size_t cli_verb_count = sizeof cli_verbs / sizeof *cli_verbs;

const struct cli_option *cli_option_find(struct span name)
{
    for (size_t i = 0; i < cli_option_count; i++)
        if (span_eq(name, span_of(cli_options[i].name)))
            return &cli_options[i];
    return NULL;
}
