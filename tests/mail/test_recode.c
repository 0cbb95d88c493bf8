/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every message of tests/messages, NAME.eml, to a server that takes 7 bits and
 * to one with 8BITMIME.  NAME.7bit and NAME.8bit are what must come out, with
 * LF line ends; NAME.7bit-refused holds the error.  Where there is neither,
 * the message must come out as it went in.
 */
#include "convert.h"
#include "unit.h"

#include <dirent.h>
#include <stdlib.h>

enum { NAMES_MAX = 200 };

static struct buf names[NAMES_MAX];
static int names_count;

static void directory(struct buf *path)
{
    const char *srcdir = getenv("srcdir");

    buf_printf(path, "%s/tests/messages", srcdir ? srcdir : ".");
}

static int name_compare(const void *a, const void *b)
{
    return strcmp(((const struct buf *)a)->data, ((const struct buf *)b)->data);
}

static void read_names(void)
{
    struct buf path = {0};
    struct dirent *entry;
    DIR *dir;

    directory(&path);
    dir = opendir(buf_cstring(&path));
    while (dir && (entry = readdir(dir)) && names_count < NAMES_MAX) {
        struct span name = span_of(entry->d_name);

        if (!span_ends(name, S(".eml")))
            continue;
        buf_add(&names[names_count], span_upto(name, name.n - 4));
        buf_cstring(&names[names_count++]);
    }
    if (dir)
        closedir(dir);
    qsort(names, (size_t)names_count, sizeof *names, name_compare);
    buf_free(&path);
}

static bool read_file(struct span name, const char *suffix, struct buf *to)
{
    struct buf path = {0};
    FILE *file;
    size_t n;

    directory(&path);
    buf_printf(&path, "/%.*s.%s", SPAN_ARG(name), suffix);
    file = fopen(buf_cstring(&path), "rb");
    buf_free(&path);
    if (!file)
        return false;
    do {
        n = fread(buf_room(to, 4096), 1, 4096, file);
        buf_filled(to, n);
    } while (n);
    fclose(file);
    return true;
}

/* TEXT with CRLF for every line end, and one at its end. */
static void to_crlf(struct span text, struct buf *out)
{
    struct raw_lines lines = {.rest = text};

    while (raw_lines_next(&lines)) {
        buf_add(out, lines.line);
        buf_add(out, S("\r\n"));
    }
}

static const struct {
    const char *suffix, *refused;
    struct recode_rules rules;
} servers[] = {
    {"7bit", "7bit-refused", {0}},
    {"8bit", "8bit-refused", {.takes_8bit = true}},
};

struct result {
    struct buf text, notes;
    struct err err;
};

static struct result convert(struct span raw, size_t server, size_t size)
{
    struct result r = {0};

    if (!convert_message(raw, &servers[server].rules, size, &r.text, &r.notes,
                         &r.err))
        err_print(&r.err, &r.notes);
    return r;
}

static void result_free(struct result *r)
{
    buf_free(&r->text);
    buf_free(&r->notes);
}

static void check_text(struct span got, struct span want, struct span name)
{
    size_t at = 0;

    while (at < got.n && at < want.n && got.p[at] == want.p[at])
        at++;
    ck_assert_msg(got.n == want.n && at == got.n,
                  "%.*s: at octet %zu got \"%.*s\", want \"%.*s\"",
                  SPAN_ARG(name), at,
                  SPAN_ARG(span_upto(span_from(got, at), 60)),
                  SPAN_ARG(span_upto(span_from(want, at), 60)));
}

static void check_message(struct span name, size_t server)
{
    struct buf raw = {0}, file = {0}, want = {0};
    struct result got;

    ck_assert(read_file(name, "eml", &raw));
    got = convert(buf_span(&raw), server, 0);
    if (read_file(name, servers[server].refused, &file)) {
        struct span first = buf_span(&got.notes);

        ck_assert_int_eq(got.err.kind, ERR_DATA);
        first = span_upto(first, span_find(first, '\n') + 1);
        check_text(first, buf_span(&file), name);
    } else {
        if (!read_file(name, servers[server].suffix, &file))
            buf_add(&file, buf_span(&raw));
        to_crlf(buf_span(&file), &want);
        check_text(buf_span(&got.text), buf_span(&want), name);
    }
    result_free(&got);
    buf_free(&raw);
    buf_free(&file);
    buf_free(&want);
}

START_TEST(comes_out_as_expected)
{
    for (size_t server = 0; server < COUNT(servers); server++)
        check_message(buf_span(&names[_i]), server);
}
END_TEST

START_TEST(pieces_make_no_difference)
{
    struct span name = buf_span(&names[_i]);
    struct buf raw = {0};
    struct result whole;

    ck_assert(read_file(name, "eml", &raw));
    whole = convert(buf_span(&raw), 0, 0);
    for (size_t size = 1; size <= 64; size++) {
        struct result pieces = convert(buf_span(&raw), 0, size);

        check_text(buf_span(&pieces.text), buf_span(&whole.text), name);
        result_free(&pieces);
    }
    result_free(&whole);
    buf_free(&raw);
}
END_TEST

START_TEST(is_taken_as_it_is_the_second_time)
{
    struct span name = buf_span(&names[_i]);
    struct buf raw = {0};

    ck_assert(read_file(name, "eml", &raw));
    for (size_t server = 0; server < COUNT(servers); server++) {
        struct result once = convert(buf_span(&raw), server, 0);
        struct result twice = convert(buf_span(&once.text), server, 0);

        if (once.err.kind == ERR_NONE) {
            check_text(buf_span(&twice.text), buf_span(&once.text), name);
            ck_assert_uint_eq(twice.notes.len, 0);
        }
        result_free(&once);
        result_free(&twice);
    }
    buf_free(&raw);
}
END_TEST

static bool is_binary(struct span name, struct span raw)
{
    return span_find(raw, '\0') < raw.n || span_ends(name, S("binary"));
}

START_TEST(line_ends_make_no_difference)
{
    struct span name = buf_span(&names[_i]);
    struct buf raw = {0}, crlf = {0};

    ck_assert(read_file(name, "eml", &raw));
    if (!is_binary(name, buf_span(&raw))) {
        struct result a, b;

        to_crlf(buf_span(&raw), &crlf);
        a = convert(buf_span(&raw), 0, 0);
        b = convert(buf_span(&crlf), 0, 0);
        check_text(buf_span(&b.text), buf_span(&a.text), name);
        result_free(&a);
        result_free(&b);
    }
    buf_free(&raw);
    buf_free(&crlf);
}
END_TEST

/* Rules that are not the default, each with what it must give. */
static const struct {
    const char *name;
    struct recode_rules rules;
    struct span raw, text, notes;
} cases[] = {
    {"an address keeps its letters where SMTPUTF8 is asked for",
     {.takes_8bit = true, .takes_utf8 = true},
     SPAN_INIT("To: j\303\266rg@example.org\nSubject: gr\303\274n\n\nx\n"),
     SPAN_INIT(
         "To: j\303\266rg@example.org\r\nSubject: gr\303\274n\r\n\r\nx\r\n"),
     SPAN_INIT("")},
    {"what is not UTF-8 is encoded even then",
     {.takes_8bit = true, .takes_utf8 = true},
     SPAN_INIT("Subject: gr\374n\n\nx\n"),
     SPAN_INIT("Subject: =?unknown-8bit?Q?gr=FCn?=\r\nMIME-Version: 1.0\r\n"
               "\r\nx\r\n"),
     SPAN_INIT("the message: header written anew, for it has 8-bit octets: "
               "Subject\n")},
    {"a binary part goes octet for octet",
     {.takes_8bit = true, .takes_binary = true},
     SPAN_INIT("Content-Type: image/png\nContent-Transfer-Encoding: binary\n\n"
               "a\nb\0\r\n\rc\n"),
     SPAN_INIT("Content-Type: image/png\r\nContent-Transfer-Encoding: binary"
               "\r\n\r\na\nb\0\r\n\rc\n"),
     SPAN_INIT("")},
    {"a signed part is sent raw",
     {.signed_parts = RECODE_SIGNED_RAW},
     SPAN_INIT("Content-Type: multipart/signed; boundary=s\n\n--s\n\n\374\n"
               "--s--\n"),
     SPAN_INIT("Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\n"
               "\374\r\n--s--\r\n"),
     SPAN_INIT("")},
    {"a signed part is converted",
     {.signed_parts = RECODE_SIGNED_CONVERT},
     SPAN_INIT("Content-Type: multipart/signed; boundary=s\n\n--s\n\n\374\n"
               "--s--\n"),
     SPAN_INIT("Content-Type: multipart/signed; boundary=s\r\n"
               "MIME-Version: 1.0\r\n\r\n--s\r\n"
               "Content-Type: text/plain; charset=unknown-8bit\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\n=FC\r\n"
               "--s--\r\n"),
     SPAN_INIT("part 1: encoded as quoted-printable, for it has 8-bit octets"
               "\n")},
    {"a composite says what is left in it",
     {.takes_8bit = true},
     SPAN_INIT("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
               "Content-Transfer-Encoding: binary\n\n--b\n\n\374\n--b\n\n"
               "a\rb\n--b--\n"),
     SPAN_INIT("MIME-Version: 1.0\r\n"
               "Content-Type: multipart/mixed; boundary=b\r\n"
               "Content-Transfer-Encoding: 8bit\r\n\r\n--b\r\n\r\n\374\r\n"
               "--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
               "a=0Db\r\n--b--\r\n"),
     SPAN_INIT("part 2: encoded as quoted-printable, for it has CRs within "
               "lines\n")},
    {"a boundary that cannot be sent",
     {.takes_8bit = true},
     SPAN_INIT("MIME-Version: 1.0\n"
               "Content-Type: multipart/mixed; boundary=\"\001\"\n\n--\001\n"
               "\nx\n--\001--\n"),
     SPAN_INIT("MIME-Version: 1.0\r\n"
               "Content-Type: multipart/mixed; boundary=\"=_0_040c5b8c\"\r\n"
               "\r\n--=_0_040c5b8c\r\n\r\nx\r\n--=_0_040c5b8c--\r\n"),
     SPAN_INIT("the message (multipart/mixed): given another boundary, for "
               "its own cannot be sent\n")},
    {"8BITMIME is not for binary parts",
     {.takes_8bit = true},
     SPAN_INIT("MIME-Version: 1.0\nContent-Type: image/x\n"
               "Content-Transfer-Encoding: binary\n\n\377\n"),
     SPAN_INIT("MIME-Version: 1.0\r\nContent-Type: image/x\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\n/wo=\r\n"),
     SPAN_INIT("the message (image/x): encoded as base64, for it has 8-bit "
               "octets\n")},
    {"what is true stays, what is not goes",
     {.takes_8bit = true},
     SPAN_INIT("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
               "Content-Transfer-Encoding: 8BIT (so)\nContent-Length: 9\n\n"
               "--b\n\n\374\n--b\n\n\0\n--b--\n"),
     SPAN_INIT("MIME-Version: 1.0\r\n"
               "Content-Type: multipart/mixed; boundary=b\r\n"
               "Content-Transfer-Encoding: 8BIT (so)\r\n\r\n--b\r\n\r\n"
               "\374\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n"
               "AA==\r\n--b--\r\n"),
     SPAN_INIT("part 2: encoded as base64, for it has NUL octets\n")},
};

START_TEST(other_rules)
{
    struct buf out = {0}, notes = {0};
    struct err err;

    ck_assert_msg(convert_message(cases[_i].raw, &cases[_i].rules, 0, &out,
                                  &notes, &err),
                  "%s: %s", cases[_i].name, err.text);
    check_text(buf_span(&out), cases[_i].text, span_of(cases[_i].name));
    check_text(buf_span(&notes), cases[_i].notes, span_of(cases[_i].name));
    buf_free(&out);
    buf_free(&notes);
}
END_TEST

START_TEST(raw_is_not_for_what_no_server_takes)
{
    const struct recode_rules rules = {.signed_parts = RECODE_SIGNED_RAW};
    struct buf out = {0}, notes = {0};
    struct err err;

    ck_assert(!convert_message(
        S("Content-Type: multipart/signed; boundary=s\n\n--s\n\na\rb\n"
          "--s--\n"),
        &rules, 0, &out, &notes, &err));
    ck_assert_str_eq(err.text,
                     "5.6.3 the message (multipart/signed) has CRs within "
                     "lines, which the server does not take, and cannot be "
                     "converted: that would break its signature");
    ck_assert_str_eq(err.hint, "sign it again in 7-bit form, or see the "
                               "setting 'signed'");
    buf_free(&out);
    buf_free(&notes);
}
END_TEST

START_TEST(many_notes_are_counted)
{
    const struct recode_rules rules = {0};
    struct buf raw = {0}, out = {0}, notes = {0};
    struct err err;

    buf_add(&raw, S("Content-Type: multipart/mixed; boundary=b\n\n"));
    for (int i = 0; i < 20; i++)
        buf_add(&raw, S("--b\n\n\374\n"));
    ck_assert(
        convert_message(buf_span(&raw), &rules, 0, &out, &notes, &err));
    ck_assert(span_ends(buf_span(&notes), S("\n4 changes more\n")));
    buf_free(&raw);
    buf_free(&out);
    buf_free(&notes);
}
END_TEST

START_TEST(there_are_messages)
{
    ck_assert_int_gt(names_count, 70);
    ck_assert_int_lt(names_count, NAMES_MAX);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("recode");

    read_names();
    tcase_add_loop_test(t, comes_out_as_expected, 0, names_count);
    tcase_add_loop_test(t, pieces_make_no_difference, 0, names_count);
    tcase_add_loop_test(t, is_taken_as_it_is_the_second_time, 0, names_count);
    tcase_add_loop_test(t, line_ends_make_no_difference, 0, names_count);
    tcase_add_loop_test(t, other_rules, 0, COUNT(cases));
    tcase_add_test(t, raw_is_not_for_what_no_server_takes);
    tcase_add_test(t, many_notes_are_counted);
    tcase_add_test(t, there_are_messages);
    return unit_run("recode", t);
}
