/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/cli.h"

#include "conf/cli_options.h"

#include "conf/suggest.h"

enum {
    LINE_WIDTH = 79,
    LEAST_WIDTH = 15,
    MOST_WIDTH = 27,
    TOPIC_WIDTH = 2 + LEAST_WIDTH + 2,
};

/* What help is on besides the sections of the options. */
#define TOPIC_VERBS "verbs"
#define TOPIC_SETTINGS "settings"
#define TOPIC_ALL "all"

/* A paragraph of settings begins with each of these, for a screen is short. */
static const struct {
    size_t first;
    const char *title;
} groups[] = {
    {SETTING_server, "The server, and who we are to it"},
    {SETTING_tls, "TLS"},
    {SETTING_from, "Addresses"},
    {SETTING_signed_parts, "Messages, and what becomes of them"},
};

enum { GROUPS = sizeof groups / sizeof *groups };

/*
 * Lines of two columns, the first as wide as its widest entry; what would be
 * too wide for that has a line of its own.
 */
struct table {
    struct buf *out;
    size_t width;
    bool measuring;
};

/* One line, or how wide it has to be: SHOWN is how a thing is written. */
static void table_add(struct table *t, struct span shown, const char *help)
{
    if (t->measuring && shown.n > t->width && shown.n <= MOST_WIDTH)
        t->width = shown.n;
    if (t->measuring)
        return;
    if (shown.n > t->width) {
        buf_printf(t->out, "  %.*s\n", SPAN_ARG(shown));
        shown.n = 0;
    }
    buf_printf(t->out, "  %-*.*s  %s\n", (int)t->width, SPAN_ARG(shown),
               help);
}

/* Have FILL add its lines twice: first to be measured. */
static void table_print(void (*fill)(struct table *, size_t), size_t which,
                        struct buf *out)
{
    struct table t = {out, LEAST_WIDTH, true};

    fill(&t, which);
    t.measuring = false;
    fill(&t, which);
}

/* "-f", "--assume" */
static void name_add(const struct cli_option *row, struct buf *out)
{
    buf_printf(out, "%s%s", row->name[0] == '-' ? "" : "-", row->name);
}

/* "-f address", "--assume=what", "-d[level]" */
static void shown_add(const struct cli_option *row, struct buf *out)
{
    name_add(row, out);
    if (!row->placeholder)
        return;
    if (row->argument == CLI_OPTIONAL)
        buf_printf(out, "[%s]", row->placeholder);
    else
        buf_printf(out, "%s%s", row->name[0] == '-' ? "=" : " ",
                   row->placeholder);
}

static void section_fill(struct table *t, size_t section)
{
    struct buf shown = {0};

    for (size_t i = 0; i < cli_option_count; i++) {
        if ((size_t)cli_options[i].section != section)
            continue;
        buf_clear(&shown);
        shown_add(&cli_options[i], &shown);
        table_add(t, buf_span(&shown), cli_options[i].help);
    }
    buf_free(&shown);
}

static void section_add(size_t section, struct buf *out)
{
    buf_printf(out, "%s:\n", cli_sections[section]);
    table_print(section_fill, section, out);
}

static void verbs_fill(struct table *t, size_t all)
{
    struct buf shown = {0};

    (void)all;
    for (size_t i = 0; i < cli_verb_count; i++) {
        const struct cli_verb *verb = &cli_verbs[i];

        if (!verb->help)
            continue;
        buf_clear(&shown);
        buf_printf(&shown, "%s%s%s", verb->name, verb->operands ? " " : "",
                   verb->operands ? verb->operands : "");
        table_add(t, buf_span(&shown), verb->help);
    }
    buf_free(&shown);
}

static void verbs_add(struct buf *out)
{
    buf_add(out, S("Verbs, as in 'pennypost config':\n"));
    table_print(verbs_fill, 0, out);
}

static void settings_fill(struct table *t, size_t group)
{
    size_t end = group + 1 < GROUPS ? groups[group + 1].first : SETTING_COUNT;
    struct buf shown = {0};

    for (size_t i = groups[group].first; i < end; i++) {
        const struct setting *row = &conf_settings[i];

        if (row->kind == KIND_SECRET)
            continue; /* never on a command line */
        buf_clear(&shown);
        buf_printf(&shown, "--%s=%s", row->name, row->placeholder);
        table_add(t, buf_span(&shown), row->help);
    }
    buf_free(&shown);
}

static void settings_add(struct buf *out)
{
    buf_add(out, S("Settings stand on the command line as here, in a file as "
                   "'server = url',\nor in the environment as "
                   "PENNYPOST_SERVER=url.\n"));
    for (size_t i = 0; i < GROUPS; i++) {
        buf_printf(out, "\n%s:\n", groups[i].title);
        table_print(settings_fill, i, out);
    }
}

/* The first column, as wide as in a table. */
static void topic_name_add(const char *name, struct buf *out)
{
    buf_printf(out, "  %-*s  ", LEAST_WIDTH, name);
}

/* "  reports   Reports: -B -N", in as many lines as it takes. */
static void topic_add(size_t section, struct buf *out)
{
    size_t column = TOPIC_WIDTH + strlen(cli_sections[section]) + 1;
    struct buf name = {0};

    topic_name_add(cli_topics[section], out);
    buf_printf(out, "%s:", cli_sections[section]);
    for (size_t i = 0; i < cli_option_count; i++) {
        if ((size_t)cli_options[i].section != section)
            continue;
        buf_clear(&name);
        name_add(&cli_options[i], &name);
        column += 1 + name.len;
        if (column > LINE_WIDTH) {
            buf_printf(out, "\n%*s", TOPIC_WIDTH - 1, "");
            column = TOPIC_WIDTH + name.len;
        }
        buf_printf(out, " %s", buf_cstring(&name));
    }
    buf_addc(out, '\n');
    buf_free(&name);
}

static void topics_add(struct buf *out)
{
    buf_add(out, S("More, with 'pennypost help TOPIC':\n"));
    for (size_t i = CLI_SENDING + 1; i < CLI_SECTION_COUNT; i++)
        topic_add(i, out);
    topic_name_add(TOPIC_SETTINGS, out);
    buf_add(out, S("Settings: --server=url and so on\n"));
    topic_name_add(TOPIC_ALL, out);
    buf_add(out, S("All of it\n"
                   "See also pennypost(1) and pennypost.conf(5).\n"));
}

static void usage_add(struct buf *out)
{
    buf_add(out, S("Usage: pennypost [option ...] recipient ...    (also as "
                   "sendmail)\n"
                   "       pennypost [option ...] -t\n"
                   "       pennypost verb [option ...]\n"
                   "Reads a message from standard input and hands it to the "
                   "configured server.\n"));
}

void cli_help(struct buf *out)
{
    usage_add(out);
    buf_addc(out, '\n');
    section_add(CLI_SENDING, out);
    buf_addc(out, '\n');
    verbs_add(out);
    buf_addc(out, '\n');
    topics_add(out);
}

static void all_add(struct buf *out)
{
    usage_add(out);
    buf_addc(out, '\n');
    verbs_add(out);
    for (size_t i = 0; i < CLI_SECTION_COUNT; i++) {
        buf_addc(out, '\n');
        section_add(i, out);
    }
    buf_addc(out, '\n');
    settings_add(out);
}

static const struct {
    const char *name;
    void (*add)(struct buf *);
} topics[] = {
    {TOPIC_VERBS, verbs_add},
    {TOPIC_SETTINGS, settings_add},
    {TOPIC_ALL, all_add},
};

enum { TOPICS = sizeof topics / sizeof *topics };

static bool unknown_topic(struct span topic, struct err *err)
{
    struct suggestion near = suggestion_for(topic);

    fail(err, ERR_USAGE, "there is no help on '%.*s'", SPAN_ARG(topic));
    for (size_t i = 0; i < CLI_SECTION_COUNT; i++)
        suggestion_offer(&near, span_of(cli_topics[i]));
    for (size_t i = 0; i < TOPICS; i++)
        suggestion_offer(&near, span_of(topics[i].name));
    if (span_empty(near.best))
        return err_hint(err, "'pennypost help' shows what there is");
    return err_hint(err, "did you mean 'pennypost help %.*s'?",
                    SPAN_ARG(near.best));
}

bool cli_help_topic(struct span topic, struct buf *out, struct err *err)
{
    if (span_empty(topic)) {
        cli_help(out);
        return true;
    }
    for (size_t i = 0; i < CLI_SECTION_COUNT; i++)
        if (span_eq(topic, span_of(cli_topics[i]))) {
            section_add(i, out);
            return true;
        }
    for (size_t i = 0; i < TOPICS; i++)
        if (span_eq(topic, span_of(topics[i].name))) {
            topics[i].add(out);
            return true;
        }
    return unknown_topic(topic, err);
}

void cli_version(struct buf *out, struct span version,
                 struct span built_with)
{
    buf_printf(out, "pennypost %.*s\nBuilt with %.*s\n", SPAN_ARG(version),
               SPAN_ARG(built_with));
}
