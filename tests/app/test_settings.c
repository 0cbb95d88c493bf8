/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/settings.h"

#include "sys/scratch.h"

/* A run: files below a directory of its own, an environment, and options. */
struct scene {
    struct scratch here;
    struct world world;
    struct settings settings;
    struct conf conf;
    struct buf denied;
    struct err err;
    bool ok;
};

/* The same text with "~" for the scene's directory. */
static const char *placed(const struct scene *s, const char *text, char *to,
                          size_t size)
{
    const char *at = strchr(text, '~');

    if (at)
        snprintf(to, size, "%.*s%s%s", (int)(at - text), text,
                 s->here.directory, at + 1);
    else
        snprintf(to, size, "%s", text);
    return to;
}

static void put(const struct scene *s, const char *name, const char *text,
                mode_t mode)
{
    char path[256];

    snprintf(path, sizeof path, "%s%s", s->here.directory, name);
    for (char *slash = path + strlen(s->here.directory) + 1;
         (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    scratch_write(path, span_of(text), mode);
}

static void remove_all(const struct scene *s)
{
    static const char *const there[] = {
        "/.config/pennypost/config", "/.config/pennypost", "/.config",
        "/xdg/pennypost/config", "/xdg/pennypost", "/xdg", "/named", "/fifo",
        "/directory", ""};
    char path[256];

    for (size_t i = 0; i < COUNT(there); i++) {
        snprintf(path, sizeof path, "%s%s", s->here.directory, there[i]);
        remove(path);
    }
    ck_assert_int_ne(access(s->here.directory, F_OK), 0);
}

enum { VARIABLES_MAX = 3 };

/* Load with these variables, the file of -C, and --from=OPTION. */
static void run(struct scene *s, const char *const *variables, const char *c,
                const char *option)
{
    struct cli_setting setting = {S("from"), span_of(option), S("--from")};
    char at[VARIABLES_MAX][256], named[256];
    const char *environment[VARIABLES_MAX + 1] = {NULL};
    struct cli cli = {.config_path = c ? placed(s, c, named, sizeof named)
                                       : NULL,
                      .settings = &setting, .setting_count = option ? 1 : 0};

    for (int i = 0; i < VARIABLES_MAX && variables[i]; i++)
        environment[i] = placed(s, variables[i], at[i], sizeof at[i]);
    s->world.home = span_of(s->here.directory);
    s->ok = settings_load(&s->settings, &cli, &s->world, environment,
                          &s->conf, &s->denied, &s->err);
}

static void scene_end(struct scene *s)
{
    conf_free(&s->conf);
    settings_free(&s->settings);
    buf_free(&s->denied);
    remove_all(s);
}

#define XDG "XDG_CONFIG_HOME=~/xdg"

static const struct {
    const char *rule;
    const char *variables[VARIABLES_MAX];
    const char *named, *option;
    const char *from, *domain;
} layers[] = {
    {"nobody", {XDG "/none"}, NULL, NULL, "", ""},
    {"the user's file", {XDG}, NULL, NULL, "xdg@x", "xdg.example"},
    {"in the home directory", {NULL}, NULL, NULL, "home@x", "home.example"},
    {"a relative path does not count", {"XDG_CONFIG_HOME=xdg"}, NULL, NULL,
     "home@x", "home.example"},
    {"nor an empty one", {"XDG_CONFIG_HOME="}, NULL, NULL, "home@x",
     "home.example"},
    {"the name counts whole", {"XDG_CONFIG_HOMES~/xdg="}, NULL, NULL,
     "home@x", "home.example"},
    {"the environment is over it", {XDG, "PENNYPOST_FROM=env@x"}, NULL, NULL,
     "env@x", "xdg.example"},
    {"the command line is over that", {XDG, "PENNYPOST_FROM=env@x"}, NULL,
     "cli@x", "cli@x", "xdg.example"},
    {"a named file is in its place", {XDG}, "~/named", NULL, "named@x", ""},
    {"and below the rest", {XDG, "PENNYPOST_FROM=env@x"}, "~/named", NULL,
     "env@x", ""},
    {"named in the environment", {XDG, "PENNYPOST_CONFIG=~/named"}, NULL,
     NULL, "named@x", ""},
    {"-C is over that", {XDG, "PENNYPOST_CONFIG=~/none"}, "~/named", NULL,
     "named@x", ""},
    {"/dev/null is no file", {XDG}, "/dev/null", NULL, "", ""},
    {"nor is an empty name", {XDG, "PENNYPOST_CONFIG="}, NULL, "cli@x",
     "cli@x", ""},
};

START_TEST(the_highest_layer_counts)
{
    struct scene s = {0};

    scratch_make(&s.here);
    put(&s, "/.config/pennypost/config",
        "from = home@x\ndomain = home.example\n", 0644);
    put(&s, "/xdg/pennypost/config", "from = xdg@x\ndomain = xdg.example\n",
        0644);
    put(&s, "/named", "from = named@x\n", 0644);
    run(&s, layers[_i].variables, layers[_i].named, layers[_i].option);
    ck_assert_msg(s.ok, "%s: %s", layers[_i].rule, s.err.text);
    ck_assert_msg(span_eq(s.conf.from.text, span_of(layers[_i].from)),
                  "%s: %.*s", layers[_i].rule, SPAN_ARG(s.conf.from.text));
    ck_assert_msg(span_eq(s.conf.domain.text, span_of(layers[_i].domain)),
                  "%s: %.*s", layers[_i].rule, SPAN_ARG(s.conf.domain.text));
    ck_assert_uint_eq(s.denied.len, 0);
    scene_end(&s);
}
END_TEST

static const struct {
    const char *rule;
    const char *variables[VARIABLES_MAX];
    const char *named, *option;
    const char *file; /* of the user's, that this is in */
    mode_t mode;
    enum err_kind kind;
    const char *text; /* "~": the directory */
    const char *hint;
} errors[] = {
    {"a named file must be there", {NULL}, "~/none", NULL, NULL, 0,
     ERR_CONFIG, "there is no settings file '~/none'",
     "it was named with -C"},
    {"in the environment, too", {"PENNYPOST_CONFIG=~/none"}, NULL, NULL, NULL,
     0, ERR_CONFIG, "there is no settings file '~/none'",
     "it was named with PENNYPOST_CONFIG"},
    {"a directory", {NULL}, "~/directory", NULL, NULL, 0, ERR_CONFIG,
     "'~/directory' is a directory, not a file", ""},
    {"a pipe, and nobody waits", {NULL}, "~/fifo", NULL, NULL, 0, ERR_CONFIG,
     "'~/fifo' is a pipe or device, not a file", ""},
    {"another device", {NULL}, "/dev/zero", NULL, NULL, 0, ERR_CONFIG,
     "'/dev/zero' is a pipe or device, not a file", ""},
    {"others can read the password", {XDG}, NULL, NULL,
     "user = me\npassword = secret\n", 0644, ERR_CONFIG,
     "~/xdg/pennypost/config:2: there is a password, and others can read the "
     "file", "chmod 600 ~/xdg/pennypost/config"},
    {"the group, too", {XDG}, NULL, NULL, "password = secret\n", 0640,
     ERR_CONFIG,
     "~/xdg/pennypost/config:1: there is a password, and others can read the "
     "file", "chmod 600 ~/xdg/pennypost/config"},
    {"nobody else can", {XDG}, NULL, NULL, "password = secret\n", 0600,
     ERR_NONE, "", ""},
    {"nothing is secret", {XDG}, NULL, NULL, "from = a@x\n", 0664, ERR_NONE,
     "", ""},
    {"anyone could say what to run", {XDG}, NULL, NULL, "from = a@x\n", 0666,
     ERR_CONFIG, "'~/xdg/pennypost/config' can be changed by everyone (mode "
     "0666)", "chmod o-w '~/xdg/pennypost/config', and look at what is in it"},
    {"what is wrong in a file", {XDG}, NULL, NULL, "\nfrom a@x\n", 0644,
     ERR_CONFIG, "~/xdg/pennypost/config:2: this is not 'key = value'",
     "a comment begins with '#'"},
    {"no such setting", {"PENNYPOST_FORM=a"}, "/dev/null", NULL, NULL, 0,
     ERR_CONFIG, "there is no setting PENNYPOST_FORM",
     "did you mean PENNYPOST_FROM?"},
};

START_TEST(errors_of_the_layers)
{
    struct scene s = {0};
    char want[512];

    scratch_make(&s.here);
    mkfifo(scratch_path(&s.here, "fifo"), 0600);
    mkdir(scratch_path(&s.here, "directory"), 0700);
    if (errors[_i].file)
        put(&s, "/xdg/pennypost/config", errors[_i].file, errors[_i].mode);
    run(&s, errors[_i].variables, errors[_i].named, errors[_i].option);
    ck_assert_msg(s.ok == (errors[_i].kind == ERR_NONE), "%s: %s",
                  errors[_i].rule, s.err.text);
    ck_assert_int_eq(s.err.kind, errors[_i].kind);
    ck_assert_str_eq(s.err.text, placed(&s, errors[_i].text, want,
                                        sizeof want));
    ck_assert_str_eq(s.err.hint, placed(&s, errors[_i].hint, want,
                                        sizeof want));
    scene_end(&s);
}
END_TEST

/* A file of the user's that may not be read is no reason to do without it. */
START_TEST(a_file_that_may_not_be_read)
{
    static const char *const variables[VARIABLES_MAX] = {XDG};
    struct scene s = {0};

    if (geteuid() == 0)
        return; /* who may read everything */
    scratch_make(&s.here);
    put(&s, "/xdg/pennypost/config", "from = a@x\n", 0000);
    run(&s, variables, NULL, NULL);
    ck_assert(!s.ok);
    ck_assert_int_eq(s.err.kind, ERR_CONFIG);
    ck_assert_uint_eq(s.denied.len, 0);
    scene_end(&s);
}
END_TEST

/* Without a home there is nothing to look for. */
START_TEST(nowhere_at_home)
{
    struct scene s = {0};
    struct cli cli = {0};
    const char *const none[] = {NULL};

    ck_assert_msg(settings_load(&s.settings, &cli, &s.world, none, &s.conf,
                                &s.denied, &s.err), "%s", s.err.text);
    ck_assert_int_ne(s.conf.from.source, CONF_USER);
    conf_free(&s.conf);
    settings_free(&s.settings);
    buf_free(&s.denied);
}
END_TEST

static const char accounts[] =
    "server = smtp://rest\nsize-limit = 2M\n"
    "[account work]\nmatch = *@work.example\nserver = smtp://work\n"
    "size-limit = 3M\n"
    "[account home]\nfrom = me@home.example\nserver = smtp://home\n"
    "[account mail]\nmatch = <> login\nserver = smtp://mail\n"
    "[account none]\n";

/* "given from own": "-" where there is none, "<>" the null sender. */
static const struct {
    const char *senders[3], *first, *variable, *option, *host, *account;
} choices[] = {
    {{"x@work.example", "-", "-"}, "", NULL, NULL, "work", "work"},
    {{"x@work.example", "me@home.example", "-"}, "", NULL, NULL, "work",
     "work"},
    {{"x@other.example", "me@home.example", "-"}, "", NULL, NULL, "home",
     "home"},
    {{"<>", "me@home.example", "-"}, "", NULL, NULL, "mail", "mail"},
    {{"-", "me@home.example", "login@here"}, "", NULL, NULL, "home", "home"},
    {{"-", "-", "login@here"}, "", NULL, NULL, "mail", "mail"},
    {{"-", "x@other.example", "login@here"}, "", NULL, NULL, "mail", "mail"},
    {{"x@other.example", "-", "login@here"}, "", NULL, NULL, "rest", ""},
    {{"-", "-", "x@here"}, "", NULL, NULL, "rest", ""},
    {{"-", "-", "-"}, "", NULL, NULL, "rest", ""},
    {{"-", "-", "x@here"}, "account = work\n", NULL, NULL, "work", "work"},
    {{"-", "-", "login@here"}, "account = work\n", NULL, NULL, "mail",
     "mail"},
    {{"x@work.example", "-", "-"}, "account = work\n",
     "PENNYPOST_ACCOUNT=home", NULL, "home", "home"},
    {{"x@work.example", "-", "-"}, "account = work\n",
     "PENNYPOST_ACCOUNT=home", "mail", "mail", "mail"},
    {{"x@work.example", "-", "-"}, "", NULL, "none", "rest", "none"},
    {{"-", "-", "x@here"}, "account = work\n", NULL, "", "rest", ""},
    {{"x@work.example", "-", "-"}, "", "PENNYPOST_SERVER=smtp://env", NULL,
     "env", "work"},
};

static struct span sender_of(const char *text)
{
    return strcmp(text, "-") && strcmp(text, "<>") ? span_of(text) : S("");
}

/* What a run with accounts is given besides the file. */
struct given {
    struct cli_setting setting;
    struct cli cli;
    const char *variables[2];
};

static void load_accounts(struct scene *s, struct given *g, const char *first,
                          const char *variable, const char *option)
{
    char text[1024];

    scratch_make(&s->here);
    snprintf(text, sizeof text, "%s%s", first, accounts);
    put(s, "/named", text, 0600);
    g->setting = (struct cli_setting){S("account"), span_of(option), S("-a")};
    g->cli = (struct cli){.config_path = scratch_path(&s->here, "named"),
                          .settings = &g->setting,
                          .setting_count = option ? 1 : 0};
    g->variables[0] = variable;
    g->variables[1] = NULL;
    s->ok = settings_load(&s->settings, &g->cli, &s->world, g->variables,
                          &s->conf, &s->denied, &s->err);
}

static struct settings_sender sender_row(const char *const *senders)
{
    return (struct settings_sender){
        .given = strcmp(senders[0], "-") != 0,
        .sender = sender_of(senders[0]),
        .from = sender_of(senders[1]),
        .own = sender_of(senders[2]),
        .domain = S("here"),
    };
}

START_TEST(the_sender_chooses_the_account)
{
    struct settings_sender sender = sender_row(choices[_i].senders);
    struct scene s = {0};
    struct given g;
    bool outright = (choices[_i].option && choices[_i].option[0]) ||
                    (choices[_i].variable &&
                     strstr(choices[_i].variable, "ACCOUNT"));

    load_accounts(&s, &g, choices[_i].first, choices[_i].variable,
                  choices[_i].option);
    ck_assert_msg(s.ok, "%s", s.err.text);
    ck_assert_int_eq(settings_needs_sender(&s.settings), !outright);
    for (int again = outright ? 0 : 1; again < 3; again++) {
        if (again)
            ck_assert_msg(settings_choose(&s.settings, &sender, &s.conf,
                                          &s.err), "%s", s.err.text);
        ck_assert_span(s.conf.endpoint.host, span_of(choices[_i].host));
        ck_assert_span(s.conf.account.text, span_of(choices[_i].account));
        if (outright)
            ck_assert_int_ge(s.conf.account.source, CONF_ENVIRONMENT);
    }
    scene_end(&s);
}
END_TEST

/* One process may choose for many senders, in any order. */
START_TEST(one_sender_after_another)
{
    struct scene s = {0};
    struct given g;

    load_accounts(&s, &g, "", NULL, NULL);
    for (size_t i = 0; i < 30; i++) {
        size_t row = i * 7 % 10;
        struct settings_sender sender = sender_row(choices[row].senders);

        ck_assert(settings_choose(&s.settings, &sender, &s.conf, &s.err));
        ck_assert_span(s.conf.endpoint.host, span_of(choices[row].host));
    }
    scene_end(&s);
}
END_TEST

START_TEST(the_longest_message_of_all)
{
    static const struct {
        const char *variable, *option;
        uint64_t most;
    } rows[] = {{NULL, NULL, 3 << 20}, {NULL, "home", 2 << 20},
                {NULL, "work", 3 << 20},
                {"PENNYPOST_SIZE_LIMIT=1M", NULL, 1 << 20}};
    struct scene s = {0};
    struct given g;

    load_accounts(&s, &g, "", rows[_i].variable, rows[_i].option);
    ck_assert_uint_eq(s.settings.size_limit, rows[_i].most);
    scene_end(&s);
}
END_TEST

static const struct {
    const char *first, *variable, *option;
    enum err_kind kind;
    const char *text, *hint;
} wrong[] = {
    {"", NULL, "wrok", ERR_USAGE, "-a: there is no account 'wrok'",
     "did you mean 'work'? there are: work, home, mail, none"},
    {"", "PENNYPOST_ACCOUNT=x", NULL, ERR_CONFIG,
     "PENNYPOST_ACCOUNT: there is no account 'x'",
     "there are: work, home, mail, none"},
    {"\naccount = hme\n", NULL, NULL, ERR_CONFIG,
     "~/named:2: there is no account 'hme'",
     "did you mean 'home'? there are: work, home, mail, none"},
};

START_TEST(an_account_that_there_is_not)
{
    struct scene s = {0};
    struct given g;
    char want[512];

    load_accounts(&s, &g, wrong[_i].first, wrong[_i].variable,
                  wrong[_i].option);
    ck_assert(!s.ok);
    ck_assert_int_eq(s.err.kind, wrong[_i].kind);
    ck_assert_str_eq(s.err.text, placed(&s, wrong[_i].text, want,
                                        sizeof want));
    ck_assert_str_eq(s.err.hint, wrong[_i].hint);
    scene_end(&s);
}
END_TEST

static const struct {
    const char *senders[3], *option, *text, *hint; /* no text: it is good */
} checks[] = {
    {{"x@work.example", "-", "-"}, NULL, NULL, NULL},
    {{"x@other.example", "y@other.example", "-"}, NULL,
     "no account is for mail from 'x@other.example', and no server is set for "
     "all others",
     "choose an account with -a, write 'match = x@other.example' into its "
     "section, or 'account = NAME' before all sections; there are: work, "
     "home, mail, none"},
    {{"-", "y@other.example", "login2@here"}, NULL,
     "no account is for mail from 'y@other.example', and no server is set for "
     "all others", NULL},
    {{"-", "-", "login2@here"}, NULL,
     "no account is for mail from 'login2@here', and no server is set for all "
     "others", NULL},
    {{"-", "-", "-"}, "none", "account 'none': no server is set",
     "write 'server = submissions://mail.example.com' into its section, or "
     "'inherits = NAME' for an account that has one"},
};

START_TEST(an_account_is_checked)
{
    struct settings_sender sender = sender_row(checks[_i].senders);
    struct scene s = {0};
    struct given g;

    load_accounts(&s, &g, "server =\n#", NULL, checks[_i].option);
    ck_assert_msg(s.ok, "%s", s.err.text);
    ck_assert(settings_choose(&s.settings, &sender, &s.conf, &s.err));
    ck_assert_int_eq(settings_check(&s.settings, &s.conf, &sender, &s.err),
                     !checks[_i].text);
    if (checks[_i].text) {
        ck_assert_int_eq(s.err.kind, ERR_CONFIG);
        ck_assert_str_eq(s.err.text, checks[_i].text);
        if (checks[_i].hint)
            ck_assert_str_eq(s.err.hint, checks[_i].hint);
    }
    scene_end(&s);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("settings");

    umask(022);
    tcase_add_loop_test(t, the_highest_layer_counts, 0, COUNT(layers));
    tcase_add_loop_test(t, errors_of_the_layers, 0, COUNT(errors));
    tcase_add_test(t, a_file_that_may_not_be_read);
    tcase_add_test(t, nowhere_at_home);
    tcase_add_loop_test(t, the_sender_chooses_the_account, 0,
                        COUNT(choices));
    tcase_add_test(t, one_sender_after_another);
    tcase_add_loop_test(t, the_longest_message_of_all, 0, 4);
    tcase_add_loop_test(t, an_account_that_there_is_not, 0, COUNT(wrong));
    tcase_add_loop_test(t, an_account_is_checked, 0, COUNT(checks));
    return unit_run("settings", t);
}
