/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * script - what the test server shall do instead of what it would do
 *
 * A script is lines of the form
 *
 *     EVENT [COUNT] [<ADDRESS>]: ACTION
 *
 * Blank lines and lines that begin with # are skipped.  COUNT is which time
 * the event is meant in one connection, the first being 1; "3+" is the third
 * and every later one; without COUNT it is every time.  ADDRESS, behind MAIL
 * or RCPT only, is that in the command, in any case of its letters; a "*" in
 * it stands for any octets, and <> for the null sender.  The first line that
 * fits decides, and the lines directly below it for the same event, count and
 * address are what is done after it.
 *
 *     GREETING    a client has connected (and implicit TLS is up)
 *     TLS         the handshake is due
 *     HELO EHLO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY QUIT
 *                 the command has come; AUTH also stands for its first reply
 *     RESPONSE    a client has answered a 334
 *     BODY        so many octets of a message (COUNT) have come
 *     DOT         the message is whole
 *     OTHER       any other command
 *
 *     550 5.1.1 no   send this and a CRLF.  The server then goes on as if the
 *                    decision had been its own: the recipient is refused
 *     raw "250 ok"   send exactly this; it decides nothing
 *     ok             do what would be done without a script
 *     ignore         do nothing
 *     wait 500       send what is to be sent, and wait so many milliseconds
 *     pace 1 100     from now on send 1 octet at a time, 100 ms apart
 *     endless "250-x\r\n"   send this again and again (at most 64 MiB)
 *     hang           read on, say nothing, until the client is gone
 *     deaf           neither read nor say anything, until the client is gone
 *     close          end the connection properly
 *     drop           end it without TLS's closing alert
 *     reset          end it with a TCP reset
 *     alert          send a fatal TLS alert
 *
 * In what is sent, \r \n \t \0 \\ \" and \xHH stand for an octet each; the
 * quotes around it may be left out.
 */
#ifndef PENNYPOST_TESTS_SERVER_SCRIPT_H
#define PENNYPOST_TESTS_SERVER_SCRIPT_H

#include "base/arena.h"
#include "base/err.h"

enum event {
    ON_GREETING, ON_TLS, ON_HELO, ON_EHLO, ON_STARTTLS, ON_AUTH, ON_RESPONSE,
    ON_MAIL, ON_RCPT, ON_DATA, ON_BODY, ON_DOT, ON_BDAT, ON_RSET, ON_NOOP,
    ON_VRFY, ON_QUIT, ON_OTHER, EVENTS,
};

enum action {
    DO_REPLY, DO_RAW, DO_DEFAULT, DO_NOTHING, DO_WAIT, DO_PACE, DO_ENDLESS,
    DO_HANG, DO_DEAF, DO_CLOSE, DO_DROP, DO_RESET, DO_ALERT,
};

struct rule {
    enum event event;
    uint64_t count; /* 0: every time               */
    bool onwards;   /* COUNT and later             */
    bool addressed; /* only for this ADDRESS       */
    struct span address;
    enum action action;
    struct span text;      /* for what sends       */
    uint64_t number, more; /* for what has numbers */
};

/* That an event is there: for the COUNTth time, and with what ADDRESS. */
struct occasion {
    enum event event;
    uint64_t count;
    struct span address; /* of MAIL and RCPT, without its brackets */
};

struct script {
    struct arena arena;
    struct rule *rules;
    size_t n;
};

/* Read TEXT.  An error names the line. */
bool script_read(struct span text, struct script *, struct err *);

void script_free(struct script *);

/*
 * The rules for an occasion: the first is returned and *N says how many stand
 * from there on.  NULL where the script has none.
 */
const struct rule *script_find(const struct script *, struct occasion,
                               size_t *n);

/* How many octets of a message the first BODY rule is for, if there is one. */
bool script_body(const struct script *, uint64_t *octets);

/* The event that a command with this VERB is. */
enum event event_of(struct span verb);

#endif
