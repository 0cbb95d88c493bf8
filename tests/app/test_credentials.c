/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/credentials.h"

#include "sys/scratch.h"

static struct scratch here;
static struct conf conf;
static struct world world = {.home = SPAN_INIT("/nonexistent")};
static struct credentials_source from;
static struct credentials who;
static struct err err;

static void set(const char *name, const char *value)
{
    struct err why = {0};

    ck_assert_msg(conf_set(&conf, span_of(name), span_of(value), S("test"),
                           CONF_USER, &why), "%s", why.text);
}

static void set_up(void)
{
    scratch_make(&here);
    conf_init(&conf, S(""));
    set("server", "submission://me@mx.example");
    unsetenv("NETRC");
    unsetenv("CREDENTIALS_DIRECTORY");
    unsetenv("XDG_RUNTIME_DIR");
    from = (struct credentials_source){
        .conf = &conf, .world = &world, .unattended = true};
    who = (struct credentials){0};
    err = (struct err){0};
    credentials_begin(&from, &who);
}

static void tear_down(void)
{
    credentials_forget(&from, &who);
    conf_free(&conf);
    scratch_remove(&here);
}

/* Where each finds its password: "%" stands for the path of a file. */
static const struct {
    const char *setting, *value, *variable, *file;
    struct span text, password;
} ways[] = {
    {"password", "a b", NULL, NULL, {0}, SPAN_INIT("a b")},
    {"password-command", "!echo a | tr a b", NULL, NULL, {0}, SPAN_INIT("b")},
    {"password-file", "%", NULL, "it", SPAN_INIT("a b\r\nc\n"),
     SPAN_INIT("a b")},
    {"password-from", "systemd", "CREDENTIALS_DIRECTORY",
     "pennypost.password", SPAN_INIT("a"), SPAN_INIT("a")},
    {"password-from", "netrc", "NETRC", "it",
     SPAN_INIT("machine mx.example login me password a\n"), SPAN_INIT("a")},
    {"password-from", "auto", "CREDENTIALS_DIRECTORY", "pennypost.password",
     SPAN_INIT("a\n"), SPAN_INIT("a")},
    {"password-from", "auto", "NETRC", "it",
     SPAN_INIT("default password a\n"), SPAN_INIT("a")},
};

/* The file with the secret, which the setting or the variable names. */
static void prepare(const char *setting, const char *value,
                    const char *variable, const char *file, struct span text,
                    mode_t mode)
{
    if (file)
        scratch_write(scratch_path(&here, file), text, mode);
    set(setting, value[0] == '%' ? here.path : value);
    if (variable)
        setenv(variable, variable[0] == 'C' ? here.directory : here.path, 1);
}

START_TEST(each_way)
{
    prepare(ways[_i].setting, ways[_i].value, ways[_i].variable,
            ways[_i].file, ways[_i].text, 0600);
    ck_assert_msg(credentials_check(&from, &err), "%s", err.text);
    ck_assert_span(who.user, S("me"));
    ck_assert_span(who.password, S(""));
    ck_assert(!who.token_later);
    ck_assert_msg(credentials_ask(&from, &who, &err), "%s", err.text);
    ck_assert_span(who.password, ways[_i].password);
    ck_assert_span(who.token, S(""));
}
END_TEST

START_TEST(a_descriptor_is_read_once)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(dup2(ends[0], 20), 20);
    ck_assert_int_eq(write(ends[1], "a\n", 2), 2);
    set("password-fd", "20");
    ck_assert(credentials_check(&from, &err));
    for (int i = 0; i < 2; i++) {
        ck_assert_msg(credentials_ask(&from, &who, &err), "%s", err.text);
        ck_assert_span(who.password, S("a"));
    }
    credentials_forget(&from, &who);
    ck_assert_span(who.password, S(""));
    close(ends[1]);
    ck_assert(!credentials_ask(&from, &who, &err));
    ck_assert_str_eq(err.text, "there is no password from password-fd 20");
}
END_TEST

START_TEST(a_token_is_no_password)
{
    set("token-command", "!echo ${PENNYPOST_TOKEN_REFRESH-first}");
    credentials_begin(&from, &who);
    ck_assert(who.token_later);
    ck_assert(credentials_check(&from, &err));
    err.kind = ERR_DENIED;
    ck_assert(!credentials_renew(&from, &who, &err)); /* nobody has seen it */
    ck_assert(credentials_ask(&from, &who, &err));
    ck_assert_span(who.token, S("first"));
    ck_assert_span(who.password, S(""));
    err.kind = ERR_TEMPORARY;
    ck_assert(!credentials_renew(&from, &who, &err));
    err.kind = ERR_DENIED;
    ck_assert(credentials_renew(&from, &who, &err));
    ck_assert_span(who.token, S(""));
    ck_assert(credentials_ask(&from, &who, &err));
    ck_assert_span(who.token, S("1"));
    ck_assert(!credentials_renew(&from, &who, &err));
}
END_TEST

START_TEST(a_password_is_not_renewed)
{
    set("password", "a");
    ck_assert(credentials_ask(&from, &who, &err));
    err.kind = ERR_DENIED;
    ck_assert(!credentials_renew(&from, &who, &err));
    ck_assert_span(who.password, S("a"));
}
END_TEST

#define NO_PASSWORD "test: there is a user, but no password"

static const struct {
    const char *setting, *value, *variable, *file;
    struct span text;
    mode_t mode;
    const char *error;
} failures[] = {
    {"password-from", "auto", NULL, NULL, {0}, 0, NO_PASSWORD},
    {"password-from", "auto", "NETRC", "it", SPAN_INIT("machine x password y"),
     0644, NO_PASSWORD},
    {"password-from", "auto", "NETRC", "it", SPAN_INIT("default password y"),
     0644, "can be read by others (mode 0644"},
    {"password-from", "auto", "NETRC", "it", SPAN_INIT("\n\"x"), 0600,
     "it': line 2: a quote does not end"},
    {"password-from", "auto", "CREDENTIALS_DIRECTORY", "pennypost.password",
     SPAN_INIT("\n"), 0600, "pennypost.password' holds no password"},
    {"password-from", "systemd", NULL, NULL, {0}, 0,
     "systemd has no credential 'pennypost.password' for this service"},
    {"password-from", "systemd", "CREDENTIALS_DIRECTORY", "other", {0}, 0600,
     "systemd has no credential 'pennypost.password' for this service"},
    {"password-from", "netrc", NULL, NULL, {0}, 0,
     "'/nonexistent/.netrc' has no password for 'me' at 'mx.example'"},
    {"password-from", "prompt", NULL, NULL, {0}, 0,
     "there is no terminal to ask for the password at"},
    {"password-file", "/nonexistent", NULL, NULL, {0}, 0,
     "there is no password-file '/nonexistent'"},
    {"password-file", "%", NULL, "it", SPAN_INIT("a"), 0640,
     "can be read by others (mode 0640"},
    {"password-file", "/", NULL, NULL, {0}, 0, "is a directory, not a file"},
    {"password-command", "echo 'a", NULL, NULL, {0}, 0,
     "a quote that does not end"},
    {"token-command", "!", NULL, NULL, {0}, 0, "the token-command is empty"},
};

/* It is known before, and said in the same words as it would be later. */
START_TEST(fails)
{
    struct err later = {0};

    prepare(failures[_i].setting, failures[_i].value, failures[_i].variable,
            failures[_i].file, failures[_i].text, failures[_i].mode);
    ck_assert(!credentials_check(&from, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_msg(strstr(err.text, failures[_i].error), "%s", err.text);
    ck_assert(!credentials_ask(&from, &who, &later));
    ck_assert_str_eq(later.text, err.text);
    ck_assert_ptr_null(from.secret.pages);
}
END_TEST

START_TEST(who_needs_none)
{
    set("auth", _i ? "EXTERNAL" : "ANONYMOUS");
    ck_assert_msg(credentials_check(&from, &err), "%s", err.text);
    ck_assert_msg(credentials_ask(&from, &who, &err), "%s", err.text);
    ck_assert_span(who.password, S(""));
}
END_TEST

START_TEST(who_has_none)
{
    set("account", "work");
    ck_assert(!credentials_check(&from, &err));
    ck_assert_str_eq(err.text, "account 'work': " NO_PASSWORD);
    ck_assert(strstr(err.hint, "password-command, password-file"));
    /* Without a user there is no login. */
    set("server", "submission://mx.example");
    ck_assert(credentials_check(&from, &err));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("credentials");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, each_way, 0, COUNT(ways));
    tcase_add_test(t, a_descriptor_is_read_once);
    tcase_add_test(t, a_token_is_no_password);
    tcase_add_test(t, a_password_is_not_renewed);
    tcase_add_loop_test(t, fails, 0, COUNT(failures));
    tcase_add_loop_test(t, who_needs_none, 0, 2);
    tcase_add_test(t, who_has_none);
    return unit_run("credentials", t);
}
