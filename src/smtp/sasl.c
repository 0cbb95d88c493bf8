/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/sasl.h"

/* Best first: the first row that will do is taken. */
static const struct sasl_mechanism mechanisms[] = {
    {SPAN_INIT("PLAIN"), .needs_tls = true, .client_first = true, sasl_plain},
    {SPAN_INIT("LOGIN"), .needs_tls = true, .client_first = false, sasl_login},
};

enum { MECHANISMS = sizeof mechanisms / sizeof *mechanisms };

unsigned sasl_bit(struct span name)
{
    for (unsigned i = 0; i < MECHANISMS; i++)
        if (span_ieq(name, mechanisms[i].name))
            return 1u << i;
    return 0;
}

static bool allowed(const struct sasl_mechanism *m,
                    const struct credentials *credentials, bool secured)
{
    if (m->needs_tls && !secured)
        return false;
    return span_empty(credentials->mechanism) ||
           span_ieq(credentials->mechanism, m->name);
}

/* All that we can do, for the text that says so. */
static void names_print(struct buf *out)
{
    for (unsigned i = 0; i < MECHANISMS; i++)
        buf_printf(out, "%s%.*s", i ? " " : "", SPAN_ARG(mechanisms[i].name));
}

static bool none_left(unsigned offered, struct span names,
                      const struct credentials *credentials, struct err *err)
{
    struct buf ours = {0};

    names_print(&ours);
    fail(err, ERR_DENIED,
         "the server offers no way to log in that can be used here: it offers "
         "%.*s, pennypost has %.*s",
         SPAN_ARG(span_empty(names) ? S("none") : names),
         SPAN_ARG(buf_span(&ours)));
    if (!span_empty(credentials->mechanism) &&
        !(offered & sasl_bit(credentials->mechanism)))
        err_hint(err, "the setting 'auth' allows %.*s only",
                 SPAN_ARG(credentials->mechanism));
    else if (offered)
        err_hint(err, "these need TLS: leave the setting 'tls' at 'required'");
    buf_free(&ours);
    return false;
}

const struct sasl_mechanism *sasl_choose(unsigned offered, struct span names,
                                         const struct credentials *credentials,
                                         bool secured, struct err *err)
{
    for (unsigned i = 0; i < MECHANISMS; i++)
        if (offered & 1u << i && allowed(&mechanisms[i], credentials, secured))
            return &mechanisms[i];
    none_left(offered, names, credentials, err);
    return NULL;
}
