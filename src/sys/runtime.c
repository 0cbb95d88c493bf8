/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "pennypost"

static bool is_private(int fd, mode_t type)
{
    struct stat st;

    return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type &&
           st.st_uid == geteuid() && (st.st_mode & 077) == 0;
}

/* FD, or -1 where others can get at it. */
static int private_only(int fd, mode_t type)
{
    if (fd < 0 || is_private(fd, type))
        return fd;
    close(fd);
    return -1;
}

static int subdirectory_open(int above)
{
    return private_only(openat(above, DIRECTORY, O_RDONLY | O_DIRECTORY |
                               O_NOFOLLOW | O_CLOEXEC), S_IFDIR);
}

/* Our directory, which is made where MAKE; or -1. */
static int directory_open(bool make)
{
    const char *path = getenv("XDG_RUNTIME_DIR");
    int above, fd;

    if (!path || path[0] != '/')
        return -1;
    above = private_only(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                         S_IFDIR);
    if (above < 0)
        return -1;
    if (make && mkdirat(above, DIRECTORY, 0700) != 0 && errno != EEXIST) {
        close(above);
        return -1;
    }
    fd = subdirectory_open(above);
    close(above);
    return fd;
}

static bool all_read(int fd, struct buf *text)
{
    char *room = buf_room(text, RUNTIME_MOST + 1);
    ssize_t n = 1;

    while (n != 0 && text->len <= RUNTIME_MOST) {
        n = read(fd, room + text->len, RUNTIME_MOST + 1 - text->len);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            buf_filled(text, (size_t)n);
    }
    return text->len <= RUNTIME_MOST;
}

bool runtime_read(const char *name, struct buf *text)
{
    int directory = directory_open(false), fd;
    bool done;

    if (directory < 0)
        return false;
    fd = private_only(openat(directory, name, O_RDONLY | O_NOFOLLOW |
                             O_NONBLOCK | O_CLOEXEC), S_IFREG);
    close(directory);
    if (fd < 0)
        return false;
    done = all_read(fd, text);
    close(fd);
    if (!done)
        buf_wipe(text);
    return done;
}

static bool all_written(int fd, struct span text)
{
    while (text.n) {
        ssize_t n = write(fd, text.p, text.n);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            text = span_from(text, (size_t)n);
    }
    return true;
}

/* By another name first, so that nobody reads half of it. */
static bool replace(int directory, const char *name, struct span text)
{
    char next[64];
    bool done;
    int fd;

    snprintf(next, sizeof next, "next.%ld", (long)getpid());
    unlinkat(directory, next, 0); /* of one that died, long ago */
    fd = openat(directory, next,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    done = fchmod(fd, 0600) == 0 && all_written(fd, text);
    if (close(fd) != 0 || !done ||
        renameat(directory, next, directory, name) != 0) {
        unlinkat(directory, next, 0);
        return false;
    }
    return true;
}

bool runtime_write(const char *name, struct span text)
{
    int directory = directory_open(true);
    bool done;

    if (directory < 0)
        return false;
    done = replace(directory, name, text);
    close(directory);
    return done;
}

void runtime_remove(const char *name)
{
    int directory = directory_open(false);

    if (directory < 0)
        return;
    unlinkat(directory, name, 0);
    close(directory);
}
