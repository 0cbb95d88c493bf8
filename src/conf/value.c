/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/value.h"

#include "conf/options.h"
#include "conf/suggest.h"
#include "mail/envelope.h"
#include "mail/idn.h"
#include "mail/pattern.h"

/* A value that is being read. */
struct reading {
    const struct value_use *use;
    struct span text;
    struct span *read;
    uint64_t *number;
    struct err *err;
};

/* What a value of each kind is, where its row does not say it. */
static const char *const expected[] = {
    [KIND_SIZE] = "a number of bytes, such as 500K, 25M or 1G",
    [KIND_DOMAIN] = "a domain name, or an address in brackets",
    [KIND_MECHANISMS] = "names of SASL mechanisms, such as PLAIN; one with "
                        "'+' behind it stands for all that are better, too",
    [KIND_PINS] = "first-use, or SHA-256 fingerprints: 64 hexadecimal "
                  "digits, or sha256// and base64",
    [KIND_MAILBOX] = "one address, with or without a name",
    [KIND_PATTERNS] = "addresses, with '*' and '?' for parts of them",
};

/* At I: a control of ASCII, or one of the C1 set as UTF-8 has them. */
static bool is_control(struct span s, size_t i)
{
    unsigned char u = (unsigned char)s.p[i];

    if (u == 0xC2 && i + 1 < s.n)
        return ((unsigned char)s.p[i + 1] & 0xE0) == 0x80;
    return u < 0x20 || u == 0x7F;
}

bool value_clean(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_control(s, i))
            return false;
    return true;
}

/* "a or b" for "a|b" */
static void alternatives_add(const char *placeholder, struct buf *out)
{
    for (; *placeholder; placeholder++)
        if (*placeholder == '|')
            buf_add(out, S(" or "));
        else
            buf_addc(out, *placeholder);
}

static void expected_add(const struct setting *row, struct buf *out)
{
    if (row->kind == KIND_NUMBER)
        buf_printf(out, "a number of %s from %llu to %llu", row->unit,
                   (unsigned long long)row->least,
                   (unsigned long long)row->most);
    else if (row->kind == KIND_CHOICE || row->kind == KIND_PATH ||
             row->kind == KIND_CREDENTIAL)
        alternatives_add(row->placeholder, out);
    else
        buf_add(out, span_of(expected[row->kind]));
}

static bool refuse(const struct reading *r)
{
    const struct setting *row = r->use->setting;
    struct buf what = {0};

    expected_add(row, &what);
    fail(r->err, ERR_CONFIG, "%s cannot be '%.*s': it is %.*s", row->name,
         SPAN_ARG(r->text), SPAN_ARG(buf_span(&what)));
    buf_free(&what);
    return row->note ? err_hint(r->err, "%s", row->note) : false;
}

static bool keep(const struct reading *r, struct span s)
{
    *r->read = arena_copy(r->use->arena, s);
    return true;
}

static bool text_read(const struct reading *r)
{
    return keep(r, r->text);
}

/* Someone has read our own list of the settings back in. */
static bool secret_read(const struct reading *r)
{
    if (!span_eq(r->text, S(VALUE_HIDDEN)))
        return keep(r, r->text);
    fail(r->err, ERR_CONFIG, "%s cannot be '" VALUE_HIDDEN "': that is shown "
                             "in its place",
         r->use->setting->name);
    return err_hint(r->err, "write the %s itself, or leave it out",
                    r->use->setting->name);
}

static bool number_read(const struct reading *r)
{
    const struct setting *row = r->use->setting;

    if (!span_number(r->text, row->most, r->number) ||
        *r->number < row->least)
        return refuse(r);
    return keep(r, r->text);
}

/* How many bytes the letter behind a size stands for, as a power of two. */
static unsigned size_shift(char letter)
{
    switch (ascii_lower(letter)) {
    case 'k':
        return 10;
    case 'm':
        return 20;
    case 'g':
        return 30;
    }
    return 0;
}

static bool size_read(const struct reading *r)
{
    const struct setting *row = r->use->setting;
    unsigned shift = size_shift(r->text.p[r->text.n - 1]);
    struct span digits = span_upto(r->text, r->text.n - (shift > 0));

    if (!span_number(digits, row->most >> shift, r->number))
        return refuse(r);
    *r->number <<= shift;
    return *r->number >= row->least ? keep(r, r->text) : refuse(r);
}

/* TEXT is one of the row's words: which one. */
static bool word_read(const struct reading *r)
{
    struct span rest = span_of(r->use->setting->words), word;

    for (*r->number = 0; span_word(&rest, ' ', &word); ++*r->number)
        if (span_eq(word, r->text))
            return true;
    return false;
}

/* Refuse a word that there is not, and name the one that is near. */
static bool unknown_word(const struct reading *r)
{
    struct span rest = span_of(r->use->setting->words), word;
    struct suggestion near = suggestion_for(r->text);

    while (span_word(&rest, ' ', &word))
        suggestion_offer(&near, word);
    refuse(r);
    if (r->use->setting->note || span_empty(near.best))
        return false;
    return err_hint(r->err, "did you mean '%.*s'?", SPAN_ARG(near.best));
}

static bool choice_read(const struct reading *r)
{
    return word_read(r) ? keep(r, r->text) : unknown_word(r);
}

static bool home_path_read(const struct reading *r)
{
    struct buf path = {0};

    if (span_empty(r->use->home))
        return fail(r->err, ERR_CONFIG,
                    "%s cannot be '%.*s': no home directory is known",
                    r->use->setting->name, SPAN_ARG(r->text));
    buf_add(&path, r->use->home);
    buf_add(&path, span_from(r->text, 1));
    keep(r, buf_span(&path));
    buf_free(&path);
    return true;
}

/*
 * Outside of files a path may be relative, as people expect of a shell's
 * command line; a "/" or "." then tells it from a word that is misspelt.
 */
static bool path_read(const struct reading *r)
{
    struct span s = r->text;

    if (word_read(r))
        return keep(r, s);
    if (span_starts(s, S("~/")))
        return home_path_read(r);
    if (s.p[0] == '/')
        return keep(r, s);
    if (span_find(s, '/') == s.n && span_find(s, '.') == s.n)
        return unknown_word(r);
    if (!r->use->in_file)
        return keep(r, s);
    refuse(r);
    return err_hint(r->err, "a path in a file begins with '/' or '~/'");
}

static bool credential_read(const struct reading *r)
{
    return span_istarts(r->text, S("pkcs11:")) ? keep(r, r->text)
                                               : path_read(r);
}

static bool domain_read(const struct reading *r)
{
    struct span ascii, name = r->text;
    struct err why;

    if (span_ends(name, S(".")))
        name.n--;
    if (!idn_to_ascii(name, r->use->arena, &ascii, &why)) {
        refuse(r);
        return err_hint(r->err, "%s", why.text);
    }
    return keep(r, ascii);
}

/* One name in capitals, with its "+" (RFC 4422, 3.1). */
static bool mechanism_add(struct span name, struct buf *out)
{
    enum { LONGEST = 20 };
    size_t n = name.n - span_ends(name, S("+"));

    if (!n || n > LONGEST)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = ascii_lower(name.p[i]);
        bool letter = c >= 'a' && c <= 'z';

        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_')
            return false;
        buf_addc(out, letter ? (char)(c - 'a' + 'A') : c);
    }
    buf_add(out, span_from(name, n));
    return true;
}

static bool mechanisms_read(const struct reading *r)
{
    struct span rest = r->text, words, name;
    struct buf names = {0};
    bool ok = true;

    while (ok && span_word(&rest, ' ', &words))
        while (ok && span_word(&words, ',', &name)) {
            if (names.len)
                buf_addc(&names, ' ');
            ok = mechanism_add(name, &names);
        }
    ok = ok && names.len ? keep(r, buf_span(&names)) : refuse(r);
    buf_free(&names);
    return ok;
}

static bool is_base64_digit(char c)
{
    char small = ascii_lower(c);

    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
           c == '+' || c == '/';
}

static bool is_base64_pin(struct span s)
{
    size_t digits = 0;

    while (digits < s.n && is_base64_digit(s.p[digits]))
        digits++;
    return digits == 43 && span_eq(span_from(s, digits), S("="));
}

static bool is_hex_pin(struct span s)
{
    size_t digits = 0;

    for (size_t i = 0; i < s.n; i++) {
        char c = ascii_lower(s.p[i]);

        if (c == ':' && digits % 2 == 0)
            continue;
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return false;
        digits++;
    }
    return digits == 64;
}

static bool is_pin(struct span s)
{
    if (span_starts(s, S("sha256//")))
        return is_base64_pin(span_from(s, 8));
    return is_hex_pin(span_starts(s, S("sha256:")) ? span_from(s, 7) : s);
}

static bool pins_read(const struct reading *r)
{
    struct span rest = r->text, words, pin;

    if (span_eq(r->text, S("first-use")))
        return keep(r, r->text);
    while (span_word(&rest, ' ', &words))
        while (span_word(&words, ',', &pin))
            if (!is_pin(pin))
                return refuse(r);
    return keep(r, r->text);
}

/* Its domain, which may be missing, is not known before all is read. */
static bool mailbox_read(const struct reading *r)
{
    struct envelope envelope = {0};
    struct err why;
    bool good;

    if (span_eq(span_trim(r->text), S("<>")))
        return refuse(r);
    good = envelope_sender(&envelope, r->text, S("example.org"), &why);
    envelope_free(&envelope);
    if (good)
        return keep(r, r->text);
    refuse(r);
    return err_hint(r->err, "%s", why.text);
}

static bool patterns_read(const struct reading *r)
{
    struct err why;

    if (pattern_list_check(r->text, &why))
        return keep(r, r->text);
    refuse(r);
    return err_hint(r->err, "%s", why.text);
}

static bool (*const readers[])(const struct reading *) = {
    [KIND_STRING] = text_read,
    [KIND_SECRET] = secret_read,
    [KIND_NUMBER] = number_read,
    [KIND_SIZE] = size_read,
    [KIND_CHOICE] = choice_read,
    [KIND_PATH] = path_read,
    [KIND_CREDENTIAL] = credential_read,
    [KIND_SERVER] = text_read,
    [KIND_DOMAIN] = domain_read,
    [KIND_MECHANISMS] = mechanisms_read,
    [KIND_PINS] = pins_read,
    [KIND_MAILBOX] = mailbox_read,
    [KIND_PATTERNS] = patterns_read,
};

bool value_read(const struct value_use *use, struct span text,
                struct span *read, uint64_t *number, struct err *err)
{
    struct reading r = {use, text, read, number, err};
    const char *name = use->setting->name;

    if (text.n > VALUE_LONGEST)
        return fail(err, ERR_CONFIG, "%s is longer than %d bytes", name,
                    VALUE_LONGEST);
    if (!value_clean(text))
        return fail(err, ERR_CONFIG, "%s holds a control character", name);
    return readers[use->setting->kind](&r);
}
