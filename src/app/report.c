/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/report.h"

#include <inttypes.h>

enum { TEXT_MAX = 400 }; /* octets of a reply that are shown */

/* The one whose failure decides the status; NULL where there is none. */
static const struct transaction_rcpt *decisive(const struct delivery *d)
{
    const struct transaction_rcpt *refused = NULL;

    for (size_t i = 0; i < d->nrcpts; i++) {
        const struct transaction_rcpt *r = &d->rcpts[i];

        if (r->outcome != OUTCOME_SENT && r->outcome != OUTCOME_REFUSED)
            return r;
        if (r->outcome == OUTCOME_REFUSED && !refused)
            refused = r;
    }
    return refused;
}

int report_status(const struct delivery *d)
{
    const struct transaction_rcpt *r = decisive(d);

    if (!r)
        return 0;
    /* That nothing is known of one must not look like success. */
    return err_status(r->kind == ERR_NONE ? ERR_SOFTWARE : r->kind);
}

/*
 * Replies of one code and status are one fate, though many servers name the
 * address in the text; where there was no reply the text decides.
 */
static bool same_fate(const struct transaction_rcpt *a,
                      const struct transaction_rcpt *b)
{
    if (a->outcome != b->outcome || a->kind != b->kind || a->code != b->code)
        return false;
    return a->code ? span_eq(a->status, b->status) : span_eq(a->text, b->text);
}

/* R is the first in the list with its fate. */
static bool is_first(const struct delivery *d, const struct transaction_rcpt *r)
{
    for (const struct transaction_rcpt *at = d->rcpts; at < r; at++)
        if (same_fate(at, r))
            return false;
    return true;
}

static void add_shown(struct buf *out, struct span s)
{
    err_escape(s, out);
}

/* Everyone with R's fate, commas between. */
static void print_names(const struct delivery *d,
                        const struct transaction_rcpt *r, struct buf *out)
{
    const char *before = "";

    for (size_t i = 0; i < d->nrcpts; i++) {
        if (!same_fate(&d->rcpts[i], r))
            continue;
        buf_add(out, span_of(before));
        add_shown(out, d->rcpts[i].address);
        before = ", ";
    }
}

static size_t count_sent(const struct delivery *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->nrcpts; i++)
        n += d->rcpts[i].outcome == OUTCOME_SENT;
    return n;
}

static void print_fate(const struct delivery *d,
                       const struct transaction_rcpt *r, struct buf *out)
{
    static const char *const verbs[] = {
        [OUTCOME_NONE] = "not sent to ",
        [OUTCOME_SENT] = "sent to ",
        [OUTCOME_REFUSED] = "not sent to ",
        [OUTCOME_DEFERRED] = "not sent to ",
        [OUTCOME_OVERFLOW] = "not sent to ",
        [OUTCOME_IN_DOUBT] = "perhaps sent to ",
    };

    buf_add(out, S("pennypost: "));
    buf_add(out, span_of(verbs[r->outcome]));
    print_names(d, r, out);
    if (r->outcome != OUTCOME_SENT) {
        buf_add(out, S(": "));
        add_shown(out, span_upto(r->text, TEXT_MAX));
        buf_add(out, r->text.n > TEXT_MAX ? S(" ...") : S(""));
    }
    buf_addc(out, '\n');
}

static struct span wanted_login(const struct conf *conf)
{
    if (conf->tls_cert.text.n)
        return S("the server wants a login: set 'auth = EXTERNAL' where the "
                 "certificate is one, else 'user' and a password");
    return S("the server wants a login: set 'user' and 'password' or "
             "'password-command'");
}

/* What to try, where the session did not know better. */
static struct span advice(const struct delivery *d)
{
    int status = report_status(d);

    if (d->err.hint[0])
        return span_of(d->err.hint);
    if (status == err_status(ERR_DENIED) && !d->conf->user.text.n)
        return wanted_login(d->conf);
    if (status == err_status(ERR_TEMPORARY))
        return S("this may pass: send it again later");
    return S("");
}

void report_print(const struct delivery *d, struct buf *out)
{
    struct span hint = advice(d);

    if (report_status(d) == 0)
        return;
    for (size_t i = 0; i < d->nrcpts; i++)
        if (d->rcpts[i].outcome != OUTCOME_SENT && is_first(d, &d->rcpts[i]))
            print_fate(d, &d->rcpts[i], out);
    for (size_t i = 0; i < d->nrcpts; i++)
        if (d->rcpts[i].outcome == OUTCOME_SENT && is_first(d, &d->rcpts[i]))
            print_fate(d, &d->rcpts[i], out);
    if (hint.n)
        buf_printf(out, "pennypost: %.*s\n", SPAN_ARG(hint));
}

static bool plain_value(struct span value)
{
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] <= ' ' || value.p[i] == '"' || value.p[i] == '=' ||
            value.p[i] == 0x7F)
            return false;
    return value.n > 0;
}

static void add_pair(struct buf *line, const char *name, struct span value)
{
    buf_printf(line, "%s%s=", line->len ? " " : "", name);
    if (plain_value(value)) {
        add_shown(line, value);
        return;
    }
    buf_addc(line, '"');
    for (size_t i = 0; i < value.n;) {
        size_t run = span_find(span_from(value, i), '"');

        add_shown(line, span_upto(span_from(value, i), run));
        i += run + 1;
        if (i <= value.n)
            buf_addc(line, '\''); /* a quote inside would end the value */
    }
    buf_addc(line, '"');
}

static void add_optional(struct buf *line, const char *name, struct span value)
{
    if (value.n)
        add_pair(line, name, value);
}

static const char *const fates[] = {
    [OUTCOME_NONE] = "not-sent",     [OUTCOME_SENT] = "sent",
    [OUTCOME_REFUSED] = "refused",   [OUTCOME_DEFERRED] = "deferred",
    [OUTCOME_OVERFLOW] = "deferred", [OUTCOME_IN_DOUBT] = "in-doubt",
};

/* Deferred is what may pass by itself; a wrong password does not. */
static const char *fate(const struct transaction_rcpt *r)
{
    if (r->outcome == OUTCOME_DEFERRED && r->kind != ERR_TEMPORARY)
        return "failed";
    return fates[r->outcome];
}

/* to=<a@b>,<c@d> status=refused dsn=5.1.1 reason="...", for each fate. */
static void add_recipients(const struct delivery *d, struct buf *line)
{
    for (size_t i = 0; i < d->nrcpts; i++) {
        const struct transaction_rcpt *r = &d->rcpts[i];
        struct buf names = {0};

        if (!is_first(d, r))
            continue;
        buf_add(&names, S("<"));
        for (size_t k = i; k < d->nrcpts; k++)
            if (same_fate(&d->rcpts[k], r)) {
                buf_add(&names, k > i ? S(">,<") : S(""));
                buf_add(&names, d->rcpts[k].address);
            }
        buf_add(&names, S(">"));
        add_pair(line, "to", buf_span(&names));
        add_pair(line, "status", span_of(fate(r)));
        add_optional(line, "dsn", r->status);
        if (r->outcome != OUTCOME_SENT)
            add_pair(line, "reason", r->text);
        buf_free(&names);
    }
}

/* from=<a@b>, and what stands for a sender that is not allowed: asked=<c@d> */
static void add_sender(const struct delivery *d, struct buf *line)
{
    struct span asked = d->message->sender.asked;
    struct buf sender = {0};

    buf_printf(&sender, "<%.*s>", SPAN_ARG(d->message->envelope.sender));
    add_pair(line, "from", buf_span(&sender));
    buf_clear(&sender);
    buf_printf(&sender, span_eq(asked, S("<>")) ? "%.*s" : "<%.*s>",
               SPAN_ARG(asked));
    add_optional(line, "asked", asked.n ? buf_span(&sender) : asked);
    buf_free(&sender);
}

/* Names this one run among all the lines: what nobody else can guess. */
static void add_id(const struct delivery *d, struct buf *line)
{
    struct buf id = {0};

    for (size_t i = 0; i < 5; i++)
        buf_printf(&id, "%02x", d->world->random[i]);
    add_pair(line, "id", buf_span(&id));
    buf_free(&id);
}

void report_log(const struct delivery *d, struct buf *line,
                enum log_level *level)
{
    *level = report_status(d) == 0 ? LOG_LEVEL_INFO
             : count_sent(d) > 0   ? LOG_LEVEL_WARNING
                                   : LOG_LEVEL_ERROR;
    if (*level == LOG_LEVEL_INFO && d->warning.n)
        *level = LOG_LEVEL_WARNING;
    add_id(d, line);
    add_optional(line, "message-id", d->message->id);
    add_sender(d, line);
    add_recipients(d, line);
    if (d->message->envelope.dropped)
        buf_printf(line, " dropped=%zu", d->message->envelope.dropped);
    add_optional(line, "account", d->conf->account.text);
    add_optional(line, "server", d->host);
    add_optional(line, "address", d->address);
    add_optional(line, "tls", d->tls);
    add_optional(line, "auth", d->mechanism);
    add_optional(line, "warning", d->warning);
    if (d->size)
        buf_printf(line, " size=%" PRIu64, d->size);
    buf_printf(line, " uid=%u duration=%" PRId64 ".%03d", d->world->uid,
               d->duration / 1000, (int)(d->duration % 1000));
    add_optional(line, "reply", d->reply);
    add_optional(line, "converted", d->notes);
}
