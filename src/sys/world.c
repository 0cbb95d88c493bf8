/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/world.h"

#include "sys/file.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

enum {
    HOST_MOST = 253,       /* RFC 1035, 2.3.4, without the dot at the end */
    LABEL_MOST = 63,       /* RFC 1035, 2.3.4                             */
    HOSTS_MOST = 64 << 10, /* how far to look into /etc/hosts             */
    MAILNAME_MOST = 1024,
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_letter_or_digit(char c)
{
    char lower = ascii_lower(c);

    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

/* RFC 5321, 4.1.2 */
static bool label_valid(struct span label)
{
    if (span_empty(label) || label.n > LABEL_MOST)
        return false;
    for (size_t i = 0; i < label.n; i++)
        if (!is_letter_or_digit(label.p[i]) && label.p[i] != '-')
            return false;
    return label.p[0] != '-' && label.p[label.n - 1] != '-';
}

static bool host_valid(struct span name)
{
    if (name.n > HOST_MOST)
        return false;
    for (;;) {
        size_t dot = span_find(name, '.');

        if (!label_valid(span_upto(name, dot)))
            return false;
        if (dot == name.n)
            return true;
        name = span_from(name, dot + 1);
    }
}

static bool word_take(struct span *rest, struct span *word)
{
    size_t start = 0, end;

    while (start < rest->n && is_blank(rest->p[start]))
        start++;
    for (end = start; end < rest->n && !is_blank(rest->p[end]);)
        end++;
    *word = span_upto(span_from(*rest, start), end - start);
    *rest = span_from(*rest, end);
    return end > start;
}

/* LONGER is HOST with more labels behind it. */
static bool host_extends(struct span longer, struct span host)
{
    return longer.n > host.n && longer.p[host.n] == '.' &&
           span_istarts(longer, host) && host_valid(longer);
}

/*
 * The full form of HOST in LINE of /etc/hosts.  HOST itself must stand there,
 * too: www.example.com in a line without www is another machine's name.
 */
static struct span hosts_line_full(struct span line, struct span host)
{
    struct span word, full = {0};
    bool named = false;

    line = span_upto(line, span_find(line, '#'));
    word_take(&line, &word); /* the address */
    while (word_take(&line, &word)) {
        if (span_ieq(word, host))
            named = true;
        else if (span_empty(full) && host_extends(word, host))
            full = word;
    }
    return named ? full : (struct span){0};
}

static struct span hosts_full(struct span hosts, struct span host)
{
    struct span line, full = {0};

    while (span_empty(full) && span_line(&hosts, &line))
        full = hosts_line_full(line, host);
    return full;
}

struct span world_host(struct span name, struct span hosts,
                       struct arena *arena)
{
    struct span full;

    if (span_ends(name, S(".")))
        name.n--;
    if (!host_valid(name))
        return S("localhost");
    if (span_find(name, '.') < name.n)
        return arena_copy(arena, name);
    full = hosts_full(hosts, name);
    return arena_copy(arena, span_empty(full) ? name : full);
}

struct span world_name(struct span gecos, struct span login,
                       struct arena *arena)
{
    struct buf name = {0};
    struct span full;

    gecos = span_upto(gecos, span_find(gecos, ','));
    for (size_t i = 0; i < gecos.n; i++) {
        if (gecos.p[i] != '&') {
            buf_addc(&name, gecos.p[i]);
            continue;
        }
        buf_add(&name, login);
        if (!span_empty(login) && login.p[0] >= 'a' && login.p[0] <= 'z')
            name.data[name.len - login.n] = (char)(login.p[0] - 'a' + 'A');
    }
    full = arena_copy(arena, span_trim(buf_span(&name)));
    buf_free(&name);
    return full;
}

struct span world_first_name(struct span text)
{
    struct span word, line = {0};

    span_line(&text, &line);
    if (!word_take(&line, &word) || !host_valid(word))
        return (struct span){0};
    return word_take(&line, &line) ? (struct span){0} : word;
}

struct span world_mailname(struct arena *arena)
{
    struct buf text = {0};
    struct span name;

    file_read_head("/etc/mailname", MAILNAME_MOST, &text);
    name = arena_copy(arena, world_first_name(buf_span(&text)));
    buf_free(&text);
    return name;
}

static void host_read(struct world *world, struct arena *arena)
{
    char name[HOST_MOST + 3] = "";
    struct buf hosts = {0};

    /* A name that does not fit is none: it may lack its end. */
    if (gethostname(name, sizeof name - 1) != 0)
        name[0] = '\0';
    if (!strchr(name, '.'))
        file_read_head("/etc/hosts", HOSTS_MOST, &hosts);
    world->host = world_host(span_of(name), buf_span(&hosts), arena);
    buf_free(&hosts);
}

static void user_read(struct world *world, struct arena *arena)
{
    const struct passwd *user = getpwuid(getuid());
    const char *home = getenv("HOME");
    struct buf login = {0};

    world->uid = (unsigned)getuid();
    if (user && user->pw_name && user->pw_name[0])
        buf_add(&login, span_of(user->pw_name));
    else
        buf_printf(&login, "uid%u", world->uid);
    world->login = arena_copy(arena, buf_span(&login));
    buf_free(&login);
    if (user)
        world->name = world_name(span_of(user->pw_gecos), world->login, arena);
    if (!home || home[0] != '/')
        home = user ? user->pw_dir : NULL;
    world->home = arena_copy(arena, span_of(home));
}

static int offset_at(time_t now)
{
    struct tm local;

    tzset();
    return localtime_r(&now, &local) ? (int)(local.tm_gmtoff / 60) : 0;
}

bool world_read(struct world *world, struct arena *arena, struct err *err)
{
    *world = (struct world){.pid = (unsigned)getpid()};
    host_read(world, arena);
    user_read(world, arena);
    return world_again(world, err);
}

bool world_again(struct world *world, struct err *err)
{
    time_t now = time(NULL);

    world->now = now;
    world->utc_offset = offset_at(now);
    if (getentropy(world->random, sizeof world->random) != 0)
        return fail(err, ERR_SYSTEM, "the system gives no random octets: %s",
                    strerror(errno));
    return true;
}
