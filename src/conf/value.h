/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * value - the kinds of values that settings have
 *
 * A kind is a row of a table: how a value is checked and brought into the one
 * form that the program uses, and how its help names what is allowed.
 *
 *     STRING     any text
 *     SECRET     any text but VALUE_HIDDEN; never shown
 *     NUMBER     a decimal number in a range
 *     SIZE       a number of bytes, with K, M or G behind it
 *     CHOICE     one of some words
 *     PATH       one of some words, or the path of a file or directory
 *     CREDENTIAL the path of a file, or "pkcs11:..." (RFC 7512)
 *     SERVER     a server's URL (conf/url.h)
 *     DOMAIN     a domain name, kept in A-labels, or an address in brackets
 *     MECHANISMS names of SASL mechanisms, blanks or commas between them, kept
 *                in capitals with a blank; one may have "+" behind it
 *     PINS       "first-use", or SHA-256 fingerprints with blanks or commas
 *                between them; only their shape is checked, who verifies
 *                reads them
 *     MAILBOX    one address, with or without a name and a domain
 *     PATTERNS   patterns of addresses (mail/pattern.h), blanks or commas
 *                between them
 *
 * No value holds a control character or is longer than VALUE_LONGEST.
 */
#ifndef PENNYPOST_CONF_VALUE_H
#define PENNYPOST_CONF_VALUE_H

#include "base/arena.h"
#include "base/err.h"

enum value_kind {
    KIND_STRING,
    KIND_SECRET,
    KIND_NUMBER,
    KIND_SIZE,
    KIND_CHOICE,
    KIND_PATH,
    KIND_CREDENTIAL,
    KIND_SERVER,
    KIND_DOMAIN,
    KIND_MECHANISMS,
    KIND_PINS,
    KIND_MAILBOX,
    KIND_PATTERNS,
};

enum { VALUE_LONGEST = 8192 };

/* What is shown in place of a secret, and is refused as one. */
#define VALUE_HIDDEN "(hidden)"

struct setting;

/* S holds no control character (RFC 20, ECMA-48), which no value may. */
bool value_clean(struct span s);

/* What a value is read for. */
struct value_use {
    const struct setting *setting;
    struct arena *arena; /* where the value read is put                  */
    struct span home;    /* for "~/"; empty where not known              */
    bool in_file;        /* a path must not depend on where we stand     */
};

/*
 * Read TEXT, not empty, into *READ and, for kinds that have one, *NUMBER.
 * ERR_CONFIG with a text such as "timeout cannot be 'x': it is a number of
 * seconds from 1 to 3600".  A SERVER is only copied.
 */
bool value_read(const struct value_use *, struct span text,
                struct span *read, uint64_t *number, struct err *);

#endif
