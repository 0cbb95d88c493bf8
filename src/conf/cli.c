/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/cli.h"

#include "conf/cli_options.h"
#include "conf/cli_take.h"
#include "conf/suggest.h"

static bool usage(const struct cli_reading *r, const char *text)
{
    fail(r->err, ERR_USAGE, "%s", text);
    return err_hint(r->err, "'pennypost --help' shows the options");
}

static bool unknown_option(const struct cli_reading *r, struct span shown)
{
    struct buf text = {0};

    buf_printf(&text, "there is no option '%.*s'", SPAN_ARG(shown));
    usage(r, buf_cstring(&text));
    buf_free(&text);
    return false;
}

/*
 * The option that *ROW and the first of its argument make together, where
 * that is one (-bp, -oi); what is left is then the argument.
 */
static void longer_find(struct cli_given *g)
{
    char name[2] = {g->row->name[0], g->value.n ? g->value.p[0] : '\0'};
    const struct cli_option *longer =
        g->value.n ? cli_option_find((struct span){name, 2}) : NULL;

    if (!longer || (longer->argument == CLI_NONE && g->value.n > 1))
        return;
    g->row = longer;
    g->value = span_from(g->value, 1);
}

/* The argument of an option: what is joined to the letter, or the next. */
static bool argument_take(struct cli_reading *r, struct span *letters,
                          struct cli_given *g)
{
    g->value = *letters;
    *letters = (struct span){0};
    if (span_empty(g->value) && g->row->argument == CLI_REQUIRED) {
        if (r->next == r->argc)
            return fail(r->err, ERR_USAGE, "-%s wants an argument",
                        g->row->name);
        g->value = span_of(r->argv[r->next++]);
    }
    longer_find(g);
    return true;
}

/* One letter off the front of *LETTERS, and its argument. */
static bool letter_parse(struct cli_reading *r, struct span *letters)
{
    struct span letter = span_upto(*letters, 1);
    struct cli_given g = {.row = cli_option_find(letter)};
    struct buf shown = {0};

    *letters = span_from(*letters, 1);
    if (g.row && g.row->argument != CLI_NONE && !argument_take(r, letters, &g))
        return false;
    buf_addc(&shown, '-');
    buf_add(&shown, g.row ? span_of(g.row->name) : letter);
    g.shown = arena_copy(r->arena, buf_span(&shown));
    buf_free(&shown);
    return g.row ? cli_take(r, g) : unknown_option(r, g.shown);
}

/* The letters of an argument, unless together they are a word of their own. */
static bool letters_parse(struct cli_reading *r, struct span letters)
{
    struct cli_given word = {.row = cli_option_find(letters)};

    if (word.row && letters.n > 2) {
        word.shown = (struct span){letters.p - 1, letters.n + 1};
        return cli_take(r, word);
    }
    while (letters.n)
        if (!letter_parse(r, &letters))
            return false;
    return true;
}

static bool unknown_long(const struct cli_reading *r, struct span shown)
{
    struct suggestion near = suggestion_for(span_from(shown, 2));

    unknown_option(r, shown);
    for (size_t i = 0; i < cli_option_count; i++)
        if (cli_options[i].name[0] == '-')
            suggestion_offer(&near, span_of(cli_options[i].name + 2));
    for (size_t i = 0; i < SETTING_COUNT; i++)
        suggestion_offer(&near, span_of(conf_settings[i].name));
    if (span_empty(near.best))
        return false;
    return err_hint(r->err, "did you mean '--%.*s'?", SPAN_ARG(near.best));
}

/* "--name" or "--name=value" */
static bool long_parse(struct cli_reading *r, struct span argument)
{
    size_t equals = span_find(argument, '=');
    struct span shown = span_upto(argument, equals);
    struct cli_given g = {
        .row = cli_option_find(shown),
        .shown = shown,
        .value = span_from(argument, equals + 1),
    };
    size_t setting = setting_find(span_from(shown, 2));
    bool valued = equals < argument.n;

    if (!g.row && setting == SETTING_COUNT)
        return unknown_long(r, shown);
    if (valued && g.row && g.row->argument == CLI_NONE)
        return fail(r->err, ERR_USAGE, "%.*s takes no value",
                    SPAN_ARG(shown));
    if (!valued && (!g.row || g.row->argument == CLI_REQUIRED)) {
        fail(r->err, ERR_USAGE, "%.*s wants a value", SPAN_ARG(shown));
        return err_hint(r->err, "write %.*s=value", SPAN_ARG(shown));
    }
    return cli_take(r, g);
}

/* The options, up to the first operand; *MARKED: "--" stood before it. */
static bool options_parse(struct cli_reading *r, bool *marked)
{
    while (r->next < r->argc) {
        struct span argument = span_of(r->argv[r->next]);

        if (argument.n < 2 || argument.p[0] != '-')
            return true;
        r->next++;
        *marked = span_eq(argument, S("--"));
        if (*marked)
            return true;
        if (!(argument.p[1] == '-'
                  ? long_parse(r, argument)
                  : letters_parse(r, span_from(argument, 1))))
            return false;
    }
    return true;
}

static bool misplaced(const struct cli_reading *r, struct span operand)
{
    fail(r->err, ERR_USAGE, "'%.*s' stands where a recipient should",
         SPAN_ARG(operand));
    return err_hint(r->err, "options come before the recipients; a recipient "
                            "that begins with '-' comes after '--'");
}

static bool operands_parse(struct cli_reading *r, bool marked)
{
    for (; r->next < r->argc; r->next++) {
        struct span operand = span_of(r->argv[r->next]);

        if (!marked && span_starts(operand, S("-")))
            return misplaced(r, operand);
        if (!value_clean(operand))
            return fail(r->err, ERR_USAGE,
                        "the recipient '%.*s' holds a control character",
                        SPAN_ARG(operand));
        r->cli->operands[r->cli->operand_count++] = operand;
    }
    return true;
}

/* The name without its directories. */
static struct span base_name(struct span path)
{
    size_t slash = span_rfind(path, '/');

    return slash < path.n ? span_from(path, slash + 1) : path;
}

/* What the name we were called by says. */
static void name_parse(struct cli_reading *r)
{
    struct span name = {0};

    if (r->argc > 0)
        name = base_name(span_of(r->argv[0]));
    r->next = r->argc > 0;
    if (span_eq(name, S("mailq")))
        r->cli->mode = CLI_MAILQ;
    if (span_eq(name, S("newaliases")))
        r->cli->mode = CLI_NEWALIASES;
    r->knows_verbs = span_eq(name, S("pennypost"));
}

static const struct cli_verb *verb_named(struct span name)
{
    for (size_t i = 0; i < cli_verb_count; i++)
        if (span_eq(name, span_of(cli_verbs[i].name)))
            return &cli_verbs[i];
    return NULL;
}

static bool verb_take(struct cli_reading *r, const struct cli_verb *verb)
{
    if (verb->mode < 0) {
        fail(r->err, ERR_USAGE, "'pennypost %s' is not in this version",
             verb->name);
        return err_hint(r->err, "to send to someone of that name: "
                                "pennypost -- %s",
                        verb->name);
    }
    r->cli->mode = (enum cli_mode)verb->mode;
    r->verb = verb;
    r->next++;
    return true;
}

/*
 * A WORD that stands alone and is nearly a verb is one that was misspelt:
 * nobody finds the mail to "confg" again.  No verb goes with -t.
 */
static bool misspelt_check(const struct cli_reading *r, struct span word)
{
    struct suggestion near = suggestion_for(word);

    if (r->argc - r->next > 1 || r->cli->read_header_recipients ||
        span_find(word, '@') < word.n)
        return true;
    for (size_t i = 0; i < cli_verb_count; i++)
        suggestion_offer(&near, span_of(cli_verbs[i].name));
    if (span_empty(near.best))
        return true;
    fail(r->err, ERR_USAGE, "there is no verb '%.*s'", SPAN_ARG(word));
    return err_hint(r->err, "did you mean 'pennypost %.*s'? To send to "
                            "someone of that name: pennypost -- %.*s",
                    SPAN_ARG(near.best), SPAN_ARG(word));
}

/* The first operand, where that is a verb, and the options behind it. */
static bool verb_parse(struct cli_reading *r, bool *marked)
{
    const struct cli_verb *verb;
    struct span word;

    if (!r->knows_verbs || *marked || r->next == r->argc ||
        r->cli->mode != CLI_SEND)
        return true;
    word = span_of(r->argv[r->next]);
    verb = verb_named(word);
    if (!verb)
        return misspelt_check(r, word);
    return verb_take(r, verb) && options_parse(r, marked);
}

/* A verb sends nothing, so nothing may look as if it had been sent. */
static bool verb_check(const struct cli_reading *r)
{
    const char *name = r->verb->name;

    if (r->cli->operand_count && !r->verb->operands)
        fail(r->err, ERR_USAGE, "'pennypost %s' takes options only", name);
    else if (r->cli->read_header_recipients)
        fail(r->err, ERR_USAGE, "'pennypost %s' sends nothing, so -t has no "
                                "place there", name);
    else
        return true;
    return err_hint(r->err, "to send to someone of that name: "
                            "pennypost -- %s",
                    name);
}

/* That a verb which is about something was told what. */
static bool operands_check(const struct cli_reading *r)
{
    const struct cli_verb *verb = r->verb;

    if (!verb->operands || verb->operands[0] == '[' || r->cli->operand_count)
        return true;
    fail(r->err, ERR_USAGE, "'pennypost %s' wants an operand", verb->name);
    return err_hint(r->err, "pennypost %s %s", verb->name, verb->operands);
}

/* The one topic of "pennypost help". */
static bool topic_take(const struct cli_reading *r)
{
    if (!r->cli->operand_count)
        return true;
    if (r->cli->operand_count > 1)
        return fail(r->err, ERR_USAGE, "there is help on one topic at a time");
    r->cli->topic = r->cli->operands[0];
    return true;
}

/* Whoever wants something sent must not be told that all is well. */
static bool sends_nothing(const struct cli_reading *r)
{
    const struct cli *cli = r->cli;
    bool wanted = cli->read_header_recipients;

    if (cli->mode != CLI_MAILQ && cli->mode != CLI_NEWALIASES &&
        cli->mode != CLI_FLUSH)
        return true;
    for (size_t i = 0; i < cli->operand_count; i++)
        wanted = wanted || span_find(cli->operands[i], '@') <
                               cli->operands[i].n;
    return !wanted ||
           usage(r, "a message is not sent together with -bp, -bi, -I or -q");
}

/* That there is someone to send to, and that nothing was passed in vain. */
static bool whole_check(const struct cli_reading *r)
{
    const struct cli *cli = r->cli;
    bool recipients = cli->operand_count || cli->read_header_recipients;

    if (r->verb && !(verb_check(r) && operands_check(r)))
        return false;
    if (cli->mode == CLI_HELP && r->verb)
        return topic_take(r);
    if (!sends_nothing(r))
        return false;
    if (cli->mode == CLI_RESOLVE && !cli->operand_count)
        return usage(r, "-bv wants an address");
    if (cli->mode == CLI_SEND && !recipients)
        return usage(r, "there is no recipient; name some, or use -t for "
                        "those in the message");
    if (cli->mode == CLI_SMTP && recipients)
        return fail(r->err, ERR_USAGE, "with -bs the recipients are named in "
                                       "SMTP, not on the command line");
    if (cli->mode == CLI_SMTP && cli->dry_run)
        return fail(r->err, ERR_USAGE, "--dry-run is for one message, and -bs "
                                       "takes any number");
    return true;
}

bool cli_parse(int argc, char *const *argv, struct arena *arena,
               struct cli *cli, struct err *err)
{
    struct cli_reading r = {
        .argv = argv,
        .argc = argc > 0 ? (size_t)argc : 0,
        .arena = arena,
        .cli = cli,
        .err = err,
    };
    bool marked = false;

    *cli = (struct cli){.mode = CLI_SEND};
    cli->settings = arena_take(arena, r.argc * sizeof *cli->settings);
    cli->operands = arena_take(arena, r.argc * sizeof *cli->operands);
    name_parse(&r);
    return options_parse(&r, &marked) && verb_parse(&r, &marked) &&
           operands_parse(&r, marked) && whole_check(&r);
}

bool cli_apply(const struct cli *cli, struct conf *conf, struct err *err)
{
    for (size_t i = 0; i < cli->setting_count; i++) {
        const struct cli_setting *s = &cli->settings[i];

        if (!conf_set(conf, s->name, s->value, s->origin, CONF_COMMAND_LINE,
                      err))
            return false;
    }
    return true;
}
