/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_MOST = 4096, MESSAGES_MOST = 1000000 };

static void file_write(int fd, struct span s)
{
    while (fd >= 0 && !span_empty(s)) {
        ssize_t n = write(fd, s.p, s.n);

        if (n < 0 && errno != EINTR) {
            perror("test-server: cannot write the record");
            _exit(1);
        }
        s = span_from(s, n > 0 ? (size_t)n : 0);
    }
}

bool record_open(struct record *record, const char *directory,
                 uint64_t connection, struct err *err)
{
    *record = (struct record){.directory = directory,
                              .connection = connection,
                              .transcript = -1,
                              .body = -1};
    if (!directory)
        return true;
    buf_printf(&record->path, "%s/transcript.txt", directory);
    record->transcript =
        open(buf_cstring(&record->path),
             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (record->transcript < 0)
        return fail(err, ERR_IO, "cannot write '%s'",
                    buf_cstring(&record->path));
    return true;
}

void record_close(struct record *record)
{
    record_drop(record);
    if (record->transcript >= 0)
        close(record->transcript);
    buf_free(&record->path);
}

void record_line(struct record *record, const char *who, struct span text)
{
    struct buf line = {0};

    if (record->transcript < 0)
        return;
    buf_printf(&line, "%" PRIu64 " %s: ", record->connection, who);
    err_escape(span_upto(text, LINE_MOST), &line);
    buf_addc(&line, '\n');
    file_write(record->transcript, buf_span(&line));
    buf_free(&line);
}

void record_note(struct record *record, const char *format, ...)
{
    struct buf text = {0};
    va_list ap;

    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    record_line(record, "--", buf_span(&text));
    buf_free(&text);
}

void record_fault(struct record *record, const char *format, ...)
{
    struct buf text = {0};
    va_list ap;

    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    record_line(record, "!!", buf_span(&text));
    buf_free(&text);
}

void record_begin(struct record *record)
{
    if (!record->directory)
        return;
    record_drop(record);
    buf_clear(&record->path);
    buf_printf(&record->path, "%s/part.%" PRIu64, record->directory,
               record->connection);
    record->body = open(buf_cstring(&record->path),
                        O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

void record_body(struct record *record, struct span s)
{
    file_write(record->body, s);
}

void record_drop(struct record *record)
{
    if (record->body < 0)
        return;
    close(record->body);
    record->body = -1;
    unlink(buf_cstring(&record->path));
}

/* The first number that no message has yet; whoever links first has it. */
static uint64_t number_claim(struct record *record)
{
    struct buf path = {0};
    uint64_t number = 0;
    int failed;

    do {
        number++;
        buf_clear(&path);
        buf_printf(&path, "%s/%" PRIu64 ".eml", record->directory, number);
        failed = link(buf_cstring(&record->path), buf_cstring(&path));
    } while (failed && errno == EEXIST && number < MESSAGES_MOST);
    buf_free(&path);
    return number;
}

void record_keep(struct record *record, struct span envelope)
{
    struct buf path = {0};
    int fd;

    if (record->body < 0)
        return;
    buf_printf(&path, "%s/%" PRIu64 ".env", record->directory,
               number_claim(record));
    fd = open(buf_cstring(&path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
              0600);
    file_write(fd, envelope);
    if (fd >= 0)
        close(fd);
    buf_free(&path);
    record_drop(record);
}
