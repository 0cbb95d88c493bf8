/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tls_file - the files of certificates that settings name
 *
 * GnuTLS opens them by their paths.  Looked at first, for a FIFO or a device
 * might make us wait, and for an error that says which setting it is about.
 */
#ifndef PENNYPOST_SYS_TLS_FILE_H
#define PENNYPOST_SYS_TLS_FILE_H

#include "base/err.h"

/*
 * PATH can be read, and is a file or, *DIRECTORY, a directory.  Else *WHY is
 * the reason, good until errno's texts change.
 */
bool tls_file_look(const char *path, bool *directory, const char **why);

/* Fail unless PATH, which SETTING names, is a file to read: ERR_CONFIG. */
bool tls_file_check(struct span path, const char *setting, struct err *);

/* S is a name for a thing in a token: "pkcs11:..." (RFC 7512). */
bool tls_is_token(struct span s);

#endif
