/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dialogue - what is said to the client: ours, or the script's
 *
 * For every event dialogue_answer() is asked with the reply that the server
 * would give; where the script has something for the event, that is done
 * instead.  It returns the code of the reply that was given in the end, which
 * decides what the event has led to, or 0 where there was none.
 */
#ifndef PENNYPOST_TESTS_SERVER_DIALOGUE_H
#define PENNYPOST_TESTS_SERVER_DIALOGUE_H

#include "channel.h"
#include "record.h"
#include "script.h"

struct dialogue {
    struct channel *channel;
    struct record *record;
    const struct script *script;
    uint64_t count[EVENTS]; /* how often each has been */
    bool over;
    enum farewell farewell; /* how, once it is over    */
};

/* REPLY is without its last CRLF; empty where the server would say nothing. */
int dialogue_answer(struct dialogue *, enum event event, struct span reply);

/* The same for a MAIL or RCPT with this address. */
int dialogue_answer_for(struct dialogue *, enum event event,
                        struct span address, struct span reply);

/*
 * The same for an occasion, however often its event has been.  *SAID is false
 * where the script has nothing for it, and then nothing was done.
 */
int dialogue_script(struct dialogue *, struct occasion, struct span reply,
                    bool *said);

#endif
