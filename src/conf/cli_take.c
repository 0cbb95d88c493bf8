/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/cli_take.h"

enum { ENVELOPE_ID_LONGEST = 100 }; /* RFC 3461, 4.4 */

/* Refuse the value of an option: WANTS says what it is. */
static bool bad_value(const struct cli_reading *r, const struct cli_given *g,
                      const char *wants)
{
    return fail(r->err, ERR_USAGE, "%.*s cannot be '%.*s': it is %s",
                SPAN_ARG(g->shown), SPAN_ARG(g->value), wants);
}

static bool take_nothing(struct cli_reading *r, const struct cli_given *g)
{
    (void)r;
    (void)g;
    return true;
}

static bool take_refused(struct cli_reading *r, const struct cli_given *g)
{
    return fail(r->err, ERR_USAGE, "%.*s%s%.*s: %s", SPAN_ARG(g->shown),
                g->value.n ? " " : "", SPAN_ARG(g->value), g->row->help);
}

/* sendmail -bv; a caller of sendmail may take what it prints for "sent". */
static bool take_verify(struct cli_reading *r, const struct cli_given *g)
{
    if (r->knows_verbs) {
        r->cli->mode = CLI_RESOLVE;
        return true;
    }
    take_refused(r, g);
    return err_hint(r->err, "pennypost resolve ADDRESS shows who gets it");
}

static bool take_mode(struct cli_reading *r, const struct cli_given *g)
{
    r->cli->mode = (enum cli_mode)g->row->what;
    return true;
}

static bool take_flag(struct cli_reading *r, const struct cli_given *g)
{
    bool *flag = (bool *)((char *)r->cli + g->row->what);

    return *flag = true;
}

static bool take_sender(struct cli_reading *r, const struct cli_given *g)
{
    r->cli->sender = g->value;
    return r->cli->has_sender = true;
}

static bool take_full_name(struct cli_reading *r, const struct cli_given *g)
{
    r->cli->full_name = span_trim(g->value);
    return true;
}

/* The bit of WORD, 1 for the first of WORDS, 2, 4...; 0 where it is none. */
static unsigned word_bit(const char *words, struct span word)
{
    struct span rest = span_of(words), known;

    for (unsigned bit = 1; span_word(&rest, ' ', &known); bit <<= 1)
        if (span_ieq(known, word))
            return bit;
    return 0;
}

/* The bits of a list with commas; 0 where one of its words is wrong. */
static unsigned list_bits(const char *words, struct span list)
{
    unsigned bits = 0;
    struct span word;

    while (span_word(&list, ',', &word)) {
        unsigned bit = word_bit(words, span_trim(word));

        if (!bit)
            return 0;
        bits |= bit;
    }
    return bits;
}

static bool take_body(struct cli_reading *r, const struct cli_given *g)
{
    r->cli->body = (enum cli_body)word_bit("7BIT 8BITMIME", g->value);
    return r->cli->body || bad_value(r, g, "7BIT or 8BITMIME");
}

static bool take_notify(struct cli_reading *r, const struct cli_given *g)
{
    unsigned bits = list_bits("never success failure delay", g->value);

    r->cli->notify = bits;
    if (bits && (bits == CLI_NOTIFY_NEVER || !(bits & CLI_NOTIFY_NEVER)))
        return true;
    return bad_value(r, g, "never, or a list of success, failure and delay");
}

static bool take_return(struct cli_reading *r, const struct cli_given *g)
{
    r->cli->returned = (enum cli_return)word_bit("full hdrs", g->value);
    return r->cli->returned || bad_value(r, g, "full or hdrs");
}

static bool take_envelope_id(struct cli_reading *r, const struct cli_given *g)
{
    bool printable = g->value.n > 0 && g->value.n <= ENVELOPE_ID_LONGEST;

    for (size_t i = 0; i < g->value.n; i++)
        printable &= g->value.p[i] > ' ' && g->value.p[i] < 0x7F;
    r->cli->envelope_id = g->value;
    return printable || bad_value(r, g, "1 to 100 printable ASCII characters "
                                        "without blanks");
}

static bool take_config_path(struct cli_reading *r, const struct cli_given *g)
{
    if (span_empty(g->value))
        return bad_value(r, g, "the path of a file");
    r->cli->config_path = g->value.p; /* an argument, up to its NUL */
    return true;
}

static bool take_assume(struct cli_reading *r, const struct cli_given *g)
{
    r->cli->assume =
        list_bits("7bit 8bitmime smtputf8 binarymime", g->value);
    return r->cli->assume ||
           bad_value(r, g, "a list of 7bit, 8bitmime, smtputf8 and "
                           "binarymime");
}

static void setting_add(const struct cli_reading *r, struct span name,
                        struct span value, struct span origin)
{
    r->cli->settings[r->cli->setting_count++] =
        (struct cli_setting){name, value, origin};
}

/* The setting called NAME in any case, or an index past the last. */
static size_t setting_named(struct span name)
{
    size_t i = 0;

    while (i < SETTING_COUNT &&
           !span_ieq(name, span_of(conf_settings[i].name)))
        i++;
    return i;
}

/* What -O IgnoreDots says, as sendmail reads it. */
static bool is_true(struct span value)
{
    return span_empty(value) || strchr("tTyY1", value.p[0]);
}

/*
 * -O name=value.  Sendmail's own options begin with a capital and are passed
 * over, as every sendmail but the first does; what is left is ours, and
 * conf_set() knows it or suggests what was meant.
 */
static bool take_setting(struct cli_reading *r, const struct cli_given *g)
{
    size_t equals = span_find(g->value, '=');
    struct span name = span_trim(span_upto(g->value, equals));
    struct span value = span_trim(span_from(g->value, equals + 1));
    size_t setting = setting_named(name);
    struct buf origin = {0};

    if (span_ieq(name, S("IgnoreDots"))) {
        r->cli->ignore_dots = is_true(value);
        return true;
    }
    if (setting == SETTING_COUNT && name.n && name.p[0] >= 'A' &&
        name.p[0] <= 'Z')
        return true;
    if (setting < SETTING_COUNT)
        name = span_of(conf_settings[setting].name);
    if (equals == g->value.n || span_empty(name))
        return bad_value(r, g, "name=value");
    buf_printf(&origin, "-O %.*s", SPAN_ARG(name));
    setting_add(r, name, value, arena_copy(r->arena, buf_span(&origin)));
    buf_free(&origin);
    return true;
}

static bool take_account(struct cli_reading *r, const struct cli_given *g)
{
    if (span_empty(g->value))
        return bad_value(r, g, "the name of an account");
    setting_add(r, S("account"), g->value, g->shown);
    return true;
}

static bool (*const takers[CLI_ACTION_COUNT])(struct cli_reading *,
                                              const struct cli_given *) = {
    [CLI_IGNORE] = take_nothing,
    [CLI_REFUSE] = take_refused,
    [CLI_VERIFY] = take_verify,
    [CLI_MODE] = take_mode,
    [CLI_FLAG] = take_flag,
    [CLI_SENDER] = take_sender,
    [CLI_FULL_NAME] = take_full_name,
    [CLI_BODY] = take_body,
    [CLI_NOTIFY] = take_notify,
    [CLI_RETURN] = take_return,
    [CLI_ENVELOPE_ID] = take_envelope_id,
    [CLI_CONFIG_PATH] = take_config_path,
    [CLI_SETTING] = take_setting,
    [CLI_ACCOUNT] = take_account,
    [CLI_ASSUME] = take_assume,
};

/* Scripts pass what they read, with its line end: a blank in a name. */
static struct span unfolded(struct cli_reading *r, struct span name)
{
    char *copy = arena_take(r->arena, name.n + 1);

    for (size_t i = 0; i < name.n; i++)
        copy[i] = strchr("\t\r\n", name.p[i]) ? ' ' : name.p[i];
    return (struct span){copy, name.n};
}

static bool control_character(const struct cli_reading *r,
                              const struct cli_given *g)
{
    return fail(r->err, ERR_USAGE, "the argument of %.*s holds a control "
                                   "character",
                SPAN_ARG(g->shown));
}

/* Let the option act, unless its argument could steer something else. */
bool cli_take(struct cli_reading *r, struct cli_given g)
{
    if (g.row && g.row->action == CLI_FULL_NAME)
        g.value = unfolded(r, g.value);
    if (!value_clean(g.value))
        return control_character(r, &g);
    if (g.row)
        return takers[g.row->action](r, &g);
    setting_add(r, span_from(g.shown, 2), g.value, g.shown);
    return true;
}
