/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * protocol - other protocols than SMTP, told by what their servers say first
 *
 * For whoever has the wrong port: to know one more is to add a row to the
 * table in protocol.c.
 */
#ifndef PENNYPOST_BASE_PROTOCOL_H
#define PENNYPOST_BASE_PROTOCOL_H

#include "base/span.h"

struct protocol {
    struct span begins; /* how what the server says begins, in any case */
    const char *name;   /* "IMAP"                                       */
    const char *server; /* "an IMAP server"                             */
    const char *hint;   /* what to do about it                          */
};

/* The protocol of a server that SAID this first; NULL where it is not known. */
const struct protocol *protocol_of(struct span said);

#endif
