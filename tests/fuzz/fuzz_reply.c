/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_reply - what a reply is does not depend on the pieces it comes in, and
 * it keeps its bounds
 */
#include "smtp/reply.h"

#include <stdlib.h>

static void insist(bool condition)
{
    if (!condition)
        abort();
}

struct reader {
    struct reply reply;
    struct buf in;
    enum reply_state state;
};

static void feed(struct reader *r, struct span piece)
{
    struct span rest;
    size_t before;

    if (r->state != REPLY_PARTIAL)
        return;
    buf_add(&r->in, piece);
    rest = buf_span(&r->in);
    do {
        before = rest.n;
        r->state = reply_read(&r->reply, &rest);
    } while (r->state == REPLY_PARTIAL && rest.n < before);
    buf_drop(&r->in, r->in.len - rest.n);
    insist(r->state != REPLY_PARTIAL || r->in.len <= REPLY_CHALLENGE_MAX + 1);
}

static void expect_bounds(const struct reply *reply)
{
    struct span text = buf_span(&reply->text);
    struct span status = reply_enhanced(reply);
    struct buf line = {0};

    insist(text.n <= REPLY_MAX + REPLY_LINES_MAX);
    insist(reply->lines <= REPLY_LINES_MAX);
    insist(reply->code == 0 ? reply->lines == 0
                            : reply->code >= 200 && reply->code <= 599);
    insist(span_find(text, '\0') == text.n);
    insist(span_starts(text, status) && status.n <= sizeof "2.123.123" - 1);
    reply_print(reply, &line);
    insist(span_find(buf_span(&line), '\n') == line.len);
    buf_free(&line);
}

static void expect_same(const struct reader *a, const struct reader *b)
{
    insist(a->state == b->state);
    insist(a->reply.code == b->reply.code);
    insist(a->reply.lines == b->reply.lines);
    insist(span_eq(buf_span(&a->reply.text), buf_span(&b->reply.text)));
}

static void reader_free(struct reader *r)
{
    reply_free(&r->reply);
    buf_free(&r->in);
}

/* Pieces of STEP octets, but the first of FIRST. */
static void try_pieces(const struct reader *whole, struct span in,
                       size_t first, size_t step)
{
    struct reader r = {0};

    feed(&r, span_upto(in, first));
    for (in = span_from(in, first); in.n; in = span_from(in, step))
        feed(&r, span_upto(in, step));
    expect_same(whole, &r);
    reader_free(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span in = {(const char *)data, size};
    struct reader whole = {0};
    size_t stride = size / 64 + 1; /* all of them, where it is short */

    feed(&whole, in);
    expect_bounds(&whole.reply);
    for (size_t cut = 0; cut <= size; cut += stride)
        try_pieces(&whole, in, cut, SIZE_MAX);
    try_pieces(&whole, in, 0, size < 4096 ? 1 : 512);
    try_pieces(&whole, in, 3, 7 + size / 64);
    reader_free(&whole);
    return 0;
}
