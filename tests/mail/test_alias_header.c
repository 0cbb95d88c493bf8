/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alias_header - who an alias is, and that all else stays as it is */
#include "mail/alias_header.h"

#include "unit.h"

/* What some names stand for; "" is nobody. */
static const struct {
    const char *local, *list;
} aliases[] = {
    {"root", "admin@example.org"},
    {"team", "ann@example.org, jo@example.org"},
    {"local", "bob"},
    {"none", ""},
    {"long", "a-rather-long-name@one.example.org, "
             "a-rather-long-name@two.example.org, "
             "a-rather-long-name@three.example.org"},
    {"j\xC3\xB6", "j\xC3\xB6@b\xC3\xBC.example"},
    {"quoted", "\"a b\"@example.org"},
};

static bool expand(void *self, const struct address *a, struct arena *arena,
                   struct expansion *x, struct err *err)
{
    (void)self;
    if (span_eq(a->local, S("broken")))
        return fail(err, ERR_CONFIG, "it is broken");
    for (size_t i = 0; i < COUNT(aliases) && span_empty(a->domain); i++)
        if (span_eq(a->local, span_of(aliases[i].local))) {
            struct address *first;

            x->aliased = true;
            ck_assert(address_read(span_of(aliases[i].list), arena, &first,
                                   err));
            x->first = first;
        }
    return true;
}

static const struct expander expander = {expand, NULL};

static const struct {
    const char *rule;
    struct span in, out;
} cases[] = {
    {"nothing", SPAN_INIT(""), SPAN_INIT("")},
    {"no alias", SPAN_INIT("To: a@b, bob,\n c\n"),
     SPAN_INIT("To: a@b, bob,\n c\n")},
    {"an alias", SPAN_INIT("To: root\n"), SPAN_INIT("To: admin@example.org\n")},
    {"not at another host", SPAN_INIT("To: root@x\n"),
     SPAN_INIT("To: root@x\n")},
    {"with a name", SPAN_INIT("To: Root <root>\n"),
     SPAN_INIT("To: Root <admin@example.org>\n")},
    {"in brackets", SPAN_INIT("To: <root>\n"),
     SPAN_INIT("To: <admin@example.org>\n")},
    {"with a comment", SPAN_INIT("To: (x) root (Cron Daemon) \n"),
     SPAN_INIT("To: (x) admin@example.org (Cron Daemon) \n")},
    {"in between", SPAN_INIT("To: a@b,\n\troot ,c@d\n"),
     SPAN_INIT("To: a@b,\n\tadmin@example.org ,c@d\n")},
    {"in a group", SPAN_INIT("To: us: root, a@b;, root\n"),
     SPAN_INIT("To: us: admin@example.org, a@b;, admin@example.org\n")},
    {"blanks stay", SPAN_INIT("tO \t:root\n"),
     SPAN_INIT("tO \t:admin@example.org\n")},
    {"folds stay", SPAN_INIT("To:\n  Root\n of all\t<\n root > ,\n b\n"),
     SPAN_INIT("To:\n  Root\n of all\t<\n admin@example.org > ,\n b\n")},
    {"no last line end", SPAN_INIT("To: root"),
     SPAN_INIT("To: admin@example.org")},
    {"a route stays", SPAN_INIT("To: <@hop:root>\n"),
     SPAN_INIT("To: <@hop:admin@example.org>\n")},
    {"several", SPAN_INIT("To: team\n"),
     SPAN_INIT("To: ann@example.org, jo@example.org\n")},
    {"several with a name", SPAN_INIT("To: \"The Team\" (all) <team>(x),a@b\n"),
     SPAN_INIT("To: \"The Team\" (all) <ann@example.org>, "
               "\"The Team\" (all) <jo@example.org>(x),a@b\n")},
    {"several in brackets", SPAN_INIT("To: <team>\n"),
     SPAN_INIT("To: <ann@example.org>, <jo@example.org>\n")},
    {"many fold", SPAN_INIT("To: long, b@c\n"),
     SPAN_INIT("To: a-rather-long-name@one.example.org, "
               "a-rather-long-name@two.example.org,\n "
               "a-rather-long-name@three.example.org, b@c\n")},
    {"as far as they must", SPAN_INIT("Cc: team, team, team\n"),
     SPAN_INIT("Cc: ann@example.org, jo@example.org, ann@example.org, "
               "jo@example.org, ann@example.org,\n jo@example.org\n")},
    {"not yet", SPAN_INIT("To: a123456789012345678901234567890123456, team\n"),
     SPAN_INIT("To: a123456789012345678901234567890123456, "
               "ann@example.org, jo@example.org\n")},
    {"but there", SPAN_INIT("To: a1234567890123456789012345678901234567, "
                            "team\n"),
     SPAN_INIT("To: a1234567890123456789012345678901234567, "
               "ann@example.org,\n jo@example.org\n")},
    {"one without a domain", SPAN_INIT("To: local\n"), SPAN_INIT("To: bob\n")},
    {"UTF-8", SPAN_INIT("To: J\xC3\xB6 <j\xC3\xB6>\n"),
     SPAN_INIT("To: J\xC3\xB6 <j\xC3\xB6@b\xC3\xBC.example>\n")},
    {"in quotes", SPAN_INIT("To: quoted\n"),
     SPAN_INIT("To: \"a b\"@example.org\n")},
    {"nobody stays", SPAN_INIT("To: none, root\n"),
     SPAN_INIT("To: none, admin@example.org\n")},
    {"these fields",
     SPAN_INIT("Resent-To: root\nResent-CC: root\nTo: root\ncc: root\n"),
     SPAN_INIT("Resent-To: admin@example.org\nResent-CC: admin@example.org\n"
               "To: admin@example.org\ncc: admin@example.org\n")},
    {"no others",
     SPAN_INIT("From: root\nSender: root\nReply-To: root\nBcc: root\n"
               "Resent-From: root\nResent-Bcc: root\nX-To: root\nTo-Do: "
               "root\nSubject: root\n"),
     SPAN_INIT("From: root\nSender: root\nReply-To: root\nBcc: root\n"
               "Resent-From: root\nResent-Bcc: root\nX-To: root\nTo-Do: "
               "root\nSubject: root\n")},
    {"what is no list stays", SPAN_INIT("To: root root\nCc: root\n"),
     SPAN_INIT("To: root root\nCc: admin@example.org\n")},
    {"what is half a list, too", SPAN_INIT("To: root, \"x\nCc: root\n"),
     SPAN_INIT("To: root, \"x\nCc: admin@example.org\n")},
    {"an empty one", SPAN_INIT("To:\nCc: \n"), SPAN_INIT("To:\nCc: \n")},
};

START_TEST(replaces)
{
    struct buf out = {0};
    struct err err = {0};

    buf_add(&out, S("x"));
    ck_assert(alias_header(cases[_i].in, &expander, &out, &err));
    buf_drop(&out, 1);
    ck_assert_msg(span_eq(buf_span(&out), cases[_i].out), "%s: got \"%.*s\"",
                  cases[_i].rule, SPAN_ARG(buf_span(&out)));
    buf_free(&out);
}
END_TEST

START_TEST(fails_as_the_expander_does)
{
    struct buf out = {0};
    struct err err = {0};

    ck_assert(!alias_header(S("A: b\nTo: root, broken, root\n"), &expander,
                            &out, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, "it is broken");
    ck_assert(alias_header(S("From: broken\nTo: broken broken\n"), &expander,
                           &out, &err));
    buf_free(&out);
}
END_TEST

/* A field that a few octets would blow up to gigabytes. */
START_TEST(leaves_what_would_be_too_large)
{
    struct buf in = {0}, out = {0};
    struct err err = {0};

    buf_add(&in, S("To: \""));
    for (int i = 0; i < 300000; i++)
        buf_addc(&in, 'x');
    buf_add(&in, S("\" <long>"));
    for (int i = 0; i < 20000; i++)
        buf_add(&in, S(", \"y\" <team>"));
    buf_add(&in, S("\nSubject: s\n"));
    ck_assert(alias_header(buf_span(&in), &expander, &out, &err));
    ck_assert_span(buf_span(&out), buf_span(&in));
    buf_free(&in);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("alias_header");

    tcase_add_loop_test(t, replaces, 0, COUNT(cases));
    tcase_add_test(t, fails_as_the_expander_does);
    tcase_add_test(t, leaves_what_would_be_too_large);
    return unit_run("alias_header", t);
}
