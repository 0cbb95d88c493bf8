/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/resolve.h"

#include "app/output.h"
#include "mail/envelope.h"

static void tell_dropped(struct span operand)
{
    struct buf text = {0};

    buf_add(&text, S("pennypost: nobody gets the mail to '"));
    err_escape(operand, &text);
    buf_add(&text, S("': an alias drops it\n"));
    output_tell(buf_span(&text));
    buf_free(&text);
}

static bool add_operand(struct span operand, const struct message_wanted *w,
                        struct buf *out, struct err *err)
{
    struct envelope e = {.expander = w->expander};
    bool ok = envelope_operand(&e, operand, w->domain, err);

    for (size_t i = 0; ok && i < e.nrcpts; i++) {
        if (w->noperands > 1)
            buf_printf(out, "%.*s: ", SPAN_ARG(operand));
        buf_printf(out, "%.*s\n", SPAN_ARG(e.rcpts[i].address));
    }
    if (ok && e.dropped)
        tell_dropped(operand);
    envelope_free(&e);
    return ok;
}

bool resolve_operands(struct app *app, struct err *err)
{
    struct message_wanted w;
    struct buf out = {0};
    bool ok = app_settings(app, err);

    if (ok) {
        w = app_wanted(app);
        app->aliases.deferred = true; /* to be told all in order */
        for (size_t i = 0; ok && i < w.noperands; i++)
            ok = add_operand(w.operands[i], &w, &out, err);
        ok = ok && (!w.expander || host_aliases_check(&app->aliases, err)) &&
             output_print(buf_span(&out), err);
    }
    buf_free(&out);
    return ok;
}
