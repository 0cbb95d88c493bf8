/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/script.h"

#include "unit.h"

static void read_script(struct span text, struct script *script)
{
    struct err err = {0};

    *script = (struct script){0};
    ck_assert_msg(script_read(text, script, &err), "%s", err.text);
}

static const struct {
    struct span line;
    enum event event;
    uint64_t count;
    enum action action;
    struct span text;
    uint64_t number, more;
    const char *address; /* NULL: none */
} lines[] = {
    {SPAN_INIT("RCPT 2: 550 5.1.1 no"), ON_RCPT, 2, DO_REPLY,
     SPAN_INIT("550 5.1.1 no\r\n"), 0, 0, NULL},
    {SPAN_INIT("  starttls : 220 go\\r\\n250 more \n"), ON_STARTTLS, 0,
     DO_REPLY, SPAN_INIT("220 go\r\n250 more\r\n"), 0, 0, NULL},
    {SPAN_INIT("DOT: raw \"250 ok \""), ON_DOT, 0, DO_RAW,
     SPAN_INIT("250 ok "), 0, 0, NULL},
    {SPAN_INIT("TLS: raw \\x15\\x03\\0\\\\\\n\\t\\\""), ON_TLS, 0, DO_RAW,
     SPAN_INIT("\x15\x03\0\\\n\t\""), 0, 0, NULL},
    {SPAN_INIT("BODY 1000: close"), ON_BODY, 1000, DO_CLOSE, SPAN_INIT(""), 0,
     0, NULL},
    {SPAN_INIT("DATA: wait 500"), ON_DATA, 0, DO_WAIT, SPAN_INIT(""), 500, 0,
     NULL},
    {SPAN_INIT("DATA: pace 1 20"), ON_DATA, 0, DO_PACE, SPAN_INIT(""), 1, 20,
     NULL},
    {SPAN_INIT("EHLO: endless 250-x\\r\\n"), ON_EHLO, 0, DO_ENDLESS,
     SPAN_INIT("250-x\r\n"), 0, 0, NULL},
    {SPAN_INIT("# nothing\n\nQUIT: ignore"), ON_QUIT, 0, DO_NOTHING,
     SPAN_INIT(""), 0, 0, NULL},
    {SPAN_INIT("RCPT <nouser@*>: 550 no"), ON_RCPT, 0, DO_REPLY,
     SPAN_INIT("550 no\r\n"), 0, 0, "nouser@*"},
    {SPAN_INIT("MAIL 2+  <>: close"), ON_MAIL, 2, DO_CLOSE, SPAN_INIT(""), 0,
     0, ""},
    {SPAN_INIT("RCPT 3 <a@[IPv6:::1]> : raw <:>"), ON_RCPT, 3, DO_RAW,
     SPAN_INIT("<:>"), 0, 0, "a@[IPv6:::1]"},
    {SPAN_INIT("RCPT: 550 <a>: no"), ON_RCPT, 0, DO_REPLY,
     SPAN_INIT("550 <a>: no\r\n"), 0, 0, NULL},
};

START_TEST(reads)
{
    struct script script;

    read_script(lines[_i].line, &script);
    ck_assert_uint_eq(script.n, 1);
    ck_assert_int_eq(script.rules[0].event, lines[_i].event);
    ck_assert_uint_eq(script.rules[0].count, lines[_i].count);
    ck_assert_int_eq(script.rules[0].action, lines[_i].action);
    ck_assert_span(script.rules[0].text, lines[_i].text);
    ck_assert_uint_eq(script.rules[0].number, lines[_i].number);
    ck_assert_uint_eq(script.rules[0].more, lines[_i].more);
    ck_assert_int_eq(script.rules[0].addressed, lines[_i].address != NULL);
    if (lines[_i].address)
        ck_assert_span(script.rules[0].address, span_of(lines[_i].address));
    script_free(&script);
}
END_TEST

static const struct {
    struct span text;
    const char *error;
} wrong[] = {
    {SPAN_INIT("RCPT 550 no"), "line 1: no colon in 'RCPT 550 no'"},
    {SPAN_INIT("\n# x\nRCTP: ok"), "line 3: unknown event 'RCTP'"},
    {SPAN_INIT("RCPT x: ok"), "line 1: 'x' is no count"},
    {SPAN_INIT("RCPT 0: ok"), "line 1: '0' is no count"},
    {SPAN_INIT("RCPT 1 2: ok"), "line 1: '2' is no address"},
    {SPAN_INIT("RCPT 1 2>: ok"), "line 1: '2>' is no address"},
    {SPAN_INIT("RCPT <a> 1: ok"), "line 1: '<a> 1' is no address"},
    {SPAN_INIT("RCPT <a: ok"), "line 1: '<a' is no address"},
    {SPAN_INIT("DATA <a>: ok"), "line 1: only MAIL and RCPT have an address"},
    {SPAN_INIT("RCPT: fine"), "line 1: unknown action 'fine'"},
    {SPAN_INIT("RCPT: raw \\q"), "line 1: '\\q' is no escape"},
    {SPAN_INIT("RCPT: raw \\x1"), "line 1: '\\x' is no escape"},
    {SPAN_INIT("RCPT: wait"), "line 1: the numbers are not right"},
    {SPAN_INIT("RCPT: wait 1 2"), "line 1: the numbers are not right"},
    {SPAN_INIT("RCPT: pace 0 1"), "line 1: the numbers are not right"},
};

START_TEST(refuses)
{
    struct script script = {0};
    struct err err = {0};

    ck_assert(!script_read(wrong[_i].text, &script, &err));
    ck_assert_str_eq(err.text, wrong[_i].error);
    script_free(&script);
}
END_TEST

static const struct rule *found(const struct script *script, enum event event,
                                uint64_t count, const char *address)
{
    size_t n;

    return script_find(
        script, (struct occasion){event, count, span_of(address)}, &n);
}

START_TEST(finds_the_first_that_fits_and_what_belongs_to_it)
{
    struct script script;
    const struct rule *rule;
    uint64_t octets;
    size_t n = 0;

    read_script(S("RCPT 2: 550 a\nRCPT 2: close\nRCPT 4+: 452 b\n"
                  "RCPT: 250 c\nBODY 99: ok\n"),
                &script);
    rule = script_find(&script, (struct occasion){ON_RCPT, 2, {0}}, &n);
    ck_assert_ptr_eq(rule, &script.rules[0]);
    ck_assert_uint_eq(n, 2);
    rule = script_find(&script, (struct occasion){ON_RCPT, 3, {0}}, &n);
    ck_assert_ptr_eq(rule, &script.rules[3]);
    ck_assert_uint_eq(n, 1);
    ck_assert_ptr_eq(found(&script, ON_RCPT, 4, ""), &script.rules[2]);
    ck_assert_ptr_eq(found(&script, ON_RCPT, 9, "x"), &script.rules[2]);
    ck_assert_ptr_null(found(&script, ON_DATA, 1, ""));
    ck_assert(script_body(&script, &octets));
    ck_assert_uint_eq(octets, 99);
    script_free(&script);
}
END_TEST

START_TEST(finds_by_address)
{
    struct script script;
    const struct rule *rule;
    size_t n;

    read_script(S("RCPT <nouser@*>: 550 a\nRCPT <nouser@*>: close\n"
                  "RCPT 2 <a*b*@x>: 450 b\nRCPT <t*@*.example>: 250 c\n"
                  "MAIL <>: 550 d\nMAIL <x*>: ok\nMAIL <*>: ok\nMAIL: ok\n"),
                &script);
    rule = script_find(&script, (struct occasion){ON_RCPT, 1, S("NoUser@h")},
                       &n);
    ck_assert_ptr_eq(rule, &script.rules[0]);
    ck_assert_uint_eq(n, 2);
    ck_assert_ptr_null(found(&script, ON_RCPT, 1, "nouser"));
    ck_assert_ptr_null(found(&script, ON_RCPT, 1, "anouser@h"));
    ck_assert_ptr_null(found(&script, ON_RCPT, 1, ""));
    ck_assert_ptr_null(found(&script, ON_RCPT, 1, "aabb@x"));
    ck_assert_ptr_eq(found(&script, ON_RCPT, 2, "ab@x"), &script.rules[2]);
    ck_assert_ptr_eq(found(&script, ON_RCPT, 2, "axb@xb@x"),
                     &script.rules[2]);
    ck_assert_ptr_null(found(&script, ON_RCPT, 2, "ab@xx"));
    ck_assert_ptr_null(found(&script, ON_RCPT, 2, "a@x"));
    ck_assert_ptr_eq(found(&script, ON_RCPT, 5, "t@.example"),
                     &script.rules[3]);
    ck_assert_ptr_null(found(&script, ON_RCPT, 5, "t@example"));
    ck_assert_ptr_eq(found(&script, ON_MAIL, 1, ""), &script.rules[4]);
    for (size_t i = 0; i < 2; i++) {
        rule = script_find(&script,
                           (struct occasion){ON_MAIL, 1,
                                             span_of(i ? "y" : "x")},
                           &n);
        ck_assert_ptr_eq(rule, &script.rules[5 + i]);
        ck_assert_uint_eq(n, 1);
    }
    script_free(&script);
}
END_TEST

START_TEST(knows_the_events_of_verbs)
{
    ck_assert_int_eq(event_of(S("mail")), ON_MAIL);
    ck_assert_int_eq(event_of(S("XCLIENT")), ON_OTHER);
    ck_assert_int_eq(event_of(S("")), ON_OTHER);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("script");

    tcase_add_loop_test(t, reads, 0, COUNT(lines));
    tcase_add_loop_test(t, refuses, 0, COUNT(wrong));
    tcase_add_test(t, finds_the_first_that_fits_and_what_belongs_to_it);
    tcase_add_test(t, finds_by_address);
    tcase_add_test(t, knows_the_events_of_verbs);
    return unit_run("script", t);
}
