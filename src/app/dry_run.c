/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/dry_run.h"

#include "app/output.h"
#include "app/prepare.h"
#include "app/trace.h"

enum { PIECE = 64 * 1024 };

static struct ehlo assumed(unsigned assume)
{
    static const struct {
        unsigned assume, has;
    } rows[] = {
        {CLI_ASSUME_8BITMIME, EHLO_8BITMIME},
        {CLI_ASSUME_SMTPUTF8, EHLO_8BITMIME | EHLO_SMTPUTF8},
        {CLI_ASSUME_BINARYMIME,
         EHLO_8BITMIME | EHLO_BINARYMIME | EHLO_CHUNKING},
    };
    struct ehlo ehlo = {.has = EHLO_SIZE};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (assume & rows[i].assume)
            ehlo.has |= rows[i].has;
    return ehlo;
}

/* False where no recipient is left. */
static bool any_possible(const struct message *m, const struct ehlo *ehlo,
                         struct err *err)
{
    for (size_t i = 0; i < m->envelope.nrcpts; i++)
        if (prepare_rcpt(&m->envelope.rcpts[i], ehlo, err))
            return true;
    return false;
}

static void show_rcpt(struct message *m, size_t i, const struct ehlo *ehlo)
{
    struct rcpt_parameters parameters =
        message_rcpt_parameters(m, i, ehlo->has);
    struct buf line = {0};
    struct err err;

    if (prepare_rcpt(&m->envelope.rcpts[i], ehlo, &err)) {
        command_rcpt(m->envelope.rcpts[i].address, &parameters, &line);
        trace_line(NULL, SESSION_CLIENT, buf_span(&line));
    } else {
        trace_event("not to this recipient: %s", err.text);
    }
    buf_free(&line);
}

static void show_envelope(const struct prepared *p, struct message *m,
                          const struct ehlo *ehlo)
{
    struct buf line = {0};

    command_mail(m->envelope.sender, &p->parameters, &line);
    trace_line(NULL, SESSION_CLIENT, buf_span(&line));
    for (size_t i = 0; i < m->envelope.nrcpts; i++)
        show_rcpt(m, i, ehlo);
    trace_events(buf_span(&p->recoding.notes));
    if (!p->recoding.notes.len)
        trace_event("nothing was converted");
    buf_free(&line);
}

static bool show_content(struct prepared *p, struct message *m,
                         struct err *err)
{
    struct buf piece = {0};
    bool ok = true;

    while (ok && content_next(&p->content, PIECE, &piece)) {
        ok = output_print(buf_span(&piece), err);
        buf_clear(&piece);
        message_passed(m, &p->content);
    }
    buf_free(&piece);
    return ok;
}

bool dry_run(const struct cli *cli, const struct conf *conf,
             struct message *m, struct err *err)
{
    struct ehlo ehlo = assumed(cli->assume);
    struct prepared p = {0};
    bool ok = any_possible(m, &ehlo, err) &&
              prepare(&p, m, &ehlo, true,
                      (enum conf_signed)conf->signed_parts.number, err);

    if (ok) {
        show_envelope(&p, m, &ehlo);
        ok = show_content(&p, m, err);
    }
    prepared_free(&p);
    return ok;
}
