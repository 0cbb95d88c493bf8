/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * resolve - the addresses of a server
 *
 * From a host's name, from an address in figures, or from the path of a local
 * socket.  The result is plain storage, a list in the order to be tried, with
 * nothing to free; connect.h takes its addresses one by one.
 *
 *     struct addresses at;
 *
 *     if (!resolve(host, 587, deadline, &stop, &at, err))
 *         return false;
 *     while (connect_next(&at, deadline, &stop, &fd, &winner, err))
 *         ...
 *
 * Names are looked up with getaddrinfo(3), in a thread of its own, because it
 * takes no deadline; when it does not answer in time it is left behind.
 */
#ifndef PENNYPOST_SYS_RESOLVE_H
#define PENNYPOST_SYS_RESOLVE_H

#include "base/err.h"

#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>

enum {
    ADDRESSES_MAX = 64,      /* of more, the first are taken          */
    ADDRESSES_NAME_MAX = 255 /* bytes of a host's name, or of a path  */
};

struct net_address {
    struct sockaddr_storage at;
    socklen_t length;
};

struct addresses {
    char name[ADDRESSES_NAME_MAX + 1]; /* as it was given, for messages */
    uint16_t port;                     /* 0 for a local socket          */
    size_t count;
    struct net_address list[ADDRESSES_MAX];
};

/*
 * Fill in the addresses of HOST: a name (A-labels; one trailing dot is
 * allowed), an IPv4 address in dotted figures, or an IPv6 address with or
 * without brackets, maybe with a zone ("fe80::1%eth0").  The two families take
 * turns, beginning with the one the system prefers (RFC 8305, 4).
 *
 * ERR_CONFIG: HOST is none of these.  ERR_NO_HOST: there is no such name, or
 * it has no address.  ERR_TEMPORARY: that cannot be found out now, or not
 * before DEADLINE, or *STOP was set meanwhile.
 */
bool resolve(struct span host, uint16_t port, int64_t deadline,
             const volatile sig_atomic_t *stop, struct addresses *,
             struct err *);

/* The one address of the local socket at PATH; ERR_CONFIG when too long. */
bool addresses_unix(struct span path, struct addresses *, struct err *);

/* An address as people write it: "192.0.2.1", "2001:db8::1", "/run/x". */
void net_address_text(const struct net_address *, struct buf *out);

/* As resolve(), with LOOKUP for getaddrinfo(3): for tests. */
bool resolve_with(int (*lookup)(const char *, const char *,
                                const struct addrinfo *, struct addrinfo **),
                  struct span host, uint16_t port, int64_t deadline,
                  const volatile sig_atomic_t *stop, struct addresses *,
                  struct err *);

#endif
