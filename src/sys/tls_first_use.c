/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_first_use.h"

#include "sys/tls_pin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { STORE_MOST = 1 << 20, LOCK_TRIES = 200, LOCK_PAUSE_NS = 10000000 };

static const char store_name[] = "pins", store_new[] = "pins.new",
                  store_lock[] = "pins.lock";

void tls_known_free(struct tls_known *known)
{
    buf_free(&known->pin);
    buf_free(&known->since);
}

/* A relative path counts as none (XDG Base Directory Specification). */
void tls_first_use_directory(struct span home, struct buf *out)
{
    struct span state = span_of(getenv("XDG_STATE_HOME"));

    if (span_starts(state, S("/")))
        buf_add(out, state);
    else if (!span_empty(home))
        buf_printf(out, "%.*s/.local/state", SPAN_ARG(home));
    else
        return;
    buf_add(out, S("/pennypost"));
}

static bool store_fail(struct span directory, const char *doing,
                       struct err *err)
{
    return fail(err, ERR_IO, "cannot %s the keys of known servers, '%.*s/%s':"
                             " %s",
                doing, SPAN_ARG(directory), store_name, strerror(errno));
}

/* Nobody else may be able to put a key there. */
static bool check_owner(const struct stat *is, struct span path,
                        const char *name, struct err *err)
{
    if (is->st_uid == geteuid() && (is->st_mode & 022) == 0)
        return true;
    fail(err, ERR_CONFIG, "the keys of known servers are not safe: others can"
                          " write to '%.*s%s'",
         SPAN_ARG(path), name);
    return err_hint(err, "it must belong to us, and have the mode %s",
                    *name ? "0600" : "0700");
}

/* -1: *err is filled in, but for ENOENT, which errno tells. */
static int open_directory(struct span directory, struct err *err)
{
    struct buf path = {0};
    struct stat is;
    int fd;

    buf_add(&path, directory);
    fd = open(buf_cstring(&path),
              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    buf_free(&path);
    if (fd < 0) {
        if (errno != ENOENT)
            store_fail(directory, "read", err);
        return -1;
    }
    if (fstat(fd, &is) == 0 && check_owner(&is, directory, "", err))
        return fd;
    close(fd);
    errno = 0;
    return -1;
}

static bool read_all(int fd, struct span directory, struct buf *text,
                     struct err *err)
{
    enum { PIECE = 65536 };
    ssize_t n;

    while ((n = read(fd, buf_room(text, PIECE), PIECE)) > 0) {
        buf_filled(text, (size_t)n);
        if (text->len > STORE_MOST)
            return fail(err, ERR_CONFIG, "'%.*s/%s' is too long",
                        SPAN_ARG(directory), store_name);
    }
    return n == 0 || store_fail(directory, "read", err);
}

/* That there is no file is an empty store. */
static bool read_store(int at, struct span directory, struct buf *text,
                       struct err *err)
{
    int fd = openat(at, store_name,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat is;
    bool good;

    if (fd < 0)
        return errno == ENOENT || store_fail(directory, "read", err);
    good = fstat(fd, &is) == 0 && S_ISREG(is.st_mode);
    if (!good)
        fail(err, ERR_CONFIG, "'%.*s/%s' is not a file", SPAN_ARG(directory),
             store_name);
    good = good && check_owner(&is, directory, "/pins", err) &&
           read_all(fd, directory, text, err);
    close(fd);
    return good;
}

/* One line; it is good, and of SERVER: into *KNOWN, unless that is filled. */
static bool take_line(struct span line, struct span server,
                      struct tls_known *known)
{
    struct span name, pin, since, more;
    struct err ignored;

    if (span_empty(span_trim(line)) || span_starts(line, S("#")))
        return true;
    if (!span_word(&line, ' ', &name) || !span_word(&line, ' ', &pin) ||
        !span_word(&line, ' ', &since) || span_word(&line, ' ', &more) ||
        !tls_pins_check(pin, &ignored))
        return false;
    if (span_ieq(name, server) && known->pin.len == 0) {
        buf_add(&known->pin, pin);
        buf_add(&known->since, since);
    }
    return true;
}

static bool find(struct span text, struct span directory, struct span server,
                 struct tls_known *known, struct err *err)
{
    struct span line;

    for (unsigned number = 1; span_line(&text, &line); number++)
        if (!take_line(line, server, known)) {
            fail(err, ERR_CONFIG, "%.*s/%s:%u: this is not a known server",
                 SPAN_ARG(directory), store_name, number);
            return err_hint(err, "a line is 'name:port sha256//BASE64 date';"
                                 " repair it or remove it");
        }
    return true;
}

bool tls_first_use_look(struct span directory, struct span server,
                        struct tls_known *known, struct err *err)
{
    struct buf text = {0};
    int at = open_directory(directory, err);
    bool good;

    if (at < 0)
        return errno == ENOENT;
    good = read_store(at, directory, &text, err) &&
           find(buf_span(&text), directory, server, known, err);
    buf_free(&text);
    close(at);
    return good;
}

/* For us alone, and so are the parents that are missing. */
static void make_directories(struct span directory)
{
    struct buf path = {0};

    for (size_t i = 1; i <= directory.n; i++) {
        if (i < directory.n && directory.p[i] != '/')
            continue;
        buf_clear(&path);
        buf_add(&path, span_upto(directory, i));
        mkdir(buf_cstring(&path), 0700);
    }
    buf_free(&path);
}

/* Whoever holds it waits for nobody, so it cannot be for long. */
static bool wait_for_lock(int fd, struct span directory, struct err *err)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    for (int i = 0; i < LOCK_TRIES; i++) {
        if (fcntl(fd, F_SETLK, &whole) == 0)
            return true;
        if (errno != EACCES && errno != EAGAIN && errno != EINTR)
            return store_fail(directory, "lock", err);
        nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE_NS}, NULL);
    }
    return fail(err, ERR_TEMPORARY, "another program keeps '%.*s/%s' locked",
                SPAN_ARG(directory), store_lock);
}

/* Good until the descriptor is closed.  -1: *err is filled in. */
static int lock(int at, struct span directory, struct err *err)
{
    int fd = openat(at, store_lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
                    0600);

    if (fd < 0) {
        store_fail(directory, "lock", err);
        return -1;
    }
    if (wait_for_lock(fd, directory, err))
        return fd;
    close(fd);
    return -1;
}

static void add_line(struct span server, struct span pin, int64_t now,
                     struct buf *text)
{
    struct tm utc = {0};
    time_t when = (time_t)now;
    char date[32];

    gmtime_r(&when, &utc);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc);
    if (text->len > 0 && text->data[text->len - 1] != '\n')
        buf_addc(text, '\n');
    buf_printf(text, "%.*s %.*s %s\n", SPAN_ARG(server), SPAN_ARG(pin), date);
}

static bool write_all(int fd, struct span text)
{
    while (!span_empty(text)) {
        ssize_t n = write(fd, text.p, text.n);

        if (n < 0 && errno != EINTR)
            return false;
        text = span_from(text, n > 0 ? (size_t)n : 0);
    }
    return fsync(fd) == 0;
}

static bool write_store(int at, struct span directory, struct span text,
                        struct err *err)
{
    int fd;
    bool good;

    unlinkat(at, store_new, 0); /* left by one that was ended */
    fd = openat(at, store_new,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return store_fail(directory, "write", err);
    good = write_all(fd, text);
    good = close(fd) == 0 && good;
    if (good && renameat(at, store_new, at, store_name) == 0 &&
        fsync(at) == 0)
        return true;
    store_fail(directory, "write", err);
    unlinkat(at, store_new, 0);
    return false;
}

/* Under the lock, what counts is what is there now. */
static bool keep(int at, struct span directory, struct span server,
                 struct span pin, int64_t now, struct err *err)
{
    struct tls_known known = {0};
    struct buf text = {0};
    bool good = read_store(at, directory, &text, err) &&
                find(buf_span(&text), directory, server, &known, err);

    if (good && known.pin.len == 0) {
        add_line(server, pin, now, &text);
        good = write_store(at, directory, buf_span(&text), err);
    } else if (good && !span_eq(buf_span(&known.pin), pin)) {
        good = fail(err, ERR_PROTOCOL,
                    "the server '%.*s' showed the key %.*s, and to another"
                    " run at the same time %s",
                    SPAN_ARG(server), SPAN_ARG(pin), buf_cstring(&known.pin));
    }
    tls_known_free(&known);
    buf_free(&text);
    return good;
}

bool tls_first_use_keep(struct span directory, struct span server,
                        struct span pin, int64_t now, struct err *err)
{
    int at, held;
    bool good;

    make_directories(directory);
    at = open_directory(directory, err);
    if (at < 0)
        return errno == ENOENT && store_fail(directory, "write", err);
    held = lock(at, directory, err);
    good = held >= 0 && keep(at, directory, server, pin, now, err);
    if (held >= 0)
        close(held);
    close(at);
    return good;
}
