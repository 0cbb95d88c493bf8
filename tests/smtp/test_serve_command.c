/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve_command - what stands behind MAIL, RCPT and BDAT */
#include "smtp/serve_command.h"

#include "unit.h"

static const struct {
    struct span argument, path;
} mail_paths[] = {
    {SPAN_INIT("FROM:<a@b.c>"), SPAN_INIT("a@b.c")},
    {SPAN_INIT("from:<a@b.c>"), SPAN_INIT("a@b.c")},
    {SPAN_INIT("FROM: <a@b.c>"), SPAN_INIT("a@b.c")},
    {SPAN_INIT("FROM :\t< a@b.c > "), SPAN_INIT("a@b.c")},
    {SPAN_INIT("FROM:a@b.c"), SPAN_INIT("a@b.c")},
    {SPAN_INIT("FROM: a@b.c  "), SPAN_INIT("a@b.c")},
    {SPAN_INIT("FROM:<>"), SPAN_INIT("")},
    {SPAN_INIT("FROM:< >"), SPAN_INIT("")},
    {SPAN_INIT("FROM:<a>"), SPAN_INIT("a")},
    {SPAN_INIT("FROM:a"), SPAN_INIT("a")},
    {SPAN_INIT("FROM:<@x,@y:a@b.c>"), SPAN_INIT("a@b.c")},
    {SPAN_INIT("FROM:<\"a b\"@c>"), SPAN_INIT("\"a b\"@c")},
    {SPAN_INIT("FROM:\"a b\"@c"), SPAN_INIT("\"a b\"@c")},
    {SPAN_INIT("FROM:<\"a>\\\"b\"@c>"), SPAN_INIT("\"a>\\\"b\"@c")},
    {SPAN_INIT("FROM:<\"ab\"@c>"), SPAN_INIT("ab@c")},
    {SPAN_INIT("FROM:<a@[127.0.0.1]>"), SPAN_INIT("a@[127.0.0.1]")},
    {SPAN_INIT("FROM:<a@[IPv6:::1]>"), SPAN_INIT("a@[IPv6:::1]")},
    {SPAN_INIT("FROM:<\xC3\xA4@\xC3\xB6.de>"),
     SPAN_INIT("\xC3\xA4@\xC3\xB6.de")},
    {SPAN_INIT("FROM:<a@b.c> SIZE=1"), SPAN_INIT("a@b.c")},
    {SPAN_INIT("FROM:<> SIZE=1"), SPAN_INIT("")},
    {SPAN_INIT("FROM:a@b.c SIZE=1"), SPAN_INIT("a@b.c")},
};

START_TEST(a_sender_is_read)
{
    struct arena arena = {0};
    struct serve_mail mail;
    struct serve_reply refusal;

    ck_assert_msg(serve_command_mail(mail_paths[_i].argument, &arena, &mail,
                                     &refusal),
                  "%.*s", SPAN_ARG(mail_paths[_i].argument));
    ck_assert_span(mail.sender, mail_paths[_i].path);
    arena_free(&arena);
}
END_TEST

static const struct {
    struct span parameters;
    struct mail_parameters want;
} mail_parameters[] = {
    {SPAN_INIT(""), {0}},
    {SPAN_INIT("SIZE=0"), {.state_size = true}},
    {SPAN_INIT("size=12345"), {.state_size = true, .size = 12345}},
    {SPAN_INIT("SIZE=18446744073709551615"),
     {.state_size = true, .size = UINT64_MAX}},
    {SPAN_INIT("BODY=8BITMIME"), {.body = BODY_8BITMIME}},
    {SPAN_INIT("Body=8bitmime"), {.body = BODY_8BITMIME}},
    {SPAN_INIT("BODY=7BIT"), {0}},
    {SPAN_INIT("SMTPUTF8"), {.smtputf8 = true}},
    {SPAN_INIT("RET=FULL"), {.returned = DSN_RETURN_FULL}},
    {SPAN_INIT("RET=hdrs"), {.returned = DSN_RETURN_HDRS}},
    {SPAN_INIT("ENVID=a+20b+2B+3d~!"), {.envelope_id = SPAN_INIT("a b+=~!")}},
    {SPAN_INIT("AUTH=<>"), {0}},
    {SPAN_INIT("AUTH=a+40b"), {0}},
    {SPAN_INIT("\tSMTPUTF8  BODY=8BITMIME\tSIZE=3 RET=FULL ENVID=x AUTH=<>"),
     {.smtputf8 = true, .body = BODY_8BITMIME, .state_size = true, .size = 3,
      .returned = DSN_RETURN_FULL, .envelope_id = SPAN_INIT("x")}},
};

START_TEST(mail_parameters_are_read)
{
    const struct mail_parameters *want = &mail_parameters[_i].want;
    struct arena arena = {0};
    struct buf argument = {0};
    struct serve_mail mail;
    struct serve_reply refusal;

    buf_printf(&argument, "FROM:<a> %.*s",
               SPAN_ARG(mail_parameters[_i].parameters));
    ck_assert_msg(serve_command_mail(buf_span(&argument), &arena, &mail,
                                     &refusal),
                  "%s", buf_cstring(&argument));
    ck_assert(mail.parameters.state_size == want->state_size);
    ck_assert(mail.parameters.size == want->size);
    ck_assert(mail.parameters.body == want->body);
    ck_assert(mail.parameters.smtputf8 == want->smtputf8);
    ck_assert(mail.parameters.returned == want->returned);
    ck_assert_span(mail.parameters.envelope_id, want->envelope_id);
    buf_free(&argument);
    arena_free(&arena);
}
END_TEST

static const struct {
    struct span argument, path;
    unsigned notify;
    struct span original;
} rcpts[] = {
    {SPAN_INIT("TO:<c@d>"), SPAN_INIT("c@d"), 0, SPAN_INIT("")},
    {SPAN_INIT("to: c@d"), SPAN_INIT("c@d"), 0, SPAN_INIT("")},
    {SPAN_INIT("TO:<postmaster>"), SPAN_INIT("postmaster"), 0, SPAN_INIT("")},
    {SPAN_INIT("TO:<@x:c@d>"), SPAN_INIT("c@d"), 0, SPAN_INIT("")},
    {SPAN_INIT("TO:<c@d> NOTIFY=NEVER"), SPAN_INIT("c@d"), DSN_NOTIFY_NEVER,
     SPAN_INIT("")},
    {SPAN_INIT("TO:<c@d> notify=success"), SPAN_INIT("c@d"),
     DSN_NOTIFY_SUCCESS, SPAN_INIT("")},
    {SPAN_INIT("TO:<c@d> NOTIFY=SUCCESS,FAILURE,DELAY"), SPAN_INIT("c@d"),
     DSN_NOTIFY_SUCCESS | DSN_NOTIFY_FAILURE | DSN_NOTIFY_DELAY,
     SPAN_INIT("")},
    {SPAN_INIT("TO:<c@d> ORCPT=rfc822;e+2Bf@g"), SPAN_INIT("c@d"), 0,
     SPAN_INIT("rfc822;e+2Bf@g")},
    {SPAN_INIT("TO:<c@d> ORCPT=utf-8;\\x{E4}@g NOTIFY=DELAY"),
     SPAN_INIT("c@d"), DSN_NOTIFY_DELAY, SPAN_INIT("utf-8;\\x{E4}@g")},
};

START_TEST(a_recipient_is_read)
{
    struct arena arena = {0};
    struct serve_rcpt rcpt;
    struct serve_reply refusal;

    ck_assert_msg(serve_command_rcpt(rcpts[_i].argument, &arena, &rcpt,
                                     &refusal),
                  "%.*s", SPAN_ARG(rcpts[_i].argument));
    ck_assert_span(rcpt.recipient, rcpts[_i].path);
    ck_assert_uint_eq(rcpt.parameters.notify, rcpts[_i].notify);
    ck_assert_span(rcpt.parameters.original, rcpts[_i].original);
    arena_free(&arena);
}
END_TEST

#define MAIL_SYNTAX "501 5.5.4 syntax: MAIL FROM:<address>"
#define RCPT_SYNTAX "501 5.5.4 syntax: RCPT TO:<address>"

static const struct {
    struct span argument;
    const char *want; /* the beginning of the reply */
} mail_refusals[] = {
    {SPAN_INIT(""), MAIL_SYNTAX},
    {SPAN_INIT("FROM"), MAIL_SYNTAX},
    {SPAN_INIT("FROM:"), MAIL_SYNTAX},
    {SPAN_INIT("FROM <a@b>"), MAIL_SYNTAX},
    {SPAN_INIT("FRM:<a@b>"), MAIL_SYNTAX},
    {SPAN_INIT("TO:<a@b>"), MAIL_SYNTAX},
    {SPAN_INIT("<a@b>"), MAIL_SYNTAX},
    {SPAN_INIT("FROM:<a@b"), MAIL_SYNTAX},
    {SPAN_INIT("FROM:<\"a@b>"), MAIL_SYNTAX},
    {SPAN_INIT("FROM:<\"a\\\"@b>"), MAIL_SYNTAX},
    {SPAN_INIT("FROM:<a@b>SIZE=1"), MAIL_SYNTAX},
    {SPAN_INIT("FROM:<a\\>"), "501 5.1.7 "},
    {SPAN_INIT("FROM:<a@b>,<c@d>"), MAIL_SYNTAX},
    {SPAN_INIT("FROM:<a@b,c@d>"), "501 5.1.7 "},
    {SPAN_INIT("FROM:a@b,c@d"), "501 5.1.7 "},
    {SPAN_INIT("FROM:g:a@b;"), "501 5.1.7 "},
    {SPAN_INIT("FROM:a@b>"), "501 5.1.7 "},
    {SPAN_INIT("FROM:<a b@c>"), "501 5.1.7 "},
    {SPAN_INIT("FROM:<a@>"), "501 5.1.7 "},
    {SPAN_INIT("FROM:<@b>"), "501 5.1.7 "},
    {SPAN_INIT("FROM:<@b:>"), "501 5.1.7 "},
    {SPAN_INIT("FROM:<a@b@c>"), "501 5.1.7 "},
    {SPAN_INIT("FROM:<<a@b>>"), MAIL_SYNTAX},
    {SPAN_INIT("FROM:<a\xE4@b>"), "501 5.1.7 "},
    {SPAN_INIT("FROM:<a\0b@c>"), "501 5.1.7 "},
    {SPAN_INIT("FROM:<a> FOO"), "555 5.5.4 unknown parameter"},
    {SPAN_INIT("FROM:<a> FOO=1"), "555 5.5.4 unknown parameter"},
    {SPAN_INIT("FROM:<a> =1"), "555 5.5.4 unknown parameter"},
    {SPAN_INIT("FROM:<a> NOTIFY=NEVER"), "555 5.5.4 unknown parameter"},
    {SPAN_INIT("FROM:<a> SIZE"), "501 5.5.4 syntax: SIZE=number"},
    {SPAN_INIT("FROM:<a> SIZE="), "501 5.5.4 syntax: SIZE=number"},
    {SPAN_INIT("FROM:<a> SIZE=-1"), "501 5.5.4 syntax: SIZE=number"},
    {SPAN_INIT("FROM:<a> SIZE=18446744073709551616"),
     "501 5.5.4 syntax: SIZE=number"},
    {SPAN_INIT("FROM:<a> SIZE=1 SIZE=1"), "501 5.5.4 syntax: SIZE=number"},
    {SPAN_INIT("FROM:<a> BODY=BINARYMIME"),
     "501 5.5.4 syntax: BODY=7BIT or 8BITMIME"},
    {SPAN_INIT("FROM:<a> SMTPUTF8="), "501 5.5.4 SMTPUTF8 has no value"},
    {SPAN_INIT("FROM:<a> RET=ALL"), "501 5.5.4 syntax: RET=FULL or HDRS"},
    {SPAN_INIT("FROM:<a> ENVID="), "501 5.5.4 syntax: ENVID=xtext"},
    {SPAN_INIT("FROM:<a> ENVID=a=b"), "501 5.5.4 syntax: ENVID=xtext"},
    {SPAN_INIT("FROM:<a> ENVID=a+2"), "501 5.5.4 syntax: ENVID=xtext"},
    {SPAN_INIT("FROM:<a> ENVID=a+2G"), "501 5.5.4 syntax: ENVID=xtext"},
    {SPAN_INIT("FROM:<a> ENVID=a+G2"), "501 5.5.4 syntax: ENVID=xtext"},
    {SPAN_INIT("FROM:<a> ENVID=a+0A"), "501 5.5.4 syntax: ENVID=xtext"},
    {SPAN_INIT("FROM:<a> ENVID=a+7F"), "501 5.5.4 syntax: ENVID=xtext"},
    {SPAN_INIT("FROM:<a> ENVID=a+C3"), "501 5.5.4 syntax: ENVID=xtext"},
    {SPAN_INIT("FROM:<a> ENVID=\xC3\xA4"), "501 5.5.4 syntax: ENVID=xtext"},
    {SPAN_INIT("FROM:<a> AUTH"), "501 5.5.4 syntax: AUTH=xtext"},
};

static const struct {
    struct span argument;
    const char *want;
} rcpt_refusals[] = {
    {SPAN_INIT("TO:"), RCPT_SYNTAX},
    {SPAN_INIT("FROM:<a@b>"), RCPT_SYNTAX},
    {SPAN_INIT("TO:<>"), "501 5.1.3 "},
    {SPAN_INIT("TO:<a b@c>"), "501 5.1.3 "},
    {SPAN_INIT("TO:<a> SIZE=1"), "555 5.5.4 unknown parameter"},
    {SPAN_INIT("TO:<a> SMTPUTF8"), "555 5.5.4 unknown parameter"},
    {SPAN_INIT("TO:<a> NOTIFY="), "501 5.5.4 syntax: NOTIFY="},
    {SPAN_INIT("TO:<a> NOTIFY=,"), "501 5.5.4 syntax: NOTIFY="},
    {SPAN_INIT("TO:<a> NOTIFY=ALWAYS"), "501 5.5.4 syntax: NOTIFY="},
    {SPAN_INIT("TO:<a> NOTIFY=NEVER,DELAY"), "501 5.5.4 syntax: NOTIFY="},
    {SPAN_INIT("TO:<a> ORCPT=a@b"), "501 5.5.4 syntax: ORCPT="},
    {SPAN_INIT("TO:<a> ORCPT=;a@b"), "501 5.5.4 syntax: ORCPT="},
    {SPAN_INIT("TO:<a> ORCPT=rfc822;"), "501 5.5.4 syntax: ORCPT="},
    {SPAN_INIT("TO:<a> ORCPT=rfc822;a+b"), "501 5.5.4 syntax: ORCPT="},
    {SPAN_INIT("TO:<a> ORCPT=rfc822;a=b"), "501 5.5.4 syntax: ORCPT="},
    {SPAN_INIT("TO:<a> ORCPT=r_;a@b"), "501 5.5.4 syntax: ORCPT="},
    {SPAN_INIT("TO:<a> ORCPT=utf-8;\xC3\xA4"), "501 5.5.4 syntax: ORCPT="},
};

static void expect_refusal(struct span argument,
                           const struct serve_reply *refusal, const char *want)
{
    struct buf got = {0};

    serve_reply_print(refusal, true, &got);
    ck_assert_msg(span_starts(buf_span(&got), span_of(want)),
                  "%.*s: got \"%s\", want \"%s\"", SPAN_ARG(argument),
                  buf_cstring(&got), want);
    buf_free(&got);
}

START_TEST(mail_is_refused)
{
    struct span argument = mail_refusals[_i].argument;
    struct arena arena = {0};
    struct serve_mail mail;
    struct serve_reply refusal;

    ck_assert_msg(!serve_command_mail(argument, &arena, &mail, &refusal),
                  "%.*s", SPAN_ARG(argument));
    expect_refusal(argument, &refusal, mail_refusals[_i].want);
    arena_free(&arena);
}
END_TEST

START_TEST(rcpt_is_refused)
{
    struct span argument = rcpt_refusals[_i].argument;
    struct arena arena = {0};
    struct serve_rcpt rcpt;
    struct serve_reply refusal;

    ck_assert_msg(!serve_command_rcpt(argument, &arena, &rcpt, &refusal),
                  "%.*s", SPAN_ARG(argument));
    expect_refusal(argument, &refusal, rcpt_refusals[_i].want);
    arena_free(&arena);
}
END_TEST

/* As long as RFC 3461, 4 lets them be, and no longer. */
START_TEST(lengths_of_parameters)
{
    static const struct {
        const char *before;
        size_t max;
    } rows[] = {{"FROM:<a> ENVID=", 100}, {"TO:<a> ORCPT=rfc822;", 500 - 7}};

    for (size_t i = 0; i < 2 * COUNT(rows); i++) {
        struct arena arena = {0};
        struct buf line = {0};
        struct serve_mail mail;
        struct serve_rcpt rcpt;
        struct serve_reply refusal;
        struct span argument;

        buf_add(&line, span_of(rows[i / 2].before));
        for (size_t n = rows[i / 2].max + i % 2; n > 0; n--)
            buf_addc(&line, 'x');
        argument = buf_span(&line);
        ck_assert((i < 2 ? serve_command_mail(argument, &arena, &mail,
                                              &refusal)
                         : serve_command_rcpt(argument, &arena, &rcpt,
                                              &refusal)) == (i % 2 == 0));
        buf_free(&line);
        arena_free(&arena);
    }
}
END_TEST

START_TEST(bdat_is_read)
{
    static const struct {
        struct span argument;
        bool good, last;
        uint64_t octets;
    } rows[] = {
        {SPAN_INIT("0"), true, false, 0},
        {SPAN_INIT("86"), true, false, 86},
        {SPAN_INIT("0 LAST"), true, true, 0},
        {SPAN_INIT("18446744073709551615 \t last"), true, true, UINT64_MAX},
        {SPAN_INIT(""), false, false, 0},
        {SPAN_INIT("LAST"), false, false, 0},
        {SPAN_INIT("-1"), false, false, 0},
        {SPAN_INIT("18446744073709551616"), false, false, 0},
        {SPAN_INIT("1 LATE"), false, false, 0},
        {SPAN_INIT("1 LAST 2"), false, false, 0},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t octets = 0;
        bool last = true;

        ck_assert_msg(serve_command_bdat(rows[i].argument, &octets, &last) ==
                          rows[i].good,
                      "%.*s", SPAN_ARG(rows[i].argument));
        if (rows[i].good)
            ck_assert(octets == rows[i].octets && last == rows[i].last);
    }
}
END_TEST

START_TEST(a_line_is_taken_apart)
{
    static const struct {
        struct span line, name, argument;
    } rows[] = {
        {SPAN_INIT(""), SPAN_INIT(""), SPAN_INIT("")},
        {SPAN_INIT("DATA"), SPAN_INIT("DATA"), SPAN_INIT("")},
        {SPAN_INIT(" data\t"), SPAN_INIT("data"), SPAN_INIT("")},
        {SPAN_INIT("MAIL \tFROM:<a> X "), SPAN_INIT("MAIL"),
         SPAN_INIT("FROM:<a> X")},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span argument;

        ck_assert_span(serve_command_name(rows[i].line, &argument),
                       rows[i].name);
        ck_assert_span(argument, rows[i].argument);
    }
}
END_TEST

START_TEST(controls_are_seen)
{
    for (int c = 0; c < 256; c++) {
        char line[3] = {'a', (char)c, 'b'};

        ck_assert(serve_command_is_clean((struct span){line, 3}) ==
                  (c == '\t' || (c >= ' ' && c != 127)));
    }
    ck_assert(serve_command_is_clean(S("")));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("serve_command");

    tcase_add_loop_test(t, a_sender_is_read, 0, COUNT(mail_paths));
    tcase_add_loop_test(t, mail_parameters_are_read, 0,
                        COUNT(mail_parameters));
    tcase_add_loop_test(t, a_recipient_is_read, 0, COUNT(rcpts));
    tcase_add_loop_test(t, mail_is_refused, 0, COUNT(mail_refusals));
    tcase_add_loop_test(t, rcpt_is_refused, 0, COUNT(rcpt_refusals));
    tcase_add_test(t, lengths_of_parameters);
    tcase_add_test(t, bdat_is_read);
    tcase_add_test(t, a_line_is_taken_apart);
    tcase_add_test(t, controls_are_seen);
    return unit_run("serve_command", t);
}
