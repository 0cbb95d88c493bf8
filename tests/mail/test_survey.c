/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A survey in words: for each part its path, class, what of the message is its
 * header and body, and its traits.  Every message is fed cut at every place,
 * and octet by octet.
 */
#include "mail/header.h"
#include "mail/survey.h"
#include "unit.h"

static const char *const classes[] = {
    [MIME_PLAIN] = "plain",         [MIME_TEXT] = "text",
    [MIME_OCTETS] = "octets",       [MIME_MULTIPART] = "multipart",
    [MIME_DIGEST] = "digest",       [MIME_SIGNED] = "signed",
    [MIME_MESSAGE] = "message",     [MIME_GLOBAL] = "global",
    [MIME_FIXED] = "fixed",
};

static void add_traits(const char *name, unsigned traits, struct buf *out)
{
    static const struct {
        unsigned trait;
        const char *name;
    } names[] = {
        {TRAIT_8BIT, "8"}, {TRAIT_NUL, "N"}, {TRAIT_CR, "R"}, {TRAIT_LONG, "L"},
    };

    if (traits)
        buf_printf(out, " %s:", name);
    for (size_t i = 0; i < COUNT(names); i++)
        if (traits & names[i].trait)
            buf_add(out, span_of(names[i].name));
}

static void add_octets(struct span raw, size_t from, size_t to,
                       struct buf *out)
{
    buf_addc(out, '[');
    for (size_t i = from; i < to; i++)
        buf_addc(out, raw.p[i] == '\n' ? '/' : raw.p[i]);
    buf_addc(out, ']');
}

static void add_part(const struct survey *s, uint32_t i, struct span raw,
                     struct buf *out)
{
    const struct part *p = &s->parts[i];

    for (uint32_t up = p->parent; up != PART_NONE; up = s->parts[up].parent)
        buf_addc(out, '.');
    buf_add(out, span_of(classes[p->class]));
    add_octets(raw, p->header, p->body, out);
    if (p->kind == PART_MULTIPART && p->divided) {
        add_octets(raw, p->body, p->inner_end, out);
        add_octets(raw, p->epilogue, p->end, out);
    } else if (p->kind != PART_MESSAGE) {
        add_octets(raw, p->body, part_body_end(p, raw, false), out);
    }
    add_traits("header", p->header_traits, out);
    add_traits("body", p->body_traits, out);
    add_traits("epilogue", p->epilogue_traits, out);
    add_traits("delimiter", p->delimiter_traits, out);
    buf_addc(out, '\n');
}

static void describe(const struct survey *s, struct span raw, struct buf *out)
{
    for (uint32_t i = 0; i < s->count; i++)
        add_part(s, i, raw, out);
}

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"
#define M "Content-Type: multipart/mixed; boundary=b"

static const struct {
    const char *rule;
    struct span raw, want;
} cases[] = {
    {"nothing", SPAN_INIT(""), SPAN_INIT("plain[][]\n")},
    {"a header", SPAN_INIT("A: b\n"), SPAN_INIT("plain[A: b/][]\n")},
    {"a body", SPAN_INIT("A: b\n\nc\n"), SPAN_INIT("plain[A: b//][c/]\n")},
    {"no header", SPAN_INIT("text\nA: b\n\n"),
     SPAN_INIT("plain[][text/A: b//]\n")},
    {"no header, for it begins with a blank", SPAN_INIT(" A: b\nC: d\n\n"),
     SPAN_INIT("plain[][ A: b/C: d//]\n")},
    {"no blank line", SPAN_INIT("A: b\ntext\n"),
     SPAN_INIT("plain[A: b/][text/]\n")},
    {"From and a colon is a field", SPAN_INIT("From : x\n y\nA: b\n\n"),
     SPAN_INIT("plain[From : x/ y/A: b//][]\n")},
    {"a mailbox's line", SPAN_INIT("From x\n>From y\nA: b\n\n"),
     SPAN_INIT("plain[From x/>From y/A: b//][]\n")},
    {"a field that is continued",
     SPAN_INIT("content-type :\n multipart/mixed;\n\tboundary = \"b\"\n\n"
               "--b\n\n--b--\n"),
     SPAN_INIT("multipart[content-type :/ multipart/mixed;/\tboundary = "
               "\"b\"//][][]\n.plain[/][]\n")},
    {"the first field counts",
     SPAN_INIT(M "\nContent-Type: text/plain\n\n--b\n\n--b--\n"),
     SPAN_INIT("multipart[" M "/Content-Type: text/plain//][][]\n"
               ".plain[/][]\n")},
    {"traits", SPAN_INIT("A: \377\n\n\0\rx\n"),
     SPAN_INIT("plain[A: \377//][\0\rx/] header:8 body:NR\n")},
    {"parts",
     SPAN_INIT(MIXED "pre\n--b\n\none\n\n--b \t\nA: b\n\ntwo\n--b--\nepi\n"),
     SPAN_INIT("multipart[" M "//][pre/][epi/]\n.plain[/][one/]\n"
               ".plain[A: b//][two]\n")},
    {"traits of what is around the parts",
     SPAN_INIT(MIXED "\377\n--b\n\n\r \n--b--\n\0\n"),
     SPAN_INIT("multipart[" M "//][\377/][\0/] body:8 epilogue:N\n"
               ".plain[/][\r ] body:R\n")},
    {"no parts", SPAN_INIT(MIXED "--c\n"),
     SPAN_INIT("multipart[" M "//][--c/]\n")},
    {"only the last delimiter", SPAN_INIT(MIXED "--b--\n"),
     SPAN_INIT("multipart[" M "//][][]\n")},
    {"the last delimiter without a line end",
     SPAN_INIT(MIXED "--b\n\nx\n--b--"),
     SPAN_INIT("multipart[" M "//][][]\n.plain[/][x]\n")},
    {"not terminated", SPAN_INIT(MIXED "--b\n\nx\n"),
     SPAN_INIT("multipart[" M "//][][]\n.plain[/][x/]\n")},
    {"nothing divides behind the last delimiter",
     SPAN_INIT(MIXED "--b\n\n--b--\n--b\n"),
     SPAN_INIT("multipart[" M "//][][--b/]\n.plain[/][]\n")},
    {"what is no delimiter", SPAN_INIT(MIXED "--bb\n--b-\n--b--x\n-- b\n -b\n"),
     SPAN_INIT("multipart[" M "//][--bb/--b-/--b--x/-- b/ -b/]\n")},
    {"a part that ends in its header", SPAN_INIT(MIXED "--b\nA: b\n--b--\n"),
     SPAN_INIT("multipart[" M "//][][]\n.plain[A: b/][]\n")},
    {"a part with no blank line", SPAN_INIT(MIXED "--b\nA: b\ntext\n--b--\n"),
     SPAN_INIT("multipart[" M "//][][]\n.plain[A: b/][text]\n")},
    {"an outer delimiter ends an inner multipart",
     SPAN_INIT(MIXED "--b\nContent-Type: multipart/digest; boundary=c\n\n--c\n"
                     "\nA: b\n\nx\n--b\n\ny\n--b--\n"),
     SPAN_INIT("multipart[" M "//][][]\n.digest[Content-Type: multipart/digest"
               "; boundary=c//][][]\n..message[/]\n...plain[A: b//][x]\n"
               ".plain[/][y]\n")},
    {"the innermost comes first",
     SPAN_INIT(MIXED "--b\n" MIXED "--b\n\nx\n--b--\n--b\n\ny\n--b--\n"),
     SPAN_INIT("multipart[" M "//][][]\n.multipart[" M "//][][]\n"
               "..plain[/][x]\n.plain[/][y]\n")},
    {"a message",
     SPAN_INIT("Content-Type: message/rfc822\n\nFrom x\nA: b\n\nc\n"),
     SPAN_INIT("message[Content-Type: message/rfc822//]\n"
               ".plain[From x/A: b//][c/]\n")},
    {"a message with no header",
     SPAN_INIT("Content-Type: message/rfc822\n\nx y\n"),
     SPAN_INIT("message[Content-Type: message/rfc822//]\n"
               ".plain[][x y/]\n")},
    {"a message that is encoded",
     SPAN_INIT("Content-Type: message/rfc822\n"
               "Content-Transfer-Encoding: base64\n\nxxxx\n"),
     SPAN_INIT("message[Content-Type: message/rfc822/"
               "Content-Transfer-Encoding: base64//][xxxx/]\n")},
    {"signed", SPAN_INIT("Content-Type: multipart/signed; boundary=b\n\n--b\n"),
     SPAN_INIT("signed[Content-Type: multipart/signed; boundary=b//][][]\n"
               ".plain[][]\n")},
    {"in the header of the message NUL goes and CR is a blank",
     SPAN_INIT("Content\0-Type:\rmultipart/mixed;\n\rboundary=b\n\0\n--b--\n"),
     SPAN_INIT("multipart[Content\0-Type:\rmultipart/mixed;/\rboundary=b/\0/]"
               "[][] header:NR\n")},
    {"but not what a field of it says",
     SPAN_INIT(MIXED "--b\nContent-Type: multipart/mixed;\n boundary=\0c\n\n"
                     "--c\n\n--b--\n"),
     SPAN_INIT("multipart[" M "//][][]\n.multipart[Content-Type: multipart/"
               "mixed;/ boundary=\0c//][][] header:N\n..plain[/][]\n")},
    {"in that of a part neither", SPAN_INIT(MIXED "--b\nA\0: b\n--b--\n"),
     SPAN_INIT("multipart[" M "//][][]\n.plain[][A\0: b] body:N\n")},
};

static void check(struct span raw, size_t cut, bool octets, struct span want,
                  const char *rule)
{
    struct survey s = {0};
    struct buf got = {0}, header = {0};
    struct err err;
    size_t body_at;

    survey_push(&s, span_upto(raw, cut));
    for (size_t i = cut; octets && i < raw.n; i++)
        survey_push(&s, span_upto(span_from(raw, i), 1));
    if (!octets)
        survey_push(&s, span_from(raw, cut));
    survey_end(&s);
    describe(&s, raw, &got);
    ck_assert_msg(span_eq(buf_span(&got), want),
                  "%s, cut at %zu: got\n%.*swant\n%.*s", rule, cut,
                  SPAN_ARG(buf_span(&got)), SPAN_ARG(want));
    ck_assert(header_read(raw, &header, &body_at, &err));
    ck_assert_uint_eq(body_at, s.parts[0].body);
    buf_free(&got);
    buf_free(&header);
    survey_free(&s);
}

START_TEST(is_divided)
{
    struct span raw = cases[_i].raw;

    for (size_t cut = 0; cut <= raw.n; cut++)
        check(raw, cut, false, cases[_i].want, cases[_i].rule);
    check(raw, 0, true, cases[_i].want, cases[_i].rule);
}
END_TEST

START_TEST(crlf_is_a_line_end)
{
    struct span raw = S("Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                        "--b \r\n\r\nx\r\r\n--b--\r\n");
    struct survey s = {0};

    survey_push(&s, raw);
    survey_end(&s);
    ck_assert_uint_eq(s.count, 2);
    ck_assert_uint_eq(s.body_traits | s.header_traits, 0);
    ck_assert_span(
        span_upto(span_from(raw, s.parts[1].body),
                  part_body_end(&s.parts[1], raw, false) - s.parts[1].body),
        S("x"));
    ck_assert_span(
        span_upto(span_from(raw, s.parts[1].body),
                  part_body_end(&s.parts[1], raw, true) - s.parts[1].body),
        S("x\r"));
    survey_free(&s);
}
END_TEST

START_TEST(depth_has_a_limit)
{
    struct survey s = {0};
    struct buf piece = {0};

    for (int i = 0; i < 60; i++) {
        buf_clear(&piece);
        buf_printf(&piece, "Content-Type: multipart/mixed; boundary=b%dx\n\n"
                   "--b%dx\n", i, i);
        survey_push(&s, buf_span(&piece));
    }
    survey_end(&s);
    buf_free(&piece);
    ck_assert_uint_eq(s.count, SURVEY_DEPTH_MAX + 1);
    ck_assert(!s.parts[SURVEY_DEPTH_MAX].divided);
    ck_assert_int_eq(s.parts[SURVEY_DEPTH_MAX].kind, PART_MULTIPART);
    ck_assert(s.parts[SURVEY_DEPTH_MAX].body < s.parts[SURVEY_DEPTH_MAX].end);
    survey_free(&s);
}
END_TEST

START_TEST(parts_have_a_limit)
{
    struct survey s = {0};

    survey_push(&s, S(MIXED));
    for (int i = 0; i < SURVEY_PARTS_MAX + 5; i++)
        survey_push(&s, S("--b\n\nx\n"));
    survey_end(&s);
    ck_assert_uint_eq(s.count, SURVEY_PARTS_MAX);
    ck_assert_uint_eq(s.parts[s.count - 1].end, s.at);
    survey_free(&s);
}
END_TEST

/* A line that is too long to be looked at whole is not half a delimiter. */
START_TEST(a_long_line_is_no_delimiter)
{
    struct buf line = {0};
    struct survey s = {0};

    buf_add(&line, S("--b"));
    while (line.len < 100000)
        buf_addc(&line, ' ');
    buf_addc(&line, '\n');
    survey_push(&s, S(MIXED));
    survey_push(&s, buf_span(&line));
    survey_push(&s, S("--b--\n"));
    survey_end(&s);
    ck_assert_uint_eq(s.count, 1);
    ck_assert_uint_eq(s.parts[0].body_traits, TRAIT_LONG);
    ck_assert(s.parts[0].divided);
    buf_free(&line);
    survey_free(&s);
}
END_TEST

/* A header's line over 1 MiB is held no further, and still of the header. */
START_TEST(a_long_field_is_passed)
{
    struct buf line = {0};
    struct survey s = {0};

    buf_add(&line, S("A: "));
    while (line.len < 3000000)
        buf_addc(&line, 'x');
    survey_push(&s, buf_span(&line));
    ck_assert_uint_lt(s.line.cap, 2500000);
    survey_push(&s, S("x\nB: c\n\nbody\377\n"));
    survey_end(&s);
    ck_assert_uint_eq(s.parts[0].body, 3000000 + 8);
    ck_assert_uint_eq(s.header_traits, TRAIT_LONG);
    ck_assert_uint_eq(s.body_traits, TRAIT_8BIT);
    buf_free(&line);
    survey_free(&s);
}
END_TEST

static const struct {
    struct span raw, charset;
} charsets[] = {
    {SPAN_INIT("Content-Type: text/plain; charset=\"KOI8-R\"\n\n"),
     SPAN_INIT("KOI8-R")},
    {SPAN_INIT("Content-Type: text/plain; charset=utf-8\n\n"), SPAN_INIT("")},
    {SPAN_INIT("Content-Type: text/plain; charset=US-ASCII\n\n"),
     SPAN_INIT("")},
    {SPAN_INIT("Content-Type: text/plain; charset=iso-2022-jp\n\n"),
     SPAN_INIT("")},
    {SPAN_INIT("Content-Type: text/plain; charset=\"a b\"\n\n"),
     SPAN_INIT("")},
    {SPAN_INIT(MIXED "--b\nContent-Type: a/b; charset=utf-8\n\n--b\n"
                     "Content-Type: a/b; charset=big5\n\n--b\n"
                     "Content-Type: a/b; charset=gb2312\n\n"),
     SPAN_INIT("big5")},
};

START_TEST(the_charset_of_the_message)
{
    struct survey s = {0};

    survey_push(&s, charsets[_i].raw);
    survey_end(&s);
    ck_assert_span(s.charset, charsets[_i].charset);
    survey_free(&s);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("survey");

    tcase_add_loop_test(t, is_divided, 0, COUNT(cases));
    tcase_add_test(t, crlf_is_a_line_end);
    tcase_add_test(t, depth_has_a_limit);
    tcase_add_test(t, parts_have_a_limit);
    tcase_add_test(t, a_long_line_is_no_delimiter);
    tcase_add_test(t, a_long_field_is_passed);
    tcase_add_loop_test(t, the_charset_of_the_message, 0, COUNT(charsets));
    return unit_run("survey", t);
}
