/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * convert - the pure path of the program on standard input and output
 *
 *     convert [7bit|8bitmime|smtputf8|binarymime] [SIZE] [raw|convert]
 *
 * Reads a message and writes what would follow DATA to a server of that kind,
 * with CRLF line ends; what was converted goes to standard error.  SIZE is how
 * many octets are surveyed and written at a time (0: as many as there are);
 * the last word is what is done with signed parts.  A refusal ends it with
 * status 65.
 */
#include "convert.h"

#include <stdio.h>

static void read_all(struct buf *raw)
{
    size_t n;

    do {
        n = fread(buf_room(raw, 65536), 1, 65536, stdin);
        buf_filled(raw, n);
    } while (n);
}

static struct recode_rules rules_for(struct span server, struct span signing)
{
    struct recode_rules rules = {
        .takes_8bit = !span_eq(server, S("7bit")),
        .takes_utf8 = span_eq(server, S("smtputf8")),
        .takes_binary = span_eq(server, S("binarymime")),
    };

    if (span_eq(signing, S("raw")))
        rules.signed_parts = RECODE_SIGNED_RAW;
    if (span_eq(signing, S("convert")))
        rules.signed_parts = RECODE_SIGNED_CONVERT;
    return rules;
}

int main(int argc, char **argv)
{
    const struct recode_rules rules =
        rules_for(span_of(argc > 1 ? argv[1] : "7bit"),
                  span_of(argc > 3 ? argv[3] : ""));
    struct buf raw = {0}, out = {0}, notes = {0};
    struct err err = {0};
    uint64_t size = 0;

    span_number(span_of(argc > 2 ? argv[2] : "0"), SIZE_MAX, &size);
    read_all(&raw);
    if (!convert_message(buf_span(&raw), &rules, (size_t)size, &out, &notes,
                         &err))
        err_print(&err, &notes);
    fputs(buf_cstring(&notes), stderr);
    if (err.kind == ERR_NONE)
        fwrite(buf_cstring(&out), 1, out.len, stdout);
    buf_free(&raw);
    buf_free(&out);
    buf_free(&notes);
    return err_status(err.kind);
}
