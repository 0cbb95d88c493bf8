/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/foreign.h"

#include "unit.h"

static const struct {
    struct span said;
    unsigned port;
    bool after_starttls;
    const char *text, *hint;
} cases[] = {
    {SPAN_INIT("220 mx.example.org ESMTP\r\n"), 465, false,
     "the server 'mx' on port 465 does not speak TLS: it says"
     " '220 mx.example.org ESMTP'",
     "it may know STARTTLS: try submission://mx as the server"},
    {SPAN_INIT("220-mx\r\n220 mx\r\n"), 2525, false,
     "the server 'mx' on port 2525 does not speak TLS: it says '220-mx'",
     "it may know STARTTLS: try submission://mx:2525 as the server"},
    {SPAN_INIT("554 go away"), 0, false,
     "the server 'mx' does not speak TLS: it says '554 go away'",
     "it may know STARTTLS: try submission://mx as the server"},
    {SPAN_INIT("2"), 465, false,
     "the server 'mx' on port 465 does not speak TLS: it says '2'",
     "it may know STARTTLS: try submission://mx as the server"},
    {SPAN_INIT("HTTP/1.1 400 Bad Request\r\nServer: x\r\n"), 443, false,
     "the server 'mx' on port 443 does not speak TLS: it says"
     " 'HTTP/1.1 400 Bad Request'",
     "this seems to be a web server; mail is mostly taken on port 465"
     " (submissions://) or 587 (submission://)"},
    {SPAN_INIT("<html>"), 80, false,
     "the server 'mx' on port 80 does not speak TLS: it says '<html>'",
     "this seems to be a web server; mail is mostly taken on port 465"
     " (submissions://) or 587 (submission://)"},
    {SPAN_INIT("* OK IMAP4rev1\r\n"), 143, false,
     "the server 'mx' on port 143 does not speak TLS: it says"
     " '* OK IMAP4rev1'",
     "this seems to be an IMAP server; mail is mostly taken on port 465"
     " (submissions://) or 587 (submission://)"},
    {SPAN_INIT("+OK POP3\r\n"), 110, false,
     "the server 'mx' on port 110 does not speak TLS: it says '+OK POP3'",
     "this seems to be a POP3 server; mail is mostly taken on port 465"
     " (submissions://) or 587 (submission://)"},
    {SPAN_INIT("SSH-2.0-x\r\n"), 22, false,
     "the server 'mx' on port 22 does not speak TLS: it says 'SSH-2.0-x'",
     "this seems to be an SSH server; mail is mostly taken on port 465"
     " (submissions://) or 587 (submission://)"},
    {SPAN_INIT("\0\1\33[2J22\n"), 1, false,
     "the server 'mx' on port 1 does not speak TLS: it says"
     " '\\x00\\x01\\x1B[2J22'",
     "is the port right? mail is mostly taken on port 465 (submissions://) or"
     " 587 (submission://)"},
    {SPAN_INIT("22x mx"), 1, false,
     "the server 'mx' on port 1 does not speak TLS: it says '22x mx'",
     "is the port right? mail is mostly taken on port 465 (submissions://) or"
     " 587 (submission://)"},
    {SPAN_INIT("250 injected\r\n"), 587, true,
     "the server 'mx' on port 587 goes on in the clear after STARTTLS: it says"
     " '250 injected'",
     "somebody on the way may be tampering with the connection"},
};

START_TEST(is_put_into_words)
{
    struct err err = {0};

    ck_assert(foreign_is(cases[_i].said));
    ck_assert(!foreign_fail(cases[_i].said, S("mx"), cases[_i].port,
                            cases[_i].after_starttls, &err));
    ck_assert_int_eq(err.kind, ERR_PROTOCOL);
    ck_assert_str_eq(err.text, cases[_i].text);
    ck_assert_str_eq(err.hint, cases[_i].hint);
}
END_TEST

START_TEST(tls_is_not_foreign)
{
    ck_assert(!foreign_is(S("\x16\x03\x03")));
    ck_assert(!foreign_is(S("\x15")));
    ck_assert(!foreign_is(S("")));
    ck_assert(foreign_is(S("\x17")));
}
END_TEST

START_TEST(is_bounded)
{
    struct buf said = {0};
    struct err err = {0};

    for (int i = 0; i < 1000; i++)
        buf_add(&said, S("220 "));
    foreign_fail(buf_span(&said), S("mx"), 465, false, &err);
    ck_assert_uint_lt(strlen(err.text), FOREIGN_MAX + 100);
    buf_free(&said);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("foreign");

    tcase_add_loop_test(t, is_put_into_words, 0, COUNT(cases));
    tcase_add_test(t, tls_is_not_foreign);
    tcase_add_test(t, is_bounded);
    return unit_run("foreign", t);
}
