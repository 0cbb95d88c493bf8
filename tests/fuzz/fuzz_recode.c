/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any octets at all, as a message to servers of every kind: what comes out can
 * travel, has the size that was promised, does not depend on how the message
 * was read, and is taken as it is the second time.  The first octet says which
 * server it is and in what pieces the message is read.
 */
#include "mail/convert.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINE_MAX_SMTP = 998 };

static void check(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "fuzz_recode: %s\n", what);
        abort();
    }
}

static void check_line(struct span line, const struct recode_rules *rules)
{
    check(span_ends(line, S("\r")), "a line ends in a bare LF");
    line.n--;
    check(line.n <= LINE_MAX_SMTP, "a line is too long");
    for (size_t i = 0; i < line.n; i++) {
        check(line.p[i] != '\r', "a CR stands alone");
        check(line.p[i] != '\0', "there is a NUL");
        check((unsigned char)line.p[i] < 0x80 || rules->takes_8bit,
              "there is an octet over 127");
    }
}

/* What is not to be seen in binary parts, which are sent as they are. */
static void check_lines(struct span text, const struct recode_rules *rules)
{
    struct span line;

    check(span_ends(text, S("\r\n")), "the last line does not end");
    while (span_line(&text, &line))
        check_line(line, rules);
}

static void check_again(struct span text, const struct recode_rules *rules)
{
    struct buf again = {0}, notes = {0};
    struct err err = {0};

    check(convert_message(text, rules, 0, &again, &notes, &err),
          "what was converted is refused");
    check(span_eq(buf_span(&again), text), "it is converted again");
    buf_free(&again);
    buf_free(&notes);
}

static void check_pieces(struct span raw, const struct recode_rules *rules,
                         size_t size, struct span want)
{
    struct buf out = {0}, notes = {0};
    struct err err = {0};

    check(convert_message(raw, rules, size, &out, &notes, &err) &&
              span_eq(buf_span(&out), want),
          "it matters how the message was read");
    buf_free(&out);
    buf_free(&notes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned how = size ? data[0] : 0;
    struct span raw = span_from((struct span){(const char *)data, size}, 1);
    struct recode_rules rules = {
        .takes_8bit = how & 1,
        .takes_utf8 = (how & 3) == 3,
        .takes_binary = (how & 7) == 5,
        .signed_parts =
            how & 8 ? RECODE_SIGNED_CONVERT : RECODE_SIGNED_REJECT,
    };
    struct buf out = {0}, notes = {0};
    struct err err = {0};

    if (convert_message(raw, &rules, 0, &out, &notes, &err)) {
        if (!rules.takes_binary) {
            check_lines(buf_span(&out), &rules);
            check_again(buf_span(&out), &rules);
        }
        check_pieces(raw, &rules, 1 + (how >> 4), buf_span(&out));
        check(out.len < 40 * raw.n + 4096, "it grew too much");
    }
    check(err.kind != ERR_SOFTWARE, err.text);
    buf_free(&out);
    buf_free(&notes);
    return 0;
}
