/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * print-docs - prints what is made from the tables of settings and options
 *
 *     print-docs options     the options, for pennypost(1)
 *     print-docs settings    the settings, for pennypost.conf(5)
 *     print-docs bash|zsh|fish|vim
 *                            completions, and an editor's syntax
 *
 * tests/check-docs compares what it prints with the committed documents, and
 * with --update writes them.
 */
#include "conf/cli.h"
#include "conf/cli_options.h"
#include "conf/file.h"

#include <stdio.h>

enum { FILL_WIDTH = 72 };

#define GENERATED "Made by tests/check-docs --update; not to be edited."

/* Text on its way into mdoc(7): what is on the line so far. */
struct filler {
    struct buf *out;
    size_t column;
};

static void line_end(struct filler *f)
{
    if (f->column)
        buf_addc(f->out, '\n');
    f->column = 0;
}

/* True for what mdoc takes for a mark behind or before the argument. */
static bool is_delimiter(struct span word)
{
    return word.n == 1 && strchr(".,:;()[]?!|", word.p[0]);
}

/* WORD with what roff would take for its own escaped. */
static void roff_add(struct span word, bool literal, struct buf *out)
{
    if ((word.n && (word.p[0] == '.' || word.p[0] == '\'')) ||
        (literal && is_delimiter(word)))
        buf_add(out, S("\\&"));
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];

        if (c == '\\')
            buf_add(out, S("\\e"));
        else if (c == '"')
            buf_add(out, S("\\(dq"));
        else if (c == '-' && literal)
            buf_add(out, S("\\-"));
        else
            buf_addc(out, c);
    }
}

static bool ends_sentence(struct span word)
{
    return span_ends(word, S(".")) || span_ends(word, S(".)"));
}

/* A word of prose; a new sentence begins on a new line. */
static void word_add(struct filler *f, struct span word)
{
    if (f->column && f->column + 1 + word.n > FILL_WIDTH)
        line_end(f);
    if (f->column)
        buf_addc(f->out, ' ');
    roff_add(word, false, f->out);
    f->column += word.n + 1;
    if (ends_sentence(word))
        line_end(f);
}

/*
 * What stands between backquotes at the front of *TEXT, maybe behind a "(",
 * and the marks that follow it without a blank.
 */
static void literal_add(struct filler *f, struct span *text)
{
    line_end(f);
    buf_add(f->out, S(".Ql "));
    if (span_starts(*text, S("("))) {
        buf_add(f->out, S("( "));
        *text = span_from(*text, 1);
    }
    *text = span_from(*text, 1);
    roff_add(span_upto(*text, span_find(*text, '`')), true, f->out);
    *text = span_from(*text, span_find(*text, '`') + 1);
    for (; text->n && strchr(".,;:)", text->p[0]); *text = span_from(*text, 1))
        buf_printf(f->out, " %c", text->p[0]);
    buf_addc(f->out, '\n');
}

static size_t word_length(struct span text)
{
    size_t blank = span_find(text, ' '), line = span_find(text, '\n');

    return blank < line ? blank : line;
}

static void prose_add(struct span text, struct buf *out)
{
    struct filler f = {.out = out};

    while (text.n) {
        if (span_starts(text, S("\n\n"))) {
            line_end(&f);
            buf_add(out, S(".Pp\n"));
            text = span_from(text, 2);
        } else if (text.p[0] == ' ') {
            text = span_from(text, 1);
        } else if (span_starts(text, S("`")) || span_starts(text, S("(`"))) {
            literal_add(&f, &text);
        } else {
            word_add(&f, span_upto(text, word_length(text)));
            text = span_from(text, word_length(text));
        }
    }
    line_end(&f);
}

/* A help line as a sentence of its own. */
static void help_add(const char *help, struct buf *out)
{
    struct buf text = {0};

    buf_printf(&text, "%c%s.",
               help[0] >= 'a' && help[0] <= 'z' ? help[0] - 'a' + 'A'
                                                : help[0],
               help + 1);
    prose_add(buf_span(&text), out);
    buf_free(&text);
}

static void option_item(const struct cli_option *row, struct buf *out)
{
    bool is_long = row->name[0] == '-';
    const char *before = is_long ? " Ns = Ns Ar " : " Ar ";

    buf_printf(out, ".It Fl %s", is_long ? row->name + 1 : row->name);
    if (row->placeholder && row->argument == CLI_OPTIONAL)
        buf_printf(out, " Ns Oo Ar %s Oc", row->placeholder);
    else if (row->placeholder)
        buf_printf(out, "%s%s", before, row->placeholder);
    buf_addc(out, '\n');
    if (row->manual)
        prose_add(span_of(row->manual), out);
    else
        help_add(row->help, out);
}

static void print_options(struct buf *out)
{
    for (enum cli_section s = 0; s < CLI_SECTION_COUNT; s++) {
        buf_printf(out, ".Ss %s\n.Bl -tag -width Ds\n", cli_sections[s]);
        for (size_t i = 0; i < cli_option_count; i++)
            if (cli_options[i].section == s)
                option_item(&cli_options[i], out);
        buf_add(out, S(".El\n"));
    }
}

static bool is_word(const struct setting *row, struct span word)
{
    struct span rest = span_of(row->words), known;

    while (span_word(&rest, ' ', &known))
        if (span_eq(known, word))
            return true;
    return false;
}

static void setting_item(const struct setting *row, struct buf *out)
{
    struct span rest = span_of(row->placeholder), part;
    const char *bar = "";

    buf_printf(out, ".It Cm %s No =", row->name);
    while (span_word(&rest, '|', &part)) {
        buf_printf(out, "%s %s %.*s", bar, is_word(row, part) ? "Cm" : "Ar",
                   SPAN_ARG(part));
        bar = " |";
    }
    buf_addc(out, '\n');
    prose_add(span_of(row->manual), out);
    if (row->fallback)
        buf_printf(out, "The default is\n.Ql %s .\n", row->fallback);
}

static void print_settings(struct buf *out)
{
    buf_add(out, S(".Bl -tag -width Ds\n"));
    for (size_t i = 0; i < SETTING_COUNT; i++)
        setting_item(&conf_settings[i], out);
    buf_add(out, S(".El\n"));
}

static bool takes_option(const struct setting *row)
{
    return row->kind != KIND_SECRET;
}

static bool is_offered(const struct cli_option *row)
{
    return row->section < CLI_IGNORED;
}

/* FORMAT, with one %s, for each verb that there is. */
static void verbs_add(const char *before, struct buf *out)
{
    for (size_t i = 0; i < cli_verb_count; i++)
        if (cli_verbs[i].help)
            buf_printf(out, "%s%s", before, cli_verbs[i].name);
}

static void bash_words_add(struct buf *out)
{
    for (size_t i = 0; i < cli_option_count; i++)
        if (is_offered(&cli_options[i]))
            buf_printf(out, " %s%s%s", cli_options[i].name[0] == '-' ? "" : "-",
                       cli_options[i].name,
                       cli_options[i].name[0] == '-' &&
                               cli_options[i].argument == CLI_REQUIRED
                           ? "="
                           : "");
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (takes_option(&conf_settings[i]))
            buf_printf(out, " --%s=", conf_settings[i].name);
}

static void print_bash(struct buf *out)
{
    buf_add(out, S("# SPDX-License-Identifier: GPL-3.0-or-later\n"
                   "# bash completion for pennypost.  " GENERATED "\n"
                   "_pennypost() {\n"
                   "    local cur=${COMP_WORDS[COMP_CWORD]} words= name= word\n"
                   "    COMPREPLY=()\n"
                   "    if [ \"$cur\" = = ]; then\n"
                   "        name=${COMP_WORDS[COMP_CWORD - 1]} cur=\n"
                   "    elif [ \"${COMP_WORDS[COMP_CWORD - 1]}\" = = ]; then\n"
                   "        name=${COMP_WORDS[COMP_CWORD - 2]}\n"
                   "    fi\n"
                   "    case $name in\n"));
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (conf_settings[i].words)
            buf_printf(out, "    --%s) words='%s' ;;\n", conf_settings[i].name,
                       conf_settings[i].words);
    buf_add(out, S("    '') words='"));
    bash_words_add(out);
    verbs_add(" ", out);
    buf_add(out, S("' ;;\n"
                   "    esac\n"
                   "    while IFS= read -r word; do\n"
                   "        COMPREPLY+=(\"$word\")\n"
                   "    done < <(compgen -W \"$words\" -- \"$cur\")\n"
                   "    [ ${#COMPREPLY[@]} = 1 ] && "
                   "[[ ${COMPREPLY[0]} == *= ]] &&\n"
                   "        compopt -o nospace\n"
                   "    return 0\n"
                   "}\n"
                   "complete -o default -F _pennypost pennypost\n"));
}

/* S as it stands in single quotes in a shell, and with ":[]" escaped. */
static void zsh_text_add(const char *s, struct buf *out)
{
    for (; *s; s++) {
        if (strchr(":[]", *s))
            buf_addc(out, '\\');
        if (*s == '\'')
            buf_add(out, S("'\\'"));
        buf_addc(out, *s);
    }
}

static void zsh_option_add(const struct cli_option *row, struct buf *out)
{
    bool is_long = row->name[0] == '-';

    buf_printf(out, "    '*%s%s%s[", is_long ? "" : "-", row->name,
               row->argument != CLI_REQUIRED ? ""
               : is_long                     ? "="
                                             : "+");
    zsh_text_add(row->help, out);
    buf_addc(out, ']');
    if (row->argument == CLI_REQUIRED) {
        buf_addc(out, ':');
        zsh_text_add(row->placeholder, out);
        buf_add(out, row->action == CLI_CONFIG_PATH ? S(":_files") : S(":"));
    }
    buf_add(out, S("' \\\n"));
}

static void zsh_setting_add(const struct setting *row, struct buf *out)
{
    buf_printf(out, "    '*--%s=[", row->name);
    zsh_text_add(row->help, out);
    buf_printf(out, "]:%s:", row->placeholder);
    if (row->words)
        buf_printf(out, "(%s)", row->words);
    buf_add(out, S("' \\\n"));
}

static void print_zsh(struct buf *out)
{
    buf_add(out, S("#compdef pennypost\n"
                   "# SPDX-License-Identifier: GPL-3.0-or-later\n"
                   "# zsh completion for pennypost.  " GENERATED "\n"
                   "_arguments -s \\\n"));
    for (size_t i = 0; i < cli_option_count; i++)
        if (is_offered(&cli_options[i]))
            zsh_option_add(&cli_options[i], out);
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (takes_option(&conf_settings[i]))
            zsh_setting_add(&conf_settings[i], out);
    buf_add(out, S("    '1:verb or recipient:("));
    verbs_add(" ", out);
    buf_add(out, S(" )' \\\n    '*:recipient:_email_addresses'\n"));
}

static void fish_text_add(const char *s, struct buf *out)
{
    buf_add(out, S(" -d '"));
    for (; *s; s++) {
        if (*s == '\'')
            buf_addc(out, '\\');
        buf_addc(out, *s);
    }
    buf_add(out, S("'\n"));
}

static void fish_option_add(const struct cli_option *row, struct buf *out)
{
    const char *name = row->name;
    const char *kind = strlen(name) == 1 ? "-s" : "-o";

    if (name[0] == '-') {
        kind = "-l";
        name += 2;
    }
    buf_printf(out, "complete -c pennypost %s %s", kind, name);
    if (row->argument == CLI_REQUIRED)
        buf_add(out, row->action == CLI_CONFIG_PATH ? S(" -r -F") : S(" -x"));
    fish_text_add(row->help, out);
}

static void print_fish(struct buf *out)
{
    buf_add(out, S("# SPDX-License-Identifier: GPL-3.0-or-later\n"
                   "# fish completion for pennypost.  " GENERATED "\n"
                   "complete -c pennypost -f\n"));
    for (size_t i = 0; i < cli_verb_count; i++) {
        if (!cli_verbs[i].help)
            continue;
        buf_printf(out, "complete -c pennypost -n __fish_use_subcommand -a %s",
                   cli_verbs[i].name);
        fish_text_add(cli_verbs[i].help, out);
    }
    for (size_t i = 0; i < cli_option_count; i++)
        if (is_offered(&cli_options[i]))
            fish_option_add(&cli_options[i], out);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *row = &conf_settings[i];

        if (!takes_option(row))
            continue;
        buf_printf(out, "complete -c pennypost -l %s %s", row->name,
                   row->kind == KIND_PATH || row->kind == KIND_CREDENTIAL
                       ? "-r -F"
                       : "-x");
        if (row->words)
            buf_printf(out, " -a '%s'", row->words);
        fish_text_add(row->help, out);
    }
}

static void print_vim(struct buf *out)
{
    buf_add(out, S("\" SPDX-License-Identifier: GPL-3.0-or-later\n"
                   "\" Vim syntax of pennypost.conf(5).  " GENERATED "\n"
                   "\" autocmd BufRead,BufNewFile */pennypost/config,"
                   "*/pennypost/config.d/*.conf\n"
                   "\"     \\ setfiletype pennypost\n"
                   "if exists('b:current_syntax')\n"
                   "    finish\n"
                   "endif\n"
                   "syntax match pennypostError /^\\s*[^#[:blank:]].*/\n"
                   "syntax match pennypostSection "
                   "/^\\s*\\[\\s*\\%(defaults\\|account\\s\\+"
                   "[-A-Za-z0-9._@+]\\+\\)\\s*\\]\\ze\\%(\\s\\|$\\)/\n"
                   "    \\ nextgroup=pennypostComment skipwhite\n"
                   "syntax match pennypostKey /^\\s*\\%("));
    for (size_t i = 0; i < SETTING_COUNT; i++)
        buf_printf(out, "%s%s", i ? "\\|" : "", conf_settings[i].name);
    for (size_t i = 0; file_key(i); i++)
        buf_printf(out, "\\|%s", file_key(i));
    buf_add(out, S("\\)\\s*=/ nextgroup=pennypostQuoted,pennypostValue "
                   "skipwhite\n"
                   "syntax match pennypostValue /.*/ contained "
                   "contains=pennypostComment\n"
                   "syntax region pennypostQuoted start=/\"/ skip=/\\\\./ "
                   "end=/\"/ oneline contained\n"
                   "    \\ nextgroup=pennypostComment skipwhite\n"
                   "syntax match pennypostComment /\\%(^\\|\\s\\)#.*/\n"
                   "highlight default link pennypostError Error\n"
                   "highlight default link pennypostSection Statement\n"
                   "highlight default link pennypostKey Identifier\n"
                   "highlight default link pennypostValue String\n"
                   "highlight default link pennypostQuoted String\n"
                   "highlight default link pennypostComment Comment\n"
                   "let b:current_syntax = 'pennypost'\n"));
}

static const struct {
    const char *name;
    void (*print)(struct buf *);
} documents[] = {
    {"options", print_options}, {"settings", print_settings},
    {"bash", print_bash},       {"zsh", print_zsh},
    {"fish", print_fish},       {"vim", print_vim},
};

int main(int argc, char **argv)
{
    struct buf out = {0};

    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        if (argc == 2 && !strcmp(argv[1], documents[i].name))
            documents[i].print(&out);
    if (!out.len) {
        fputs("usage: print-docs options|settings|bash|zsh|fish|vim\n",
              stderr);
        return 64;
    }
    fwrite(out.data, 1, out.len, stdout);
    buf_free(&out);
    return fflush(stdout) != 0;
}
