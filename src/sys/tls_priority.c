/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_priority.h"

#include <gnutls/gnutls.h>

static const char usual[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM";

/* What goes off the list for each minimum. */
static const char *const below[] = {
    [TLS_MINIMUM_UNSET] = "",
    [TLS_MINIMUM_1_2] = ":-VERS-TLS1.0:-VERS-TLS1.1",
    [TLS_MINIMUM_1_3] = ":-VERS-TLS1.0:-VERS-TLS1.1:-VERS-TLS1.2",
};

void tls_priority_text(const struct tls_settings *settings, struct buf *out)
{
    buf_add(out, span_empty(settings->priority) ? span_of(usual)
                                                : settings->priority);
    buf_add(out, span_of(below[settings->minimum]));
}

static bool nothing_left(const struct tls_settings *settings, struct err *err)
{
    return fail(err, ERR_CONFIG, "tls-priority '%.*s' and tls-min-version"
                                 " leave no version of TLS",
                SPAN_ARG(settings->priority));
}

bool tls_priority_check(const struct tls_settings *settings, struct err *err)
{
    struct buf text = {0};
    gnutls_priority_t priority = NULL;
    const char *stuck = "";
    int code;

    tls_priority_text(settings, &text);
    code = gnutls_priority_init(&priority, buf_cstring(&text), &stuck);
    if (code == GNUTLS_E_NO_PRIORITIES_WERE_SET) {
        nothing_left(settings, err);
    } else if (code < 0) {
        fail(err, ERR_CONFIG, "tls-priority cannot be '%.*s': GnuTLS stops at"
                              " '%s'",
             SPAN_ARG(settings->priority), stuck);
        err_hint(err, "gnutls-cli --list --priority STRING shows what one"
                      " stands for");
    }
    gnutls_priority_deinit(priority);
    buf_free(&text);
    return code >= 0;
}
