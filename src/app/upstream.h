/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * upstream - the server that takes our mail, connected and logged in
 *
 *     struct upstream up = {.conf = &conf, .world = &world};
 *
 *     if (!upstream_open(&up, err))
 *         ...
 *     session_begin(up.session, &t);
 *     upstream_run(&up);
 *     ... as often as there are messages ...
 *     upstream_close(&up, err);
 *     upstream_free(&up);
 *
 * Finds the server, connects, starts TLS and logs in; with app/drive, which it
 * is built on, it is the only code that touches session and wire both.  Where
 * an address of the server does not answer, or the server behind it has a
 * passing trouble, the next is tried.  Where the server refuses a token, all
 * of this is done once more with a new one.
 */
#ifndef PENNYPOST_APP_UPSTREAM_H
#define PENNYPOST_APP_UPSTREAM_H

#include "app/credentials.h"
#include "app/drive.h"
#include "base/world.h"
#include "conf/options.h"
#include "smtp/session.h"
#include "sys/resolve.h"

struct upstream {
    /* The caller's; they outlive it. */
    const struct conf *conf;
    const struct world *world;
    bool verbose;           /* show the conversation on standard error  */
    bool unattended;        /* nobody is there to be asked for a password */

    struct session *session; /* NULL where there is none                */

    /* For the log. */
    struct span host;       /* "mail.example.com:587", or the socket's path */
    struct span address;
    struct span tls;        /* "TLS1.3 AES-256-GCM ca"; empty where off */
    struct span mechanism;
    struct span warning;    /* of the certificate's end; or empty       */

    /* The upstream's own, all zero before. */
    struct arena arena;     /* holds these texts */
    struct addresses at;
    struct net_address connected;
    struct wire *wire;
    struct tls_settings trust;
    struct credentials credentials;
    struct credentials_source source;
    struct session_settings settings;
    struct drive drive;
    bool trace_stuck;       /* nobody reads the trace */
};

/*
 * Until the session wants a transaction.  False, and why, naming the server:
 * what is left is upstream_free().
 */
bool upstream_open(struct upstream *, struct err *);

/* CONTENT gives the pieces of the messages to come, as drive.h has it. */
void upstream_source(struct upstream *, void *source,
                     bool (*content)(void *source, struct buf *piece));

/* Go on until the session wants its owner, or is over. */
void upstream_run(struct upstream *);

/*
 * Say QUIT where the session is still there, and disconnect.  False, and why,
 * naming the server, where the session failed.
 */
bool upstream_close(struct upstream *, struct err *);

/* The session, which may have failed: as upstream_close(), but it goes on. */
bool upstream_result(const struct upstream *, struct err *);

/* Which server it was goes before the text, unless that says so already. */
void upstream_name(const struct upstream *, struct err *);

void upstream_free(struct upstream *);

#endif
