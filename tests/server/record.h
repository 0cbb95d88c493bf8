/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record - what happened, in files for a test to look at
 *
 *     N.eml           the Nth message that was taken, as it was on the wire,
 *                     but for the dots that were doubled
 *     N.env           its envelope: lines of a keyword and a value
 *     transcript.txt  everything said, a line each, behind the number of the
 *                     connection:
 *                         1 C: EHLO example.org
 *                         1 S: 250 localhost
 *                         1 --: TLS1.3 with AES-256-GCM
 *                         1 !!: the client did what it must not
 *
 * Connections that are served at once share the files.  Without a directory
 * nothing is recorded.
 */
#ifndef PENNYPOST_TESTS_SERVER_RECORD_H
#define PENNYPOST_TESTS_SERVER_RECORD_H

#include "base/buf.h"
#include "base/err.h"

struct record {
    const char *directory;
    uint64_t connection;
    int transcript, body; /* descriptors, -1: none */
    struct buf path;      /* of the body so far    */
};

bool record_open(struct record *, const char *directory, uint64_t connection,
                 struct err *);

void record_close(struct record *);

/* One line of the transcript; WHO is "C", "S", "--" or "!!". */
void record_line(struct record *, const char *who, struct span text);

/* A "--" line. */
void record_note(struct record *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A "!!" line. */
void record_fault(struct record *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A message: begin, add to it, then keep it under ENVELOPE or drop it. */
void record_begin(struct record *);
void record_body(struct record *, struct span);
void record_keep(struct record *, struct span envelope);
void record_drop(struct record *);

#endif
