/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/token.h"

#include "base/digest.h"
#include "conf/token_reply.h"
#include "sys/exec.h"
#include "sys/runtime.h"
#include "sys/signals.h"

enum { MARGIN = 60, NAME_OCTETS = 16 }; /* seconds; of a digest */

/*
 * What a token is kept under, so that none gets to another server or user.
 * No value holds a line end.
 */
static bool name_make(const struct conf *conf, struct buf *name)
{
    const struct server *server = &conf->endpoint;
    struct digest digest;
    struct buf key = {0};
    struct err unused;
    bool done;

    buf_printf(&key, "%.*s\n%.*s\n%u\n%.*s\n%.*s\n%.*s",
               SPAN_ARG(conf->account.text), SPAN_ARG(server->host),
               (unsigned)server->port, SPAN_ARG(server->path),
               SPAN_ARG(conf->user.text), SPAN_ARG(conf->token_command.text));
    done = digest_of(DIGEST_SHA256, buf_span(&key), &digest, &unused);
    buf_add(name, S("token."));
    for (size_t i = 0; done && i < NAME_OCTETS; i++)
        buf_printf(name, "%02x", digest.octets[i]);
    buf_free(&key);
    return done;
}

/* The file: when the token ends, in seconds since 1970, and the token. */
static bool kept_read(const struct token_wanted *wanted, const char *name,
                      struct buf *token)
{
    struct buf text = {0};
    struct span rest, line;
    uint64_t ends;
    bool good;

    if (!runtime_read(name, &text))
        return false;
    rest = buf_span(&text);
    good = span_line(&rest, &line) && span_number(line, INT64_MAX, &ends) &&
           (int64_t)ends - MARGIN > wanted->world->now &&
           span_line(&rest, &line) && line.n > 0;
    if (good) {
        buf_room(token, line.n + 1);
        buf_add(token, line);
    }
    buf_wipe(&text);
    return good;
}

static void keep(const struct token_wanted *wanted, const char *name,
                 struct span token, uint64_t seconds)
{
    struct buf text = {0};

    if (seconds <= MARGIN) {
        runtime_remove(name);
        return;
    }
    buf_room(&text, token.n + 64); /* once: no copy stays behind */
    buf_printf(&text, "%lld\n%.*s\n",
               (long long)(wanted->world->now + (int64_t)seconds),
               SPAN_ARG(token));
    runtime_write(name, buf_span(&text));
    buf_wipe(&text);
}

static bool command_run(const struct token_wanted *wanted, struct buf *token,
                        uint64_t *seconds, struct err *err)
{
    struct exec_command command =
        exec_written("token-command", wanted->conf->token_command.text);
    struct buf text = {0};
    bool done;

    command.stop = signals_flag();
    command.variable = wanted->refresh ? "PENNYPOST_TOKEN_REFRESH=1" : NULL;
    if (!exec_text(&command, &text, err))
        return false;
    done = token_reply_read(buf_span(&text), token, seconds, err);
    buf_wipe(&text);
    return done || err_within(err, EXEC_FORMAT, EXEC_ARG(&command));
}

bool token_get(const struct token_wanted *wanted, struct buf *token,
               struct err *err)
{
    struct buf name = {0};
    bool named = name_make(wanted->conf, &name), done;
    uint64_t seconds;

    done = named && !wanted->refresh &&
           kept_read(wanted, buf_cstring(&name), token);
    if (!done) {
        done = command_run(wanted, token, &seconds, err);
        if (done && named)
            keep(wanted, buf_cstring(&name), buf_span(token), seconds);
    }
    buf_free(&name);
    return done;
}
