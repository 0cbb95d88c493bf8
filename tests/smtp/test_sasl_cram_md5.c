/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CRAM-MD5 - the example of RFC 2195, and keys and challenges of odd sizes */
#include "smtp/sasl.h"

#include "unit.h"

static const struct {
    const char *rule;
    struct span password, challenge;
    const char *response;
} cases[] = {
    {"RFC 2195, 2", SPAN_INIT("tanstaaftanstaaf"),
     SPAN_INIT("<1896.697170952@postoffice.reston.mci.net>"),
     "tim b913a602c7eda7a495b4e6e7334d3890"},
    {"nothing", SPAN_INIT(""), SPAN_INIT(""),
     "tim 74e6f7298a9c2d168935f58c001bad88"},
    /* RFC 2202, 2, the sixth: a key that is longer than a block */
    {"a long password",
     SPAN_INIT("\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
               "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
               "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
               "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
               "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
               "\xaa\xaa\xaa\xaa\xaa"),
     SPAN_INIT("Test Using Larger Than Block-Size Key - Hash Key First"),
     "tim 6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"},
};

START_TEST(response)
{
    struct credentials who = {.user = S("tim"), .mechanism = S("CRAM-MD5"),
                              .password = cases[_i].password};
    struct sasl_offer offer = {.names = S("CRAM-MD5"),
                               .mechanisms = sasl_bit(S("CRAM-MD5"))};
    struct err err = {0};
    struct buf out = {0};
    struct sasl sasl = {.credentials = &who, .offer = &offer,
                        .mechanism = sasl_choose(&offer, &who, &err)};

    ck_assert(sasl.mechanism && !sasl.mechanism->client_first);
    ck_assert(sasl_respond(&sasl, cases[_i].challenge, &out, &err));
    ck_assert_span(buf_span(&out), span_of(cases[_i].response));
    ck_assert(sasl.complete);
    ck_assert(!sasl_respond(&sasl, S("again"), &out, &err));
    ck_assert_str_eq(err.text, "the server went on asking after all that "
                               "CRAM-MD5 has was said");
    sasl_free(&sasl);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("sasl_cram_md5");

    tcase_add_loop_test(t, response, 0, COUNT(cases));
    return unit_run("sasl_cram_md5", t);
}
