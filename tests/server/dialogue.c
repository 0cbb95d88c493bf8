/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogue.h"

enum { ENDLESS_MOST = 64 * 1024 * 1024 };

static void dialogue_send(struct dialogue *d, struct span text)
{
    struct span rest = text, line;

    while (span_line(&rest, &line)) {
        if (span_ends(line, S("\r")))
            line = span_upto(line, line.n - 1);
        record_line(d->record, "S", line);
    }
    channel_send(d->channel, text);
}

static int code_read(struct span text)
{
    uint64_t code = 0;

    span_number(span_upto(text, 3), 999, &code);
    return (int)code;
}

static int reply_send(struct dialogue *d, struct span reply)
{
    struct buf text = {0};

    if (span_empty(reply))
        return 0;
    buf_add(&text, reply);
    buf_add(&text, S("\r\n"));
    dialogue_send(d, buf_span(&text));
    buf_free(&text);
    return code_read(reply);
}

static void dialogue_end(struct dialogue *d, enum farewell farewell)
{
    d->over = true;
    d->farewell = farewell;
}

static void endless_send(struct dialogue *d, struct span text)
{
    uint64_t sent = 0;

    record_line(d->record, "--", S("again and again:"));
    dialogue_send(d, text);
    while (!d->channel->ended && !span_empty(text) && sent < ENDLESS_MOST) {
        channel_send(d->channel, text);
        sent += text.n;
    }
    dialogue_end(d, FAREWELL_DROP);
}

static void dialogue_hang(struct dialogue *d)
{
    while (channel_more(d->channel))
        buf_clear(&d->channel->text);
    dialogue_end(d, FAREWELL_DROP);
}

static void alert_send(struct dialogue *d)
{
    if (d->channel->tls)
        gnutls_alert_send(d->channel->tls, GNUTLS_AL_FATAL,
                          GNUTLS_A_HANDSHAKE_FAILURE);
    dialogue_end(d, FAREWELL_DROP);
}

/* What ends the conversation, or changes its speed. */
static void action_play(struct dialogue *d, const struct rule *rule)
{
    switch (rule->action) {
    case DO_WAIT:
        channel_flush(d->channel);
        channel_sleep(d->channel, rule->number);
        break;
    case DO_PACE:
        d->channel->pace = rule->number;
        d->channel->pause = rule->more;
        break;
    case DO_HANG:
        dialogue_hang(d);
        break;
    case DO_DEAF:
        channel_deaf(d->channel);
        dialogue_end(d, FAREWELL_DROP);
        break;
    case DO_CLOSE:
        dialogue_end(d, FAREWELL_CLOSE);
        break;
    case DO_DROP:
        dialogue_end(d, FAREWELL_DROP);
        break;
    case DO_RESET:
        dialogue_end(d, FAREWELL_RESET);
        break;
    default:
        break;
    }
}

/* The code of what was said; OTHERWISE where nothing was that decides. */
static int rule_play(struct dialogue *d, const struct rule *rule,
                     struct span reply, int otherwise)
{
    switch (rule->action) {
    case DO_REPLY:
        dialogue_send(d, rule->text);
        return code_read(rule->text);
    case DO_DEFAULT:
        return reply_send(d, reply);
    case DO_RAW:
        dialogue_send(d, rule->text);
        return otherwise;
    case DO_ENDLESS:
        endless_send(d, rule->text);
        return otherwise;
    case DO_ALERT:
        alert_send(d);
        return otherwise;
    default:
        action_play(d, rule);
        return otherwise;
    }
}

int dialogue_script(struct dialogue *d, struct occasion occasion,
                    struct span reply, bool *said)
{
    size_t n = 0;
    const struct rule *rules = script_find(d->script, occasion, &n);
    int code = 0;

    *said = rules != NULL;
    for (size_t i = 0; i < n && !d->over; i++)
        code = rule_play(d, &rules[i], reply, code);
    return code;
}

int dialogue_answer_for(struct dialogue *d, enum event event,
                        struct span address, struct span reply)
{
    struct occasion occasion = {event, ++d->count[event], address};
    bool said;
    int code = dialogue_script(d, occasion, reply, &said);

    return said ? code : reply_send(d, reply);
}

int dialogue_answer(struct dialogue *d, enum event event, struct span reply)
{
    return dialogue_answer_for(d, event, (struct span){0}, reply);
}
