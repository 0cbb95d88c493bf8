/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/serve_command.h"
#include "smtp/serve_steps.h"

#include <inttypes.h>

enum { BAD_MAX = 20 }; /* commands in a row that make no sense */

static enum serve_wants say_and_go_on(struct serve *s, int code,
                                      struct span status, struct span text)
{
    serve_say(s, code, status, text);
    return SERVE_EXCHANGE;
}

/*
 * The line is no command, or none that is understood.  A list of bad addresses
 * is not counted: all but these are of RFC 3463's class "5.5".
 */
static enum serve_wants complain(struct serve *s, int code, struct span status,
                                 struct span text)
{
    if (code == 500 && s->unheard)
        return serve_hang_up(
            s, S("4.5.0"), S("DATA was refused, and the message came anyway"));
    if (span_starts(status, S("5.5")) && ++s->bad >= BAD_MAX)
        return serve_hang_up(s, S("4.5.0"), S("too many errors"));
    return say_and_go_on(s, code, status, text);
}

static enum serve_wants take_helo(struct serve *s, struct span argument)
{
    struct buf line = {0};

    (void)argument;
    buf_printf(&line, "250 %.*s\r\n", SPAN_ARG(s->settings->name));
    serve_write(s, buf_span(&line));
    buf_free(&line);
    return serve_give_up(s);
}

static enum serve_wants take_ehlo(struct serve *s, struct span argument)
{
    struct buf lines = {0};

    (void)argument;
    buf_printf(&lines, "250-%.*s Hello\r\n", SPAN_ARG(s->settings->name));
    buf_add(&lines, S("250-PIPELINING\r\n"));
    if (s->settings->size_limit)
        buf_printf(&lines, "250-SIZE %" PRIu64 "\r\n",
                   s->settings->size_limit);
    else
        buf_add(&lines, S("250-SIZE\r\n"));
    buf_add(&lines, S("250-8BITMIME\r\n"
                      "250-SMTPUTF8\r\n"
                      "250-DSN\r\n"
                      "250-ENHANCEDSTATUSCODES\r\n"
                      "250 CHUNKING\r\n"));
    serve_write(s, buf_span(&lines));
    buf_free(&lines);
    return serve_give_up(s);
}

static enum serve_wants take_mail(struct serve *s, struct span argument)
{
    uint64_t limit = s->settings->size_limit;
    struct serve_reply refusal;

    if (s->open)
        return say_and_go_on(s, 503, S("5.5.1"),
                             S("there is a sender already"));
    serve_transaction_end(s); /* what is left of a MAIL that was refused */
    if (!serve_command_mail(argument, &s->mail_arena, &s->mail, &refusal))
        return complain(s, refusal.code, refusal.status, refusal.text);
    if (limit && s->mail.parameters.size > limit)
        return say_and_go_on(s, 552, S("5.3.4"),
                             S("the message is too large"));
    return SERVE_SENDER;
}

static enum serve_wants take_rcpt(struct serve *s, struct span argument)
{
    size_t max = s->settings->rcpt_max;
    struct serve_reply refusal;

    if (!s->open)
        return say_and_go_on(s, 503, S("5.5.1"), S("MAIL comes first"));
    if (s->chunked)
        return say_and_go_on(s, 503, S("5.5.1"),
                             S("the message has begun already"));
    if (max && s->accepted >= max)
        return say_and_go_on(s, 452, S("4.5.3"), S("too many recipients"));
    arena_free(&s->rcpt_arena);
    if (!serve_command_rcpt(argument, &s->rcpt_arena, &s->rcpt, &refusal))
        return complain(s, refusal.code, refusal.status, refusal.text);
    return SERVE_RECIPIENT;
}

/* Why there can be no message now; NULL where there can. */
static const struct serve_reply *message_refusal(const struct serve *s)
{
    static const struct serve_reply no_mail = {503, SPAN_INIT("5.5.1"),
                                               SPAN_INIT("MAIL comes first")};
    static const struct serve_reply no_rcpt = {
        554, SPAN_INIT("5.5.1"), SPAN_INIT("no valid recipients")};

    if (!s->open)
        return &no_mail;
    return s->accepted ? NULL : &no_rcpt;
}

static enum serve_wants refuse_data(struct serve *s, int code,
                                    struct span status, struct span text)
{
    s->data_refused = true;
    return say_and_go_on(s, code, status, text);
}

static enum serve_wants take_data(struct serve *s, struct span argument)
{
    const struct serve_reply *refusal = message_refusal(s);

    if (refusal)
        return refuse_data(s, refusal->code, refusal->status, refusal->text);
    if (s->chunked) /* RFC 3030, 2 */
        return refuse_data(s, 503, S("5.5.1"),
                           S("the message has begun with BDAT"));
    if (!span_empty(argument))
        return refuse_data(s, 501, S("5.5.4"), S("syntax: DATA"));
    serve_write(s, S("354 End data with <CR><LF>.<CR><LF>\r\n"));
    s->reading = READING_DATA;
    s->undot = (struct undot){.crlf = s->crlf};
    s->size = 0;
    return SERVE_EXCHANGE;
}

/* RFC 3030, 2: the octets of a BDAT that is refused are read and dropped. */
static enum serve_wants take_bdat(struct serve *s, struct span argument)
{
    const struct serve_reply *refusal = message_refusal(s);

    /* Nobody knows where the next command is. */
    if (!serve_command_bdat(argument, &s->chunk, &s->last))
        return serve_hang_up(s, S("4.5.4"),
                             S("syntax: BDAT octets, or BDAT octets LAST"));
    if (!s->chunked)
        s->size = 0;
    if (refusal)
        serve_refuse_content(s, refusal);
    s->chunked = s->open;
    s->left = s->chunk;
    s->reading = READING_CHUNK;
    return SERVE_EXCHANGE;
}

static enum serve_wants take_rset(struct serve *s, struct span argument)
{
    (void)argument;
    serve_say(s, 250, S("2.0.0"), S("ok"));
    return serve_give_up(s);
}

static enum serve_wants take_noop(struct serve *s, struct span argument)
{
    (void)argument;
    return say_and_go_on(s, 250, S("2.0.0"), S("ok"));
}

static enum serve_wants take_help(struct serve *s, struct span argument)
{
    (void)argument;
    return say_and_go_on(s, 214, S("2.0.0"),
                         S("see pennypost(1) and RFC 5321"));
}

static enum serve_wants take_vrfy(struct serve *s, struct span argument)
{
    if (span_empty(argument))
        return complain(s, 501, S("5.5.4"), S("syntax: VRFY address"));
    return say_and_go_on(s, 252, S("2.1.5"),
                         S("send mail to it, and see whether it arrives"));
}

static enum serve_wants take_quit(struct serve *s, struct span argument)
{
    (void)argument;
    serve_say(s, 221, S("2.0.0"), S("bye"));
    s->closing = true;
    return serve_give_up(s);
}

static enum serve_wants take_unoffered(struct serve *s, struct span argument)
{
    (void)argument;
    return complain(s, 502, S("5.5.1"), S("this is not offered here"));
}

/* A browser that was led here: what follows is not for us either. */
static enum serve_wants take_http(struct serve *s, struct span argument)
{
    (void)argument;
    return serve_hang_up(s, S("4.5.0"), S("this is SMTP, not HTTP"));
}

static const struct {
    struct span name;
    enum serve_wants (*take)(struct serve *, struct span argument);
    bool secret; /* its argument is not shown */
} commands[] = {
    {SPAN_INIT("HELO"), take_helo, false},
    {SPAN_INIT("EHLO"), take_ehlo, false},
    {SPAN_INIT("MAIL"), take_mail, false},
    {SPAN_INIT("RCPT"), take_rcpt, false},
    {SPAN_INIT("DATA"), take_data, false},
    {SPAN_INIT("BDAT"), take_bdat, false},
    {SPAN_INIT("RSET"), take_rset, false},
    {SPAN_INIT("NOOP"), take_noop, false},
    {SPAN_INIT("HELP"), take_help, false},
    {SPAN_INIT("VRFY"), take_vrfy, false},
    {SPAN_INIT("QUIT"), take_quit, false},
    {SPAN_INIT("EXPN"), take_unoffered, false},
    {SPAN_INIT("STARTTLS"), take_unoffered, false},
    {SPAN_INIT("AUTH"), take_unoffered, true},
    {SPAN_INIT("GET"), take_http, false},
    {SPAN_INIT("POST"), take_http, false},
    {SPAN_INIT("CONNECT"), take_http, false},
};

enum { ROWS = sizeof commands / sizeof *commands };

static size_t row_of(struct span name)
{
    size_t row = 0;

    while (row < ROWS && !span_ieq(name, commands[row].name))
        row++;
    return row;
}

static enum serve_wants take_line(struct serve *s, struct span line)
{
    struct span argument;
    struct span name = serve_command_name(line, &argument);
    size_t row = row_of(name);
    bool secret = row < ROWS && commands[row].secret;

    serve_trace(s, false, secret ? name : line);
    if (!serve_command_is_clean(line))
        return complain(s, 500, S("5.5.2"),
                        S("there is a control character in the line"));
    if (row == ROWS)
        return complain(s, 500, S("5.5.1"), S("unknown command"));
    return commands[row].take(s, argument);
}

enum serve_wants serve_obey(struct serve *s, struct span line)
{
    unsigned bad = s->bad;
    enum serve_wants wants;

    if (s->overlong)
        wants = complain(s, 500, S("5.5.2"), S("the line is too long"));
    else
        wants = take_line(s, line);
    if (s->bad == bad)
        s->bad = 0;
    s->unheard = s->data_refused;
    s->data_refused = false;
    return wants;
}
