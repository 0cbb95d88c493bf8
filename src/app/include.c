/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/include.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

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

static bool text_read(const char *path, struct file_facts *facts,
                      struct buf *text, struct err *err)
{
    return file_read_config(path, facts, text, err) &&
           (facts->missing || trusted(path, facts, err));
}

void loading_denied(const struct loading *l, const char *path)
{
    buf_printf(l->denied, "%s'%s'", l->denied->len ? ", " : "", path);
}

/* What "include = PATH" means in a file of the path FROM. */
static bool path_resolve(const struct loading *l, struct span from,
                         struct span path, struct buf *out, struct err *err)
{
    size_t slash = span_rfind(from, '/');

    if (span_starts(path, S("~/"))) {
        if (span_empty(l->home))
            return fail(err, ERR_CONFIG, "cannot include '%.*s': no home "
                                         "directory is known", SPAN_ARG(path));
        buf_add(out, l->home);
        path = span_from(path, 1);
    } else if (!span_starts(path, S("/")) && slash < from.n) {
        buf_add(out, span_upto(from, slash + 1));
    }
    buf_add(out, path);
    return true;
}

static bool is_wild(struct span name)
{
    return span_find(name, '*') < name.n || span_find(name, '?') < name.n;
}

/* Of several "*" only the last met is ever gone back to. */
static bool wild_match(const char *pattern, const char *name)
{
    const char *star = NULL, *from = name;

    if (*name == '.' && *pattern != '.')
        return false;
    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            from = name;
        } else if (*pattern == *name || *pattern == '?') {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

/* Where a file is included. */
struct including {
    const struct loading *loading;
    const struct place *place;
    struct file_reading *into;
    bool by_name; /* not by a wildcard: it has to be there */
};

static bool not_ours(const struct including *in, bool denied, const char *path)
{
    if (!denied || in->place->source != CONF_SYSTEM)
        return false;
    loading_denied(in->loading, path);
    return true;
}

static bool one_include(const struct including *in, const char *path,
                        struct err *err)
{
    struct buf text = {0};
    struct file_facts facts;
    bool ok = text_read(path, &facts, &text, err);
    struct file file = {span_of(path), buf_span(&text), facts.exposed};

    if (!ok)
        ok = not_ours(in, facts.denied, path) || place_within(in->place, err);
    else if (!facts.missing)
        ok = file_include(in->into, &file, err);
    else if (in->by_name)
        ok = fail(err, ERR_CONFIG, "there is no file '%s' to include", path) ||
             place_within(in->place, err);
    buf_wipe(&text);
    return ok;
}

/* Of the entries in DIRECTORY, sorted, those that match PATTERN. */
static bool each_include(const struct including *in, const char *directory,
                         struct dirent **list, int n, const char *pattern,
                         struct err *err)
{
    struct buf path = {0};
    bool ok = true;

    for (int i = 0; ok && i < n; i++)
        if (wild_match(pattern, list[i]->d_name)) {
            buf_clear(&path);
            buf_printf(&path, "%s%s", directory, list[i]->d_name);
            ok = one_include(in, buf_cstring(&path), err);
        }
    buf_free(&path);
    return ok;
}

/* DIRECTORY, with its slash, or empty for where we are. */
static bool wild_include(const struct including *in, const char *directory,
                         const char *pattern, struct err *err)
{
    struct dirent **list = NULL;
    int n = scandir(directory[0] ? directory : ".", &list, NULL, alphasort);
    bool ok;

    if (n < 0) {
        if (errno == ENOENT || errno == ENOTDIR ||
            not_ours(in, errno == EACCES, directory))
            return true;
        fail(err, ERR_CONFIG, "cannot read the directory '%s': %s", directory,
             strerror(errno));
        return place_within(in->place, err);
    }
    ok = each_include(in, directory, list, n, pattern, err);
    for (int i = 0; i < n; i++)
        mem_free(list[i]);
    mem_free(list);
    return ok;
}

static bool library_open(void *self, const struct place *place,
                         struct span path, struct file_reading *into,
                         struct err *err)
{
    struct including in = {.loading = self, .place = place, .into = into};
    struct buf whole = {0}, directory = {0};
    struct span name;
    size_t slash;
    bool ok;

    if (!path_resolve(in.loading, place->path, path, &whole, err))
        return place_within(place, err);
    slash = span_rfind(buf_span(&whole), '/');
    name = slash < whole.len ? span_from(buf_span(&whole), slash + 1)
                             : buf_span(&whole);
    in.by_name = !is_wild(name);
    buf_add(&directory, span_upto(buf_span(&whole), whole.len - name.n));
    ok = in.by_name
             ? one_include(&in, buf_cstring(&whole), err)
             : wild_include(&in, buf_cstring(&directory),
                            buf_cstring(&whole) + directory.len, err);
    buf_free(&whole);
    buf_free(&directory);
    return ok;
}

bool loading_file(const struct loading *l, const char *path,
                  enum conf_source source, struct file_facts *facts,
                  struct err *err)
{
    struct file_library library = {(void *)l, library_open};
    struct buf text = {0};
    bool ok = text_read(path, facts, &text, err);
    struct file file = {span_of(path), buf_span(&text), facts->exposed};

    if (ok && !facts->missing)
        ok = file_parse(l->accounts, &file, source, &library, err);
    buf_wipe(&text);
    return ok;
}
