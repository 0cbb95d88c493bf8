/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * file - reads the small files that a run depends on
 *
 * A settings file is opened first and then looked at through its descriptor,
 * so that what was checked is what is read.  Opening never waits, whatever
 * stands at the path.  Symbolic links are followed: it is the file at their
 * end whose owner and mode count.
 *
 *     if (!file_read_config(path, &facts, &text, err))
 *         return false;
 *     if (!facts.missing && holds_password(text) &&
 *         !file_private(path, &facts, "a password", err))
 *         return false;
 */
#ifndef PENNYPOST_SYS_FILE_H
#define PENNYPOST_SYS_FILE_H

#include "base/buf.h"
#include "base/err.h"

enum { FILE_CONFIG_MOST = 1 << 20 };

/* What is known of a settings file. */
struct file_facts {
    bool missing;   /* there is none; the rest is then unset           */
    bool denied;    /* it is not ours to read: file_read_config failed */
    bool exposed;   /* someone else can read it, or owns it            */
    unsigned mode;  /* its permissions, as chmod(1) takes them         */
    unsigned owner; /* the user id it belongs to                       */
};

/*
 * Read all of the file at PATH into TEXT, which is empty before.  That there
 * is none is no error: facts->missing says so.  Fails with ERR_CONFIG where
 * it is no regular file, is larger than FILE_CONFIG_MOST octets, holds a NUL
 * or may not be read, and with ERR_IO where reading it fails.  The text is
 * nowhere else in memory, so that buf_wipe() removes a secret in it.
 */
bool file_read_config(const char *path, struct file_facts *, struct buf *text,
                      struct err *);

/*
 * True when nobody but us and root can read the file that *FACTS were read
 * from.  Else fails with ERR_CONFIG; HOLDS says what it should have kept to
 * itself, as in "a password".
 */
bool file_private(const char *path, const struct file_facts *,
                  const char *holds, struct err *);

/*
 * As file_private(), for a credential that systemd has put where only the
 * service can look (systemd.exec(5)): one of root's may be readable by its
 * group, which is how a mask of access rights looks (acl(5)).
 */
bool file_private_credential(const char *path, const struct file_facts *,
                             struct err *);

/*
 * Read at most the first MOST octets of the regular file at PATH into TEXT:
 * for what the system says of itself.  Where it cannot be read TEXT stays as
 * it is.
 */
void file_read_head(const char *path, size_t most, struct buf *text);

#endif
