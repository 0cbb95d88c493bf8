/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/serve_steps.h"

#include "base/mem.h"

#include <inttypes.h>

/* Octets of a line: RFC 5321, 4.5.3.1.4 asks for 512, extensions for more. */
enum { COMMAND_MAX = 4096 };

/* RFC 5321, 4.5.3.2.7, and 4.5.3.2.5 as the client counts it; undot.h */
enum { COMMAND_SECONDS = 300, CONTENT_SECONDS = 180, SILENCE_SECONDS = 5 };

void serve_trace(const struct serve *s, bool ours, struct span line)
{
    if (s->settings->trace)
        s->settings->trace(s->settings->trace_self, ours, line);
}

void serve_write(struct serve *s, struct span lines)
{
    struct span line;

    buf_add(&s->out, lines);
    while (span_line(&lines, &line))
        serve_trace(s, true, span_upto(line, line.n - 1));
}

/* UTF-8 may stand in the replies to who said SMTPUTF8. */
static void print(const struct serve *s, const struct serve_reply *reply,
                  struct buf *out)
{
    serve_reply_print(reply, s->mail.parameters.smtputf8, out);
}

void serve_say(struct serve *s, int code, struct span status, struct span text)
{
    struct buf lines = {0};

    print(s, &(struct serve_reply){code, status, text}, &lines);
    serve_write(s, buf_span(&lines));
    buf_free(&lines);
}

enum serve_wants serve_give_up(const struct serve *s)
{
    if (s->open)
        return SERVE_RESET;
    return s->closing ? SERVE_OVER : SERVE_EXCHANGE;
}

enum serve_wants serve_hang_up(struct serve *s, struct span status,
                               struct span text)
{
    serve_say(s, 421, status, text);
    s->closing = true;
    return serve_give_up(s);
}

void serve_transaction_end(struct serve *s)
{
    s->open = s->chunked = false;
    s->accepted = 0;
    s->mail = (struct serve_mail){.sender = S("")};
    s->rcpt = (struct serve_rcpt){.recipient = S("")};
    arena_free(&s->mail_arena);
    arena_free(&s->rcpt_arena);
}

void serve_refuse_content(struct serve *s, const struct serve_reply *reply)
{
    if (s->refusal.len)
        return;
    print(s, reply, &s->refusal);
    s->refusal_closes = reply->code == 421;
}

static struct span input(const struct serve *s)
{
    return span_from(buf_span(&s->in), s->taken);
}

/* A line that is too long is dropped as it comes, and answered at its end. */
static bool drop_overlong(struct serve *s, struct span in)
{
    s->overlong = s->overlong || in.n > COMMAND_MAX;
    if (s->overlong)
        s->taken += in.n;
    return false;
}

static bool read_command(struct serve *s)
{
    struct span in = input(s);
    size_t lf = span_find(in, '\n');
    struct span line = span_upto(in, lf);

    if (lf == in.n)
        return drop_overlong(s, in);
    s->taken += lf + 1;
    s->overlong = s->overlong || lf > COMMAND_MAX;
    s->crlf = span_ends(line, S("\r"));
    line.n -= s->crlf;
    s->wants = serve_obey(s, line);
    s->overlong = false;
    return true;
}

/* A piece of the message is in s->content. */
static void content_came(struct serve *s)
{
    uint64_t limit = s->settings->size_limit;

    s->size += s->content.len;
    if (limit && s->size > limit)
        serve_refuse_content(
            s, &(struct serve_reply){552, S("5.3.4"),
                                     S("the message is too large")});
    if (s->refusal.len)
        buf_clear(&s->content);
    if (s->content.len)
        s->wants = SERVE_CONTENT;
}

/* What was refused while it came is answered; LAST: the message is whole. */
static void content_ended(struct serve *s, bool last)
{
    s->reading = READING_COMMAND;
    if (s->refusal.len) {
        serve_write(s, buf_span(&s->refusal));
        buf_free(&s->refusal);
        s->closing = s->refusal_closes;
        s->wants = serve_give_up(s);
    } else if (last) {
        s->wants = SERVE_MESSAGE;
    }
}

static bool read_data(struct serve *s)
{
    struct span in = input(s), rest = in;

    if (s->undot.state == UNDOT_OVER) {
        content_ended(s, true);
        return true;
    }
    if (span_empty(in))
        return false;
    undot_push(&s->undot, &rest, &s->content);
    s->taken += in.n - rest.n;
    content_came(s);
    return true;
}

static void chunk_ended(struct serve *s)
{
    struct buf text = {0};

    content_ended(s, s->last);
    if (s->wants == SERVE_EXCHANGE && s->open) {
        buf_printf(&text, "%" PRIu64 " octets received", s->chunk);
        serve_say(s, 250, S("2.0.0"), buf_span(&text));
        buf_free(&text);
    }
}

static bool read_chunk(struct serve *s)
{
    struct span in = input(s);

    if (s->left == 0) {
        chunk_ended(s);
        return true;
    }
    if (in.n > s->left)
        in.n = (size_t)s->left;
    s->left -= in.n;
    s->taken += in.n;
    buf_add(&s->content, in);
    content_came(s);
    return in.n > 0;
}

static bool (*const readers[])(struct serve *) = {
    [READING_COMMAND] = read_command,
    [READING_DATA] = read_data,
    [READING_CHUNK] = read_chunk,
};

/* Do with what is there all that can be done without the driver. */
static void advance(struct serve *s)
{
    while (s->wants == SERVE_EXCHANGE && readers[s->reading](s))
        ;
}

void serve_feed(struct serve *s, struct span bytes)
{
    if (s->wants == SERVE_OVER)
        return;
    buf_drop(&s->in, s->taken);
    s->taken = 0;
    buf_add(&s->in, bytes);
    advance(s);
}

void serve_closed(struct serve *s)
{
    if (s->wants != SERVE_EXCHANGE)
        return;
    s->closing = true;
    if (s->reading == READING_COMMAND)
        s->wants = serve_give_up(s);
    else
        s->wants = serve_hang_up(
            s, S("4.4.2"), S("the input ended in the middle of a message"));
}

unsigned serve_timeout(const struct serve *s)
{
    if (undot_may_be_over(&s->undot))
        return SILENCE_SECONDS;
    return s->reading == READING_COMMAND ? COMMAND_SECONDS : CONTENT_SECONDS;
}

bool serve_late(struct serve *s)
{
    if (s->wants != SERVE_EXCHANGE)
        return true;
    if (undot_may_be_over(&s->undot)) {
        undot_over(&s->undot);
        advance(s);
        return true;
    }
    s->wants = serve_hang_up(s, S("4.4.2"),
                             S("nothing was said for too long"));
    return false;
}

void serve_stop(struct serve *s)
{
    if (s->wants == SERVE_EXCHANGE)
        s->wants = serve_hang_up(s, S("4.3.2"), S("the service is stopped"));
}

/* The driver is done with what was wanted of it. */
static void go_on(struct serve *s)
{
    s->wants = s->closing ? serve_give_up(s) : SERVE_EXCHANGE;
    advance(s);
}

/* 2yz, or not, to what the driver was asked. */
static void settle(struct serve *s, bool accepted)
{
    if (s->wants == SERVE_RECIPIENT)
        s->accepted += accepted;
    else if (s->wants == SERVE_SENDER && accepted)
        s->open = true;
    else
        serve_transaction_end(s);
}

void serve_answer(struct serve *s, int code, struct span status,
                  struct span text)
{
    struct serve_reply reply = {code, status, text};

    if (s->wants != SERVE_SENDER && s->wants != SERVE_RECIPIENT &&
        s->wants != SERVE_MESSAGE)
        return;
    serve_say(s, code, status, text);
    s->closing = code == 421;
    settle(s, serve_reply_code(&reply) / 100 == 2);
    go_on(s);
}

void serve_taken(struct serve *s)
{
    if (s->wants != SERVE_CONTENT)
        return;
    buf_clear(&s->content);
    go_on(s);
}

void serve_refuse(struct serve *s, int code, struct span status,
                  struct span text)
{
    struct serve_reply reply = {code, status, text};

    if (s->wants != SERVE_CONTENT)
        return;
    serve_refuse_content(s, &reply);
    serve_taken(s);
}

void serve_forgotten(struct serve *s)
{
    if (s->wants != SERVE_RESET)
        return;
    serve_transaction_end(s);
    go_on(s);
}

void serve_sent(struct serve *s, size_t n)
{
    buf_drop(&s->out, n < s->out.len ? n : s->out.len);
}

enum serve_wants serve_wants(const struct serve *s)
{
    return s->wants;
}

bool serve_in_message(const struct serve *s)
{
    return s->reading != READING_COMMAND || s->chunked;
}

struct span serve_output(const struct serve *s)
{
    return buf_span(&s->out);
}

struct span serve_content(const struct serve *s)
{
    return buf_span(&s->content);
}

const struct serve_mail *serve_mail(const struct serve *s)
{
    return &s->mail;
}

const struct serve_rcpt *serve_rcpt(const struct serve *s)
{
    return &s->rcpt;
}

struct serve *serve_new(const struct serve_settings *settings)
{
    struct serve *s = mem_zero(1, sizeof *s);
    struct buf greeting = {0};

    s->settings = settings;
    buf_printf(&greeting, "220 %.*s ESMTP pennypost\r\n",
               SPAN_ARG(settings->name));
    serve_write(s, buf_span(&greeting));
    buf_free(&greeting);
    return s;
}

void serve_free(struct serve *s)
{
    if (!s)
        return;
    serve_transaction_end(s);
    buf_free(&s->in);
    buf_free(&s->out);
    buf_free(&s->content);
    buf_free(&s->refusal);
    mem_free(s);
}
