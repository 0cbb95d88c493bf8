/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int named_file(const char *directory)
{
    struct buf path = {0};
    char *name;
    int fd;

    buf_printf(&path, "%s/pennypost.XXXXXX", directory);
    buf_cstring(&path);
    name = path.data;
    fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    buf_free(&path);
    return fd;
}

/* Open for us alone, under no name. */
static int nameless_file(const char *directory)
{
#ifdef O_TMPFILE
    int fd = open(directory, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0)
        return fd;
#endif
    /* Not every file system knows O_TMPFILE. */
    return named_file(directory);
}

static bool file_make(struct draft *draft, struct err *err)
{
    const char *chosen = getenv("TMPDIR");
    const char *const places[] = {
        chosen && chosen[0] == '/' ? chosen : "/tmp", "/tmp", "/var/tmp"};
    const char *why = NULL;

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        draft->fd = nameless_file(places[i]);
        if (draft->fd >= 0) {
            draft->directory = places[i];
            return true;
        }
        if (!why)
            why = strerror(errno);
    }
    fail(err, ERR_IO, "cannot make a temporary file in '%s': %s", places[0],
         why);
    return err_hint(err, "set TMPDIR to a directory that can be written to");
}

/* What stops a file from growing, and what to do about it. */
static const struct {
    int why;
    enum err_kind kind;
    const char *hint;
} troubles[] = {
    {ENOSPC, ERR_TEMPORARY, "set TMPDIR to a directory with more room"},
    {EDQUOT, ERR_TEMPORARY, "set TMPDIR to a directory with more room"},
    {ENOMEM, ERR_TEMPORARY, "there is too little memory, or less is allowed "
                            "than it takes (ulimit -v)"},
    {EFBIG, ERR_IO, "the limit on the size of files is too low (ulimit -f)"},
};

static bool file_failed(const struct draft *draft, struct err *err)
{
    int why = errno;

    fail(err, ERR_IO, "cannot keep the message in a file in '%s': %s",
         draft->directory, strerror(why));
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
        if (troubles[i].why == why) {
            err->kind = troubles[i].kind;
            err_hint(err, "%s", troubles[i].hint);
        }
    return false;
}

/* All of S, or it has failed. */
static bool file_write(const struct draft *draft, struct span s,
                       struct err *err)
{
    while (!span_empty(s)) {
        ssize_t n = write(draft->fd, s.p, s.n);

        if (n < 0 && errno != EINTR)
            return file_failed(draft, err);
        if (n > 0)
            s = span_from(s, (size_t)n);
    }
    return true;
}

static bool memory_spill(struct draft *draft, struct err *err)
{
    if (!draft->directory && !file_make(draft, err))
        return false;
    if (!file_write(draft, buf_span(&draft->memory), err))
        return false;
    buf_clear(&draft->memory);
    return true;
}

static bool draft_over(const struct draft *draft, struct err *err)
{
    fail(err, ERR_DATA, "the message is larger than %" PRIu64 " octets",
         draft->limit);
    if (draft->setting)
        err_hint(err, "the setting '%s' sets this limit", draft->setting);
    return false;
}

bool draft_add(struct draft *draft, struct span s, struct err *err)
{
    if (draft->limit && s.n > draft->limit - draft->size)
        return draft_over(draft, err);
    draft->size += s.n;
    if (s.n <= DRAFT_MEMORY - draft->memory.len) {
        buf_add(&draft->memory, s);
        return true;
    }
    if (!memory_spill(draft, err))
        return false;
    if (s.n > DRAFT_MEMORY)
        return file_write(draft, s, err);
    buf_add(&draft->memory, s);
    return true;
}

static bool file_map(struct draft *draft, struct err *err)
{
    size_t size = (size_t)draft->size;
    void *map = MAP_FAILED;

    errno = EFBIG;
    if (draft->size <= SIZE_MAX)
        map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, draft->fd, 0);
    if (map == MAP_FAILED)
        return file_failed(draft, err);
    draft->map = map;
    draft->mapped = size;
    madvise(map, size, MADV_SEQUENTIAL);
    return true;
}

bool draft_end(struct draft *draft, struct span *whole, struct err *err)
{
    if (draft->directory) {
        if (!memory_spill(draft, err) || !file_map(draft, err))
            return false;
        buf_free(&draft->memory);
        *whole = (struct span){draft->map, draft->mapped};
        return true;
    }
    *whole = buf_span(&draft->memory);
    return true;
}

void draft_passed(struct draft *draft, size_t upto)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    if (!draft->map)
        return;
    if (upto > draft->mapped)
        upto = draft->mapped;
    upto -= upto % page;
    if (upto < draft->passed)
        draft->passed = 0; /* it is sent once more, from its start */
    if (upto - draft->passed < DRAFT_MEMORY && upto < draft->mapped)
        return;
    madvise(draft->map + draft->passed, upto - draft->passed, MADV_DONTNEED);
    draft->passed = upto;
}

void draft_free(struct draft *draft)
{
    if (draft->map)
        munmap(draft->map, draft->mapped);
    if (draft->directory)
        close(draft->fd);
    buf_free(&draft->memory);
    *draft = (struct draft){0};
}
