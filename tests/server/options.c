/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"

#include <stddef.h>

enum option_kind { FLAG, TEXT, NUMBER };

struct option_row {
    const char *name;
    enum option_kind kind;
    size_t field;
    const char *help;
};

#define FIELD(name) offsetof(struct options, name)

static const struct option_row rows[] = {
    {"help", FLAG, FIELD(help), "show this"},
    {"port", TEXT, FIELD(port), "port to listen on; 0: any free one"},
    {"address", TEXT, FIELD(address), "address to listen on (127.0.0.1)"},
    {"ipv6", FLAG, FIELD(ipv6), "listen on ::1 as well"},
    {"tls", TEXT, FIELD(tls), "starttls (default), implicit or none"},
    {"cert", TEXT, FIELD(cert), "PEM file of the certificate chain"},
    {"key", TEXT, FIELD(key), "PEM file of the private key"},
    {"make-ca", TEXT, FIELD(make_ca),
     "directory to make ca.pem, cert.pem and key.pem in, and use"},
    {"names", TEXT, FIELD(names),
     "names for --make-ca (localhost,127.0.0.1,::1)"},
    {"days", TEXT, FIELD(days), "how long --make-ca is for (2); -1: expired"},
    {"priority", TEXT, FIELD(priority), "GnuTLS priority string"},
    {"user", TEXT, FIELD(user), "ask for AUTH, and take this user"},
    {"password", TEXT, FIELD(password), "with this password"},
    {"mechanisms", TEXT, FIELD(mechanisms), "what AUTH offers (PLAIN LOGIN)"},
    {"record", TEXT, FIELD(record), "directory for what arrives"},
    {"script", TEXT, FIELD(script), "file of scripted replies (script.h)"},
    {"no-8bitmime", FLAG, FIELD(no_8bitmime), "do not offer 8BITMIME"},
    {"no-smtputf8", FLAG, FIELD(no_smtputf8), "do not offer SMTPUTF8"},
    {"no-pipelining", FLAG, FIELD(no_pipelining), "do not offer PIPELINING"},
    {"no-size", FLAG, FIELD(no_size), "do not offer SIZE"},
    {"no-dsn", FLAG, FIELD(no_dsn), "do not offer DSN"},
    {"chunking", FLAG, FIELD(chunking), "offer CHUNKING"},
    {"max-size", NUMBER, FIELD(max_size), "octets that a message may have"},
    {"count", NUMBER, FIELD(count), "end after so many connections"},
    {"lifetime", NUMBER, FIELD(lifetime), "end after so many seconds (120)"},
    {"delay", NUMBER, FIELD(delay), "milliseconds to hold each answer back"},
    {"receive-buffer", NUMBER, FIELD(receive_buffer),
     "octets that the system may hold for us"},
};

enum { ROWS = sizeof(rows) / sizeof *rows };

void options_help(struct buf *out)
{
    buf_add(out, S("usage: test-server [--make-ca DIR] --port PORT ...\n"
                   "An SMTP server to test against; on loopback only.\n\n"));
    for (size_t i = 0; i < ROWS; i++)
        buf_printf(out, "  --%-16s %s\n", rows[i].name, rows[i].help);
}

static const struct option_row *row_find(struct span name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (span_eq(name, span_of(rows[i].name)))
            return &rows[i];
    return NULL;
}

static bool option_set(struct options *options, const struct option_row *row,
                       const char *value, struct err *err)
{
    void *field = (char *)options + row->field;

    if (row->kind == FLAG)
        *(bool *)field = true;
    else if (!value)
        return fail(err, ERR_USAGE, "option '--%s' needs a value", row->name);
    else if (row->kind == TEXT)
        *(const char **)field = value;
    else if (!span_number(span_of(value), UINT32_MAX, field))
        return fail(err, ERR_USAGE, "option '--%s' needs a number, not '%s'",
                    row->name, value);
    return true;
}

static bool mode_read(struct options *options, struct err *err)
{
    static const struct span names[] = {[TLS_STARTTLS] = SPAN_INIT("starttls"),
                                        [TLS_IMPLICIT] = SPAN_INIT("implicit"),
                                        [TLS_NONE] = SPAN_INIT("none")};

    for (size_t i = 0; i < sizeof(names) / sizeof *names; i++)
        if (span_eq(names[i], span_of(options->tls))) {
            options->tls_mode = (enum tls_mode)i;
            return true;
        }
    return fail(err, ERR_USAGE, "'--tls' cannot be '%s'", options->tls);
}

bool options_read(int argc, char **argv, struct options *options,
                  struct err *err)
{
    *options = (struct options){
        .address = "127.0.0.1",
        .tls = "starttls",
        .names = "localhost,127.0.0.1,::1",
        .days = "2",
        .priority = "NORMAL",
        .mechanisms = "PLAIN LOGIN",
        .max_size = 50u * 1024 * 1024,
        .lifetime = 120,
    };
    for (int i = 1; i < argc; i++) {
        struct span word = span_of(argv[i]);
        const struct option_row *row =
            span_starts(word, S("--")) ? row_find(span_from(word, 2)) : NULL;

        if (!row)
            return fail(err, ERR_USAGE, "unknown option '%s'", argv[i]);
        if (!option_set(options, row, row->kind == FLAG ? "" : argv[i + 1],
                        err))
            return false;
        i += row->kind != FLAG;
    }
    return mode_read(options, err);
}
