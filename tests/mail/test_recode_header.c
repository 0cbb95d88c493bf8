/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/recode_header.h"
#include "unit.h"

#define U "=?utf-8?Q?"
#define AS_IT_IS {.new_body = false}

struct row {
    const char *rule;
    struct span header;
    struct header_change change;
    struct span want;
};

static const struct row rows[] = {
    {"nothing", SPAN_INIT("A: b\n\tc  \nDate: \n"), AS_IT_IS,
     SPAN_INIT("A: b\n\tc  \nDate: \n")},
    {"unstructured", SPAN_INIT("X: gr\303\274n (\303\274)\n"), AS_IT_IS,
     SPAN_INIT("X: " U "gr=C3=BCn_(=C3=BC)?=\n")},
    {"not UTF-8", SPAN_INIT("X: gr\374n \303\244\n"), AS_IT_IS,
     SPAN_INIT("X: =?latin-9?Q?gr=FCn_=C3=A4?=\n")},
    {"no blank behind the colon", SPAN_INIT("X:\303\274\n"), AS_IT_IS,
     SPAN_INIT("X: " U "=C3=BC?=\n")},
    {"NUL and CR", SPAN_INIT("X: a\0b\rc\r\n"), AS_IT_IS,
     SPAN_INIT("X: ab c\n")},
    {"an address, its name, its domain, a comment",
     SPAN_INIT("To: \303\204 <a@\303\274.example> (\303\266)\n"), AS_IT_IS,
     SPAN_INIT("To: " U "=C3=84?= <a@xn--tda.example> (" U "=C3=B6?=)\n")},
    {"only an address", SPAN_INIT("To: a@\303\274.example\n"), AS_IT_IS,
     SPAN_INIT("To: a@xn--tda.example\n")},
    {"only an address, and a comment",
     SPAN_INIT("To: a@b (\303\274)\n"), AS_IT_IS,
     SPAN_INIT("To: a@b (" U "=C3=BC?=)\n")},
    {"a local part",
     SPAN_INIT("To: A <\303\274@b> (c), \303\266@b, =?x?q?d?= <e@f>\n"),
     AS_IT_IS,
     SPAN_INIT("To: A " U "=C3=BC=40b?= :; (c), " U "=C3=B6=40b?= :;,"
               " =?x?q?d?=\n <e@f>\n")},
    {"a domain that is none", SPAN_INIT("To: <a@\303\274..b>\n"), AS_IT_IS,
     SPAN_INIT("To: " U "a=40=C3=BC=2E=2Eb?= :;\n")},
    {"a quoted name", SPAN_INIT("To: \"a\\\"\303\274, b\" <c@d>\n"), AS_IT_IS,
     SPAN_INIT("To: " U "a=22=C3=BC=2C_b?= <c@d>\n")},
    {"a comment in a name", SPAN_INIT("To: \303\274 (\303\266) <c@d>\n"),
     AS_IT_IS, SPAN_INIT("To: " U "=C3=BC?= (" U "=C3=B6?=) <c@d>\n")},
    {"a group", SPAN_INIT("To: \303\274: a@b, \303\266 <c@d>;\n"), AS_IT_IS,
     SPAN_INIT("To: " U "=C3=BC?=: a@b, " U "=C3=B6?= <c@d>;\n")},
    {"a name without its address", SPAN_INIT("From: J\303\266rg\n"), AS_IT_IS,
     SPAN_INIT("From: " U "J=C3=B6rg?= :;\n")},
    {"a quoted string without an end", SPAN_INIT("To: \"\303\274 <a@b>\n"),
     AS_IT_IS, SPAN_INIT("To: =?utf-8?B?IsO8?= <a@b>\n")},
    {"an address without an end", SPAN_INIT("To: \303\274 <a@b, c@d\n"),
     AS_IT_IS, SPAN_INIT("To: " U "=C3=BC?= <a@b, c@d\n")},
    {"keywords", SPAN_INIT("Keywords: a, \303\274 b\n"), AS_IT_IS,
     SPAN_INIT("Keywords: a, " U "=C3=BC_b?=\n")},
    {"a comment", SPAN_INIT("Date: Mon (\303\274 (\\) \303\266))\n"), AS_IT_IS,
     SPAN_INIT("Date: Mon (" U "=C3=BC?= (\\) " U "=C3=B6?=))\n")},
    {"identifiers", SPAN_INIT("Message-ID: <\303\274@b>\n"), AS_IT_IS,
     SPAN_INIT("Downgraded-Message-ID: " U "<=C3=BC@b>?=\n")},
    {"a parameter", SPAN_INIT("Content-Type: a/b; n=\"\303\274 x\"; c=d\n"),
     AS_IT_IS, SPAN_INIT("Content-Type: a/b; n*=utf-8''%C3%BC%20x; c=d\n")},
    {"a parameter that is coded",
     SPAN_INIT("Content-Type: a/b; n*=utf-8'de'\303\274%20\n"), AS_IT_IS,
     SPAN_INIT("Content-Type: a/b; n*=utf-8'de'%C3%BC%20\n")},
    {"the name of a parameter", SPAN_INIT("Content-Type: a/b; \303\274=x\n"),
     AS_IT_IS, SPAN_INIT("Content-Type: a/b; " U "=C3=BC=3Dx?=\n")},
    {"an encoding is set",
     SPAN_INIT("content-transfer-encoding:8bit (so)\r\nX: y\r\n"
               "Content-Transfer-Encoding: 7bit\r\n"),
     {.encoding = SPAN_INIT("base64")},
     SPAN_INIT("content-transfer-encoding: base64\nX: y\r\n")},
    {"what is missing is added", SPAN_INIT("X: y\n"),
     {.encoding = SPAN_INIT("base64"),
      .charset = SPAN_INIT("utf-8"),
      .mime_version = true},
     SPAN_INIT("X: y\nContent-Type: text/plain; charset=utf-8\n"
               "Content-Transfer-Encoding: base64\nMIME-Version: 1.0\n")},
    {"what is there is not", SPAN_INIT("mime-version: 1.0 (x)\n"),
     {.mime_version = true}, SPAN_INIT("mime-version: 1.0 (x)\n")},
    {"a blank line", SPAN_INIT("X: y\n"), {.add_blank = true},
     SPAN_INIT("X: y\n\n")},
    {"a charset is set",
     SPAN_INIT("Content-Type: text/plain;\n charset=\"us-ascii\"; a=b;"
               " charset=x\n"),
     {.charset = SPAN_INIT("utf-8")},
     SPAN_INIT("Content-Type: text/plain; charset=utf-8; a=b\n")},
    {"a charset is added", SPAN_INIT("Content-Type: text/plain; \n"),
     {.charset = SPAN_INIT("utf-8")},
     SPAN_INIT("Content-Type: text/plain; charset=utf-8\n")},
    {"a charset where there is no type", SPAN_INIT("Content-Type:\n"),
     {.charset = SPAN_INIT("utf-8")},
     SPAN_INIT("Content-Type: text/plain; charset=utf-8\n")},
    {"a boundary is set",
     SPAN_INIT("Content-Type: a/b; boundary*0=a; boundary*1=b\n"),
     {.boundary = SPAN_INIT("=_x")},
     SPAN_INIT("Content-Type: a/b; boundary=\"=_x\"\n")},
    {"a multipart becomes text",
     SPAN_INIT("Content-Type: multipart/mixed; x=\303\274\n"),
     {.charset = SPAN_INIT("utf-8"), .make_plain = true},
     SPAN_INIT("X-Original-Content-Type: multipart/mixed; " U
               "x=3D=C3=BC?=\nContent-Type: text/plain; charset=utf-8\n")},
    {"what counts the body goes", SPAN_INIT("Lines: 1\nContent-length: 7\n"),
     {.new_body = true}, SPAN_INIT("")},
    {"what is no field goes", SPAN_INIT("From x \303\274 10:00\nX: y\n"),
     AS_IT_IS, SPAN_INIT("X: y\n")},
};

static bool recode_row(const struct row *row, bool utf8, struct buf *out,
                       struct err *err)
{
    const struct header_rules rules = {utf8, SPAN_INIT("latin-9")};
    struct edits edits = {0};
    struct header_result result = {0};
    size_t at = 0;
    bool done = header_recode(row->header, 100, &row->change, &rules, &edits,
                              &result, err);

    ck_assert_int_eq(result.changed, edits.count > 0);
    for (size_t i = 0; done && i < edits.count; i++) {
        const struct edit *edit = &edits.list[i];

        buf_add(out, span_upto(span_from(row->header, at),
                               edit->at - 100 - at));
        buf_add(out, edit->text);
        at = edit->at - 100 + edit->length;
    }
    buf_add(out, span_from(row->header, at));
    edits_free(&edits);
    buf_free(&result.fields);
    return done;
}

START_TEST(rule)
{
    struct buf out = {0};
    struct err err;

    ck_assert(recode_row(&rows[_i], false, &out, &err));
    ck_assert_msg(span_eq(buf_span(&out), rows[_i].want),
                  "%s: got \"%.*s\"", rows[_i].rule,
                  SPAN_ARG(buf_span(&out)));
    buf_free(&out);
}
END_TEST

static struct span repeated(struct buf *to, const char *head, const char *what,
                            int n)
{
    buf_add(to, span_of(head));
    while (n--)
        buf_add(to, span_of(what));
    buf_addc(to, '\n');
    return buf_span(to);
}

static const struct {
    const char *head, *what;
    size_t lines; /* 0: refused */
} long_fields[] = {
    {"References: ", "<0123456789@example.org>", 20},
    {"To: ", "0123456789@example.org,", 20},
    {"Subject: ", "0123456789 ", 10},
    {"Subject: ", "0123456789", 12},
    {"Message-ID: ", "0123456789", 0},
    {"To: ", "0123456789", 0},
    {"Content-Disposition: x; filename=", "0123456789", 14},
    {"Content-Disposition: x; y=\"0123456789\"; filename=", "0", 1},
};

START_TEST(long_field)
{
    struct buf text = {0}, out = {0};
    struct row row = {.header = repeated(&text, long_fields[_i].head,
                                         long_fields[_i].what, 100)};
    struct span rest, line;
    struct err err;
    size_t lines = 0;

    ck_assert_int_eq(recode_row(&row, false, &out, &err),
                     long_fields[_i].lines > 0);
    for (rest = buf_span(&out); span_line(&rest, &line); lines++)
        ck_assert(line.n <= 76 || long_fields[_i].lines <= 1);
    if (long_fields[_i].lines)
        ck_assert_uint_ge(lines, long_fields[_i].lines);
    else
        ck_assert_ptr_nonnull(strstr(err.text, "that fits on no line of 998"));
    buf_free(&text);
    buf_free(&out);
}
END_TEST

START_TEST(utf8_may_stay)
{
    static const struct row valid = {
        .header = SPAN_INIT("Message-ID: <\303\274@b>\nX:\303\274\n")};
    static const struct row invalid = {.header = SPAN_INIT("X: \374\n")};
    struct buf out = {0};
    struct err err;

    ck_assert(recode_row(&valid, true, &out, &err));
    ck_assert_span(buf_span(&out), valid.header);
    buf_clear(&out);
    ck_assert(recode_row(&invalid, true, &out, &err));
    ck_assert_span(buf_span(&out), S("X: =?latin-9?Q?=FC?=\n"));
    buf_free(&out);
}
END_TEST

static const struct {
    struct span header;
    bool wants;
} wants[] = {
    {SPAN_INIT("To: \303\274@b\n"), true},
    {SPAN_INIT("Cc: a@b,\n \303\274 <\303\274@b>\n"), true},
    {SPAN_INIT("To: \303\274 <a@\303\274.example>\n"), false},
    {SPAN_INIT("To: \374@b\n"), false},
    {SPAN_INIT("To: \303\274: a@b;\n"), false},
    {SPAN_INIT("Subject: \303\274@b\n"), false},
    {SPAN_INIT("To: \303\274\n"), false},
};

START_TEST(wants_utf8)
{
    ck_assert_int_eq(header_wants_utf8(wants[_i].header), wants[_i].wants);
}
END_TEST

/* Names cannot be made to multiply what is sent. */
START_TEST(a_long_name_is_not_repeated)
{
    struct buf text = {0}, out = {0};
    struct row row;
    struct err err;

    buf_add(&text, S("Content-Type: a/b; "));
    for (int i = 0; i < 500; i++)
        buf_addc(&text, 'n');
    row = (struct row){.header = repeated(&text, "=", "\303\274", 500)};
    ck_assert(!recode_row(&row, false, &out, &err));
    ck_assert_str_eq(err.text, "5.6.3 the header field 'Content-Type' has a "
                               "word that fits on no line of 998 octets");
    buf_free(&text);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("recode_header");

    tcase_add_loop_test(t, rule, 0, COUNT(rows));
    tcase_add_loop_test(t, long_field, 0, COUNT(long_fields));
    tcase_add_test(t, utf8_may_stay);
    tcase_add_loop_test(t, wants_utf8, 0, COUNT(wants));
    tcase_add_test(t, a_long_name_is_not_repeated);
    return unit_run("recode_header", t);
}
