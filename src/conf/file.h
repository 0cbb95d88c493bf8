/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * file - reads the text of a configuration file
 *
 *     # a comment, on a line of its own or behind a blank
 *     server = submissions://mail.example.com
 *     user = "name with # and \"quotes\""     # \" and \\ are the escapes
 *
 *     [account work]
 *     match = *@work.example
 *     include = work.conf
 *
 * A line sets one key.  Blanks around the key and the value are not part of
 * them; a value may stand in double quotes, and must where it begins with "#"
 * or '"', holds a blank before a "#", or begins or ends with a blank.  An
 * empty value sets the key back to what is built in.  Lines end in LF or
 * CRLF; a byte order mark at the start is passed over.
 *
 * "[account NAME]" begins a section of that account, "[defaults]" one of what
 * all accounts inherit; so do the lines before any section.
 *
 * The lines of an included file stand in the section where it is included, and
 * a section that begins in it ends with it.  There are no files in this layer:
 * who calls file_parse() brings a function that has them, which calls
 * file_include() for each.
 *
 * Errors are ERR_CONFIG, begin with "PATH:LINE: " and never quote a value that
 * may be a secret.  A file is at most FILE_LONGEST bytes, a line at most
 * FILE_LINE_LONGEST; files include each other FILE_DEPTH deep, which is the
 * end of a loop, and all in all FILE_INCLUDES times.
 */
#ifndef PENNYPOST_CONF_FILE_H
#define PENNYPOST_CONF_FILE_H

#include "conf/account.h"

/* A line holds the longest value with all of it escaped, and a comment. */
enum {
    FILE_LONGEST = 1 << 20,
    FILE_LINE_LONGEST = 1 << 16,
    FILE_DEPTH = 10,
    FILE_INCLUDES = 1000,
};

struct file {
    struct span path;   /* as errors and origins name it                    */
    struct span text;   /* not kept; the caller's to overwrite              */
    bool exposed;       /* others can read it: then a secret is an error    */
};

/* A file that is being read. */
struct file_reading;

/* Who has the files that others include. */
struct file_library {
    void *self;

    /*
     * The file read at PLACE includes PATH, as it is written there: pass what
     * that means to file_include().  Errors of its own say where, with
     * place_within().
     */
    bool (*open)(void *self, const struct place *place, struct span path,
                 struct file_reading *, struct err *);
};

/*
 * Put into the accounts what the file says.  Files are read from the lowest
 * source to the highest.  Without a LIBRARY nothing can be included.
 */
bool file_parse(struct accounts *, const struct file *, enum conf_source,
                const struct file_library *, struct err *);

/* The keys of a file that are no settings, by number; NULL behind the last. */
const char *file_key(size_t i);

/* Within open(): read this file where the other includes it. */
bool file_include(struct file_reading *, const struct file *, struct err *);

#endif
