/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_first_use - the keys that servers showed when we first met them
 *
 * The store is the file "pins" in a directory of the user's own, with a line
 * for each server:
 *
 *     mail.example.com:465 sha256//BASE64 2026-11-22T04:30:00Z
 *
 * its name and port, the pin of its key (tls_pin.h), and since when that is
 * known.  Empty lines and those that begin with "#" are nothing.  A store that
 * cannot be read, or holds anything else, is an error: to take it for empty
 * would be to trust whoever comes next.
 *
 * It is never written in place: a new file, synced, takes its name, under
 * the lock of "pins.lock".  No symbolic link is followed there, and nobody else
 * may be able to write to either.
 */
#ifndef PENNYPOST_SYS_TLS_FIRST_USE_H
#define PENNYPOST_SYS_TLS_FIRST_USE_H

#include "base/err.h"

/* What the store has of a server. */
struct tls_known {
    struct buf pin;   /* empty: it is not known */
    struct buf since;
};

void tls_known_free(struct tls_known *);

/*
 * Add the user's directory to OUT: "$XDG_STATE_HOME/pennypost", or that in
 * .local/state of HOME.  Nothing is added where neither is known.
 */
void tls_first_use_directory(struct span home, struct buf *out);

/* What is known of SERVER, "name:port".  ERR_CONFIG, ERR_IO. */
bool tls_first_use_look(struct span directory, struct span server,
                        struct tls_known *, struct err *);

/*
 * Keep PIN as that of SERVER, from NOW on, making the directory if need be.
 * Where another run was faster, its pin stays, and is the error if it is not
 * this one.  ERR_CONFIG, ERR_IO, ERR_PROTOCOL, or ERR_TEMPORARY where others
 * keep the store locked.
 */
bool tls_first_use_keep(struct span directory, struct span server,
                        struct span pin, int64_t now, struct err *);

#endif
