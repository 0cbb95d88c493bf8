/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/options.h"

enum { NAME_WIDTH = 16, VALUE_WIDTH = 38 };

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

static void value_add(const struct conf *conf, size_t setting,
                      struct buf *out)
{
    struct span text = conf->of[setting].text;

    if (setting == SETTING_server && conf_secret(conf, setting))
        url_mask(text, out);
    else if (conf_secret(conf, setting))
        buf_add(out, S("(hidden)"));
    else if (needs_quotes(text))
        quoted_add(text, out);
    else
        buf_add(out, text);
}

static void setting_print(const struct conf *conf, size_t setting,
                          struct buf *out)
{
    const struct value *value = &conf->of[setting];
    struct buf text = {0};

    /* In the URL already: to set it once more would be an error. */
    if (value->from_url)
        buf_add(out, S("# "));
    value_add(conf, setting, &text);
    buf_printf(out, "%-*s = ", value->from_url ? NAME_WIDTH - 2 : NAME_WIDTH,
               conf_settings[setting].name);
    buf_printf(out, "%-*s", VALUE_WIDTH, buf_cstring(&text));
    buf_add(out, value->from_url ? S("  # in server, ") : S("  # "));
    err_escape(value->origin, out);
    buf_addc(out, '\n');
    buf_free(&text);
}

void conf_print(const struct conf *conf, struct buf *out)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        setting_print(conf, i, out);
}
