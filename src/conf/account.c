/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/account.h"

#include "conf/suggest.h"
#include "mail/envelope.h"
#include "mail/pattern.h"

bool place_within(const struct place *place, struct err *err)
{
    return err_within(err, "%.*s:%u", SPAN_ARG(place->path), place->line);
}

static struct span place_keep(struct accounts *all, const struct place *place)
{
    struct buf text = {0};
    struct span kept;

    buf_printf(&text, "%.*s:%u", SPAN_ARG(place->path), place->line);
    kept = arena_copy(&all->arena, buf_span(&text));
    buf_free(&text);
    return kept;
}

void accounts_init(struct accounts *all, struct span home)
{
    *all = (struct accounts){0};
    all->home = arena_copy(&all->arena, home);
}

void accounts_free(struct accounts *all)
{
    arena_wipe(&all->arena);
    *all = (struct accounts){0};
}

/* ASCII, so that it can stand in a log, a variable and a command line. */
static bool is_name(struct span s)
{
    for (size_t i = 0; i < s.n; i++) {
        char small = ascii_lower(s.p[i]);

        if (!(small >= 'a' && small <= 'z') &&
            !(small >= '0' && small <= '9') && !strchr("._-@+", small))
            return false;
    }
    return s.n > 0 && s.n <= ACCOUNT_NAME_LONGEST;
}

static bool bad_name(struct span name, const struct place *place,
                     struct err *err)
{
    fail(err, ERR_CONFIG, "an account cannot be called '%.*s'",
         SPAN_ARG(span_upto(name, ACCOUNT_NAME_LONGEST)));
    place_within(place, err);
    return err_hint(err, "a name is made of letters, digits and '._-@+', %d "
                         "at most", ACCOUNT_NAME_LONGEST);
}

/* Behind those of the same source, which is where the next one belongs. */
static void list_insert(struct accounts *all, struct account *account)
{
    struct account **link = &all->first;

    while (*link && (*link)->source >= account->source)
        link = &(*link)->next;
    account->next = *link;
    *link = account;
}

static void list_remove(struct accounts *all, const struct account *account)
{
    struct account **link = &all->first;

    while (*link != account)
        link = &(*link)->next;
    *link = account->next;
}

static struct account *find(const struct accounts *all, struct span name)
{
    struct account *account = all->first;

    while (account && !span_eq(account->name, name))
        account = account->next;
    return account;
}

static struct account *account_new(struct accounts *all, struct span name,
                                   const struct place *place)
{
    struct account *account = arena_take(&all->arena, sizeof *account);

    account->name = arena_copy(&all->arena, name);
    account->origin = place_keep(all, place);
    account->source = place->source;
    list_insert(all, account);
    all->count++;
    return account;
}

struct account *accounts_open(struct accounts *all, struct span name,
                              const struct place *place, struct err *err)
{
    struct account *account = find(all, name);

    if (account && account->source < place->source) {
        list_remove(all, account);
        account->source = place->source;
        list_insert(all, account);
    }
    if (account)
        return account;
    if (!is_name(name)) {
        bad_name(name, place, err);
        return NULL;
    }
    if (all->count == ACCOUNTS_MOST) {
        fail(err, ERR_CONFIG, "there are more than %d accounts",
             ACCOUNTS_MOST);
        place_within(place, err);
        return NULL;
    }
    return account_new(all, name, place);
}

/* The line sets it, if only as a part of the server's URL. */
static bool line_sets(const struct account_line *line, size_t setting)
{
    const struct server *server = line->assignment.server;

    return line->assignment.setting == setting ||
           (server && setting == SETTING_user && server->user.n) ||
           (server && setting == SETTING_password && server->password.n);
}

static bool set_already(const char *name, unsigned line,
                        const struct place *place, struct err *err)
{
    fail(err, ERR_CONFIG, "%s is set already in line %u", name, line);
    return place_within(place, err);
}

/* Nothing that LINE sets was set in this section and file before. */
static bool line_once(const struct account *account,
                      const struct account_line *line,
                      const struct place *place, struct err *err)
{
    const struct account_line *old = account->first;

    for (; old; old = old->next)
        for (size_t i = 0; i < SETTING_COUNT; i++)
            if (old->assignment.value.file == place->file &&
                line_sets(old, i) && line_sets(line, i))
                return set_already(conf_settings[i].name, old->line, place,
                                   err);
    return true;
}

static bool line_private(const struct account_line *line,
                         const struct place *place, struct err *err)
{
    if (!place->exposed || !assignment_secret(&line->assignment))
        return true;
    fail(err, ERR_CONFIG,
         "there is a password, and others can read the file");
    place_within(place, err);
    return err_hint(err, "chmod 600 %.*s", SPAN_ARG(place->path));
}

static bool account_within_account(const struct place *place, struct err *err)
{
    fail(err, ERR_CONFIG, "account has no place in an account's section");
    place_within(place, err);
    return err_hint(err, "'inherits = NAME' takes over what another account "
                         "sets");
}

static void line_append(struct account *account, struct account_line *line)
{
    if (!account->first)
        account->end = &account->first;
    *account->end = line;
    account->end = &line->next;
}

bool account_set(struct accounts *all, struct account *account,
                 struct span name, struct span value,
                 const struct place *place, struct err *err)
{
    struct account_line *line = arena_take(&all->arena, sizeof *line);
    struct value *v = &line->assignment.value;

    line->root = place->root;
    line->line = place->line;
    v->origin = place_keep(all, place);
    v->source = place->source;
    v->file = place->file;
    if (!assignment_read(&line->assignment, name, value, all->home,
                         &all->arena, err))
        return false;
    if (account->name.n && line->assignment.setting == SETTING_account)
        return account_within_account(place, err);
    if (!line_private(line, place, err) ||
        !line_once(account, line, place, err))
        return false;
    line_append(account, line);
    return true;
}

/* Keep VALUE as what the section says of the account itself. */
static bool key_set(struct accounts *all, const struct account *account,
                    const char *name, struct account_key *key,
                    struct span value, const struct place *place,
                    struct err *err)
{
    if (span_empty(account->name)) {
        fail(err, ERR_CONFIG, "%s stands in the section of an account", name);
        place_within(place, err);
        return err_hint(err, "it follows a line '[account NAME]'");
    }
    if (key->place.file == place->file)
        return set_already(name, key->place.line, place, err);
    key->text = arena_copy(&all->arena, value);
    key->place = *place;
    key->place.path = arena_copy(&all->arena, place->path);
    return true;
}

bool account_inherits(struct accounts *all, struct account *account,
                      struct span value, const struct place *place,
                      struct err *err)
{
    return key_set(all, account, "inherits", &account->inherits, value, place,
                   err);
}

bool account_matches(struct accounts *all, struct account *account,
                     struct span value, const struct place *place,
                     struct err *err)
{
    if (value.n && !pattern_list_check(value, err))
        return place_within(place, err);
    return key_set(all, account, "match", &account->match, value, place, err);
}

const struct account *accounts_find(const struct accounts *all,
                                    struct span name)
{
    return find(all, name);
}

void accounts_names(const struct accounts *all, struct buf *out)
{
    const char *comma = "";

    for (const struct account *a = all->first; a; a = a->next) {
        buf_printf(out, "%s%.*s", comma, SPAN_ARG(a->name));
        comma = ", ";
    }
}

bool accounts_unknown(const struct accounts *all, struct span name,
                      enum err_kind kind, struct err *err)
{
    struct suggestion near = suggestion_for(name);
    struct buf hint = {0};

    fail(err, kind, "there is no account '%.*s'", SPAN_ARG(name));
    if (!all->first)
        return err_hint(err, "an account is a section '[account NAME]' in a "
                             "configuration file; there is none");
    for (const struct account *a = all->first; a; a = a->next)
        suggestion_offer(&near, a->name);
    if (near.best.n)
        buf_printf(&hint, "did you mean '%.*s'? ", SPAN_ARG(near.best));
    buf_add(&hint, S("there are: "));
    accounts_names(all, &hint);
    err_hint(err, "%.*s", SPAN_ARG(buf_span(&hint)));
    buf_free(&hint);
    return false;
}

static bool parent_find(const struct accounts *all, struct account *account)
{
    struct span name = account->inherits.text;

    account->parent = name.n ? find(all, name) : NULL;
    return account->parent || span_empty(name);
}

/* Who inherits from whom.  What is the system's and not for us is left out. */
static bool parents_find(struct accounts *all, bool all_read, struct err *err)
{
    struct account *a = all->first;

    while (a)
        if (parent_find(all, a)) {
            a = a->next;
        } else if (!all_read && a->inherits.place.source == CONF_SYSTEM) {
            list_remove(all, a);
            all->count--;
            a = all->first; /* others may inherit from it */
        } else {
            accounts_unknown(all, a->inherits.text, ERR_CONFIG, err);
            return place_within(&a->inherits.place, err);
        }
    return true;
}

/* Who is in a loop meets itself; another that leads into it is let go. */
static bool loop_check(const struct accounts *all,
                       const struct account *account, struct err *err)
{
    const struct account *parent = account->parent;

    for (size_t i = 0; parent && i < all->count; i++) {
        if (parent == account) {
            fail(err, ERR_CONFIG, "account '%.*s' inherits from itself",
                 SPAN_ARG(account->name));
            if (i)
                err_hint(err, "by way of '%.*s'",
                         SPAN_ARG(account->inherits.text));
            return place_within(&account->inherits.place, err);
        }
        parent = parent->parent;
    }
    return true;
}

bool accounts_check(struct accounts *all, bool all_read, struct err *err)
{
    if (!parents_find(all, all_read, err))
        return false;
    for (struct account *a = all->first; a; a = a->next)
        if (!loop_check(all, a, err))
            return false;
    return true;
}
