/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/git_credential.h"
#include "unit.h"

START_TEST(asks_as_git_does)
{
    struct buf question = {0};

    git_credential_ask(S("mail.example.com"), 587, S("me@example.com"),
                       &question);
    ck_assert_span(buf_span(&question),
                   S("protocol=smtp\nhost=mail.example.com:587\n"
                     "username=me@example.com\n\n"));
    buf_free(&question);
}
END_TEST

static const struct {
    struct span answer, password;
} cases[] = {
    {SPAN_INIT("protocol=smtp\nhost=h:587\nusername=me\npassword=secret\n"),
     SPAN_INIT("secret")},
    {SPAN_INIT("password=a=b c\n"), SPAN_INIT("a=b c")},
    {SPAN_INIT("password=secret"), SPAN_INIT("secret")},
    {SPAN_INIT("password=secret\nusername=you\n"), {0}},
    {SPAN_INIT("username=me\n"), {0}},
    {SPAN_INIT("username=me\npassword=\n"), {0}},
    {SPAN_INIT("password\n"), {0}},
    {SPAN_INIT("passwords=x\nxpassword=x\n"), {0}},
    {SPAN_INIT(""), {0}},
};

START_TEST(reads_the_answer)
{
    struct span password;
    bool found = git_credential_answer(cases[_i].answer, S("me"), &password);

    ck_assert(found == (cases[_i].password.p != NULL));
    if (found)
        ck_assert_span(password, cases[_i].password);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("git_credential");

    tcase_add_test(t, asks_as_git_does);
    tcase_add_loop_test(t, reads_the_answer, 0, COUNT(cases));
    return unit_run("git_credential", t);
}
