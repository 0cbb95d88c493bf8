/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_first_use.h"

#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MX "mx.example.org:465"
#define A "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define B "sha256//BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define LINE_A MX " " A " 2026-11-22T04:30:00Z\n"

enum { NOW = 1795321800 };

/* A directory of our own, and in it the store's. */
struct place {
    char root[32];
    struct buf directory, pins;
};

static void place_make(struct place *p)
{
    *p = (struct place){.root = "/tmp/test_tls_XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(p->root));
    buf_printf(&p->directory, "%s/a/pennypost", p->root);
    buf_printf(&p->pins, "%s/pins", buf_cstring(&p->directory));
    buf_cstring(&p->pins);
}

static void place_free(struct place *p)
{
    struct buf command = {0};

    buf_printf(&command, "rm -rf %s", p->root);
    ck_assert_int_eq(system(buf_cstring(&command)), 0);
    buf_free(&command);
    buf_free(&p->directory);
    buf_free(&p->pins);
}

static void file_write(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    chmod(path, mode);
}

static void file_is(const char *path, const char *text)
{
    char got[1024] = {0};
    FILE *file = fopen(path, "r");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_lt(fread(got, 1, sizeof got - 1, file), sizeof got - 1);
    fclose(file);
    ck_assert_str_eq(got, text);
}

static bool keep(struct place *p, const char *server, const char *pin,
                 struct err *err)
{
    return tls_first_use_keep(buf_span(&p->directory), span_of(server),
                              span_of(pin), NOW, err);
}

/* What the store has of SERVER must be this; "" is nothing. */
static void known_is(struct place *p, const char *server, const char *pin,
                     const char *since)
{
    struct tls_known known = {0};
    struct err err = {0};

    ck_assert_msg(tls_first_use_look(buf_span(&p->directory), span_of(server),
                                     &known, &err), "%s", err.text);
    ck_assert_span(buf_span(&known.pin), span_of(pin));
    ck_assert_span(buf_span(&known.since), span_of(since));
    tls_known_free(&known);
}

START_TEST(keeps_what_it_is_told)
{
    struct place p;
    struct err err = {0};
    struct stat is;

    place_make(&p);
    known_is(&p, MX, "", "");
    ck_assert_int_eq(access(p.directory.data, F_OK), -1);
    ck_assert_msg(keep(&p, MX, A, &err), "%s", err.text);
    file_is(p.pins.data, LINE_A);
    ck_assert_int_eq(stat(p.pins.data, &is), 0);
    ck_assert_uint_eq(is.st_mode & 07777, 0600);
    ck_assert_int_eq(stat(buf_cstring(&p.directory), &is), 0);
    ck_assert_uint_eq(is.st_mode & 07777, 0700);
    known_is(&p, MX, A, "2026-11-22T04:30:00Z");
    known_is(&p, "MX.example.org:465", A, "2026-11-22T04:30:00Z");
    known_is(&p, "mx.example.org:587", "", "");
    ck_assert(keep(&p, MX, A, &err));
    file_is(p.pins.data, LINE_A);
    ck_assert(keep(&p, "b:465", B, &err));
    file_is(p.pins.data, LINE_A "b:465 " B " 2026-11-22T04:30:00Z\n");
    place_free(&p);
}
END_TEST

START_TEST(a_key_that_is_kept_stays)
{
    struct place p;
    struct err err = {0};

    place_make(&p);
    ck_assert(keep(&p, MX, A, &err));
    ck_assert(!keep(&p, MX, B, &err));
    ck_assert_int_eq(err.kind, ERR_PROTOCOL);
    ck_assert_str_eq(err.text, "the server '" MX "' showed the key " B
                               ", and to another run at the same time " A);
    file_is(p.pins.data, LINE_A);
    place_free(&p);
}
END_TEST

/* What a hand may have written; whether it is a store, and has the server. */
static const struct {
    const char *rule, *text;
    mode_t mode;
    const char *pin;   /* NULL: refused */
    enum err_kind kind;
    const char *fault;
} stores[] = {
    {"comments and empty lines", "# mine\n\n  \n" LINE_A, 0600, A, 0, NULL},
    {"no LF at the end", MX " " A " x", 0600, A, 0, NULL},
    {"the first line counts", LINE_A MX " " B " x\n", 0600, A, 0, NULL},
    {"others may read it", LINE_A, 0644, A, 0, NULL},
    {"empty", "", 0600, "", 0, NULL},
    {"no date", MX " " A "\n", 0600, NULL, ERR_CONFIG,
     "/pins:1: this is not a known server"},
    {"too many words", LINE_A MX " " A " x y\n", 0600, NULL, ERR_CONFIG,
     "/pins:2: this is not a known server"},
    {"no pin", MX " sha256//AAAA x\n", 0600, NULL, ERR_CONFIG, "/pins:1: "},
    {"others may write to it", LINE_A, 0660, NULL, ERR_CONFIG,
     "others can write to '"},
};

START_TEST(store)
{
    struct place p;
    struct tls_known known = {0};
    struct err err = {0};
    bool good;

    place_make(&p);
    ck_assert(keep(&p, "other:1", A, &err));
    file_write(p.pins.data, stores[_i].text, stores[_i].mode);
    good = tls_first_use_look(buf_span(&p.directory), S(MX), &known, &err);
    ck_assert_msg(good == !!stores[_i].pin, "%s: %s", stores[_i].rule,
                  err.text);
    if (good) {
        ck_assert_span(buf_span(&known.pin), span_of(stores[_i].pin));
        ck_assert(keep(&p, "new:1", B, &err));
        known_is(&p, "new:1", B, "2026-11-22T04:30:00Z");
    } else {
        ck_assert_int_eq(err.kind, stores[_i].kind);
        ck_assert_msg(strstr(err.text, stores[_i].fault), "%s", err.text);
        ck_assert(!keep(&p, "new:1", B, &err));
        file_is(p.pins.data, stores[_i].text);
    }
    tls_known_free(&known);
    place_free(&p);
}
END_TEST

START_TEST(symbolic_links_are_not_followed)
{
    struct place p;
    struct buf target = {0};
    struct tls_known known = {0};
    struct err err = {0};

    place_make(&p);
    buf_printf(&target, "%s/target", p.root);
    ck_assert(keep(&p, "other:1", A, &err));
    ck_assert_int_eq(rename(p.pins.data, buf_cstring(&target)), 0);
    ck_assert_int_eq(symlink(target.data, p.pins.data), 0);
    ck_assert(!tls_first_use_look(buf_span(&p.directory), S(MX), &known,
                                  &err));
    ck_assert_int_eq(err.kind, ERR_IO);
    ck_assert(!keep(&p, MX, A, &err));
    unlink(p.pins.data);
    buf_printf(&p.pins, ".new");
    ck_assert_int_eq(symlink(target.data, buf_cstring(&p.pins)), 0);
    ck_assert_msg(keep(&p, MX, B, &err), "%s", err.text);
    file_is(target.data, "other:1 " A " 2026-11-22T04:30:00Z\n");
    buf_free(&target);
    place_free(&p);
}
END_TEST

START_TEST(the_directory_is_ours_alone)
{
    struct place p;
    struct buf other = {0};
    struct tls_known known = {0};
    struct err err = {0};

    place_make(&p);
    ck_assert(keep(&p, MX, A, &err));
    ck_assert_int_eq(chmod(buf_cstring(&p.directory), 0770), 0);
    ck_assert(!tls_first_use_look(buf_span(&p.directory), S(MX), &known,
                                  &err));
    ck_assert_msg(strstr(err.text, "others can write to '/tmp/"), "%s",
                  err.text);
    ck_assert(strstr(err.hint, "0700"));
    buf_printf(&other, "%s/link", p.root);
    chmod(p.directory.data, 0700);
    ck_assert_int_eq(symlink(p.directory.data, buf_cstring(&other)), 0);
    ck_assert(!tls_first_use_look(buf_span(&other), S(MX), &known, &err));
    ck_assert_int_eq(err.kind, ERR_IO);
    buf_free(&other);
    place_free(&p);
}
END_TEST

START_TEST(a_place_that_cannot_be_made)
{
    struct err err = {0};

    ck_assert(!tls_first_use_keep(S("/proc/no/pennypost"), S(MX), S(A), NOW,
                                  &err));
    ck_assert_int_eq(err.kind, ERR_IO);
    ck_assert_msg(strstr(err.text, "cannot write the keys of known servers,"
                                   " '/proc/no/pennypost/pins': "),
                  "%s", err.text);
}
END_TEST

/* All of them make a store of one piece. */
START_TEST(many_at_once)
{
    enum { RUNS = 8 };
    struct place p;
    struct err err = {0};
    char server[32];
    int status;

    place_make(&p);
    for (int i = 0; i < RUNS; i++)
        if (fork() == 0) {
            snprintf(server, sizeof server, "s%d:465", i);
            _exit(!keep(&p, server, A, &err));
        }
    for (int i = 0; i < RUNS; i++) {
        wait(&status);
        ck_assert_int_eq(status, 0);
    }
    for (int i = 0; i < RUNS; i++) {
        snprintf(server, sizeof server, "s%d:465", i);
        known_is(&p, server, A, "2026-11-22T04:30:00Z");
    }
    place_free(&p);
}
END_TEST

static const struct {
    const char *state;
    struct span home, directory;
} directories[] = {
    {"/s", SPAN_INIT("/h"), SPAN_INIT("/s/pennypost")},
    {NULL, SPAN_INIT("/h"), SPAN_INIT("/h/.local/state/pennypost")},
    {"", SPAN_INIT("/h"), SPAN_INIT("/h/.local/state/pennypost")},
    {"s", SPAN_INIT("/h"), SPAN_INIT("/h/.local/state/pennypost")},
    {NULL, {0}, {0}},
};

START_TEST(directory)
{
    struct buf out = {0};

    if (directories[_i].state)
        setenv("XDG_STATE_HOME", directories[_i].state, 1);
    else
        unsetenv("XDG_STATE_HOME");
    tls_first_use_directory(directories[_i].home, &out);
    ck_assert_span(buf_span(&out), directories[_i].directory);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("tls_first_use");

    tcase_add_test(t, keeps_what_it_is_told);
    tcase_add_test(t, a_key_that_is_kept_stays);
    tcase_add_loop_test(t, store, 0, COUNT(stores));
    tcase_add_test(t, symbolic_links_are_not_followed);
    tcase_add_test(t, the_directory_is_ours_alone);
    tcase_add_test(t, a_place_that_cannot_be_made);
    tcase_add_test(t, many_at_once);
    tcase_add_loop_test(t, directory, 0, COUNT(directories));
    return unit_run("tls_first_use", t);
}
