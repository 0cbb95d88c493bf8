/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/read.h"
#include "unit.h"

static const struct {
    const char *file, *text, *hint; /* no text: it is good */
} cases[] = {
    {"server = smtp://h", NULL, NULL},
    {"server = smtp://u:p@h", NULL, NULL},
    {"server = smtp://h\nuser = u\npassword = p", NULL, NULL},
    {"server = smtp://u@h\npassword-command = c", NULL, NULL},
    {"server = smtp://h\ntls = off", NULL, NULL},
    {"server = unix:/s\ntls = unix-only\nuser = u\npassword = p", NULL, NULL},
    {"server = smtp://h\ntls = unix-only",
     "f:2: with tls = unix-only the server (f:1) cannot be on the network",
     "write the server as unix:/path"},
    {"server = smtp://h\ntls = off\ntls-cert = /c",
     "f:2: tls cannot be off with tls-cert", ""},
    {"server = smtp://h\ntls-key = /k",
     "f:2: there is tls-key, but no tls-cert", "set tls-cert"},
    {"server = smtp://h\ntls-key = /k\ntls-cert = /c", NULL, NULL},
    {"server = smtp://h\ntls-trust = none", NULL, NULL},
    {"server = unix:/s\ntls-trust = none\nuser = u\npassword = p", NULL, NULL},
    {"server = smtp://h\ntls-trust = none\nuser = u\npassword = p",
     "f:2: tls-trust cannot be none with a login (f:4)", "set tls-pin"},
    {"server = smtp://h\ntls-trust = none\ntls-pin = first-use\nuser = u\n"
     "password = p", NULL, NULL},
    {"server = unix:/s\ntls = off\nuser = u\npassword = p", NULL, NULL},
    {"server = unix:/s", NULL, NULL},
    {"", "no server is set", "PENNYPOST_SERVER=submission://user:"},
    {"", "no server is set", "~/.config/pennypost/config"},
    {"server = smtp://u:p@h\ntls = off",
     "f:2: tls cannot be off with a login (f:1) over the network",
     "leave out tls = off"},
    {"server = smtp://127.0.0.1\ntls = off\nuser = u\npassword = p",
     "f:2: tls cannot be off with a login (f:4) over the network",
     "unix:/path"},
    {"server = smtp://localhost\ntls = off\npassword-command = c\nuser = u",
     "f:2: tls cannot be off with a login (f:3) over the network", ""},
    {"server = smtp://u@h\ntls = off",
     "f:2: tls cannot be off with a login (f:1) over the network", ""},
    {"server = smtps://h\ntls = off",
     "f:2: tls cannot be off with a server with TLS from the start",
     "smtp://host"},
    {"server = submissions://h\ntls = off",
     "f:2: tls cannot be off with a server with TLS from the start", ""},
    {"server = smtp://h\ntls = off\ntls-pin = "
     "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
     "f:2: tls cannot be off with tls-pin", ""},
    {"server = smtp://h\nuser = u\npassword = p\npassword-command = c",
     "both password (f:3) and password-command (f:4) are set",
     "leave out one"},
    {"server = smtp://h\npassword = p",
     "f:2: there is a password, but no user", "submission://user@host"},
    {"server = smtp://h\npassword-command = c",
     "f:2: there is a password, but no user", "set user"},
    {"server = smtp://u@h", NULL, NULL},
    {"server = smtp://u@h\npassword-file = /p", NULL, NULL},
    {"server = smtp://u@h\npassword-fd = 3", NULL, NULL},
    {"server = smtp://u@h\npassword-from = netrc", NULL, NULL},
    {"server = smtp://u@h\ntoken-command = c", NULL, NULL},
    {"server = smtp://u:p@h\npassword-from = auto", NULL, NULL},
    {"server = smtp://h\npassword-from = auto", NULL, NULL},
    {"server = smtp://h\npassword-from = systemd",
     "f:2: there is a password, but no user", "set user"},
    {"server = smtp://h\ntoken-command = c",
     "f:2: there is a token, but no user", "set user"},
    {"server = smtp://u:p@h\ntoken-command = c",
     "both password (f:1) and token-command (f:2) are set", "leave out one"},
    {"server = smtp://u@h\npassword-from = prompt\npassword-file = /p",
     "both password-file (f:3) and password-from (f:2) are set",
     "leave out one"},
    {"server = smtp://u@h\npassword-fd = 3\npassword-command = c",
     "both password-command (f:3) and password-fd (f:2) are set",
     "leave out one"},
    {"server = smtp://u@h\ntls = off\npassword-fd = 3",
     "f:2: tls cannot be off with a login (f:3) over the network", ""},
    {"server = smtp://h\nfrom = a@b\nallow-from = root", NULL, NULL},
    {"server = smtp://h\nallow-from = root",
     "f:2: there is allow-from, but no from", "set from to the address"},
    {"account = work", "account 'work': no server is set",
     "write 'server = submissions://mail.example.com' into its section"},
    {"server = smtp://h\npassword = p\naccount = work",
     "account 'work': f:2: there is a password, but no user", "set user"},
};

START_TEST(checks_what_goes_together)
{
    struct accounts accounts;
    struct conf conf;
    struct err err = {0};
    bool good;

    ck_assert_msg(read_conf(&accounts, &conf, S("f"), span_of(cases[_i].file),
                            CONF_USER, false, &err),
                  "%s", err.text);
    good = conf_check(&conf, &err);
    ck_assert_msg(good == !cases[_i].text, "%s", cases[_i].file);
    if (!good) {
        ck_assert_int_eq(err.kind, ERR_CONFIG);
        ck_assert_str_eq(err.text, cases[_i].text);
        ck_assert_msg(strstr(err.hint, cases[_i].hint), "%s", err.hint);
        ck_assert_uint_lt(strlen(err.hint), sizeof err.hint - 1);
    }
    conf_free(&conf);
    accounts_free(&accounts);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("check");

    tcase_add_loop_test(t, checks_what_goes_together, 0, COUNT(cases));
    return unit_run("check", t);
}
