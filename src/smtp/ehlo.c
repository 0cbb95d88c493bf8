/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/ehlo.h"

#include "smtp/sasl.h"

static void read_auth(struct ehlo *e, struct span parameters)
{
    struct span name;

    while (span_word(&parameters, ' ', &name)) {
        e->mechanisms |= sasl_bit(name);
        if (e->auth.len)
            buf_addc(&e->auth, ' ');
        buf_add(&e->auth, name);
    }
}

static void read_size(struct ehlo *e, struct span parameters)
{
    span_number(span_trim(parameters), UINT64_MAX, &e->size);
}

/* RFC 9422, 3: LIMITS RCPTMAX=100 MAILMAX=1000 */
static void read_limits(struct ehlo *e, struct span parameters)
{
    struct span limit;

    while (span_word(&parameters, ' ', &limit))
        if (span_istarts(limit, S("RCPTMAX=")))
            span_number(span_from(limit, 8), UINT64_MAX, &e->rcpt_max);
}

static const struct {
    struct span name;
    enum ehlo_keyword keyword;
    void (*read)(struct ehlo *, struct span parameters);
} keywords[] = {
    {SPAN_INIT("8BITMIME"), EHLO_8BITMIME, NULL},
    {SPAN_INIT("AUTH"), EHLO_AUTH, read_auth},
    {SPAN_INIT("BINARYMIME"), EHLO_BINARYMIME, NULL},
    {SPAN_INIT("CHUNKING"), EHLO_CHUNKING, NULL},
    {SPAN_INIT("DSN"), EHLO_DSN, NULL},
    {SPAN_INIT("ENHANCEDSTATUSCODES"), EHLO_ENHANCEDSTATUSCODES, NULL},
    {SPAN_INIT("LIMITS"), EHLO_LIMITS, read_limits},
    {SPAN_INIT("PIPELINING"), EHLO_PIPELINING, NULL},
    {SPAN_INIT("SIZE"), EHLO_SIZE, read_size},
    {SPAN_INIT("SMTPUTF8"), EHLO_SMTPUTF8, NULL},
    {SPAN_INIT("STARTTLS"), EHLO_STARTTLS, NULL},
};

/* The keyword ends at a blank, or at the "=" of old servers' "AUTH=LOGIN". */
static size_t keyword_end(struct span line)
{
    size_t blank = span_find(line, ' '), equals = span_find(line, '=');

    return blank < equals ? blank : equals;
}

static void line_read(struct ehlo *e, struct span line)
{
    struct span name = span_upto(line, keyword_end(line));

    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (!span_ieq(name, keywords[i].name))
            continue;
        e->has |= keywords[i].keyword;
        if (keywords[i].read)
            keywords[i].read(e, span_from(line, name.n + 1));
    }
}

void ehlo_read(const struct reply *reply, struct ehlo *e)
{
    struct span rest = buf_span(&reply->text), line;

    ehlo_free(e);
    span_line(&rest, &line);
    while (span_line(&rest, &line))
        line_read(e, span_trim(line));
}

void ehlo_free(struct ehlo *e)
{
    buf_free(&e->auth);
    *e = (struct ehlo){0};
}
