/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * account - what the configuration files say, account by account
 *
 *     struct accounts accounts;
 *
 *     accounts_init(&accounts, home);
 *     file_parse(&accounts, &system_file, ...) &&          (conf/file.h)
 *     file_parse(&accounts, &user_file, ...) &&
 *     accounts_check(&accounts, true, err);
 *     account = accounts_match(&accounts, sender, domain);
 *     conf_init(&conf, home);
 *     accounts_apply(&accounts, account, &conf);
 *     ...
 *     conf_free(&conf);
 *     accounts_free(&accounts);
 *
 * An account is a section "[account NAME]", or several of that name in one or
 * more files.  The defaults, which stand in "[defaults]" or before any
 * section, are what all accounts inherit; an account may inherit from one more
 * that it names.  What counts is, in this order:
 *
 *   - the nearest: the account, then whom it inherits from, the defaults last;
 *   - within one section the file that was read last, so the user's before the
 *     system's;
 *   - within one file, where only what it includes can say the same again, the
 *     last line.
 *
 * Files are read in one go: everything is read for its setting at once, also
 * of accounts that nobody chooses, and no file is looked at twice.
 */
#ifndef PENNYPOST_CONF_ACCOUNT_H
#define PENNYPOST_CONF_ACCOUNT_H

#include "conf/options.h"

enum { ACCOUNT_NAME_LONGEST = 64, ACCOUNTS_MOST = 10000 };

/* Where a line of a file stands. */
struct place {
    struct span path;
    unsigned line;
    enum conf_source source;
    bool exposed;        /* others can read it: no place for a secret      */
    unsigned file;       /* all files are counted, from 1, ...             */
    unsigned root;       /* ... and those that no other includes           */
};

/* Put "PATH:LINE" before the text.  Returns false. */
bool place_within(const struct place *, struct err *);

/* A key that is about the account itself: match, inherits. */
struct account_key {
    struct span text;
    struct place place;
};

/* A line of a section that sets something. */
struct account_line {
    struct assignment assignment;
    unsigned root, line;
    struct account_line *next;   /* in the order they were read */
};

struct account {
    struct span name;             /* empty: the defaults                     */
    struct span origin;           /* where it begins: "PATH:LINE"            */
    enum conf_source source;      /* the highest that has a section of it    */
    struct account_key match, inherits;
    struct account_line *first, **end;
    const struct account *parent; /* whom it inherits from, or NULL          */
    struct account *next;         /* in the order they are looked through    */
};

struct accounts {
    struct arena arena;       /* holds secrets */
    struct span home;
    struct account defaults;
    struct account *first;
    size_t count;
    unsigned roots, files, includes; /* how many were read */
};

/* No account, and nothing in the defaults.  HOME is copied. */
void accounts_init(struct accounts *, struct span home);

/* Overwrites what it releases. */
void accounts_free(struct accounts *);

/*
 * The account NAME, whose section begins at PLACE: a new one, or that which is
 * there.  NULL and ERR_CONFIG where it is no name, or one account too many.
 */
struct account *accounts_open(struct accounts *, struct span name,
                              const struct place *, struct err *);

/*
 * Set what a line of the section says.  ERR_CONFIG where conf_set() has it,
 * where the setting has no place in this section or was set in it by an earlier
 * line of the same file, and where others could read a secret.
 */
bool account_set(struct accounts *, struct account *, struct span name,
                 struct span value, const struct place *, struct err *);

/*
 * The same for what a section says about the account itself: "inherits" names
 * another account, "match" the senders it is for (mail/pattern.h).
 */
bool account_inherits(struct accounts *, struct account *, struct span value,
                      const struct place *, struct err *);
bool account_matches(struct accounts *, struct account *, struct span value,
                     const struct place *, struct err *);

/*
 * When the files were read: find whom each account inherits from.  ERR_CONFIG
 * where there is no such account, or it inherits from itself.  Where a file of
 * the system's is kept from us, so that not ALL_READ, an account of the
 * system's that inherits from what is not there is left out instead.
 */
bool accounts_check(struct accounts *, bool all_read, struct err *);

/* The account NAME, or NULL. */
const struct account *accounts_find(const struct accounts *, struct span name);

/*
 * That there is no account NAME, which ones there are, and which was meant.
 * Returns false.
 */
bool accounts_unknown(const struct accounts *, struct span name,
                      enum err_kind, struct err *);

/* The names of all, commas between. */
void accounts_names(const struct accounts *, struct buf *out);

/* The senders it is for: its match, else its own from; empty: nobody. */
struct span account_senders(const struct account *);

/*
 * The first account for mail from ADDRESS, local@domain as on the wire or
 * empty for the null sender: one whose match has it, or that has no match and
 * itself sets from to it.  The user's accounts come before the system's, and
 * then the order of the files counts.  DOMAIN is that of addresses without
 * one.  NULL where there is none.
 */
const struct account *accounts_match(const struct accounts *,
                                     struct span address, struct span domain);

/*
 * Put the defaults into the conf, and over them what ACCOUNT inherits and
 * says; NULL for the defaults alone.  accounts_check() was called.  The conf
 * points into the accounts.
 */
void accounts_apply(const struct accounts *, const struct account *,
                    struct conf *);

/*
 * The most that a number is set to in the accounts, and at least LEAST: for
 * what has to be known before the account is.
 */
uint64_t accounts_most(const struct accounts *, size_t setting,
                       uint64_t least);

/* Comment lines, one for each account: its name, senders and origin. */
void accounts_print(const struct accounts *, struct buf *out);

#endif
