/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/content.h"
#include "unit.h"

static const struct qp_boundary boundary = {SPAN_INIT("b"), NULL};

static const struct {
    const char *rule;
    struct span header, body;
    struct edit edits[3];
    size_t count;
    struct span want;
} cases[] = {
    {"nothing", SPAN_INIT(""), SPAN_INIT(""), {{0}}, 0, SPAN_INIT("\r\n")},
    {"a header", SPAN_INIT("A: b\n c\n"), SPAN_INIT(""), {{0}}, 0,
     SPAN_INIT("A: b\r\n c\r\n\r\n")},
    {"line ends", SPAN_INIT("A: b\n"), SPAN_INIT("a\nb\r\nc\r\r\n\n"), {{0}},
     0, SPAN_INIT("A: b\r\n\r\na\r\nb\r\nc\r\n\r\n")},
    {"the last line is ended", SPAN_INIT(""), SPAN_INIT("a\nb"), {{0}}, 0,
     SPAN_INIT("\r\na\r\nb\r\n")},
    {"CRs within lines", SPAN_INIT(""), SPAN_INIT("a\rb\r\rc\r"), {{0}}, 0,
     SPAN_INIT("\r\na b  c \r\n")},
    {"text in place of octets", SPAN_INIT(""), SPAN_INIT("one\ntwo\nthree\n"),
     {{.at = 4, .length = 4, .kind = EDIT_TEXT, .text = SPAN_INIT("a\nb\n")}},
     1, SPAN_INIT("\r\none\r\na\r\nb\r\nthree\r\n")},
    {"two at one place, and one at the end", SPAN_INIT(""), SPAN_INIT("x\n"),
     {{.at = 2, .kind = EDIT_TEXT, .text = SPAN_INIT("c\n")},
      {.at = 0, .kind = EDIT_TEXT, .text = SPAN_INIT("a\n")},
      {.at = 0, .length = 2, .kind = EDIT_TEXT, .text = SPAN_INIT("b\n")}},
     3, SPAN_INIT("\r\na\r\nb\r\nc\r\n")},
    {"octets exactly", SPAN_INIT(""), SPAN_INIT("a\n\r\0\n\377\n--b\n"),
     {{.at = 0, .length = 6, .kind = EDIT_COPY}}, 1,
     SPAN_INIT("\r\na\n\r\0\n\377\r\n--b\r\n")},
    {"quoted-printable", SPAN_INIT(""), SPAN_INIT("a\n\377 \n--b\r\n--b--\n"),
     {{.at = 2, .length = 6, .kind = EDIT_QP, .around = &boundary}}, 1,
     SPAN_INIT("\r\na\r\n=FF=20\r\n=2D-b\r\n--b--\r\n")},
    {"quoted-printable put right", SPAN_INIT(""), SPAN_INIT("=3D\377"),
     {{.at = 0, .length = 4, .kind = EDIT_QP_REPAIR}}, 1,
     SPAN_INIT("\r\n=3D=FF\r\n")},
    {"base64", SPAN_INIT(""), SPAN_INIT("a\nfoo\nb\n"),
     {{.at = 2, .length = 3, .kind = EDIT_BASE64}}, 1,
     SPAN_INIT("\r\na\r\nZm9v\r\nb\r\n")},
    {"base64 of octets and of text", SPAN_INIT(""), SPAN_INIT("\n\n-\n"),
     {{.at = 0, .length = 1, .kind = EDIT_BASE64},
      {.at = 1, .length = 1, .kind = EDIT_BASE64_TEXT}},
     2, SPAN_INIT("\r\nCg==DQo=-\r\n")},
    {"base64 put right", SPAN_INIT(""), SPAN_INIT("Zm\3779v"),
     {{.at = 0, .length = 5, .kind = EDIT_BASE64_REPAIR}}, 1,
     SPAN_INIT("\r\nZm9v\r\n")},
    {"plain", SPAN_INIT(""), SPAN_INIT("\303\244\0\r-\n"),
     {{.at = 0, .length = 6, .kind = EDIT_PLAIN}}, 1,
     SPAN_INIT("\r\n\303\244? -\r\n")},
    {"plain ASCII", SPAN_INIT(""), SPAN_INIT("\303\244\344\0\r-\n"),
     {{.at = 0, .length = 7, .kind = EDIT_PLAIN_ASCII}}, 1,
     SPAN_INIT("\r\n??? -\r\n")},
};

static void all_edits(int i, struct edits *edits)
{
    for (size_t k = 0; k < cases[i].count; k++)
        edits_add(edits, cases[i].edits[k]);
    edits_sort(edits);
}

START_TEST(gives)
{
    for (size_t about = 1; about < 70; about += 1 + about / 10) {
        struct edits edits = {0};
        struct buf out = {0};
        struct content content;

        all_edits(_i, &edits);
        content = content_of(cases[_i].header, cases[_i].body, &edits);
        ck_assert_uint_eq(content_size(&content), cases[_i].want.n);
        while (content_next(&content, about, &out))
            ;
        ck_assert_msg(span_eq(buf_span(&out), cases[_i].want),
                      "%s, %zu at a time: got \"%.*s\"", cases[_i].rule,
                      about, SPAN_ARG(buf_span(&out)));
        ck_assert(!content_next(&content, about, &out));
        ck_assert_uint_eq(content_size(&content), 0);
        buf_free(&out);
        edits_free(&edits);
    }
}
END_TEST

START_TEST(no_edits_at_all)
{
    struct content content = content_of(S("A: b\n"), S("c"), NULL);
    struct buf out = {0};

    ck_assert(content_next(&content, 100, &out));
    ck_assert_span(buf_span(&out), S("A: b\r\n\r\nc\r\n"));
    buf_free(&out);
}
END_TEST

/* A piece is about as large as was asked for, whatever is being made. */
START_TEST(pieces_are_small)
{
    static const enum edit_kind kinds[] = {
        EDIT_TEXT, EDIT_COPY,        EDIT_QP,            EDIT_QP_REPAIR,
        EDIT_PLAIN, EDIT_BASE64,     EDIT_BASE64_REPAIR, EDIT_BASE64_TEXT,
    };
    struct edit edit = {.kind = kinds[_i]};
    struct edits edits = {0};
    struct buf body = {0}, out = {0};
    struct content content;

    while (body.len < 200000)
        buf_add(&body, S("A\377"));
    edit.length = body.len;
    edit.text = buf_span(&body);
    edits_add(&edits, edit);
    content = content_of(S(""), buf_span(&body), &edits);
    while (content_next(&content, 4096, &out)) {
        ck_assert_uint_le(out.len, 3 * 4096);
        buf_clear(&out);
    }
    buf_free(&body);
    buf_free(&out);
    edits_free(&edits);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("content");

    tcase_add_loop_test(t, gives, 0, COUNT(cases));
    tcase_add_test(t, no_edits_at_all);
    tcase_add_loop_test(t, pieces_are_small, 0, 8);
    return unit_run("content", t);
}
