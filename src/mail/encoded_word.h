/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * encoded_word - other letters than ASCII in the header (RFC 2047)
 *
 * Text goes in with its blanks but without folds, and comes out on one line;
 * whoever writes the field folds it at the blanks, which never stand in an
 * encoded-word.  An encoded-word holds at most 75 octets, and whole characters
 * only.
 *
 *     encoded_words(S("Gr\303\274\303\237e aus Rom"), S("utf-8"), WORD_TEXT,
 *                   &out);
 *     // =?utf-8?Q?Gr=C3=BC=C3=9Fe?= aus Rom
 *
 * Encoded-words that are in the text already are kept, and octets over 127 in
 * one of them are escaped where they stand.
 */
#ifndef PENNYPOST_MAIL_ENCODED_WORD_H
#define PENNYPOST_MAIL_ENCODED_WORD_H

#include "base/buf.h"

/* Where the words stand, and with it what they may hold (RFC 2047, 5). */
enum word_place {
    WORD_TEXT,    /* unstructured: words that are ASCII stay as they are */
    WORD_COMMENT, /* the same, inside of ( )                             */
    WORD_PHRASE,  /* a display name: all of its words are encoded        */
};

/* A word of text that is longer is encoded even if it is ASCII. */
enum { ENCODED_WORD_LONG = 900 };

/* Append TEXT to OUT, with encoded-words where it needs them. */
void encoded_words(struct span text, struct span charset, enum word_place,
                   struct buf *out);

/* Append TEXT to OUT as encoded-words, all of it, a blank between two. */
void encoded_word_encode(struct span text, struct span charset,
                         enum word_place, struct buf *out);

/* An encoded-word that stands in some text. */
struct encoded_word {
    struct span whole, charset, text;
    char encoding; /* 'q' or 'b' */
};

/* The first one in TEXT; false where it has none. */
bool encoded_word_find(struct span text, struct encoded_word *);

#endif
