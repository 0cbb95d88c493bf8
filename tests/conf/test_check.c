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
    {"server = smtp://u@h", "f:1: there is a user, but no password",
     "set password-command"},
    {"server = smtp://h\nfrom = a@b\nallow-from = root", NULL, NULL},
    {"server = smtp://h\nallow-from = root",
     "f:2: there is allow-from, but no from", "set from to the address"},
    {"account = work", "account 'work': no server is set",
     "write 'server = submissions://mail.example.com' into its section"},
    {"server = smtp://u@h\naccount = work",
     "account 'work': f:1: there is a user, but no password",
     "set password-command"},
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
