/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_session - whatever a server says, in whatever pieces, and however much
 * of our own has left by then
 *
 * The session ends, with a reason where it failed; every recipient has an
 * outcome; a message is sent only where a 2yz came after its dot had left;
 * without TLS, where it is wanted, nothing but EHLO, STARTTLS and QUIT goes
 * out; nothing follows the dot before its reply; no transaction begins before
 * the login that was asked for, with SCRAM before the server has shown its
 * signature; and no one is told the password or the token.
 *
 * The input is what the server says.  Eight octets may stand before it that
 * choose the settings, the login, and the seed that cuts the pieces.  Names,
 * secrets and nonce are those of tests/dialogues, so that what the servers say
 * there, being the seeds, leads to the end of an exchange.
 */
#include "smtp/session.h"

#include "mail/base64.h"

#include <stdlib.h>

enum { HEAD = 8, MESSAGES = 3, RCPTS = 4, OUTPUT_MAX = 16 * 1024 };

static const struct span user = SPAN_INIT("bob");
static const struct span password = SPAN_INIT("hunter2");
static const struct span token =
    SPAN_INIT("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg");
static const struct span nonce =
    SPAN_INIT("\x7f\x29\x28\xf9\xdd\xa5\x6d\xb1\x60\x38\xd4\x6f\xf6\xa9"
              "\x31\x75\xac\x0b");
static const struct span content = SPAN_INIT("x: y\r\n\r\n.\r\nlast");
static const struct span content_wire =
    SPAN_INIT("x: y\r\n\r\n..\r\nlast\r\n.\r\n");

struct play {
    struct session_settings settings;
    struct credentials credentials;
    struct session *session;
    struct transaction transactions[MESSAGES];
    size_t begun, wanted, nrcpts, given;
    bool all_or_none, secured, bearer;
    bool patient; /* the server speaks when it was spoken to */
    struct span server; /* what it has not said yet                      */
    struct buf said;    /* what it has                                   */
    struct buf wire;    /* what has left us                              */
    struct buf told;    /* the trace                                     */
    bool dot_left;      /* of the message under way                      */
    size_t said_by_dot; /* how much it had said when the dot left        */
    unsigned bindings; /* bits of those that TLS has */
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

/* In clear text the server is told nothing that gives away a secret. */
static void expect_no_login(struct span wire)
{
    static const struct span open[] = {
        SPAN_INIT("AUTH PLAIN"), SPAN_INIT("AUTH LOGIN"),
        SPAN_INIT("AUTH EXTERNAL"), SPAN_INIT("AUTH XOAUTH2"),
        SPAN_INIT("AUTH OAUTHBEARER")};

    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        insist(!holds(wire, open[i]));
}

/* What is said of the wire holds after every octet of it. */
static void expect_wire(struct play *p)
{
    struct span wire = buf_span(&p->wire);

    if (p->settings.tls == SESSION_TLS_STARTTLS && !p->secured)
        expect_harmless(wire);
    if (!p->settings.credentials)
        insist(!holds(wire, S("AUTH")));
    if (p->settings.tls == SESSION_TLS_OFF && !p->settings.local)
        expect_no_login(wire);
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
    if (!session_output(p->session).n || (!p->patient && chance(p, 2)))
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

/* "v=", the server's signature, begins with "dj" in base64. */
static void expect_logged_in(const struct play *p)
{
    struct span mechanism = session_mechanism(p->session);

    insist((p->settings.credentials != NULL) == (mechanism.n > 0));
    if (span_starts(mechanism, S("SCRAM")))
        insist(holds(buf_span(&p->said), S("dj")));
}

static void next_transaction(struct play *p)
{
    expect_logged_in(p);
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
    if (!p->patient && chance(p, 8) == 0)
        server_speaks(p);
}

static void bind_all(struct play *p)
{
    static const struct span octets[SASL_BINDINGS] = {
        [SASL_TLS_EXPORTER] = SPAN_INIT("exported"),
        [SASL_TLS_SERVER_END_POINT] = SPAN_INIT("hash")};

    for (unsigned i = 0; i < SASL_BINDINGS; i++)
        if (p->bindings & 1u << i)
            session_binding(p->session, i, octets[i]);
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
    bind_all(p);
    session_secured(p->session);
}

static void secret_give(struct play *p)
{
    if (p->bearer)
        p->credentials.token = token;
    else
        p->credentials.password = password;
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
        secret_give(p);
        session_password(p->session);
        break;
    case SESSION_TRANSACTION:
        next_transaction(p);
        break;
    case SESSION_RECIPIENTS: /* no transaction is begun open */
        insist(false);
        break;
    case SESSION_CONTENT:
        give_content(p);
        break;
    case SESSION_OVER:
        break;
    }
}

/* Who says the secret himself may read it again. */
static void expect_untold(struct play *p, struct span form)
{
    insist(!holds(buf_span(&p->told), form) ||
           holds(buf_span(&p->said), form));
}

/* SECRET between what mechanisms put around it, in base64. */
static void expect_encoded_untold(struct play *p, struct span before,
                                  struct span secret, struct span behind)
{
    struct buf plain = {0}, form = {0};

    buf_add(&plain, before);
    buf_add(&plain, secret);
    buf_add(&plain, behind);
    base64_encode(buf_span(&plain), &form);
    expect_untold(p, buf_span(&form));
    buf_free(&plain);
    buf_free(&form);
}

static void expect_no_secret(struct play *p)
{
    if (p->credentials.password.n) {
        expect_untold(p, password);
        expect_encoded_untold(p, S(""), password, S(""));
        expect_encoded_untold(p, S("\0bob\0"), password, S(""));
    }
    if (p->credentials.token.n) {
        expect_untold(p, token);
        expect_encoded_untold(p, S("user=bob\1auth=Bearer "), token,
                              S("\1\1"));
        expect_encoded_untold(p, S("n,a=bob,\1auth=Bearer "), token,
                              S("\1\1"));
    }
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

static void credentials_choose(struct play *p, const uint8_t *head)
{
    static const struct span lists[] = {
        SPAN_INIT(""),         SPAN_INIT("LOGIN"),
        SPAN_INIT("CRAM-MD5"), SPAN_INIT("SCRAM-SHA-1+"),
        SPAN_INIT("ANONYMOUS"), SPAN_INIT("SCRAM-SHA-512 OAUTHBEARER")};
    struct credentials *c = &p->credentials;

    c->user = user;
    c->mechanism = lists[head[0] / 3 % (sizeof lists / sizeof *lists)];
    c->nonce = head[1] & 16 ? S("") : nonce;
    c->certificate = head[2] & 64;
    c->authzid = head[2] & 128 ? S("ann=,") : S("");
    p->bearer = head[2] & 32;
    p->bindings = (head[1] >> 5 & 3) ^ 1; /* none with "(", both with "H" */
    if (!p->settings.ask_password)
        secret_give(p);
    c->token_later = p->settings.ask_password && p->bearer;
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
    credentials_choose(p, head);
    p->wanted = head[2] % (MESSAGES + 1);
    p->nrcpts = 1 + head[3] % RCPTS;
    p->all_or_none = head[3] & 128;
    p->patient = head[3] & 64;
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
    if (p.settings.tls == SESSION_TLS_IMPLICIT)
        bind_all(&p);
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
