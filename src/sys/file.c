/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Without waiting for the other end of a named pipe, or for a device. */
static int file_open(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

/* Add to TEXT until the file ends or MOST octets are read, or reading fails. */
static bool file_read(int fd, size_t most, struct buf *text)
{
    char *room = buf_room(text, most);
    size_t filled = 0;
    ssize_t n = 1;

    while (n != 0 && filled < most) {
        n = read(fd, room + filled, most - filled);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            filled += (size_t)n;
    }
    buf_filled(text, filled);
    return true;
}

static bool config_unopened(const char *path, struct file_facts *facts,
                            struct err *err)
{
    int why = errno;

    facts->missing = why == ENOENT || why == ENOTDIR;
    facts->denied = why == EACCES || why == EPERM;
    if (facts->missing)
        return true;
    return fail(err, ERR_CONFIG, "cannot open '%s': %s", path, strerror(why));
}

static void facts_take(struct file_facts *facts, const struct stat *st)
{
    facts->mode = st->st_mode & 07777;
    facts->owner = (unsigned)st->st_uid;
    facts->exposed = (st->st_mode & 077) != 0 ||
                     (st->st_uid != geteuid() && st->st_uid != 0);
}

static bool config_read(int fd, const char *path, struct file_facts *facts,
                        struct buf *text, struct err *err)
{
    struct stat st;
    size_t room;

    if (fstat(fd, &st) != 0)
        return fail(err, ERR_IO, "cannot look at '%s': %s", path,
                    strerror(errno));
    if (!S_ISREG(st.st_mode))
        return fail(err, ERR_CONFIG, "'%s' is %s, not a file", path,
                    S_ISDIR(st.st_mode) ? "a directory" : "a pipe or device");
    if (st.st_size > FILE_CONFIG_MOST)
        return fail(err, ERR_CONFIG, "'%s' is larger than %d octets", path,
                    FILE_CONFIG_MOST);
    facts_take(facts, &st);
    /* One more than there is, so that what has grown is seen. */
    room = st.st_size > 0 ? (size_t)st.st_size + 1 : BUFSIZ;
    if (!file_read(fd, room, text))
        return fail(err, ERR_IO, "cannot read '%s': %s", path, strerror(errno));
    if (text->len == room)
        return fail(err, ERR_TEMPORARY, "'%s' grew while it was read", path);
    if (span_find(buf_span(text), '\0') != text->len)
        return fail(err, ERR_CONFIG, "'%s' holds a NUL; it is no text", path);
    return true;
}

bool file_read_config(const char *path, struct file_facts *facts,
                      struct buf *text, struct err *err)
{
    int fd = file_open(path);
    bool done;

    *facts = (struct file_facts){0};
    if (fd < 0)
        return config_unopened(path, facts, err);
    done = config_read(fd, path, facts, text, err);
    close(fd);
    if (!done)
        buf_wipe(text);
    return done;
}

bool file_private(const char *path, const struct file_facts *facts,
                  const char *holds, struct err *err)
{
    const struct passwd *owner;
    char name[64];

    if (!facts->exposed)
        return true;
    owner = getpwuid(facts->owner);
    snprintf(name, sizeof name, "%u", facts->owner);
    fail(err, ERR_CONFIG,
         "'%s' holds %s and can be read by others (mode %04o, owner %s)", path,
         holds, facts->mode, owner ? owner->pw_name : name);
    if ((facts->mode & 077) == 0)
        return err_hint(err, "it must belong to you or to root: chown it");
    return err_hint(err, "chmod 600 %s", path);
}

bool file_private_credential(const char *path, const struct file_facts *facts,
                             struct err *err)
{
    struct file_facts masked = *facts;

    if (masked.owner == 0 && (masked.mode & 037) == 0)
        masked.exposed = false;
    return file_private(path, &masked, "a password", err);
}

void file_read_head(const char *path, size_t most, struct buf *text)
{
    int fd = file_open(path);
    size_t before = text->len;
    struct stat st;

    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        !file_read(fd, most, text))
        buf_cut(text, before);
    close(fd);
}
