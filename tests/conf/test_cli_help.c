/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/cli.h"
#include "conf/cli_options.h"
#include "unit.h"

enum { SCREEN_WIDTH = 80, SCREEN_HEIGHT = 24 };

static struct buf help;

static void setup(void)
{
    help = (struct buf){0};
}

static void teardown(void)
{
    buf_free(&help);
}

static const char *topic(const char *name)
{
    struct err err = {0};

    buf_clear(&help);
    ck_assert_msg(cli_help_topic(span_of(name), &help, &err), "%s", err.text);
    return buf_cstring(&help);
}

static const char *const topic_names[] = {
    "",        "sending", "modes",    "reports", "general",
    "ignored", "refused", "settings", "verbs",   "all",
};

START_TEST(fits_a_screen_by_section)
{
    struct span rest = span_of(topic(topic_names[_i])), line;
    unsigned height = 0, lines = 0;

    while (span_line(&rest, &line)) {
        height = span_empty(line) ? 0 : height + 1;
        lines++;
        ck_assert_msg(line.n < SCREEN_WIDTH, "%.*s", SPAN_ARG(line));
        ck_assert_msg(!span_ends(line, S(" ")), "%.*s|", SPAN_ARG(line));
        ck_assert_uint_lt(height, SCREEN_HEIGHT);
    }
    ck_assert(lines > 1);
    ck_assert(span_ends(buf_span(&help), S("\n")));
    ck_assert(!span_ends(buf_span(&help), S("\n\n")));
}
END_TEST

/* TEXT has the option in a line of its own, or at least its name. */
static bool has_option(const char *text, const char *before,
                       const struct cli_option *row)
{
    struct buf shown = {0};
    bool found = false;

    buf_printf(&shown, "%s%s%s", before, row->name[0] == '-' ? "" : "-",
               row->name);
    for (const char *at = text; !found && at; at = at ? at + 1 : NULL) {
        at = strstr(at, buf_cstring(&shown));
        found = at && strchr(" =[\n", at[shown.len]);
    }
    buf_free(&shown);
    return found;
}

START_TEST(shows_every_option)
{
    const struct cli_option *row = &cli_options[_i];
    struct buf text = {0};

    cli_help(&text);
    ck_assert_msg(has_option(buf_cstring(&text), " ", row), "%s", row->name);
    ck_assert(has_option(topic(cli_topics[row->section]), "\n  ", row));
    ck_assert(strstr(buf_cstring(&help), row->help));
    ck_assert(has_option(topic("all"), "\n  ", row));
    buf_free(&text);
}
END_TEST

START_TEST(shows_every_setting_but_the_password)
{
    struct buf name = {0};

    topic("all");
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        buf_clear(&name);
        buf_printf(&name, "\n  --%s=", conf_settings[i].name);
        ck_assert_msg(!strstr(buf_cstring(&help), buf_cstring(&name)) ==
                          (conf_settings[i].kind == KIND_SECRET),
                      "%s", buf_cstring(&name));
    }
    buf_free(&name);
}
END_TEST

static bool has_line(const char *text, const char *name)
{
    struct buf start = {0};
    bool found;

    buf_printf(&start, "\n  %s ", name);
    found = strstr(text, buf_cstring(&start));
    buf_free(&start);
    return found;
}

START_TEST(shows_the_verbs_there_are)
{
    const char *text = topic("");

    ck_assert(strstr(text, "\nVerbs, as in 'pennypost config':\n  config  "));
    ck_assert(strstr(text, "\n  help [topic]  "));
    for (size_t i = 0; i < cli_verb_count; i++)
        if (cli_verbs[i].help)
            ck_assert(strstr(text, cli_verbs[i].help));
        else
            ck_assert(!has_line(text, cli_verbs[i].name));
}
END_TEST

START_TEST(shows_how_an_argument_is_written)
{
    ck_assert(strstr(topic("sending"), "Sending:\n  -t               send "));
    ck_assert(strstr(buf_cstring(&help), "\n  -f address       the "));
    ck_assert(strstr(topic("general"), "\n  --assume=what,...  with "));
    ck_assert(strstr(topic("ignored"), "\n  -d[level]  "));
    ck_assert(strstr(topic("settings"), "\n  --timeout=seconds  "));
}
END_TEST

START_TEST(a_long_one_has_a_line_of_its_own)
{
    ck_assert(strstr(topic("settings"),
                     "\n  --log=syslog|journal|none|path\n                 "));
    ck_assert(strstr(buf_cstring(&help),
                     "\n  --password-command=command  a command that"));
}
END_TEST

START_TEST(lists_the_topics)
{
    const char *text = topic("");

    ck_assert_ptr_eq(strstr(text, "Usage: pennypost [option ...] recip"),
                     text);
    ck_assert(strstr(text, "\nMore, with 'pennypost help TOPIC':\n  modes"));
    ck_assert(strstr(text, "\n  reports          Reports and content: -B -N "
                           "-R -V\n"));
    ck_assert(strstr(text, "\n  ignored          Accepted and ignored: -o "));
    ck_assert(strstr(text, "\n                   -"));
    ck_assert(strstr(text, "\n  settings         Settings: --server=url and"));
    ck_assert(strstr(text, "\n  all              All of it\nSee also "));
}
END_TEST

static const struct {
    const char *topic, *hint;
} unknown[] = {
    {"setings", "did you mean 'pennypost help settings'?"},
    {"mode", "did you mean 'pennypost help modes'?"},
    {"al", "did you mean 'pennypost help all'?"},
    {"x", "'pennypost help' shows what there is"},
};

START_TEST(refuses_another_topic)
{
    struct err err = {0};
    struct buf text = {0};

    ck_assert(!cli_help_topic(span_of(unknown[_i].topic), &help, &err));
    ck_assert_int_eq(err.kind, ERR_USAGE);
    buf_printf(&text, "there is no help on '%s'", unknown[_i].topic);
    ck_assert_str_eq(err.text, buf_cstring(&text));
    ck_assert_str_eq(err.hint, unknown[_i].hint);
    ck_assert_uint_eq(help.len, 0);
    buf_free(&text);
}
END_TEST

START_TEST(shows_the_version)
{
    cli_version(&help, S("1.2"), S("GnuTLS 3.7"));
    ck_assert_span(buf_span(&help),
                   S("pennypost 1.2\nBuilt with GnuTLS 3.7\n"));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("cli_help");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, fits_a_screen_by_section, 0, COUNT(topic_names));
    tcase_add_loop_test(t, shows_every_option, 0, (int)cli_option_count);
    tcase_add_test(t, shows_every_setting_but_the_password);
    tcase_add_test(t, shows_the_verbs_there_are);
    tcase_add_test(t, shows_how_an_argument_is_written);
    tcase_add_test(t, a_long_one_has_a_line_of_its_own);
    tcase_add_test(t, lists_the_topics);
    tcase_add_loop_test(t, refuses_another_topic, 0, COUNT(unknown));
    tcase_add_test(t, shows_the_version);
    return unit_run("cli_help", t);
}
