/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/netrc.h"
#include "unit.h"

static const struct netrc_login login = {
    .host = SPAN_INIT("mail.example.com"), .user = SPAN_INIT("me"),
    .port = 587};

#define OURS "machine mail.example.com login me password secret"

static const struct {
    const char *rule;
    struct span text, password; /* no password: there is none for us */
} cases[] = {
    {"nothing", SPAN_INIT(""), {0}},
    {"on one line", SPAN_INIT(OURS), SPAN_INIT("secret")},
    {"a line end behind it", SPAN_INIT(OURS "\n"), SPAN_INIT("secret")},
    {"on many lines", SPAN_INIT("machine\n mail.example.com\r\n\tlogin me\n"
                                "  password secret\n"), SPAN_INIT("secret")},
    {"in any order", SPAN_INIT("machine mail.example.com password secret\n"
                               "login me"), SPAN_INIT("secret")},
    {"a host in capitals", SPAN_INIT("machine MAIL.Example.COM login me "
                                     "password secret"), SPAN_INIT("secret")},
    {"another host", SPAN_INIT("machine mail.example.net login me password x"),
     {0}},
    {"a part of the host", SPAN_INIT("machine example.com password x"), {0}},
    {"another user", SPAN_INIT("machine mail.example.com login you password x"),
     {0}},
    {"a user in capitals",
     SPAN_INIT("machine mail.example.com login ME password x"), {0}},
    {"any user", SPAN_INIT("machine mail.example.com password secret"),
     SPAN_INIT("secret")},
    {"no password", SPAN_INIT("machine mail.example.com login me"), {0}},
    {"the one that is ours", SPAN_INIT(
        "machine a login me password 1\n"
        "machine mail.example.com login you password 2\n"
        OURS "\nmachine b login me password 3\n"), SPAN_INIT("secret")},
    {"the first", SPAN_INIT(OURS "\n" OURS "2"), SPAN_INIT("secret")},
    {"not that of another entry", SPAN_INIT(
        "machine a login me password x machine mail.example.com login me"),
     {0}},
    {"for all others", SPAN_INIT("machine a password x\n"
                                 "default login me password secret"),
     SPAN_INIT("secret")},
    {"before all others", SPAN_INIT("default password secret\n" OURS "2"),
     SPAN_INIT("secret")},
    {"for all others, of another user",
     SPAN_INIT("default login you password x"), {0}},
    {"in quotes", SPAN_INIT("machine mail.example.com login \"me\" password "
                            "\"a \\\"b\\\" \\\\ c\\n\\r\\t\\d#\""),
     SPAN_INIT("a \"b\" \\ c\n\r\td#")},
    {"over a line end", SPAN_INIT("machine mail.example.com password \"a\nb\""),
     SPAN_INIT("a\nb")},
    {"a quote later", SPAN_INIT("machine mail.example.com password a\"b\\c"),
     SPAN_INIT("a\"b\\c")},
    {"empty", SPAN_INIT("machine mail.example.com password \"\""),
     SPAN_INIT("")},
    {"a comment", SPAN_INIT("# machine mail.example.com password x\n" OURS
                            " # password y\n#"), SPAN_INIT("secret")},
    {"no comment", SPAN_INIT("machine mail.example.com password #secret"),
     SPAN_INIT("#secret")},
    {"a keyword as a value",
     SPAN_INIT("machine mail.example.com account login login me password "
               "machine"), SPAN_INIT("machine")},
    {"a word that is none", SPAN_INIT("machine mail.example.com colour blue "
                                      "login me password secret"),
     SPAN_INIT("secret")},
    {"a macro", SPAN_INIT("machine a macdef init\nmachine mail.example.com\n"
                          "password x\n\n" OURS), SPAN_INIT("secret")},
    {"a macro that ends in CRLF", SPAN_INIT("macdef m\r\nx\r\n\r\n" OURS),
     SPAN_INIT("secret")},
    {"a macro without an end", SPAN_INIT("macdef m\n" OURS), {0}},
    {"our port", SPAN_INIT(OURS " port 587"), SPAN_INIT("secret")},
    {"another port", SPAN_INIT("machine mail.example.com port 993 password x "
                               OURS), SPAN_INIT("secret")},
    {"a service", SPAN_INIT(OURS " port smtp"), SPAN_INIT("secret")},
    {"another service", SPAN_INIT(OURS " port imaps"), {0}},
    {"a keyword at the end", SPAN_INIT(OURS " password"), SPAN_INIT("")},
    {"a machine at the end", SPAN_INIT("default password x machine"),
     SPAN_INIT("x")},
};

static bool find(struct span text, struct buf *password, bool *found,
                 struct err *err)
{
    /* Its own memory, so that a read past the end is seen. */
    struct buf copy = {0};
    bool done;

    buf_add(&copy, text);
    buf_add(&copy, S("")); /* and a NUL is none of it */
    done = netrc_find(buf_span(&copy), &login, password, found, err);
    buf_free(&copy);
    return done;
}

START_TEST(finds_the_password)
{
    struct buf password = {0};
    struct err err = {0};
    bool found;

    ck_assert_msg(find(cases[_i].text, &password, &found, &err), "%s",
                  err.text);
    ck_assert_msg(found == (cases[_i].password.p != NULL), "%s",
                  cases[_i].rule);
    ck_assert_msg(span_eq(buf_span(&password), cases[_i].password),
                  "%s: \"%.*s\"", cases[_i].rule,
                  SPAN_ARG(buf_span(&password)));
    buf_free(&password);
}
END_TEST

START_TEST(a_quote_without_an_end)
{
    struct buf password = {0};
    struct err err = {0};
    bool found = true;

    ck_assert(!find(S("machine a\n\npassword \"a\nb"), &password, &found, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, "line 3: a quote does not end");
    ck_assert(!find(S("macdef m\nx\n\n\"\\"), &password, &found, &err));
    ck_assert_str_eq(err.text, "line 4: a quote does not end");
    ck_assert(!found);
    ck_assert_uint_eq(password.cap, 0);
}
END_TEST

/* Whatever the file is cut to, nothing but what is there is found. */
START_TEST(any_beginning)
{
    struct span text = S("#\nmachine a macdef m\n\n" OURS
                         " port \"587\" default password \"x\\n\"");

    for (size_t n = 0; n <= text.n; n++) {
        struct buf password = {0};
        struct err err = {0};
        bool found;

        if (find(span_upto(text, n), &password, &found, &err) && found)
            ck_assert(span_starts(S("secret"), buf_span(&password)));
        buf_free(&password);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("netrc");

    tcase_add_loop_test(t, finds_the_password, 0, COUNT(cases));
    tcase_add_test(t, a_quote_without_an_end);
    tcase_add_test(t, any_beginning);
    return unit_run("netrc", t);
}
