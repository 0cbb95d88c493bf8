/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/settings.h"

#include "base/mem.h"
#include "conf/file.h"
#include "sys/file.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYSTEM_DIRECTORY SYSCONFDIR "/pennypost"

/* Whoever can write it decides what we run and who gets the password. */
static bool trusted(const char *path, const struct file_facts *facts,
                    struct err *err)
{
    if (facts->owner == geteuid() || facts->owner == 0) {
        if (!(facts->mode & S_IWOTH))
            return true;
        fail(err, ERR_CONFIG, "'%s' can be changed by everyone (mode %04o)",
             path, facts->mode);
        return err_hint(err, "chmod o-w '%s', and look at what is in it",
                        path);
    }
    fail(err, ERR_CONFIG, "'%s' belongs to another user (uid %u)", path,
         facts->owner);
    return err_hint(err, "settings are taken from files of one's own or "
                         "root's");
}

static bool load(struct conf *conf, const char *path, enum conf_source source,
                 struct file_facts *facts, struct err *err)
{
    struct buf text = {0};
    bool ok = file_read_config(path, facts, &text, err);

    ok = ok && (facts->missing || trusted(path, facts, err));
    if (ok && !facts->missing)
        ok = file_parse(conf, span_of(path), buf_span(&text), source,
                        facts->exposed, err);
    buf_wipe(&text);
    return ok;
}

static void note_denied(struct buf *denied, const char *path)
{
    buf_printf(denied, "%s'%s'", denied->len ? ", " : "", path);
}

/* Of the system's files those we may not read are other people's business. */
static bool load_system(struct conf *conf, const char *path,
                        struct buf *denied, struct err *err)
{
    struct file_facts facts = {0};

    if (load(conf, path, CONF_SYSTEM, &facts, err))
        return true;
    if (!facts.denied)
        return false;
    note_denied(denied, path);
    return true;
}

static int is_conf(const struct dirent *entry)
{
    return entry->d_name[0] != '.' &&
           span_ends(span_of(entry->d_name), S(".conf"));
}

static bool load_directory(struct conf *conf, const char *directory,
                           struct buf *denied, struct err *err)
{
    struct dirent **list = NULL;
    int n = scandir(directory, &list, is_conf, alphasort);
    bool ok = true;

    if (n < 0 && errno == EACCES)
        note_denied(denied, directory);
    for (int i = 0; i < n; i++) {
        struct buf path = {0};

        buf_printf(&path, "%s/%s", directory, list[i]->d_name);
        ok = ok && load_system(conf, buf_cstring(&path), denied, err);
        buf_free(&path);
        mem_free(list[i]);
    }
    mem_free(list);
    return ok;
}

static bool load_user(struct conf *conf, const struct world *world,
                      const char *const *variables, struct err *err)
{
    const char *base = environment_value(variables, S("XDG_CONFIG_HOME")).p;
    struct file_facts facts = {0};
    struct buf path = {0};
    bool ok = true;

    if (base && base[0] == '/')
        buf_printf(&path, "%s/pennypost/config", base);
    else if (world->home.n)
        buf_printf(&path, "%.*s/.config/pennypost/config",
                   SPAN_ARG(world->home));
    if (path.len)
        ok = load(conf, buf_cstring(&path), CONF_USER, &facts, err);
    buf_free(&path);
    return ok;
}

/* A file that was asked for by name has to be there. */
static bool load_named(struct conf *conf, const char *path, const char *by,
                       struct err *err)
{
    struct file_facts facts = {0};

    if (span_eq(span_of(path), S("/dev/null")) || !path[0])
        return true;
    if (!load(conf, path, CONF_USER, &facts, err))
        return false;
    if (!facts.missing)
        return true;
    fail(err, ERR_CONFIG, "there is no settings file '%s'", path);
    return err_hint(err, "it was named with %s", by);
}

static bool load_files(struct conf *conf, const struct cli *cli,
                       const struct world *world, const char *const *variables,
                       struct buf *denied, struct err *err)
{
    const char *named = environment_value(variables, S("PENNYPOST_CONFIG")).p;

    if (cli->config_path)
        return load_named(conf, cli->config_path, "-C", err);
    if (named)
        return load_named(conf, named, "PENNYPOST_CONFIG", err);
    return load_system(conf, SYSTEM_DIRECTORY "/config", denied, err) &&
           load_directory(conf, SYSTEM_DIRECTORY "/config.d", denied, err) &&
           load_user(conf, world, variables, err);
}

bool settings_load(struct conf *conf, const struct cli *cli,
                   const struct world *world, const char *const *variables,
                   struct buf *denied, struct err *err)
{
    conf_init(conf, world->home);
    return load_files(conf, cli, world, variables, denied, err) &&
           conf_environment(conf, variables, err) && cli_apply(cli, conf, err);
}
