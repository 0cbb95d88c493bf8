/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/settings.h"

#include "app/include.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>

#define SYSTEM_DIRECTORY SYSCONFDIR "/pennypost"

/* Of the system's files those we may not read are other people's business. */
static bool load_system(const struct loading *l, const char *path,
                        struct err *err)
{
    struct file_facts facts = {0};

    if (loading_file(l, path, CONF_SYSTEM, &facts, err))
        return true;
    if (!facts.denied)
        return false;
    loading_denied(l, path);
    return true;
}

static int is_conf(const struct dirent *entry)
{
    return entry->d_name[0] != '.' &&
           span_ends(span_of(entry->d_name), S(".conf"));
}

static bool load_directory(const struct loading *l, const char *directory,
                           struct err *err)
{
    struct dirent **list = NULL;
    int n = scandir(directory, &list, is_conf, alphasort);
    bool ok = true;

    if (n < 0 && errno == EACCES)
        loading_denied(l, directory);
    for (int i = 0; i < n; i++) {
        struct buf path = {0};

        buf_printf(&path, "%s/%s", directory, list[i]->d_name);
        ok = ok && load_system(l, buf_cstring(&path), err);
        buf_free(&path);
        mem_free(list[i]);
    }
    mem_free(list);
    return ok;
}

static bool load_user(const struct loading *l, const char *const *variables,
                      struct err *err)
{
    const char *base = environment_value(variables, S("XDG_CONFIG_HOME")).p;
    struct file_facts facts = {0};
    struct buf path = {0};
    bool ok = true;

    if (base && base[0] == '/')
        buf_printf(&path, "%s/pennypost/config", base);
    else if (l->home.n)
        buf_printf(&path, "%.*s/.config/pennypost/config", SPAN_ARG(l->home));
    if (path.len)
        ok = loading_file(l, buf_cstring(&path), CONF_USER, &facts, err);
    buf_free(&path);
    return ok;
}

/* A file that was asked for by name has to be there. */
static bool load_named(const struct loading *l, const char *path,
                       const char *by, struct err *err)
{
    struct file_facts facts = {0};

    if (span_eq(span_of(path), S("/dev/null")) || !path[0])
        return true;
    if (!loading_file(l, path, CONF_USER, &facts, err))
        return false;
    if (!facts.missing)
        return true;
    fail(err, ERR_CONFIG, "there is no settings file '%s'", path);
    return err_hint(err, "it was named with %s", by);
}

static bool load_files(const struct loading *l, const struct cli *cli,
                       const char *const *variables, struct err *err)
{
    const char *named = environment_value(variables, S("PENNYPOST_CONFIG")).p;

    if (cli->config_path)
        return load_named(l, cli->config_path, "-C", err);
    if (named)
        return load_named(l, named, "PENNYPOST_CONFIG", err);
    return load_system(l, SYSTEM_DIRECTORY "/config", err) &&
           load_directory(l, SYSTEM_DIRECTORY "/config.d", err) &&
           load_user(l, variables, err);
}

/* Put all layers over each other; ACCOUNT may be NULL. */
static bool make_conf(const struct settings *s, const struct account *account,
                      struct conf *conf, struct err *err)
{
    conf_init(conf, s->accounts.home);
    accounts_apply(&s->accounts, account, conf);
    return conf_environment(conf, s->variables, err) &&
           cli_apply(s->cli, conf, err);
}

static bool is_asked_for(const struct value *account)
{
    return account->text.n && account->source >= CONF_ENVIRONMENT;
}

/* The account that VALUE names; who wrote it is told where there is none. */
static bool find_named(const struct settings *s, const struct value *value,
                       const struct account **account, struct err *err)
{
    *account = accounts_find(&s->accounts, value->text);
    if (*account)
        return true;
    accounts_unknown(&s->accounts, value->text,
                     value->source == CONF_COMMAND_LINE ? ERR_USAGE
                                                        : ERR_CONFIG,
                     err);
    return err_within(err, "%.*s", SPAN_ARG(value->origin));
}

/* Make *CONF anew.  What it was made from before may be in use until then. */
static bool remake_conf(const struct settings *s,
                        const struct account *account, struct conf *conf,
                        struct err *err)
{
    struct conf made;
    bool ok = make_conf(s, account, &made, err);
    struct conf old = *conf;

    if (ok)
        *conf = made;
    conf_free(ok ? &old : &made);
    return ok;
}

/* What is to be known of CONF, the one without an account, when it is gone. */
static void keep_facts(struct settings *s, const struct conf *conf)
{
    struct arena *arena = &s->accounts.arena;

    s->account = conf->account;
    s->account.text = arena_copy(arena, s->account.text);
    s->account.origin = arena_copy(arena, s->account.origin);
    s->size_limit = conf->size_limit.number;
    if (conf->size_limit.source < CONF_ENVIRONMENT)
        s->size_limit = accounts_most(&s->accounts, SETTING_size_limit,
                                      s->size_limit);
}

/* What there is not may stand where we cannot look. */
static bool not_found(const struct buf *denied, struct err *err)
{
    if (denied->len)
        err_hint(err, "%.*s could not be read by this user, and may have it",
                 SPAN_ARG(buf_span(denied)));
    return false;
}

/* Of an account for all others only that it is there, as far as we can see. */
static bool load_account(struct settings *s, struct conf *conf,
                         const struct buf *denied, struct err *err)
{
    bool asked_for = is_asked_for(&s->account);
    const struct account *account;

    if (span_empty(s->account.text) || (denied->len && !asked_for))
        return true;
    if (!find_named(s, &s->account, &account, err))
        return not_found(denied, err);
    if (!asked_for)
        return true;
    if (!remake_conf(s, account, conf, err))
        return false;
    s->size_limit = conf->size_limit.number;
    return true;
}

bool settings_load(struct settings *s, const struct cli *cli,
                   const struct world *world, const char *const *variables,
                   struct conf *conf, struct buf *denied, struct err *err)
{
    struct loading loading = {&s->accounts, world->home, denied};

    *conf = (struct conf){0};
    s->cli = cli;
    s->variables = variables;
    accounts_init(&s->accounts, world->home);
    if (!load_files(&loading, cli, variables, err))
        return false;
    if (!accounts_check(&s->accounts, !denied->len, err))
        return not_found(denied, err);
    if (!make_conf(s, NULL, conf, err))
        return false;
    keep_facts(s, conf);
    return load_account(s, conf, denied, err);
}

void settings_free(struct settings *s)
{
    accounts_free(&s->accounts);
}

bool settings_needs_sender(const struct settings *s)
{
    return s->accounts.first && !is_asked_for(&s->account);
}

static const struct account *match_sender(const struct settings *s,
                                          const struct settings_sender *sender)
{
    const struct account *account = NULL;

    if (sender->given)
        account = accounts_match(&s->accounts, sender->sender, sender->domain);
    if (!account && sender->from.n)
        account = accounts_match(&s->accounts, sender->from, sender->domain);
    if (!account && !sender->given && sender->own.n)
        account = accounts_match(&s->accounts, sender->own, sender->domain);
    return account;
}

static bool find_account(const struct settings *s,
                         const struct settings_sender *sender,
                         const struct account **account, struct err *err)
{
    *account = is_asked_for(&s->account) ? NULL : match_sender(s, sender);
    return *account || span_empty(s->account.text) ||
           find_named(s, &s->account, account, err);
}

bool settings_choose(const struct settings *s,
                     const struct settings_sender *sender, struct conf *conf,
                     struct err *err)
{
    const struct account *account;

    if (!find_account(s, sender, &account, err) ||
        !remake_conf(s, account, conf, err))
        return false;
    if (account && !is_asked_for(&s->account))
        conf->account = (struct value){.text = account->name,
                                       .origin = account->origin,
                                       .source = account->source};
    return true;
}

/* The address that no account is for. */
static struct span looked_for(const struct settings_sender *sender)
{
    if (sender->given)
        return sender->sender.n ? sender->sender : S("<>");
    return sender->from.n ? sender->from : sender->own;
}

bool settings_check(const struct settings *s, const struct conf *conf,
                    const struct settings_sender *sender, struct err *err)
{
    struct buf names = {0};

    if (conf_check(conf, err))
        return true;
    if (!sender || conf->server.text.n || conf->account.text.n ||
        !s->accounts.first)
        return false;
    accounts_names(&s->accounts, &names);
    fail(err, ERR_CONFIG, "no account is for mail from '%.*s', and no server "
                          "is set for all others",
         SPAN_ARG(looked_for(sender)));
    err_hint(err, "choose an account with -a, write 'match = %.*s' into its "
                  "section, or 'account = NAME' before all sections; there "
                  "are: %.*s", SPAN_ARG(looked_for(sender)),
             SPAN_ARG(buf_span(&names)));
    buf_free(&names);
    return false;
}
