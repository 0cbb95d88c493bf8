/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_header - whatever a message begins with, these hold:
 *
 *   - its header is text, in fields that make up the whole of it;
 *   - what leaves does not depend on what was in a Bcc;
 *   - an address is one again when it is read back, and holds no control
 *     character;
 *   - all sizes agree, however the input is cut.
 */
#include "mail/address.h"
#include "mail/compose.h"
#include "mail/envelope.h"
#include "mail/header.h"
#include "mail/lines.h"

#include <stdint.h>
#include <stdlib.h>

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool has_control(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 127)
            return true;
    return false;
}

static void try_lines(struct span raw)
{
    struct lines lines = {0};
    struct buf whole = {0}, cut = {0};

    lines_push(&lines, raw, &whole);
    lines_end(&lines, &whole);
    require(lines_size(raw) == whole.len);
    lines_push(&lines, span_upto(raw, raw.n / 2), &cut);
    lines_push(&lines, span_from(raw, raw.n / 2), &cut);
    lines_end(&lines, &cut);
    require(span_eq(buf_span(&whole), buf_span(&cut)));
    for (size_t i = 0; i < whole.len; i++)
        if (whole.data[i] == '\r' || whole.data[i] == '\n') {
            require(i + 1 < whole.len && whole.data[i] == '\r'
                    && whole.data[i + 1] == '\n');
            i++;
        }
    buf_free(&whole);
    buf_free(&cut);
}

static void try_dot(struct span raw)
{
    struct lone_dot dot = {0};
    struct buf whole = {0}, cut = {0};
    bool over = lone_dot_push(&dot, raw, &whole);

    lone_dot_end(&dot, &whole);
    require(span_starts(raw, buf_span(&whole)));
    lone_dot_push(&dot, span_upto(raw, raw.n / 2), &cut);
    require(lone_dot_push(&dot, span_from(raw, raw.n / 2), &cut) == over);
    lone_dot_end(&dot, &cut);
    require(span_eq(buf_span(&whole), buf_span(&cut)));
    buf_free(&whole);
    buf_free(&cut);
}

static void check_text(struct span text)
{
    require(span_empty(text) || span_ends(text, S("\n")));
    require(!span_starts(text, S("\n")));
    for (size_t i = 0; i < text.n; i++) {
        require(text.p[i] != '\r' && text.p[i] != '\0');
        require(i == 0 || text.p[i] != '\n' || text.p[i - 1] != '\n');
    }
}

static bool is_blind(const struct field *f)
{
    return field_is(f, S("Bcc")) || field_is(f, S("Resent-Bcc"));
}

/* HEADER with nothing in its Bcc fields. */
static void blind(struct span header, struct buf *out)
{
    struct field f;
    const char *end = header.p;

    for (struct span rest = header; header_next(&rest, &f);) {
        require(f.whole.p == end && !span_empty(f.name));
        end += f.whole.n;
        if (is_blind(&f))
            buf_printf(out, "%.*s:\n", SPAN_ARG(f.name));
        else
            buf_add(out, f.whole);
    }
    require(header.n == 0 || end == header.p + header.n);
}

static void try_compose(struct span header, bool fixups)
{
    static const struct world world = {.now = 1795294724, .utc_offset = 60};
    struct compose c = {.world = &world, .from = S("a@b"), .domain = S("b"),
                        .full_name = header, .fixups = fixups};
    struct buf out = {0}, blinded = {0}, expected = {0};
    struct span rest;
    struct field f;

    compose_header(&c, header, &out);
    check_text(buf_span(&out));
    for (rest = buf_span(&out); header_next(&rest, &f);)
        require(!is_blind(&f) && !span_empty(f.name));
    blind(header, &blinded);
    compose_header(&c, buf_span(&blinded), &expected);
    require(span_eq(buf_span(&out), buf_span(&expected)));
    buf_free(&out);
    buf_free(&blinded);
    buf_free(&expected);
}

/* What goes into "<" and ">" of a command comes out of them again. */
static void check_wire(struct span address)
{
    struct arena arena = {0};
    struct address *a;
    struct err err;
    struct buf again = {0};

    require(!has_control(address));
    require(address_read(address, &arena, &a, &err) && a && !a->next);
    buf_printf(&again, "%.*s@%.*s", SPAN_ARG(a->local), SPAN_ARG(a->domain));
    require(span_eq(buf_span(&again), address));
    buf_free(&again);
    arena_free(&arena);
}

static void check_envelope(const struct envelope *env)
{
    if (!span_empty(env->sender))
        check_wire(env->sender);
    for (size_t i = 0; i < env->nrcpts; i++)
        check_wire(env->rcpts[i].address);
}

/* Each recipient is already there when it is added once more. */
static void check_known(struct envelope *env)
{
    size_t n = env->nrcpts;
    struct err err;

    for (size_t i = 0; i < n; i++)
        require(envelope_operand(env, env->rcpts[i].address, S("b"), &err));
    require(env->nrcpts == n);
}

static void try_envelope(struct span text, struct span header)
{
    struct envelope env = {0};
    struct err err = {0};

    require(envelope_sender(&env, text, S("b"), &err) || err.kind);
    err = (struct err){0};
    require(envelope_operand(&env, text, S("b"), &err)
            == (err.kind == ERR_NONE));
    err = (struct err){0};
    require(envelope_header(&env, header, S("b"), &err)
            == (err.kind == ERR_NONE));
    check_envelope(&env);
    check_known(&env);
    envelope_free(&env);
}

static void try_address(struct span text)
{
    struct arena arena = {0};
    struct address *a;
    struct err err;
    size_t end = 0;

    if (address_read(text, &arena, &a, &err))
        for (; a; a = a->next) {
            require(!span_empty(a->local) && !has_control(a->local));
            require(!has_control(a->domain) && !has_control(a->display));
            require(a->local_end > end && a->local_end <= text.n);
            end = a->local_end;
        }
    else
        require(!a);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span raw = {(const char *)data, size};
    struct buf text = {0};
    size_t body_at;
    struct err err;

    try_lines(raw);
    try_dot(raw);
    try_address(raw);
    if (header_read(raw, &text, &body_at, &err)) {
        require(body_at <= size);
        check_text(buf_span(&text));
        try_compose(buf_span(&text), true);
        try_compose(buf_span(&text), false);
    }
    try_envelope(raw, buf_span(&text));
    buf_free(&text);
    return 0;
}
