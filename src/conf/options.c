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

bool conf_secret(const struct conf *conf, size_t setting)
{
    if (setting == SETTING_server)
        return conf->endpoint.password.n > 0;
    return conf_settings[setting].kind == KIND_SECRET &&
           conf->of[setting].text.n > 0;
}

static bool read_into(struct conf *conf, size_t setting, struct span text,
                      struct value *value, struct err *err)
{
    struct value_use use = {
        .setting = &conf_settings[setting],
        .arena = &conf->arena,
        .home = conf->home,
        .in_file = value->source < CONF_ENVIRONMENT,
    };

    return span_empty(text) ||
           value_read(&use, text, &value->text, &value->number, err);
}

/* What the setting has when nobody sets it; that it is valid is tested. */
static struct value fallback(struct conf *conf, size_t setting)
{
    struct value value = {.origin = S("built-in")};
    struct err unused;

    read_into(conf, setting, span_of(conf_settings[setting].fallback), &value,
              &unused);
    return value;
}

static void reset(struct conf *conf, size_t setting)
{
    conf->of[setting] = fallback(conf, setting);
}

/* Of a password and a command for one, that from the higher layer is left. */
static void rival_reset(struct conf *conf, size_t setting)
{
    size_t rival = SETTING_COUNT;

    if (setting == SETTING_password)
        rival = SETTING_password_command;
    if (setting == SETTING_password_command)
        rival = SETTING_password;
    if (rival < SETTING_COUNT &&
        conf->of[rival].source < conf->of[setting].source)
        reset(conf, rival);
}

static void put(struct conf *conf, size_t setting, struct value value)
{
    if (value.source < conf->of[setting].source)
        return;
    conf->of[setting] = value;
    if (value.text.n)
        rival_reset(conf, setting);
}

/* TEXT, from the URL of SERVER, or the end of what an older URL said. */
static void put_from_url(struct conf *conf, size_t setting, struct span text,
                         const struct value *server)
{
    if (conf->of[setting].from_url)
        reset(conf, setting);
    if (text.n)
        put(conf, setting,
            (struct value){.text = text,
                           .origin = server->origin,
                           .source = server->source,
                           .from_url = true});
}

static bool secret_on_command_line(struct err *err)
{
    fail(err, ERR_USAGE, "a password has no place on the command line, where "
                         "every user of the host sees it");
    return err_hint(err, "use password-command, a file with mode 0600, or the "
                         "environment");
}

static bool put_server(struct conf *conf, const struct value *value,
                       struct err *err)
{
    struct server server = {0};

    if (value->text.n && !url_parse(value->text, &conf->arena, &server, err))
        return false;
    if (server.password.n && value->source == CONF_COMMAND_LINE)
        return secret_on_command_line(err);
    if (value->source < conf->server.source)
        return true;
    conf->endpoint = server;
    put(conf, SETTING_server, *value);
    put_from_url(conf, SETTING_user, server.user, value);
    put_from_url(conf, SETTING_password, server.password, value);
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

static bool change(struct conf *conf, size_t setting, struct span text,
                   struct value value, struct err *err)
{
    struct span origin = value.origin;

    if (span_empty(text)) {
        enum conf_source source = value.source;

        value = fallback(conf, setting);
        value.origin = origin;
        value.source = source;
    } else if (!read_into(conf, setting, text, &value, err)) {
        return false;
    }
    if (setting == SETTING_server)
        return put_server(conf, &value, err);
    if (conf_settings[setting].kind == KIND_SECRET &&
        value.source == CONF_COMMAND_LINE)
        return secret_on_command_line(err);
    put(conf, setting, value);
    return true;
}

bool conf_set(struct conf *conf, struct span name, struct span text,
              struct span origin, enum conf_source source, struct err *err)
{
    size_t setting = setting_find(name);
    struct value value = {.source = source};

    if (setting == SETTING_COUNT)
        return unknown(name, origin, source, err);
    value.origin = arena_copy(&conf->arena, origin);
    if (change(conf, setting, text, value, err))
        return true;
    if (source == CONF_COMMAND_LINE)
        err->kind = ERR_USAGE;
    return err_within(err, "%.*s", SPAN_ARG(origin));
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
