/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/token_reply.h"
#include "unit.h"

static const struct {
    struct span text, token;
    uint64_t seconds;
} cases[] = {
    {SPAN_INIT("ya29.token"), SPAN_INIT("ya29.token"), 0},
    {SPAN_INIT("ya29.token\n"), SPAN_INIT("ya29.token"), 0},
    {SPAN_INIT("ya29.token \r\n3599\r\n"), SPAN_INIT("ya29.token"), 3599},
    {SPAN_INIT("t\nexpires_in=3600"), SPAN_INIT("t"), 3600},
    {SPAN_INIT("t\n3600 seconds"), SPAN_INIT("t"), 0},
    {SPAN_INIT("t\n\n3600"), SPAN_INIT("t"), 0},
    {SPAN_INIT("t\n-1"), SPAN_INIT("t"), 0},
    {SPAN_INIT("t\n99999999999"), SPAN_INIT("t"), 0},
    {SPAN_INIT("{\"access_token\":\"a.b-c_d~+/=\",\"expires_in\":3599}"),
     SPAN_INIT("a.b-c_d~+/="), 3599},
    {SPAN_INIT(" {\n \"token_type\" : \"Bearer\" , \"expires_in\" : \"60\" ,\n"
               "  \"access_token\" : \"t\"\n}\n"), SPAN_INIT("t"), 60},
    {SPAN_INIT("{\"expires_in\":3599.5,\"access_token\":\"t\"}"),
     SPAN_INIT("t"), 3599},
    {SPAN_INIT("{\"x\":{\"access_token\":\"no\",\"}\":[{}]},"
               "\"y\":[\"access_token\",\"no\"],\"z\":null,\"w\":true,"
               "\"v\":\"\\\"access_token\\\":\",\"access_token\":\"yes\"}"),
     SPAN_INIT("yes"), 0},
    {SPAN_INIT("{\"access_token\":\"a\\/b\\\\c\\u003d\\u003D\"}"),
     SPAN_INIT("a/b\\c=="), 0},
    {SPAN_INIT("{\"access_token\":\"t\",\"expires_in\":null}"),
     SPAN_INIT("t"), 0},
};

START_TEST(reads)
{
    struct buf token = {0};
    struct err err = {0};
    uint64_t seconds = 1;

    ck_assert_msg(token_reply_read(cases[_i].text, &token, &seconds, &err),
                  "%s", err.text);
    ck_assert_span(buf_span(&token), cases[_i].token);
    ck_assert_uint_eq(seconds, cases[_i].seconds);
    buf_wipe(&token);
    /* Whatever it is cut to, it is read or refused, and no more. */
    for (size_t n = 0; n < cases[_i].text.n; n++) {
        if (token_reply_read(span_upto(cases[_i].text, n), &token, &seconds,
                             &err))
            ck_assert_uint_gt(token.len, 0);
        buf_wipe(&token);
    }
}
END_TEST

#define NONE "there is no token in what it printed"
#define WRONG "what it printed is no token, which holds neither blanks nor " \
    "controls"
#define BROKEN "what it printed is not whole as JSON"

static const struct {
    struct span text;
    const char *error;
} failures[] = {
    {SPAN_INIT(""), NONE},
    {SPAN_INIT("\n3600"), NONE},
    {SPAN_INIT("please log in"), WRONG},
    {SPAN_INIT("tok\x01" "en"), WRONG},
    {SPAN_INIT("tok\xC3\xA9n"), WRONG},
    {SPAN_INIT("tok\0en"), WRONG},
    {SPAN_INIT("{\"error\":\"invalid_grant\"}"), NONE},
    {SPAN_INIT("{\"access_token\":\"\"}"), NONE},
    {SPAN_INIT("{\"access_token\":{\"x\":\"y\"}}"), NONE},
    {SPAN_INIT("{\"access_token\":\"a\\nb\"}"), WRONG},
    {SPAN_INIT("{\"access_token\":\"a\\u00e9\"}"), WRONG},
    {SPAN_INIT("{\"access_token\":\"a\\u0g00\"}"), WRONG},
    {SPAN_INIT("{\"access_token\":\"a\\u00"), BROKEN},
    {SPAN_INIT("{\"access_token\":\"a\""), BROKEN},
    {SPAN_INIT("{\"access_token\" \"a\"}"), BROKEN},
    {SPAN_INIT("{access_token:\"a\"}"), BROKEN},
    {SPAN_INIT("{\"access_token\":\"a\" \"b\":1}"), BROKEN},
    {SPAN_INIT("{\"access_token\":}"), BROKEN},
    {SPAN_INIT("{\"x\":[[[[[[[[[["), BROKEN},
    {SPAN_INIT("{\"x\":[\"]}"), BROKEN},
};

START_TEST(refuses)
{
    struct buf token = {0};
    struct err err = {0};
    uint64_t seconds;

    ck_assert(!token_reply_read(failures[_i].text, &token, &seconds, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_str_eq(err.text, failures[_i].error);
    ck_assert_uint_eq(token.cap, 0);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("token_reply");

    tcase_add_loop_test(t, reads, 0, COUNT(cases));
    tcase_add_loop_test(t, refuses, 0, COUNT(failures));
    return unit_run("token_reply", t);
}
