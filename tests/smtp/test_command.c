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
    {"RET=FULL", SPAN_INIT("b@c"), {.returned = DSN_RETURN_FULL},
     SPAN_INIT("MAIL FROM:<b@c> RET=FULL")},
    {"RET=HDRS", SPAN_INIT("b@c"), {.returned = DSN_RETURN_HDRS},
     SPAN_INIT("MAIL FROM:<b@c> RET=HDRS")},
    {"ENVID", SPAN_INIT("b@c"), {.envelope_id = SPAN_INIT("QQ314159")},
     SPAN_INIT("MAIL FROM:<b@c> ENVID=QQ314159")},
    {"ENVID is xtext", SPAN_INIT("b@c"),
     {.envelope_id = SPAN_INIT("a+b=c d\x7F\xC3\r")},
     SPAN_INIT("MAIL FROM:<b@c> ENVID=a+2Bb+3Dc+20d+7F+C3+0D")},
    {"the ends of what xtext has as it is", SPAN_INIT("b@c"),
     {.envelope_id = SPAN_INIT("!~")}, SPAN_INIT("MAIL FROM:<b@c> ENVID=!~")},
    {"all of them", SPAN_INIT(""),
     {.state_size = true, .size = 1, .body = BODY_8BITMIME, .smtputf8 = true,
      .returned = DSN_RETURN_HDRS, .envelope_id = SPAN_INIT("x")},
     SPAN_INIT("MAIL FROM:<> SIZE=1 BODY=8BITMIME SMTPUTF8 RET=HDRS "
               "ENVID=x")},
};

static const struct {
    const char *rule;
    struct span recipient;
    struct rcpt_parameters parameters;
    struct span line;
} rcpts[] = {
    {"quoted", SPAN_INIT("\"a b\"@example.com"), {0},
     SPAN_INIT("RCPT TO:<\"a b\"@example.com>")},
    {"never", SPAN_INIT("b@c"), {.notify = DSN_NOTIFY_NEVER},
     SPAN_INIT("RCPT TO:<b@c> NOTIFY=NEVER")},
    {"one", SPAN_INIT("b@c"), {.notify = DSN_NOTIFY_FAILURE},
     SPAN_INIT("RCPT TO:<b@c> NOTIFY=FAILURE")},
    {"all", SPAN_INIT("b@c"),
     {.notify = DSN_NOTIFY_SUCCESS | DSN_NOTIFY_FAILURE | DSN_NOTIFY_DELAY},
     SPAN_INIT("RCPT TO:<b@c> NOTIFY=SUCCESS,FAILURE,DELAY")},
    {"ORCPT as it came", SPAN_INIT("b@c"),
     {.original = SPAN_INIT("rfc822;a+2Bb@c")},
     SPAN_INIT("RCPT TO:<b@c> ORCPT=rfc822;a+2Bb@c")},
    {"both", SPAN_INIT("b@c"),
     {.notify = DSN_NOTIFY_DELAY, .original = SPAN_INIT("rfc822;b@c")},
     SPAN_INIT("RCPT TO:<b@c> NOTIFY=DELAY ORCPT=rfc822;b@c")},
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

    command_rcpt(rcpts[_i].recipient, &rcpts[_i].parameters, &out);
    ck_assert_msg(span_eq(buf_span(&out), rcpts[_i].line), "%s: %.*s",
                  rcpts[_i].rule, SPAN_ARG(buf_span(&out)));
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("command");

    tcase_add_loop_test(t, mail, 0, COUNT(mails));
    tcase_add_loop_test(t, rcpt, 0, COUNT(rcpts));
    return unit_run("command", t);
}
