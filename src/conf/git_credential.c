/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/git_credential.h"

void git_credential_ask(struct span host, unsigned port, struct span user,
                        struct buf *question)
{
    buf_printf(question, "protocol=smtp\nhost=%.*s:%u\nusername=%.*s\n\n",
               SPAN_ARG(host), port, SPAN_ARG(user));
}

bool git_credential_answer(struct span answer, struct span user,
                           struct span *password)
{
    struct span line;

    *password = S("");
    while (span_line(&answer, &line)) {
        size_t equals = span_find(line, '=');
        struct span name = span_upto(line, equals);
        struct span value = span_from(line, equals + 1);

        if (span_eq(name, S("username")) && !span_eq(value, user))
            return false;
        if (span_eq(name, S("password")))
            *password = value;
    }
    return password->n > 0;
}
