/* SPDX-License-Identifier: GPL-3.0-or-later */
/* command - MAIL and RCPT, each parameter alone and all together */
#include "smtp/command.h"

#include "unit.h"

static const struct {
    const char *rule;
    struct span sender;
    struct mail_parameters parameters;
    struct span line;
} mails[] = {
    {"no blank behind the colon", SPAN_INIT("bob@example.org"), {0},
     SPAN_INIT("MAIL FROM:<bob@example.org>")},
    {"the null reverse-path", SPAN_INIT(""), {0}, SPAN_INIT("MAIL FROM:<>")},
    {"SIZE", SPAN_INIT("b@c"), {.state_size = true, .size = 1234},
     SPAN_INIT("MAIL FROM:<b@c> SIZE=1234")},
    {"a size of zero is stated", SPAN_INIT("b@c"), {.state_size = true},
     SPAN_INIT("MAIL FROM:<b@c> SIZE=0")},
    {"the largest size", SPAN_INIT("b@c"),
     {.state_size = true, .size = UINT64_MAX},
     SPAN_INIT("MAIL FROM:<b@c> SIZE=18446744073709551615")},
    {"a size that is not to be stated", SPAN_INIT("b@c"), {.size = 1234},
     SPAN_INIT("MAIL FROM:<b@c>")},
    {"8BITMIME", SPAN_INIT("b@c"), {.body = BODY_8BITMIME},
     SPAN_INIT("MAIL FROM:<b@c> BODY=8BITMIME")},
    {"BINARYMIME", SPAN_INIT("b@c"), {.body = BODY_BINARYMIME},
     SPAN_INIT("MAIL FROM:<b@c> BODY=BINARYMIME")},
    {"SMTPUTF8", SPAN_INIT("j\xC3\xBCrgen@c"), {.smtputf8 = true},
     SPAN_INIT("MAIL FROM:<j\xC3\xBCrgen@c> SMTPUTF8")},
    {"all of them", SPAN_INIT(""),
     {.state_size = true, .size = 1, .body = BODY_8BITMIME, .smtputf8 = true},
     SPAN_INIT("MAIL FROM:<> SIZE=1 BODY=8BITMIME SMTPUTF8")},
};

START_TEST(mail)
{
    struct buf out = {0};

    command_mail(mails[_i].sender, &mails[_i].parameters, &out);
    ck_assert_msg(span_eq(buf_span(&out), mails[_i].line), "%s: %.*s",
                  mails[_i].rule, SPAN_ARG(buf_span(&out)));
    buf_free(&out);
}
END_TEST

START_TEST(rcpt)
{
    struct buf out = {0};

    command_rcpt(S("\"a b\"@example.com"), &out);
    ck_assert_span(buf_span(&out), S("RCPT TO:<\"a b\"@example.com>"));
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("command");

    tcase_add_loop_test(t, mail, 0, COUNT(mails));
    tcase_add_test(t, rcpt);
    return unit_run("command", t);
}
