/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sender - one address for a host: in the envelope, and in From */
#include "mail/sender.h"

#include "mail/header.h"
#include "unit.h"

#define HOME "web1.example.net"
#define OWN "alerts@example.com"
#define WORD "=?utf-8?Q?B=C3=B6?="
#define U "\xC3\xBC"

#define NONE "none" /* no -f */

static const struct {
    const char *rule;
    const char *from, *allow, *given;
    const char *sender, *author, *own, *name, *asked;
} chosen[] = {
    {"nothing is set, nobody is given", "", "", NONE,
     "joe@" HOME, "joe@" HOME, "joe@" HOME, "", ""},
    {"who is given", "", "", "Eve <eve@x>", "eve@x", "eve@x", "eve@x", "",
     ""},
    {"the null sender", "", "", "<>", "", "joe@" HOME, "joe@" HOME, "", ""},
    {"ours", OWN, "", NONE, OWN, OWN, OWN, "", ""},
    {"with a name", "Web 1 <" OWN ">", "", NONE, OWN, OWN, OWN, "Web 1", ""},
    {"in quotes", "\"Web, 1\" <" OWN ">", "", NONE, OWN, OWN, OWN, "Web, 1",
     ""},
    {"in a comment", OWN " (Web 1)", "", NONE, OWN, OWN, OWN, "Web 1", ""},
    {"without a domain", "Web <alerts>", "", NONE, "alerts@" HOME,
     "alerts@" HOME, "alerts@" HOME, "Web", ""},
    {"U-labels", "a@b" U "cher.example", "", NONE,
     "a@xn--bcher-kva.example", "a@xn--bcher-kva.example",
     "a@xn--bcher-kva.example", "", ""},
    {"another is not allowed", OWN, "", "root", OWN, OWN, OWN, "",
     "root@" HOME},
    {"nor is it by an empty place", OWN, "<> x@y", "Git <git@x.y>", OWN, OWN,
     OWN, "", "git@x.y"},
    {"the null sender is", "W <" OWN ">", "", "", "", OWN, OWN, "W", ""},
    {"not where the list lacks it", OWN, "root", "<>", OWN, OWN, OWN, "",
     "<>"},
    {"who is in the list", "W <" OWN ">", "git@x.*, root", "git@x.y",
     "git@x.y", "git@x.y", OWN, "W", ""},
    {"a name without a domain is ours", OWN, "root", "root", "root@" HOME,
     "root@" HOME, OWN, "", ""},
    {"a star allows all", OWN, "*", "eve@x", "eve@x", "eve@x", OWN, "", ""},
    {"the null sender included", OWN, "*", "", "", OWN, OWN, "", ""},
    {"and ours is for who gives none", OWN, "*", NONE, OWN, OWN, OWN, "",
     ""},
    {"ours is always allowed, and nobody asked", OWN, "", OWN, OWN, OWN, OWN,
     "", ""},
    {"in any case", OWN, "", "Alerts@EXAMPLE.com", OWN, OWN, OWN, "", ""},
};

START_TEST(chooses)
{
    struct sender_policy p = {.from = span_of(chosen[_i].from),
                              .allow = span_of(chosen[_i].allow),
                              .login = S("joe"), .domain = S(HOME)};
    struct span given = span_of(chosen[_i].given);
    bool none = span_eq(given, S(NONE));
    struct envelope env = {0};
    struct sender s;
    struct err err = {0};

    ck_assert_msg(sender_choose(&p, none ? NULL : &given, &env, &s, &err),
                  "%s: %s", chosen[_i].rule, err.text);
    ck_assert_span(env.sender, span_of(chosen[_i].sender));
    ck_assert_span(s.author, span_of(chosen[_i].author));
    ck_assert_span(s.own, span_of(chosen[_i].own));
    ck_assert_span(s.name, span_of(chosen[_i].name));
    ck_assert_span(s.asked, span_of(chosen[_i].asked));
    envelope_free(&env);
}
END_TEST

START_TEST(utf8_is_that_of_who_sends)
{
    struct sender_policy p = {.from = S("j" U "@x"), .domain = S(HOME)};
    struct span given = S("eve@x");
    struct envelope env = {0};
    struct sender s;
    struct err err;

    ck_assert(sender_choose(&p, &given, &env, &s, &err));
    ck_assert(env.sender_utf8 && env.utf8);
    p.from = S("j@x");
    given = S("j" U "@x");
    ck_assert(sender_choose(&p, &given, &env, &s, &err));
    ck_assert(!env.sender_utf8 && !env.utf8);
    ck_assert_span(s.asked, S("j" U "@x"));
    envelope_free(&env);
}
END_TEST

static const struct {
    const char *from, *given, *domain;
    enum err_kind kind;
    const char *says;
} refused[] = {
    {"", "a b", HOME, ERR_USAGE, "sender 'a b': there are words side by side "
                                 "that make no address, at 'b'"},
    {OWN, "a@b\nc", HOME, ERR_USAGE,
     "sender 'a@b\nc': there is a control character"},
    {"a b", NONE, HOME, ERR_CONFIG,
     "the setting 'from': sender 'a b': there are words side by side that "
     "make no address, at 'b'"},
    {"<>", NONE, HOME, ERR_CONFIG,
     "the setting 'from': '<>' is no address"},
    {"alerts", "eve@x", "", ERR_CONFIG,
     "the setting 'from': sender 'alerts': the address 'alerts' has no "
     "domain"},
    {"", NONE, "", ERR_USAGE,
     "sender 'joe': the address 'joe' has no domain"},
    {"", "", "", ERR_USAGE, "sender 'joe': the address 'joe' has no domain"},
};

START_TEST(refuses)
{
    struct sender_policy p = {.from = span_of(refused[_i].from),
                              .login = S("joe"),
                              .domain = span_of(refused[_i].domain)};
    struct span given = span_of(refused[_i].given);
    bool none = span_eq(given, S(NONE));
    struct envelope env = {0};
    struct sender s;
    struct err err = {0};

    ck_assert(!sender_choose(&p, none ? NULL : &given, &env, &s, &err));
    ck_assert_str_eq(err.text, refused[_i].says);
    ck_assert_int_eq(err.kind, refused[_i].kind);
    envelope_free(&env);
}
END_TEST

#define NEVER SENDER_REWRITE_NEVER
#define UNQUALIFIED SENDER_REWRITE_UNQUALIFIED
#define ALWAYS SENDER_REWRITE_ALWAYS
#define REPLY_TO SENDER_ORIGINAL_REPLY_TO
#define NAME SENDER_ORIGINAL_NAME
#define NOWHERE SENDER_ORIGINAL_NONE

/* The policy of most cases: our address, and who else is allowed. */
#define ALLOW "<> git@x.y *@lists.x"

static void rewrite(enum sender_rewriting rewriting,
                    enum sender_original original, struct span from,
                    struct span given, struct span header, struct buf *out)
{
    struct sender_policy p = {
        .from = from, .allow = S(ALLOW), .login = S("joe"),
        .domain = S(HOME), .rewriting = rewriting, .original = original};
    struct envelope env = {0};
    struct sender s;
    struct err err = {0};
    bool changed;

    ck_assert_msg(sender_choose(&p, given.n ? &given : NULL, &env, &s, &err),
                  "%s", err.text);
    changed = sender_rewrite(&p, &s, header, out);
    ck_assert(changed == !span_eq(buf_span(out), header));
    envelope_free(&env);
}

/* What leaves, with our address set, for each setting of the original. */
static const struct {
    const char *rule;
    enum sender_rewriting least; /* from this on it is rewritten */
    struct span header, reply_to, name, none;
} cases[] = {
    {"cron", UNQUALIFIED,
     SPAN_INIT("A: b\nFrom: root (Cron Daemon)\nTo: c\n"),
     SPAN_INIT("A: b\nFrom: Cron Daemon <" OWN ">\n"
               "Reply-To: root (Cron Daemon)\nTo: c\n"),
     SPAN_INIT("A: b\nFrom: \"Cron Daemon (root@" HOME ") via example.com\" "
               "<" OWN ">\nTo: c\n"),
     SPAN_INIT("A: b\nFrom: Cron Daemon <" OWN ">\nTo: c\n")},
    {"cronie", UNQUALIFIED, SPAN_INIT("From: \"(Cron Daemon)\" <root>\n"),
     SPAN_INIT("From: \"(Cron Daemon)\" <" OWN ">\n"
               "Reply-To: \"(Cron Daemon)\" <root>\n"),
     SPAN_INIT("From: \"(Cron Daemon) (root@" HOME ") via example.com\" "
               "<" OWN ">\n"),
     SPAN_INIT("From: \"(Cron Daemon)\" <" OWN ">\n")},
    {"a login", UNQUALIFIED, SPAN_INIT("From: root\n"),
     SPAN_INIT("From: " OWN "\nReply-To: root\n"),
     SPAN_INIT("From: \"root@" HOME " via example.com\" <" OWN ">\n"),
     SPAN_INIT("From: " OWN "\n")},
    {"a host without a domain", UNQUALIFIED,
     SPAN_INIT("from :\n root@web1 \n"),
     SPAN_INIT("From: " OWN "\nReply-To: root@web1\n"),
     SPAN_INIT("From: \"root@web1 via example.com\" <" OWN ">\n"),
     SPAN_INIT("From: " OWN "\n")},
    {"a domain that ends in a dot", UNQUALIFIED,
     SPAN_INIT("From: a@localhost.\n"),
     SPAN_INIT("From: " OWN "\nReply-To: a@localhost.\n"),
     SPAN_INIT("From: \"a@localhost. via example.com\" <" OWN ">\n"),
     SPAN_INIT("From: " OWN "\n")},
    {"a host name that was empty", UNQUALIFIED,
     SPAN_INIT("From: systemd <root@>\n"),
     SPAN_INIT("From: systemd <" OWN ">\nReply-To: systemd <root>\n"),
     SPAN_INIT("From: \"systemd (root@" HOME ") via example.com\" <" OWN
               ">\n"),
     SPAN_INIT("From: systemd <" OWN ">\n")},
    {"and with more around", UNQUALIFIED,
     SPAN_INIT("From: \"a@,\" <a@ > (@) , b@ (x), c@\n"),
     SPAN_INIT("From: \"a@,\" <" OWN ">\n"
               "Reply-To: \"a@,\" <a > (@) , b (x), c\n"),
     SPAN_INIT("From: \"a@, (a@" HOME ") via example.com\" <" OWN ">\n"
               "X-Original-From: \"a@,\" <a > (@) , b (x), c\n"),
     SPAN_INIT("From: \"a@,\" <" OWN ">\n")},
    {"another domain", ALWAYS, SPAN_INIT("From: Eve <eve@x.z>\n"),
     SPAN_INIT("From: Eve <" OWN ">\nReply-To: Eve <eve@x.z>\n"),
     SPAN_INIT("From: \"Eve (eve@x.z) via example.com\" <" OWN ">\n"),
     SPAN_INIT("From: Eve <" OWN ">\n")},
    {"an address literal", ALWAYS, SPAN_INIT("From: a@[192.0.2.1]\n"),
     SPAN_INIT("From: " OWN "\nReply-To: a@[192.0.2.1]\n"),
     SPAN_INIT("From: \"a@[192.0.2.1] via example.com\" <" OWN ">\n"),
     SPAN_INIT("From: " OWN "\n")},
    {"a quoted name stays as it is", ALWAYS,
     SPAN_INIT("From: \"O'Neil,\n \\\"Al\\\" \" <a@x.z> (work)\n"),
     SPAN_INIT("From: \"O'Neil,\n \\\"Al\\\" \" <" OWN ">\n"
               "Reply-To: \"O'Neil,\n \\\"Al\\\" \" <a@x.z> (work)\n"),
     SPAN_INIT("From: \"O'Neil, \\\"Al\\\" (a@x.z) via example.com\" <" OWN
               ">\n"),
     SPAN_INIT("From: \"O'Neil,\n \\\"Al\\\" \" <" OWN ">\n")},
    {"encoded-words, too", ALWAYS,
     SPAN_INIT("From: " WORD "\n =?x?b?QQ==?= X <a@x.z>\n"),
     SPAN_INIT("From: " WORD "\n =?x?b?QQ==?= X <" OWN ">\n"
               "Reply-To: " WORD "\n =?x?b?QQ==?= X <a@x.z>\n"),
     SPAN_INIT("From: " WORD " =?x?b?QQ==?= \"X (a@x.z) via example.com\" "
               "<" OWN ">\n"),
     SPAN_INIT("From: " WORD "\n =?x?b?QQ==?= X <" OWN ">\n")},
    {"one in a comment", ALWAYS, SPAN_INIT("From: a@x.z (=?x?Q?A,_B?=)\n"),
     SPAN_INIT("From: =?x?Q?A=2C_B?= <" OWN ">\n"
               "Reply-To: a@x.z (=?x?Q?A,_B?=)\n"),
     SPAN_INIT("From: =?x?Q?A=2C_B?= \"(a@x.z) via example.com\" <" OWN
               ">\n"),
     SPAN_INIT("From: =?x?Q?A=2C_B?= <" OWN ">\n")},
    {"UTF-8 and what is none", ALWAYS,
     SPAN_INIT("From: J" U "rg \xFF <a@b" U ".z>\n"),
     SPAN_INIT("From: J" U "rg \xFF <" OWN ">\n"
               "Reply-To: J" U "rg \xFF <a@b" U ".z>\n"),
     SPAN_INIT("From: \"J" U "rg \xFF (a@b" U ".z) via example.com\" <" OWN
               ">\n"),
     SPAN_INIT("From: J" U "rg \xFF <" OWN ">\n")},
    {"a quoted local part", ALWAYS, SPAN_INIT("From: \"a\\\\b\"@x.z\n"),
     SPAN_INIT("From: " OWN "\nReply-To: \"a\\\\b\"@x.z\n"),
     SPAN_INIT("From: \"\\\"a\\\\\\\\b\\\"@x.z via example.com\" <" OWN
               ">\n"),
     SPAN_INIT("From: " OWN "\n")},
    {"several become one", ALWAYS,
     SPAN_INIT("From: " OWN ",\n\tEve E <eve@x.z>, f@g.h\n"),
     SPAN_INIT("From: " OWN "\nReply-To: " OWN ",\n\tEve E <eve@x.z>, f@g.h\n"),
     SPAN_INIT("From: \"" OWN " via example.com\" <" OWN ">\n"
               "X-Original-From: " OWN ",\n\tEve E <eve@x.z>, f@g.h\n"),
     SPAN_INIT("From: " OWN "\n")},
    {"Sender goes with them", ALWAYS,
     SPAN_INIT("Sender: e@f\nFrom: A <a@x.z>, b@x.z\nSender: g\nTo: h\n"),
     SPAN_INIT("From: A <" OWN ">\nReply-To: A <a@x.z>, b@x.z\nTo: h\n"),
     SPAN_INIT("From: \"A (a@x.z) via example.com\" <" OWN ">\n"
               "X-Original-From: A <a@x.z>, b@x.z\nTo: h\n"),
     SPAN_INIT("From: A <" OWN ">\nTo: h\n")},
    {"several fields are one", ALWAYS,
     SPAN_INIT("From: " OWN "\nFrom: \n \nA: b\nFROM: E <e@x.z>\nFrom: ;\n"),
     SPAN_INIT("From: " OWN "\nReply-To: " OWN ", E <e@x.z>\n"
               "X-Original-From: ;\nA: b\n"),
     SPAN_INIT("From: \"" OWN " via example.com\" <" OWN ">\n"
               "X-Original-From: " OWN ", E <e@x.z>\n"
               "X-Original-From: ;\nA: b\n"),
     SPAN_INIT("From: " OWN "\nA: b\n")},
    {"a group", ALWAYS, SPAN_INIT("From: Us: A <a@x.z>, b@x.z;\n"),
     SPAN_INIT("From: A <" OWN ">\nReply-To: Us: A <a@x.z>, b@x.z;\n"),
     SPAN_INIT("From: \"A (a@x.z) via example.com\" <" OWN ">\n"
               "X-Original-From: Us: A <a@x.z>, b@x.z;\n"),
     SPAN_INIT("From: A <" OWN ">\n")},
    {"an empty one", ALWAYS, SPAN_INIT("From: nobody:;\n"),
     SPAN_INIT("From: " OWN "\nX-Original-From: nobody:;\n"),
     SPAN_INIT("From: " OWN "\nX-Original-From: nobody:;\n"),
     SPAN_INIT("From: " OWN "\n")},
    {"no list of addresses", ALWAYS,
     SPAN_INIT("From: Bob Smith\nReply-To: r\n"),
     SPAN_INIT("From: " OWN "\nX-Original-From: Bob Smith\nReply-To: r\n"),
     SPAN_INIT("From: " OWN "\nX-Original-From: Bob Smith\nReply-To: r\n"),
     SPAN_INIT("From: " OWN "\nReply-To: r\n")},
    {"quotes that do not close", ALWAYS, SPAN_INIT("From: \"a@, <b>\n c\n"),
     SPAN_INIT("From: " OWN "\nX-Original-From: \"a@, <b>\n c\n"),
     SPAN_INIT("From: " OWN "\nX-Original-From: \"a@, <b>\n c\n"),
     SPAN_INIT("From: " OWN "\n")},
    {"a CR, which no header has", ALWAYS, SPAN_INIT("From: a@x.z\rTo: b\n"),
     SPAN_INIT("From: " OWN "\nX-Original-From: a@x.z\rTo: b\n"),
     SPAN_INIT("From: " OWN "\nX-Original-From: a@x.z\rTo: b\n"),
     SPAN_INIT("From: " OWN "\n")},
    {"a Reply-To that is there", UNQUALIFIED,
     SPAN_INIT("From: A <root>\nX: y\nreply-to: b@x.z\n"),
     SPAN_INIT("From: A <" OWN ">\nX-Original-From: A <root>\nX: y\n"
               "reply-to: b@x.z\n"),
     SPAN_INIT("From: \"A (root@" HOME ") via example.com\" <" OWN ">\n"
               "X: y\nreply-to: b@x.z\n"),
     SPAN_INIT("From: A <" OWN ">\nX: y\nreply-to: b@x.z\n")},
    {"one that is empty", UNQUALIFIED,
     SPAN_INIT("Reply-To: \n \nFrom: root\n"),
     SPAN_INIT("From: " OWN "\nReply-To: root\n"),
     SPAN_INIT("Reply-To: \n \nFrom: \"root@" HOME " via example.com\" <" OWN
               ">\n"),
     SPAN_INIT("Reply-To: \n \nFrom: " OWN "\n")},
    {"the last line lacks its end", UNQUALIFIED, SPAN_INIT("From: root"),
     SPAN_INIT("From: " OWN "\nReply-To: root\n"),
     SPAN_INIT("From: \"root@" HOME " via example.com\" <" OWN ">\n"),
     SPAN_INIT("From: " OWN "\n")},
    {"sent on", ALWAYS,
     SPAN_INIT("Resent-Sender: s\nResent-From: A <a@x.z>\nResent-To: c\n"
               "Resent-From: b@x.z\nResent-Sender: t\nFrom: " OWN "\n"),
     SPAN_INIT("Resent-From: A <" OWN ">\n"
               "X-Original-Resent-From: A <a@x.z>\nResent-To: c\n"
               "Resent-From: b@x.z\nResent-Sender: t\nFrom: " OWN "\n"),
     SPAN_INIT("Resent-From: \"A (a@x.z) via example.com\" <" OWN ">\n"
               "Resent-To: c\n"
               "Resent-From: b@x.z\nResent-Sender: t\nFrom: " OWN "\n"),
     SPAN_INIT("Resent-From: A <" OWN ">\nResent-To: c\n"
               "Resent-From: b@x.z\nResent-Sender: t\nFrom: " OWN "\n")},
    {"sent on from elsewhere", ALWAYS,
     SPAN_INIT("Resent-From: " OWN "\nSender: s\nFrom: b@x.z\n"
               "Resent-Sender: t\n"),
     SPAN_INIT("Resent-From: " OWN "\nFrom: " OWN "\nReply-To: b@x.z\n"
               "Resent-Sender: t\n"),
     SPAN_INIT("Resent-From: " OWN "\nFrom: \"b@x.z via example.com\" <" OWN
               ">\nResent-Sender: t\n"),
     SPAN_INIT("Resent-From: " OWN "\nFrom: " OWN "\nResent-Sender: t\n")},
};

static const enum sender_original originals[] = {REPLY_TO, NAME, NOWHERE};

START_TEST(rewrites)
{
    for (size_t i = 0; i < COUNT(originals); i++) {
        const struct span want[] = {cases[_i].reply_to, cases[_i].name,
                                    cases[_i].none};

        for (int r = NEVER; r <= ALWAYS; r++) {
            bool kept = r < (int)cases[_i].least;
            struct buf out = {0};

            rewrite((enum sender_rewriting)r, originals[i], S(OWN), S(""),
                    cases[_i].header, &out);
            ck_assert_msg(
                span_eq(buf_span(&out), kept ? cases[_i].header : want[i]),
                "%s (%d, %zu): got \"%s\"", cases[_i].rule, r, i,
                buf_cstring(&out));
            buf_free(&out);
        }
    }
}
END_TEST

/* What was rewritten says what we want, and stays when it comes again. */
START_TEST(twice_is_once)
{
    const struct span headers[] = {cases[_i].reply_to, cases[_i].name,
                                   cases[_i].none};

    for (size_t i = 0; i < COUNT(originals); i++) {
        struct buf out = {0};

        rewrite(ALWAYS, originals[i], S(OWN), S(""), headers[i], &out);
        ck_assert_span(buf_span(&out), headers[i]);
        buf_free(&out);
    }
}
END_TEST

/* What stays under the strictest setting, and so under the others. */
static const struct {
    const char *rule;
    struct span header;
} stays[] = {
    {"our address", SPAN_INIT("From: X <" OWN ">\nSender: a@x.z\n")},
    {"in another case", SPAN_INIT("From: X <Alerts@Example.COM>\n")},
    {"an allowed one", SPAN_INIT("From: git@x.y\n")},
    {"several of them", SPAN_INIT("From: git@X.y, a@lists.x,\n " OWN "\n")},
    {"the sender of the envelope", SPAN_INIT("From: Ann <ann@lists.x>\n")},
    {"none", SPAN_INIT("Sender: a@x.z\nTo: root\n")},
    {"an empty one", SPAN_INIT("From: \n \n")},
    {"other fields", SPAN_INIT("X-From: root\nReply-To:\nno colon\n: x\n")},
    {"older sendings", SPAN_INIT("Resent-From: git@x.y\nResent-From: a@x.z\n"
                                 "Resent-Sender: root\n")},
    {"nothing at all", SPAN_INIT("")},
};

START_TEST(some_stay)
{
    for (int r = NEVER; r <= ALWAYS; r++) {
        struct buf out = {0};

        rewrite((enum sender_rewriting)r, REPLY_TO, S(OWN), S("ann@lists.x"),
                stays[_i].header, &out);
        ck_assert_msg(span_eq(buf_span(&out), stays[_i].header), "%s: %s",
                      stays[_i].rule, buf_cstring(&out));
        buf_free(&out);
    }
}
END_TEST

static const struct {
    const char *rule;
    enum sender_rewriting rewriting;
    struct span from, given, header, want;
} others[] = {
    {"without a name ours is taken", ALWAYS, SPAN_INIT("Web 1 <" OWN ">"),
     SPAN_INIT(""), SPAN_INIT("From: root\n"),
     SPAN_INIT("From: Web 1 <" OWN ">\nReply-To: root\n")},
    {"in quotes where it needs them", ALWAYS,
     SPAN_INIT("\"Web, 1\" <" OWN ">"), SPAN_INIT(""),
     SPAN_INIT("From: \"\" <root>\n"),
     SPAN_INIT("From: \"Web, 1\" <" OWN ">\nReply-To: \"\" <root>\n")},
    {"with a name it is not", ALWAYS, SPAN_INIT("Web 1 <" OWN ">"),
     SPAN_INIT(""), SPAN_INIT("From: Cron <root>\n"),
     SPAN_INIT("From: Cron <" OWN ">\nReply-To: Cron <root>\n")},
    {"without one of ours the sender's", ALWAYS, SPAN_INIT(""),
     SPAN_INIT("eve@x.z"), SPAN_INIT("From: root\n"),
     SPAN_INIT("From: eve@x.z\nReply-To: root\n")},
    {"which stays", ALWAYS, SPAN_INIT(""), SPAN_INIT("eve@x.z"),
     SPAN_INIT("From: Eve <eve@x.z>\n"), SPAN_INIT("From: Eve <eve@x.z>\n")},
    {"of the null sender the login", ALWAYS, SPAN_INIT(""), SPAN_INIT("<>"),
     SPAN_INIT("From: mailer-daemon\n"),
     SPAN_INIT("From: joe@" HOME "\nReply-To: mailer-daemon\n")},
    {"and that is not rewritten", UNQUALIFIED, SPAN_INIT(""), SPAN_INIT(""),
     SPAN_INIT("From: joe (Joe)\n"), SPAN_INIT("From: joe (Joe)\n")},
    {"our address with our domain", UNQUALIFIED, SPAN_INIT("root"),
     SPAN_INIT(""), SPAN_INIT("From: root (Cron Daemon)\n"),
     SPAN_INIT("From: root (Cron Daemon)\n")},
    {"a sender is no reason without a domain", UNQUALIFIED, SPAN_INIT(OWN),
     SPAN_INIT("git@x.y"), SPAN_INIT("From: git\n"),
     SPAN_INIT("From: " OWN "\nReply-To: git\n")},
    {"U-labels are A-labels", ALWAYS, SPAN_INIT("a@xn--bcher-kva.example"),
     SPAN_INIT(""), SPAN_INIT("From: A@b" U "cher.example\n"),
     SPAN_INIT("From: A@b" U "cher.example\n")},
};

START_TEST(rewrites_otherwise)
{
    struct buf out = {0};

    rewrite(others[_i].rewriting, REPLY_TO, others[_i].from,
            others[_i].given, others[_i].header, &out);
    ck_assert_msg(span_eq(buf_span(&out), others[_i].want), "%s: got \"%s\"",
                  others[_i].rule, buf_cstring(&out));
    buf_free(&out);
}
END_TEST

enum { MANY = 10000 };

/* TEXT many times over, with something at both ends. */
static void many(struct span before, struct span text, struct span after,
                 struct buf *out)
{
    buf_clear(out);
    buf_add(out, before);
    for (int i = 0; i < MANY; i++)
        buf_add(out, text);
    buf_add(out, after);
}

static const struct {
    const char *rule;
    struct span before, text, after;
} long_ones[] = {
    {"mailboxes", SPAN_INIT("From: a@x.z"), SPAN_INIT(",\n a <b@x.z>"),
     SPAN_INIT("\n")},
    {"allowed ones", SPAN_INIT("From: " OWN), SPAN_INIT(", b@lists.x"),
     SPAN_INIT(", c\n")},
    {"fields", SPAN_INIT(""), SPAN_INIT("From: a@x.z\n"), SPAN_INIT("")},
    {"comments", SPAN_INIT("From: a"), SPAN_INIT("(b)"), SPAN_INIT("\n")},
    {"comments in comments", SPAN_INIT("From: a"), SPAN_INIT("(b"),
     SPAN_INIT("\n")},
    {"brackets", SPAN_INIT("From: "), SPAN_INIT("<a@"), SPAN_INIT(">\n")},
    {"at signs with blanks", SPAN_INIT("From: "), SPAN_INIT("@         ,"),
     SPAN_INIT("x\n")},
    {"blanks", SPAN_INIT("From: a@"), SPAN_INIT("          "),
     SPAN_INIT(" ,b@\n")},
    {"quotes", SPAN_INIT("From: "), SPAN_INIT("\"\\\""), SPAN_INIT("\n")},
    {"encoded-words", SPAN_INIT("From: a ("), SPAN_INIT(WORD " "),
     SPAN_INIT(")\n")},
    {"halves of them", SPAN_INIT("From: a ("), SPAN_INIT("=?=?x?q"),
     SPAN_INIT(")\n")},
};

START_TEST(much_takes_no_longer)
{
    struct buf header = {0}, out = {0};

    many(long_ones[_i].before, long_ones[_i].text, long_ones[_i].after,
         &header);
    for (size_t i = 0; i < COUNT(originals); i++) {
        struct span rest;
        struct field f;

        buf_clear(&out);
        rewrite(ALWAYS, originals[i], S(OWN), S(""), buf_span(&header), &out);
        rest = buf_span(&out);
        ck_assert(header_find(rest, S("From"), &f));
        ck_assert(span_ends(f.whole, S(OWN "\n"))
                  || span_ends(f.whole, S("<" OWN ">\n")));
    }
    buf_free(&header);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("sender");

    tcase_add_loop_test(t, chooses, 0, COUNT(chosen));
    tcase_add_test(t, utf8_is_that_of_who_sends);
    tcase_add_loop_test(t, refuses, 0, COUNT(refused));
    tcase_add_loop_test(t, rewrites, 0, COUNT(cases));
    tcase_add_loop_test(t, twice_is_once, 0, COUNT(cases));
    tcase_add_loop_test(t, some_stay, 0, COUNT(stays));
    tcase_add_loop_test(t, rewrites_otherwise, 0, COUNT(others));
    tcase_add_loop_test(t, much_takes_no_longer, 0, COUNT(long_ones));
    return unit_run("sender", t);
}
