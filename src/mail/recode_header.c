/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/recode_header.h"

#include "base/utf8.h"
#include "mail/encoded_word.h"
#include "mail/fold.h"
#include "mail/header.h"
#include "mail/parameters.h"
#include "mail/raw_lines.h"
#include "mail/recode_address.h"
#include "mail/scan.h"

enum { NAMES_MAX = 200 }; /* octets of names in a note */

enum structure {
    UNSTRUCTURED, /* all words                                            */
    ADDRESSES,    /* display names, comments, domains                     */
    PHRASES,
    COMMENTS,     /* comments, and nothing else can hold other letters    */
    PARAMETERS,
    IDENTIFIERS,  /* cannot be encoded: the field gets another name       */
};

/* RFC 6857, 3.2; a field that is not here is unstructured. */
static const struct {
    struct span name;
    enum structure structure;
} structures[] = {
    {SPAN_INIT("From"), ADDRESSES},
    {SPAN_INIT("To"), ADDRESSES},
    {SPAN_INIT("Cc"), ADDRESSES},
    {SPAN_INIT("Bcc"), ADDRESSES},
    {SPAN_INIT("Sender"), ADDRESSES},
    {SPAN_INIT("Reply-To"), ADDRESSES},
    {SPAN_INIT("Resent-From"), ADDRESSES},
    {SPAN_INIT("Resent-To"), ADDRESSES},
    {SPAN_INIT("Resent-Cc"), ADDRESSES},
    {SPAN_INIT("Resent-Bcc"), ADDRESSES},
    {SPAN_INIT("Resent-Sender"), ADDRESSES},
    {SPAN_INIT("Resent-Reply-To"), ADDRESSES},
    {SPAN_INIT("Return-Path"), ADDRESSES},
    {SPAN_INIT("Errors-To"), ADDRESSES},
    {SPAN_INIT("Return-Receipt-To"), ADDRESSES},
    {SPAN_INIT("Disposition-Notification-To"), ADDRESSES},
    {SPAN_INIT("Keywords"), PHRASES},
    {SPAN_INIT("Received"), COMMENTS},
    {SPAN_INIT("Date"), COMMENTS},
    {SPAN_INIT("Resent-Date"), COMMENTS},
    {SPAN_INIT("MIME-Version"), COMMENTS},
    {SPAN_INIT("Content-ID"), COMMENTS},
    {SPAN_INIT("Content-Language"), COMMENTS},
    {SPAN_INIT("Content-Transfer-Encoding"), COMMENTS},
    {SPAN_INIT("Content-Type"), PARAMETERS},
    {SPAN_INIT("Content-Disposition"), PARAMETERS},
    {SPAN_INIT("Message-ID"), IDENTIFIERS},
    {SPAN_INIT("Resent-Message-ID"), IDENTIFIERS},
    {SPAN_INIT("References"), IDENTIFIERS},
    {SPAN_INIT("In-Reply-To"), IDENTIFIERS},
};

static enum structure structure_of(struct span name)
{
    for (size_t i = 0; i < sizeof structures / sizeof *structures; i++)
        if (span_ieq(name, structures[i].name))
            return structures[i].structure;
    return UNSTRUCTURED;
}

/* One header on its way. */
struct header_work {
    struct span header;
    size_t at;
    const struct header_change *change;
    const struct header_rules *rules;
    struct edits *edits;
    struct header_result *result;
    bool has_encoding, has_type, has_version;
};

static void replace(struct header_work *w, struct span whole, struct span text)
{
    edits_add(w->edits,
              (struct edit){
                  .at = w->at + (size_t)(whole.p - w->header.p),
                  .length = whole.n,
                  .kind = EDIT_TEXT,
                  .text = arena_copy(&w->edits->texts, text),
              });
    w->result->changed = true;
}

/*
 * BODY on one line, with a blank at its front: no NUL, which nothing can stand
 * for, and no bare CR.
 */
static void add_line(struct span body, struct buf *out)
{
    struct raw_lines lines = {.rest = body};

    if (!span_starts(body, S(" ")) && !span_starts(body, S("\t")))
        buf_addc(out, ' ');
    while (raw_lines_next(&lines)) {
        struct span line = raw_lines_trim(lines.line);

        for (size_t i = 0; i < line.n; i++)
            if (line.p[i] == '\r')
                buf_addc(out, ' ');
            else if (line.p[i] != '\0')
                buf_addc(out, line.p[i]);
    }
}

/* All that is not in an encoded-word, which has a charset of its own. */
static bool is_utf8(struct span text)
{
    struct encoded_word word;

    while (encoded_word_find(text, &word)) {
        if (!utf8_valid(span_upto(text, (size_t)(word.whole.p - text.p))))
            return false;
        text = span_from(text, (size_t)(word.whole.p - text.p) + word.whole.n);
    }
    return utf8_valid(text);
}

static struct span charset_of(const struct header_work *w, struct span text)
{
    if (is_utf8(text))
        return S("utf-8");
    return span_empty(w->rules->charset) ? S("unknown-8bit")
                                         : w->rules->charset;
}

/* The octets that BODY may be broken behind where it has no blanks. */
static struct span breaks_of(enum structure structure)
{
    if (structure == ADDRESSES || structure == PHRASES)
        return S(",;");
    if (structure == IDENTIFIERS)
        return S(">");
    return structure == UNSTRUCTURED ? S("") : S(";");
}

static void recode_identifiers(struct span body, struct span charset,
                               struct buf *out)
{
    buf_addc(out, ' ');
    encoded_word_encode(body, charset, WORD_TEXT, out);
}

/* BODY by the structure of the field, in ASCII. */
static void add_recoded(const struct header_work *w, enum structure structure,
                        struct span body, struct buf *out)
{
    struct span charset = charset_of(w, body);
    bool over = !utf8_is_ascii(body);

    if (structure == PARAMETERS)
        parameters_recode(body, charset, out);
    else if (structure == ADDRESSES && over)
        recode_addresses(body, charset, out);
    else if (structure == PHRASES && over)
        recode_phrases(body, charset, out);
    else if (structure == COMMENTS && over)
        recode_comments(body, charset, out);
    else if (structure == IDENTIFIERS && over)
        recode_identifiers(span_trim(body), charset, out);
    else if (structure == UNSTRUCTURED)
        encoded_words(body, charset, WORD_TEXT, out);
    else
        buf_add(out, body);
}

static bool fail_long(const struct field *f, struct err *err)
{
    return fail(err, ERR_DATA,
                "5.6.3 the header field '%.*s' has a word that fits on no"
                " line of 998 octets",
                SPAN_ARG(span_upto(f->name, 80)));
}

/* Append the field with BODY, which is on one line, to TEXT. */
static bool write_field(struct header_work *w, const struct field *f,
                        struct span body, struct buf *text, struct err *err)
{
    enum structure structure = structure_of(f->name);
    struct buf recoded = {0}, name = {0};
    size_t start = text->len;
    bool done;

    if (w->rules->utf8 && utf8_valid(body) &&
        fold_field(f->name, body, breaks_of(structure), text))
        return true;
    buf_cut(text, start);
    if (structure == IDENTIFIERS && !utf8_is_ascii(body))
        buf_add(&name, S("Downgraded-"));
    buf_add(&name, f->name);
    add_recoded(w, structure, body, &recoded);
    done = fold_field(buf_span(&name), buf_span(&recoded),
                      breaks_of(structure), text);
    buf_free(&recoded);
    buf_free(&name);
    return done || fail_long(f, err);
}

static void note_field(struct header_result *result, struct span name)
{
    if (result->fields.len > NAMES_MAX)
        return;
    if (result->fields.len)
        buf_add(&result->fields, S(", "));
    buf_add(&result->fields, span_upto(name, NAMES_MAX));
}

/* The server does not take the field as it stands. */
static bool is_bad(struct header_work *w, const struct field *f)
{
    struct scan scan = {0};

    scan_push(&scan, f->whole, false);
    scan_end(&scan);
    if (w->rules->utf8 && utf8_valid(f->body))
        scan.traits &= ~(unsigned)TRAIT_8BIT;
    w->result->why |= scan.traits;
    return scan.traits != 0;
}

/* A line that is no field, such as a mailbox puts before a message. */
static bool is_nameless(const struct field *f)
{
    return span_empty(f->name) || span_find(f->name, ' ') < f->name.n;
}

static bool rewrite(struct header_work *w, const struct field *f,
                    struct err *err)
{
    struct buf body = {0}, text = {0};
    bool done = true;

    add_line(f->body, &body);
    if (!is_nameless(f)) {
        done = write_field(w, f, buf_span(&body), &text, err);
        note_field(w->result, f->name);
    }
    if (done)
        replace(w, f->whole, buf_span(&text));
    buf_free(&body);
    buf_free(&text);
    return done;
}

/* The first Content-Transfer-Encoding counts, any other goes. */
static void set_encoding(struct header_work *w, const struct field *f)
{
    struct buf text = {0};

    if (!w->has_encoding)
        buf_printf(&text, "%.*s: %.*s\n", SPAN_ARG(f->name),
                   SPAN_ARG(w->change->encoding));
    w->has_encoding = true;
    replace(w, f->whole, buf_span(&text));
    buf_free(&text);
}

static void add_plain_type(struct span charset, struct buf *out)
{
    buf_add(out, S("Content-Type: text/plain"));
    if (!span_empty(charset))
        buf_printf(out, "; charset=%.*s", SPAN_ARG(charset));
    buf_addc(out, '\n');
}

/* A multipart that has no parts: what it claimed to be is kept for readers. */
static bool add_original_type(struct header_work *w, const struct field *f,
                              struct span body, struct buf *text,
                              struct err *err)
{
    struct field original = *f;

    original.name = S("X-Original-Content-Type");
    if (!write_field(w, &original, body, text, err))
        return false;
    add_plain_type(w->change->charset, text);
    return true;
}

static void set_parameters(const struct header_change *change,
                           struct span body, struct buf *out)
{
    struct buf first = {0};

    if (!span_empty(change->charset))
        parameters_set(body, S("charset"), change->charset, &first);
    else
        buf_add(&first, body);
    if (!span_empty(change->boundary))
        parameters_set(buf_span(&first), S("boundary"), change->boundary, out);
    else
        buf_add(out, buf_span(&first));
    buf_free(&first);
}

static bool set_type(struct header_work *w, const struct field *f,
                     struct err *err)
{
    struct buf body = {0}, set = {0}, text = {0};
    bool done;

    add_line(f->body, &body);
    if (w->change->make_plain) {
        done = add_original_type(w, f, buf_span(&body), &text, err);
    } else {
        if (span_empty(span_trim(buf_span(&body))))
            buf_add(&body, S("text/plain"));
        set_parameters(w->change, buf_span(&body), &set);
        done = write_field(w, f, buf_span(&set), &text, err);
    }
    if (done)
        replace(w, f->whole, buf_span(&text));
    buf_free(&body);
    buf_free(&set);
    buf_free(&text);
    return done;
}

static bool changes_type(const struct header_change *change)
{
    return !span_empty(change->charset) || !span_empty(change->boundary) ||
           change->make_plain;
}

static bool take_field(struct header_work *w, const struct field *f,
                       struct err *err)
{
    const struct header_change *change = w->change;
    bool first_type = field_is(f, S("Content-Type")) && !w->has_type;

    w->has_type |= first_type;
    w->has_version |= field_is(f, S("MIME-Version"));
    if (first_type && changes_type(change))
        return set_type(w, f, err);
    if (field_is(f, S("Content-Transfer-Encoding")) &&
        !span_empty(change->encoding)) {
        set_encoding(w, f);
        return true;
    }
    if (change->new_body && (field_is(f, S("Content-Length")) ||
                             field_is(f, S("Lines")))) {
        replace(w, f->whole, S(""));
        return true;
    }
    return !is_bad(w, f) || rewrite(w, f, err);
}

/* What the header does not say at all yet goes behind all that it says. */
static void add_missing(struct header_work *w)
{
    const struct header_change *change = w->change;
    struct buf text = {0};

    if (!span_empty(change->charset) && !w->has_type)
        add_plain_type(change->charset, &text);
    if (!span_empty(change->encoding) && !w->has_encoding)
        buf_printf(&text, "Content-Transfer-Encoding: %.*s\n",
                   SPAN_ARG(change->encoding));
    if (change->mime_version && !w->has_version)
        buf_add(&text, S("MIME-Version: 1.0\n"));
    if (change->add_blank)
        buf_addc(&text, '\n');
    if (text.len)
        replace(w, span_from(w->header, w->header.n), buf_span(&text));
    buf_free(&text);
}

bool header_recode(struct span header, size_t at,
                   const struct header_change *change,
                   const struct header_rules *rules, struct edits *edits,
                   struct header_result *result, struct err *err)
{
    struct header_work w = {header, at,     change, rules, edits,
                            result, false, false,  false};
    struct field f;

    for (struct span rest = header; header_next(&rest, &f);)
        if (!take_field(&w, &f, err))
            return false;
    add_missing(&w);
    return true;
}

bool header_wants_utf8(struct span header)
{
    struct field f;
    bool wants = false;

    while (!wants && header_next(&header, &f)) {
        struct buf body = {0};

        if (structure_of(f.name) == ADDRESSES && !utf8_is_ascii(f.body)) {
            add_line(f.body, &body);
            wants = utf8_valid(f.body) &&
                    recode_address_is_utf8(buf_span(&body));
        }
        buf_free(&body);
    }
    return wants;
}
