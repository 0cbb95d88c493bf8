/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "body.h"

static void octet_count(struct body *body, char c)
{
    bool after_cr = body->state == AFTER_CR;

    body->octets++;
    body->high += (unsigned char)c >= 0x80;
    body->nul += c == '\0';
    body->bare_lf += c == '\n' && !after_cr;
    body->bare_cr += c != '\n' && after_cr;
    if (c == '\n')
        body->line = 0;
    else if (c != '\r')
        body->line++;
    if (body->line > body->longest)
        body->longest = body->line;
}

static void octet_keep(struct body *body, char c, struct buf *out)
{
    octet_count(body, c);
    buf_addc(out, c);
    if (c == '\r')
        body->state = AFTER_CR;
    else
        body->state = c == '\n' && body->state == AFTER_CR ? AT_START : IN_LINE;
}

static void octet_take(struct body *body, char c, struct buf *out)
{
    if (body->state == AT_START && c == '.' && !body->counted) {
        body->state = AFTER_DOT;
    } else if (body->state == AFTER_DOT && c == '\r') {
        body->state = AFTER_DOT_CR;
    } else if (body->state == AFTER_DOT_CR && c == '\n') {
        body->state = AT_START;
        body->whole = true;
    } else {
        if (body->state == AFTER_DOT_CR) {
            body->state = IN_LINE;
            octet_keep(body, '\r', out);
        } else if (body->state == AFTER_DOT) {
            body->state = IN_LINE;
        }
        octet_keep(body, c, out);
    }
}

size_t body_push(struct body *body, struct span in, struct buf *out)
{
    size_t n = 0;

    while (n < in.n && !body->whole)
        octet_take(body, in.p[n++], out);
    return n;
}
