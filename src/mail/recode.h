/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recode - a message that the server at hand can take
 *
 * Compares what a message holds with what the server takes, part by part and
 * field by field, and makes a header section and a list of edits of the body
 * that turn the one into the other.  What needs no change has no edit, and a
 * message that needs none at all comes out as it went in.
 *
 *     struct recoding recoding = {0};
 *     if (!recode(&survey, raw, header, &rules, &recoding, err))
 *         return false;
 *     content = content_of(buf_span(&recoding.header),
 *                          survey_body(&survey, raw), &recoding.edits);
 *
 * Lines over 998 octets, NUL and bare CRs are encoded whatever the server is,
 * unless it takes binary parts and the part says that it is one.  What is
 * encoded already is never encoded again; what may not be altered is refused
 * where it cannot go as it is (RFC 6152, 3).  doc/sending.md has the rules.
 */
#ifndef PENNYPOST_MAIL_RECODE_H
#define PENNYPOST_MAIL_RECODE_H

#include "base/err.h"
#include "mail/content.h"
#include "mail/survey.h"

/* What to do with a signed part that cannot go as it is (RFC 1847, 2.1). */
enum recode_signed {
    RECODE_SIGNED_REJECT,
    RECODE_SIGNED_RAW,     /* send its 8-bit octets and long lines anyway */
    RECODE_SIGNED_CONVERT, /* convert, and break the signature            */
};

struct recode_rules {
    bool takes_8bit;   /* 8-bit octets in bodies: 8BITMIME               */
    bool takes_utf8;   /* UTF-8 in header fields: SMTPUTF8 is asked for  */
    bool takes_binary; /* parts labelled binary: BINARYMIME and CHUNKING */
    enum recode_signed signed_parts;
};

/* All zero is an empty one; its owner calls recoding_free(). */
struct recoding {
    struct buf header;  /* the message's header section, LF text         */
    struct edits edits; /* over survey_body()                            */
    struct buf notes;   /* what was converted and why, a line each, with */
                        /* LF; empty when nothing was                    */
};

/*
 * RAW is all that SURVEY was fed, HEADER the header section that is to be
 * sent.  RAW must outlive the recoding.
 *
 * ERR_DATA, with the enhanced status code 5.6.3 at the front of its text,
 * where the message cannot be made fit.
 */
bool recode(const struct survey *, struct span raw, struct span header,
            const struct recode_rules *, struct recoding *, struct err *);

void recoding_free(struct recoding *);

/* The body of the message: what of RAW is behind its header. */
struct span survey_body(const struct survey *, struct span raw);

#endif
