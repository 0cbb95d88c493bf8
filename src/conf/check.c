/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/options.h"

static bool is_set(const struct value *value)
{
    return value->text.n > 0;
}

/* Whichever of user, password and password-command is set, or NULL. */
static const struct value *login(const struct conf *conf)
{
    if (is_set(&conf->password))
        return &conf->password;
    if (is_set(&conf->password_command))
        return &conf->password_command;
    return is_set(&conf->user) ? &conf->user : NULL;
}

static bool server_check(const struct conf *conf, struct err *err)
{
    if (is_set(&conf->server))
        return true;
    fail(err, ERR_CONFIG, "no server is set");
    if (is_set(&conf->account))
        return err_hint(err, "write 'server = submissions://mail.example.com' "
                             "into its section, or 'inherits = NAME' for an "
                             "account that has one");
    return err_hint(err,
                    "write three lines into ~/.config/pennypost/config: "
                    "'server = submissions://mail.example.com', "
                    "'user = you', 'password-command = pass show mail'; or "
                    "set PENNYPOST_SERVER="
                    "submission://user:password@mail.example.com");
}

static bool secrets_check(const struct conf *conf, struct err *err)
{
    if (!is_set(&conf->password) || !is_set(&conf->password_command))
        return true;
    fail(err, ERR_CONFIG,
         "both password (%.*s) and password-command (%.*s) are set",
         SPAN_ARG(conf->password.origin),
         SPAN_ARG(conf->password_command.origin));
    return err_hint(err, "leave out one of them");
}

static bool login_check(const struct conf *conf, struct err *err)
{
    const struct value *secret = login(conf);

    if (!secret || (secret != &conf->user && is_set(&conf->user)))
        return true;
    if (secret != &conf->user) {
        fail(err, ERR_CONFIG, "%.*s: there is a password, but no user",
             SPAN_ARG(secret->origin));
        return err_hint(err, "set user, or write the server as "
                             "submission://user@host");
    }
    fail(err, ERR_CONFIG, "%.*s: there is a user, but no password",
         SPAN_ARG(conf->user.origin));
    return err_hint(err, "set password-command or password");
}

static bool clear_login_check(const struct conf *conf, struct err *err)
{
    const struct value *secret = login(conf);

    if (conf->tls.number != CONF_TLS_OFF || !secret || conf->endpoint.local)
        return true;
    fail(err, ERR_CONFIG,
         "%.*s: tls cannot be off with a login (%.*s) over the network",
         SPAN_ARG(conf->tls.origin), SPAN_ARG(secret->origin));
    return err_hint(err, "leave out tls = off, or the user and password; only "
                         "a local socket (unix:/path) takes both");
}

static bool tls_check(const struct conf *conf, struct err *err)
{
    const char *wants = NULL;

    if (conf->tls.number != CONF_TLS_OFF)
        return true;
    if (conf->endpoint.implicit_tls)
        wants = "a server with TLS from the start";
    if (is_set(&conf->tls_pin))
        wants = "tls-pin";
    if (!wants)
        return true;
    fail(err, ERR_CONFIG, "%.*s: tls cannot be off with %s",
         SPAN_ARG(conf->tls.origin), wants);
    return err_hint(err, "leave out tls = off, or write smtp://host for a "
                         "server without TLS");
}

static bool sender_check(const struct conf *conf, struct err *err)
{
    if (!is_set(&conf->allow_from) || is_set(&conf->from))
        return true;
    fail(err, ERR_CONFIG, "%.*s: there is allow-from, but no from",
         SPAN_ARG(conf->allow_from.origin));
    return err_hint(err, "set from to the address that takes the place of "
                         "senders that are not allowed; without it all are");
}

bool conf_check(const struct conf *conf, struct err *err)
{
    if (server_check(conf, err) && tls_check(conf, err) &&
        secrets_check(conf, err) && clear_login_check(conf, err) &&
        login_check(conf, err) && sender_check(conf, err))
        return true;
    if (is_set(&conf->account))
        err_within(err, "account '%.*s'", SPAN_ARG(conf->account.text));
    return false;
}
