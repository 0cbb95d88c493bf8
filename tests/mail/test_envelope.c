/* SPDX-License-Identifier: GPL-3.0-or-later */
/* envelope - senders and recipients, from arguments and from a header */
#include "mail/envelope.h"

#include "base/utf8.h"
#include "unit.h"

#define HOME S("home.example")

static const struct {
    struct span text, sender;
    bool utf8;
} senders[] = {
    {SPAN_INIT(""), SPAN_INIT(""), false},
    {SPAN_INIT("  "), SPAN_INIT(""), false},
    {SPAN_INIT("<>"), SPAN_INIT(""), false},
    {SPAN_INIT(" <> "), SPAN_INIT(""), false},
    {SPAN_INIT("a@b"), SPAN_INIT("a@b"), false},
    {SPAN_INIT("<a@b>"), SPAN_INIT("a@b"), false},
    {SPAN_INIT("Al Ice <a@b>"), SPAN_INIT("a@b"), false},
    {SPAN_INIT("a@b (Al Ice)"), SPAN_INIT("a@b"), false},
    {SPAN_INIT("alice"), SPAN_INIT("alice@home.example"), false},
    {SPAN_INIT("<alice>"), SPAN_INIT("alice@home.example"), false},
    {SPAN_INIT("bounce+bob=x.org@B.Org"), SPAN_INIT("bounce+bob=x.org@B.Org"),
     false},
    {SPAN_INIT("<@hop:a@b>"), SPAN_INIT("a@b"), false},
    {SPAN_INIT("\"a b\"@[192.0.2.1]"), SPAN_INIT("\"a b\"@[192.0.2.1]"),
     false},
    {SPAN_INIT("a@b\xC3\xBC" "cher.example"),
     SPAN_INIT("a@xn--bcher-kva.example"), false},
    {SPAN_INIT("j\xC3\xB6@b"), SPAN_INIT("j\xC3\xB6@b"), true},
};

START_TEST(takes_a_sender)
{
    struct envelope env = {0};
    struct err err = {0};
    bool good = envelope_sender(&env, senders[_i].text, HOME, &err);

    ck_assert_msg(good, "%s", err.text);
    ck_assert_span(env.sender, senders[_i].sender);
    ck_assert(env.sender_utf8 == senders[_i].utf8);
    ck_assert(env.utf8 == senders[_i].utf8);
    ck_assert_uint_eq(env.nrcpts, 0);
    envelope_free(&env);
}
END_TEST

static const struct {
    struct span text;
    const char *error;
} wrong_senders[] = {
    {SPAN_INIT("a@b, c@d"), "sender 'a@b, c@d': this is not one address"},
    {SPAN_INIT(","), "sender ',': this is not one address"},
    {SPAN_INIT("g:;"), "sender 'g:;': this is not one address"},
    {SPAN_INIT("a@"), "sender 'a@': there is no domain behind '@'"},
    {SPAN_INIT("a@b..c"), "sender 'a@b..c': the domain 'b..c' has an empty "
                          "label"},
    {SPAN_INIT("a@b\nRCPT TO:<c@d>"),
     "sender 'a@b\nRCPT TO:<c@d>': there is a control character"},
    {SPAN_INIT("a@b\n c"), "sender 'a@b\n c': there is a control character"},
    {SPAN_INIT("a@b\r"), "sender 'a@b\r': there is a control character"},
    {SPAN_INIT("a\x7F@b"), "sender 'a\x7F@b': there is a control character"},
};

START_TEST(refuses_a_sender)
{
    struct envelope env = {0};
    struct err err = {0};

    ck_assert(!envelope_sender(&env, wrong_senders[_i].text, HOME, &err));
    ck_assert_str_eq(err.text, wrong_senders[_i].error);
    ck_assert_int_eq(err.kind, ERR_USAGE);
    envelope_free(&env);
}
END_TEST

START_TEST(the_last_sender_stays)
{
    struct envelope env = {0};
    struct err err = {0};

    ck_assert(envelope_sender(&env, S("j\xC3\xB6@b"), HOME, &err));
    ck_assert(env.utf8);
    ck_assert(envelope_sender(&env, S("a@b"), HOME, &err));
    ck_assert(!env.utf8 && !env.sender_utf8);
    ck_assert(envelope_operand(&env, S("c@b, \xC3\xB6@b"), HOME, &err));
    ck_assert(envelope_sender(&env, S(""), HOME, &err));
    ck_assert(env.utf8 && !env.sender_utf8 && span_empty(env.sender));
    envelope_free(&env);
    ck_assert(env.nrcpts == 0 && !env.rcpts && !env.known.root);
}
END_TEST

static void check_rcpts(const struct envelope *env, const char *rule,
                        struct span want)
{
    struct buf got = {0};

    for (size_t i = 0; i < env->nrcpts; i++)
        buf_printf(&got, "%s%.*s%s", i ? " " : "",
                   SPAN_ARG(env->rcpts[i].address),
                   env->rcpts[i].utf8 ? "(utf8)" : "");
    ck_assert_msg(span_eq(buf_span(&got), want), "%s: got \"%.*s\"", rule,
                  SPAN_ARG(buf_span(&got)));
    buf_free(&got);
}

static const struct {
    const char *rule;
    struct span operands[3], rcpts;
} operands[] = {
    {"one", {SPAN_INIT("a@b")}, SPAN_INIT("a@b")},
    {"two", {SPAN_INIT("a@b"), SPAN_INIT("c")},
     SPAN_INIT("a@b c@home.example")},
    {"a list in one", {SPAN_INIT("\"B, J\" <a@b>,\tc@d,"), SPAN_INIT("e@f")},
     SPAN_INIT("a@b c@d e@f")},
    {"empty ones", {SPAN_INIT(""), SPAN_INIT(" , "), SPAN_INIT("g:;")},
     SPAN_INIT("")},
    {"a group", {SPAN_INIT("g: a, b@c;")}, SPAN_INIT("a@home.example b@c")},
    {"once only", {SPAN_INIT("a@b,c@d"), SPAN_INIT("<a@b>"), SPAN_INIT("c@d")},
     SPAN_INIT("a@b c@d")},
    {"the domain has no case", {SPAN_INIT("a@Ex.Org"), SPAN_INIT("a@eX.oRG")},
     SPAN_INIT("a@Ex.Org")},
    {"the local part has", {SPAN_INIT("a@b"), SPAN_INIT("A@b")},
     SPAN_INIT("a@b A@b")},
    {"also in quotes", {SPAN_INIT("\"x@Y\"@b"), SPAN_INIT("\"x@y\"@B")},
     SPAN_INIT("\"x@Y\"@b \"x@y\"@B")},
    {"the wire's form counts", {SPAN_INIT("\"a\"@b"), SPAN_INIT("a (x)@ B")},
     SPAN_INIT("a@b")},
    {"our domain counts", {SPAN_INIT("a"), SPAN_INIT("a@HOME.example")},
     SPAN_INIT("a@home.example")},
    {"both forms of a domain", {SPAN_INIT("a@b\xC3\xBC" "cher.example"),
     SPAN_INIT("a@XN--bcher-KVA.example")},
     SPAN_INIT("a@xn--bcher-kva.example")},
    {"one begins like another", {SPAN_INIT("a@b.cd"), SPAN_INIT("a@b.c"),
     SPAN_INIT("a@b.c")}, SPAN_INIT("a@b.cd a@b.c")},
    {"UTF-8 is marked", {SPAN_INIT("a@b"), SPAN_INIT("\xC3\xB6@b")},
     SPAN_INIT("a@b \xC3\xB6@b(utf8)")},
    {"no command", {SPAN_INIT("|cat"), SPAN_INIT("-rf@b")},
     SPAN_INIT("|cat@home.example -rf@b")},
};

START_TEST(adds_operands)
{
    struct envelope env = {0};
    struct err err = {0};

    for (size_t i = 0; i < COUNT(operands[_i].operands); i++)
        ck_assert_msg(envelope_operand(&env, operands[_i].operands[i], HOME,
                                       &err),
                      "%s: %s", operands[_i].rule, err.text);
    check_rcpts(&env, operands[_i].rule, operands[_i].rcpts);
    ck_assert(env.utf8 == (span_find(operands[_i].rcpts, '(')
                           < operands[_i].rcpts.n));
    envelope_free(&env);
}
END_TEST

#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define LONG FIFTY FIFTY FIFTY FIFTY

static const struct {
    struct span text, domain;
    const char *error;
} wrong_operands[] = {
    {SPAN_INIT("a@b;c@d"), SPAN_INIT("x"),
     "recipient 'a@b;c@d': ';' ends no group, at ';c@d'"},
    {SPAN_INIT("a@b\nc@d"), SPAN_INIT("x"),
     "recipient 'a@b\nc@d': there is a control character"},
    {SPAN_INIT("a\x1B[m@b"), SPAN_INIT("x"),
     "recipient 'a\x1B[m@b': there is a control character"},
    {SPAN_INIT("a@b_/"), SPAN_INIT("x"),
     "recipient 'a@b_/': the domain 'b_/' has a character that no domain has"},
    {SPAN_INIT("bob"), SPAN_INIT(""),
     "recipient 'bob': the address 'bob' has no domain"},
    {SPAN_INIT("bob"), SPAN_INIT("b/c"),
     "recipient 'bob': the domain 'b/c' has a character that no domain has"},
    {SPAN_INIT(LONG LONG LONG LONG LONG "@b"), SPAN_INIT("x"),
     "recipient '" LONG "': the address '" LONG "...' is longer than 1000 "
     "octets"},
};

START_TEST(refuses_an_operand)
{
    struct envelope env = {0};
    struct err err = {0};

    ck_assert(!envelope_operand(&env, wrong_operands[_i].text,
                                wrong_operands[_i].domain, &err));
    ck_assert_str_eq(err.text, wrong_operands[_i].error);
    ck_assert_int_eq(err.kind, ERR_USAGE);
    envelope_free(&env);
}
END_TEST

START_TEST(takes_1000_octets)
{
    struct envelope env = {0};
    struct err err = {0};
    struct span address = S(LONG LONG LONG LONG LONG "@b");

    ck_assert(envelope_operand(&env, span_from(address, 2), HOME, &err));
    ck_assert_uint_eq(env.rcpts[0].address.n, 1000);
    ck_assert(!envelope_operand(&env, span_from(address, 1), HOME, &err));
    envelope_free(&env);
}
END_TEST

static const struct {
    const char *rule;
    struct span header, rcpts;
} headers[] = {
    {"all three, as often as they come",
     SPAN_INIT("From: x@y\nTo: a@b,\n\tc@d\nCC : e\nbcc:f@g\nTo: h@i\n"),
     SPAN_INIT("a@b c@d e@home.example f@g h@i")},
    {"no others", SPAN_INIT("Apparently-To: a@b\nSender: c@d\nReply-To: e@f\n"
                            "X-To: g@h\n"), SPAN_INIT("")},
    {"empty ones", SPAN_INIT("To: \nCc: undisclosed-recipients:;\nBcc: a@b\n"),
     SPAN_INIT("a@b")},
    {"sent on, to whom it is sent on",
     SPAN_INIT("Resent-To: a@b\nTo: c@d\nBcc: e@f\nresent-cc: g@h\n"
               "Resent-Bcc: i@j\nResent-To: k@l\n"),
     SPAN_INIT("a@b g@h i@j k@l")},
    {"a Resent-Bcc is enough", SPAN_INIT("To: c@d\nResent-Bcc: a@b\n"),
     SPAN_INIT("a@b")},
    {"a Resent-Cc is enough", SPAN_INIT("To: c@d\nResent-Cc: a@b\n"),
     SPAN_INIT("a@b")},
    {"a Resent-From is not", SPAN_INIT("To: c@d\nResent-From: a@b\n"
                                       "Resent-Date: x\n"), SPAN_INIT("c@d")},
    {"nothing", SPAN_INIT(""), SPAN_INIT("")},
};

START_TEST(adds_what_a_header_names)
{
    struct envelope env = {0};
    struct err err = {0};
    bool good = envelope_header(&env, headers[_i].header, HOME, &err);

    ck_assert_msg(good, "%s: %s", headers[_i].rule, err.text);
    check_rcpts(&env, headers[_i].rule, headers[_i].rcpts);
    envelope_free(&env);
}
END_TEST

static const struct {
    struct span header;
    const char *error;
} wrong_headers[] = {
    {SPAN_INIT("To: ok@a\ncc : bad@@b, ok@c\n"),
     "header field 'cc': a domain cannot go on, at '@b, ok@c'"},
    {SPAN_INIT("To: a@-b/\n"), "header field 'To': the domain '-b/' has a "
                               "character that no domain has"},
    {SPAN_INIT("To: a@b\x07\n"), "header field 'To': there is a control "
                                 "character, at '\x07'"},
    {SPAN_INIT("Bcc: a b\n"), "header field 'Bcc': there are words side by "
                              "side that make no address, at 'b'"},
};

START_TEST(refuses_a_header)
{
    struct envelope env = {0};
    struct err err = {0};

    ck_assert(!envelope_header(&env, wrong_headers[_i].header, HOME, &err));
    ck_assert_str_eq(err.text, wrong_headers[_i].error);
    ck_assert_int_eq(err.kind, ERR_DATA);
    envelope_free(&env);
}
END_TEST

START_TEST(operands_and_header_unite)
{
    struct envelope env = {0};
    struct err err = {0};

    ck_assert(envelope_operand(&env, S("z@b, a@b"), HOME, &err));
    ck_assert(envelope_header(&env, S("To: a@b, y@b\n"), HOME, &err));
    check_rcpts(&env, "union", S("z@b a@b y@b"));
    envelope_free(&env);
}
END_TEST

/* "a" is two, "n" nobody, "s" itself and another, "e" an error. */
static bool expand(void *self, const struct address *a, struct arena *arena,
                   struct expansion *x, struct err *err)
{
    static const struct {
        const char *local, *list;
    } rows[] = {
        {"a", "x@b, y"}, {"n", ""}, {"s", "s, z@b"},
        {"u", "\xC3\xB6@b"}, {"long", LONG LONG LONG LONG LONG "@b"},
    };
    unsigned *asked = self;
    struct address *first;

    ++*asked;
    if (span_eq(a->local, S("e")))
        return fail(err, ERR_CONFIG, "it fails");
    for (size_t i = 0; i < COUNT(rows) && span_empty(a->domain); i++)
        if (span_eq(a->local, span_of(rows[i].local))) {
            x->aliased = true;
            ck_assert(address_read(span_of(rows[i].list), arena, &first, err));
            x->first = first;
        }
    return true;
}

/* Shown as "address<original", the latter where there is one. */
static const struct {
    const char *rule;
    struct span text, rcpts;
    size_t dropped;
    unsigned asked;
} expansions[] = {
    {"no alias", SPAN_INIT("b@c, a@b"), SPAN_INIT("b@c a@b"), 0, 2},
    {"an alias", SPAN_INIT("a"),
     SPAN_INIT("x@b<a@home.example y@home.example<a@home.example"), 0, 1},
    {"asked for once", SPAN_INIT("a, <a>, A <a>"),
     SPAN_INIT("x@b<a@home.example y@home.example<a@home.example"), 0, 1},
    {"each recipient once", SPAN_INIT("x@B, a, y"),
     SPAN_INIT("x@B y@home.example<a@home.example"), 0, 3},
    {"nobody", SPAN_INIT("n"), SPAN_INIT(""), 1, 1},
    {"nobody and somebody", SPAN_INIT("n, b@c"), SPAN_INIT("b@c"), 1, 2},
    {"itself", SPAN_INIT("s"),
     SPAN_INIT("s@home.example z@b<s@home.example"), 0, 1},
    {"UTF-8", SPAN_INIT("u"), SPAN_INIT("\xC3\xB6@b<u@home.example"), 0, 1},
    {"the local part has case", SPAN_INIT("A, a"),
     SPAN_INIT("A@home.example x@b<a@home.example "
               "y@home.example<a@home.example"), 0, 2},
};

START_TEST(asks_who_an_address_stands_for)
{
    unsigned asked = 0;
    const struct expander expander = {expand, &asked};
    struct envelope env = {.expander = &expander};
    struct err err = {0};
    struct buf got = {0};

    ck_assert(envelope_sender(&env, S("a"), HOME, &err));
    ck_assert(envelope_operand(&env, expansions[_i].text, HOME, &err));
    for (size_t i = 0; i < env.nrcpts; i++)
        buf_printf(&got, "%s%.*s%s%.*s", i ? " " : "",
                   SPAN_ARG(env.rcpts[i].address),
                   env.rcpts[i].original.n ? "<" : "",
                   SPAN_ARG(env.rcpts[i].original));
    ck_assert_msg(span_eq(buf_span(&got), expansions[_i].rcpts),
                  "%s: got \"%.*s\"", expansions[_i].rule,
                  SPAN_ARG(buf_span(&got)));
    ck_assert_uint_eq(env.dropped, expansions[_i].dropped);
    ck_assert_uint_eq(asked, expansions[_i].asked);
    ck_assert_span(env.sender, S("a@home.example"));
    ck_assert(env.utf8 == !utf8_is_ascii(expansions[_i].rcpts));
    buf_free(&got);
    envelope_free(&env);
}
END_TEST

START_TEST(fails_with_the_expander)
{
    unsigned asked = 0;
    const struct expander expander = {expand, &asked};
    struct envelope env = {.expander = &expander};
    struct err err = {0};

    ck_assert(!envelope_operand(&env, S("b@c, e"), HOME, &err));
    ck_assert_str_eq(err.text, "recipient 'b@c, e': it fails");
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert(!envelope_header(&env, S("To: e\n"), HOME, &err));
    ck_assert_str_eq(err.text, "header field 'To': it fails");
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert(!envelope_operand(&env, S("long"), HOME, &err));
    ck_assert_int_eq(err.kind, ERR_USAGE);
    ck_assert(!envelope_operand(&env, S("a"), S(""), &err));
    ck_assert_str_eq(err.text, "recipient 'a': the address 'y' has no domain");
    envelope_free(&env);
}
END_TEST

/* What has no domain may stand for somebody who has one. */
START_TEST(needs_no_domain_for_an_alias)
{
    unsigned asked = 0;
    const struct expander expander = {expand, &asked};
    struct envelope env = {.expander = &expander};
    struct err err = {0};

    ck_assert(envelope_operand(&env, S("u"), S(""), &err));
    check_rcpts(&env, "no domain", S("\xC3\xB6@b(utf8)"));
    ck_assert(span_empty(env.rcpts[0].original));
    envelope_free(&env);
}
END_TEST

/* All recipients together. */
START_TEST(aliases_have_an_end)
{
    unsigned asked = 0;
    const struct expander expander = {expand, &asked};

    for (size_t over = 0; over < 2; over++) {
        struct envelope env = {.expander = &expander,
                               .expanded = ENVELOPE_EXPANDED - 2 + over};
        struct err err = {0};

        ck_assert(envelope_operand(&env, S("a"), HOME, &err) == !over);
        if (over)
            ck_assert_msg(span_ends(span_of(err.text),
                          S("the aliases of the recipients come to more than "
                            "500000 addresses")), "%s", err.text);
        envelope_free(&env);
    }
}
END_TEST

/*
 * Twice the same many, in an order that a list would take for ever to search;
 * they share a long beginning, so that each is deep in the tree.
 */
START_TEST(many_recipients)
{
    enum { MANY = 20000 };
    struct envelope env = {0};
    struct err err = {0};

    for (unsigned i = 0; i < 2 * MANY; i++) {
        struct buf address = {0};

        buf_printf(&address, "%s%05u@EXAMPLE.org", FIFTY, i * 7919u % MANY);
        ck_assert(envelope_operand(&env, buf_span(&address), HOME, &err));
        buf_free(&address);
    }
    ck_assert_uint_eq(env.nrcpts, MANY);
    ck_assert_span(env.rcpts[1].address, S(FIFTY "07919@EXAMPLE.org"));
    envelope_free(&env);
}
END_TEST

/* Each begins like the one before and goes on: the tree is a list then. */
START_TEST(the_deepest_tree)
{
    enum { MANY = 900 };
    char text[MANY + 2];
    struct envelope env = {0};
    struct err err = {0};

    memset(text, 'a', sizeof text);
    for (size_t turn = 0; turn < 2; turn++)
        for (size_t n = 1; n <= MANY; n++) {
            memcpy(text + n, "@b", 2);
            ck_assert(envelope_operand(&env, (struct span){text, n + 2}, HOME,
                                       &err));
            memset(text + n, 'a', 2);
        }
    ck_assert_uint_eq(env.nrcpts, MANY);
    envelope_free(&env);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("envelope");

    tcase_add_loop_test(t, takes_a_sender, 0, COUNT(senders));
    tcase_add_loop_test(t, refuses_a_sender, 0, COUNT(wrong_senders));
    tcase_add_test(t, the_last_sender_stays);
    tcase_add_loop_test(t, adds_operands, 0, COUNT(operands));
    tcase_add_loop_test(t, refuses_an_operand, 0, COUNT(wrong_operands));
    tcase_add_test(t, takes_1000_octets);
    tcase_add_loop_test(t, adds_what_a_header_names, 0, COUNT(headers));
    tcase_add_loop_test(t, refuses_a_header, 0, COUNT(wrong_headers));
    tcase_add_test(t, operands_and_header_unite);
    tcase_add_loop_test(t, asks_who_an_address_stands_for, 0,
                        COUNT(expansions));
    tcase_add_test(t, fails_with_the_expander);
    tcase_add_test(t, aliases_have_an_end);
    tcase_add_test(t, needs_no_domain_for_an_alias);
    tcase_add_test(t, many_recipients);
    tcase_add_test(t, the_deepest_tree);
    return unit_run("envelope", t);
}
