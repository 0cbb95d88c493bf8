/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/protocol.h"

#include "unit.h"

static const struct {
    struct span said;
    const char *name; /* NULL: none that is known */
} cases[] = {
    {SPAN_INIT("* OK IMAP4rev1 ready\r\n"), "IMAP"},
    {SPAN_INIT("+OK POP3 ready\r\n"), "POP3"},
    {SPAN_INIT("-ERR no\r\n"), "POP3"},
    {SPAN_INIT("HTTP/1.1 400 Bad Request\r\n"), "HTTP"},
    {SPAN_INIT("http/1.0 400\r\n"), "HTTP"},
    {SPAN_INIT("<html>"), "HTTP"},
    {SPAN_INIT("SSH-2.0-OpenSSH\r\n"), "SSH"},
    {SPAN_INIT("\x15\x03\x01\x00\x02\x02\x46"), "TLS from the start"},
    {SPAN_INIT("\x16\x03\x03"), "TLS from the start"},
    {SPAN_INIT("220 mx.example.org\r\n"), NULL},
    {SPAN_INIT("\x15"), NULL},
    {SPAN_INIT("*"), NULL},
    {SPAN_INIT("HTTP"), NULL},
    {SPAN_INIT(""), NULL},
};

START_TEST(is_told_by_its_beginning)
{
    const struct protocol *protocol = protocol_of(cases[_i].said);

    if (!cases[_i].name) {
        ck_assert_ptr_null(protocol);
        return;
    }
    ck_assert_ptr_nonnull(protocol);
    ck_assert_str_eq(protocol->name, cases[_i].name);
    ck_assert(protocol->server[0] && protocol->hint[0]);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("protocol");

    tcase_add_loop_test(t, is_told_by_its_beginning, 0, COUNT(cases));
    return unit_run("protocol", t);
}
