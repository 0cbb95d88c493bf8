/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_serve - whatever a client says, in whatever pieces
 *
 * The session ends once the client is gone; the driver is told to forget what
 * it was told of and what has not come to its end, and nothing else; a message
 * has a sender and recipients that were accepted, and a size within the limit;
 * an address is text in one line; a reply is lines of printable characters
 * that belong together; and none of it depends on where the pieces are cut.
 *
 * The input is what the client says.  Four octets may stand before it that
 * choose the settings, and the seed that cuts the pieces.
 */
#include "smtp/serve.h"

#include "base/utf8.h"

#include <stdlib.h>

enum { HEAD = 4, PIECE_MAX = 80 };

/* One playing of the input. */
struct play {
    struct serve_settings settings;
    struct serve *serve;
    struct span client; /* what it has not said yet                   */
    uint32_t seed;
    bool whole;         /* all is said at once                        */
    bool moody;         /* the driver refuses messages, and is late   */
    bool open;          /* a sender was accepted                      */
    size_t rcpts;       /* as were these                              */
    struct buf content; /* of the message under way                   */
    struct buf asked;   /* all that the driver was asked              */
    struct buf said;    /* all replies                                */
};

static void insist(bool condition)
{
    if (!condition)
        abort();
}

static unsigned chance(struct play *p, unsigned below)
{
    p->seed = p->seed * 1664525 + 1013904223;
    return (p->seed >> 16) % below;
}

static void expect_line(struct span line)
{
    insist(line.n >= 4 && line.n + 2 <= 512);
    insist(line.p[0] >= '2' && line.p[0] <= '5');
    insist(line.p[3] == ' ' || line.p[3] == '-');
    for (size_t i = 0; i < line.n; i++)
        insist((unsigned char)line.p[i] >= ' ' && line.p[i] != 127);
    insist(utf8_valid(line));
}

/* All lines of a reply have its code, and all but the last a "-". */
static void expect_replies(struct span said)
{
    struct span line, before = S("");

    while (span_line(&said, &line)) {
        insist(span_ends(line, S("\r")) && span_find(line, '\r') + 1 == line.n);
        line.n--;
        expect_line(line);
        if (before.n && before.p[3] == '-')
            insist(span_eq(span_upto(line, 3), span_upto(before, 3)));
        before = line;
    }
    insist(before.n && before.p[3] == ' ');
}

static void take_output(struct play *p)
{
    struct span output = serve_output(p->serve);
    size_t n = chance(p, 4) ? output.n : chance(p, (unsigned)output.n + 1);

    buf_add(&p->said, span_upto(output, n));
    serve_sent(p->serve, n);
}

static void exchange(struct play *p)
{
    struct span piece = p->client;

    insist(serve_timeout(p->serve) > 0);
    take_output(p);
    if (p->moody && chance(p, 64) == 0) {
        serve_late(p->serve);
        return;
    }
    if (!p->whole)
        piece = span_upto(piece, 1 + chance(p, PIECE_MAX));
    p->client = span_from(p->client, piece.n);
    if (piece.n)
        serve_feed(p->serve, piece);
    else
        serve_closed(p->serve);
}

static void expect_address(struct span address)
{
    insist(utf8_valid(address));
    for (size_t i = 0; i < address.n; i++)
        insist((unsigned char)address.p[i] >= ' ' && address.p[i] != 127);
}

/* Note what is asked, and answer as the octets of it have it. */
static bool answer(struct play *p, const struct buf *asked)
{
    static const struct {
        int code;
        struct span status, text;
    } answers[] = {
        {250, SPAN_INIT("2.1.0"), SPAN_INIT("ok")},
        {250, SPAN_INIT(""), SPAN_INIT("a\nb\n\nc")},
        {251, SPAN_INIT("5.0.0"), SPAN_INIT("\033\xC3\xA4\xE4")},
        {550, SPAN_INIT("5.1.1"), SPAN_INIT("")},
        {354, SPAN_INIT("x"), SPAN_INIT("\r\n250 ok\r\n")},
        {421, SPAN_INIT("4.3.2"), SPAN_INIT("closing")},
        {250, SPAN_INIT("2.0.0"), SPAN_INIT("ok")},
        {250, SPAN_INIT("2.0.0"), SPAN_INIT("ok")},
    };
    size_t sum = 0, i;

    for (i = 0; i < asked->len; i++)
        sum = sum * 31 + (unsigned char)asked->data[i];
    i = sum % 64 < 56 ? 0 : sum % 8;
    buf_add(&p->asked, buf_span(asked));
    buf_addc(&p->asked, '\n');
    serve_answer(p->serve, answers[i].code, answers[i].status,
                 answers[i].text);
    return answers[i].code / 100 == 2;
}

static void ask_sender(struct play *p)
{
    const struct serve_mail *mail = serve_mail(p->serve);
    struct buf asked = {0};

    insist(!p->open);
    expect_address(mail->sender);
    expect_address(mail->parameters.envelope_id);
    insist(!p->settings.size_limit ||
           mail->parameters.size <= p->settings.size_limit);
    command_mail(mail->sender, &mail->parameters, &asked);
    p->rcpts = 0;
    p->open = answer(p, &asked);
    buf_free(&asked);
}

static void ask_recipient(struct play *p)
{
    const struct serve_rcpt *rcpt = serve_rcpt(p->serve);
    struct buf asked = {0};

    insist(p->open && rcpt->recipient.n);
    insist(!p->settings.rcpt_max || p->rcpts < p->settings.rcpt_max);
    expect_address(rcpt->recipient);
    expect_address(rcpt->parameters.original);
    command_rcpt(rcpt->recipient, &rcpt->parameters, &asked);
    p->rcpts += answer(p, &asked);
    buf_free(&asked);
}

static void keep_content(struct play *p)
{
    struct span piece = serve_content(p->serve);

    insist(p->open && p->rcpts && piece.n);
    if (p->moody && chance(p, 4) == 0) {
        serve_refuse(p->serve, 452, S("4.3.1"), S("no room"));
        return;
    }
    buf_add(&p->content, piece);
    serve_taken(p->serve);
}

static void ask_message(struct play *p)
{
    insist(p->open && p->rcpts);
    insist(!p->settings.size_limit ||
           p->content.len <= p->settings.size_limit);
    answer(p, &p->content);
    buf_clear(&p->content);
    p->open = false;
}

static void step(struct play *p, enum serve_wants wants)
{
    switch (wants) {
    case SERVE_EXCHANGE:
        exchange(p);
        break;
    case SERVE_SENDER:
        ask_sender(p);
        break;
    case SERVE_RECIPIENT:
        ask_recipient(p);
        break;
    case SERVE_CONTENT:
        keep_content(p);
        break;
    case SERVE_MESSAGE:
        ask_message(p);
        break;
    case SERVE_RESET:
        insist(p->open);
        p->open = false;
        buf_clear(&p->content);
        buf_add(&p->asked, S("RSET\n"));
        serve_forgotten(p->serve);
        break;
    case SERVE_OVER:
        break;
    }
}

static void play(struct play *p)
{
    size_t steps = 0, most = 100 + 20 * p->client.n;
    enum serve_wants wants;

    p->serve = serve_new(&p->settings);
    while ((wants = serve_wants(p->serve)) != SERVE_OVER) {
        step(p, wants);
        insist(++steps < most);
    }
    insist(!p->open);
    serve_feed(p->serve, S("NOOP\r\n"));
    serve_closed(p->serve);
    insist(serve_wants(p->serve) == SERVE_OVER);
    buf_add(&p->said, serve_output(p->serve));
    expect_replies(buf_span(&p->said));
    serve_free(p->serve);
}

static void play_free(struct play *p)
{
    buf_free(&p->content);
    buf_free(&p->asked);
    buf_free(&p->said);
}

/* As fuzz_session has it: of an input that begins with a letter, as SMTP
 * does, the size chooses. */
static size_t head_read(const uint8_t *data, size_t size, uint8_t *head)
{
    uint32_t bits = (uint32_t)size * 2654435761;

    if (size >= HEAD && (data[0] < 'A' || data[0] > 'z')) {
        memcpy(head, data, HEAD);
        return HEAD;
    }
    for (size_t i = 0; i < HEAD; i++)
        head[i] = (uint8_t)(bits >> 7 * i);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t head[HEAD];
    size_t at = head_read(data, size, head);
    struct play one = {
        .settings = {.name = S("me"), .size_limit = head[0] & 1 ? 40 : 0,
                     .rcpt_max = head[0] & 2},
        .client = span_from((struct span){(const char *)data, size}, at),
        .seed = (uint32_t)head[1] << 8 | head[2],
        .moody = head[0] & 4,
    };
    struct play other = one;

    other.whole = true;
    play(&one);
    play(&other);
    if (!one.moody) {
        insist(span_eq(buf_span(&one.asked), buf_span(&other.asked)));
        insist(span_eq(buf_span(&one.said), buf_span(&other.said)));
    }
    play_free(&one);
    play_free(&other);
    return 0;
}
