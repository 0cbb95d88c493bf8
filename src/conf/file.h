/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * file - reads the text of a configuration file
 *
 *     # a comment, on a line of its own or behind a blank
 *     server = submissions://mail.example.com
 *     user = "name with # and \"quotes\""     # \" and \\ are the escapes
 *
 * A line sets one key.  Blanks around the key and the value are not part of
 * them; a value may stand in double quotes, and must where it begins with "#"
 * or '"', holds a blank before a "#", or begins or ends with a blank.  An
 * empty value sets the key back to what is built in.  Lines end in LF or
 * CRLF; a byte order mark at the start is passed over.
 *
 * Errors are ERR_CONFIG, begin with "PATH:LINE: " and never quote a value that
 * may be a secret.  A file is at most FILE_LONGEST bytes, a line at most
 * FILE_LINE_LONGEST.
 */
#ifndef PENNYPOST_CONF_FILE_H
#define PENNYPOST_CONF_FILE_H

#include "conf/options.h"

/* A line holds the longest value with all of it escaped, and a comment. */
enum { FILE_LONGEST = 1 << 20, FILE_LINE_LONGEST = 1 << 16 };

/*
 * Set in the conf what TEXT, the content of the file PATH, says.
 * READABLE_BY_OTHERS: then a secret in it is an error.  TEXT is not kept, and
 * is the caller's to overwrite where it may hold a secret.
 */
bool file_parse(struct conf *, struct span path, struct span text,
                enum conf_source, bool readable_by_others, struct err *);

#endif
