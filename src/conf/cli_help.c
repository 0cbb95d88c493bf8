/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/cli.h"

#include "conf/cli_options.h"

enum { NAME_WIDTH = 30, LINE_WIDTH = 79 };

/* One line: the option as it is written, and what it does. */
static void line_add(struct span shown, const char *help, struct buf *out)
{
    buf_printf(out, "  %-*.*s %s\n", NAME_WIDTH, SPAN_ARG(shown), help);
}

/* "-f address", "--assume=what", "-q" */
static void shown_add(const struct cli_option *row, struct buf *out)
{
    bool is_long = row->name[0] == '-';

    buf_printf(out, "%s%s", is_long ? "" : "-", row->name);
    if (row->placeholder)
        buf_printf(out, "%s%s",
                   is_long ? "=" : row->argument == CLI_REQUIRED ? " " : "",
                   row->placeholder);
}

static void section_add(enum cli_section section, struct buf *out)
{
    struct buf shown = {0};

    buf_printf(out, "\n%s:\n", cli_sections[section]);
    for (size_t i = 0; i < cli_option_count; i++) {
        if (cli_options[i].section != section)
            continue;
        buf_clear(&shown);
        shown_add(&cli_options[i], &shown);
        line_add(buf_span(&shown), cli_options[i].help, out);
    }
    buf_free(&shown);
}

/* Only the names of a section, in as many lines as they take. */
static void names_add(enum cli_section section, struct buf *out)
{
    size_t column = LINE_WIDTH;

    buf_printf(out, "\n%s (the manual says why):", cli_sections[section]);
    for (size_t i = 0; i < cli_option_count; i++) {
        const struct cli_option *row = &cli_options[i];
        size_t length = strlen(row->name) + (row->name[0] != '-');

        if (row->section != section)
            continue;
        if (column + 1 + length > LINE_WIDTH) {
            buf_add(out, S("\n "));
            column = 1;
        }
        buf_printf(out, " %s%s", row->name[0] == '-' ? "" : "-", row->name);
        column += 1 + length;
    }
    buf_addc(out, '\n');
}

static void settings_add(struct buf *out)
{
    struct buf shown = {0};

    buf_add(out, S("\nSettings (also in a file or, as PENNYPOST_NAME, in the "
                   "environment):\n"));
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *row = &conf_settings[i];

        if (row->kind == KIND_SECRET)
            continue; /* never on a command line */
        buf_clear(&shown);
        buf_printf(&shown, "--%s=%s", row->name, row->placeholder);
        line_add(buf_span(&shown), row->help, out);
    }
    buf_free(&shown);
}

static void verbs_add(struct buf *out)
{
    struct buf shown = {0};

    for (size_t i = 0; i < cli_verb_count; i++) {
        if (!cli_verbs[i].help)
            continue;
        buf_clear(&shown);
        buf_printf(&shown, "pennypost %s", cli_verbs[i].name);
        line_add(buf_span(&shown), cli_verbs[i].help, out);
    }
    buf_free(&shown);
}

void cli_help(struct buf *out)
{
    buf_add(out, S("Usage: pennypost [option ...] recipient ...    (also as "
                   "sendmail)\n"
                   "       pennypost [option ...] -t\n"
                   "Reads a message from standard input and hands it to the "
                   "configured server.\n\n"));
    verbs_add(out);
    for (enum cli_section i = CLI_SENDING; i < CLI_IGNORED; i++)
        section_add(i, out);
    settings_add(out);
    names_add(CLI_IGNORED, out);
    names_add(CLI_REFUSED, out);
    buf_add(out, S("\nSee pennypost(1) and pennypost.conf(5).\n"));
}

void cli_version(struct buf *out, struct span version,
                 struct span built_with)
{
    buf_printf(out, "pennypost %.*s\nBuilt with %.*s\n", SPAN_ARG(version),
               SPAN_ARG(built_with));
}
