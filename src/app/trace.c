/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/trace.h"

#include "app/output.h"

static void show(bool *stuck, const char *begin, struct span line)
{
    struct buf shown = {0};

    if (stuck && *stuck)
        return;
    buf_add(&shown, span_of(begin));
    err_escape(line, &shown);
    buf_addc(&shown, '\n');
    if (!output_tell(buf_span(&shown)) && stuck)
        *stuck = true;
    buf_free(&shown);
}

void trace_line(void *self, enum session_direction direction, struct span line)
{
    static const char *const begins[] = {
        [SESSION_CLIENT] = "C: ",
        [SESSION_SERVER] = "S: ",
        [SESSION_EVENT] = "* ",
    };

    show(self, begins[direction], line);
}

void trace_client(void *self, bool ours, struct span line)
{
    show(self, ours ? "s: " : "c: ", line);
}

void trace_event(const char *format, ...)
{
    struct buf line = {0};
    va_list ap;

    va_start(ap, format);
    buf_vprintf(&line, format, ap);
    va_end(ap);
    trace_line(NULL, SESSION_EVENT, buf_span(&line));
    buf_free(&line);
}

void trace_events(struct span lines)
{
    struct span line;

    while (span_line(&lines, &line))
        trace_line(NULL, SESSION_EVENT, line);
}
