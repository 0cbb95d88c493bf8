/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * authority - a certificate authority for one test, thrown away after it
 *
 * Keys are ECDSA on P-256.  The files are PEM: ca.pem is what a client has to
 * trust, cert.pem and key.pem are the server's.
 */
#ifndef PENNYPOST_TESTS_SERVER_AUTHORITY_H
#define PENNYPOST_TESTS_SERVER_AUTHORITY_H

#include "base/err.h"

/*
 * Make the three files in DIRECTORY, for a server of these NAMES (with commas
 * between; IP addresses too), good for DAYS from now; negative DAYS make a
 * leaf that ran out so many days ago.
 */
bool authority_make(const char *directory, struct span names, long days,
                    struct err *);

#endif
