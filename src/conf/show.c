/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/account.h"

enum { NAME_WIDTH = 18, VALUE_WIDTH = 38 };

static bool needs_quotes(struct span s)
{
    if (span_empty(s) || s.p[0] == '"' || span_trim(s).n != s.n)
        return true;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '#' && (i == 0 || s.p[i - 1] == ' '))
            return true;
    return false;
}

static void quoted_add(struct span s, struct buf *out)
{
    buf_addc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_addc(out, '\\');
        buf_addc(out, s.p[i]);
    }
    buf_addc(out, '"');
}

/* A user that was set elsewhere, too, stands in a line of its own. */
static void server_add(const struct conf *conf, struct buf *out)
{
    if (conf->endpoint.user.n)
        url_without_login(conf->server.text, conf->user.from_url, out);
    else
        buf_add(out, conf->server.text);
}

static void value_add(const struct conf *conf, size_t setting,
                      struct buf *out)
{
    struct span text = conf->of[setting].text;

    if (setting == SETTING_server && text.n)
        server_add(conf, out);
    else if (conf_secret(conf, setting))
        buf_add(out, S(VALUE_HIDDEN));
    else if (needs_quotes(text))
        quoted_add(text, out);
    else
        buf_add(out, text);
}

/* The value is a path from where we are now: no file may say that. */
static bool is_relative(const struct conf *conf, size_t setting)
{
    struct span text = conf->of[setting].text;

    if (conf_settings[setting].kind != KIND_PATH &&
        conf_settings[setting].kind != KIND_CREDENTIAL)
        return false;
    return text.n && text.p[0] != '/' && !span_istarts(text, S("pkcs11:")) &&
           (span_find(text, '/') < text.n || span_find(text, '.') < text.n);
}

/* Why the setting must not be set by the line that shows it; NULL: it may. */
static const char *comment_reason(const struct conf *conf, size_t setting)
{
    if (conf->of[setting].from_url)
        return "in server, ";
    if (setting != SETTING_server && conf_secret(conf, setting))
        return "";
    if (setting == SETTING_account && conf->account.text.n)
        return "not in this file, ";
    return is_relative(conf, setting) ? "a relative path, " : NULL;
}

static void setting_print(const struct conf *conf, size_t setting,
                          struct buf *out)
{
    const char *reason = comment_reason(conf, setting);
    struct buf text = {0};

    value_add(conf, setting, &text);
    buf_printf(out, "%s%-*s = ", reason ? "# " : "",
               reason ? NAME_WIDTH - 2 : NAME_WIDTH,
               conf_settings[setting].name);
    buf_printf(out, "%-*s  # %s", VALUE_WIDTH, buf_cstring(&text),
               reason ? reason : "");
    err_escape(conf->of[setting].origin, out);
    buf_addc(out, '\n');
    buf_free(&text);
}

void conf_print(const struct conf *conf, struct buf *out)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        setting_print(conf, i, out);
}

void accounts_print(const struct accounts *all, struct buf *out)
{
    struct buf text = {0};

    if (all->first)
        buf_add(out, S("# Accounts; 'pennypost config -a NAME' shows one:\n"));
    for (const struct account *a = all->first; a; a = a->next) {
        struct span senders = account_senders(a);

        buf_clear(&text);
        buf_printf(&text, "[account %.*s]%s", SPAN_ARG(a->name),
                   senders.n ? " for " : "");
        err_escape(senders, &text);
        buf_printf(out, "# %-*s  # ", NAME_WIDTH + VALUE_WIDTH + 1,
                   buf_cstring(&text));
        err_escape(a->origin, out);
        buf_addc(out, '\n');
    }
    buf_free(&text);
}
