/* SPDX-License-Identifier: GPL-3.0-or-later */
/* login_advice - the replies of providers, as reply.h has their text */
#include "smtp/login_advice.h"

#include "unit.h"

static const struct {
    const char *rule;
    struct span text;
    enum sasl_needs needs;
    const char *says; /* is in the hint; NULL: there is none */
} cases[] = {
    {"Gmail wants an application password",
     SPAN_INIT("5.7.9 Application-specific password required. Learn more "
               "at\n5.7.9  https://support.example/mail"),
     SASL_NEEDS_PASSWORD, "Google wants an application password"},
    {"Gmail wants a browser, on any line",
     SPAN_INIT("5.7.14 <https://accounts.example/signin?x=1\n5.7.14 y> Please "
               "log in via\n5.7.14 your web browser and then try again."),
     SASL_NEEDS_PASSWORD, "in a web browser first"},
    {"Gmail takes no password of the account",
     SPAN_INIT("5.7.8 Username and Password not accepted. Learn more at"),
     SASL_NEEDS_PASSWORD, "does not take the account's own password"},
    {"Gmail says the same of a token",
     SPAN_INIT("5.7.8 Username and Password not accepted. Learn more at"),
     SASL_NEEDS_TOKEN, NULL},
    {"Exchange: off for the organization",
     SPAN_INIT("5.7.139 Authentication unsuccessful, SmtpClientAuthentication "
               "is disabled for the Tenant. Visit"),
     SASL_NEEDS_PASSWORD, "smtp_auth_disabled"},
    {"Exchange: off for the mailbox, with a token, too",
     SPAN_INIT("5.7.139 Authentication unsuccessful, SmtpClientAuthentication "
               "is disabled for the Mailbox."),
     SASL_NEEDS_TOKEN, "smtp_auth_disabled"},
    {"Exchange: no password at all",
     SPAN_INIT("5.7.139 Authentication unsuccessful, basic authentication is "
               "disabled. [PROD.EXAMPLE]"),
     SASL_NEEDS_PASSWORD, "takes no password here"},
    {"Exchange: security defaults",
     SPAN_INIT("5.7.139 Authentication unsuccessful, user is locked by your "
               "organization's security defaults policy."),
     SASL_NEEDS_PASSWORD, "security defaults forbid"},
    {"Exchange: a password", SPAN_INIT("5.7.3 Authentication unsuccessful [x"),
     SASL_NEEDS_PASSWORD, "check 'user', which is the whole address"},
    {"Exchange: a token", SPAN_INIT("5.7.3 Authentication unsuccessful [x]"),
     SASL_NEEDS_TOKEN, "outlook.office.com/SMTP.Send"},
    {"Yahoo", SPAN_INIT("5.7.0 (#AUTH005) Too many bad auth attempts."),
     SASL_NEEDS_PASSWORD, "Yahoo and AOL"},
    {"GMX", SPAN_INIT("Authentication credentials invalid"),
     SASL_NEEDS_PASSWORD, "GMX and web.de"},
    {"Amazon", SPAN_INIT("Authentication Credentials Invalid"),
     SASL_NEEDS_PASSWORD, "Amazon SES"},
    {"SendGrid",
     SPAN_INIT("Authentication failed: Bad username / password"),
     SASL_NEEDS_PASSWORD, "apikey"},
    {"Fastmail", SPAN_INIT("5.7.0 Incorrect username or password."),
     SASL_NEEDS_PASSWORD, "Fastmail"},
    {"what every server says", SPAN_INIT("5.7.8 authentication failed"),
     SASL_NEEDS_PASSWORD, NULL},
    {"nothing", {0}, SASL_NEEDS_PASSWORD, NULL},
    {"less than the words", SPAN_INIT("(#AUTH005"), SASL_NEEDS_PASSWORD, NULL},
    {"a certificate", SPAN_INIT("(#AUTH005)"), SASL_NEEDS_CERTIFICATE, NULL},
    {"nothing needed", SPAN_INIT("(#AUTH005)"), SASL_NEEDS_NOTHING, NULL},
};

START_TEST(the_words_lead_to_the_hint)
{
    const char *hint = login_advice(cases[_i].text, cases[_i].needs);
    const char *says = cases[_i].says;

    ck_assert_msg(!hint == !says && (!says || strstr(hint, says)),
                  "%s: \"%s\"", cases[_i].rule, hint ? hint : "(none)");
}
END_TEST

START_TEST(a_hint_is_whole)
{
    const char *hint = login_advice(cases[_i].text, cases[_i].needs);
    struct err err = {0};

    if (!hint)
        return;
    err_hint(&err, "%s", hint);
    ck_assert_str_eq(err.hint, hint);
    ck_assert_msg(hint[strlen(hint) - 1] != '.', "%s", cases[_i].rule);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("login_advice");

    tcase_add_loop_test(t, the_words_lead_to_the_hint, 0, COUNT(cases));
    tcase_add_loop_test(t, a_hint_is_whole, 0, COUNT(cases));
    return unit_run("login_advice", t);
}
