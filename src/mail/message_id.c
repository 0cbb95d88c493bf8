/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/message_id.h"

enum { RANDOM_BYTES = 10 };

/* No "i", "l", "o" or "u": the name is read aloud now and then. */
static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

static void print_time(uint64_t seconds, struct buf *out)
{
    unsigned shift = 60;

    while (shift && !(seconds >> shift))
        shift -= 5;
    for (; shift; shift -= 5)
        buf_addc(out, digits[seconds >> shift & 31]);
    buf_addc(out, digits[seconds & 31]);
}

/* Five bits a digit: RANDOM_BYTES come out even. */
static void print_random(const unsigned char *random, struct buf *out)
{
    unsigned bits = 0, held = 0;

    for (size_t i = 0; i < RANDOM_BYTES; i++) {
        held = held << 8 | random[i];
        for (bits += 8; bits >= 5; bits -= 5)
            buf_addc(out, digits[held >> (bits - 5) & 31]);
    }
}

/* It may stand behind the "@" (RFC 5322, 3.6.4: dot-atom or literal). */
static bool stands(struct span domain)
{
    for (size_t i = 0; i < domain.n; i++)
        if (domain.p[i] <= ' ' || domain.p[i] > '~'
            || strchr("()<>@,;\\\"", domain.p[i]))
            return false;
    return !span_empty(domain);
}

void message_id_print(const struct world *w, struct span domain,
                      struct buf *out)
{
    buf_addc(out, '<');
    print_time((uint64_t)w->now, out);
    buf_addc(out, '.');
    print_random(w->random, out);
    buf_addc(out, '@');
    buf_add(out, stands(domain) ? domain : S("localhost"));
    buf_addc(out, '>');
}
