/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/dry_run.h"

#include "app/letter.h"

#include <fcntl.h>

#define HEAD                                                                 \
    "Date: x\r\nFrom: a@x\r\nMessage-ID: <1@x>\r\nMIME-Version: 1.0\r\n"     \
    "Content-Type: text/plain; charset=utf-8\r\n"                            \
    "Content-Transfer-Encoding: "
#define SEVEN HEAD "quoted-printable\r\n\r\n.Gr=C3=BC=C3=9Fe\r\n"
#define EIGHT HEAD "8bit\r\n\r\n.Gr\xC3\xBC\xC3\x9F" "e\r\n"
#define RCPTS "C: RCPT TO:<b@x>\nC: RCPT TO:<c@x>\n"
#define CONVERTED                                                            \
    "* the message (text/plain): encoded as quoted-printable, for it has "     \
    "8-bit octets\n"

static const struct world world = {.host = SPAN_INIT("host.example")};

static const struct {
    unsigned assume;
    const char *out, *told;
} cases[] = {
    {0, SEVEN, "C: MAIL FROM:<a@x> SIZE=164\n" RCPTS CONVERTED},
    {CLI_ASSUME_7BIT, SEVEN, "C: MAIL FROM:<a@x> SIZE=164\n" RCPTS CONVERTED},
    {CLI_ASSUME_8BITMIME, EIGHT,
     "C: MAIL FROM:<a@x> SIZE=144 BODY=8BITMIME\n" RCPTS
     "* nothing was converted\n"},
    {CLI_ASSUME_SMTPUTF8, EIGHT,
     "C: MAIL FROM:<a@x> SIZE=144 BODY=8BITMIME\n" RCPTS
     "* nothing was converted\n"},
    {CLI_ASSUME_BINARYMIME, EIGHT,
     "C: MAIL FROM:<a@x> SIZE=144 BODY=8BITMIME\n" RCPTS
     "* nothing was converted\n"},
    {CLI_ASSUME_7BIT | CLI_ASSUME_8BITMIME, EIGHT,
     "C: MAIL FROM:<a@x> SIZE=144 BODY=8BITMIME\n" RCPTS
     "* nothing was converted\n"},
};

static void write_letter(struct message *m, struct span text, bool utf8)
{
    const struct span operands[] = {utf8 ? S("\xC3\xBC@x") : S("b@x"),
                                    S("c@x")};
    const struct message_wanted w = {
        .world = &world, .fixups = true, .from = S("a@x"), .domain = S("x"),
        .operands = operands, .noperands = COUNT(operands)};

    letter_write(m, text, &w);
}

static struct span letter(void)
{
    return S("Date: x\nFrom: a@x\nMessage-ID: <1@x>\nMIME-Version: 1.0\n"
             "Content-Type: text/plain; charset=utf-8\n"
             "Content-Transfer-Encoding: 8bit\n\n"
             ".Gr\xC3\xBC\xC3\x9F" "e\n");
}

/* A dry run, and what is written to descriptors 1 and 2 meanwhile. */
static bool captured(unsigned assume, struct message *m, struct buf *said,
                     struct err *err)
{
    struct cli cli = {.assume = assume};
    struct conf conf;
    int files[2], saved[2];
    bool ok;

    conf_init(&conf, S(""));
    for (int i = 0; i < 2; i++) {
        files[i] = letter_open(S(""));
        saved[i] = dup(i + 1);
        dup2(files[i], i + 1);
    }
    ok = dry_run(&cli, &conf, m, err);
    for (int i = 0; i < 2; i++) {
        dup2(saved[i], i + 1);
        lseek(files[i], 0, SEEK_SET);
        buf_filled(&said[i], (size_t)read(files[i], buf_room(&said[i], 4096),
                                          4096));
        close(files[i]);
        close(saved[i]);
    }
    conf_free(&conf);
    return ok;
}

START_TEST(octets_and_what_is_told)
{
    struct message m = {0};
    struct buf said[2] = {0};
    struct err err = {0};

    write_letter(&m, letter(), false);
    ck_assert_msg(captured(cases[_i].assume, &m, said, &err), "%s", err.text);
    ck_assert_span(buf_span(&said[0]), span_of(cases[_i].out));
    ck_assert_span(buf_span(&said[1]), span_of(cases[_i].told));
    message_free(&m);
    buf_free(&said[0]);
    buf_free(&said[1]);
}
END_TEST

/* One that no such server takes does not hold up the other. */
START_TEST(utf8_recipient)
{
    static const struct {
        unsigned assume;
        const char *told;
    } rows[] = {
        {0, "* not to this recipient: 5.6.7 the local part of '\xC3\xBC@x' is "
            "not ASCII, and the server does not offer SMTPUTF8\n"
            "C: RCPT TO:<c@x>\n"},
        {CLI_ASSUME_SMTPUTF8,
         "C: RCPT TO:<\xC3\xBC@x>\nC: RCPT TO:<c@x>\n"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct message m = {0};
        struct buf said[2] = {0};
        struct err err = {0};
        struct span told;

        write_letter(&m, letter(), true);
        ck_assert_msg(captured(rows[i].assume, &m, said, &err), "%s",
                      err.text);
        told = span_from(buf_span(&said[1]),
                         span_find(buf_span(&said[1]), '\n') + 1);
        ck_assert_span(span_upto(told, strlen(rows[i].told)),
                       span_of(rows[i].told));
        message_free(&m);
        buf_free(&said[0]);
        buf_free(&said[1]);
    }
}
END_TEST

START_TEST(nobody_left)
{
    struct message m = {0};
    struct buf said[2] = {0};
    struct err err = {0};

    write_letter(&m, letter(), true);
    m.envelope.nrcpts = 1;
    ck_assert(!captured(0, &m, said, &err));
    ck_assert_int_eq(err.kind, ERR_UNAVAILABLE);
    ck_assert(!said[0].len && !said[1].len);
    message_free(&m);
    buf_free(&said[0]);
    buf_free(&said[1]);
}
END_TEST

/* Binary goes as it is only where that is assumed. */
START_TEST(binary_part)
{
    struct message m = {0};
    struct buf said[2] = {0};
    struct err err = {0};

    write_letter(&m, S("Date: x\nFrom: a@x\nMessage-ID: <1@x>\n"
                       "MIME-Version: 1.0\nContent-Type: a/b\n"
                       "Content-Transfer-Encoding: binary\n\n\0\n"), false);
    ck_assert(captured(CLI_ASSUME_BINARYMIME, &m, said, &err));
    ck_assert(span_ends(buf_span(&said[0]), S("binary\r\n\r\n\0\n")));
    ck_assert(span_starts(buf_span(&said[1]),
                          S("C: MAIL FROM:<a@x> SIZE=116 BODY=BINARYMIME\n")));
    message_free(&m);
    buf_free(&said[0]);
    buf_free(&said[1]);
}
END_TEST

START_TEST(nowhere_to_show_it)
{
    struct message m = {0};
    struct cli cli = {0};
    struct conf conf;
    struct err err = {0};
    int full = open("/dev/full", O_WRONLY), saved = dup(1), null, saved_2;
    bool ok;

    if (full < 0)
        return;
    null = open("/dev/null", O_WRONLY);
    saved_2 = dup(2);
    conf_init(&conf, S(""));
    write_letter(&m, letter(), false);
    dup2(full, 1);
    dup2(null, 2);
    ok = dry_run(&cli, &conf, &m, &err);
    dup2(saved, 1);
    dup2(saved_2, 2);
    ck_assert(!ok);
    ck_assert_int_eq(err.kind, ERR_IO);
    message_free(&m);
    conf_free(&conf);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("dry_run");

    tcase_add_loop_test(t, octets_and_what_is_told, 0, COUNT(cases));
    tcase_add_test(t, utf8_recipient);
    tcase_add_test(t, nobody_left);
    tcase_add_test(t, binary_part);
    tcase_add_test(t, nowhere_to_show_it);
    return unit_run("dry_run", t);
}
