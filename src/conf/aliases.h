/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aliases - who gets the mail to a name of this host, as aliases(5) has it
 *
 *     struct aliases aliases = {.host = host, .reader = {read_file, self}};
 *
 *     aliases_parse(&aliases, S("/etc/aliases"), text);
 *     if (!aliases_expand(&aliases, &address, &arena, &expansion, err))
 *         ...
 *     aliases_warnings(&aliases, &out);  ... about what was met there ...
 *     aliases_free(&aliases);
 *
 * An entry is a name, a colon, and a list with commas between its values.  A
 * line that begins with a blank continues the one before it, and so does
 * whatever stands behind a line that ends in a backslash.  Blank lines, and
 * lines whose first character is "#", are passed over wherever they stand.
 *
 *     root: admin@example.org, "Night Shift" <night@example.org>
 *     "with blank": \root, :include:/etc/mail/team
 *     root@old.example: admin@example.org
 *     nobody: /dev/null
 *     default: root
 *
 * Names have no case, for ASCII.  A name with a domain stands for that very
 * address; one without is that name of this host: without a domain, or at the
 * host's name, the first label of that, "localhost" or "localhost.localdomain".
 * What has no entry of its own and is of this host falls to "default".
 *
 * A value is an address, to be looked up in turn unless a backslash stands
 * before it, or a file to be included, with a list on each line.  /dev/null is
 * nobody.  Commands ("|...") and other files ("/...") are skipped, and so is
 * whatever is not understood: each by itself, with a warning.  No name goes
 * astray for it: one that nothing is left of stands for itself.  Of two
 * entries for a name the first counts.
 *
 * Warnings wait until what they are about is met in an expansion: an entry, a
 * file it includes, a name without an entry that a line begins with which is
 * none.  So mail to root brings up nothing but what concerns root.
 *
 * A name that comes up within its own expansion is taken as it is there.  So
 * an expansion takes each entry but once, and ends.
 *
 * This layer opens no file: included ones come from the reader, when they are
 * first needed.
 */
#ifndef PENNYPOST_CONF_ALIASES_H
#define PENNYPOST_CONF_ALIASES_H

#include "mail/expand.h"
#include "mail/names.h"

enum {
    ALIASES_MOST = 8 << 20,      /* octets of all the files together  */
    ALIASES_ADDRESSES = 10000,   /* that one address can stand for    */
    ALIASES_WARNINGS = 100,      /* that are shown, one line each     */
};

struct aliases {
    struct span host; /* this host's name; the caller's */
    struct {
        /* Add all of the file at PATH, which is absolute, to TEXT. */
        bool (*read)(void *self, struct span path, struct buf *text,
                     struct err *);
        void *self;
    } reader;

    struct arena arena;
    struct names entries;      /* by their names                     */
    struct names malformed;    /* lines, by their first words        */
    struct names included;     /* files, by their paths              */
    struct alias_list *lists;  /* all of both, the first first       */
    struct alias_list **tail;
    size_t files, octets;
    unsigned round;            /* number of the expansion            */
    size_t warned;             /* how many warnings came up          */
    const struct alias_warning *warnings[ALIASES_WARNINGS];
    size_t nwarnings, dropped; /* about what was met: kept, or not   */
};

/* Take the entries of TEXT, which is that of FILE; text and name are copied. */
void aliases_parse(struct aliases *, struct span file, struct span text);

/*
 * What the address, the first of its list, stands for: see mail/expand.h.
 * ERR_CONFIG where that is more than 10 000 addresses, or a file that has to
 * be included makes it more than 8 MiB of text; the reader's own error where
 * that fails, for a list without the half of its members is not the list.
 */
bool aliases_expand(struct aliases *, const struct address *, struct arena *,
                    struct expansion *, struct err *);

/* DOMAIN, which may be empty, is that of an address of this host. */
bool aliases_local(const struct aliases *, struct span domain);

/* Include all that is to be included, and take it as met, for the warnings. */
void aliases_check(struct aliases *);

/*
 * Move the warnings about what was met to OUT, a line each, such as
 * "/etc/aliases:12: skipped '|/usr/bin/x': commands are not run".  They stand
 * in the order of the files, as these were read, and of the lines; each comes
 * but once.
 */
void aliases_warnings(struct aliases *, struct buf *out);

void aliases_free(struct aliases *);

#endif
