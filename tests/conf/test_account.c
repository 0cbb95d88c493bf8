/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/file.h"
#include "unit.h"

static struct accounts accounts;
static struct conf conf;
static struct err err;

static void setup(void)
{
    accounts_init(&accounts, S("/home/bob"));
    err = (struct err){0};
}

static void teardown(void)
{
    conf_free(&conf);
    accounts_free(&accounts);
}

static const char *included;

/* "include = x" is the text in included. */
static bool open_included(void *self, const struct place *place,
                          struct span path, struct file_reading *into,
                          struct err *e)
{
    struct file file = {path, span_of(included), false};

    (void)self;
    (void)place;
    return file_include(into, &file, e);
}

static bool add(const char *path, const char *text, enum conf_source source)
{
    const struct file_library library = {NULL, open_included};
    struct file file = {span_of(path), span_of(text), false};

    return file_parse(&accounts, &file, source, &library, &err);
}

/* All that there can be, from the lowest to the highest, and an account. */
static bool read_all(const char *site, const char *dropin, const char *user,
                     const char *account)
{
    const struct account *chosen = NULL;
    bool done = add("/s", site ? site : "", CONF_SYSTEM) &&
                add("/d", dropin ? dropin : "", CONF_SYSTEM) &&
                add("/u", user ? user : "", CONF_USER) &&
                accounts_check(&accounts, true, &err);

    if (account)
        ck_assert_ptr_nonnull(chosen = accounts_find(&accounts,
                                                     span_of(account)));
    conf_init(&conf, S("/home/bob"));
    if (done)
        accounts_apply(&accounts, chosen, &conf);
    return done;
}

/*
 * Every place that can set a value, from the lowest to the highest: a row
 * stands over all before it.
 */
static const struct {
    const char *where;
    enum conf_source source; /* in a file or not          */
    const char *file;        /* "/s", "/d", "/u"          */
    const char *section;     /* the lines before the value */
} places[] = {
    {"built in", CONF_BUILT_IN, NULL, NULL},
    {"system's defaults", CONF_SYSTEM, "/s", ""},
    {"drop-in's defaults", CONF_SYSTEM, "/d", "[defaults]\n"},
    {"user's defaults", CONF_USER, "/u", ""},
    {"system's grandparent", CONF_SYSTEM, "/s", "[account old]\n"},
    {"user's grandparent", CONF_USER, "/u", "[account old]\n"},
    {"system's parent", CONF_SYSTEM, "/s", "[account mid]\n"},
    {"drop-in's parent", CONF_SYSTEM, "/d", "[account mid]\n"},
    {"user's parent", CONF_USER, "/u", "[account mid]\n"},
    {"system's account", CONF_SYSTEM, "/s", "[account new]\n"},
    {"drop-in's account", CONF_SYSTEM, "/d", "[account new]\n"},
    {"user's account", CONF_USER, "/u", "[account new]\n"},
    {"the environment", CONF_ENVIRONMENT, NULL, NULL},
    {"the command line", CONF_COMMAND_LINE, NULL, NULL},
};

static const char family[] = "[account old]\n[account mid]\ninherits = old\n"
                             "[account new]\ninherits = mid\n[defaults]\n";

static void say(struct buf *out, size_t place, const char *file,
                const char *line)
{
    if (places[place].file && !strcmp(places[place].file, file))
        buf_printf(out, "%s%s\n[defaults]\n", places[place].section, line);
}

static void set_over(size_t place, const char *name, const char *value)
{
    if (places[place].source >= CONF_ENVIRONMENT)
        ck_assert(conf_set(&conf, span_of(name), span_of(value), S("set"),
                           places[place].source, &err));
}

/* Say NAME in two places. */
static void say_twice(size_t lower, const char *a, size_t higher,
                      const char *b, const char *name, const char *other)
{
    static const char *const files[] = {"/s", "/d", "/u"};
    struct buf texts[3] = {{0}};
    char line[2][64];

    snprintf(line[0], sizeof line[0], "%s = %s", name, a);
    snprintf(line[1], sizeof line[1], "%s = %s", other, b);
    for (size_t i = 0; i < 3; i++) {
        if (!i)
            buf_add(&texts[i], span_of(family));
        say(&texts[i], lower, files[i], line[0]);
        say(&texts[i], higher, files[i], line[1]);
    }
    ck_assert_msg(read_all(buf_cstring(&texts[0]), buf_cstring(&texts[1]),
                           buf_cstring(&texts[2]), "new"),
                  "%s", err.text);
    set_over(lower, name, a);
    set_over(higher, other, b);
    for (size_t i = 0; i < 3; i++)
        buf_free(&texts[i]);
}

START_TEST(the_higher_place_wins)
{
    for (size_t lower = 0; lower < (size_t)_i; lower++) {
        teardown();
        setup();
        say_twice(lower, "5", (size_t)_i, "7", "timeout", "timeout");
        ck_assert_msg(conf.timeout.number == 7, "%s over %s: %.*s",
                      places[_i].where, places[lower].where,
                      SPAN_ARG(conf.timeout.text));
        ck_assert_int_eq(conf.timeout.source, places[_i].source);
    }
}
END_TEST

/* A password does not stay behind a command from a higher place. */
START_TEST(rivals_of_the_higher_place_win)
{
    bool secrets = places[_i].source != CONF_COMMAND_LINE;

    for (size_t lower = 1; lower < (size_t)_i; lower++) {
        teardown();
        setup();
        if (secrets) {
            say_twice(lower, "c", (size_t)_i, "p", "password-command",
                      "password");
            ck_assert_msg(conf.password.text.n &&
                              !conf.password_command.text.n,
                          "%s over %s", places[_i].where,
                          places[lower].where);
            teardown();
            setup();
        }
        say_twice(lower, "p", (size_t)_i, "c", "password",
                  "password-command");
        ck_assert_msg(!conf.password.text.n && conf.password_command.text.n,
                      "%s over %s", places[_i].where, places[lower].where);
    }
}
END_TEST

/* What was in the URL of a server goes with it. */
START_TEST(a_url_of_the_higher_place_wins)
{
    for (size_t lower = 1; lower < (size_t)_i; lower++) {
        teardown();
        setup();
        say_twice(lower, "smtp://u:p@h", (size_t)_i, "smtp://h", "server",
                  "server");
        ck_assert_msg(!conf.user.text.n && !conf.password.text.n,
                      "%s over %s", places[_i].where, places[lower].where);
    }
}
END_TEST

/* And a user that was set higher stays. */
START_TEST(a_url_of_a_lower_place_takes_no_user)
{
    for (size_t lower = 1; lower < (size_t)_i; lower++) {
        teardown();
        setup();
        say_twice(lower, "smtp://u@h", (size_t)_i, "v", "server", "user");
        ck_assert_span(conf.user.text, S("v"));
        ck_assert_span(conf.endpoint.host, S("h"));
    }
}
END_TEST

START_TEST(nothing_stands_over_something)
{
    ck_assert_msg(read_all("timeout = 5\nlog = none\n[account a]\ntimeout =\n"
                           "log = \"\"",
                           NULL, NULL, "a"),
                  "%s", err.text);
    ck_assert_span(conf.timeout.text, S(""));
    ck_assert_span(conf.log.text, S("syslog"));
    ck_assert_span(conf.log.origin, S("/s:5"));
}
END_TEST

/* Shown as "user password command tls", "-" where there is none. */
static const struct {
    const char *rule, *site, *user, *account, *inner, *login;
} logins[] = {
    {"inherited where there is one server",
     "server = smtp://a\nuser = u\npassword = p\n[account x]\ntimeout = 1",
     NULL, "x", NULL, "u p - required"},
    {"inherited where the defaults name no server",
     "user = u\npassword = p\n[account x]\nserver = smtp://b", NULL, "x",
     NULL, "u p - required"},
    {"not for another host",
     "server = smtp://a\nuser = u\npassword = p\n[account x]\n"
     "server = smtp://b",
     NULL, "x", NULL, "- - - required"},
    {"nor is the command",
     "server = smtp://a\nuser = u\npassword-command = c\n[account x]\n"
     "server = smtp://b",
     NULL, "x", NULL, "- - - required"},
    {"its own login stays",
     "server = smtp://a\nuser = u\npassword = p\n[account x]\nuser = v\n"
     "server = smtp://b\npassword-command = d",
     NULL, "x", NULL, "v - d required"},
    {"a user of its own gets no password of another",
     "server = smtp://a\nuser = u\npassword = p\n[account x]\nuser = v\n"
     "server = smtp://b",
     NULL, "x", NULL, "v - - required"},
    {"the same host by another way",
     "server = smtp://MAIL.example\nuser = u\npassword = p\n[account x]\n"
     "server = smtps://mail.example:2465",
     NULL, "x", NULL, "u p - required"},
    {"the same socket", "server = unix:/a\nuser = u\npassword = p\n"
                        "[account x]\nserver = unix:/a",
     NULL, "x", NULL, "u p - required"},
    {"another socket", "server = unix:/a\nuser = u\npassword = p\n"
                       "[account x]\nserver = unix:/b",
     NULL, "x", NULL, "- - - required"},
    {"a socket for a host", "server = smtp://a\nuser = u\npassword = p\n"
                            "[account x]\nserver = unix:/a",
     NULL, "x", NULL, "- - - required"},
    {"a host for a socket", "server = unix:/a\nuser = u\npassword = p\n"
                            "[account x]\nserver = smtp://a",
     NULL, "x", NULL, "- - - required"},
    {"no server, and then another",
     "server = smtp://a\nuser = u\npassword = p\n[account m]\nserver =\n"
     "[account x]\ninherits = m\nserver = smtp://b",
     NULL, "x", NULL, "- - - required"},
    {"back again, too late",
     "server = smtp://a\nuser = u\npassword = p\n[account m]\n"
     "server = smtp://b\n[account x]\ninherits = m\nserver = smtp://a",
     NULL, "x", NULL, "- - - required"},
    {"between two servers, it is for the lower one",
     "server = smtp://a\n[account m]\nuser = u\npassword = p\n[account x]\n"
     "inherits = m\nserver = smtp://b",
     NULL, "x", NULL, "- - - required"},
    {"the user's server for the system's",
     "server = smtp://a\nuser = u\npassword-command = c",
     "server = smtp://b", NULL, NULL, "- - - required"},
    {"the user's account for the system's",
     "server = smtp://a\n[account x]\nuser = u\npassword-command = c",
     "[account x]\nserver = smtp://b", "x", NULL, "- - - required"},
    {"the user's server where the system has none",
     "[account x]\nuser = u\npassword-command = c",
     "[account x]\nserver = smtp://b", "x", NULL, "u - c required"},
    {"the server of an account is in an included file",
     "server = smtp://a\nuser = u\n[account x]\nuser = v\npassword = p\n"
     "include = x",
     NULL, "x", "server = smtp://b", "v p - required"},
    {"the account includes another server and replaces it",
     "[account x]\ninclude = x\nserver = smtp://b", NULL, "x",
     "server = smtp://a\nuser = u\npassword = p", "- - - required"},
    {"and has a login of its own",
     "[account x]\nuser = v\ninclude = x\nserver = smtp://b\n"
     "password-command = c",
     NULL, "x", "server = smtp://a\nuser = u\npassword = p",
     "- - c required"},
    {"that stands before both servers",
     "[account x]\nuser = v\npassword-command = d\ninclude = x\n"
     "server = smtp://b",
     NULL, "x", "server = smtp://a", "v - d required"},
    {"nor does mail go in the clear for another's sake",
     "server = smtp://localhost\ntls = off\n[account x]\nserver = smtp://b",
     NULL, "x", NULL, "- - - required"},
    {"but to the same server it does",
     "server = smtp://a\ntls = off\n[account x]\nserver = smtp://a:26", NULL,
     "x", NULL, "- - - off"},
    {"and where it is written there",
     "server = smtp://a\n[account x]\ntls = off\nserver = smtp://b", NULL,
     "x", NULL, "- - - off"},
};

static const char *shown(struct span s, char *to, size_t size)
{
    snprintf(to, size, "%.*s", SPAN_ARG(s.n ? s : S("-")));
    return to;
}

START_TEST(a_login_belongs_to_its_server)
{
    char got[256], text[4][32];

    included = logins[_i].inner;
    ck_assert_msg(read_all(logins[_i].site, NULL, logins[_i].user,
                           logins[_i].account),
                  "%s: %s", logins[_i].rule, err.text);
    snprintf(got, sizeof got, "%s %s %s %s",
             shown(conf.user.text, text[0], sizeof text[0]),
             shown(conf.password.text, text[1], sizeof text[1]),
             shown(conf.password_command.text, text[2], sizeof text[2]),
             shown(conf.tls.text, text[3], sizeof text[3]));
    ck_assert_msg(!strcmp(got, logins[_i].login), "%s: %s", logins[_i].rule,
                  got);
}
END_TEST

/* From there a server is named on purpose, for one run. */
START_TEST(a_server_from_outside_keeps_the_login)
{
    ck_assert(read_all("server = smtp://a\nuser = u\npassword = p", NULL,
                       NULL, NULL));
    ck_assert(conf_set(&conf, S("server"), S("smtp://b"), S("set"),
                       _i ? CONF_COMMAND_LINE : CONF_ENVIRONMENT, &err));
    ck_assert_span(conf.user.text, S("u"));
    ck_assert_span(conf.password.text, S("p"));
}
END_TEST

START_TEST(what_an_account_includes_comes_in_turn)
{
    included = "password-command = c\ntimeout = 5";
    ck_assert(read_all("[account x]\npassword = p\ntimeout = 4\ninclude = x",
                       NULL, NULL, "x"));
    ck_assert_span(conf.password.text, S(""));
    ck_assert_uint_eq(conf.timeout.number, 5);
    teardown();
    setup();
    ck_assert(read_all("[account x]\ninclude = x\npassword = p\ntimeout = 4",
                       NULL, NULL, "x"));
    ck_assert_span(conf.password_command.text, S(""));
    ck_assert_uint_eq(conf.timeout.number, 4);
}
END_TEST

START_TEST(an_account_inherits_across_files)
{
    ck_assert_msg(read_all("[account base]\nserver = smtp://a\ntimeout = 5\n"
                           "[account base2]\nserver = smtp://c\n"
                           "[account x]\ninherits = base2",
                           NULL,
                           "[account x]\ninherits = base\nuser = u\n"
                           "[account base]\ntimeout = 6",
                           "x"),
                  "%s", err.text);
    ck_assert_span(conf.endpoint.host, S("a"));
    ck_assert_uint_eq(conf.timeout.number, 6);
    ck_assert_span(conf.user.origin, S("/u:3"));
    ck_assert_span(conf.server.origin, S("/s:2"));
}
END_TEST

START_TEST(a_user_may_take_inheritance_back)
{
    ck_assert(read_all("[account base]\ntimeout = 5\n[account x]\n"
                       "inherits = base",
                       NULL, "[account x]\ninherits =", "x"));
    ck_assert_span(conf.timeout.text, S(""));
}
END_TEST

static const struct {
    const char *site, *user, *text, *hint;
} bad[] = {
    {"[account a]\ninherits = b", NULL,
     "/s:2: there is no account 'b'", "there are: a"},
    {"[account work]\n[account home]\n\ninherits = wrok", NULL,
     "/s:4: there is no account 'wrok'",
     "did you mean 'work'? there are: work, home"},
    {"[account work]\n", "[account home]\ninherits = elsewhere",
     "/u:2: there is no account 'elsewhere'", "there are: home, work"},
    {"[account a]\ninherits = a", NULL,
     "/s:2: account 'a' inherits from itself", ""},
    {"[account a]\ninherits = b\n[account b]\ninherits = a", NULL,
     "/s:2: account 'a' inherits from itself", "by way of 'b'"},
    {"[account z]\ninherits = a\n[account a]\ninherits = b\n[account b]\n"
     "inherits = c\n[account c]\n", "[account c]\ninherits = a",
     "/u:2: account 'c' inherits from itself", "by way of 'a'"},
};

START_TEST(refuses_what_cannot_be_inherited)
{
    ck_assert(!read_all(bad[_i].site, NULL, bad[_i].user, NULL));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, bad[_i].text);
    ck_assert_str_eq(err.hint, bad[_i].hint);
}
END_TEST

/* What the system keeps from us it may need for others. */
START_TEST(an_account_whose_parent_is_kept_from_us_is_left_out)
{
    struct buf out = {0};

    conf_init(&conf, S(""));
    ck_assert(add("/s", "[account a]\ninherits = b\n[account b]\n"
                        "inherits = hidden\n[account c]\n"
                        "[account d]\ninherits = c", CONF_SYSTEM));
    ck_assert_msg(accounts_check(&accounts, false, &err), "%s", err.text);
    accounts_names(&accounts, &out);
    ck_assert_span(buf_span(&out), S("c, d"));
    ck_assert_uint_eq(accounts.count, 2);
    ck_assert_str_eq(err.text, "");
    ck_assert(add("/u", "[account mine]\ninherits = a", CONF_USER));
    ck_assert(!accounts_check(&accounts, false, &err));
    ck_assert_str_eq(err.text, "/u:2: there is no account 'a'");
    buf_free(&out);
}
END_TEST

START_TEST(inherits_a_long_way)
{
    struct buf text = {0};

    buf_add(&text, S("[account n0]\ntimeout = 5\nuser = u\n"));
    for (int i = 1; i < 200; i++)
        buf_printf(&text, "[account n%d]\ninherits = n%d\ntimeout = %d\n", i,
                   i - 1, i);
    ck_assert_msg(read_all(buf_cstring(&text), NULL, NULL, "n199"), "%s",
                  err.text);
    ck_assert_uint_eq(conf.timeout.number, 199);
    ck_assert_span(conf.user.text, S("u"));
    buf_free(&text);
}
END_TEST

START_TEST(there_is_an_end_to_accounts)
{
    struct buf text = {0};

    for (int i = 0; i < ACCOUNTS_MOST; i++)
        buf_printf(&text, "[account n%d]\n", i);
    ck_assert_msg(add("/s", buf_cstring(&text), CONF_SYSTEM), "%s", err.text);
    ck_assert(add("/d", "[account n0]", CONF_SYSTEM));
    ck_assert(!add("/u", "\n[account more]", CONF_USER));
    ck_assert_str_eq(err.text, "/u:2: there are more than 10000 accounts");
    conf_init(&conf, S(""));
    buf_free(&text);
}
END_TEST

static const struct {
    const char *name;
    bool good;
} names[] = {
    {"a", true}, {"A-b_c.d@e+9", true}, {"a b", false}, {"a/b", false},
    {"\xC3\xA4", false}, {"", false}, {"a\"", false},
    {"0123456789012345678901234567890123456789012345678901234567890123",
     true},
    {"01234567890123456789012345678901234567890123456789012345678901234",
     false},
};

START_TEST(names_are_plain)
{
    const struct place place = {.path = S("/p"), .line = 3};
    const struct account *a = accounts_open(&accounts,
                                            span_of(names[_i].name), &place,
                                            &err);

    conf_init(&conf, S(""));
    ck_assert_int_eq(a != NULL, names[_i].good);
    if (a) {
        ck_assert_ptr_eq(a, accounts_find(&accounts, span_of(names[_i].name)));
        ck_assert_span(a->origin, S("/p:3"));
        return;
    }
    ck_assert(span_starts(span_of(err.text), S("/p:3: an account cannot be "
                                               "called '")));
    ck_assert_str_eq(err.hint, "a name is made of letters, digits and "
                               "'._-@+', 64 at most");
}
END_TEST

static const char site_accounts[] =
    "[account site]\nmatch = *@example.com\n"
    "[account daemon]\nmatch = root, <> cron@*\n"
    "[account boss]\nfrom = The Boss <Boss@Example.net>\n"
    "[account kid]\ninherits = boss\n"
    "[account local]\nfrom = bob\n"
    "[account shared]\nmatch = shared@example.org\n"
    "[account quiet]\nfrom =\n"
    "[account moved]\nfrom = old@example.org\nmatch = other@example.org\n";
static const char user_accounts[] =
    "[account mine]\nmatch = me@example.com\n"
    "[account shared]\ntimeout = 5\n"
    "[account late]\nmatch = *@example.org";

static const struct {
    const char *address, *account; /* NULL: none */
} senders[] = {
    {"you@example.com", "site"}, {"ME@Example.COM", "mine"},
    {"root@here.example", "daemon"}, {"root@there.example", NULL},
    {"", "daemon"}, {"cron@there.example", "daemon"},
    {"boss@example.net", "boss"}, {"bosss@example.net", NULL},
    {"bob@here.example", "local"}, {"bob@there.example", NULL},
    {"shared@example.org", "shared"}, {"any@example.org", "late"},
    {"old@example.org", "late"}, {"nobody@nowhere", NULL},
};

START_TEST(the_first_that_matches)
{
    const struct account *a;

    ck_assert_msg(read_all(site_accounts, NULL, user_accounts, NULL), "%s",
                  err.text);
    a = accounts_match(&accounts, span_of(senders[_i].address),
                       S("here.example"));
    if (!senders[_i].account)
        ck_assert_msg(!a, "%s: %.*s", senders[_i].address,
                      SPAN_ARG(a->name));
    else
        ck_assert_msg(a && span_eq(a->name, span_of(senders[_i].account)),
                      "%s: %.*s", senders[_i].address,
                      SPAN_ARG(a ? a->name : S("none")));
}
END_TEST

START_TEST(the_users_come_first_in_their_order)
{
    struct buf out = {0};

    ck_assert(add("/s", "[account a]\n[account b]\n[account c]", CONF_SYSTEM));
    ck_assert(add("/d", "[account d]\n[account b]", CONF_SYSTEM));
    ck_assert(add("/u", "[account e]\n[account c]\n[account a]\n[account f]",
                  CONF_USER));
    accounts_names(&accounts, &out);
    ck_assert_span(buf_span(&out), S("e, c, a, f, b, d"));
    conf_init(&conf, S(""));
    buf_free(&out);
}
END_TEST

START_TEST(the_senders_of_an_account)
{
    static const char *const want[] = {"me@example.com", "shared@example.org",
                                       "*@example.org", "*@example.com",
                                       "root, <> cron@*",
                                       "The Boss <Boss@Example.net>", "",
                                       "bob", "", "other@example.org"};
    const struct account *a;
    size_t i = 0;

    ck_assert(read_all(site_accounts, NULL, user_accounts, NULL));
    for (a = accounts.first; a; a = a->next)
        ck_assert_span(account_senders(a), span_of(want[i++]));
    ck_assert_uint_eq(i, COUNT(want));
}
END_TEST

START_TEST(a_pattern_is_checked_when_it_is_read)
{
    ck_assert(!add("/s", "[account a]\nmatch = ,", CONF_SYSTEM));
    ck_assert(span_starts(span_of(err.text), S("/s:2: ")));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    conf_init(&conf, S(""));
}
END_TEST

START_TEST(the_most_of_a_number)
{
    ck_assert(read_all("size-limit = 9M\n[account a]\nsize-limit = 5M", NULL,
                       "[account b]\nsize-limit = 4M\ntimeout = 9", NULL));
    ck_assert_uint_eq(accounts_most(&accounts, SETTING_size_limit, 1),
                      5 << 20);
    ck_assert_uint_eq(accounts_most(&accounts, SETTING_size_limit, 6 << 20),
                      6 << 20);
    ck_assert_uint_eq(accounts_most(&accounts, SETTING_timeout, 0), 9);
}
END_TEST

START_TEST(tells_which_accounts_there_are)
{
    ck_assert(read_all("[account work]\n[account home]", NULL, NULL, NULL));
    ck_assert(!accounts_unknown(&accounts, S("hme"), ERR_USAGE, &err));
    ck_assert_int_eq(err.kind, ERR_USAGE);
    ck_assert_str_eq(err.text, "there is no account 'hme'");
    ck_assert_str_eq(err.hint, "did you mean 'home'? there are: work, home");
    teardown();
    setup();
    ck_assert(read_all(NULL, NULL, NULL, NULL));
    ck_assert(!accounts_unknown(&accounts, S("hme"), ERR_CONFIG, &err));
    ck_assert_str_eq(err.hint, "an account is a section '[account NAME]' in "
                               "a configuration file; there is none");
}
END_TEST

/* Whatever goes wrong behind it, a password is not told. */
START_TEST(no_error_tells_a_secret)
{
    static const char *const texts[] = {
        "[account a]\npassword = xyzzy\npassword = xyzzy",
        "[account a]\nserver = smtp://u:xyzzy@h:x",
        "[account a]\nserver = smtp://u:xyzzy@h\npassword = xyzzy",
        "[account a]\npassword = \"xyzzy",
        "[account a]\npassword = \"xyzzy\" xyzzy",
        "[account a]\npasword = xyzzy",
        "[account a]\npassword: xyzzy",
        "[password xyzzy]",
        "[account a]\nserver = smpt://u:xyzzy@h",
    };

    ck_assert(!add("/s", texts[_i], CONF_SYSTEM));
    ck_assert_ptr_null(strstr(err.text, "xyzzy"));
    ck_assert_ptr_null(strstr(err.hint, "xyzzy"));
    conf_init(&conf, S(""));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("account");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, the_higher_place_wins, 1, COUNT(places));
    tcase_add_loop_test(t, rivals_of_the_higher_place_win, 2, COUNT(places));
    tcase_add_loop_test(t, a_url_of_the_higher_place_wins, 2, COUNT(places));
    tcase_add_loop_test(t, a_url_of_a_lower_place_takes_no_user, 2,
                        COUNT(places));
    tcase_add_test(t, nothing_stands_over_something);
    tcase_add_loop_test(t, a_login_belongs_to_its_server, 0, COUNT(logins));
    tcase_add_loop_test(t, a_server_from_outside_keeps_the_login, 0, 2);
    tcase_add_test(t, what_an_account_includes_comes_in_turn);
    tcase_add_test(t, an_account_inherits_across_files);
    tcase_add_test(t, a_user_may_take_inheritance_back);
    tcase_add_loop_test(t, refuses_what_cannot_be_inherited, 0, COUNT(bad));
    tcase_add_test(t, an_account_whose_parent_is_kept_from_us_is_left_out);
    tcase_add_test(t, inherits_a_long_way);
    tcase_add_test(t, there_is_an_end_to_accounts);
    tcase_add_loop_test(t, names_are_plain, 0, COUNT(names));
    tcase_add_loop_test(t, the_first_that_matches, 0, COUNT(senders));
    tcase_add_test(t, the_users_come_first_in_their_order);
    tcase_add_test(t, the_senders_of_an_account);
    tcase_add_test(t, a_pattern_is_checked_when_it_is_read);
    tcase_add_test(t, the_most_of_a_number);
    tcase_add_test(t, tells_which_accounts_there_are);
    tcase_add_loop_test(t, no_error_tells_a_secret, 0, 9);
    return unit_run("account", t);
}
