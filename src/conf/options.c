/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/options.h"

#include "conf/suggest.h"

const struct setting conf_settings[SETTING_COUNT] = {
#define SETTING(field, ...) {__VA_ARGS__},
#include "conf/options.def"
#undef SETTING
};

size_t setting_find(struct span name)
{
    size_t i = 0;

    while (i < SETTING_COUNT && !span_eq(name, span_of(conf_settings[i].name)))
        i++;
    return i;
}

size_t conf_secret_setting(size_t n)
{
    static const size_t settings[] = {
        SETTING_password,    SETTING_password_command, SETTING_password_file,
        SETTING_password_fd, SETTING_password_from,    SETTING_token_command,
    };

    return n < sizeof settings / sizeof *settings ? settings[n]
                                                  : SETTING_COUNT;
}

bool conf_says_secret(const struct conf *conf, size_t setting)
{
    return conf->of[setting].text.n > 0 &&
           (setting != SETTING_password_from ||
            conf->password_from.number != CONF_PASSWORD_AUTO);
}

const struct value *conf_secret_value(const struct conf *conf)
{
    for (size_t n = 0; conf_secret_setting(n) < SETTING_COUNT; n++)
        if (conf_says_secret(conf, conf_secret_setting(n)))
            return &conf->of[conf_secret_setting(n)];
    return NULL;
}

bool conf_secret(const struct conf *conf, size_t setting)
{
    if (setting == SETTING_server)
        return conf->endpoint.password.n > 0;
    return conf_settings[setting].kind == KIND_SECRET &&
           conf->of[setting].text.n > 0;
}

bool assignment_secret(const struct assignment *a)
{
    if (a->setting == SETTING_server)
        return a->server->password.n > 0;
    return conf_settings[a->setting].kind == KIND_SECRET && a->value.text.n > 0;
}

/* Read TEXT, or where it is empty what the setting has when nobody sets it. */
static bool text_read(struct assignment *a, struct span text, struct span home,
                      struct arena *arena, struct err *err)
{
    const struct setting *row = &conf_settings[a->setting];
    struct value_use use = {
        .setting = row,
        .arena = arena,
        .home = home,
        .in_file = a->value.source < CONF_ENVIRONMENT,
    };

    if (span_empty(text))
        text = span_of(row->fallback);
    return span_empty(text) ||
           value_read(&use, text, &a->value.text, &a->value.number, err);
}

static bool secret_on_command_line(struct err *err)
{
    fail(err, ERR_USAGE, "a password has no place on the command line, where "
                         "every user of the host sees it");
    return err_hint(err, "use password-command, password-file, a "
                         "configuration file with mode 0600, or the "
                         "environment");
}

static bool server_read(struct assignment *a, struct arena *arena,
                        struct err *err)
{
    struct server *server = arena_take(arena, sizeof *server);

    a->server = server;
    return span_empty(a->value.text) ||
           url_parse(a->value.text, arena, server, err);
}

static bool whole_read(struct assignment *a, struct span text,
                       struct span home, struct arena *arena, struct err *err)
{
    bool secret = conf_settings[a->setting].kind == KIND_SECRET;

    if (!text_read(a, text, home, arena, err) ||
        (a->setting == SETTING_server && !server_read(a, arena, err)))
        return false;
    if (a->value.source == CONF_COMMAND_LINE &&
        (secret || assignment_secret(a)))
        return secret_on_command_line(err);
    return true;
}

static bool unknown(struct span name, struct span origin,
                    enum conf_source source, struct err *err)
{
    struct suggestion near = suggestion_for(name);

    fail(err, source == CONF_COMMAND_LINE ? ERR_USAGE : ERR_CONFIG,
         "%.*s: there is no setting '%.*s'", SPAN_ARG(origin),
         SPAN_ARG(name));
    for (size_t i = 0; i < SETTING_COUNT; i++)
        suggestion_offer(&near, span_of(conf_settings[i].name));
    if (span_empty(near.best))
        return false;
    return err_hint(err, "did you mean '%.*s'?", SPAN_ARG(near.best));
}

bool assignment_read(struct assignment *a, struct span name, struct span text,
                     struct span home, struct arena *arena, struct err *err)
{
    struct value *value = &a->value;

    a->setting = setting_find(name);
    if (a->setting == SETTING_COUNT)
        return unknown(name, value->origin, value->source, err);
    if (whole_read(a, text, home, arena, err))
        return true;
    if (value->source == CONF_COMMAND_LINE)
        err->kind = ERR_USAGE;
    return err_within(err, "%.*s", SPAN_ARG(value->origin));
}

/* To what the setting has when nobody sets it; that this is valid is tested. */
static void reset(struct conf *conf, size_t setting)
{
    struct assignment a = {.setting = setting,
                           .value.origin = S("built-in")};
    struct err unused;

    text_read(&a, S(""), conf->home, &conf->arena, &unused);
    conf->of[setting] = a.value;
}

/* The value comes from a higher place, or a later file of the same. */
static bool stands_over(const struct value *value, const struct value *other)
{
    return value->rank > other->rank ||
           (value->rank == other->rank && value->file != other->file);
}

/* Of what there is to log in with, that from the higher place is left. */
static void rivals_reset(struct conf *conf, size_t setting)
{
    bool secret = false;

    for (size_t n = 0; conf_secret_setting(n) < SETTING_COUNT; n++)
        secret = secret || conf_secret_setting(n) == setting;
    for (size_t n = 0; secret && conf_secret_setting(n) < SETTING_COUNT; n++) {
        size_t rival = conf_secret_setting(n);

        if (rival != setting &&
            stands_over(&conf->of[setting], &conf->of[rival]))
            reset(conf, rival);
    }
}

static void value_put(struct conf *conf, size_t setting, struct value value)
{
    if (value.rank < conf->of[setting].rank)
        return;
    conf->of[setting] = value;
    if (value.text.n)
        rivals_reset(conf, setting);
}

/* TEXT, from the URL of SERVER, or the end of what an older URL said. */
static void put_from_url(struct conf *conf, size_t setting, struct span text,
                         struct value server)
{
    if (conf->of[setting].from_url)
        reset(conf, setting);
    server.text = text;
    server.from_url = true;
    if (text.n)
        value_put(conf, setting, server);
}

static bool same_host(const struct server *a, const struct server *b)
{
    if (a->local || b->local)
        return a->local && b->local && span_eq(a->path, b->path);
    return span_ieq(a->host, b->host);
}

/*
 * VALUE went with OLD, which was the server until this one: it comes from a
 * lower place, or where both servers are of one place, from another file.
 */
static bool is_of_old(const struct value *value, const struct value *old,
                      const struct value *server)
{
    if (old->rank < server->rank)
        return value->rank < server->rank;
    return value->file != server->file;
}

static void old_reset(struct conf *conf, size_t setting,
                      const struct value *server)
{
    if (is_of_old(&conf->of[setting], &conf->server, server))
        reset(conf, setting);
}

/*
 * SERVER may be another host than there was: its password must not get there,
 * nor mail go there in the clear because it did before.
 */
static void login_forget(struct conf *conf, const struct assignment *server)
{
    if (server->value.source >= CONF_ENVIRONMENT || !conf->server.text.n ||
        same_host(&conf->endpoint, server->server))
        return;
    old_reset(conf, SETTING_user, &server->value);
    old_reset(conf, SETTING_tls, &server->value);
    old_reset(conf, SETTING_tls_cert, &server->value);
    old_reset(conf, SETTING_tls_key, &server->value);
    /* What was found good enough for one server is not for the other. */
    if (span_eq(conf->tls_trust.text, S("none")))
        old_reset(conf, SETTING_tls_trust, &server->value);
    if (span_eq(conf->tls_pin.text, S("first-use")))
        old_reset(conf, SETTING_tls_pin, &server->value);
    for (size_t n = 0; conf_secret_setting(n) < SETTING_COUNT; n++)
        old_reset(conf, conf_secret_setting(n), &server->value);
}

static void server_put(struct conf *conf, const struct assignment *a)
{
    if (a->value.rank < conf->server.rank)
        return;
    login_forget(conf, a);
    conf->endpoint = *a->server;
    conf->server = a->value;
    put_from_url(conf, SETTING_user, a->server->user, a->value);
    put_from_url(conf, SETTING_password, a->server->password, a->value);
}

void conf_put(struct conf *conf, const struct assignment *a)
{
    if (a->setting == SETTING_server)
        server_put(conf, a);
    else
        value_put(conf, a->setting, a->value);
}

/* Below the environment, places in files have all the room in between. */
static uint64_t rank_of(enum conf_source source)
{
    if (source < CONF_ENVIRONMENT)
        return source;
    return UINT64_MAX - (CONF_COMMAND_LINE - source);
}

bool conf_set(struct conf *conf, struct span name, struct span text,
              struct span origin, enum conf_source source, struct err *err)
{
    struct assignment a = {.value.source = source,
                           .value.rank = rank_of(source)};

    a.value.origin = arena_copy(&conf->arena, origin);
    if (!assignment_read(&a, name, text, conf->home, &conf->arena, err))
        return false;
    conf_put(conf, &a);
    return true;
}

void conf_init(struct conf *conf, struct span home)
{
    *conf = (struct conf){0};
    conf->home = arena_copy(&conf->arena, home);
    for (size_t i = 0; i < SETTING_COUNT; i++)
        reset(conf, i);
}

void conf_free(struct conf *conf)
{
    arena_wipe(&conf->arena);
    *conf = (struct conf){0};
}
