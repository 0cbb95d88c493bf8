/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/options.h"
#include "unit.h"

#include <stdlib.h>

#define HEX64                                                                \
    "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
#define COLONS32                                                             \
    "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:"                       \
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"
#define BASE64_44 "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/abcde="

static bool read_value(const char *name, struct span text, bool in_file,
                       struct arena *arena, struct span *read,
                       uint64_t *number, struct err *err)
{
    struct value_use use = {
        .setting = &conf_settings[setting_find(span_of(name))],
        .arena = arena,
        .home = S("/home/bob"),
        .in_file = in_file,
    };

    return value_read(&use, text, read, number, err);
}

static const struct {
    const char *name, *text, *read;
    uint64_t number;
} good[] = {
    {"user", "bob", "bob", 0},
    {"user", "\xC3\xA4 \"#'\\", "\xC3\xA4 \"#'\\", 0},
    {"user", "\xC2\xA0", "\xC2\xA0", 0},
    {"password", "\xC2\x41\xC2", "\xC2\x41\xC2", 0}, /* ISO 8859-1 */
    {"timeout", "1", "1", 1},
    {"timeout", "3600", "3600", 3600},
    {"size-limit", "1", "1", 1},
    {"size-limit", "2K", "2K", 2048},
    {"size-limit", "25m", "25m", 25 << 20},
    {"size-limit", "3G", "3G", (uint64_t)3 << 30},
    {"size-limit", "1024G", "1024G", (uint64_t)1 << 40},
    {"tls", "required", "required", CONF_TLS_REQUIRED},
    {"tls", "off", "off", CONF_TLS_OFF},
    {"signed", "reject", "reject", CONF_SIGNED_REJECT},
    {"signed", "raw", "raw", CONF_SIGNED_RAW},
    {"signed", "convert", "convert", CONF_SIGNED_CONVERT},
    {"log", "none", "none", 2},
    {"log", "/var/log/mail", "/var/log/mail", 3},
    {"log", "~/mail.log", "/home/bob/mail.log", 3},
    {"tls-trust", "system", "system", 0},
    {"tls", "unix-only", "unix-only", CONF_TLS_UNIX_ONLY},
    {"tls-trust", "none", "none", 1},
    {"tls-trust", "/etc/ca.pem", "/etc/ca.pem", 2},
    {"tls-cert", "/etc/c.pem", "/etc/c.pem", 0},
    {"tls-key", "pkcs11:token=t;object=o", "pkcs11:token=t;object=o", 0},
    {"tls-min-version", "1.3", "1.3", CONF_TLS_1_3},
    {"tls-pin", "first-use", "first-use", 0},
    {"domain", "example.com", "example.com", 0},
    {"domain", "example.com.", "example.com", 0},
    {"domain", "k\xC3\xB6ln.example", "xn--kln-sna.example", 0},
    {"ehlo-name", "[192.0.2.1]", "[192.0.2.1]", 0},
    {"auth", "plain", "PLAIN", 0},
    {"auth", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256-PLUS", 0},
    {"auth", " login,  plain ,XOAUTH2", "LOGIN PLAIN XOAUTH2", 0},
    {"auth", "Scram-sha-1+ plain", "SCRAM-SHA-1+ PLAIN", 0},
    {"auth", "SCRAM-SHA-256-PLUS-1+", "SCRAM-SHA-256-PLUS-1+", 0},
    {"tls-pin", HEX64, HEX64, 0},
    {"tls-pin", COLONS32, COLONS32, 0},
    {"tls-pin", "sha256:" HEX64, "sha256:" HEX64, 0},
    {"tls-pin", "sha256//" BASE64_44, "sha256//" BASE64_44, 0},
    {"from", "alerts", "alerts", 0},
    {"from", "Web 1 <a@b.example>", "Web 1 <a@b.example>", 0},
    {"allow-from", "<> root, *@b.example", "<> root, *@b.example", 0},
    {"rewrite-from", "unqualified", "unqualified",
     CONF_REWRITE_UNQUALIFIED},
    {"rewrite-from", "always", "always", CONF_REWRITE_ALWAYS},
    {"original-from", "reply-to", "reply-to", CONF_ORIGINAL_REPLY_TO},
    {"original-from", "none", "none", CONF_ORIGINAL_NONE},
    {"tls-pin", HEX64 ", " COLONS32, HEX64 ", " COLONS32, 0},
};

START_TEST(reads_a_value)
{
    struct arena arena = {0};
    struct span read = {0};
    uint64_t number = 0;
    struct err err = {0};

    ck_assert_msg(read_value(good[_i].name, span_of(good[_i].text), true,
                             &arena, &read, &number, &err),
                  "%s", err.text);
    ck_assert_span(read, span_of(good[_i].read));
    ck_assert_uint_eq(number, good[_i].number);
    arena_free(&arena);
}
END_TEST

static const struct {
    const char *name, *text, *says, *hint;
} bad[] = {
    {"timeout", "0", "timeout cannot be '0': it is a number of seconds from "
                     "1 to 3600", ""},
    {"timeout", "3601", "a number of seconds", ""},
    {"timeout", "-1", "a number of seconds", ""},
    {"timeout", "30s", "a number of seconds", ""},
    {"timeout", "99999999999999999999", "a number of seconds", ""},
    {"size-limit", "0", "size-limit cannot be '0': it is a number of bytes, "
                        "such as 500K, 25M or 1G", ""},
    {"size-limit", "M", "a number of bytes", ""},
    {"size-limit", "10MB", "a number of bytes", ""},
    {"size-limit", "1025G", "a number of bytes", ""},
    {"size-limit", "1T", "a number of bytes", ""},
    {"size-limit", "18014398509481984K", "a number of bytes", ""},
    {"tls", "on", "tls cannot be 'on': it is required or unix-only or off", ""},
    {"tls", "Off", "it is required or unix-only or off", "did you mean 'off'?"},
    {"tls", "requird", "it is required or unix-only or off", "did you mean 'required'?"},
    {"queue", "on", "queue cannot be 'on': it is off",
     "only 'off' works in this version"},
    {"log", "sylog", "it is syslog or journal or none or path",
     "did you mean 'syslog'?"},
    {"log", "mail.log", "it is syslog", "begins with '/' or '~/'"},
    {"tls-trust", "sytem", "tls-trust cannot be 'sytem': it is system or "
                           "none or path", "did you mean 'system'?"},
    {"tls-trust", "./ca.pem", "it is system or none or path",
     "a path in a file begins with '/' or '~/'"},
    {"domain", "a b", "domain cannot be 'a b': it is a domain name, or", ""},
    {"domain", ".", "a domain name", ""},
    {"ehlo-name", "[", "an address in brackets", ""},
    {"auth", "PLAIN;LOGIN", "such as PLAIN", ""},
    {"auth", "SCRAM-SHA-256-PLUS-1", NULL, NULL},
    {"auth", "SCRAM-SHA-256-PLUS-12", "names of SASL mechanisms", ""},
    {"auth", "SCRAM-SHA-256-PLUS-12+", "names of SASL mechanisms", ""},
    {"auth", "PLAIN, +", "names of SASL mechanisms", ""},
    {"auth", "PLAIN++", "names of SASL mechanisms", ""},
    {"auth", "+PLAIN", "names of SASL mechanisms", ""},
    {"auth", ",", "names of SASL mechanisms", ""},
    {"tls-pin", "xyz", "SHA-256 fingerprints", ""},
    {"tls-pin",
     "gggggggggggggggggggggggggggggggg//////////////////////////////\\\\",
     "SHA-256 fingerprints", ""},
    {"tls-pin", HEX64 "0", "SHA-256 fingerprints", ""},
    {"tls-pin", HEX64 " x", "SHA-256 fingerprints", ""},
    {"tls-pin", "sha256//" HEX64, "SHA-256 fingerprints", ""},
    {"tls-pin", "sha256//" BASE64_44 "=", "SHA-256 fingerprints", ""},
    {"tls-pin", "0:0112233445566778899aabbccddeeff0"
                "0112233445566778899aabbccddeeff0", "fingerprints", ""},
    {"user", "a\nb", "user holds a control character", ""},
    {"password", "a\x1B", "password holds a control character", ""},
    {"password", "(hidden)", "password cannot be '(hidden)': that is shown in "
                             "its place", "write the password itself"},
    {"password", "(hidden) ", NULL, NULL},
    {"user", "(hidden)", NULL, NULL},
    {"from", "a\x7F", "from holds a control character", ""},
    {"from", "a b", "from cannot be 'a b': it is one address, with or "
                    "without a name", "words side by side"},
    {"from", "a@b, c@d", "one address", "this is not one address"},
    {"from", " <> ", "one address", ""},
    {"allow-from", "a@b@c", "allow-from cannot be 'a@b@c': it is addresses, "
                            "with '*' and '?' for parts of them",
     "'a@b@c' has more than one '@'"},
    {"allow-from", ",", "it is addresses", "there is no pattern"},
    {"rewrite-from", "allways", "it is never or unqualified or always",
     "did you mean 'always'?"},
    {"user", "a\xC2\x9B[31m", "user holds a control character", ""},
    {"user", "\xC2\x80", "user holds a control character", ""},
};

START_TEST(refuses_a_value)
{
    struct arena arena = {0};
    struct span read = {0};
    uint64_t number = 0;
    struct err err = {0};
    bool done = read_value(bad[_i].name, span_of(bad[_i].text), true, &arena,
                           &read, &number, &err);

    ck_assert_msg(done == !bad[_i].says, "%s = %s", bad[_i].name,
                  bad[_i].text);
    if (!done) {
        ck_assert_int_eq(err.kind, ERR_CONFIG);
        ck_assert_msg(strstr(err.text, bad[_i].says), "%s", err.text);
        ck_assert_msg(strstr(err.hint, bad[_i].hint), "%s", err.hint);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(every_cut_is_read_or_refused_by_name)
{
    for (size_t cut = 1; cut <= strlen(good[_i].text); cut++) {
        struct arena arena = {0};
        struct span read = {0};
        uint64_t number = 0;
        struct err err = {0};
        char *copy = malloc(cut);

        memcpy(copy, good[_i].text, cut);
        if (!read_value(good[_i].name, (struct span){copy, cut}, true,
                        &arena, &read, &number, &err)) {
            struct buf says = {0};

            buf_printf(&says, "%s cannot be '%.*s': ", good[_i].name,
                       (int)cut, copy);
            ck_assert_int_eq(err.kind, ERR_CONFIG);
            ck_assert_msg(span_starts(span_of(err.text), buf_span(&says)),
                          "%s", err.text);
            buf_free(&says);
        }
        free(copy);
        arena_free(&arena);
    }
}
END_TEST

START_TEST(outside_a_file_a_path_may_be_relative)
{
    struct arena arena = {0};
    struct span read = {0};
    uint64_t number = 0;
    struct err err = {0};

    ck_assert(read_value("tls-trust", S("ca.pem"), false, &arena, &read,
                         &number, &err));
    ck_assert_span(read, S("ca.pem"));
    ck_assert(read_value("log", S("logs/mail"), false, &arena, &read,
                         &number, &err));
    ck_assert(!read_value("log", S("sylog"), false, &arena, &read, &number,
                          &err));
    arena_free(&arena);
}
END_TEST

START_TEST(no_home_no_path_in_it)
{
    struct arena arena = {0};
    struct span read = {0};
    uint64_t number = 0;
    struct err err = {0};
    struct value_use use = {.setting = &conf_settings[SETTING_log],
                            .arena = &arena};

    ck_assert(!value_read(&use, S("~/x"), &read, &number, &err));
    ck_assert_str_eq(err.text,
                     "log cannot be '~/x': no home directory is known");
    arena_free(&arena);
}
END_TEST

START_TEST(a_value_has_an_end)
{
    static char text[VALUE_LONGEST + 1];
    struct arena arena = {0};
    struct span read = {0};
    uint64_t number = 0;
    struct err err = {0};

    memset(text, 'x', sizeof text);
    ck_assert(read_value("user", (struct span){text, VALUE_LONGEST}, true,
                         &arena, &read, &number, &err));
    ck_assert(!read_value("user", (struct span){text, sizeof text}, true,
                          &arena, &read, &number, &err));
    ck_assert_str_eq(err.text, "user is longer than 8192 bytes");
    arena_free(&arena);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("value");

    tcase_add_loop_test(t, reads_a_value, 0, COUNT(good));
    tcase_add_loop_test(t, refuses_a_value, 0, COUNT(bad));
    tcase_add_loop_test(t, every_cut_is_read_or_refused_by_name, 0,
                        COUNT(good));
    tcase_add_test(t, outside_a_file_a_path_may_be_relative);
    tcase_add_test(t, no_home_no_path_in_it);
    tcase_add_test(t, a_value_has_an_end);
    return unit_run("value", t);
}
