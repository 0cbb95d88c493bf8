/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aliases_parse - the grammar of alias files, and what is made of them
 *
 * The inner side of aliases.h, which nothing but its parts includes.
 */
#ifndef PENNYPOST_CONF_ALIASES_PARSE_H
#define PENNYPOST_CONF_ALIASES_PARSE_H

#include "conf/aliases.h"

enum alias_kind {
    ALIAS_ADDRESS,
    ALIAS_FINAL,   /* an address that is not looked up */
    ALIAS_INCLUDE, /* a file that holds more of them   */
    ALIAS_NOBODY,
};

struct alias_value {
    enum alias_kind kind;
    struct address address;
    struct span path; /* of ALIAS_INCLUDE   */
    size_t line;      /* where it stands    */
    struct alias_value *next;
};

struct alias_file {
    struct span path;
    size_t number; /* in the order in which they were read */
};

struct alias_warning {
    size_t file, line, number; /* what they are sorted by */
    struct span text;
    struct alias_warning *next;
};

/*
 * What stands behind a name, or in a file that is included; or the lines that
 * begin with one word and are no entries.
 */
struct alias_list {
    const struct alias_file *file;
    size_t line;      /* 0 for a whole file               */
    struct span name; /* as written; empty for a file     */
    struct alias_value *first, **tail;
    struct alias_warning *warnings; /* not yet met, the last first */
    size_t nwarnings;
    struct alias_list *next;

    unsigned round;  /* the last expansion that took it              */
    bool open;       /* it is being taken: whoever meets it, loops   */
    bool fruitful;   /* it stood for someone, or for nobody in so
                        many words                                   */
    bool told_loop, told_empty;
};

/* The file at PATH, which is copied, as the next one. */
const struct alias_file *alias_file_new(struct aliases *, struct span path);

/* A list that belongs to *ALIASES. */
struct alias_list *alias_list_new(struct aliases *, const struct alias_file *,
                                  size_t line, struct span name);

/* Fill the list from TEXT, that of an included file. */
void alias_list_parse(struct aliases *, struct alias_list *,
                      struct span text);

/*
 * The entry for LOCAL, at DOMAIN where that is not empty.  NULL where there is
 * none; then the lines are met that look as if they were meant to be it.
 */
struct alias_list *alias_list_find(struct aliases *, struct span local,
                                   struct span domain);

/*
 * The list in the file at PATH, read if it was not.  The caller says which
 * line wants it.
 */
bool alias_list_include(struct aliases *, struct span path,
                        struct alias_list **, struct err *);

/*
 * Add a warning about LINE of FILE; 0: about all of it.  It is told when the
 * list is met.
 */
void alias_list_warn(struct aliases *, struct alias_list *,
                     const struct alias_file *file, size_t line,
                     const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The list was met: what there is to warn of it is to be told. */
void alias_list_meet(struct aliases *, struct alias_list *);

/* What a name is found by: in lower case, the domain in ASCII. */
void alias_key(struct span local, struct span domain, struct buf *key);

#endif
