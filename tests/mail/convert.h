/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * convert - the pure path of a message through the program, for tests
 *
 *     struct recode_rules rules = {.takes_8bit = true};
 *     if (convert_message(raw, &rules, 0, &out, &notes, &err))
 *         ...
 */
#ifndef PENNYPOST_TESTS_MAIL_CONVERT_H
#define PENNYPOST_TESTS_MAIL_CONVERT_H

#include "mail/content.h"
#include "mail/header.h"
#include "mail/recode.h"
#include "mail/survey.h"

/* Survey RAW in pieces of SIZE octets; 0: all at once. */
static inline void convert_survey(struct survey *survey, struct span raw,
                                  size_t size)
{
    while (!span_empty(raw)) {
        struct span piece = span_upto(raw, size ? size : raw.n);

        survey_push(survey, piece);
        raw = span_from(raw, piece.n);
    }
    survey_end(survey);
}

/* All of CONTENT, SIZE octets at a time; false if it was said to be other. */
static inline bool convert_content(struct content *content, size_t size,
                                   struct buf *out)
{
    uint64_t expected = content_size(content);
    size_t start = out->len;

    while (content_next(content, size ? size : 65536, out))
        ;
    return out->len - start == expected;
}

/*
 * What would follow DATA for the message RAW, read and written in pieces of
 * SIZE octets, to OUT, and what was done to NOTES.
 */
static inline bool convert_message(struct span raw,
                                   const struct recode_rules *rules,
                                   size_t size, struct buf *out,
                                   struct buf *notes, struct err *err)
{
    struct survey survey = {0};
    struct recoding recoding = {0};
    struct buf header = {0};
    struct content content;
    size_t body_at;
    bool done;

    convert_survey(&survey, raw, size);
    done = header_read(raw, &header, &body_at, err) &&
           recode(&survey, raw, buf_span(&header), rules, &recoding, err);
    if (done && body_at != survey.parts[0].body)
        done = fail(err, ERR_SOFTWARE, "the body is at %zu and at %zu",
                    body_at, survey.parts[0].body);
    if (done) {
        content = content_of(buf_span(&recoding.header),
                             survey_body(&survey, raw), &recoding.edits);
        if (!convert_content(&content, size, out))
            done = fail(err, ERR_SOFTWARE, "the size was not as promised");
        buf_add(notes, buf_span(&recoding.notes));
    }
    recoding_free(&recoding);
    survey_free(&survey);
    buf_free(&header);
    return done;
}

#endif
