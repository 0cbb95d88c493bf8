/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the providers.  The first row that fits counts. */
#include "smtp/login_advice.h"

enum {
    PASSWORD = 1 << SASL_NEEDS_PASSWORD,
    TOKEN = 1 << SASL_NEEDS_TOKEN,
};

static const struct {
    struct span words;
    unsigned logins; /* with what */
    const char *hint;
} rows[] = {
    /* Gmail: the lines of its replies are broken anywhere, so few words. */
    {SPAN_INIT("Application-specific password required"), PASSWORD,
     "Google wants an application password in place of the account's: "
     "https://myaccount.google.com/apppasswords"},
    {SPAN_INIT("Please log in via"), PASSWORD,
     "Google wants to see you in a web browser first; with an application "
     "password, or 'token-command', it mostly does not"},
    {SPAN_INIT("Username and Password not accepted"), PASSWORD,
     "Google does not take the account's own password here: make an "
     "application password (https://myaccount.google.com/apppasswords), or "
     "set 'token-command'"},

    /* Exchange Online and Outlook.com */
    {SPAN_INIT("SmtpClientAuthentication is disabled"), PASSWORD | TOKEN,
     "the organization's administrator has to allow SMTP AUTH for this "
     "mailbox (\"Authenticated SMTP\"): https://aka.ms/smtp_auth_disabled"},
    {SPAN_INIT("basic authentication is disabled"), PASSWORD,
     "Microsoft takes no password here, not even an application password: set "
     "'token-command' (OAuth)"},
    {SPAN_INIT("security defaults policy"), PASSWORD,
     "the organization's security defaults forbid a login with a password: "
     "set 'token-command' (OAuth), or ask its administrator"},
    {SPAN_INIT("5.7.3 Authentication unsuccessful"), PASSWORD,
     "check 'user', which is the whole address, and 'password'; Exchange says "
     "the same where SMTP AUTH is off for the mailbox, or a token is wanted "
     "('token-command')"},
    {SPAN_INIT("5.7.3 Authentication unsuccessful"), TOKEN,
     "the token has to be for https://outlook.office.com/SMTP.Send and for "
     "'user', and SMTP AUTH has to be on for the mailbox"},

    /* Yahoo and AOL say so the first time, too. */
    {SPAN_INIT("(#AUTH005)"), PASSWORD,
     "Yahoo and AOL want an application password in place of the account's; "
     "make one in the account's security settings"},

    /* GMX and web.de, and with a capital letter more, Amazon SES */
    {SPAN_INIT("Authentication credentials invalid"), PASSWORD,
     "at GMX and web.de, access with POP3 and IMAP has to be switched on in "
     "the settings of the mailbox, for sending, too; with two-factor login "
     "they want an application password"},
    {SPAN_INIT("Authentication Credentials Invalid"), PASSWORD,
     "Amazon SES wants its SMTP credentials, which are made for one region "
     "and are not the access keys of AWS"},

    {SPAN_INIT("Bad username / password"), PASSWORD,
     "at SendGrid 'user' is the word apikey, and 'password' an API key that "
     "may send mail"},
    {SPAN_INIT("Incorrect username or password"), PASSWORD,
     "check 'user', which is mostly the whole address, and 'password'; "
     "Fastmail wants an application password that is for SMTP"},
};

static bool holds(struct span text, struct span words)
{
    for (; text.n >= words.n; text = span_from(text, 1))
        if (span_starts(text, words))
            return true;
    return false;
}

const char *login_advice(struct span text, enum sasl_needs needs)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].logins & 1u << needs && holds(text, rows[i].words))
            return rows[i].hint;
    return NULL;
}
