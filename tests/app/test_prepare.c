/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/prepare.h"

#include "app/letter.h"

#define FIELDS "Date: x\nFrom: a@x\nMessage-ID: <1@x>\n"
#define FIELDS_SENT "Date: x\r\nFrom: a@x\r\nMessage-ID: <1@x>\r\n"
#define UMLAUT "\xC3\xA4"
#define TEXT_8BIT                                                            \
    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"           \
    "Content-Transfer-Encoding: 8bit\n"

static const struct world world = {.host = SPAN_INIT("host.example")};

/* TEXT, from a@x to RCPT. */
static void write_to(struct message *m, struct span text, struct span rcpt)
{
    const struct message_wanted w = {
        .world = &world, .fixups = true,
        .from = S("a@x"), .domain = S("x"), .operands = &rcpt, .noperands = 1};

    letter_write(m, text, &w);
}

/* All of it, in small pieces. */
static void read_content(struct prepared *p, struct buf *out)
{
    while (content_next(&p->content, 100, out))
        continue;
}

static const struct {
    const char *rule;
    struct span text;
    unsigned offers;
    bool chunking;
    enum conf_signed signed_parts;
    const char *parameters; /* of MAIL FROM:<> */
    const char *notes;      /* what they begin with; "": none */
    struct span content;
} cases[] = {
    {"what is clean is not touched", SPAN_INIT(FIELDS "\nhi\n.\n"), 0, false,
     CONF_SIGNED_REJECT, "", "", SPAN_INIT(FIELDS_SENT "\r\nhi\r\n.\r\n")},
    {"nor with all that there is",
     SPAN_INIT(FIELDS "\nhi\n"),
     EHLO_8BITMIME | EHLO_SMTPUTF8 | EHLO_BINARYMIME | EHLO_CHUNKING |
         EHLO_SIZE, true,
     CONF_SIGNED_REJECT, " SIZE=45", "",
     SPAN_INIT(FIELDS_SENT "\r\nhi\r\n")},
    {"8 bit is stated", SPAN_INIT(FIELDS TEXT_8BIT "\n" UMLAUT "\n"),
     EHLO_8BITMIME, false, CONF_SIGNED_REJECT, " BODY=8BITMIME", "",
     SPAN_INIT(FIELDS_SENT "MIME-Version: 1.0\r\n"
               "Content-Type: text/plain; charset=utf-8\r\n"
               "Content-Transfer-Encoding: 8bit\r\n\r\n" UMLAUT "\r\n")},
    {"7 bit converts, and is counted after that",
     SPAN_INIT(FIELDS TEXT_8BIT "\nabcdefgh" UMLAUT "\n"), EHLO_SIZE, false,
     CONF_SIGNED_REJECT, " SIZE=162", "the message (",
     SPAN_INIT(FIELDS_SENT "MIME-Version: 1.0\r\n"
               "Content-Type: text/plain; charset=utf-8\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
               "abcdefgh=C3=A4\r\n")},
    {"UTF-8 in a header address is stated",
     SPAN_INIT("Date: x\nFrom: " UMLAUT "@x\nMessage-ID: <1@x>\n\nhi\n"),
     EHLO_8BITMIME | EHLO_SMTPUTF8, false, CONF_SIGNED_REJECT,
     " BODY=8BITMIME SMTPUTF8",
     "",
     SPAN_INIT("Date: x\r\nFrom: " UMLAUT "@x\r\nMessage-ID: <1@x>\r\n\r\n"
               "hi\r\n")},
    {"binary needs BDAT", SPAN_INIT(FIELDS "MIME-Version: 1.0\n"
               "Content-Type: a/b\nContent-Transfer-Encoding: binary\n\n"
               "\0\n"),
     EHLO_8BITMIME | EHLO_BINARYMIME | EHLO_CHUNKING, true,
     CONF_SIGNED_REJECT, " BODY=BINARYMIME", "",
     SPAN_INIT(FIELDS_SENT "MIME-Version: 1.0\r\nContent-Type: a/b\r\n"
               "Content-Transfer-Encoding: binary\r\n\r\n\0\n")},
    {"and without it is converted", SPAN_INIT(FIELDS "MIME-Version: 1.0\n"
               "Content-Type: a/b\nContent-Transfer-Encoding: binary\n\n"
               "\0\n"),
     EHLO_8BITMIME | EHLO_BINARYMIME | EHLO_CHUNKING, false,
     CONF_SIGNED_REJECT, "", "the message (",
     SPAN_INIT(FIELDS_SENT "MIME-Version: 1.0\r\nContent-Type: a/b\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\nAAo=\r\n")},
    {"the header is what was composed", SPAN_INIT(FIELDS "Bcc: z\n\nhi\n"), 0,
     false, CONF_SIGNED_REJECT, "", "",
     SPAN_INIT(FIELDS_SENT "\r\nhi\r\n")},
};

START_TEST(content_and_parameters)
{
    struct ehlo ehlo = {.has = cases[_i].offers};
    struct message m = {0};
    struct prepared p = {0};
    struct buf content = {0}, mail = {0}, want = {0};
    struct err err = {0};

    write_to(&m, cases[_i].text, S("b@x"));
    ck_assert_msg(prepare(&p, &m, &ehlo, cases[_i].chunking,
                          cases[_i].signed_parts, &err), "%s: %s",
                  cases[_i].rule, err.text);
    read_content(&p, &content);
    ck_assert_span(buf_span(&content), cases[_i].content);
    ck_assert_uint_eq(p.size, content.len);
    command_mail(S(""), &p.parameters, &mail);
    buf_printf(&want, "MAIL FROM:<>%s", cases[_i].parameters);
    ck_assert_span(buf_span(&mail), buf_span(&want));
    ck_assert_msg(span_starts(buf_span(&p.recoding.notes),
                              span_of(cases[_i].notes)) &&
                      !cases[_i].notes[0] == !p.recoding.notes.len, "%s: %s",
                  cases[_i].rule, buf_cstring(&p.recoding.notes));
    prepared_free(&p);
    message_free(&m);
    buf_free(&content);
    buf_free(&mail);
    buf_free(&want);
}
END_TEST

#define SIGNED                                                               \
    FIELDS "MIME-Version: 1.0\nContent-Type: multipart/signed; boundary=b\n" \
    "\n--b\n" TEXT_8BIT "\n" UMLAUT "\n--b\n\nsignature\n--b--\n"

static const struct {
    const char *rule;
    struct span text, rcpt;
    unsigned offers;
    uint64_t size;
    enum conf_signed signed_parts;
    enum err_kind kind; /* ERR_NONE: it is taken */
    const char *begins;
} limits[] = {
    {"as large as can be", SPAN_INIT(FIELDS "\nhi\n"), SPAN_INIT("b@x"),
     EHLO_SIZE, 45, CONF_SIGNED_REJECT, ERR_NONE, ""},
    {"too large", SPAN_INIT(FIELDS "\nhi\n"), SPAN_INIT("b@x"), EHLO_SIZE, 44,
     CONF_SIGNED_REJECT, ERR_UNAVAILABLE,
     "5.3.4 the message has 45 octets, and the server takes 44 at most"},
    {"no limit was stated", SPAN_INIT(FIELDS "\nhi\n"), SPAN_INIT("b@x"),
     EHLO_SIZE, 0, CONF_SIGNED_REJECT, ERR_NONE, ""},
    {"a recipient in UTF-8, who gets none", SPAN_INIT(FIELDS "\nhi\n"),
     SPAN_INIT(UMLAUT "@x"), EHLO_8BITMIME, 0, CONF_SIGNED_REJECT,
     ERR_NONE, ""},
    {"that the server takes", SPAN_INIT(FIELDS "\nhi\n"),
     SPAN_INIT(UMLAUT "@x"), EHLO_8BITMIME | EHLO_SMTPUTF8, 0,
     CONF_SIGNED_REJECT, ERR_NONE, ""},
    {"a signature would break", SPAN_INIT(SIGNED), SPAN_INIT("b@x"), 0, 0,
     CONF_SIGNED_REJECT, ERR_DATA, "5.6.3 "},
    {"and may", SPAN_INIT(SIGNED), SPAN_INIT("b@x"), 0, 0,
     CONF_SIGNED_CONVERT, ERR_NONE, ""},
    {"or goes as it is", SPAN_INIT(SIGNED), SPAN_INIT("b@x"), 0, 0,
     CONF_SIGNED_RAW, ERR_NONE, ""},
};

START_TEST(what_cannot_be_sent)
{
    struct ehlo ehlo = {.has = limits[_i].offers, .size = limits[_i].size};
    struct message m = {0};
    struct prepared p = {0};
    struct err err = {0};
    bool ok;

    write_to(&m, limits[_i].text, limits[_i].rcpt);
    ok = prepare(&p, &m, &ehlo, false, limits[_i].signed_parts, &err);
    ck_assert_msg(ok == (limits[_i].kind == ERR_NONE), "%s: %s",
                  limits[_i].rule, err.text);
    ck_assert_int_eq(err.kind, limits[_i].kind);
    ck_assert_msg(span_starts(span_of(err.text), span_of(limits[_i].begins)),
                  "%s", err.text);
    prepared_free(&p);
    message_free(&m);
}
END_TEST

/* RFC 6531, 3.2: in the local part; a domain has a form in ASCII. */
START_TEST(recipients_in_utf8)
{
    const struct recipient ascii = {.address = S("b@x")},
                           utf8 = {.address = S(UMLAUT "@x"), .utf8 = true};
    const struct ehlo all = {.has = EHLO_SMTPUTF8}, none = {0};
    struct err err = {0};

    ck_assert(prepare_rcpt(&ascii, &none, &err));
    ck_assert(prepare_rcpt(&utf8, &all, &err));
    ck_assert(!prepare_rcpt(&utf8, &none, &err));
    ck_assert_int_eq(err.kind, ERR_UNAVAILABLE);
    ck_assert_str_eq(err.text, "5.6.7 the local part of '" UMLAUT "@x' is not "
                     "ASCII, and the server does not offer SMTPUTF8");
    ck_assert_str_eq(err.hint, "use another server, or an address in ASCII");
}
END_TEST

START_TEST(sender_in_utf8)
{
    const struct ehlo all = {.has = EHLO_SMTPUTF8}, none = {0};
    const struct span rcpt = S("b@x");
    const struct message_wanted w = {.world = &world, .from = S(UMLAUT),
                                     .domain = S("x"), .operands = &rcpt,
                                     .noperands = 1};
    struct message m = {0};
    struct prepared p = {0};
    struct err err = {0};

    letter_write(&m, S("\nhi\n"), &w);
    ck_assert(!prepare(&p, &m, &none, false, CONF_SIGNED_REJECT, &err));
    ck_assert(span_starts(span_of(err.text), S("5.6.7 ")));
    prepared_free(&p);
    ck_assert(prepare(&p, &m, &all, false, CONF_SIGNED_REJECT, &err));
    ck_assert(p.parameters.smtputf8);
    prepared_free(&p);
    message_free(&m);
}
END_TEST

/* The signed part's octet is there, or it is not. */
START_TEST(signed_parts_as_set)
{
    static const enum conf_signed settings[] = {CONF_SIGNED_RAW,
                                                CONF_SIGNED_CONVERT};

    for (size_t i = 0; i < COUNT(settings); i++) {
        struct ehlo ehlo = {0};
        struct message m = {0};
        struct prepared p = {0};
        struct buf content = {0};
        struct err err = {0};

        write_to(&m, S(SIGNED), S("b@x"));
        ck_assert(prepare(&p, &m, &ehlo, false, settings[i], &err));
        read_content(&p, &content);
        ck_assert_int_eq(span_find(buf_span(&content), '\xC3') < content.len,
                         settings[i] == CONF_SIGNED_RAW);
        prepared_free(&p);
        message_free(&m);
        buf_free(&content);
    }
}
END_TEST

/* Over 1 MiB the message is in a file; it must be there twice all the same. */
START_TEST(large_draft)
{
    static const char line[] = "Gr\xC3\xBC\xC3\x9F" "e, a line of text\n";
    struct ehlo ehlo = {.has = EHLO_SIZE};
    struct message m = {0};
    struct prepared p = {0};
    struct buf text = {0}, content = {0};
    struct err err = {0};
    size_t lines = 0;

    buf_add(&text, S(FIELDS TEXT_8BIT "\n"));
    for (; text.len < DRAFT_MEMORY + 100000; lines++)
        buf_add(&text, (struct span){line, sizeof line - 1});
    write_to(&m, buf_span(&text), S("b@x"));
    ck_assert_ptr_nonnull(m.draft.directory);
    ck_assert(prepare(&p, &m, &ehlo, false, CONF_SIGNED_REJECT, &err));
    ck_assert_uint_gt(m.draft.passed, DRAFT_MEMORY);
    read_content(&p, &content);
    ck_assert_uint_eq(p.size, content.len);
    ck_assert_uint_eq(p.parameters.size, content.len);
    ck_assert(span_ends(buf_span(&content),
                        S("\r\nGr=C3=BC=C3=9Fe, a line of text\r\n")));
    ck_assert_uint_eq(content.len,
                      sizeof FIELDS_SENT - 1 + lines * 33 +
                          sizeof "MIME-Version: 1.0\r\n"
                                 "Content-Type: text/plain; charset=utf-8\r\n"
                                 "Content-Transfer-Encoding: quoted-printable"
                                 "\r\n\r\n" - 1);
    prepared_free(&p);
    message_free(&m);
    buf_free(&text);
    buf_free(&content);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("prepare");

    tcase_add_loop_test(t, content_and_parameters, 0, COUNT(cases));
    tcase_add_loop_test(t, what_cannot_be_sent, 0, COUNT(limits));
    tcase_add_test(t, recipients_in_utf8);
    tcase_add_test(t, sender_in_utf8);
    tcase_add_test(t, signed_parts_as_set);
    tcase_add_test(t, large_draft);
    return unit_run("prepare", t);
}
