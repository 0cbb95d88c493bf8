/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * options - the test server's command line
 *
 * One table makes the fields, the options and --help.  Texts point into argv.
 */
#ifndef PENNYPOST_TESTS_SERVER_OPTIONS_H
#define PENNYPOST_TESTS_SERVER_OPTIONS_H

#include "base/err.h"

enum tls_mode { TLS_STARTTLS, TLS_IMPLICIT, TLS_NONE };

struct options {
    bool help;
    const char *port;    /* NULL: make the CA and serve nothing        */
    const char *address; /* what to listen on                          */
    bool ipv6;           /* listen on ::1 as well, at the same port    */
    const char *tls;     /* as written; tls_mode is what it says       */
    enum tls_mode tls_mode;
    const char *cert, *key; /* PEM files                               */
    const char *make_ca;    /* directory to put a new CA and leaf into */
    const char *names;      /* the leaf's names, with commas between   */
    const char *days;       /* how long the leaf is good for           */
    const char *priority;   /* GnuTLS priority string                  */
    const char *user, *password;
    const char *mechanisms;
    const char *record; /* directory for what arrives                  */
    const char *script; /* file of scripted replies                    */
    bool no_8bitmime, no_smtputf8, no_pipelining, no_size, no_dsn;
    bool chunking;
    uint64_t max_size;   /* octets; what SIZE announces                */
    uint64_t count;      /* connections to serve; 0: any number        */
    uint64_t lifetime;   /* seconds                                    */
    uint64_t delay;      /* milliseconds before each answer            */
    uint64_t receive_buffer; /* octets; 0: the system's choice         */
};

/* Read the command line into *OPTIONS, defaults first. */
bool options_read(int argc, char **argv, struct options *, struct err *);

/* The text of --help. */
void options_help(struct buf *out);

#endif
