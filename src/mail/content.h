/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * content - the octets that follow DATA, made from the message and its edits
 *
 * A message that the server can take is sent from where it lies: the header
 * section that compose made, and the body as it was read.  What has to change
 * is a list of edits over the body, each saying which octets are replaced and
 * by what.  Content puts the three together a piece at a time, so that memory
 * stays small whatever the message holds, and can be asked for the exact size
 * before anything is sent.
 *
 *     struct content content = content_of(header, body, &edits);
 *     uint64_t size = content_size(&content);
 *     while (content_next(&content, 65536, &out))
 *         send(&out);
 *
 * Every line ends in CRLF, the last too; CRs before a LF are part of the line
 * end and a CR anywhere else becomes a blank, except where an edit says how
 * (RFC 5321, 2.3.8).  Dots are not stuffed here.
 *
 * The header section is LF text without the blank line at its end.  Header,
 * body and the texts of the edits are borrowed and must outlive the content.
 */
#ifndef PENNYPOST_MAIL_CONTENT_H
#define PENNYPOST_MAIL_CONTENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "mail/base64.h"
#include "mail/lines.h"
#include "mail/plain.h"
#include "mail/qp.h"

/* What stands in the place of the octets that an edit covers. */
enum edit_kind {
    EDIT_TEXT,          /* the edit's text, whose lines end in LF            */
    EDIT_COPY,          /* the same octets exactly: a binary part            */
    EDIT_QP,            /* the octets, a text, in quoted-printable           */
    EDIT_QP_REPAIR,     /* quoted-printable with what it lacks escaped       */
    EDIT_BASE64,        /* the octets exactly, in base64                     */
    EDIT_BASE64_TEXT,   /* the octets, a text with CRLF line ends, in base64 */
    EDIT_BASE64_REPAIR, /* base64 without what does not belong in it         */
    EDIT_PLAIN,         /* a preamble: no NUL, no CR, no line over 998       */
    EDIT_PLAIN_ASCII,   /* the same, and '?' for octets over 127             */
};

struct edit {
    size_t at, length; /* the octets of the body that it covers            */
    enum edit_kind kind;
    size_t order;       /* set by edits_add()                                */
    struct span text;  /* EDIT_TEXT: the text                              */
    const struct qp_boundary *around; /* EDIT_QP, EDIT_QP_REPAIR: see qp.h  */
};

/*
 * Edits in the order of their places, none over another.  Of two at the same
 * place the one added first comes first.  All zero is an empty list.
 */
struct edits {
    struct edit *list;
    size_t count, cap;
    struct arena texts; /* where the texts of edits may live */
};

void edits_add(struct edits *, struct edit);

/* Bring the list into order, after the last edits_add(). */
void edits_sort(struct edits *);

void edits_free(struct edits *);

/* An encoder at work on what an edit covers. */
union encoder {
    struct qp qp;
    struct base64 base64;
    struct plain plain;
};

struct content {
    struct span header, body;
    const struct edits *edits;
    enum { CONTENT_HEADER, CONTENT_BODY, CONTENT_EDIT, CONTENT_DONE } state;
    size_t at;          /* in the header or in the body             */
    size_t next_edit;   /* in edits->list                           */
    struct lines lines;
    union encoder encoder;
    bool after_line;    /* what was given last ended in CRLF        */
};

/* The content of HEADER and BODY with EDITS, which may be NULL. */
struct content content_of(struct span header, struct span body,
                          const struct edits *);

/*
 * Append about ABOUT octets to OUT: at least one, and at most three times
 * ABOUT and 1 KiB.  False, and nothing added, when everything was given.
 */
bool content_next(struct content *, size_t about, struct buf *out);

/* How many octets content_next() gives from here to the end, all together. */
uint64_t content_size(const struct content *);

#endif
