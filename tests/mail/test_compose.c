/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose - what leaves, what stays behind, what is added */
#include "mail/compose.h"

#include "unit.h"

#define DATE "Sat, 21 Nov 2026 21:58:44 +0100"
#define ID "<1ng41g4.0000000000000000@example.org>"
#define ME "alice@example.org"

/* The three that go in front of a message that has none of them. */
#define DATED "Date: " DATE "\n"
#define NAMED "Message-ID: " ID "\n"
#define ALL DATED "From: " ME "\n" NAMED
#define RESENT "Resent-Date: " DATE "\nResent-From: " ME "\n" \
               "Resent-Message-ID: " ID "\n"

/* A header that lacks nothing. */
#define WHOLE "From: x@y\nDate: z\nMessage-ID: <i>\n"

static const struct world world = {.now = 1795294724, .utc_offset = 60};

static struct compose a_compose(void)
{
    return (struct compose){.world = &world, .from = S(ME),
                            .domain = S("example.org"), .fixups = true};
}

static const struct {
    const char *rule;
    struct span in, out, raw; /* raw: with fixups off */
} cases[] = {
    {"all is missing", SPAN_INIT(""), SPAN_INIT(ALL), SPAN_INIT("")},
    {"in front", SPAN_INIT("Subject: s\n"), SPAN_INIT(ALL "Subject: s\n"),
     SPAN_INIT("Subject: s\n")},
    {"nothing is missing", SPAN_INIT(WHOLE), SPAN_INIT(WHOLE),
     SPAN_INIT(WHOLE)},
    {"in any spelling", SPAN_INIT("FROM : x@y\ndate: z\nmessage-id:\n <i>\n"),
     SPAN_INIT("FROM : x@y\ndate: z\nmessage-id:\n <i>\n"),
     SPAN_INIT("FROM : x@y\ndate: z\nmessage-id:\n <i>\n")},
    {"no Date", SPAN_INIT("From: x@y\nMessage-ID: <i>\n"),
     SPAN_INIT(DATED "From: x@y\nMessage-ID: <i>\n"),
     SPAN_INIT("From: x@y\nMessage-ID: <i>\n")},
    {"no Message-ID", SPAN_INIT("From: x@y\nDate: z\n"),
     SPAN_INIT(NAMED "From: x@y\nDate: z\n"),
     SPAN_INIT("From: x@y\nDate: z\n")},
    {"empty ones are replaced",
     SPAN_INIT("A: b\nFrom: \nDate:\nMessage-ID:\t\n \nTo: c@d\n"),
     SPAN_INIT(ALL "A: b\nTo: c@d\n"),
     SPAN_INIT("A: b\nFrom: \nDate:\nMessage-ID:\t\n \nTo: c@d\n")},
    {"an empty and a full one",
     SPAN_INIT("From:\nFrom: x@y\nDate: z\nMessage-ID: <i>\n"),
     SPAN_INIT(WHOLE),
     SPAN_INIT("From:\nFrom: x@y\nDate: z\nMessage-ID: <i>\n")},
    {"other empty ones stay", SPAN_INIT(WHOLE "To: \nSubject:\n"),
     SPAN_INIT(WHOLE "To: \nSubject:\n"), SPAN_INIT(WHOLE "To: \nSubject:\n")},
    {"Bcc never leaves",
     SPAN_INIT(WHOLE "Bcc: a@b\nTo: c@d\nBCC \t: e@f,\n\tg@h,\n i@j\n"
                     "bcc:\nSubject: s\n"),
     SPAN_INIT(WHOLE "To: c@d\nSubject: s\n"),
     SPAN_INIT(WHOLE "To: c@d\nSubject: s\n")},
    {"two in a row, and the last", SPAN_INIT(WHOLE "Bcc: a\nBcc: b\n c\n"),
     SPAN_INIT(WHOLE), SPAN_INIT(WHOLE)},
    {"one that folds before its body", SPAN_INIT(WHOLE "Bcc:\n a@b\nX: y\n"),
     SPAN_INIT(WHOLE "X: y\n"), SPAN_INIT(WHOLE "X: y\n")},
    {"only Bcc is Bcc", SPAN_INIT(WHOLE "X-Bcc: a\nBccc: b\nBc: c\n"),
     SPAN_INIT(WHOLE "X-Bcc: a\nBccc: b\nBc: c\n"),
     SPAN_INIT(WHOLE "X-Bcc: a\nBccc: b\nBc: c\n")},
    {"nor do these two",
     SPAN_INIT("Return-Path: <a@b>\ncontent-length: 1\n 2\n" WHOLE),
     SPAN_INIT(WHOLE),
     SPAN_INIT("Return-Path: <a@b>\ncontent-length: 1\n 2\n" WHOLE)},
    {"the rest is copied as it is",
     SPAN_INIT(WHOLE "Received: a\n\tb \n  c\nSubject : \xC3\xBC \xFF\t\n"
                     "Errors-To: d\nReturn-Receipt-To: e\nX:\n"),
     SPAN_INIT(WHOLE "Received: a\n\tb \n  c\nSubject : \xC3\xBC \xFF\t\n"
                     "Errors-To: d\nReturn-Receipt-To: e\nX:\n"),
     SPAN_INIT(WHOLE "Received: a\n\tb \n  c\nSubject : \xC3\xBC \xFF\t\n"
                     "Errors-To: d\nReturn-Receipt-To: e\nX:\n")},
    {"sent on by Resent-To", SPAN_INIT("Resent-To: a@b\nFrom: x@y\n"),
     SPAN_INIT(RESENT "Resent-To: a@b\nFrom: x@y\n"),
     SPAN_INIT("Resent-To: a@b\nFrom: x@y\n")},
    {"by Resent-Cc", SPAN_INIT("resent-cc: a@b\n"),
     SPAN_INIT(RESENT "resent-cc: a@b\n"), SPAN_INIT("resent-cc: a@b\n")},
    {"by Resent-Bcc, which never leaves",
     SPAN_INIT("Resent-Bcc: a@b\n\tc@d\nBcc: e@f\nTo: g@h\n"),
     SPAN_INIT(RESENT "To: g@h\n"), SPAN_INIT("To: g@h\n")},
    {"by Resent-From",
     SPAN_INIT("Resent-From: a@b\n"),
     SPAN_INIT("Resent-Date: " DATE "\nResent-Message-ID: " ID "\n"
               "Resent-From: a@b\n"), SPAN_INIT("Resent-From: a@b\n")},
    {"by Resent-Date",
     SPAN_INIT("Resent-Date: z\nResent-Message-ID: <i>\nResent-From:\n"),
     SPAN_INIT("Resent-From: " ME "\nResent-Date: z\n"
               "Resent-Message-ID: <i>\n"),
     SPAN_INIT("Resent-Date: z\nResent-Message-ID: <i>\nResent-From:\n")},
    {"not by Resent-Message-ID", SPAN_INIT("Resent-Message-ID: <i>\n"),
     SPAN_INIT(ALL "Resent-Message-ID: <i>\n"),
     SPAN_INIT("Resent-Message-ID: <i>\n")},
    {"sent on, what is empty and of the first sending stays",
     SPAN_INIT("Resent-To: a@b\nFrom:\nDate: \n"),
     SPAN_INIT(RESENT "Resent-To: a@b\nFrom:\nDate: \n"),
     SPAN_INIT("Resent-To: a@b\nFrom:\nDate: \n")},
    {"addresses get a domain",
     SPAN_INIT("From: root (Cron Daemon)\nTo : bob, Carol <carol>,\n\t\"d e\" ,"
               "f@g\nDate: z\nMessage-ID: <i>\n"),
     SPAN_INIT("From: root@example.org (Cron Daemon)\nTo : bob@example.org, "
               "Carol <carol@example.org>,\n\t\"d e\"@example.org ,f@g\n"
               "Date: z\nMessage-ID: <i>\n"),
     SPAN_INIT("From: root (Cron Daemon)\nTo : bob, Carol <carol>,\n\t\"d e\" ,"
               "f@g\nDate: z\nMessage-ID: <i>\n")},
    {"in all fields that hold some",
     SPAN_INIT(WHOLE "Sender: a\nReply-To: b\nCc: g: c, d;\n"
                     "Errors-To: e\nX-To: f\n"),
     SPAN_INIT(WHOLE "Sender: a@example.org\nReply-To: b@example.org\n"
                     "Cc: g: c@example.org, d@example.org;\n"
                     "Errors-To: e\nX-To: f\n"),
     SPAN_INIT(WHOLE "Sender: a\nReply-To: b\nCc: g: c, d;\n"
                     "Errors-To: e\nX-To: f\n")},
    {"in those of a new sending",
     SPAN_INIT("Resent-To: a\nResent-Cc: b\nResent-From: c\n"
               "Resent-Sender: d\nResent-Date: e\nResent-Message-ID: f\n"),
     SPAN_INIT("Resent-To: a@example.org\nResent-Cc: b@example.org\n"
               "Resent-From: c@example.org\nResent-Sender: d@example.org\n"
               "Resent-Date: e\nResent-Message-ID: f\n"),
     SPAN_INIT("Resent-To: a\nResent-Cc: b\nResent-From: c\n"
               "Resent-Sender: d\nResent-Date: e\nResent-Message-ID: f\n")},
    {"where the domain was forgotten",
     SPAN_INIT("FROM:systemd <root@ >\nDate: z\nMessage-ID: <i>\n"
               "To: a@b,\n c@ (x@), d, \n"),
     SPAN_INIT("FROM:systemd <root@example.org >\nDate: z\n"
               "Message-ID: <i>\n"
               "To: a@b,\n c@example.org (x@), d@example.org, \n"),
     SPAN_INIT("FROM:systemd <root@ >\nDate: z\nMessage-ID: <i>\n"
               "To: a@b,\n c@ (x@), d, \n")},
    {"but not where there is no list of them",
     SPAN_INIT(WHOLE "To: bob, Bob Smith\nCc: undisclosed-recipients:;\n"),
     SPAN_INIT(WHOLE "To: bob, Bob Smith\nCc: undisclosed-recipients:;\n"),
     SPAN_INIT(WHOLE "To: bob, Bob Smith\nCc: undisclosed-recipients:;\n")},
};

static void check(const struct compose *c, const char *rule, struct span in,
                  struct span want)
{
    struct buf out = {0};

    compose_header(c, in, &out);
    ck_assert_msg(span_eq(buf_span(&out), want), "%s: got \"%.*s\"", rule,
                  SPAN_ARG(buf_span(&out)));
    buf_free(&out);
}

START_TEST(composes)
{
    struct compose c = a_compose();

    check(&c, cases[_i].rule, cases[_i].in, cases[_i].out);
    c.fixups = false;
    check(&c, cases[_i].rule, cases[_i].in, cases[_i].raw);
}
END_TEST

/* What left leaves again as it is, even when it is sent on. */
START_TEST(twice_is_once)
{
    struct compose c = a_compose();

    check(&c, cases[_i].rule, cases[_i].out, cases[_i].out);
}
END_TEST

START_TEST(without_a_domain_addresses_stay)
{
    struct compose c = a_compose();

    c.domain = S("");
    check(&c, "no domain", S(WHOLE "To: bob\n"), S(WHOLE "To: bob\n"));
}
END_TEST

static const struct {
    const char *rule;
    struct span name, from;
} names[] = {
    {"none", SPAN_INIT(""), SPAN_INIT(ME)},
    {"blanks are none", SPAN_INIT(" \t\n"), SPAN_INIT(ME)},
    {"words", SPAN_INIT("Alice X"), SPAN_INIT("Alice X <" ME ">")},
    {"an apostrophe", SPAN_INIT("A. O'Neil"),
     SPAN_INIT("\"A. O'Neil\" <" ME ">")},
    {"an atom's characters", SPAN_INIT("a!#$%&'*+-/=?^_`{|}~0"),
     SPAN_INIT("a!#$%&'*+-/=?^_`{|}~0 <" ME ">")},
    {"specials are quoted", SPAN_INIT("O\"Brien, A. (x) \\"),
     SPAN_INIT("\"O\\\"Brien, A. (x) \\\\\" <" ME ">")},
    {"an address", SPAN_INIT("a@b"), SPAN_INIT("\"a@b\" <" ME ">")},
    {"an encoded-word", SPAN_INIT("=?utf-8?Q?B=C3=B6?= (x)"),
     SPAN_INIT("=?utf-8?Q?B=C3=B6?= \"(x)\" <" ME ">")},
    {"UTF-8 stays", SPAN_INIT("\xC3\x84lice \xC3\x9C"),
     SPAN_INIT("\xC3\x84lice \xC3\x9C <" ME ">")},
    {"and in quotes", SPAN_INIT("\xC3\x84. X"),
     SPAN_INIT("\"\xC3\x84. X\" <" ME ">")},
    {"controls are blanks", SPAN_INIT("A\r\nBcc: e@x\x01\x7F"),
     SPAN_INIT("\"A  Bcc: e@x\" <" ME ">")},
    {"so is NUL", SPAN_INIT("A\0B"), SPAN_INIT("A B <" ME ">")},
    {"blanks around it go", SPAN_INIT("  A \n"), SPAN_INIT("A <" ME ">")},
};

START_TEST(a_full_name)
{
    struct compose c = a_compose();
    struct buf want = {0};

    c.full_name = names[_i].name;
    buf_printf(&want, DATED "From: %.*s\n" NAMED, SPAN_ARG(names[_i].from));
    check(&c, names[_i].rule, S(""), buf_span(&want));
    buf_clear(&want);
    buf_printf(&want, "Resent-From: %.*s\nResent-Date: x\n"
               "Resent-Message-ID: <i>\n", SPAN_ARG(names[_i].from));
    check(&c, names[_i].rule, S("Resent-Date: x\nResent-Message-ID: <i>\n"),
          buf_span(&want));
    check(&c, names[_i].rule, S(WHOLE), S(WHOLE));
    buf_free(&want);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("compose");

    tcase_add_loop_test(t, composes, 0, COUNT(cases));
    tcase_add_loop_test(t, twice_is_once, 0, COUNT(cases));
    tcase_add_test(t, without_a_domain_addresses_stay);
    tcase_add_loop_test(t, a_full_name, 0, COUNT(names));
    return unit_run("compose", t);
}
