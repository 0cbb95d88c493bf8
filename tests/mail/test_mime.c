/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/mime.h"
#include "unit.h"

static const struct {
    struct span type;
    enum mime_class class;
} types[] = {
    {SPAN_INIT(" text/plain; charset=utf-8"), MIME_PLAIN},
    {SPAN_INIT("TEXT / Plain"), MIME_PLAIN},
    {SPAN_INIT("text"), MIME_PLAIN},
    {SPAN_INIT(""), MIME_PLAIN},
    {SPAN_INIT("not a type/at all"), MIME_PLAIN},
    {SPAN_INIT("text/html"), MIME_TEXT},
    {SPAN_INIT("(a)text(b)/(c)html(d)"), MIME_TEXT},
    {SPAN_INIT("text/html charset=utf-8"), MIME_TEXT},
    {SPAN_INIT("application/json"), MIME_TEXT},
    {SPAN_INIT("application/ld+json"), MIME_TEXT},
    {SPAN_INIT("image/svg+xml"), MIME_TEXT},
    {SPAN_INIT("image/png"), MIME_OCTETS},
    {SPAN_INIT("application/pdf; name=\"a;b\""), MIME_OCTETS},
    {SPAN_INIT("multipart/mixed"), MIME_MULTIPART},
    {SPAN_INIT("multipart"), MIME_MULTIPART},
    {SPAN_INIT("Multipart/Digest"), MIME_DIGEST},
    {SPAN_INIT("multipart/signed"), MIME_SIGNED},
    {SPAN_INIT("message/rfc822"), MIME_MESSAGE},
    {SPAN_INIT("message/news"), MIME_MESSAGE},
    {SPAN_INIT("message/global"), MIME_GLOBAL},
    {SPAN_INIT("message/global-headers"), MIME_TEXT},
    {SPAN_INIT("message/delivery-status"), MIME_TEXT},
    {SPAN_INIT("message/partial"), MIME_FIXED},
    {SPAN_INIT("message/external-body"), MIME_FIXED},
};

START_TEST(class_of)
{
    ck_assert_int_eq(mime_class(types[_i].type), types[_i].class);
}
END_TEST

static const struct {
    struct span body;
    enum mime_encoding encoding;
} encodings[] = {
    {SPAN_INIT(""), MIME_7BIT},
    {SPAN_INIT(" 7bit"), MIME_7BIT},
    {SPAN_INIT("8-bit"), MIME_7BIT},
    {SPAN_INIT("utf-8"), MIME_7BIT},
    {SPAN_INIT("\"base64\""), MIME_7BIT},
    {SPAN_INIT(" 8BIT"), MIME_8BIT},
    {SPAN_INIT("8bit (as it is)"), MIME_8BIT},
    {SPAN_INIT("(so) 8bit;"), MIME_8BIT},
    {SPAN_INIT("Binary\r\n"), MIME_BINARY},
    {SPAN_INIT("quoted-printable"), MIME_QP},
    {SPAN_INIT("\n BASE64"), MIME_BASE64},
    {SPAN_INIT("x-uuencode"), MIME_PRIVATE},
    {SPAN_INIT("uuencode"), MIME_PRIVATE},
    {SPAN_INIT("X-Yenc"), MIME_PRIVATE},
};

START_TEST(encoding_of)
{
    ck_assert_int_eq(mime_encoding(encodings[_i].body),
                     encodings[_i].encoding);
}
END_TEST

static const struct {
    const char *rule;
    struct span body;
    bool found;
    struct span value;
} parameters[] = {
    {"none", SPAN_INIT("a/b"), false, SPAN_INIT("")},
    {"plain", SPAN_INIT("a/b; b=x"), true, SPAN_INIT("x")},
    {"another name", SPAN_INIT("a/b; bb=x; c=b=x"), false, SPAN_INIT("")},
    {"in the type", SPAN_INIT("b=x"), false, SPAN_INIT("")},
    {"case and blanks", SPAN_INIT("a/b;\n\tB = x \n"), true, SPAN_INIT("x")},
    {"quotes", SPAN_INIT("a/b; b=\" x;y\\\"\\\\\" ;"), true,
     SPAN_INIT(" x;y\"\\")},
    {"quotes without an end", SPAN_INIT("a/b; b=\"x"), true, SPAN_INIT("x")},
    {"a fold in quotes", SPAN_INIT("a/b; b=\"x\r\n y\""), true,
     SPAN_INIT("x y")},
    {"comments", SPAN_INIT("a/b; (c;b=(y)\\)) b(d)=(e)x(f)"), true,
     SPAN_INIT("x")},
    {"a comment without an end", SPAN_INIT("a/b; (c;b=x"), false,
     SPAN_INIT("")},
    {"the first counts", SPAN_INIT("a/b; b=x; b=y"), true, SPAN_INIT("x")},
    {"empty", SPAN_INIT("a/b; b=; b=y"), true, SPAN_INIT("")},
    {"coded", SPAN_INIT("a/b; b*=utf-8'de'%c3%BC%zz%4"), true,
     SPAN_INIT("\303\274%zz%4")},
    {"the first counts, coded or not", SPAN_INIT("a/b; b*=''y; b=x"), true,
     SPAN_INIT("y")},
    {"sections", SPAN_INIT("a/b; b*1=y; b*0=x; b*3=w; b*2=\"z\""), true,
     SPAN_INIT("xyzw")},
    {"coded sections", SPAN_INIT("a/b; b*0*=us-ascii''%41; b*1=%42; b*2*=%43"),
     true, SPAN_INIT("A%42C")},
    {"no first section", SPAN_INIT("a/b; b*1=y"), false, SPAN_INIT("")},
};

START_TEST(parameter_of)
{
    struct buf value = {0};

    ck_assert_msg(mime_parameter(parameters[_i].body, S("b"), &value) ==
                      parameters[_i].found,
                  "%s", parameters[_i].rule);
    ck_assert_span(buf_span(&value), parameters[_i].value);
    buf_free(&value);
}
END_TEST

START_TEST(segments)
{
    struct span rest = S("a/b;c=\";\";(;);"), segment;

    ck_assert(mime_segment(&rest, &segment));
    ck_assert_span(segment, S("a/b"));
    ck_assert(mime_segment(&rest, &segment));
    ck_assert_span(segment, S("c=\";\""));
    ck_assert(mime_segment(&rest, &segment));
    ck_assert_span(segment, S("(;)"));
    ck_assert(!mime_segment(&rest, &segment));
}
END_TEST

START_TEST(tokens)
{
    ck_assert(mime_is_token(S("utf-8")));
    ck_assert(!mime_is_token(S("")));
    ck_assert(!mime_is_token(S("a b")));
    ck_assert(!mime_is_token(S("a=b")));
    ck_assert(!mime_is_token(S("a\"")));
    ck_assert(!mime_is_token(S("\303\274")));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("mime");

    tcase_add_loop_test(t, class_of, 0, COUNT(types));
    tcase_add_loop_test(t, encoding_of, 0, COUNT(encodings));
    tcase_add_loop_test(t, parameter_of, 0, COUNT(parameters));
    tcase_add_test(t, segments);
    tcase_add_test(t, tokens);
    return unit_run("mime", t);
}
