/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include "base/utf8.h"

#include <stdio.h>
#include <sysexits.h>

static const int statuses[] = {
    [ERR_NONE] = EX_OK,
    [ERR_USAGE] = EX_USAGE,
    [ERR_DATA] = EX_DATAERR,
    [ERR_NO_INPUT] = EX_NOINPUT,
    [ERR_NO_USER] = EX_NOUSER,
    [ERR_NO_HOST] = EX_NOHOST,
    [ERR_UNAVAILABLE] = EX_UNAVAILABLE,
    [ERR_SOFTWARE] = EX_SOFTWARE,
    [ERR_SYSTEM] = EX_OSERR,
    [ERR_IO] = EX_IOERR,
    [ERR_TEMPORARY] = EX_TEMPFAIL,
    [ERR_PROTOCOL] = EX_PROTOCOL,
    [ERR_DENIED] = EX_NOPERM,
    [ERR_CONFIG] = EX_CONFIG,
};

int err_status(enum err_kind kind)
{
    return statuses[kind];
}

bool fail(struct err *err, enum err_kind kind, const char *format, ...)
{
    va_list ap;

    err->kind = kind;
    err->hint[0] = '\0';
    va_start(ap, format);
    vsnprintf(err->text, sizeof err->text, format, ap);
    va_end(ap);
    return false;
}

bool err_hint(struct err *err, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(err->hint, sizeof err->hint, format, ap);
    va_end(ap);
    return false;
}

bool err_within(struct err *err, const char *doing, ...)
{
    struct buf text = {0};
    va_list ap;

    va_start(ap, doing);
    buf_vprintf(&text, doing, ap);
    va_end(ap);
    buf_printf(&text, ": %s", err->text);
    snprintf(err->text, sizeof err->text, "%s", buf_cstring(&text));
    buf_free(&text);
    return false;
}

/* A character that is shown as it is: printable ASCII, or above the C1 set. */
static bool shown_plain(struct span s, size_t length)
{
    unsigned char first = (unsigned char)s.p[0];

    if (length == 1)
        return first >= 0x20 && first < 0x7F;
    return !(first == 0xC2 && (unsigned char)s.p[1] < 0xA0);
}

void err_escape(struct span s, struct buf *out)
{
    while (!span_empty(s)) {
        size_t length = utf8_length(s);
        size_t taken = length ? length : 1;

        if (s.p[0] == '\n')
            buf_addc(out, ' ');
        else if (length && shown_plain(s, length))
            buf_add(out, span_upto(s, length));
        else
            for (size_t i = 0; i < taken; i++)
                buf_printf(out, "\\x%02X", (unsigned char)s.p[i]);
        s = span_from(s, taken);
    }
}

void err_print(const struct err *err, struct buf *out)
{
    buf_add(out, S("pennypost: "));
    err_escape(span_of(err->text), out);
    buf_addc(out, '\n');
    if (!err->hint[0])
        return;
    buf_add(out, S("pennypost: "));
    err_escape(span_of(err->hint), out);
    buf_addc(out, '\n');
}
