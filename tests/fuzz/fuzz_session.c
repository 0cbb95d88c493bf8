/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_session - whatever a server says, in whatever pieces, and however much
 * of our own has left by then
 *
 * The session ends, with a reason where it failed; every recipient has an
 * outcome; a message is sent only where a 2yz came after its dot had left;
 * without TLS, where it is wanted, nothing but EHLO, STARTTLS and QUIT goes
 * out; nothing follows the dot before its reply; and no one is told the
 * password.
 *
 * The input is what the server says.  Eight octets may stand before it that
 * choose the settings, and the seed that cuts the pieces.
 */
#include "smtp/session.h"

#include "mail/base64.h"

#include <stdlib.h>

enum { HEAD = 8, MESSAGES = 3, RCPTS = 4, OUTPUT_MAX = 16 * 1024 };

static const struct span password = SPAN_INIT("correct horse battery staple");
static const struct span content = SPAN_INIT("x: y\r\n\r\n.\r\nlast");
static const struct span content_wire =
    SPAN_INIT("x: y\r\n\r\n..\r\nlast\r\n.\r\n");

struct play {
    struct session_settings settings;
    struct credentials credentials;
    struct session *session;
    struct transaction transactions[MESSAGES];
    size_t begun, wanted, nrcpts, given;
    bool all_or_none, secured;
    struct span server; /* what it has not said yet                      */
    struct buf said;    /* what it has                                   */
    struct buf wire;    /* what has left us                              */
    struct buf told;    /* the trace                                     */
    bool dot_left;      /* of the message under way                      */
    size_t said_by_dot; /* how much it had said when the dot left        */
    uint32_t seed;
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

static bool holds(struct span text, struct span what)
{
    for (; text.n >= what.n; text = span_from(text, 1))
        if (span_starts(text, what))
            return true;
    return false;
}

static void note_trace(void *self, enum session_direction d, struct span line)
{
    struct buf *told = self;

    (void)d;
    buf_add(told, line);
    buf_addc(told, '\n');
}

static void lose(struct play *p)
{
    struct err err;

    fail(&err, ERR_TEMPORARY, "it is gone");
    session_lost(p->session, &err);
}

static void server_speaks(struct play *p)
{
    struct span piece = span_upto(p->server, 1 + chance(p, 80));

    if (chance(p, 3)) /* mostly a line */
        piece = span_upto(p->server, span_find(p->server, '\n') + 1);
    if (span_empty(piece)) {
        lose(p);
        return;
    }
    p->server = span_from(p->server, piece.n);
    buf_add(&p->said, piece);
    session_feed(p->session, piece);
}

/* In clear text, where that is not to be, these and no others. */
static void expect_harmless(struct span wire)
{
    static const struct span harmless[] = {SPAN_INIT("EHLO me\r"),
                                           SPAN_INIT("LHLO me\r"),
                                           SPAN_INIT("STARTTLS\r"),
                                           SPAN_INIT("QUIT\r")};
    struct span line;

    while (span_line(&wire, &line)) {
        bool known = false;

        for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
            known = known || span_starts(harmless[i], line);
        insist(known);
    }
}

/* CRLF is the only line end, and neither half of it stands alone. */
static void expect_lines(struct span wire)
{
    struct span line;

    while (span_line(&wire, &line))
        insist(span_find(line, '\r') + 1 == line.n &&
               span_find(line, '\0') == line.n);
}

/* What is said of the wire holds after every octet of it. */
static void expect_wire(struct play *p)
{
    struct span wire = buf_span(&p->wire);

    if (p->settings.tls == SESSION_TLS_STARTTLS && !p->secured)
        expect_harmless(wire);
    if (!p->settings.credentials ||
        (p->settings.tls == SESSION_TLS_OFF && !p->settings.local))
        insist(!holds(wire, S("AUTH")));
    if (p->given && span_ends(wire, content_wire) && !p->dot_left) {
        p->dot_left = true;
        p->said_by_dot = p->said.len;
        insist(session_output(p->session).n == 0);
    }
}

static void send_some(struct play *p)
{
    struct span output = session_output(p->session);
    size_t n = chance(p, 4) ? output.n : chance(p, (unsigned)output.n + 1);

    insist(output.n <= OUTPUT_MAX);
    buf_add(&p->wire, span_upto(output, n));
    session_sent(p->session, n);
    session_held(p->session, false);
    expect_wire(p);
}

static void exchange(struct play *p)
{
    if (session_output(p->session).n)
        send_some(p);
    if (chance(p, 2) || !session_output(p->session).n)
        server_speaks(p);
}

/* How many whole lines after the dot could be the end of a success. */
static size_t successes(const struct play *p)
{
    struct span said = buf_span(&p->said), line;
    size_t n = 0;

    while (span_find(said, '\n') < said.n && span_line(&said, &line)) {
        size_t at = (size_t)(said.p - p->said.data);

        if (at > p->said_by_dot && span_starts(line, S("2")) &&
            (line.n < 4 || line.p[3] != '-'))
            n++;
    }
    return n;
}

/* The transaction is over. */
static void expect_outcomes(struct play *p)
{
    struct transaction *t = &p->transactions[p->begun - 1];
    size_t sent = 0, accepted = 0;

    for (size_t i = 0; i < t->nrcpts; i++) {
        const struct transaction_rcpt *r = &t->rcpts[i];

        insist(r->outcome != OUTCOME_NONE && r->text.n > 0);
        insist((r->outcome == OUTCOME_SENT) == (r->kind == ERR_NONE));
        insist(r->outcome != OUTCOME_SENT || r->accepted);
        insist(r->outcome != OUTCOME_IN_DOUBT || p->dot_left);
        sent += r->outcome == OUTCOME_SENT;
        accepted += r->accepted;
    }
    insist(accepted == t->accepted);
    if (sent)
        insist(p->dot_left &&
               successes(p) >= (p->settings.lmtp ? sent : 1));
}

static void begin(struct play *p)
{
    static const struct span rcpts[RCPTS] = {
        SPAN_INIT("a@b"), SPAN_INIT("c@d"), SPAN_INIT("e@f"),
        SPAN_INIT("g@h")};
    struct transaction *t = &p->transactions[p->begun];

    t->sender = S("me@here");
    t->parameters.state_size = session_ehlo(p->session)->has & EHLO_SIZE;
    t->all_or_none = p->all_or_none;
    for (size_t i = 0; i < p->nrcpts; i++)
        transaction_add(t, rcpts[i]);
    p->given = 0;
    p->dot_left = false;
    p->begun++;
    session_begin(p->session, t);
}

static void next_transaction(struct play *p)
{
    if (p->begun)
        expect_outcomes(p);
    if (p->begun < p->wanted)
        begin(p);
    else
        session_quit(p->session);
    if (session_wants(p->session) == SESSION_OVER)
        p->begun = 0; /* looked at already */
}

static void give_content(struct play *p)
{
    struct span piece = span_from(content, p->given);

    insist(p->transactions[p->begun - 1].accepted > 0);
    piece = span_upto(piece, 1 + chance(p, (unsigned)content.n));
    p->given += piece.n;
    if (piece.n)
        session_content(p->session, piece);
    else
        session_content_end(p->session);
    if (chance(p, 8) == 0)
        server_speaks(p);
}

static void handshake(struct play *p)
{
    if (chance(p, 8) == 0) {
        server_speaks(p);
        insist(session_wants(p->session) == SESSION_OVER);
        return;
    }
    insist(p->settings.tls == SESSION_TLS_STARTTLS && !p->secured);
    p->secured = true;
    session_secured(p->session);
}

static void step(struct play *p, enum session_wants wants)
{
    insist(session_timeout(p->session) > 0 && session_doing(p->session)[0]);
    switch (wants) {
    case SESSION_EXCHANGE:
        exchange(p);
        break;
    case SESSION_HANDSHAKE:
        handshake(p);
        break;
    case SESSION_PASSWORD:
        p->credentials.password = password;
        session_password(p->session);
        break;
    case SESSION_TRANSACTION:
        next_transaction(p);
        break;
    case SESSION_CONTENT:
        give_content(p);
        break;
    case SESSION_OVER:
        break;
    }
}

/* Who says the password himself may read it again. */
static void expect_no_secret(struct play *p)
{
    struct buf plain = {0}, forms[3] = {{0}};

    buf_add(&plain, S("\0me\0"));
    buf_add(&plain, password);
    buf_add(&forms[0], password);
    base64_encode(password, &forms[1]);
    base64_encode(buf_span(&plain), &forms[2]);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct span form = buf_span(&forms[i]);

        insist(!holds(buf_span(&p->told), form) ||
               holds(buf_span(&p->said), form));
        buf_free(&forms[i]);
    }
    buf_free(&plain);
}

/*
 * What chooses the settings, and how much of the input it takes.  Of an input
 * that begins with a digit, as SMTP does, the size chooses.
 */
static size_t head_read(const uint8_t *data, size_t size, uint8_t *head)
{
    uint32_t bits = (uint32_t)size * 2654435761;

    if (size >= HEAD && (data[0] < '0' || data[0] > '9')) {
        memcpy(head, data, HEAD);
        return HEAD;
    }
    for (size_t i = 0; i < HEAD; i++)
        head[i] = (uint8_t)(bits >> 3 * i);
    return 0;
}

static void settings_choose(struct play *p, const uint8_t *head)
{
    struct session_settings *s = &p->settings;

    s->name = S("me");
    s->tls = head[0] % 3 == 0   ? SESSION_TLS_OFF
             : head[0] % 3 == 1 ? SESSION_TLS_STARTTLS
                                : SESSION_TLS_IMPLICIT;
    s->lmtp = head[1] & 1;
    s->local = head[1] & 2;
    s->ask_password = head[1] & 4;
    s->credentials = head[1] & 8 ? &p->credentials : NULL;
    s->trace = note_trace;
    s->trace_self = &p->told;
    p->credentials.user = S("me");
    if (!s->ask_password)
        p->credentials.password = password;
    p->credentials.mechanism = head[1] & 16 ? S("LOGIN") : S("");
    p->wanted = head[2] % (MESSAGES + 1);
    p->nrcpts = 1 + head[3] % RCPTS;
    p->all_or_none = head[3] & 128;
    for (size_t i = 4; i < HEAD; i++)
        p->seed = p->seed << 8 | head[i];
}

static void play(struct play *p)
{
    size_t steps = 0, most = 1000 + 20 * p->server.n;
    enum session_wants wants;

    while ((wants = session_wants(p->session)) != SESSION_OVER) {
        step(p, wants);
        insist(++steps < most);
    }
    session_feed(p->session, S("250 after the end\r\n"));
    insist(session_wants(p->session) == SESSION_OVER);
    buf_add(&p->wire, session_output(p->session));
    expect_wire(p);
    if (session_output(p->session).n) /* QUIT: it ended in good order */
        expect_lines(buf_span(&p->wire));
}

static void expect_end(struct play *p)
{
    struct err err = {0};

    if (p->begun)
        expect_outcomes(p);
    if (!session_result(p->session, &err))
        insist(err.text[0] && err_status(err.kind));
    buf_add(&p->told, span_of(err.text));
    expect_no_secret(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct play p = {0};
    uint8_t head[HEAD];

    p.server = span_from((struct span){(const char *)data, size},
                         head_read(data, size, head));
    settings_choose(&p, head);
    p.session = session_new(&p.settings);
    play(&p);
    expect_end(&p);
    session_free(p.session);
    for (size_t i = 0; i < MESSAGES; i++)
        transaction_free(&p.transactions[i]);
    buf_free(&p.said);
    buf_free(&p.wire);
    buf_free(&p.told);
    return 0;
}
