/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/netrc.h"

/* A file while it is read. */
struct reading {
    struct span rest;
    unsigned line;
    const struct netrc_login *login;
    struct buf word;      /* the one read last, without its quotes          */
    struct buf *password; /* of the entry we are in                         */
    bool ours;            /* that entry is for us, as far as it is known    */
    bool has_password;
    struct err *err;
};

static void next(struct reading *r)
{
    if (r->rest.p[0] == '\n')
        r->line++;
    r->rest = span_from(r->rest, 1);
}

static bool at(const struct reading *r, const char *octets)
{
    return r->rest.n && r->rest.p[0] && strchr(octets, r->rest.p[0]);
}

static char unescaped(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    }
    return c;
}

static bool quoted_take(struct reading *r)
{
    unsigned begun = r->line;

    for (next(r); r->rest.n && !at(r, "\""); next(r))
        if (at(r, "\\") && r->rest.n > 1) {
            next(r);
            buf_addc(&r->word, unescaped(r->rest.p[0]));
        } else {
            buf_addc(&r->word, r->rest.p[0]);
        }
    if (!r->rest.n)
        return fail(r->err, ERR_CONFIG, "line %u: a quote does not end",
                    begun);
    next(r);
    return true;
}

static void comment_skip(struct reading *r)
{
    while (r->rest.n && !at(r, "\n"))
        next(r);
}

/* To the next word; COMMENTS may stand before it. */
static void blanks_skip(struct reading *r, bool comments)
{
    while (at(r, " \t\r\n") || (comments && at(r, "#")))
        if (at(r, "#"))
            comment_skip(r);
        else
            next(r);
}

/* Read the next word into r->word; nothing where there is none. */
static bool word_take(struct reading *r, bool keyword)
{
    buf_clear(&r->word);
    blanks_skip(r, keyword);
    if (at(r, "\""))
        return quoted_take(r);
    for (; r->rest.n && !at(r, " \t\r\n"); next(r))
        buf_addc(&r->word, r->rest.p[0]);
    return true;
}

static void entry_begin(struct reading *r, bool ours)
{
    r->ours = ours;
    r->has_password = false;
    buf_clear(r->password);
}

static void machine_take(struct reading *r, struct span host)
{
    entry_begin(r, span_ieq(host, r->login->host));
}

static void login_take(struct reading *r, struct span user)
{
    r->ours = r->ours && span_eq(user, r->login->user);
}

static void password_take(struct reading *r, struct span password)
{
    buf_clear(r->password);
    buf_add(r->password, password);
    r->has_password = true;
}

/* A number, or the name of a service that sends mail. */
static void port_take(struct reading *r, struct span port)
{
    uint64_t number;

    if (span_number(port, UINT16_MAX, &number))
        r->ours = r->ours && number == r->login->port;
    else
        r->ours = r->ours && (span_istarts(port, S("smtp")) ||
                              span_istarts(port, S("submission")));
}

static void nothing_take(struct reading *r, struct span value)
{
    (void)r;
    (void)value;
}

/* What follows its name is no words but lines, up to an empty one. */
static void macro_take(struct reading *r, struct span name)
{
    struct span line;

    (void)name;
    comment_skip(r);
    if (r->rest.n)
        next(r);
    while (span_line(&r->rest, &line)) {
        r->line++;
        if (span_empty(span_trim(line)) || span_eq(line, S("\r")))
            return;
    }
}

static const struct {
    struct span name;
    void (*take)(struct reading *, struct span value);
} keywords[] = {
    {SPAN_INIT("machine"), machine_take}, {SPAN_INIT("login"), login_take},
    {SPAN_INIT("password"), password_take}, {SPAN_INIT("port"), port_take},
    {SPAN_INIT("account"), nothing_take}, {SPAN_INIT("macdef"), macro_take},
};

enum { KEYWORDS = sizeof keywords / sizeof *keywords };

/* The entry we were in ends here: it is the one. */
static bool entry_done(const struct reading *r, bool more)
{
    struct span word = buf_span(&r->word);

    return r->ours && r->has_password &&
           (!more || span_eq(word, S("machine")) ||
            span_eq(word, S("default")));
}

static bool keyword_take(struct reading *r)
{
    struct span word = buf_span(&r->word);

    if (span_eq(word, S("default")))
        entry_begin(r, true);
    for (size_t i = 0; i < KEYWORDS; i++)
        if (span_eq(word, keywords[i].name)) {
            if (!word_take(r, false))
                return false;
            keywords[i].take(r, buf_span(&r->word));
            break;
        }
    return true;
}

static bool entries_read(struct reading *r)
{
    bool more;

    do {
        if (!word_take(r, true))
            return false;
        more = r->word.len > 0 || r->rest.n > 0;
        if (entry_done(r, more))
            return true;
        if (!keyword_take(r))
            return false;
    } while (more);
    return true;
}

bool netrc_find(struct span text, const struct netrc_login *login,
                struct buf *password, bool *found, struct err *err)
{
    struct reading r = {.rest = text, .line = 1, .login = login,
                        .password = password, .err = err};
    bool done;

    /* Once, so that no copy of a password stays behind. */
    buf_room(&r.word, text.n + 1);
    buf_room(password, text.n + 1);
    done = entries_read(&r);
    *found = done && r.ours && r.has_password;
    if (!*found)
        buf_wipe(password);
    buf_wipe(&r.word);
    return done;
}
