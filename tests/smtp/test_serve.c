/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server's side of SMTP, played against the dialogues in
 * tests/serve-dialogues, whose README says how one is written.
 *
 * Each is played whole, in pieces of one and of seven octets, and broken off
 * after every octet that the client sends; of a long one, after some.
 */
#include <config.h>

#include "smtp/serve.h"

#include "unit.h"

#include <dirent.h>
#include <stdlib.h>

enum { FILES_MAX = 200 };

struct play {
    const char *name;
    struct span script; /* what is left of it                           */
    size_t piece;       /* feed this many octets at a time              */
    size_t budget;      /* octets until the client is gone              */
    bool cut;           /* it is                                        */
    struct serve_settings settings;
    struct serve *serve;
    struct buf said;    /* by the client, from SAID_AT not fed yet      */
    size_t said_at;
    struct buf content; /* of the message under way                     */
    struct buf output;  /* all that was written                         */
    struct buf traced;  /* all that the trace was told we said          */
    bool open;          /* a sender was accepted, and it is not over    */
    size_t rcpts;       /* accepted                                     */
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

static void unescape_all(struct span s, struct buf *out)
{
    while (s.n)
        s = span_from(s, unescape(s, out));
}

/* The line that comes now, with PREFIX; "\" at the end: no line end. */
static bool take_line(struct play *p, const char *prefix, struct buf *text)
{
    struct span line;
    bool ended;

    if (!next_line(p, prefix, &line))
        return false;
    ended = !span_ends(line, S("\\"));
    line.n -= !ended;
    unescape_all(line, text);
    if (ended)
        buf_add(text, S("\r\n"));
    return true;
}

/* All the lines that come now with it. */
static bool take_lines(struct play *p, const char *prefix, struct buf *text)
{
    bool any = false;

    while (take_line(p, prefix, text))
        any = true;
    return any;
}

static void set(struct play *p, struct span setting)
{
    size_t equals = span_find(setting, '=');
    struct span name = span_upto(setting, equals);
    uint64_t number = 0;

    ck_assert(span_number(span_from(setting, equals + 1), 1 << 30, &number));
    if (span_eq(name, S("size")))
        p->settings.size_limit = number;
    else if (span_eq(name, S("rcpt-max")))
        p->settings.rcpt_max = (size_t)number;
    else
        ck_abort_msg("%s: unknown '%.*s'", p->name, SPAN_ARG(name));
}

static void note_trace(void *self, bool ours, struct span line)
{
    struct play *p = self;

    ck_assert(span_find(line, '\n') == line.n);
    if (ours) {
        buf_add(&p->traced, line);
        buf_add(&p->traced, S("\r\n"));
    }
}

static void set_up(struct play *p)
{
    struct span line, word;

    while (next_line(p, "#", &line))
        ;
    ck_assert_msg(next_line(p, "serve:", &line), "%s: no settings", p->name);
    p->settings.name = S("mx.example.org");
    p->settings.trace = note_trace;
    p->settings.trace_self = p;
    while (span_word(&line, ' ', &word))
        set(p, word);
    p->serve = serve_new(&p->settings);
}

/* What is said next of what the client says, or nothing is, ever again. */
static void feed(struct play *p)
{
    struct span said = span_from(buf_span(&p->said), p->said_at);
    struct span piece = span_upto(span_upto(said, p->piece), p->budget);

    if (span_empty(piece)) {
        p->cut = true;
        serve_closed(p->serve);
        return;
    }
    p->said_at += piece.n;
    p->budget -= piece.n;
    serve_feed(p->serve, piece);
}

static void take_output(struct play *p, size_t n)
{
    buf_add(&p->output, span_upto(serve_output(p->serve), n));
    serve_sent(p->serve, n);
}

static void expect_output(struct play *p, struct span want)
{
    struct span got = serve_output(p->serve);

    ck_assert_msg(span_eq(got, want), "%s: want \"%.*s\", got \"%.*s\"",
                  p->name, SPAN_ARG(want), SPAN_ARG(got));
    take_output(p, got.n / 2);
    take_output(p, got.n);
}

/* The client says nothing, and has for too long. */
static void be_late(struct play *p, struct span seconds)
{
    struct buf got = {0};

    buf_printf(&got, "%u", serve_timeout(p->serve));
    ck_assert_span(buf_span(&got), seconds);
    buf_free(&got);
    ck_assert(serve_late(p->serve) == span_eq(seconds, S("5")));
}

static void say_again(struct play *p, struct span count)
{
    struct buf line = {0};
    uint64_t n = 0;

    ck_assert_msg(span_number(count, 100000, &n) && take_line(p, "C:", &line),
                  "%s: REPEAT a number, and a C: line", p->name);
    while (n--)
        buf_add(&p->said, buf_span(&line));
    buf_free(&line);
}

static bool event(struct play *p)
{
    struct span line;

    if (next_line(p, "EOF", &line))
        serve_closed(p->serve);
    else if (next_line(p, "LATE", &line))
        be_late(p, line);
    else if (next_line(p, "STOP", &line))
        serve_stop(p->serve);
    else if (next_line(p, "REPEAT", &line))
        say_again(p, line);
    else
        return false;
    return true;
}

static void exchange(struct play *p)
{
    struct buf text = {0};

    if (p->said_at < p->said.len)
        feed(p);
    else if (take_lines(p, "S:", &text))
        expect_output(p, buf_span(&text));
    else if (!take_lines(p, "C:", &p->said) && !event(p))
        ck_abort_msg("%s: exchange wanted at \"%.*s\", output \"%.*s\"",
                     p->name, (int)span_find(p->script, '\n'), p->script.p,
                     SPAN_ARG(serve_output(p->serve)));
    buf_free(&text);
}

/* The script's answer, or this; true where it is yes. */
static bool answer(struct play *p, struct span line)
{
    struct buf text = {0};
    struct span status;
    bool yes;

    next_line(p, "=", &line);
    yes = span_starts(line, S("2"));
    unescape_all(span_from(line, 4), &text);
    status = span_upto(buf_span(&text), span_find(buf_span(&text), ' '));
    serve_answer(p->serve, atoi(line.p), status,
                 span_from(buf_span(&text), status.n + 1));
    buf_free(&text);
    return yes;
}

static void expect_asked(struct play *p, struct span got)
{
    struct buf want = {0};
    struct span line = S("");

    ck_assert_msg(next_line(p, "ASK", &line), "%s: asked for \"%.*s\" at "
                  "\"%.*s\"", p->name, SPAN_ARG(got),
                  (int)span_find(p->script, '\n'), p->script.p);
    unescape_all(line, &want);
    ck_assert_msg(span_eq(got, buf_span(&want)), "%s: asked for \"%.*s\", "
                  "want \"%.*s\"", p->name, SPAN_ARG(got),
                  SPAN_ARG(buf_span(&want)));
    buf_free(&want);
}

static void ask_sender(struct play *p)
{
    const struct serve_mail *mail = serve_mail(p->serve);
    struct buf got = {0};

    ck_assert(!p->open);
    command_mail(mail->sender, &mail->parameters, &got);
    expect_asked(p, buf_span(&got));
    p->rcpts = 0;
    p->open = answer(p, S("250 2.1.0 ok"));
    buf_free(&got);
}

static void ask_recipient(struct play *p)
{
    const struct serve_rcpt *rcpt = serve_rcpt(p->serve);
    struct buf got = {0};

    ck_assert(p->open);
    command_rcpt(rcpt->recipient, &rcpt->parameters, &got);
    expect_asked(p, buf_span(&got));
    p->rcpts += answer(p, S("250 2.1.5 ok"));
    buf_free(&got);
}

static void keep_content(struct play *p)
{
    struct span line, text;
    struct span piece = serve_content(p->serve);

    ck_assert(p->open && p->rcpts && piece.n);
    if (next_line(p, "= refuse", &line)) {
        text = span_from(line, 4);
        serve_refuse(p->serve, atoi(line.p),
                     span_upto(text, span_find(text, ' ')),
                     span_from(text, span_find(text, ' ') + 1));
        return;
    }
    buf_add(&p->content, piece);
    serve_taken(p->serve);
}

static void ask_message(struct play *p)
{
    struct buf want = {0};

    ck_assert(p->open && p->rcpts);
    take_lines(p, "B:", &want);
    ck_assert_msg(span_eq(buf_span(&p->content), buf_span(&want)),
                  "%s: message \"%.*s\", want \"%.*s\"", p->name,
                  SPAN_ARG(buf_span(&p->content)), SPAN_ARG(buf_span(&want)));
    expect_asked(p, S("message"));
    answer(p, S("250 2.0.0 sent"));
    p->open = false;
    buf_clear(&p->content);
    buf_free(&want);
}

static void forget(struct play *p)
{
    struct span line;

    ck_assert_msg(p->open, "%s: there is nothing to forget", p->name);
    ck_assert_msg(p->cut || next_line(p, "RESET", &line),
                  "%s: told to forget at \"%.*s\"", p->name,
                  (int)span_find(p->script, '\n'), p->script.p);
    p->open = false;
    buf_clear(&p->content);
    serve_forgotten(p->serve);
}

static void play(struct play *p)
{
    for (;;)
        switch (serve_wants(p->serve)) {
        case SERVE_EXCHANGE:
            ck_assert_msg(!p->cut, "%s: goes on without a client", p->name);
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
            forget(p);
            break;
        case SERVE_OVER:
            return;
        }
}

/* Once it is over nothing is heard and nothing is said. */
static void expect_end(struct play *p)
{
    struct buf text = {0};

    ck_assert_msg(!p->open, "%s: it was not told to forget", p->name);
    if (take_lines(p, "S:", &text) && !p->cut)
        expect_output(p, buf_span(&text));
    take_output(p, serve_output(p->serve).n);
    serve_feed(p->serve, S("NOOP\r\n"));
    serve_closed(p->serve);
    ck_assert(serve_wants(p->serve) == SERVE_OVER);
    ck_assert(span_empty(serve_output(p->serve)));
    ck_assert_msg(p->cut || p->script.n == 0, "%s: left: \"%.*s\"", p->name,
                  SPAN_ARG(p->script));
    ck_assert_span(buf_span(&p->traced), buf_span(&p->output));
    buf_free(&text);
}

static void tear_down(struct play *p)
{
    serve_free(p->serve);
    buf_free(&p->said);
    buf_free(&p->content);
    buf_free(&p->output);
    buf_free(&p->traced);
}

/* True where the client was gone before the end. */
static bool play_through(const char *name, struct span script, size_t piece,
                         size_t budget)
{
    struct play p = {.name = name, .script = script, .piece = piece,
                     .budget = budget};
    bool cut;

    set_up(&p);
    play(&p);
    expect_end(&p);
    cut = p.cut;
    tear_down(&p);
    return cut;
}

static struct buf paths[FILES_MAX];
static int npaths;

static void find_dialogues(void)
{
    const char *top = getenv("srcdir");
    struct buf dir = {0};
    struct dirent **list = NULL;
    int n;

    buf_printf(&dir, "%s/tests/serve-dialogues", top ? top : ".");
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
    ck_assert(!play_through(path, buf_span(&script), SIZE_MAX, SIZE_MAX));
    ck_assert(!play_through(path, buf_span(&script), 1, SIZE_MAX));
    ck_assert(!play_through(path, buf_span(&script), 7, SIZE_MAX));
    for (size_t n = 0; play_through(path, buf_span(&script), SIZE_MAX, n);
         n += n < 600 ? 1 : 97)
        ;
    buf_free(&script);
}
END_TEST

static void note_line(void *self, bool ours, struct span line)
{
    buf_printf(self, "%s %.*s\n", ours ? "S:" : "C:", SPAN_ARG(line));
}

/* The trace is told of commands and replies, not of texts and secrets. */
START_TEST(trace_is_told)
{
    struct buf told = {0};
    struct serve_settings settings = {.name = S("me"), .trace = note_line,
                                      .trace_self = &told};
    struct serve *s = serve_new(&settings);

    serve_feed(s, S("auth plain c2VjcmV0\r\nrset\nno such\001\n"
                    "mail from:<a>\r\n"));
    serve_answer(s, 250, S("2.1.0"), S("two\nlines"));
    serve_feed(s, S("RCPT TO:<b>\r\nDATA\r\nto b\r\n.\r\n"));
    serve_answer(s, 250, S("2.1.5"), S("ok"));
    serve_taken(s);
    serve_answer(s, 250, S("2.0.0"), S("sent"));
    ck_assert_span(buf_span(&told),
                   S("S: 220 me ESMTP pennypost\n"
                     "C: auth\n"
                     "S: 502 5.5.1 this is not offered here\n"
                     "C: rset\n"
                     "S: 250 2.0.0 ok\n"
                     "C: no such\001\n"
                     "S: 500 5.5.2 there is a control character in the "
                     "line\n"
                     "C: mail from:<a>\n"
                     "S: 250-2.1.0 two\n"
                     "S: 250 2.1.0 lines\n"
                     "C: RCPT TO:<b>\n"
                     "S: 250 2.1.5 ok\n"
                     "C: DATA\n"
                     "S: 354 End data with <CR><LF>.<CR><LF>\n"
                     "S: 250 2.0.0 sent\n"));
    serve_free(s);
    buf_free(&told);
}
END_TEST

/* What is not asked for is not listened to. */
START_TEST(calls_out_of_order)
{
    struct serve_settings settings = {.name = S("me")};
    struct serve *s = serve_new(&settings);

    serve_answer(s, 250, S(""), S("who asked?"));
    serve_taken(s);
    serve_refuse(s, 550, S(""), S("refuse what?"));
    serve_forgotten(s);
    serve_sent(s, 1000);
    ck_assert(serve_wants(s) == SERVE_EXCHANGE);
    ck_assert_uint_eq(serve_output(s).n, 0);
    serve_feed(s, S("MAIL FROM:<a>\r\n"));
    serve_closed(s);
    serve_stop(s);
    ck_assert(serve_late(s) && serve_wants(s) == SERVE_SENDER);
    serve_answer(s, 250, S(""), S("ok"));
    ck_assert(serve_wants(s) == SERVE_EXCHANGE);
    serve_free(s);
    serve_free(NULL);
}
END_TEST

START_TEST(dialogues_are_there)
{
    ck_assert_int_ge(npaths, 40);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("serve");

    find_dialogues();
    tcase_add_test(t, trace_is_told);
    tcase_add_test(t, calls_out_of_order);
    tcase_add_test(t, dialogues_are_there);
    tcase_add_loop_test(t, dialogue_is_followed, 0, npaths);
    return unit_run("serve", t);
}
