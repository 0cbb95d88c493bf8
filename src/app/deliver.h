/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * deliver - one message to one server, and what became of it
 *
 * Opens the way to the server (app/upstream.h), and sends the message in as
 * many transactions as its recipients need.
 *
 *     struct delivery d = {.conf = &conf, .world = &world, .message = &m};
 *     deliver(&d);
 *     ... d.rcpts[i].outcome ...
 *     delivery_free(&d);
 */
#ifndef PENNYPOST_APP_DELIVER_H
#define PENNYPOST_APP_DELIVER_H

#include "app/message.h"
#include "conf/options.h"
#include "smtp/session.h"

struct delivery {
    const struct conf *conf;
    const struct world *world;
    struct message *message; /* its draft may give memory back */
    bool verbose;      /* show the conversation on standard error */

    /* What became of it: a row for each recipient of the envelope. */
    struct transaction_rcpt *rcpts;
    size_t nrcpts;
    struct err err;    /* the session's own failure, if it failed */

    /* For the log. */
    struct span host;  /* "mail.example.com:587", or the socket's path   */
    struct span address;
    struct span tls;   /* "TLS1.3 AES-256-GCM ca"; empty where off       */
    struct span mechanism;
    struct span warning; /* of the server's certificate; or empty       */
    struct span reply; /* to the message                                 */
    struct span notes; /* what was converted, and why                    */
    uint64_t size;     /* octets of the content; 0 where none was made   */
    int64_t duration;  /* milliseconds                                   */

    struct arena arena; /* holds these texts */
};

/* Every recipient has an outcome afterwards. */
void deliver(struct delivery *);

void delivery_free(struct delivery *);

#endif
