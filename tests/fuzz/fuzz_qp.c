/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Both encodings bring back what went in, and no line that they make is over
 * 76 octets.  The decoders are here: the program needs none.
 */
#include "mail/base64.h"
#include "mail/qp.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "fuzz_qp: %s\n", what);
        abort();
    }
}

static unsigned digit(char c)
{
    struct span digits = S("0123456789ABCDEF");
    size_t value = span_find(digits, c);

    check(value < digits.n, "an escape is not one");
    return (unsigned)value;
}

/* The lines of a text, LF at the end of each that has an end. */
static void canonical(struct span text, struct buf *out)
{
    struct raw_lines lines = {.rest = text};

    while (raw_lines_next(&lines)) {
        buf_add(out, lines.line);
        buf_add(out, lines.ended ? S("\n") : S(""));
    }
}

static void decode_qp_line(struct span line, bool ended, struct buf *out)
{
    bool soft = span_ends(line, S("="));

    check(line.n <= 76, "a line is too long");
    check(!span_ends(line, S(" ")) && !span_ends(line, S("\t")),
          "a line ends in a blank");
    check(!soft || ended, "a soft line break is the end");
    for (size_t i = 0; i + soft < line.n; i++)
        if (line.p[i] == '=') {
            check(i + 2 < line.n, "an escape is cut");
            buf_addc(out, (char)(digit(line.p[i + 1]) << 4 |
                                 digit(line.p[i + 2])));
            i += 2;
        } else {
            buf_addc(out, line.p[i]);
        }
    if (ended && !soft)
        buf_addc(out, '\n');
}

static void check_qp(struct span text, size_t about)
{
    static const struct qp_boundary outer = {SPAN_INIT("=b"), NULL};
    static const struct qp_boundary inner = {SPAN_INIT("ab"), &outer};
    struct qp qp = qp_of(text, &inner);
    struct buf encoded = {0}, decoded = {0}, want = {0};
    struct raw_lines lines;

    while (qp_next(&qp, about, &encoded))
        ;
    lines = (struct raw_lines){.rest = buf_span(&encoded)};
    while (raw_lines_next(&lines)) {
        check(!span_starts(lines.line, S("--ab")) &&
                  !span_starts(lines.line, S("From ")) &&
                  !span_eq(lines.line, S(".")),
              "a line may be taken for something else");
        decode_qp_line(lines.line, lines.ended, &decoded);
    }
    canonical(text, &want);
    check(span_eq(buf_span(&decoded), buf_span(&want)), "qp lost something");
    buf_free(&encoded);
    buf_free(&decoded);
    buf_free(&want);
}

static void decode_base64(struct span text, struct buf *out)
{
    static const struct span alphabet =
        SPAN_INIT("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                  "abcdefghijklmnopqrstuvwxyz0123456789+/");
    unsigned bits = 0, have = 0;

    for (size_t i = 0; i < text.n; i++) {
        size_t value = span_find(alphabet, text.p[i]);

        if (value == alphabet.n)
            continue;
        bits = (bits << 6 | (unsigned)value) & 0xFFFFFF;
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_addc(out, (char)(bits >> have & 0xFF));
        }
    }
}

static void check_base64(struct span octets, bool text, size_t about)
{
    struct base64 base64 = text ? base64_text_of(octets) : base64_of(octets);
    struct buf encoded = {0}, decoded = {0}, got = {0}, want = {0};
    struct span rest, line;

    while (base64_next(&base64, about, &encoded))
        ;
    for (rest = buf_span(&encoded); span_line(&rest, &line);)
        check(line.n <= 77 && (span_empty(rest) || line.n == 77),
              "a line is not full");
    decode_base64(buf_span(&encoded), &decoded);
    if (text) {
        canonical(octets, &want);
        canonical(buf_span(&decoded), &got);
    } else {
        buf_add(&want, octets);
        buf_add(&got, buf_span(&decoded));
    }
    check(span_eq(buf_span(&got), buf_span(&want)), "base64 lost something");
    buf_free(&encoded);
    buf_free(&decoded);
    buf_free(&got);
    buf_free(&want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span all = {(const char *)data, size}, octets = span_from(all, 1);
    size_t about = size ? 1 + 16 * (size_t)data[0] : 1;

    check_qp(octets, about);
    check_base64(octets, false, about);
    check_base64(octets, true, about);
    return 0;
}
