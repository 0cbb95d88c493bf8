/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * options - the settings: what there is, what they are set to, and by whom
 *
 * A setting is a row of conf/options.def and a field of struct conf.  A conf
 * begins with the built-in values, and each layer is put over the one below:
 *
 *     struct conf conf;
 *
 *     conf_init(&conf, home);
 *     accounts_apply(&accounts, account, &conf);       (conf/account.h)
 *     conf_environment(&conf, environ, err) &&
 *     cli_apply(&cli, &conf, err) &&                   (conf/cli.h)
 *     conf_check(&conf, err);
 *     ... conf.server.text, conf.timeout.number, conf.endpoint.host ...
 *     conf_free(&conf);
 *
 * What decides between two values is their rank: a value of a lower rank than
 * the one there is, is checked and not kept.  What a conf points at lives in
 * its arena, or with the accounts it was made from, secrets too; both are
 * overwritten when they are released.  No error text holds a secret.
 */
#ifndef PENNYPOST_CONF_OPTIONS_H
#define PENNYPOST_CONF_OPTIONS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/url.h"
#include "conf/value.h"

/* Who set a value. */
enum conf_source {
    CONF_BUILT_IN,
    CONF_SYSTEM,
    CONF_USER,
    CONF_ENVIRONMENT,
    CONF_COMMAND_LINE,
};

/* A row of options.def, where the members are explained. */
struct setting {
    const char *name;
    enum value_kind kind;
    const char *fallback, *words, *unit, *note, *placeholder, *help, *manual;
    uint64_t least, most;
};

/* The index of each row: SETTING_server, SETTING_user, ... */
enum {
#define SETTING(field, ...) SETTING_##field,
#include "conf/options.def"
#undef SETTING
    SETTING_COUNT
};

extern const struct setting conf_settings[SETTING_COUNT];

struct value {
    struct span text;        /* as it is used; empty where unset            */
    uint64_t number;         /* NUMBER, SIZE; CHOICE: the place of the word */
    struct span origin;      /* "/etc/pennypost/config:12", "--server"      */
    enum conf_source source;
    bool from_url;           /* user, password: taken out of the server URL */
    uint64_t rank;           /* the higher counts; built-in is 0            */
    unsigned file;           /* of one rank: the file it is in, else 0      */
};

/* A value that was read for its setting, and is not in a conf yet. */
struct assignment {
    size_t setting;
    struct value value;
    const struct server *server; /* of SETTING_server: what it says */
};

/* The words of CHOICE rows, in their order there. */
enum conf_password_from {
    CONF_PASSWORD_AUTO,
    CONF_PASSWORD_SYSTEMD,
    CONF_PASSWORD_NETRC,
    CONF_PASSWORD_LIBSECRET,
    CONF_PASSWORD_GIT,
    CONF_PASSWORD_PROMPT,
};
enum conf_tls { CONF_TLS_REQUIRED, CONF_TLS_UNIX_ONLY, CONF_TLS_OFF };
enum conf_tls_min_version { CONF_TLS_1_2, CONF_TLS_1_3 };
enum conf_rewrite {
    CONF_REWRITE_NEVER,
    CONF_REWRITE_UNQUALIFIED,
    CONF_REWRITE_ALWAYS,
};
enum conf_original {
    CONF_ORIGINAL_REPLY_TO,
    CONF_ORIGINAL_NAME,
    CONF_ORIGINAL_NONE,
};
enum conf_answer { CONF_NO, CONF_YES };
enum conf_signed { CONF_SIGNED_REJECT, CONF_SIGNED_RAW, CONF_SIGNED_CONVERT };

struct conf {
    struct arena arena;
    struct span home;       /* for values that begin with "~/"            */
    struct server endpoint; /* what server says, read; user and password
                               are to be had from the fields              */
    union {
        struct value of[SETTING_COUNT];
        struct {
#define SETTING(field, ...) struct value field;
#include "conf/options.def"
#undef SETTING
        };
    };
};

/*
 * Read TEXT for the setting NAME, as conf_set() does, into *A, whose value has
 * its origin, source, rank and file already.  What is read is put into the
 * arena.  HOME is for values that begin with "~/".
 */
bool assignment_read(struct assignment *a, struct span name, struct span text,
                     struct span home, struct arena *, struct err *);

/* It is a secret, or holds one. */
bool assignment_secret(const struct assignment *);

/* The built-in values.  HOME is copied. */
void conf_init(struct conf *, struct span home);
void conf_free(struct conf *);

/*
 * Set what the assignment says, unless there is a value of a higher rank; the
 * conf then points at what the assignment points at.
 *
 * password, password-command and the others that conf_secret_setting() lists
 * take each other's place when one of them is of a higher rank, and user and
 * password of a server's URL go with it.  A login is for the server it stands
 * beside: when a file names another host, the user, all of these and the tls
 * of lower ranks are forgotten.  (A server
 * from the environment or the command line is named on purpose, and keeps
 * them.)
 */
void conf_put(struct conf *, const struct assignment *);

/*
 * Set NAME to VALUE, copying both VALUE and ORIGIN, with the rank that the
 * source has.  An empty VALUE sets it back to what is built in.  A name that
 * there is not, or a value that is not allowed, is ERR_CONFIG, from the
 * command line ERR_USAGE; so is a secret from there.
 */
bool conf_set(struct conf *, struct span name, struct span value,
              struct span origin, enum conf_source, struct err *);

/* The index of the setting NAME; SETTING_COUNT where there is none. */
size_t setting_find(struct span name);

/*
 * The settings that say what to log in with, of which one is set: the index
 * of number N, and SETTING_COUNT behind the last.
 */
size_t conf_secret_setting(size_t n);

/* The setting, one of these, is set; password-from = auto sets nothing. */
bool conf_says_secret(const struct conf *, size_t setting);

/* The first of them of which that is so, or NULL. */
const struct value *conf_secret_value(const struct conf *);

/* The value is a secret, or holds one: a password, a URL with one in it. */
bool conf_secret(const struct conf *, size_t setting);

/*
 * Set what the variables PENNYPOST_NAME of ENVIRON say ("-" written "_").
 * PENNYPOST_CONFIG names a file and is the caller's; any other that is no
 * setting is an error.  Of variables given twice the first counts.
 */
bool conf_environment(struct conf *, const char *const *environ,
                      struct err *);

/*
 * The value of the variable NAME in ENVIRON, which may be NULL; of several the
 * first counts.  Its p is NULL where there is none, and otherwise points into
 * ENVIRON, so that a NUL is behind it.
 */
struct span environment_value(const char *const *environ, struct span name);

/*
 * What no single value can be checked for: that there is a server, and that
 * the values go together.  Before mail is sent, not before conf_print().  The
 * error names the account, where there is one.
 */
bool conf_check(const struct conf *, struct err *);

/*
 * Every setting in columns: name, value and, as a comment, who set it.  This
 * is a configuration file that says the same, but for what must not stand in
 * one: secrets, shown as "(hidden)", and paths from where we are.  These lines
 * are comments, as are those for what stands in the server's URL.
 */
void conf_print(const struct conf *, struct buf *out);

#endif
