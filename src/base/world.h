/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * world - what a run takes from its surroundings, read once and passed down
 *
 * sys/ reads the clock, the host's name, the user and some randomness into
 * this struct when the program starts.  Whatever depends on them, a Date or a
 * Message-ID, is then a function of its arguments, and its test is exact.
 */
#ifndef PENNYPOST_BASE_WORLD_H
#define PENNYPOST_BASE_WORLD_H

#include "base/span.h"

struct world {
    int64_t now;        /* seconds since 1970, UTC                        */
    int utc_offset;     /* minutes that local time is east of UTC, then   */
    unsigned uid, pid;
    struct span host;   /* this host's name, fully qualified if it has one */
    struct span login;  /* the login name of uid; never empty             */
    struct span name;   /* the full name of uid (gecos), may be empty     */
    struct span home;   /* HOME, else that of uid; may be empty          */
    unsigned char random[32]; /* unguessable, new in every run            */
};

#endif
