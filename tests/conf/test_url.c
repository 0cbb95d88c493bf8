/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/url.h"
#include "unit.h"

#include <stdlib.h>

#define LONG_LABEL                                                           \
    "a23456789a23456789a23456789a23456789a23456789a23456789a234567891234"

static const struct {
    const char *text, *scheme, *host;
    unsigned port;
    bool implicit_tls, literal;
    const char *user, *password;
} good[] = {
    {"submissions://h.example", "submissions", "h.example", 465, true, false,
     "", ""},
    {"submission://h.example", "submission", "h.example", 587, false, false,
     "", ""},
    {"smtps://h.example", "smtps", "h.example", 465, true, false, "", ""},
    {"smtp://h.example", "smtp", "h.example", 25, false, false, "", ""},
    {"lmtp://h.example", "lmtp", "h.example", 24, false, false, "", ""},
    {"SUBMISSION://h.example/", "submission", "h.example", 587, false, false,
     "", ""},
    {"smtp://h:2525", "smtp", "h", 2525, false, false, "", ""},
    {"smtp://h:65535/", "smtp", "h", 65535, false, false, "", ""},
    {"smtp://my_relay", "smtp", "my_relay", 25, false, false, "", ""},
    {"smtp://h.example.", "smtp", "h.example", 25, false, false, "", ""},
    {"smtp://192.0.2.1:25", "smtp", "192.0.2.1", 25, false, true, "", ""},
    {"smtp://[2001:db8::1]", "smtp", "2001:db8::1", 25, false, true, "", ""},
    {"smtp://[::1]:587", "smtp", "::1", 587, false, true, "", ""},
    {"smtp://[fe80::1%eth0]:26", "smtp", "fe80::1%eth0", 26, false, true, "",
     ""},
    {"smtp://k\xC3\xB6ln.example", "smtp", "xn--kln-sna.example", 25, false,
     false, "", ""},
    {"smtp://bob@h", "smtp", "h", 25, false, false, "bob", ""},
    {"smtp://bob:@h", "smtp", "h", 25, false, false, "bob", ""},
    {"smtp://bob:pw@h:26", "smtp", "h", 26, false, false, "bob", "pw"},
    {"smtp://bob:p%25w%3a@h", "smtp", "h", 25, false, false, "bob", "p%w:"},
    {"smtp://me@gmail.com@h", "smtp", "h", 25, false, false, "me@gmail.com",
     ""},
    {"smtp://me@a.example:p@ss:w/?#@h:26", "smtp", "h", 26, false, false,
     "me@a.example", "p@ss:w/?#"},
    {"smtp://bob%2F:pw@[::1]", "smtp", "::1", 25, false, true, "bob/", "pw"},
    {"smtp://bob:\xC3\xA4@h", "smtp", "h", 25, false, false, "bob",
     "\xC3\xA4"},
};

START_TEST(reads_a_server)
{
    struct arena arena = {0};
    struct server s;
    struct err err = {0};

    ck_assert_msg(url_parse(span_of(good[_i].text), &arena, &s, &err),
                  "%s: %s", good[_i].text, err.text);
    ck_assert_span(s.scheme, span_of(good[_i].scheme));
    ck_assert_span(s.host, span_of(good[_i].host));
    ck_assert_uint_eq(s.port, good[_i].port);
    ck_assert_int_eq(s.implicit_tls, good[_i].implicit_tls);
    ck_assert_int_eq(s.literal, good[_i].literal);
    ck_assert_int_eq(s.protocol,
                     strcmp(good[_i].scheme, "lmtp") ? SERVER_SMTP
                                                     : SERVER_LMTP);
    ck_assert_span(s.user, span_of(good[_i].user));
    ck_assert_span(s.password, span_of(good[_i].password));
    ck_assert(!s.local);
    ck_assert_span(s.path, S(""));
    arena_free(&arena);
}
END_TEST

static const char *const sockets[] = {"unix:/run/a.sock",
                                      "unix:///run/a.sock",
                                      "UNIX:/run/a.sock"};

START_TEST(reads_a_local_socket)
{
    struct arena arena = {0};
    struct server s;
    struct err err = {0};

    ck_assert(url_parse(span_of(sockets[_i]), &arena, &s, &err));
    ck_assert(s.local);
    ck_assert(!s.implicit_tls);
    ck_assert_span(s.path, S("/run/a.sock"));
    ck_assert_span(s.host, S(""));
    ck_assert_uint_eq(s.port, 0);
    arena_free(&arena);
}
END_TEST

static const struct {
    const char *text, *says, *hint;
} bad[] = {
    {"", "the server '' is not a URL", "write submissions://mail."},
    {"h.example", "'h.example' is not a URL",
     "write submissions://h.example (TLS at once, port 465) or "
     "submission://h.example (STARTTLS, port 587)"},
    {"h.example:587", "is not a URL", "write submission://h.example:587"},
    {"h.example:465", "is not a URL", "write submissions://h.example:465"},
    {"submission:h.example", "is not a URL", "write submissions://mail."},
    {"bob:pw@h", "'bob:(hidden)@h' is not a URL", "write submissions://bob"},
    {"submision://h", "unknown scheme", "did you mean 'submission://'?"},
    {"submissionss://h", "unknown scheme", "did you mean 'submissions://'?"},
    {"imap://h", "unknown scheme", "the schemes are submissions,"},
    {"://h", "unknown scheme", "the schemes are"},
    {"smtp://a smtp://b", "a list of servers is not in this version", ""},
    {"smtp://a\tb", "holds a blank", ""},
    {"smtp://a\r\nb", "control character", ""},
    {"smtp://a\x7F", "control character", ""},
    {"smtp://", "names no host", ""},
    {"smtp://.", "names no host", ""},
    {"smtp://bob@", "names no host", ""},
    {"smtp://:25", "names no host", ""},
    {"smtp://@h", "no user before the '@'", ""},
    {"smtp://:pw@h", "'smtp://:(hidden)@h' has no user", ""},
    {"smtp://a/b:pw@h", "in the user", ""},
    {"smtp://h/?from=a@b", "in the user", ""},
    {"smtp://bob:100%@h", "'smtp://bob:(hidden)@h' has a '%' that begins no",
     "a '%' in a user or password is written '%25'"},
    {"smtp://bob:%2@h", "begins no escape", "'%25'"},
    {"smtp://bob:%zz@h", "begins no escape", "'%25'"},
    {"smtp://bob:%0a@h", "hides a control character", ""},
    {"smtp://bob%00@h", "hides a control character", ""},
    {"smtp://bob:%7F@h", "hides a control character", ""},
    {"smtp://bob:(hidden)@h", "has what is shown in place of a password, not "
                              "the password", ""},
    {"smtp://h:0", "a port that is not a number from 1 to 65535", ""},
    {"smtp://h:65536", "a port that is not a number from 1 to 65535", ""},
    {"smtp://h:", "a port that is not", ""},
    {"smtp://bob:secret", "'smtp://bob:(hidden)' has a port that", ""},
    {"smtp://bob:25x", "'smtp://bob:(hidden)' has a port that", ""},
    {"smtp://[::1]:x", "'smtp://[::1]:(hidden)' has a port that", ""},
    {"smtp://h/path", "goes on after the host", ""},
    {"smtp://h?x", "goes on after the host", ""},
    {"smtp://h#x", "goes on after the host", ""},
    {"smtp://::1", "more than one ':'", "[2001:db8::1]"},
    {"smtp://[::1", "no IPv6 address between", ""},
    {"smtp://[]", "no IPv6 address between", ""},
    {"smtp://[1.2.3.4]", "no IPv6 address between", ""},
    {"smtp://[::g]", "no IPv6 address between", ""},
    {"smtp://[::1%]", "no IPv6 address between", ""},
    {"smtp://[::1]x", "other than a port", ""},
    {"smtp://1.2.3", "no IP address", ""},
    {"smtp://1.2.3.256", "no IP address", ""},
    {"smtp://1.2.3.4.5", "no IP address", ""},
    {"smtp://a..b", "no domain name", ""},
    {"smtp://a%62c", "no domain name", ""},
    {"smtp://" LONG_LABEL, "no domain name", ""},
    {"unix:", "no path that begins with '/'", "write unix:/run"},
    {"unix:run/a.sock", "no path that begins with '/'", "write unix:/run"},
    {"unix://host/a", "no path that begins with '/'", "write unix:/run"},
};

START_TEST(refuses_what_is_no_server)
{
    struct arena arena = {0};
    struct server s;
    struct err err = {0};

    ck_assert_msg(!url_parse(span_of(bad[_i].text), &arena, &s, &err),
                  "accepted %s", bad[_i].text);
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_msg(strstr(err.text, bad[_i].says), "%s: %s", bad[_i].text,
                  err.text);
    ck_assert_msg(strstr(err.hint, bad[_i].hint), "%s: hint %s",
                  bad[_i].text, err.hint);
    ck_assert_ptr_null(strstr(err.text, "secret"));
    ck_assert_ptr_null(strstr(err.text, "pw"));
    arena_free(&arena);
}
END_TEST

static const struct {
    const char *text, *masked;
} masks[] = {
    {"smtp://bob:pw@h:25", "smtp://bob:(hidden)@h:25"},
    {"smtp://bob:p@w:x@h", "smtp://bob:(hidden)@h"},
    {"smtp://me@a:pw@h", "smtp://me@a:(hidden)@h"},
    {"smtp://bob@h:25", "smtp://bob@h:25"},
    {"smtp://bob:@h", "smtp://bob:@h"},
    {"smtp://h:25", "smtp://h:25"},
    {"smtp://h:25/", "smtp://h:25/"},
    {"smtp://h:1029", "smtp://h:1029"},
    {"smtp://[::1]", "smtp://[::1]"},
    {"smtp://[::1]:25", "smtp://[::1]:25"},
    {"smtp://bob:pw", "smtp://bob:(hidden)"},
    {"smtp://bob:12/34", "smtp://bob:(hidden)"},
    {"smtp://bob:s3]cr3t", "smtp://bob:(hidden)"},
    {"smtp://bob:123456", "smtp://bob:(hidden)"},
    {"unix:bob:pw@h", "unix:bob:(hidden)@h"},
    {"unix://bob:pw@h", "unix://bob:(hidden)@h"},
    {"bob:pw@h", "bob:(hidden)@h"},
    {"bob:pw", "bob:(hidden)"},
    {"h", "h"},
    {"", ""},
    {"unix:/run/a@b:c@d", "unix:/run/a@b:c@d"},
    {"submission:bob:pw@h", "submission:(hidden)@h"},
    {"x://bob:pw@h", "x://bob:(hidden)@h"},
};

START_TEST(hides_the_password)
{
    struct buf out = {0};

    url_mask(span_of(masks[_i].text), &out);
    ck_assert_span(buf_span(&out), span_of(masks[_i].masked));
    buf_free(&out);
}
END_TEST

/* Whatever a URL is cut down to, its password is not in the error. */
START_TEST(no_cut_shows_the_password)
{
    static const char url[] = "submission://bob:xyzzy%41@h.example:25/";

    for (size_t cut = 0; cut < sizeof url; cut++) {
        struct arena arena = {0};
        struct server s;
        struct err err = {0};

        if (!url_parse(span_upto(span_of(url), cut), &arena, &s, &err))
            ck_assert_msg(!strstr(err.text, "xy"), "%s", err.text);
        arena_free(&arena);
    }
}
END_TEST

static const struct {
    const char *text, *user, *nobody;
} stripped[] = {
    {"smtp://bob:pw@h:25/", "smtp://bob@h:25/", "smtp://h:25/"},
    {"smtp://bob:p@w:x/?#@h", "smtp://bob@h", "smtp://h"},
    {"smtp://me@a:pw@h", "smtp://me@a@h", "smtp://h"},
    {"smtp://b%3Ab:p%40@[::1]:26", "smtp://b%3Ab@[::1]:26",
     "smtp://[::1]:26"},
    {"smtp://bob@h", "smtp://bob@h", "smtp://h"},
    {"smtp://bob:@h", "smtp://bob@h", "smtp://h"},
    {"smtp://h:25", "smtp://h:25", "smtp://h:25"},
    {"unix:/run/a@b:c@d", "unix:/run/a@b:c@d", "unix:/run/a@b:c@d"},
};

START_TEST(leaves_out_the_login)
{
    struct buf out = {0};

    url_without_login(span_of(stripped[_i].text), true, &out);
    ck_assert_span(buf_span(&out), span_of(stripped[_i].user));
    buf_clear(&out);
    url_without_login(span_of(stripped[_i].text), false, &out);
    ck_assert_span(buf_span(&out), span_of(stripped[_i].nobody));
    buf_free(&out);
}
END_TEST

/* The error shows the URL as far as it goes, but for the password. */
static void cut_check(struct span url)
{
    struct arena arena = {0};
    struct server s;
    struct err err = {0};
    struct buf shown = {0};

    buf_add(&shown, S("the server '"));
    url_mask(url, &shown);
    buf_add(&shown, S("' "));
    if (!url_parse(url, &arena, &s, &err)) {
        ck_assert_int_eq(err.kind, ERR_CONFIG);
        ck_assert_msg(span_starts(span_of(err.text), buf_span(&shown)),
                      "%.*s: %s", SPAN_ARG(url), err.text);
    }
    buf_free(&shown);
    arena_free(&arena);
}

START_TEST(every_cut_is_read_or_refused_by_name)
{
    const char *text =
        _i < (int)COUNT(good) ? good[_i].text : sockets[_i - (int)COUNT(good)];

    for (size_t cut = 0; cut <= strlen(text); cut++) {
        char *copy = malloc(cut ? cut : 1);

        memcpy(copy, text, cut);
        cut_check((struct span){copy, cut});
        free(copy);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("url");

    tcase_add_loop_test(t, reads_a_server, 0, COUNT(good));
    tcase_add_loop_test(t, reads_a_local_socket, 0, COUNT(sockets));
    tcase_add_loop_test(t, refuses_what_is_no_server, 0, COUNT(bad));
    tcase_add_loop_test(t, hides_the_password, 0, COUNT(masks));
    tcase_add_loop_test(t, leaves_out_the_login, 0, COUNT(stripped));
    tcase_add_test(t, no_cut_shows_the_password);
    tcase_add_loop_test(t, every_cut_is_read_or_refused_by_name, 0,
                        COUNT(good) + COUNT(sockets));
    return unit_run("url", t);
}
