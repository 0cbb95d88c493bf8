/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

static const char journal_socket[] = "/run/systemd/journal/socket";

#ifdef _PATH_LOG
static const char syslog_socket[] = _PATH_LOG;
#else
static const char syslog_socket[] = "/dev/log";
#endif

/* A daemon that takes nothing for so long is not waited for. */
enum { PATIENCE_SECONDS = 1 };

static const int priorities[] = {
    [LOG_LEVEL_ERROR] = LOG_ERR,
    [LOG_LEVEL_WARNING] = LOG_WARNING,
    [LOG_LEVEL_NOTICE] = LOG_NOTICE,
    [LOG_LEVEL_INFO] = LOG_INFO,
};

static bool nothing_open(struct log *log, struct span setting,
                         struct err *err)
{
    (void)log, (void)setting, (void)err;
    return true;
}

static bool nothing_line(struct log *log, int64_t now, enum log_level level,
                         struct span line, struct err *err)
{
    (void)log, (void)now, (void)level, (void)line, (void)err;
    return true;
}

/* A socket that leads to PATH and does not wait for long, or -1 and errno. */
static int local_socket(const char *path, int type)
{
    const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct span name = span_of(path);
    int fd = socket(AF_UNIX, type, 0), broken;

    if (fd < 0)
        return -1;
    if (name.n >= sizeof address.sun_path)
        name.n = 0; /* which no socket has: "no such file" */
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    memcpy(address.sun_path, name.p, name.n);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    broken = errno;
    close(fd);
    errno = broken;
    return -1;
}

/*
 * Not syslog(3), which waits for ever where the daemon takes nothing.  Where
 * there is no daemon, as in many a container, that is no error, as there.
 */
static bool syslog_open(struct log *log, struct span setting, struct err *err)
{
    const char *path = log->syslog_socket ? log->syslog_socket : syslog_socket;

    (void)setting, (void)err;
    log->fd = local_socket(path, SOCK_DGRAM);
    if (log->fd < 0)
        log->fd = local_socket(path, SOCK_STREAM);
    return true;
}

/* RFC 3164, 4.1, with the local time, as daemons have it from syslog(3). */
static bool syslog_line(struct log *log, int64_t now, enum log_level level,
                        struct span line, struct err *err)
{
    time_t seconds = (time_t)now;
    struct buf entry = {0};
    char when[32] = "";
    struct tm local;

    (void)err;
    if (localtime_r(&seconds, &local))
        strftime(when, sizeof when, "%b %e %H:%M:%S ", &local);
    buf_printf(&entry, "<%d>%spennypost[%d]: %.*s",
               LOG_MAIL | priorities[level], when, (int)getpid(),
               SPAN_ARG(line));
    buf_addc(&entry, '\0'); /* ends it on a stream, and nothing elsewhere */
    if (log->fd >= 0)
        (void)!send(log->fd, entry.data, entry.len, MSG_NOSIGNAL);
    buf_free(&entry);
    return true;
}

static bool journal_open(struct log *log, struct span setting,
                         struct err *err)
{
    const char *path = log->journal_socket;

    (void)setting;
    path = path ? path : journal_socket;
    log->fd = local_socket(path, SOCK_DGRAM);
    if (log->fd >= 0)
        return true;
    return fail(err, ERR_IO, "cannot reach the journal at '%s': %s", path,
                strerror(errno));
}

/*
 * A value with a line end in it is preceded by its length, as 64 bits with the
 * lowest first (systemd, "Native Journal Protocol").
 */
static void journal_field(struct buf *out, struct span name,
                          struct span value)
{
    buf_add(out, name);
    if (span_find(value, '\n') == value.n) {
        buf_addc(out, '=');
    } else {
        buf_addc(out, '\n');
        for (unsigned bit = 0; bit < 64; bit += 8)
            buf_addc(out, (char)((uint64_t)value.n >> bit & 0xFF));
    }
    buf_add(out, value);
    buf_addc(out, '\n');
}

static bool journal_line(struct log *log, int64_t now, enum log_level level,
                         struct span line, struct err *err)
{
    struct buf entry = {0};
    ssize_t sent;

    (void)now;
    buf_printf(&entry, "SYSLOG_IDENTIFIER=pennypost\nPRIORITY=%d\n",
               priorities[level]);
    journal_field(&entry, S("MESSAGE"), line);
    for (size_t i = 0; i < log->field_count; i++)
        journal_field(&entry, log->fields[i].name, log->fields[i].value);
    sent = send(log->fd, entry.data, entry.len, MSG_NOSIGNAL);
    buf_free(&entry);
    if (sent < 0)
        return fail(err, ERR_IO, "cannot write to the journal: %s",
                    strerror(errno));
    return true;
}

/* A link that only root or we can have put there. */
static bool link_trusted(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode) &&
           (st.st_uid == 0 || st.st_uid == geteuid());
}

static bool file_open(struct log *log, struct span setting, struct err *err)
{
    const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY |
                      O_NONBLOCK;
    const char *path;

    buf_clear(&log->path);
    buf_add(&log->path, setting);
    path = buf_cstring(&log->path);
    log->fd = open(path, flags | O_NOFOLLOW, 0600);
    if (log->fd < 0 && link_trusted(path))
        log->fd = open(path, flags, 0600);
    if (log->fd < 0)
        return fail(err, ERR_IO, "cannot open the log '%s': %s", path,
                    strerror(errno));
    return true;
}

static void time_add(struct buf *out, int64_t now)
{
    time_t seconds = (time_t)now;
    char text[32];
    struct tm utc;

    if (gmtime_r(&seconds, &utc) &&
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ ", &utc))
        buf_add(out, span_of(text));
}

static bool file_line(struct log *log, int64_t now, enum log_level level,
                      struct span line, struct err *err)
{
    struct buf whole = {0};
    size_t want;
    ssize_t n;

    (void)level;
    time_add(&whole, now);
    buf_add(&whole, line);
    buf_addc(&whole, '\n');
    want = whole.len;
    do
        n = write(log->fd, whole.data, want);
    while (n < 0 && errno == EINTR);
    buf_free(&whole);
    if (n < 0 || (size_t)n < want)
        return fail(err, ERR_IO, "cannot write to the log '%s': %s",
                    buf_cstring(&log->path),
                    n < 0 ? strerror(errno) : "there is no space left");
    return true;
}

/* A row a place, in the order of enum log_place. */
static const struct {
    struct span setting;
    bool (*open)(struct log *, struct span setting, struct err *);
    bool (*line)(struct log *, int64_t now, enum log_level, struct span line,
                 struct err *);
    bool has_fd;
} places[] = {
    [LOG_TO_NOTHING] = {SPAN_INIT("none"), nothing_open, nothing_line, false},
    [LOG_TO_SYSLOG] = {SPAN_INIT("syslog"), syslog_open, syslog_line, true},
    [LOG_TO_JOURNAL] = {SPAN_INIT("journal"), journal_open, journal_line, true},
    [LOG_TO_FILE] = {SPAN_INIT("/"), file_open, file_line, true},
};

enum { PLACES = sizeof places / sizeof *places };

static size_t place_find(struct span setting)
{
    for (size_t i = 0; i < PLACES; i++)
        if (i == LOG_TO_FILE ? span_starts(setting, places[i].setting)
                          : span_eq(setting, places[i].setting))
            return i;
    return PLACES;
}

bool log_open(struct log *log, struct span setting, struct err *err)
{
    size_t place = place_find(setting);

    log_close(log);
    if (place == PLACES) {
        fail(err, ERR_CONFIG, "'%.*s' is no place for a log",
             SPAN_ARG(setting));
        return err_hint(err, "it is none, syslog, journal, or the path of a "
                             "file from the root, as /var/log/pennypost.log");
    }
    if (!places[place].open(log, setting, err))
        return false;
    log->place = (enum log_place)place;
    return true;
}

bool log_line(struct log *log, int64_t now, enum log_level level,
              struct span line, struct err *err)
{
    return places[log->place].line(log, now, level, line, err);
}

void log_close(struct log *log)
{
    if (places[log->place].has_fd && log->fd >= 0)
        close(log->fd);
    log->place = LOG_TO_NOTHING;
    buf_free(&log->path);
}
