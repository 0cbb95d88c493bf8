/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * address - the addresses in a list of them (RFC 5322, 3.4)
 *
 * Reads what stands in To, Cc or Bcc, and what people write on a command line:
 * mailboxes with and without a name, groups, comments, quoted strings, domain
 * literals, and all of the obsolete forms (RFC 5322, 4.4): routes, blanks and
 * comments around dots, empty places in the list, dots in a name.  UTF-8 may
 * stand anywhere (RFC 6532, 3.2).
 *
 * What is common and means one thing only is taken, too: "bob@example.org
 * <bob@example.org>", whose name ought to be quoted, and "a..b@example.org",
 * which goes out as "a..b" in quotes.  All else is an error; nothing is
 * guessed and nothing is left out, for a list that is half understood sends
 * mail to strangers.
 *
 * Whether a domain exists, or could, is not asked here: see idn.h.
 */
#ifndef PENNYPOST_MAIL_ADDRESS_H
#define PENNYPOST_MAIL_ADDRESS_H

#include "base/arena.h"
#include "base/err.h"

struct address {
    struct span local;   /* as on the wire: in quotes only where it must be */
    struct span domain;  /* without blanks and comments; empty where absent */
    struct span display; /* the name before "<", quotes taken off, or empty */
    /* Where in the text it stands; blanks and comments around count not. */
    size_t begin;        /* the name, the "<", or else the local part       */
    size_t local_at;     /* the local part                                  */
    size_t local_end;    /* behind it: there "@" and a domain go in, where
                            there is none                                   */
    size_t end;          /* behind the domain, before any ">"               */
    struct address *next;
};

/*
 * Read all of TEXT, the body of a field with its folds or an operand, into a
 * list in the order written; *FIRST is NULL where there is none, as in "" and
 * "undisclosed-recipients:;".  The list and its strings are in ARENA.  No
 * string holds a control character, and all but DISPLAY are valid UTF-8.
 *
 * ERR_DATA where TEXT is no list of addresses; *FIRST is then NULL.
 */
bool address_read(struct span text, struct arena *, struct address **first,
                  struct err *);

/* The first of TEXT, at most MAX octets and no character cut, to quote it. */
struct span address_excerpt(struct span text, size_t max);

/* C may stand in an atom (RFC 5322, 3.2.3; RFC 6532, 3.2). */
bool address_is_atext(char c);

#endif
