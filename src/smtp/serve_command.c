/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/serve_command.h"

#include "base/utf8.h"
#include "mail/address.h"
#include "mail/raw_lines.h"

/* RFC 3461, 4: characters of xtext. */
enum { ENVID_MAX = 100, ORCPT_MAX = 500 };

/* A parameter, and where what it says goes. */
struct parameter {
    struct span value; /* behind the "=", or empty */
    bool equals;       /* there is one */
    struct arena *arena;
    struct mail_parameters *mail;
    struct rcpt_parameters *rcpt;
};

struct parameter_row {
    struct span name;
    bool (*take)(struct parameter *); /* false: it is malformed */
    struct span malformed;
};

static bool refuse(struct serve_reply *refusal, int code, struct span status,
                   struct span text)
{
    *refusal = (struct serve_reply){code, status, text};
    return false;
}

static bool is_letter(char c)
{
    c = ascii_lower(c);
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct span serve_command_name(struct span line, struct span *argument)
{
    size_t n = 0;

    line = span_trim(line);
    while (n < line.n && !is_blank(line.p[n]))
        n++;
    *argument = span_trim(span_from(line, n));
    return span_upto(line, n);
}

bool serve_command_is_clean(struct span line)
{
    for (size_t i = 0; i < line.n; i++)
        if (raw_lines_control(line.p[i]))
            return false;
    return true;
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * RFC 3461, 4: one character of xtext off the front of *S; -1 where there is
 * none, or it stands for one that is not printable ASCII.
 */
static int xtext_next(struct span *s)
{
    int c = (unsigned char)s->p[0], high, low;

    if (c <= ' ' || c > '~' || c == '=')
        return -1;
    if (c != '+') {
        *s = span_from(*s, 1);
        return c;
    }
    if (s->n < 3 || (high = hex_value(s->p[1])) < 0 ||
        (low = hex_value(s->p[2])) < 0)
        return -1;
    c = high * 16 + low;
    *s = span_from(*s, 3);
    return c >= ' ' && c <= '~' ? c : -1;
}

static bool xtext_read(struct span s, struct buf *text)
{
    while (!span_empty(s)) {
        int c = xtext_next(&s);

        if (c < 0)
            return false;
        buf_addc(text, (char)c);
    }
    return true;
}

static bool take_size(struct parameter *p)
{
    p->mail->state_size = span_number(p->value, UINT64_MAX, &p->mail->size);
    return p->mail->state_size;
}

static bool take_body(struct parameter *p)
{
    if (span_ieq(p->value, S("8BITMIME")))
        p->mail->body = BODY_8BITMIME;
    else if (!span_ieq(p->value, S("7BIT")))
        return false;
    return true;
}

static bool take_smtputf8(struct parameter *p)
{
    p->mail->smtputf8 = true;
    return !p->equals;
}

static bool take_ret(struct parameter *p)
{
    if (span_ieq(p->value, S("FULL")))
        p->mail->returned = DSN_RETURN_FULL;
    else if (span_ieq(p->value, S("HDRS")))
        p->mail->returned = DSN_RETURN_HDRS;
    else
        return false;
    return true;
}

static bool take_envid(struct parameter *p)
{
    struct buf text = {0};
    bool sound = p->value.n > 0 && p->value.n <= ENVID_MAX &&
                 xtext_read(p->value, &text);

    if (sound)
        p->mail->envelope_id = arena_copy(p->arena, buf_span(&text));
    buf_free(&text);
    return sound;
}

/* RFC 4954, 5: it need not be trusted; nobody has logged in here. */
static bool take_auth(struct parameter *p)
{
    return p->value.n > 0;
}

static unsigned notify_bit(struct span word)
{
    static const struct {
        struct span name;
        unsigned bit;
    } bits[] = {
        {SPAN_INIT("NEVER"), DSN_NOTIFY_NEVER},
        {SPAN_INIT("SUCCESS"), DSN_NOTIFY_SUCCESS},
        {SPAN_INIT("FAILURE"), DSN_NOTIFY_FAILURE},
        {SPAN_INIT("DELAY"), DSN_NOTIFY_DELAY},
    };

    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        if (span_ieq(word, bits[i].name))
            return bits[i].bit;
    return 0;
}

static bool take_notify(struct parameter *p)
{
    struct span rest = p->value, word;
    unsigned *notify = &p->rcpt->notify;

    while (span_word(&rest, ',', &word)) {
        unsigned bit = notify_bit(word);

        if (!bit)
            return false;
        *notify |= bit;
    }
    return *notify && (!(*notify & DSN_NOTIFY_NEVER) ||
                       *notify == DSN_NOTIFY_NEVER);
}

static bool is_address_type(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_letter(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '-')
            return false;
    return s.n > 0;
}

static bool take_orcpt(struct parameter *p)
{
    size_t type = span_find(p->value, ';');
    struct span address = span_from(p->value, type + 1);
    struct buf text = {0};
    bool sound = p->value.n <= ORCPT_MAX &&
                 is_address_type(span_upto(p->value, type)) && address.n > 0 &&
                 xtext_read(address, &text);

    if (sound)
        p->rcpt->original = arena_copy(p->arena, p->value);
    buf_free(&text);
    return sound;
}

static const struct parameter_row mail_rows[] = {
    /* RFC 1870, 6 */
    {SPAN_INIT("SIZE"), take_size, SPAN_INIT("syntax: SIZE=number")},
    /* RFC 6152, 2; BODY=BINARYMIME is RFC 3030's, and not offered */
    {SPAN_INIT("BODY"), take_body, SPAN_INIT("syntax: BODY=7BIT or 8BITMIME")},
    /* RFC 6531, 3.4 */
    {SPAN_INIT("SMTPUTF8"), take_smtputf8, SPAN_INIT("SMTPUTF8 has no value")},
    /* RFC 3461, 4.3 */
    {SPAN_INIT("RET"), take_ret, SPAN_INIT("syntax: RET=FULL or HDRS")},
    /* RFC 3461, 4.4 */
    {SPAN_INIT("ENVID"), take_envid, SPAN_INIT("syntax: ENVID=xtext")},
    /* RFC 4954, 5 */
    {SPAN_INIT("AUTH"), take_auth, SPAN_INIT("syntax: AUTH=xtext")},
};

static const struct parameter_row rcpt_rows[] = {
    /* RFC 3461, 4.1 */
    {SPAN_INIT("NOTIFY"), take_notify,
     SPAN_INIT("syntax: NOTIFY=NEVER, or SUCCESS, FAILURE, DELAY")},
    /* RFC 3461, 4.2 */
    {SPAN_INIT("ORCPT"), take_orcpt, SPAN_INIT("syntax: ORCPT=type;xtext")},
};

static const struct parameter_row *row_of(const struct parameter_row *rows,
                                          size_t n, struct span name)
{
    for (size_t i = 0; i < n; i++)
        if (span_ieq(name, rows[i].name))
            return &rows[i];
    return NULL;
}

static bool next_word(struct span *rest, struct span *word)
{
    size_t n = 0;

    *rest = span_trim(*rest);
    while (n < rest->n && !is_blank(rest->p[n]))
        n++;
    *word = span_upto(*rest, n);
    *rest = span_from(*rest, n);
    return n > 0;
}

static bool take_word(struct span word, const struct parameter_row *rows,
                      size_t n, struct parameter *p, unsigned *seen,
                      struct serve_reply *refusal)
{
    size_t equals = span_find(word, '=');
    const struct parameter_row *row =
        row_of(rows, n, span_upto(word, equals));
    unsigned bit = row ? 1u << (row - rows) : 0;

    p->equals = equals < word.n;
    p->value = span_from(word, equals + 1);
    if (!row)
        return refuse(refusal, 555, S("5.5.4"), S("unknown parameter"));
    if ((*seen & bit) || !row->take(p))
        return refuse(refusal, 501, S("5.5.4"), row->malformed);
    *seen |= bit;
    return true;
}

/* TEXT is all there is behind the address (RFC 5321, 4.1.2). */
static bool take_parameters(struct span text, const struct parameter_row *rows,
                            size_t n, struct parameter *p,
                            struct serve_reply *refusal)
{
    struct span word;
    unsigned seen = 0;

    while (next_word(&text, &word))
        if (!take_word(word, rows, n, p, &seen, refusal))
            return false;
    return true;
}

/* Where the path at the front of S ends: the ">", or the blank behind it. */
static size_t path_end(struct span s, bool angle)
{
    bool quoted = false;

    for (size_t i = 0; i < s.n; i++) {
        if (quoted && s.p[i] == '\\')
            i++;
        else if (s.p[i] == '"')
            quoted = !quoted;
        else if (!quoted && (angle ? s.p[i] == '>' : is_blank(s.p[i])))
            return i;
    }
    return s.n;
}

/*
 * Take "FROM:<path>" off the front of *REST: what is between "<" and ">", or
 * up to a blank where there are none.
 */
static bool take_path(struct span *rest, struct span keyword,
                      struct span *path)
{
    bool angle;
    size_t end;

    if (!span_istarts(*rest, keyword))
        return false;
    *rest = span_trim(span_from(*rest, keyword.n));
    if (!span_starts(*rest, S(":")))
        return false;
    *rest = span_trim(span_from(*rest, 1));
    angle = span_starts(*rest, S("<"));
    *rest = span_from(*rest, angle);
    end = path_end(*rest, angle);
    if (end == (angle ? rest->n : 0))
        return false;
    *path = span_trim(span_upto(*rest, end));
    *rest = span_from(*rest, end + angle);
    return span_empty(*rest) || is_blank(rest->p[0]);
}

/* PATH in the form that travels; STATUS is for one that is no address. */
static bool read_path(struct span path, struct span status,
                      struct arena *arena, struct span *address,
                      struct serve_reply *refusal)
{
    struct buf text = {0};
    struct address *a;
    struct err err;
    bool sound;

    /* In "<" and ">" it can be neither a list nor a group. */
    buf_addc(&text, '<');
    buf_add(&text, path);
    buf_addc(&text, '>');
    sound = address_read(buf_span(&text), arena, &a, &err);
    buf_clear(&text);
    if (sound) {
        buf_add(&text, a->local);
        buf_add(&text, a->domain.n ? S("@") : S(""));
        buf_add(&text, a->domain);
        *address = arena_copy(arena, buf_span(&text));
    } else {
        refuse(refusal, 501, status, arena_copy(arena, span_of(err.text)));
    }
    buf_free(&text);
    return sound;
}

bool serve_command_mail(struct span argument, struct arena *arena,
                        struct serve_mail *mail, struct serve_reply *refusal)
{
    struct parameter p = {.arena = arena, .mail = &mail->parameters};
    struct span path;

    *mail = (struct serve_mail){.sender = S("")};
    if (!take_path(&argument, S("FROM"), &path))
        return refuse(refusal, 501, S("5.5.4"),
                      S("syntax: MAIL FROM:<address>"));
    if (path.n && !read_path(path, S("5.1.7"), arena, &mail->sender, refusal))
        return false;
    return take_parameters(argument, mail_rows,
                           sizeof mail_rows / sizeof *mail_rows, &p, refusal);
}

bool serve_command_rcpt(struct span argument, struct arena *arena,
                        struct serve_rcpt *rcpt, struct serve_reply *refusal)
{
    struct parameter p = {.arena = arena, .rcpt = &rcpt->parameters};
    struct span path;

    *rcpt = (struct serve_rcpt){.recipient = S("")};
    if (!take_path(&argument, S("TO"), &path))
        return refuse(refusal, 501, S("5.5.4"),
                      S("syntax: RCPT TO:<address>"));
    if (!read_path(path, S("5.1.3"), arena, &rcpt->recipient, refusal))
        return false;
    return take_parameters(argument, rcpt_rows,
                           sizeof rcpt_rows / sizeof *rcpt_rows, &p, refusal);
}

bool serve_command_bdat(struct span argument, uint64_t *octets, bool *last)
{
    struct span size, word;

    *last = false;
    if (!next_word(&argument, &size) ||
        !span_number(size, UINT64_MAX, octets))
        return false;
    if (next_word(&argument, &word))
        *last = span_ieq(word, S("LAST"));
    else
        return true;
    return *last && !next_word(&argument, &word);
}
