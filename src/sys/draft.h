/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * draft - where the message waits until it is complete
 *
 * Up to DRAFT_MEMORY octets are kept in memory.  A larger message goes to a
 * temporary file that has no name, so that nothing is left behind however
 * the program ends; it lies in TMPDIR, where that is an absolute path that
 * can be used, else in /tmp, else in /var/tmp.  Once complete the message is
 * one span either way.
 *
 *     struct draft draft = {.limit = conf.limit, .setting = "size-limit"};
 *     while (more)
 *         if (!draft_add(&draft, piece, err)) ...
 *     if (!draft_end(&draft, &message, err)) ...
 *     while (sending)
 *         draft_passed(&draft, sent);
 *     draft_free(&draft);
 *
 * After a failure all that is left to do is draft_free(): a message that was
 * not taken to its last octet is never handed out.
 */
#ifndef PENNYPOST_SYS_DRAFT_H
#define PENNYPOST_SYS_DRAFT_H

#include "base/buf.h"
#include "base/err.h"

enum { DRAFT_MEMORY = 1 << 20 };

/* The caller sets the first two; the rest is zero before and the draft's. */
struct draft {
    uint64_t limit;        /* the most octets to take; 0 for no limit     */
    const char *setting;   /* what sets the limit, for errors; or NULL    */
    struct buf memory;     /* what is not in the file (yet)               */
    uint64_t size;         /* octets taken so far                         */
    const char *directory; /* where the file is; NULL while there is none */
    int fd;                /* the file, while it has a directory          */
    char *map;             /* the file as memory, once it is complete     */
    size_t mapped, passed; /* octets of the map, and those passed         */
};

/*
 * Take S, the next octets of the message.  Fails with ERR_DATA over the limit,
 * with ERR_TEMPORARY where there is no space or no memory left, and with ERR_IO
 * where the file cannot be made or written.
 */
bool draft_add(struct draft *, struct span s, struct err *);

/*
 * The message is complete: *WHOLE is all of it, good until draft_free().
 * Fails as draft_add() does.
 */
bool draft_end(struct draft *, struct span *whole, struct err *);

/*
 * The first UPTO octets of the message are not needed for now: what holds
 * them in memory may go.  They can still be read, from the file.
 */
void draft_passed(struct draft *, size_t upto);

void draft_free(struct draft *);

#endif
