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
 *     file_parse(&conf, path, text, CONF_SYSTEM, ...) &&    (conf/file.h)
 *     file_parse(&conf, path, text, CONF_USER, ...) &&
 *     conf_environment(&conf, environ, err) &&
 *     cli_apply(&cli, &conf, err) &&                        (conf/cli.h)
 *     conf_check(&conf, err);
 *     ... conf.server.text, conf.timeout.number, conf.endpoint.host ...
 *     conf_free(&conf);
 *
 * A value that comes from a lower layer than the one there is, is checked and
 * not kept.  Everything a conf points at lives in its arena, secrets too, and
 * is overwritten when it is released.  No error text holds a secret.
 */
#ifndef PENNYPOST_CONF_OPTIONS_H
#define PENNYPOST_CONF_OPTIONS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/url.h"
#include "conf/value.h"

/* Who set a value, from lowest to highest. */
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
};

/* The words of CHOICE rows, in their order there. */
enum conf_tls { CONF_TLS_REQUIRED, CONF_TLS_OFF };
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

/* The built-in values.  HOME is copied. */
void conf_init(struct conf *, struct span home);
void conf_free(struct conf *);

/*
 * Set NAME to VALUE, copying both VALUE and ORIGIN.  An empty VALUE sets it
 * back to what is built in.  A name that there is not, or a value that is not
 * allowed, is ERR_CONFIG, from the command line ERR_USAGE; so is a secret
 * from there.
 *
 * password and password-command take each other's place when one of them comes
 * from a higher layer, and user and password of a server's URL go with it.
 */
bool conf_set(struct conf *, struct span name, struct span value,
              struct span origin, enum conf_source, struct err *);

/* The index of the setting NAME; SETTING_COUNT where there is none. */
size_t setting_find(struct span name);

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
 * the values go together.  Before mail is sent, not before conf_print().
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
