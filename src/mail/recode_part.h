/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recode_part - what is to be done to each part of a message
 *
 * The first half of recode(): looks at the parts, from the outermost inwards,
 * and writes down what has to become of each.  Only recode.c uses it.
 */
#ifndef PENNYPOST_MAIL_RECODE_PART_H
#define PENNYPOST_MAIL_RECODE_PART_H

#include "mail/recode.h"
#include "mail/recode_header.h"

struct recode_todo {
    bool encode;          /* its body is encoded or put right, by an edit of */
    enum edit_kind kind;  /* this kind                                       */
    unsigned why;         /* for these of its TRAIT_ bits                    */
    bool copy;            /* its octets go as they are, line ends and all    */
    bool fixed;           /* nothing may be done to it, header included      */
    bool touched;         /* some of it is changed, what is inside apart     */
    bool inside;          /* something inside is changed                     */
    bool over;            /* octets over 127 stay in it                      */
    bool labelled;        /* its 8-bit text stays, and is called that        */
    bool make_plain;      /* a multipart without parts                       */
    struct span charset;  /* to be named in its header, or empty             */
    struct span boundary; /* to be used in place of the one it has, or empty */
    const struct qp_boundary *around; /* the multiparts that it is in        */
};

struct recode_work {
    const struct survey *survey;
    struct span raw;
    const struct recode_rules *rules;
    struct header_rules header_rules;
    struct recoding *to;
    struct recode_todo *todo; /* one for each part of the survey */
    size_t notes;
};

/* Fill in all of w->todo but what spreads from part to part. */
bool recode_decide(struct recode_work *, struct span header, struct err *);

/* Those of the TRAITS of a body that the server does not take. */
unsigned recode_needs(const struct recode_work *, unsigned traits);

/* The header of part I without the blank line at its end. */
struct span part_header_text(const struct recode_work *, uint32_t i);

/* Where the text in part I ends, see part_body_end(). */
size_t part_text_end(const struct recode_work *, uint32_t i);

#endif
