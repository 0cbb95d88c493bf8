/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/undot.h"

/* This line follows a line end that the client does not use for its own. */
static bool is_strange(const struct undot *u)
{
    return u->crlf && u->bare;
}

/* A line has ended, in LF or in CRLF. */
static void line_ended(struct undot *u, bool after_cr)
{
    u->bare = !after_cr;
    u->state = UNDOT_START;
}

/* Take the rest of the line, or all there is of it. */
static void take_line(struct undot *u, struct span *in, struct buf *out)
{
    size_t lf = span_find(*in, '\n');
    struct span line = span_upto(*in, lf + 1);
    bool after_cr = lf ? in->p[lf - 1] == '\r' : u->state == UNDOT_CR;

    buf_add(out, line);
    if (lf < in->n)
        line_ended(u, after_cr);
    else
        u->state = after_cr ? UNDOT_CR : UNDOT_LINE;
    *in = span_from(*in, line.n);
}

static void take_start(struct undot *u, struct span *in, struct buf *out)
{
    if (in->p[0] != '.') {
        take_line(u, in, out);
        return;
    }
    u->state = UNDOT_DOT;
    *in = span_from(*in, 1);
}

/* The line goes on, and not with a LF: it was no lone dot. */
static void no_lone_dot(struct undot *u, struct span held, struct buf *out)
{
    buf_add(out, held);
    u->state = UNDOT_LINE;
}

static void take_after_dot(struct undot *u, struct span *in, struct buf *out)
{
    switch (in->p[0]) {
    case '\r':
        u->state = UNDOT_DOT_CR;
        break;
    case '\n':
        u->state = u->crlf ? UNDOT_LONE : UNDOT_OVER;
        break;
    default:
        no_lone_dot(u, is_strange(u) && in->p[0] != '.' ? S(".") : S(""), out);
        return;
    }
    *in = span_from(*in, 1);
}

static void take_after_dot_cr(struct undot *u, struct span *in,
                              struct buf *out)
{
    if (in->p[0] != '\n') {
        no_lone_dot(u, is_strange(u) ? S(".\r") : S("\r"), out);
        return;
    }
    u->state = is_strange(u) ? UNDOT_LONE_CR : UNDOT_OVER;
    *in = span_from(*in, 1);
}

/* More follows: the lone dot is a line like any other. */
static void take_after_lone(struct undot *u, struct span *in, struct buf *out)
{
    bool after_cr = u->state == UNDOT_LONE_CR;

    (void)in;
    buf_add(out, after_cr ? S(".\r\n") : S(".\n"));
    line_ended(u, after_cr);
}

static void (*const takers[])(struct undot *, struct span *, struct buf *) = {
    [UNDOT_START] = take_start,
    [UNDOT_LINE] = take_line,
    [UNDOT_CR] = take_line,
    [UNDOT_DOT] = take_after_dot,
    [UNDOT_DOT_CR] = take_after_dot_cr,
    [UNDOT_LONE] = take_after_lone,
    [UNDOT_LONE_CR] = take_after_lone,
};

bool undot_push(struct undot *u, struct span *in, struct buf *out)
{
    while (u->state != UNDOT_OVER && !span_empty(*in))
        takers[u->state](u, in, out);
    return u->state == UNDOT_OVER;
}

bool undot_may_be_over(const struct undot *u)
{
    return u->state == UNDOT_LONE || u->state == UNDOT_LONE_CR;
}

void undot_over(struct undot *u)
{
    if (undot_may_be_over(u))
        u->state = UNDOT_OVER;
}
