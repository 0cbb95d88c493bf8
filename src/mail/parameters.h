/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * parameters - change the parameters of Content-Type and Content-Disposition
 *
 * Takes the body of such a field without folds and gives a new one, again on
 * one line.  What has nothing wrong stays as it is written.
 */
#ifndef PENNYPOST_MAIL_PARAMETERS_H
#define PENNYPOST_MAIL_PARAMETERS_H

#include "base/buf.h"

/*
 * Append BODY to OUT with every octet over 127 encoded: values as RFC 2231, 4
 * has it, in sections where they are long, comments in encoded-words.
 */
void parameters_recode(struct span body, struct span charset,
                       struct buf *out);

/*
 * Append BODY to OUT with the parameter NAME set to VALUE: in the place of the
 * first that has this name, with all others gone, or else at the end.
 */
void parameters_set(struct span body, struct span name, struct span value,
                    struct buf *out);

#endif
