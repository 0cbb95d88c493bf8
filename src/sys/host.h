/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * host - a server's name or address as people write it
 *
 * A name is made of labels of letters, digits, hyphens, and the underscores
 * that container networks use, and may end in a dot; names in other scripts
 * are given as A-labels (RFC 5890, 2.3.2.1).  A name cannot end in a figure:
 * "127.1" and "2130706433" would be looked up as addresses.  An IPv4 address
 * has its four figures, without leading zeros.  An IPv6 address may have
 * brackets and a zone.
 */
#ifndef PENNYPOST_SYS_HOST_H
#define PENNYPOST_SYS_HOST_H

#include "base/span.h"

enum { HOST_MAX = 254, HOST_BYTES = 16 };

/* HOST is a name, and not an address. */
bool host_is_name(struct span host);

/* The 4 or 16 bytes of the address that HOST is; 0: it is none. */
size_t host_address(struct span host, unsigned char bytes[HOST_BYTES]);

/* HOST without brackets, and without the dot at its end. */
struct span host_bare(struct span host);

/*
 * A certificate's dNSName PRESENTED is for the name HOST, which is bare: the
 * same but for case, or "*" in place of HOST's first label, with two labels or
 * more behind it (RFC 9525, 6.3).
 */
bool host_matches(struct span presented, struct span host);

#endif
