/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/options.h"

static bool is_set(const struct value *value)
{
    return value->text.n > 0;
}

/* Whichever is set of user and what to log in with, or NULL. */
static const struct value *login(const struct conf *conf)
{
    const struct value *secret = conf_secret_value(conf);

    if (secret)
        return secret;
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

static bool two_secrets(const struct conf *conf, size_t one, size_t other,
                        struct err *err)
{
    fail(err, ERR_CONFIG, "both %s (%.*s) and %s (%.*s) are set",
         conf_settings[one].name, SPAN_ARG(conf->of[one].origin),
         conf_settings[other].name, SPAN_ARG(conf->of[other].origin));
    return err_hint(err, "leave out one of them");
}

static bool secrets_check(const struct conf *conf, struct err *err)
{
    size_t one = SETTING_COUNT;

    for (size_t n = 0; conf_secret_setting(n) < SETTING_COUNT; n++) {
        size_t setting = conf_secret_setting(n);

        if (!conf_says_secret(conf, setting))
            continue;
        if (one < SETTING_COUNT)
            return two_secrets(conf, one, setting, err);
        one = setting;
    }
    return true;
}

/* A user without a password is app/credentials' to find one for. */
static bool login_check(const struct conf *conf, struct err *err)
{
    const struct value *secret = conf_secret_value(conf);

    if (!secret || is_set(&conf->user))
        return true;
    fail(err, ERR_CONFIG, "%.*s: there is a %s, but no user",
         SPAN_ARG(secret->origin),
         secret == &conf->token_command ? "token" : "password");
    return err_hint(err, "set user, or write the server as "
                         "submission://user@host");
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
    if (is_set(&conf->tls_cert))
        wants = "tls-cert";
    if (!wants)
        return true;
    fail(err, ERR_CONFIG, "%.*s: tls cannot be off with %s",
         SPAN_ARG(conf->tls.origin), wants);
    return err_hint(err, "leave out tls = off, or write smtp://host for a "
                         "server without TLS");
}

static bool unix_only_check(const struct conf *conf, struct err *err)
{
    if (conf->tls.number != CONF_TLS_UNIX_ONLY || conf->endpoint.local)
        return true;
    fail(err, ERR_CONFIG,
         "%.*s: with tls = unix-only the server (%.*s) cannot be on the "
         "network",
         SPAN_ARG(conf->tls.origin), SPAN_ARG(conf->server.origin));
    return err_hint(err, "write the server as unix:/path, or leave out tls = "
                         "unix-only");
}

/* Whoever answers would get the password. */
static bool trust_check(const struct conf *conf, struct err *err)
{
    const struct value *secret = login(conf);

    if (!span_eq(conf->tls_trust.text, S("none")) || is_set(&conf->tls_pin) ||
        !secret || conf->endpoint.local)
        return true;
    fail(err, ERR_CONFIG,
         "%.*s: tls-trust cannot be none with a login (%.*s)",
         SPAN_ARG(conf->tls_trust.origin), SPAN_ARG(secret->origin));
    return err_hint(err, "set tls-pin to the key of the server, or to "
                         "first-use to accept the one it shows first");
}

static bool client_check(const struct conf *conf, struct err *err)
{
    if (!is_set(&conf->tls_key) || is_set(&conf->tls_cert))
        return true;
    fail(err, ERR_CONFIG, "%.*s: there is tls-key, but no tls-cert",
         SPAN_ARG(conf->tls_key.origin));
    return err_hint(err, "set tls-cert to the certificate that belongs to the "
                         "key");
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
        unix_only_check(conf, err) && trust_check(conf, err) &&
        client_check(conf, err) &&
        secrets_check(conf, err) && clear_login_check(conf, err) &&
        login_check(conf, err) && sender_check(conf, err))
        return true;
    if (is_set(&conf->account))
        err_within(err, "account '%.*s'", SPAN_ARG(conf->account.text));
    return false;
}
