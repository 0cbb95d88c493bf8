/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/suggest.h"
#include "unit.h"

static const char *const vocabulary[] = {"server", "user",    "tls-pin",
                                         "tls",    "timeout", "log"};

static const struct {
    const char *rule;
    struct span typed, meant;
} cases[] = {
    {"the word itself", SPAN_INIT("server"), SPAN_INIT("server")},
    {"a letter is missing", SPAN_INIT("sever"), SPAN_INIT("server")},
    {"a letter too many", SPAN_INIT("serverr"), SPAN_INIT("server")},
    {"two letters are missing", SPAN_INIT("tmout"), SPAN_INIT("timeout")},
    {"four letters forgive one", SPAN_INIT("losx"), SPAN_INIT("")},
    {"a letter is wrong", SPAN_INIT("timeoud"), SPAN_INIT("timeout")},
    {"two letters are swapped", SPAN_INIT("tiemout"), SPAN_INIT("timeout")},
    {"two swaps", SPAN_INIT("itmeotu"), SPAN_INIT("timeout")},
    {"a swap counts as one", SPAN_INIT("lgo"), SPAN_INIT("log")},
    {"case is nothing", SPAN_INIT("SERVER"), SPAN_INIT("server")},
    {"- and _ are the same", SPAN_INIT("tls_pin"), SPAN_INIT("tls-pin")},
    {"the nearest wins", SPAN_INIT("tlss"), SPAN_INIT("tls")},
    {"two letters are wrong", SPAN_INIT("silver"), SPAN_INIT("server")},
    {"three are too many", SPAN_INIT("silvar"), SPAN_INIT("")},
    {"too far to name", SPAN_INIT("colour"), SPAN_INIT("")},
    {"nothing typed", SPAN_INIT(""), SPAN_INIT("")},
    {"one letter means nothing", SPAN_INIT("x"), SPAN_INIT("")},
    {"too long to be meant",
     SPAN_INIT("serverserverserverserverserverserver"), SPAN_INIT("")},
};

START_TEST(names_what_was_meant)
{
    struct suggestion near = suggestion_for(cases[_i].typed);

    for (size_t i = 0; i < COUNT(vocabulary); i++)
        suggestion_offer(&near, span_of(vocabulary[i]));
    ck_assert_msg(span_eq(near.best, cases[_i].meant), "%s: got '%.*s'",
                  cases[_i].rule, SPAN_ARG(near.best));
}
END_TEST

START_TEST(a_candidate_that_is_too_long_is_passed_over)
{
    struct suggestion near = suggestion_for(S("abc"));

    suggestion_offer(&near, S("abcdefghijklmnopqrstuvwxyzabcdefghijklm"));
    ck_assert_span(near.best, S(""));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("suggest");

    tcase_add_loop_test(t, names_what_was_meant, 0, COUNT(cases));
    tcase_add_test(t, a_candidate_that_is_too_long_is_passed_over);
    return unit_run("suggest", t);
}
