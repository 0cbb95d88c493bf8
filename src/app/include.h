/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * include - configuration files, and those that they include
 *
 * Whoever can write such a file decides what we run and who gets the password:
 * it must be ours or root's, and not everyone's to change.
 *
 * An included path begins with "/", with "~/", or at the directory of the file
 * that includes it.  Its last part may hold the wildcards "*" and "?": then it
 * means every such file in the order of their names, and there need not be
 * one.  As for a shell, they do not match a dot at the front.
 */
#ifndef PENNYPOST_APP_INCLUDE_H
#define PENNYPOST_APP_INCLUDE_H

#include "conf/file.h"
#include "sys/file.h"

struct loading {
    struct accounts *accounts;
    struct span home;    /* for "~/"; may be empty                          */
    struct buf *denied;  /* files of the system's that we may not read      */
};

/*
 * Read the file at PATH and what it includes into the accounts.  That there is
 * none is no error: facts->missing says so.  Errors are those of sys/file.h
 * and conf/file.h, and ERR_CONFIG for a file that is not to be trusted.
 */
bool loading_file(const struct loading *, const char *path, enum conf_source,
                  struct file_facts *, struct err *);

/* Note that PATH could not be read. */
void loading_denied(const struct loading *, const char *path);

#endif
