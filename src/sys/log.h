/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * log - one line for each message, where the administrator looks for it
 *
 * The setting names the place:
 *
 *     none      nowhere
 *     syslog    the system's log daemon (RFC 3164), facility mail
 *     journal   the systemd journal, with fields (systemd's native protocol)
 *     /PATH     that file: each line in one write, so that those of programs
 *               running at the same time do not mix, with the time (UTC) in
 *               front.  It is made for its owner alone (0600) where there is
 *               none.
 *
 * A symbolic link at the end of /PATH is followed only where it belongs to us
 * or to root: /dev/stderr works, and a link that someone else put into a
 * shared directory does not.  Nothing here waits: a pipe that is full or that
 * nobody reads is an error.
 *
 * No line is worth a mail.  A caller shows the error of a log that cannot be
 * written as a warning and goes on.
 */
#ifndef PENNYPOST_SYS_LOG_H
#define PENNYPOST_SYS_LOG_H

#include "base/buf.h"
#include "base/err.h"

enum log_level {
    LOG_LEVEL_ERROR,
    LOG_LEVEL_WARNING,
    LOG_LEVEL_NOTICE,
    LOG_LEVEL_INFO,
};

enum log_place {
    LOG_TO_NOTHING,
    LOG_TO_SYSLOG,
    LOG_TO_JOURNAL,
    LOG_TO_FILE,
};

/* A field for the journal; NAME is of A-Z, 0-9 and _, and begins with A-Z. */
struct log_field {
    struct span name, value;
};

/* All zero logs nowhere. */
struct log {
    enum log_place place;
    int fd;          /* of the journal or the file                    */
    struct buf path; /* the file's, for errors                        */

    /* What the caller may set, at any time: */
    const struct log_field *fields; /* go with each line to the journal   */
    size_t field_count;
    const char *journal_socket;     /* before log_open(), if another one  */
    const char *syslog_socket;      /* the same                           */
};

/*
 * Open the log that SETTING names.  Fails with ERR_CONFIG where it names none,
 * and with ERR_IO where it cannot be opened; *LOG then logs nowhere.
 */
bool log_open(struct log *, struct span setting, struct err *);

/*
 * Write LINE, which has no line end and whose octets are fit to be shown
 * (err_escape()).  NOW is in seconds since 1970.  Fails with ERR_IO.
 */
bool log_line(struct log *, int64_t now, enum log_level, struct span line,
              struct err *);

void log_close(struct log *);

#endif
