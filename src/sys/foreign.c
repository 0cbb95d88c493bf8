/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/foreign.h"

#include "base/protocol.h"

/* RFC 8446, 5.1: a server begins with a handshake record or an alert. */
bool foreign_is(struct span said)
{
    return said.n > 0 && said.p[0] != 0x16 && said.p[0] != 0x15;
}

/* The beginning of a reply (RFC 5321, 4.2), or what may become one. */
static bool is_smtp(struct span said)
{
    if (said.p[0] < '2' || said.p[0] > '5')
        return false;
    for (size_t i = 1; i < said.n && i < 3; i++)
        if (said.p[i] < '0' || said.p[i] > '9')
            return false;
    return said.n < 4 || said.p[3] == ' ' || said.p[3] == '-';
}

static bool hint_starttls(struct span name, unsigned port, struct err *err)
{
    if (port == 0 || port == 465)
        return err_hint(err, "it may know STARTTLS: try"
                             " submission://%.*s as the server",
                        SPAN_ARG(name));
    return err_hint(err, "it may know STARTTLS: try submission://%.*s:%u as"
                         " the server",
                    SPAN_ARG(name), port);
}

static bool hint_port(struct span said, struct err *err)
{
    const struct protocol *other = protocol_of(said);

    if (other)
        return err_hint(err, "this seems to be %s; mail is mostly taken on"
                             " port 465 (submissions://) or 587"
                             " (submission://)",
                        other->server);
    return err_hint(err, "is the port right? mail is mostly taken on port 465"
                         " (submissions://) or 587 (submission://)");
}

bool foreign_fail(struct span said, struct span name, unsigned port,
                  bool after_starttls, struct err *err)
{
    struct span line = span_trim(span_upto(said, span_find(said, '\n')));
    struct buf shown = {0}, where = {0};

    if (span_ends(line, S("\r")))
        line.n--;
    err_escape(span_upto(line, FOREIGN_MAX), &shown);
    buf_printf(&where, "the server '%.*s'", SPAN_ARG(name));
    if (port > 0)
        buf_printf(&where, " on port %u", port);
    fail(err, ERR_PROTOCOL,
         after_starttls ? "%.*s goes on in the clear after STARTTLS: it says"
                          " '%.*s'"
                        : "%.*s does not speak TLS: it says '%.*s'",
         SPAN_ARG(buf_span(&where)), SPAN_ARG(buf_span(&shown)));
    buf_free(&shown);
    buf_free(&where);
    if (after_starttls)
        return err_hint(err, "somebody on the way may be tampering with the"
                             " connection");
    if (is_smtp(said))
        return hint_starttls(name, port, err);
    return hint_port(said, err);
}
