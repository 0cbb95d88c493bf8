/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * url - where a server is and how to talk to it, in one word
 *
 *     submissions://user@mail.example.com      TLS at once, port 465
 *     submission://user@mail.example.com       STARTTLS, port 587
 *     smtps://...  smtp://...                  the same, ports 465 and 25
 *     lmtp://...                               LMTP (RFC 2033), port 24
 *     unix:/run/pennypost/submit.sock          a local socket, no TLS
 *
 * The names of the schemes are those of the services (RFC 8314, 7.3), and
 * smtp, smtps as other mail programs know them.  The form is that of RFC 3986
 * with two allowances, since a server has no path: the last "@" ends the user
 * and password, so "submission://me@gmail.com@smtp.gmail.com" is what it looks
 * like, and a password may hold "/", "?" and "#" as they are.  "%" begins an
 * escape and is itself written "%25".
 *
 * Whether STARTTLS is insisted on is not in the URL but in the setting tls.
 * No text of an error holds a password.
 */
#ifndef PENNYPOST_CONF_URL_H
#define PENNYPOST_CONF_URL_H

#include "base/arena.h"
#include "base/err.h"

enum server_protocol { SERVER_SMTP, SERVER_LMTP };

struct server {
    struct span scheme;            /* in lower case; static               */
    enum server_protocol protocol;
    bool implicit_tls;             /* TLS from the first byte             */
    bool local;                    /* a socket at PATH; no host, no port  */
    bool literal;                  /* HOST is an IP address               */
    struct span host;              /* A-labels, or an address, no brackets */
    uint16_t port;
    struct span path;
    struct span user, password;    /* decoded; empty where not given      */
};

/*
 * Read TEXT into *SERVER, whose spans live in the arena.  ERR_CONFIG where it
 * is not the URL of one server; the hint says what to write instead.
 */
bool url_parse(struct span text, struct arena *, struct server *,
               struct err *);

/*
 * TEXT with what is, or may be meant as, a password written "(hidden)".
 * For any text, a URL or not.
 */
void url_mask(struct span text, struct buf *out);

/*
 * The URL TEXT, which url_parse() took, without its password, and without its
 * user unless KEEP_USER.
 */
void url_without_login(struct span text, bool keep_user, struct buf *out);

#endif
