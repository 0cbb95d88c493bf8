/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * err - why something failed, for the person who has to act on it
 *
 * A function that can fail returns bool and takes a struct err * last.  False
 * means that it failed and filled in *err; true leaves *err as it was.
 *
 *     if (!file_parse(text, &conf, err))
 *         return err_within(err, "%s", path);
 *
 * An err is plain storage that the caller owns: nothing to free.  A text that
 * is too long loses its end.  Texts say what could not be done and quote what
 * it was about, start in lower case and end without a full stop; the hint says
 * what to do next and is empty where we do not know.
 *
 * Texts may quote a server or a message: bytes that would steer a terminal or
 * a log are made visible by err_print(), and by nothing before it.
 */
#ifndef PENNYPOST_BASE_ERR_H
#define PENNYPOST_BASE_ERR_H

#include "base/buf.h"

/* What kind of failure it is: decides the exit status (sysexits(3)). */
enum err_kind {
    ERR_NONE,
    ERR_USAGE,       /* 64 the command line asks for the impossible   */
    ERR_DATA,        /* 65 the message cannot be sent as it is        */
    ERR_NO_INPUT,    /* 66 there is no standard input                 */
    ERR_NO_USER,     /* 67 the server refused a recipient             */
    ERR_NO_HOST,     /* 68 the server's name does not exist           */
    ERR_UNAVAILABLE, /* 69 the server refused, and means it           */
    ERR_SOFTWARE,    /* 70 a fault in this program                    */
    ERR_SYSTEM,      /* 71 the operating system refused               */
    ERR_IO,          /* 74 reading or writing a file failed           */
    ERR_TEMPORARY,   /* 75 may work later                             */
    ERR_PROTOCOL,    /* 76 not SMTP, not TLS, or not to be trusted    */
    ERR_DENIED,      /* 77 the server did not let us in               */
    ERR_CONFIG,      /* 78 the settings do not allow it               */
};

struct err {
    enum err_kind kind;
    char text[1024];
    char hint[512];
};

/* Fill in *err and return false: return fail(err, ERR_DATA, "..."). */
bool fail(struct err *, enum err_kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Add what to do next.  Returns false. */
bool err_hint(struct err *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Put what was being done before the text: "DOING: text".  Returns false. */
bool err_within(struct err *, const char *doing, ...)
    __attribute__((format(printf, 2, 3)));

/* The sysexits(3) status that KIND ends the program with. */
int err_status(enum err_kind kind);

/*
 * The error as shown to people: "pennypost: TEXT", and the hint, if any, on a
 * line of its own.  Every line ends in LF.
 */
void err_print(const struct err *, struct buf *out);

/*
 * S with every byte that could steer a terminal or break a log line in visible
 * form: LF as a blank, other controls and bytes that are not UTF-8 as \xHH.
 * C1 controls count as controls (security of terminals: RFC 20, ECMA-48).
 */
void err_escape(struct span s, struct buf *out);

#endif
