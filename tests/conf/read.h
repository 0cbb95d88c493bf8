/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * read - one file, and the conf that it makes
 *
 *     struct accounts accounts;
 *     struct conf conf;
 *
 *     if (read_conf(&accounts, &conf, S("/etc/p"), text, CONF_USER, false,
 *                   &err))
 *         ...
 *     conf_free(&conf);
 *     accounts_free(&accounts);
 */
#ifndef PENNYPOST_TESTS_CONF_READ_H
#define PENNYPOST_TESTS_CONF_READ_H

#include "conf/file.h"

/* Free both, whether or not that succeeds. */
static inline bool read_conf(struct accounts *accounts, struct conf *conf,
                             struct span path, struct span text,
                             enum conf_source source, bool exposed,
                             struct err *err)
{
    struct file file = {path, text, exposed};
    bool done;

    accounts_init(accounts, S("/home/bob"));
    conf_init(conf, S("/home/bob"));
    done = file_parse(accounts, &file, source, NULL, err);
    accounts_apply(accounts, NULL, conf);
    return done;
}

#endif
