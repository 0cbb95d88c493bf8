/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "session.h"

#include "auth.h"
#include "body.h"
#include "envelope.h"

#include "base/utf8.h"

#include <inttypes.h>

enum {
    COMMAND_MOST = 16 * 1024,
    COMMAND_USUAL = 1024, /* 512 and what extensions add to it */
    LINE_OCTETS = 998,    /* RFC 5321, 4.5.3.1.6               */
};

struct session {
    struct dialogue d;
    const struct options *options;
    gnutls_certificate_credentials_t own;
    struct envelope envelope;
    struct buf who; /* lines about the client: "tls", "auth", "helo" */
    struct buf helo;
    struct body body;
    bool secured, trusted; /* TLS is up; AUTH has succeeded or is not wanted */
};

static void session_say(struct session *s, enum event event, struct span reply)
{
    dialogue_answer(&s->d, event, reply);
}

/* Whoever has to wait for us must not have sent anything on. */
static void expect_silence(struct session *s, const char *where)
{
    if (channel_pending(s->d.channel))
        record_fault(s->d.record, "the client sent something %s", where);
}

static void session_reset(struct session *s)
{
    envelope_clear(&s->envelope);
    s->body = (struct body){0};
}

static void session_secure(struct session *s)
{
    struct channel *c = s->d.channel;
    bool said;
    int code;

    dialogue_script(&s->d, (struct occasion){.event = ON_TLS, .count = 1},
                    (struct span){0}, &said);
    if (said || s->d.over)
        return;
    buf_clear(&c->text);
    code = channel_secure(c, s->own, s->options->priority);
    if (code < 0) {
        record_note(s->d.record, "no TLS: %s", gnutls_strerror(code));
        s->d.over = true;
        s->d.farewell = FAREWELL_DROP;
        return;
    }
    s->secured = true;
    buf_printf(&s->who, "tls %s\n",
               gnutls_protocol_get_name(gnutls_protocol_get_version(c->tls)));
    record_note(s->d.record, "%s with %s",
                gnutls_protocol_get_name(gnutls_protocol_get_version(c->tls)),
                gnutls_cipher_get_name(gnutls_cipher_get(c->tls)));
}

static void ehlo_take(struct session *s, struct span operand)
{
    const struct options *o = s->options;
    struct buf reply = {0};

    expect_silence(s, "behind EHLO");
    session_reset(s);
    buf_clear(&s->helo);
    buf_add(&s->helo, operand);
    buf_add(&reply, S("250-localhost at your service\r\n"));
    keywords_list(o, &reply);
    if (o->tls_mode == TLS_STARTTLS && !s->secured)
        buf_add(&reply, S("250-STARTTLS\r\n"));
    if (o->user && (s->secured || o->tls_mode == TLS_NONE))
        buf_printf(&reply, "250-AUTH %s\r\n", o->mechanisms);
    buf_add(&reply, S("250 ENHANCEDSTATUSCODES"));
    session_say(s, ON_EHLO, buf_span(&reply));
    buf_free(&reply);
}

static void helo_take(struct session *s, struct span operand)
{
    session_reset(s);
    buf_clear(&s->helo);
    buf_add(&s->helo, operand);
    session_say(s, ON_HELO, S("250 localhost"));
}

static void starttls_take(struct session *s, struct span operand)
{
    struct span reply = S("220 2.0.0 go ahead");

    expect_silence(s, "behind STARTTLS");
    if (s->secured || s->options->tls_mode != TLS_STARTTLS)
        reply = S("503 5.5.1 not now");
    else if (!span_empty(operand))
        reply = S("501 5.5.4 no operand here");
    if (dialogue_answer(&s->d, ON_STARTTLS, reply) != 220 || s->d.over)
        return;
    session_secure(s);
    session_reset(s);
    buf_clear(&s->helo);
}

/* The next line of an AUTH exchange, without its line end. */
static bool response_read(struct session *s, struct buf *line)
{
    if (channel_line(s->d.channel, COMMAND_MOST, line) != LINE_WHOLE)
        return false;
    while (line->len && (line->data[line->len - 1] == '\n' ||
                         line->data[line->len - 1] == '\r'))
        buf_cut(line, line->len - 1);
    record_line(s->d.record, "C", buf_span(line));
    return true;
}

static void auth_run(struct session *s, struct span operand)
{
    struct auth auth = {.user = span_of(s->options->user),
                        .password = span_of(s->options->password)};
    struct buf line = {0};
    int code =
        dialogue_answer(&s->d, ON_AUTH, auth_begin(&auth, operand));

    while (code == 334 && !s->d.over && response_read(s, &line))
        code = dialogue_answer(&s->d, ON_RESPONSE,
                               auth_next(&auth, buf_span(&line)));
    buf_free(&line);
    if (code != 235)
        return;
    s->trusted = true;
    buf_printf(&s->who, "auth %.*s %s\n",
               SPAN_ARG(span_upto(operand, span_find(operand, ' '))),
               s->options->user ? s->options->user : "");
}

static void auth_take(struct session *s, struct span operand)
{
    bool clear = !s->secured && s->options->tls_mode != TLS_NONE;

    if (clear)
        record_fault(s->d.record, "AUTH in the clear");
    if (clear || span_empty(buf_span(&s->helo)))
        session_say(s, ON_AUTH, S("503 5.5.1 not now"));
    else
        auth_run(s, operand);
}

/* Why a transaction cannot begin; the empty span if it can. */
static struct span session_refusal(struct session *s)
{
    if (!s->secured && s->options->tls_mode != TLS_NONE) {
        record_fault(s->d.record, "MAIL in the clear");
        return S("530 5.7.0 STARTTLS first");
    }
    if (s->options->user && !s->trusted)
        return S("530 5.7.0 AUTH first");
    if (!s->helo.len)
        return S("503 5.5.1 EHLO first");
    return (struct span){0};
}

static bool reply_good(int code)
{
    return code >= 200 && code <= 299;
}

static void mail_take(struct session *s, struct span operand)
{
    struct span reply = session_refusal(s);

    if (span_empty(reply))
        reply = envelope_mail(&s->envelope, s->options, operand);
    if (reply_good(dialogue_answer_for(&s->d, ON_MAIL,
                                       envelope_address(operand), reply)))
        envelope_add(&s->envelope, "mail", operand);
}

static void rcpt_take(struct session *s, struct span operand)
{
    struct span reply = envelope_rcpt(&s->envelope, s->options, operand);

    if (reply_good(dialogue_answer_for(&s->d, ON_RCPT,
                                       envelope_address(operand), reply)) &&
        s->envelope.begun)
        envelope_add(&s->envelope, "rcpt", operand);
}

static void body_check(struct session *s)
{
    const struct body *body = &s->body;
    struct record *record = s->d.record;

    if (body->bare_cr || body->bare_lf || body->nul)
        record_fault(record,
                     "the message has %" PRIu64 " bare CR, %" PRIu64
                     " bare LF, %" PRIu64 " NUL",
                     body->bare_cr, body->bare_lf, body->nul);
    if (body->longest > LINE_OCTETS)
        record_fault(record, "the message has a line of %" PRIu64 " octets",
                     body->longest);
    if (body->high && !s->envelope.eightbit)
        record_fault(record, "the message has %" PRIu64 " octets over 127",
                     body->high);
}

static void message_keep(struct session *s)
{
    struct buf text = {0};

    buf_add(&text, buf_span(&s->who));
    buf_printf(&text, "helo %.*s\n", SPAN_ARG(buf_span(&s->helo)));
    buf_add(&text, buf_span(&s->envelope.lines));
    buf_printf(&text, "octets %" PRIu64 "\nlongest %" PRIu64 "\n",
               s->body.octets, s->body.longest);
    buf_printf(&text, "high %" PRIu64 "\n", s->body.high);
    record_keep(s->d.record, buf_span(&text));
    buf_free(&text);
}

static void message_end(struct session *s)
{
    bool big = s->body.octets > s->options->max_size;

    record_note(s->d.record,
                "a message of %" PRIu64 " octets after %" PRIu64 " turns",
                s->body.octets, s->d.channel->turns);
    body_check(s);
    expect_silence(s, "behind the end of the message");
    if (reply_good(dialogue_answer(&s->d, ON_DOT,
                                   big ? S("552 5.3.4 message is too big")
                                       : S("250 2.0.0 ok, it is safe"))))
        message_keep(s);
    record_drop(s->d.record);
    session_reset(s);
}

/* Take from the front of IN what belongs to the message. */
static size_t body_take(struct session *s, struct span in)
{
    struct buf out = {0};
    uint64_t due = 0, before = s->body.octets;
    size_t n = body_push(&s->body, in, &out);
    bool said;

    record_body(s->d.record, buf_span(&out));
    buf_free(&out);
    if (script_body(s->d.script, &due) && (before < due || !before) &&
        s->body.octets >= due)
        dialogue_script(&s->d,
                        (struct occasion){.event = ON_BODY, .count = due},
                        (struct span){0}, &said);
    return n;
}

static void body_read(struct session *s)
{
    struct channel *c = s->d.channel;

    record_begin(s->d.record);
    while (!s->body.whole && !s->d.over) {
        if (!c->text.len && !channel_more(c)) {
            record_note(s->d.record, "gone after %" PRIu64 " octets",
                        s->body.octets);
            return;
        }
        buf_drop(&c->text, body_take(s, buf_span(&c->text)));
    }
    if (!s->d.over)
        message_end(s);
}

static void data_take(struct session *s, struct span operand)
{
    struct span reply = S("354 go ahead, end with a dot");

    expect_silence(s, "behind DATA");
    if (!s->envelope.begun || !span_empty(operand))
        reply = S("503 5.5.1 no sender yet");
    else if (!s->envelope.recipients)
        reply = S("554 5.5.1 no valid recipients");
    if (dialogue_answer(&s->d, ON_DATA, reply) == 354 && !s->d.over)
        body_read(s);
}

/* SIZE octets of a message are behind a BDAT (RFC 3030, 2). */
static bool chunk_read(struct session *s, uint64_t size)
{
    struct channel *c = s->d.channel;

    while (size && !s->d.over) {
        size_t n;

        if (!c->text.len && !channel_more(c))
            return false;
        n = body_take(s, span_upto(buf_span(&c->text), size));
        buf_drop(&c->text, n);
        size -= n;
    }
    return true;
}

static void bdat_take(struct session *s, struct span operand)
{
    struct span word = {0};
    uint64_t size;
    bool last, good = s->envelope.recipients > 0;

    if (!s->options->chunking || !span_word(&operand, ' ', &word) ||
        !span_number(word, UINT32_MAX, &size)) {
        session_say(s, ON_BDAT, S("501 5.5.4 not like this"));
        return;
    }
    last = span_ieq(span_trim(operand), S("LAST"));
    if (!s->body.counted)
        record_begin(s->d.record);
    s->body.counted = true;
    if (!chunk_read(s, size) || s->d.over)
        return;
    if (last && good)
        message_end(s);
    else
        session_say(s, ON_BDAT, good ? S("250 2.0.0 taken")
                                     : S("554 5.5.1 no valid recipients"));
}

static void rset_take(struct session *s, struct span operand)
{
    (void)operand;
    session_reset(s);
    record_drop(s->d.record);
    session_say(s, ON_RSET, S("250 2.0.0 forgotten"));
}

static void noop_take(struct session *s, struct span operand)
{
    (void)operand;
    session_say(s, ON_NOOP, S("250 2.0.0 ok"));
}

static void vrfy_take(struct session *s, struct span operand)
{
    (void)operand;
    session_say(s, ON_VRFY, S("252 2.1.5 send it and see"));
}

static void quit_take(struct session *s, struct span operand)
{
    (void)operand;
    session_say(s, ON_QUIT, S("221 2.0.0 bye"));
    s->d.over = true;
}

static void other_take(struct session *s, struct span operand)
{
    (void)operand;
    session_say(s, ON_OTHER, S("500 5.5.1 unknown command"));
}

static void (*const takers[EVENTS])(struct session *, struct span) = {
    [ON_EHLO] = ehlo_take, [ON_HELO] = helo_take, [ON_AUTH] = auth_take,
    [ON_MAIL] = mail_take, [ON_RCPT] = rcpt_take, [ON_DATA] = data_take,
    [ON_BDAT] = bdat_take, [ON_RSET] = rset_take, [ON_NOOP] = noop_take,
    [ON_VRFY] = vrfy_take, [ON_QUIT] = quit_take, [ON_OTHER] = other_take,
    [ON_STARTTLS] = starttls_take,
};

/* As OpenSMTPD does it where PIPELINING is not offered. */
static bool together_refused(struct session *s)
{
    if (keyword_offered(s->options, KEYWORD_PIPELINING) ||
        !channel_pending(s->d.channel))
        return false;
    record_fault(s->d.record, "commands sent together, not offered");
    channel_send(s->d.channel, S("500 5.5.1 Pipelining not supported\r\n"));
    s->d.over = true;
    return true;
}

static void command_check(struct session *s, struct span line)
{
    if (line.n > COMMAND_USUAL && !span_istarts(line, S("AUTH ")))
        record_fault(s->d.record, "a command of %zu octets", line.n);
    if (!utf8_is_ascii(line) && s->options->no_smtputf8)
        record_fault(s->d.record, "a command that is not ASCII");
}

static void command_take(struct session *s, struct span line)
{
    size_t blank = span_find(line, ' ');
    enum event event = event_of(span_upto(line, blank));

    command_check(s, line);
    if (together_refused(s))
        return;
    takers[takers[event] ? event : ON_OTHER](s, span_from(line, blank + 1));
}

static void session_read(struct session *s)
{
    struct buf line = {0};
    struct span text;

    while (!s->d.over) {
        enum line_state state =
            channel_line(s->d.channel, COMMAND_MOST, &line);

        if (state == LINE_NONE)
            break;
        text = buf_span(&line);
        if (!span_ends(text, S("\r\n")))
            record_fault(s->d.record, "a command does not end in CRLF");
        while (span_ends(text, S("\n")) || span_ends(text, S("\r")))
            text = span_upto(text, text.n - 1);
        record_line(s->d.record, "C", text);
        command_take(s, text);
    }
    if (!s->d.over && line.len)
        record_fault(s->d.record, "half a command: %.*s",
                     SPAN_ARG(buf_span(&line)));
    buf_free(&line);
}

void session_run(struct channel *channel, struct record *record,
                 const struct script *script, const struct options *options,
                 gnutls_certificate_credentials_t own)
{
    struct session s = {.d = {channel, record, script, {0}, false,
                              FAREWELL_CLOSE},
                        .options = options,
                        .own = own};

    record_note(record, "connected");
    if (options->tls_mode == TLS_IMPLICIT)
        session_secure(&s);
    else
        expect_silence(&s, "before the greeting");
    if (!s.d.over)
        session_say(&s, ON_GREETING, S("220 localhost ESMTP test server"));
    session_read(&s);
    channel_end(channel, s.d.farewell);
    record_note(record,
                "over: turns %" PRIu64 " received %" PRIu64 " sent %" PRIu64,
                channel->turns, channel->received, channel->sent);
    envelope_clear(&s.envelope);
    buf_free(&s.who);
    buf_free(&s.helo);
}
