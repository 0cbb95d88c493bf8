/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/plan.h"
#include "unit.h"

#include <stdlib.h>

/* What a plan says, in words. */
static void describe(const struct plan *plan, struct buf *out)
{
    static const char *const bodies[] = {
        [BODY_UNSTATED] = "",
        [BODY_8BITMIME] = " 8BITMIME",
        [BODY_BINARYMIME] = " BINARYMIME",
    };

    buf_add(out, plan->converts ? S("convert") : S("as is"));
    buf_add(out, span_of(bodies[plan->parameters.body]));
    buf_add(out, plan->parameters.smtputf8 ? S(" SMTPUTF8") : S(""));
    buf_add(out, plan->rules.takes_8bit ? S(" 8") : S(""));
    buf_add(out, plan->rules.takes_utf8 ? S(" u") : S(""));
    buf_add(out, plan->rules.takes_binary ? S(" b") : S(""));
    buf_add(out, plan->bdat ? S(" bdat") : S(""));
}

enum {
    SERVER_8 = EHLO_8BITMIME,
    SERVER_U = EHLO_8BITMIME | EHLO_SMTPUTF8,
    SERVER_B = EHLO_8BITMIME | EHLO_BINARYMIME | EHLO_CHUNKING,
};

static const struct {
    unsigned traits, offers;
    const char *plan; /* or the beginning of the error */
} cases[] = {
    {0, 0, "as is"},
    {0, SERVER_U, "as is 8"},
    {PLAN_ENVELOPE_UTF8, 0, "5.6.7 the message has an envelope address"},
    {PLAN_ENVELOPE_UTF8, SERVER_8, "5.6.7 the message has an envelope addr"},
    {PLAN_ENVELOPE_UTF8, SERVER_U, "as is SMTPUTF8 8 u"},
    {PLAN_ADDRESS_UTF8 | PLAN_HEADER_8BIT, 0, "convert"},
    {PLAN_ADDRESS_UTF8 | PLAN_HEADER_8BIT, SERVER_8, "convert 8"},
    {PLAN_ADDRESS_UTF8 | PLAN_HEADER_8BIT, SERVER_U,
     "as is 8BITMIME SMTPUTF8 8 u"},
    {PLAN_ADDRESS_UTF8, SERVER_U, "as is 8BITMIME SMTPUTF8 8 u"},
    {PLAN_ADDRESS_UTF8, EHLO_SMTPUTF8, "as is SMTPUTF8 u"},
    {PLAN_HEADER_8BIT, 0, "convert"},
    {PLAN_HEADER_8BIT, SERVER_U, "convert 8"},
    {PLAN_HEADER_8BIT | PLAN_ENVELOPE_UTF8, SERVER_U,
     "as is 8BITMIME SMTPUTF8 8 u"},
    {PLAN_HEADER_LINES, SERVER_B, "convert 8"},
    {PLAN_BODY_8BIT, 0, "convert"},
    {PLAN_BODY_8BIT, SERVER_8, "as is 8BITMIME 8"},
    {PLAN_BODY_8BIT, EHLO_BINARYMIME | EHLO_CHUNKING, "convert"},
    {PLAN_BODY_LINES, SERVER_8, "convert 8"},
    {PLAN_BODY_LINES, SERVER_B, "convert 8"},
    {PLAN_BODY_BINARY | PLAN_BODY_LINES | PLAN_BODY_8BIT, SERVER_8,
     "convert 8BITMIME 8"},
    {PLAN_BODY_BINARY | PLAN_BODY_8BIT, SERVER_B, "as is BINARYMIME 8 b bdat"},
    {PLAN_BODY_BINARY, EHLO_8BITMIME | EHLO_BINARYMIME, "convert 8"},
    {PLAN_BODY_8BIT | PLAN_ENVELOPE_UTF8, SERVER_U,
     "as is 8BITMIME SMTPUTF8 8 u"},
};

START_TEST(plan_for)
{
    struct plan plan;
    struct buf got = {0};
    struct err err = {0};

    if (plan_make(cases[_i].traits, cases[_i].offers, &plan, &err))
        describe(&plan, &got);
    else
        buf_add(&got, span_upto(span_of(err.text), strlen(cases[_i].plan)));
    ck_assert_span(buf_span(&got), span_of(cases[_i].plan));
    buf_free(&got);
}
END_TEST

/* Whatever is said to MAIL, the server has offered to hear. */
START_TEST(nothing_is_said_that_was_not_offered)
{
    for (unsigned traits = 0; traits < PLAN_BODY_LINES * 2; traits++) {
        struct plan plan;
        struct err err;

        if (!plan_make(traits, (unsigned)_i, &plan, &err))
            continue;
        ck_assert(!plan.parameters.smtputf8 || (_i & EHLO_SMTPUTF8));
        ck_assert(plan.parameters.body != BODY_8BITMIME ||
                  (_i & EHLO_8BITMIME));
        ck_assert(plan.parameters.body != BODY_BINARYMIME ||
                  ((_i & EHLO_BINARYMIME) && (_i & EHLO_CHUNKING)));
        ck_assert_int_eq(plan.bdat, plan.parameters.body == BODY_BINARYMIME);
        ck_assert_int_eq(plan.rules.takes_utf8, plan.parameters.smtputf8);
        ck_assert(traits || !plan.converts);
    }
}
END_TEST

static const struct {
    struct span raw;
    unsigned traits;
} messages[] = {
    {SPAN_INIT("A: b\n\nc\n"), 0},
    {SPAN_INIT("A: \377\n\nc\n"), PLAN_HEADER_8BIT},
    {SPAN_INIT("To: \303\274@b\n\nc\n"),
     PLAN_HEADER_8BIT | PLAN_ADDRESS_UTF8},
    {SPAN_INIT("A: b\rc\n\n\303\n"), PLAN_HEADER_LINES | PLAN_BODY_8BIT},
    {SPAN_INIT("A: b\n\nc\0\n"), PLAN_BODY_LINES},
    {SPAN_INIT("Content-Transfer-Encoding: binary\n\nc\0\n"),
     PLAN_BODY_BINARY},
    {SPAN_INIT("Content-Transfer-Encoding: binary\n\nc\n"), 0},
    {SPAN_INIT("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--b--"
               "\n\0\n"),
     PLAN_BODY_LINES},
};

START_TEST(traits_of)
{
    struct survey survey = {0};
    struct span raw = messages[_i].raw;

    survey_push(&survey, raw);
    survey_end(&survey);
    raw = span_upto(raw, survey.parts[0].body);
    ck_assert_uint_eq(plan_traits(&survey, raw, false), messages[_i].traits);
    ck_assert_uint_eq(plan_traits(&survey, raw, true),
                      messages[_i].traits | PLAN_ENVELOPE_UTF8);
    survey_free(&survey);
}
END_TEST

static const struct {
    unsigned has;
    uint64_t limit, size;
    bool fits, stated;
} sizes[] = {
    {0, 0, 5, true, false},
    {0, 4, 5, true, false},
    {EHLO_SIZE, 0, 5, true, true},
    {EHLO_SIZE, 5, 5, true, true},
    {EHLO_SIZE, 4, 5, false, true},
};

START_TEST(size)
{
    const struct ehlo ehlo = {.has = sizes[_i].has, .size = sizes[_i].limit};
    struct plan plan = {0};
    struct err err;

    ck_assert_int_eq(plan_size(&plan, sizes[_i].size, &ehlo, &err),
                     sizes[_i].fits);
    ck_assert_int_eq(plan.parameters.state_size, sizes[_i].stated);
    ck_assert_uint_eq(plan.parameters.size, sizes[_i].size);
    if (!sizes[_i].fits)
        ck_assert_str_eq(err.text, "5.3.4 the message has 5 octets, and the "
                                   "server takes 4 at most");
}
END_TEST

START_TEST(the_document_has_the_table)
{
    const char *srcdir = getenv("srcdir");
    struct buf path = {0}, document = {0}, table = {0};
    FILE *file;
    size_t n;

    buf_printf(&path, "%s/doc/sending.md", srcdir ? srcdir : ".");
    file = fopen(buf_cstring(&path), "r");
    ck_assert_msg(file != NULL, "no %s", buf_cstring(&path));
    do {
        n = fread(buf_room(&document, 4096), 1, 4096, file);
        buf_filled(&document, n);
    } while (n);
    fclose(file);
    plan_print(&table);
    ck_assert_msg(strstr(buf_cstring(&document), buf_cstring(&table)) != NULL,
                  "doc/sending.md must have this table:\n%s", table.data);
    buf_free(&path);
    buf_free(&document);
    buf_free(&table);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("plan");

    tcase_add_loop_test(t, plan_for, 0, COUNT(cases));
    tcase_add_loop_test(t, nothing_is_said_that_was_not_offered, 0, 1024);
    tcase_add_loop_test(t, traits_of, 0, COUNT(messages));
    tcase_add_loop_test(t, size, 0, COUNT(sizes));
    tcase_add_test(t, the_document_has_the_table);
    return unit_run("plan", t);
}
