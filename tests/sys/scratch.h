/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scratch - a directory to try things in, and a process to try them with
 *
 *     struct scratch here;
 *     scratch_make(&here);
 *     const char *path = scratch_path(&here, "config");
 *     ...
 *     scratch_remove(&here);
 */
#ifndef PENNYPOST_TESTS_SYS_SCRATCH_H
#define PENNYPOST_TESTS_SYS_SCRATCH_H

#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct scratch {
    char directory[64];
    char path[384];
};

static inline void scratch_make(struct scratch *here)
{
    snprintf(here->directory, sizeof here->directory,
             "/tmp/pennypost-test.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(here->directory));
}

/* The path of NAME in it; good until the next call. */
static inline const char *scratch_path(struct scratch *here, const char *name)
{
    snprintf(here->path, sizeof here->path, "%s/%s", here->directory, name);
    return here->path;
}

/* How many entries it has. */
static inline int scratch_count(struct scratch *here)
{
    DIR *directory = opendir(here->directory);
    int count = -2; /* "." and ".." */

    ck_assert_ptr_nonnull(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

/* Remove it and the files in it. */
static inline void scratch_remove(struct scratch *here)
{
    DIR *directory = opendir(here->directory);
    struct dirent *entry;

    ck_assert_ptr_nonnull(directory);
    while ((entry = readdir(directory)))
        if (entry->d_name[0] != '.')
            unlink(scratch_path(here, entry->d_name));
    closedir(directory);
    ck_assert_int_eq(rmdir(here->directory), 0);
}

static inline void scratch_write(const char *path, struct span s, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fchmod(fd, mode), 0);
    ck_assert_int_eq(write(fd, s.p, s.n), (ssize_t)s.n);
    close(fd);
}

/* What wait(2) says of a process that does TRY and exits with its result. */
static inline int in_child(int (*try)(void))
{
    int status = -1;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0)
        _exit(try());
    ck_assert_int_gt(pid, 0);
    while (waitpid(pid, &status, 0) < 0)
        continue;
    return status;
}

/* ... which is to be 0; a child returns the line of what went wrong. */
#define ck_assert_child(try)                                                 \
    do {                                                                     \
        int status_ = in_child(try);                                         \
        ck_assert_msg(status_ == 0, #try ": status %#x", status_);           \
    } while (0)

#define child_assert(holds)                                                  \
    do {                                                                     \
        if (!(holds)) {                                                      \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #holds);      \
            return 1;                                                        \
        }                                                                    \
    } while (0)

#endif
