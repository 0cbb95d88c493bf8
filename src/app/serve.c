/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/serve.h"

#include "app/relay.h"
#include "app/trace.h"
#include "smtp/serve.h"
#include "smtp/serve_reply.h"
#include "sys/clock.h"
#include "sys/signals.h"
#include "sys/stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum {
    RCPT_MAX = 1000,
    WRITE_MS = 60 * 1000, /* for a client to take what we say */
    STOPPED_MS = 2000,    /* the same, after a signal to stop */
};

/* One client. */
struct serving {
    struct serve *machine;
    struct relay relay;
    struct buf piece;
    bool unheard;     /* the client does not take what we say */
    bool trace_stuck;
    int status;
};

/*
 * All of TEXT; *WRITTEN octets of it are gone.  False: the client is not there
 * to take it, or does not.
 */
static bool write_all(struct span text, size_t *written)
{
    int64_t deadline = clock_ms() + WRITE_MS;
    bool stopped = false;
    size_t n;

    for (*written = 0; *written < text.n; *written += n)
        switch (stream_write(STDOUT_FILENO, span_from(text, *written), &n,
                             deadline, stopped ? NULL : signals_flag())) {
        case STREAM_OK:
            break;
        case STREAM_STOPPED:
            stopped = true;
            deadline = clock_ms() + STOPPED_MS;
            break;
        default:
            return false;
        }
    return true;
}

static bool write_replies(struct serving *s)
{
    size_t written;

    if (!s->unheard)
        s->unheard = !write_all(serve_output(s->machine), &written);
    if (!s->unheard)
        serve_sent(s->machine, written);
    return !s->unheard;
}

/* The client is gone. */
static void leave(struct serving *s, int status)
{
    s->status = serve_in_message(s->machine) ? EX_TEMPFAIL : status;
    serve_closed(s->machine);
}

static void read_commands(struct serving *s)
{
    int64_t wait = (int64_t)serve_timeout(s->machine) * 1000;

    switch (stream_read(STDIN_FILENO, clock_ms() + wait, signals_flag(),
                        &s->piece)) {
    case STREAM_OK:
        serve_feed(s->machine, buf_span(&s->piece));
        break;
    case STREAM_LATE:
        if (!serve_late(s->machine))
            s->status = EX_TEMPFAIL;
        break;
    case STREAM_STOPPED:
        s->status = EX_TEMPFAIL;
        serve_stop(s->machine);
        break;
    case STREAM_END:
        leave(s, EX_OK);
        break;
    case STREAM_LOST:
        leave(s, EX_NOINPUT);
        break;
    }
}

static void exchange(struct serving *s)
{
    if (write_replies(s))
        read_commands(s);
    else
        leave(s, EX_TEMPFAIL);
}

static void answer(struct serving *s, struct answer *a)
{
    serve_answer(s->machine, a->code, span_of(a->status), buf_span(&a->text));
}

static void content(struct serving *s, struct answer *a)
{
    if (relay_content(&s->relay, serve_content(s->machine), a))
        serve_taken(s->machine);
    else
        serve_refuse(s->machine, a->code, span_of(a->status),
                     buf_span(&a->text));
}

static void step(struct serving *s, enum serve_wants wants)
{
    struct answer a = {0};

    switch (wants) {
    case SERVE_EXCHANGE:
        exchange(s);
        break;
    case SERVE_SENDER:
        relay_sender(&s->relay, serve_mail(s->machine), &a);
        answer(s, &a);
        break;
    case SERVE_RECIPIENT:
        relay_recipient(&s->relay, serve_rcpt(s->machine), &a);
        answer(s, &a);
        break;
    case SERVE_CONTENT:
        content(s, &a);
        break;
    case SERVE_MESSAGE:
        relay_message(&s->relay, &a);
        answer(s, &a);
        break;
    case SERVE_RESET:
        relay_reset(&s->relay);
        serve_forgotten(s->machine);
        break;
    case SERVE_OVER:
        break;
    }
    buf_free(&a.text);
}

/*
 * Started by inetd(8), standard error is the client's socket, too: what is for
 * people there would be taken for replies.
 */
static void mute(void)
{
    struct stat out, err;
    int null;

    if (fstat(STDOUT_FILENO, &out) != 0 || fstat(STDERR_FILENO, &err) != 0 ||
        !S_ISSOCK(out.st_mode) || out.st_dev != err.st_dev ||
        out.st_ino != err.st_ino)
        return;
    null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null < 0)
        return;
    dup2(null, STDERR_FILENO);
    close(null);
}

/*
 * 421 is what says that we leave (RFC 5321, 3.8), and that it may be otherwise
 * some time: mail that waits for us need not go back to who wrote it.
 */
void serve_refusal(const struct err *err)
{
    struct answer a = {0};
    struct buf lines = {0};
    size_t ignored;

    mute();
    answer_error(&a, err);
    if (err->hint[0])
        buf_printf(&a.text, "\n%s", err->hint);
    serve_reply_print(&(struct serve_reply){a.code / 100 == 5 ? 554 : 421,
                                            span_of(a.status),
                                            buf_span(&a.text)},
                      false, &lines);
    write_all(buf_span(&lines), &ignored);
    buf_free(&a.text);
    buf_free(&lines);
}

static void converse(struct serving *s)
{
    enum serve_wants wants;

    while ((wants = serve_wants(s->machine)) != SERVE_OVER)
        step(s, wants);
    write_replies(s);
}

bool serve_client(struct app *app, int *status, struct err *err)
{
    struct serving s = {.relay = {.app = app}};
    struct serve_settings settings = {
        .name = app->world.host, .rcpt_max = RCPT_MAX,
        .trace = app->cli.verbose ? trace_client : NULL,
        .trace_self = &s.trace_stuck};

    if (!app_settings(app, err)) {
        serve_refusal(err);
        return false;
    }
    mute();
    settings.size_limit = app->settings.size_limit;
    s.machine = serve_new(&settings);
    converse(&s);
    if (signals_stop() && s.status == EX_OK)
        s.status = EX_TEMPFAIL;
    relay_free(&s.relay);
    serve_free(s.machine);
    buf_free(&s.piece);
    *status = s.status;
    return true;
}
