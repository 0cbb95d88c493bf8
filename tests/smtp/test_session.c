/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The session, played against the dialogues in tests/dialogues: text files
 * that read like those in RFC 5321, appendix D.  tests/dialogues/README says
 * how one is written.
 *
 * Each is played whole, in pieces of one and of seven octets, and broken off
 * after every octet that the server sends; "whole=yes" leaves out the latter.
 */
#include <config.h>

#include "smtp/session.h"

#include "mail/base64.h"
#include "mail/unbase64.h"
#include "unit.h"

#include <dirent.h>
#include <stdlib.h>

enum { FILES_MAX = 400 };

struct play {
    const char *name;
    struct span script; /* what is left of it                          */
    size_t piece;       /* feed this many octets at a time             */
    size_t budget;      /* server octets until the line is cut         */
    bool cut;           /* it was                                      */
    bool whole;         /* not to be played in pieces                  */
    struct session_settings settings;
    struct credentials credentials;
    struct span bindings[SASL_BINDINGS];
    struct buf nonce;
    struct session *session;
    struct transaction transactions[8];
    size_t begun, checked;
    struct buf trace;
};

static bool next_line(struct play *p, const char *prefix, struct span *line)
{
    struct span whole = span_upto(p->script, span_find(p->script, '\n'));

    if (!span_starts(whole, span_of(prefix)))
        return false;
    *line = span_from(whole, strlen(prefix));
    if (line->n && line->p[0] == ' ')
        *line = span_from(*line, 1);
    p->script = span_from(p->script, whole.n + 1);
    return true;
}

/* Two hexadecimal digits behind "\x", so that a script can hold any octet. */
static size_t unescape(struct span s, struct buf *out)
{
    char digits[3] = {0};

    if (!span_starts(s, S("\\x")) || s.n < 4) {
        buf_addc(out, s.p[0]);
        return 1;
    }
    memcpy(digits, s.p + 2, 2);
    buf_addc(out, (char)strtol(digits, NULL, 16));
    return 4;
}

/* All the lines that come now with PREFIX; "\" at the end: no line end. */
static bool take_lines(struct play *p, const char *prefix, struct buf *text)
{
    struct span line;
    bool any = false;

    while (next_line(p, prefix, &line)) {
        bool whole = !span_ends(line, S("\\"));

        if (!whole)
            line.n--;
        while (line.n)
            line = span_from(line, unescape(line, text));
        if (whole)
            buf_add(text, S("\r\n"));
        any = true;
    }
    return any;
}

static bool yes(struct span value)
{
    return span_eq(value, S("yes"));
}

static bool set_credentials(struct play *p, struct span name,
                            struct span value)
{
    struct credentials *who = &p->credentials;
    const struct {
        struct span name, *value;
    } rows[] = {
        {S("user"), &who->user},       {S("password"), &who->password},
        {S("auth"), &who->mechanism},  {S("authzid"), &who->authzid},
        {S("token"), &who->token},     {S("host"), &who->host},
        {S("exporter"), &p->bindings[SASL_TLS_EXPORTER]},
        {S("end-point"), &p->bindings[SASL_TLS_SERVER_END_POINT]},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!span_eq(name, rows[i].name))
            continue;
        *rows[i].value = value;
        if (i == 0)
            p->settings.credentials = who;
        return true;
    }
    return false;
}

/* It is given in base64, as it is sent. */
static void set_nonce(struct play *p, struct span value)
{
    ck_assert_msg(unbase64(value, &p->nonce), "%s: no base64", p->name);
    p->credentials.nonce = buf_span(&p->nonce);
}

static void set_session(struct play *p, struct span name, struct span value)
{
    if (span_eq(name, S("tls")))
        p->settings.tls = span_eq(value, S("starttls")) ? SESSION_TLS_STARTTLS
                          : span_eq(value, S("implicit"))
                              ? SESSION_TLS_IMPLICIT
                              : SESSION_TLS_OFF;
    else if (set_credentials(p, name, value))
        ;
    else if (span_eq(name, S("nonce")))
        set_nonce(p, value);
    else if (span_eq(name, S("certificate")))
        p->credentials.certificate = yes(value);
    else if (span_eq(name, S("ask")))
        p->settings.ask_password = yes(value);
    else if (span_eq(name, S("local")))
        p->settings.local = yes(value);
    else if (span_eq(name, S("lmtp")))
        p->settings.lmtp = yes(value);
    else if (span_eq(name, S("whole")))
        p->whole = yes(value);
    else
        ck_abort_msg("%s: unknown '%.*s'", p->name, SPAN_ARG(name));
}

static void set_transaction(struct play *p, struct span name,
                            struct span value)
{
    struct transaction *t = &p->transactions[p->begun];
    struct span rcpt;

    if (span_eq(name, S("from")))
        t->sender = value;
    else if (span_eq(name, S("to")))
        while (span_word(&value, ',', &rcpt))
            transaction_add(t, rcpt);
    else if (span_eq(name, S("size")))
        t->parameters.state_size =
            span_number(value, UINT64_MAX, &t->parameters.size);
    else if (span_eq(name, S("body")))
        t->parameters.body = BODY_8BITMIME;
    else if (span_eq(name, S("smtputf8")))
        t->parameters.smtputf8 = yes(value);
    else if (span_eq(name, S("all-or-none")))
        t->all_or_none = yes(value);
    else if (span_eq(name, S("open")))
        t->open = yes(value);
    else if (span_eq(name, S("ret")))
        t->parameters.returned = DSN_RETURN_HDRS;
    else if (span_eq(name, S("envid")))
        t->parameters.envelope_id = value;
    else if (span_eq(name, S("notify")))
        t->rcpts[0].parameters.notify = DSN_NOTIFY_NEVER;
    else if (span_eq(name, S("orcpt")))
        t->rcpts[0].parameters.original = value;
    else
        ck_abort_msg("%s: unknown '%.*s'", p->name, SPAN_ARG(name));
}

static void each_pair(struct play *p, struct span line,
                      void (*set)(struct play *, struct span, struct span))
{
    struct span word;

    while (span_word(&line, ' ', &word)) {
        size_t equals = span_find(word, '=');

        set(p, span_upto(word, equals), span_from(word, equals + 1));
    }
}

static void note_trace(void *self, enum session_direction d, struct span line)
{
    struct buf *trace = self;

    buf_addc(trace, "CS*"[d]);
    buf_add(trace, S(": "));
    buf_add(trace, line);
    buf_addc(trace, '\n');
}

static void set_up(struct play *p)
{
    struct span line;

    while (next_line(p, "#", &line))
        ;
    ck_assert_msg(next_line(p, "session:", &line), "%s: no session", p->name);
    p->settings.name = S("client.example.org");
    p->settings.trace = note_trace;
    p->settings.trace_self = &p->trace;
    each_pair(p, line, set_session);
    p->session = session_new(&p->settings);
    for (enum sasl_binding i = 0; i < SASL_BINDINGS; i++)
        session_binding(p->session, i, p->bindings[i]);
}

static void lose(struct play *p, const char *why)
{
    struct err err;

    fail(&err, ERR_TEMPORARY, "%s", why);
    session_lost(p->session, &err);
}

static void feed(struct play *p, struct span text)
{
    while (text.n && !p->cut) {
        struct span piece = span_upto(span_upto(text, p->piece), p->budget);

        if (piece.n == 0) {
            p->cut = true;
            lose(p, "the connection was closed");
            return;
        }
        p->budget -= piece.n;
        session_feed(p->session, piece);
        text = span_from(text, piece.n);
    }
}

/* What one S: line says, said COUNT times. */
static void feed_repeated(struct play *p, struct span count)
{
    struct buf text = {0};
    uint64_t n = 0;

    ck_assert_msg(span_number(count, 100000, &n) &&
                      take_lines(p, "S:", &text),
                  "%s: REPEAT a number, and an S: line", p->name);
    while (n--)
        feed(p, buf_span(&text));
    buf_free(&text);
}

static void expect_output(struct play *p, struct span want)
{
    struct span got = session_output(p->session);

    ck_assert_msg(span_eq(got, want), "%s: want \"%.*s\", got \"%.*s\"",
                  p->name, SPAN_ARG(want), SPAN_ARG(got));
    session_sent(p->session, got.n);
}

static void exchange(struct play *p)
{
    struct buf text = {0};
    struct span line;

    if (take_lines(p, "S:", &text))
        feed(p, buf_span(&text));
    else if (next_line(p, "REPEAT", &line))
        feed_repeated(p, line);
    else if (take_lines(p, "C:", &text))
        expect_output(p, buf_span(&text));
    else if (next_line(p, "LOST", &line))
        lose(p, "the connection was closed");
    else
        ck_abort_msg("%s: exchange wanted at \"%.*s\", output \"%.*s\"",
                     p->name, (int)span_find(p->script, '\n'), p->script.p,
                     SPAN_ARG(session_output(p->session)));
    buf_free(&text);
}

static void give_content(struct play *p)
{
    struct buf text = {0};
    struct span line;

    if (take_lines(p, "B:", &text)) {
        for (struct span s = buf_span(&text); s.n; s = span_from(s, p->piece))
            session_content(p->session, span_upto(s, p->piece));
        if (!next_line(p, "MORE", &line))
            session_content_end(p->session);
    } else if (take_lines(p, "S:", &text)) {
        feed(p, buf_span(&text));
    } else if (next_line(p, "LOST", &line)) {
        lose(p, "the connection was closed");
    } else {
        ck_abort_msg("%s: the message was asked for", p->name);
    }
    buf_free(&text);
}

static void outcome_print(const struct transaction_rcpt *r, struct buf *out)
{
    static const char *const names[] = {
        [OUTCOME_NONE] = "none",         [OUTCOME_SENT] = "sent",
        [OUTCOME_REFUSED] = "refused",   [OUTCOME_DEFERRED] = "deferred",
        [OUTCOME_OVERFLOW] = "overflow", [OUTCOME_IN_DOUBT] = "in doubt",
    };

    buf_printf(out, "%.*s %s", SPAN_ARG(r->address), names[r->outcome]);
    if (r->outcome != OUTCOME_SENT)
        buf_printf(out, " %d", err_status(r->kind));
    if (r->status.n)
        buf_printf(out, " (%.*s)", SPAN_ARG(r->status));
    buf_printf(out, ": %.*s", SPAN_ARG(r->text));
}

/* The script says GOT now, as it is shown to people. */
static void expect_line(struct play *p, const char *prefix, struct buf *got)
{
    struct buf shown = {0};
    struct span want = S("");

    err_escape(buf_span(got), &shown);
    ck_assert_msg(next_line(p, prefix, &want) &&
                      span_eq(buf_span(&shown), want),
                  "%s: got \"%s %.*s\", want \"%.*s\"", p->name, prefix,
                  SPAN_ARG(buf_span(&shown)), SPAN_ARG(want));
    buf_free(&shown);
    buf_free(got);
}

/* The outcome lines of the transactions that ended. */
static void expect_outcomes(struct play *p)
{
    for (; p->checked < p->begun; p->checked++) {
        struct transaction *t = &p->transactions[p->checked];

        for (size_t i = 0; i < t->nrcpts; i++) {
            struct buf got = {0};

            outcome_print(&t->rcpts[i], &got);
            expect_line(p, "=", &got);
        }
    }
}

static void next_transaction(struct play *p)
{
    struct span line;

    expect_outcomes(p);
    if (next_line(p, "message:", &line)) {
        each_pair(p, line, set_transaction);
        session_begin(p->session, &p->transactions[p->begun++]);
    } else if (next_line(p, "LOST", &line)) {
        lose(p, "the connection was closed");
    } else {
        session_quit(p->session);
    }
}

/* More recipients for the open transaction, the message, or neither. */
static void next_recipients(struct play *p)
{
    struct transaction *t = &p->transactions[p->begun - 1];
    struct span line, rcpt;

    if (next_line(p, "ALSO", &line)) {
        while (span_word(&line, ',', &rcpt))
            transaction_add(t, rcpt);
        session_more(p->session);
    } else if (next_line(p, "ALL", &line)) {
        t->open = false;
        session_more(p->session);
    } else if (next_line(p, "LOST", &line)) {
        lose(p, "the connection was closed");
    } else {
        ck_assert_msg(next_line(p, "GIVE UP", &line),
                      "%s: more recipients were asked for", p->name);
        session_give_up(p->session);
        transaction_free(t); /* it has no outcome */
    }
}

static void play(struct play *p)
{
    struct span line;

    while (!p->cut)
        switch (session_wants(p->session)) {
        case SESSION_EXCHANGE:
            exchange(p);
            break;
        case SESSION_HANDSHAKE:
            if (!next_line(p, "TLS", &line))
                exchange(p);
            else
                session_secured(p->session);
            break;
        case SESSION_PASSWORD:
            ck_assert_msg(next_line(p, "PASSWORD", &line), "%s: asked",
                          p->name);
            session_password(p->session);
            break;
        case SESSION_TRANSACTION:
            next_transaction(p);
            break;
        case SESSION_RECIPIENTS:
            next_recipients(p);
            break;
        case SESSION_CONTENT:
            give_content(p);
            break;
        case SESSION_OVER:
            return;
        }
}

static void expect_result(struct play *p)
{
    struct err err = {0};
    struct buf got = {0};

    if (session_result(p->session, &err))
        return;
    buf_printf(&got, "%d: %s", err_status(err.kind), err.text);
    expect_line(p, "failed", &got);
    if (!err.hint[0])
        return;
    buf_add(&got, span_of(err.hint));
    expect_line(p, "hint:", &got);
}

static void expect_end(struct play *p)
{
    struct buf text = {0};
    struct span line;

    if (take_lines(p, "C:", &text))
        expect_output(p, buf_span(&text));
    ck_assert_msg(session_output(p->session).n == 0, "%s: more output: %.*s",
                  p->name, SPAN_ARG(session_output(p->session)));
    buf_free(&text);
    while (next_line(p, "S:", &line)) /* the reply to QUIT, not waited for */
        ;
    expect_outcomes(p);
    expect_result(p);
    ck_assert_msg(p->script.n == 0, "%s: left: \"%.*s\"", p->name,
                  SPAN_ARG(p->script));
}

static bool holds(struct span text, struct span what)
{
    for (size_t i = 0; i < text.n; i++)
        if (span_starts(span_from(text, i), what))
            return true;
    return false;
}

/* Whatever happens, no secret is told in a form that went over the line. */
static void expect_hidden(struct play *p, struct span secret)
{
    struct buf encoded = {0};

    base64_encode(secret, &encoded);
    ck_assert_msg(span_empty(secret) ||
                      (!holds(buf_span(&p->trace), secret) &&
                       !holds(buf_span(&p->trace), buf_span(&encoded))),
                  "%s: a secret was told:\n%.*s", p->name,
                  SPAN_ARG(buf_span(&p->trace)));
    buf_free(&encoded);
}

static void expect_no_secret(struct play *p)
{
    struct buf plain = {0};
    struct err err = {0};

    if (!session_result(p->session, &err))
        buf_add(&p->trace, span_of(err.text));
    expect_hidden(p, p->credentials.password);
    expect_hidden(p, p->credentials.token);
    if (span_empty(p->credentials.password))
        return;
    buf_add(&plain, p->credentials.authzid);
    buf_addc(&plain, '\0');
    buf_add(&plain, p->credentials.user);
    buf_addc(&plain, '\0');
    buf_add(&plain, p->credentials.password);
    expect_hidden(p, buf_span(&plain));
    buf_free(&plain);
}

static void tear_down(struct play *p)
{
    expect_no_secret(p);
    session_free(p->session);
    for (size_t i = 0; i < COUNT(p->transactions); i++)
        transaction_free(&p->transactions[i]);
    buf_free(&p->trace);
    buf_free(&p->nonce);
}

/* True where the dialogue is to be played in pieces, too. */
static bool play_through(const char *name, struct span script, size_t piece)
{
    struct play p = {.name = name, .script = script, .piece = piece,
                     .budget = SIZE_MAX};

    set_up(&p);
    play(&p);
    expect_end(&p);
    tear_down(&p);
    return !p.whole;
}

/* Wherever it breaks off every recipient has an outcome, and there is a
 * reason; true once the script came to its end. */
static bool play_broken(const char *name, struct span script, size_t after)
{
    struct play p = {.name = name, .script = script, .piece = SIZE_MAX,
                     .budget = after};
    struct err err = {0};
    bool ended;

    set_up(&p);
    play(&p);
    ended = !p.cut;
    if (p.cut) {
        ck_assert(session_wants(p.session) == SESSION_OVER);
        ck_assert(!session_result(p.session, &err) && err.text[0]);
    }
    for (size_t i = 0; i < p.begun; i++)
        for (size_t r = 0; r < p.transactions[i].nrcpts; r++)
            ck_assert(p.transactions[i].rcpts[r].outcome != OUTCOME_NONE);
    tear_down(&p);
    return ended;
}

static struct buf paths[FILES_MAX];
static int npaths;

static void find_dialogues(void)
{
    const char *top = getenv("srcdir");
    struct buf dir = {0};
    struct dirent **list = NULL;
    int n;

    buf_printf(&dir, "%s/tests/dialogues", top ? top : ".");
    n = scandir(buf_cstring(&dir), &list, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (span_ends(span_of(list[i]->d_name), S(".txt")) &&
            npaths < FILES_MAX)
            buf_printf(&paths[npaths++], "%s/%s", buf_cstring(&dir),
                       list[i]->d_name);
        free(list[i]);
    }
    free(list);
    buf_free(&dir);
}

static void load(const char *path, struct buf *script)
{
    FILE *f = fopen(path, "r");
    size_t n;

    ck_assert_msg(f != NULL, "cannot open '%s'", path);
    while ((n = fread(buf_room(script, 4096), 1, 4096, f)) > 0)
        buf_filled(script, n);
    fclose(f);
}

START_TEST(dialogue_is_followed)
{
    const char *path = buf_cstring(&paths[_i]);
    struct buf script = {0};

    load(path, &script);
    if (play_through(path, buf_span(&script), SIZE_MAX)) {
        play_through(path, buf_span(&script), 1);
        play_through(path, buf_span(&script), 7);
        for (size_t n = 0; !play_broken(path, buf_span(&script), n); n++)
            ;
    }
    buf_free(&script);
}
END_TEST

START_TEST(dialogues_are_there)
{
    ck_assert_int_ge(npaths, 60);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("session");

    find_dialogues();
    tcase_add_test(t, dialogues_are_there);
    tcase_add_loop_test(t, dialogue_is_followed, 0, npaths);
    return unit_run("session", t);
}
