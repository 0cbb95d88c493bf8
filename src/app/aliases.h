/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aliases - the files of aliases, read when they are needed
 *
 * Stands between conf/aliases.h, which opens no file, and the mail layer,
 * which knows of no aliases:
 *
 *     struct host_aliases aliases = {0};
 *
 *     envelope.expander = host_aliases_expander(&aliases, &conf, &world);
 *     ...
 *     host_aliases_free(&aliases);
 *
 * The file is read once, for the first address that is asked for.  That it
 * cannot be read is an error of an address of this host; any other goes out as
 * it stands, for the file would hardly have named it.
 *
 * Warnings are written to standard error as they come up, once each, and only
 * about what was met on the way from the addresses that were asked for.
 */
#ifndef PENNYPOST_APP_ALIASES_H
#define PENNYPOST_APP_ALIASES_H

#include "base/world.h"
#include "conf/aliases.h"
#include "conf/options.h"

struct host_aliases {
    struct aliases aliases;
    struct expander expander;
    struct span path;   /* of the file                               */
    struct span origin; /* who set it; empty: it is the built-in one */
    bool deferred;      /* warnings wait for host_aliases_check()    */
    bool tried;         /* the file was read, or could not be ...    */
    bool unreadable;    /* ... for this reason                       */
    struct err why;
};

/*
 * What says who an address of the settings' host stands for; NULL where the
 * settings want no aliases.  It is the same from call to call, and its file is
 * not read again, as long as the path is.
 */
const struct expander *host_aliases_expander(struct host_aliases *,
                                             const struct conf *,
                                             const struct world *);

/*
 * Read all there is, included files too, and tell every warning, in the order
 * of files and lines.  Fails where an address of this host would.
 */
bool host_aliases_check(struct host_aliases *, struct err *);

void host_aliases_free(struct host_aliases *);

#endif
