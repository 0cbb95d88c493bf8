/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/options.h"
#include "conf/suggest.h"

#define PREFIX "PENNYPOST_"

struct span environment_value(const char *const *environ, struct span name)
{
    for (; environ && *environ; environ++) {
        struct span entry = span_of(*environ);

        if (span_starts(entry, name) && span_starts(span_from(entry, name.n),
                                                    S("=")))
            return span_from(entry, name.n + 1);
    }
    return (struct span){0};
}

/* NAME as a variable has it: tls-pin is PENNYPOST_TLS_PIN. */
static void variable_add(struct span name, struct buf *out)
{
    buf_add(out, S(PREFIX));
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool small = c >= 'a' && c <= 'z';

        buf_addc(out, c == '-' ? '_' : small ? (char)(c - 'a' + 'A') : c);
    }
}

static bool unknown_variable(struct span variable, struct err *err)
{
    struct suggestion near =
        suggestion_for(span_from(variable, sizeof PREFIX - 1));
    struct buf meant = {0};

    fail(err, ERR_CONFIG, "there is no setting %.*s", SPAN_ARG(variable));
    for (size_t i = 0; i < SETTING_COUNT; i++)
        suggestion_offer(&near, span_of(conf_settings[i].name));
    if (span_empty(near.best))
        return err_hint(err, "'pennypost config' shows all settings");
    variable_add(near.best, &meant);
    err_hint(err, "did you mean %.*s?", SPAN_ARG(buf_span(&meant)));
    buf_free(&meant);
    return false;
}

/* The setting whose variable is VARIABLE; SETTING_COUNT if none is. */
static size_t variable_setting(struct span variable)
{
    struct buf name = {0};
    size_t i = 0;

    for (; i < SETTING_COUNT; i++) {
        buf_clear(&name);
        variable_add(span_of(conf_settings[i].name), &name);
        if (span_eq(buf_span(&name), variable))
            break;
    }
    buf_free(&name);
    return i;
}

/* Put the entry "NAME=value" where its setting's is kept, unless one is. */
static bool entry_take(struct span entry, struct span entries[SETTING_COUNT],
                       struct err *err)
{
    struct span variable = span_upto(entry, span_find(entry, '='));
    size_t setting;

    if (!span_starts(variable, S(PREFIX)) ||
        span_eq(variable, S(PREFIX "CONFIG")))
        return true;
    setting = variable_setting(variable);
    if (setting == SETTING_COUNT)
        return unknown_variable(variable, err);
    if (span_empty(entries[setting]))
        entries[setting] = entry;
    return true;
}

bool conf_environment(struct conf *conf, const char *const *environ,
                      struct err *err)
{
    struct span entries[SETTING_COUNT] = {{0}};

    for (; *environ; environ++)
        if (!entry_take(span_of(*environ), entries, err))
            return false;
    /* In the table's order, so that PENNYPOST_USER wins over a user in
     * PENNYPOST_SERVER, wherever the two stand. */
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        size_t name = span_find(entries[i], '=');

        if (entries[i].n &&
            !conf_set(conf, span_of(conf_settings[i].name),
                      span_from(entries[i], name + 1),
                      span_upto(entries[i], name), CONF_ENVIRONMENT, err))
            return false;
    }
    return true;
}
