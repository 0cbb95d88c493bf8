/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/read.h"
#include "unit.h"

#include <stdlib.h>

static struct accounts accounts;
static struct conf conf;
static struct err err;

static void setup(void)
{
    err = (struct err){0};
}

static void teardown(void)
{
    conf_free(&conf);
    accounts_free(&accounts);
}

static bool parse(struct span text, bool exposed)
{
    teardown();
    return read_conf(&accounts, &conf, S("/etc/p"), text, CONF_SYSTEM, exposed,
                     &err);
}

static const struct {
    const char *rule;
    struct span text, user, origin;
} good[] = {
    {"a line", SPAN_INIT("user = bob\n"), SPAN_INIT("bob"),
     SPAN_INIT("/etc/p:1")},
    {"no line end", SPAN_INIT("user = bob"), SPAN_INIT("bob"),
     SPAN_INIT("/etc/p:1")},
    {"no blanks", SPAN_INIT("user=bob"), SPAN_INIT("bob"),
     SPAN_INIT("/etc/p:1")},
    {"many blanks", SPAN_INIT(" \tuser\t =  bob smith \t\n"),
     SPAN_INIT("bob smith"), SPAN_INIT("/etc/p:1")},
    {"CRLF", SPAN_INIT("# x\r\n\r\nuser = bob\r\n"), SPAN_INIT("bob"),
     SPAN_INIT("/etc/p:3")},
    {"CRLF after a quote", SPAN_INIT("user = \"bob\"\r\n"), SPAN_INIT("bob"),
     SPAN_INIT("/etc/p:1")},
    {"a byte order mark", SPAN_INIT("\xEF\xBB\xBFuser = bob"),
     SPAN_INIT("bob"), SPAN_INIT("/etc/p:1")},
    {"comments and blank lines", SPAN_INIT("\n#a\n  # b = c\n\nuser = bob"),
     SPAN_INIT("bob"), SPAN_INIT("/etc/p:5")},
    {"a comment behind a value", SPAN_INIT("user = bob # smith"),
     SPAN_INIT("bob"), SPAN_INIT("/etc/p:1")},
    {"a comment behind a tab", SPAN_INIT("user = bob\t# smith"),
     SPAN_INIT("bob"), SPAN_INIT("/etc/p:1")},
    {"# within a value", SPAN_INIT("user = bo#b"), SPAN_INIT("bo#b"),
     SPAN_INIT("/etc/p:1")},
    {"= within a value", SPAN_INIT("user = a=b"), SPAN_INIT("a=b"),
     SPAN_INIT("/etc/p:1")},
    {"quotes", SPAN_INIT("user = \" b # \"  # c"), SPAN_INIT(" b # "),
     SPAN_INIT("/etc/p:1")},
    {"escapes in quotes", SPAN_INIT("user = \"a\\\"b\\\\c\""),
     SPAN_INIT("a\"b\\c"), SPAN_INIT("/etc/p:1")},
    {"a quote within a value", SPAN_INIT("user = a \"b\""),
     SPAN_INIT("a \"b\""), SPAN_INIT("/etc/p:1")},
    {"a backslash outside quotes", SPAN_INIT("user = a\\b"),
     SPAN_INIT("a\\b"), SPAN_INIT("/etc/p:1")},
    {"an empty value", SPAN_INIT("user ="), SPAN_INIT(""),
     SPAN_INIT("/etc/p:1")},
    {"empty quotes", SPAN_INIT("user = \"\" # x"), SPAN_INIT(""),
     SPAN_INIT("/etc/p:1")},
    {"an empty file", SPAN_INIT(""), SPAN_INIT(""), SPAN_INIT("built-in")},
    {"only a byte order mark", SPAN_INIT("\xEF\xBB\xBF"), SPAN_INIT(""),
     SPAN_INIT("built-in")},
};

START_TEST(reads_a_line)
{
    ck_assert_msg(parse(good[_i].text, false), "%s: %s", good[_i].rule,
                  err.text);
    ck_assert_span(conf.user.text, good[_i].user);
    ck_assert_span(conf.user.origin, good[_i].origin);
}
END_TEST

static const struct {
    struct span text;
    const char *says, *hint;
} bad[] = {
    {SPAN_INIT("\nsever = x"), "/etc/p:2: there is no setting 'sever'",
     "did you mean 'server'?"},
    {SPAN_INIT("timeout = x"), "/etc/p:1: timeout cannot be 'x': it is a "
                               "number of seconds from 1 to 3600", ""},
    {SPAN_INIT("user = a\n\nuser = b"),
     "/etc/p:3: user is set already in line 1", ""},
    {SPAN_INIT("user = a\nserver = smtp://b@h"),
     "/etc/p:2: user is set already in line 1", ""},
    {SPAN_INIT("server = smtp://b@h\nuser = a"),
     "/etc/p:2: user is set already in line 1", ""},
    {SPAN_INIT("server = smtp://b:p@h\npassword = a"),
     "/etc/p:2: password is set already in line 1", ""},
    {SPAN_INIT("password = (hidden)  # /etc/p:3"),
     "/etc/p:1: password cannot be '(hidden)': that is shown in its place",
     "write the password itself, or leave it out"},
    {SPAN_INIT("server = smtp://u:(hidden)@h"),
     "/etc/p:1: the server 'smtp://u:(hidden)@h' has what is shown in place "
     "of a password, not the password", ""},
    {SPAN_INIT("user secret"), "/etc/p:1: this is not 'key = value'",
     "a comment begins with '#'"},
    {SPAN_INIT("= secret"), "/etc/p:1: this is not 'key = value'", ""},
    {SPAN_INIT("[work]"), "/etc/p:1: this is no section",
     "sections are '[account NAME]' and '[defaults]'"},
    {SPAN_INIT("[account]"), "/etc/p:1: this is no section", ""},
    {SPAN_INIT("[accounta]"), "/etc/p:1: this is no section", ""},
    {SPAN_INIT("[account a"), "/etc/p:1: this is no section", ""},
    {SPAN_INIT("[account a]#c"), "/etc/p:1: this is no section", ""},
    {SPAN_INIT("[account a] secret"), "/etc/p:1: this is no section", ""},
    {SPAN_INIT("["), "/etc/p:1: this is no section", ""},
    {SPAN_INIT("[]"), "/etc/p:1: this is no section", ""},
    {SPAN_INIT("[default]"), "/etc/p:1: this is no section", ""},
    {SPAN_INIT("[account a b]"),
     "/etc/p:1: an account cannot be called 'a b'",
     "a name is made of letters, digits and '._-@+', 64 at most"},
    {SPAN_INIT("[account \xC3\xA4]"),
     "/etc/p:1: an account cannot be called '\xC3\xA4'", ""},
    {SPAN_INIT("user = a\n[account x]\nuser = b\n[defaults]\nuser = c"),
     "/etc/p:5: user is set already in line 1", ""},
    {SPAN_INIT("[account x]\nuser = b\n[account y]\nuser = c\n"
               "[account x]\nuser = d"),
     "/etc/p:6: user is set already in line 2", ""},
    {SPAN_INIT("[account x]\nserver = smtp://u:p@h\nlog = none\n"
               "password = secret"),
     "/etc/p:4: password is set already in line 2", ""},
    {SPAN_INIT("[account x]\naccount = y"),
     "/etc/p:2: account has no place in an account's section",
     "'inherits = NAME' takes over"},
    {SPAN_INIT("inherits = y"),
     "/etc/p:1: inherits stands in the section of an account",
     "'[account NAME]'"},
    {SPAN_INIT("[account x]\n[defaults]\nmatch = y"),
     "/etc/p:3: match stands in the section of an account", ""},
    {SPAN_INIT("[account x]\nmatch = a\n[account x]\nmatch = b"),
     "/etc/p:4: match is set already in line 2", ""},
    {SPAN_INIT("[account x]\ninherits = a\ninherits ="),
     "/etc/p:3: inherits is set already in line 2", ""},
    {SPAN_INIT("[account x]\nmatch = \"a\tb\""),
     "/etc/p:2: the value holds a control character", ""},
    {SPAN_INIT("[account x]\ntimeout = x"),
     "/etc/p:2: timeout cannot be 'x': it is a number of seconds from 1 to "
     "3600", ""},
    {SPAN_INIT("[account x]\ninherit = x"),
     "/etc/p:2: there is no setting 'inherit'", "did you mean 'inherits'?"},
    {SPAN_INIT("inklude = x"), "/etc/p:1: there is no setting 'inklude'",
     "did you mean 'include'?"},
    {SPAN_INIT("include = x"), "/etc/p:1: nothing can be included here", ""},
    {SPAN_INIT("password = #secret"), "/etc/p:1: the value begins with '#'",
     "put it in quotes"},
    {SPAN_INIT("user = # nobody"), "/etc/p:1: the value begins with '#'",
     ""},
    {SPAN_INIT("password = \"secret"),
     "/etc/p:1: the closing quote is missing", ""},
    {SPAN_INIT("password = \"secret\\"),
     "/etc/p:1: the closing quote is missing", ""},
    {SPAN_INIT("password = \"secret\\\""),
     "/etc/p:1: the closing quote is missing", ""},
    {SPAN_INIT("password = \"secret\\n\""),
     "/etc/p:1: in quotes, '\\' stands before '\"' or '\\' only", ""},
    {SPAN_INIT("password-command = \"a b\" secret"),
     "/etc/p:1: something follows the closing quote",
     "in quotes as a whole"},
    {SPAN_INIT("user = \"a\"b"),
     "/etc/p:1: something follows the closing quote", ""},
    {SPAN_INIT("user = secret\0x"),
     "/etc/p:1: the line holds a control character", ""},
    {SPAN_INIT("# \x1B["), "/etc/p:1: the line holds a control character",
     ""},
    {SPAN_INIT("user = a\rb\n"),
     "/etc/p:1: the line holds a control character", ""},
    {SPAN_INIT("user = a\r\r\n"),
     "/etc/p:1: the line holds a control character", ""},
    {SPAN_INIT("user = a\x7F"),
     "/etc/p:1: the line holds a control character", ""},
    {SPAN_INIT("user = \"a\tb\""),
     "/etc/p:1: user holds a control character", ""},
};

START_TEST(refuses_a_line)
{
    ck_assert_msg(!parse(bad[_i].text, false), "accepted %.*s",
                  SPAN_ARG(bad[_i].text));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, bad[_i].says);
    ck_assert_msg(strstr(err.hint, bad[_i].hint), "%s", err.hint);
    ck_assert_ptr_null(strstr(err.hint, "secret"));
}
END_TEST

START_TEST(a_secret_that_others_can_read_is_refused)
{
    static const char *const texts[] = {
        "user = u\npassword = p",
        "log = none\nserver = smtp://u:p@h",
        "[account a]\npassword = p",
    };

    ck_assert(!parse(span_of(texts[_i]), true));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, "/etc/p:2: there is a password, and others can "
                               "read the file");
    ck_assert_str_eq(err.hint, "chmod 600 /etc/p");
}
END_TEST

START_TEST(others_may_read_what_is_no_secret)
{
    ck_assert_msg(parse(S("server = smtp://u@h\npassword =\n"
                          "password-command = c"),
                        true),
                  "%s", err.text);
}
END_TEST

START_TEST(files_and_lines_have_an_end)
{
    static char text[FILE_LONGEST + 1];

    memset(text, '#', sizeof text);
    ck_assert(parse((struct span){text, FILE_LINE_LONGEST}, false));
    ck_assert(!parse((struct span){text, FILE_LINE_LONGEST + 1}, false));
    ck_assert_str_eq(err.text, "/etc/p:1: the line is too long");
    memset(text, '\n', sizeof text);
    ck_assert(parse((struct span){text, FILE_LONGEST}, false));
    ck_assert(!parse((struct span){text, sizeof text}, false));
    ck_assert_str_eq(err.text, "/etc/p: the file is longer than 1 MiB");
}
END_TEST

START_TEST(two_files_may_set_the_same)
{
    const struct file second = {S("/etc/q"), S("user = b\n[account a]\n"
                                               "match = b"), false};

    ck_assert(parse(S("user = a\n[account a]\nmatch = a"), false));
    ck_assert(file_parse(&accounts, &second, CONF_SYSTEM, NULL, &err));
    accounts_apply(&accounts, NULL, &conf);
    ck_assert_span(conf.user.text, S("b"));
    ck_assert_span(conf.user.origin, S("/etc/q:1"));
    ck_assert_span(accounts.first->match.text, S("b"));
}
END_TEST

/* "SECTION: timeout user; " */
static void section_tell(const struct account *a, struct buf *out)
{
    conf_free(&conf);
    conf_init(&conf, S(""));
    accounts_apply(&accounts, a, &conf);
    buf_printf(out, "%.*s: %.*s %.*s; ",
               SPAN_ARG(a ? a->name : S("defaults")),
               SPAN_ARG(conf.timeout.text), SPAN_ARG(conf.user.text));
}

static void told_check(const char *says)
{
    struct buf out = {0};

    section_tell(NULL, &out);
    for (const struct account *a = accounts.first; a; a = a->next)
        section_tell(a, &out);
    ck_assert_span(buf_span(&out), span_of(says));
    buf_free(&out);
}

static const struct {
    const char *rule, *text, *says;
} sections[] = {
    {"before any section", "user = u", "defaults:  u; "},
    {"the defaults by name", "[defaults]\nuser = u", "defaults:  u; "},
    {"the defaults again, in three places",
     "user = u\n[account a]\ntimeout = 1\n[defaults]\ntimeout = 2\n"
     "[account b]\n[defaults]\nauth = PLAIN",
     "defaults: 2 u; a: 1 u; b: 2 u; "},
    {"the same account again", "[account a]\nuser = u\n[account b]\n"
                               "[account a]\ntimeout = 3",
     "defaults:  ; a: 3 u; b:  ; "},
    {"blanks and a comment", " \t[ \taccount \t a ] \t# c]\nuser = u",
     "defaults:  ; a:  u; "},
    {"all that a name can hold", "[account aZ09._-@+]\nuser = u",
     "defaults:  ; aZ09._-@+:  u; "},
    {"a name that looks like the defaults", "[account defaults]\nuser = u",
     "defaults:  ; defaults:  u; "},
    {"blanks in the brackets", "[ defaults ]\nuser = u", "defaults:  u; "},
};

START_TEST(reads_sections)
{
    ck_assert_msg(parse(span_of(sections[_i].text), false), "%s: %s",
                  sections[_i].rule, err.text);
    told_check(sections[_i].says);
}
END_TEST

START_TEST(reads_what_is_about_the_account)
{
    char path[] = "/etc/p";
    struct file file = {span_of(path),
                        S("[account a]\nmatch = \"a@x, *@y\"\n"
                          "inherits = b # c\n[account b]\nmatch ="),
                        false};

    accounts_init(&accounts, S(""));
    ck_assert_msg(file_parse(&accounts, &file, CONF_USER, NULL, &err), "%s",
                  err.text);
    memset(path, 'x', sizeof path - 1); /* none of ours */
    ck_assert_span(accounts.first->match.text, S("a@x, *@y"));
    ck_assert_span(accounts.first->inherits.text, S("b"));
    ck_assert_uint_eq(accounts.first->inherits.place.line, 3);
    ck_assert_span(accounts.first->inherits.place.path, S("/etc/p"));
    ck_assert_span(accounts.first->origin, S("/etc/p:1"));
    ck_assert_span(accounts.first->next->match.text, S(""));
}
END_TEST

/* Files for others to include. */
static const struct {
    const char *name, *text;
} shelf[] = {
    {"user", "user = inner"},
    {"section", "timeout = 1\n[account inner]\ntimeout = 2"},
    {"nested", "include = user\ntimeout = 4"},
    {"typo", "\nusr = x"},
    {"open", "password = secret"},
    {"loop", "include = loop"},
    {"twice", "include = twin\ninclude = twin"},
    {"twin", ""},
    {"many", "include = twice\ninclude = twice\ninclude = twice\n"
             "include = twice\ninclude = twice"},
};

/* The files that are named with blanks between; "open" others can read. */
static bool shelf_open(void *self, const struct place *place, struct span path,
                       struct file_reading *into, struct err *e)
{
    struct span word;

    ck_assert_ptr_eq(self, &accounts);
    while (span_word(&path, ' ', &word)) {
        size_t i = 0;
        struct file file = {word, {0}, span_eq(word, S("open"))};

        while (i < COUNT(shelf) && !span_eq(word, span_of(shelf[i].name)))
            i++;
        if (i == COUNT(shelf)) {
            fail(e, ERR_CONFIG, "no '%.*s'", SPAN_ARG(word));
            return place_within(place, e);
        }
        file.text = span_of(shelf[i].text);
        if (!file_include(into, &file, e))
            return false;
    }
    return true;
}

static bool parse_with_shelf(struct span text)
{
    const struct file_library library = {&accounts, shelf_open};
    struct file file = {S("/etc/p"), text, false};

    teardown();
    accounts_init(&accounts, S(""));
    conf_init(&conf, S(""));
    return file_parse(&accounts, &file, CONF_USER, &library, &err);
}

static const struct {
    const char *rule, *text, *says, *fails;
} includes[] = {
    {"its lines stand there", "include = user", "defaults:  inner; ", NULL},
    {"in the section that is open", "[account a]\ninclude = user",
     "defaults:  ; a:  inner; ", NULL},
    {"a section ends with it",
     "[account a]\ninclude = section\nuser = u",
     "defaults:  ; a: 1 u; inner: 2 ; ", NULL},
    {"the later line wins", "user = u\ninclude = user", "defaults:  inner; ",
     NULL},
    {"if it is the outer one", "include = user\nuser = u", "defaults:  u; ",
     NULL},
    {"one in another", "include = nested", "defaults: 4 inner; ", NULL},
    {"several at once", "include = \"user nested\"", "defaults: 4 inner; ",
     NULL},
    {"none", "include = \" \"", "defaults:  ; ", NULL},
    {"not there", "\ninclude = tree", NULL, "/etc/p:2: no 'tree'"},
    {"no path", "include =", NULL,
     "/etc/p:1: include wants the path of a file"},
    {"what is wrong in it", "include = typo", NULL,
     "typo:2: there is no setting 'usr'"},
    {"a secret in it that others can read", "[account a]\ninclude = open",
     NULL, "open:1: there is a password, and others can read the file"},
    {"itself", "include = loop", NULL,
     "loop:1: too many files include one another"},
    {"few that are read often",
     "include = \"many many many many many many many many many many many many "
     "many many many many many many many many many many many many many many "
     "many many many many many many many many many many many many many many "
     "many many many many many many many many many many many many many many "
     "many many many many many many many many many many many many\"",
     NULL, "twice:1: too many files are included"},
};

START_TEST(includes_files)
{
    bool done = parse_with_shelf(span_of(includes[_i].text));

    ck_assert_msg(done == !includes[_i].fails, "%s: %s", includes[_i].rule,
                  err.text);
    if (done) {
        told_check(includes[_i].says);
    } else {
        ck_assert_str_eq(err.text, includes[_i].fails);
        ck_assert_int_eq(err.kind, ERR_CONFIG);
        ck_assert_ptr_null(strstr(err.hint, "secret"));
    }
}
END_TEST

/* Each file includes the next. */
static bool chain_open(void *self, const struct place *place, struct span path,
                       struct file_reading *into, struct err *e)
{
    unsigned *left = self;
    struct file file = {path, --*left ? S("include = x") : S("user = deep"),
                        false};

    (void)place;
    return file_include(into, &file, e);
}

START_TEST(files_include_each_other_so_deep)
{
    unsigned left = FILE_DEPTH + (unsigned)_i;
    const struct file_library library = {&left, chain_open};
    struct file file = {S("/etc/p"), S("include = x"), false};

    accounts_init(&accounts, S(""));
    conf_init(&conf, S(""));
    ck_assert_int_eq(file_parse(&accounts, &file, CONF_USER, &library, &err),
                     !_i);
    accounts_apply(&accounts, NULL, &conf);
    ck_assert_span(conf.user.text, _i ? S("") : S("deep"));
    ck_assert_str_eq(err.hint, _i ? "10 deep is the most; does one include "
                                    "itself?"
                                  : "");
}
END_TEST

START_TEST(no_key_is_a_setting)
{
    size_t n = 0;

    for (; file_key(n); n++)
        ck_assert_uint_eq(setting_find(span_of(file_key(n))), SETTING_COUNT);
    ck_assert_uint_eq(n, 3);
}
END_TEST

START_TEST(an_origin_names_the_file_that_says_it)
{
    ck_assert(parse_with_shelf(S("\n\ninclude = nested\nauth = PLAIN")));
    accounts_apply(&accounts, NULL, &conf);
    ck_assert_span(conf.user.origin, S("user:1"));
    ck_assert_span(conf.timeout.origin, S("nested:2"));
    ck_assert_span(conf.auth.origin, S("/etc/p:4"));
    ck_assert_int_eq(conf.user.source, CONF_USER);
}
END_TEST

/* Of a file that is cut off nothing is read past the cut, and no error shows
 * the secret. */
START_TEST(every_cut_is_safe)
{
    static const char text[] = "server = smtp://u:xyzzy%72@h # c\r\n"
                               "domain = \"example.com\"\n[x]";

    for (size_t cut = 0; cut < sizeof text; cut++) {
        char *copy = malloc(cut ? cut : 1);

        memcpy(copy, text, cut);
        teardown();
        setup();
        if (!parse((struct span){copy, cut}, false))
            ck_assert_ptr_null(strstr(err.text, "xy"));
        free(copy);
    }
}
END_TEST

START_TEST(every_cut_is_read_or_refused_by_name)
{
    struct span whole = good[_i].text;

    for (size_t cut = 0; cut <= whole.n; cut++) {
        char *copy = malloc(cut ? cut : 1);

        memcpy(copy, whole.p, cut);
        teardown();
        setup();
        if (!parse((struct span){copy, cut}, false)) {
            ck_assert_int_eq(err.kind, ERR_CONFIG);
            ck_assert_msg(span_starts(span_of(err.text), S("/etc/p:")) &&
                              strchr("123456789", err.text[7]),
                          "%s: %s", good[_i].rule, err.text);
        }
        free(copy);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("file");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, reads_a_line, 0, COUNT(good));
    tcase_add_loop_test(t, refuses_a_line, 0, COUNT(bad));
    tcase_add_loop_test(t, a_secret_that_others_can_read_is_refused, 0, 3);
    tcase_add_test(t, others_may_read_what_is_no_secret);
    tcase_add_test(t, files_and_lines_have_an_end);
    tcase_add_test(t, two_files_may_set_the_same);
    tcase_add_loop_test(t, reads_sections, 0, COUNT(sections));
    tcase_add_test(t, reads_what_is_about_the_account);
    tcase_add_loop_test(t, includes_files, 0, COUNT(includes));
    tcase_add_loop_test(t, files_include_each_other_so_deep, 0, 2);
    tcase_add_test(t, no_key_is_a_setting);
    tcase_add_test(t, an_origin_names_the_file_that_says_it);
    tcase_add_test(t, every_cut_is_safe);
    tcase_add_loop_test(t, every_cut_is_read_or_refused_by_name, 0,
                        COUNT(good));
    return unit_run("file", t);
}
