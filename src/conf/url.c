/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/url.h"

#include "conf/suggest.h"
#include "conf/value.h"
#include "mail/idn.h"

static const struct scheme {
    struct span name;
    uint16_t port;
    enum server_protocol protocol;
    bool implicit_tls;
    bool local;
} schemes[] = {
    {SPAN_INIT("submissions"), 465, SERVER_SMTP, true, false},
    {SPAN_INIT("submission"), 587, SERVER_SMTP, false, false},
    {SPAN_INIT("smtps"), 465, SERVER_SMTP, true, false},
    {SPAN_INIT("smtp"), 25, SERVER_SMTP, false, false},
    {SPAN_INIT("lmtp"), 24, SERVER_LMTP, false, false},
    {SPAN_INIT("unix"), 0, SERVER_SMTP, false, true},
};

enum { SCHEME_COUNT = sizeof schemes / sizeof *schemes };

/* What is being read, for the texts of errors, and where it goes. */
struct reading {
    struct span text;
    struct arena *arena;
    struct server *server;
    struct err *err;
};

static const struct scheme *scheme_named(struct span name)
{
    for (size_t i = 0; i < SCHEME_COUNT; i++)
        if (span_ieq(name, schemes[i].name))
            return &schemes[i];
    return NULL;
}

enum { PORT_DIGITS = 5 };

/*
 * The scheme before the ":", and what follows it and "//", which only a local
 * socket may lack.  False where there is none: "mail.example.com:587".
 */
static bool scheme_split(struct span text, struct span *scheme,
                         struct span *rest)
{
    size_t colon = span_find(text, ':');
    struct span after = span_from(text, colon + 1);

    *scheme = span_upto(text, colon);
    *rest = after;
    if (span_starts(after, S("//"))) {
        *rest = span_from(after, 2);
        return true;
    }
    return colon < text.n && span_ieq(*scheme, S("unix"));
}

static bool all_digits(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

/* What stands where a port should, and is none: the host was forgotten. */
static struct span misplaced_find(struct span rest)
{
    size_t colon = span_rfind(rest, ':');
    struct span after = span_from(rest, colon + 1), port = after;

    if (span_ends(port, S("/")))
        port.n--;
    if (all_digits(port) && port.n <= PORT_DIGITS)
        return (struct span){0};
    if (span_starts(rest, S("[")) && span_ends(port, S("]")))
        return (struct span){0};
    return after;
}

/* The password, or what may be one, in the part of a URL behind "//". */
static struct span secret_find(struct span rest)
{
    size_t at = span_rfind(rest, '@');
    struct span userinfo = span_upto(rest, at);

    if (at == rest.n)
        return misplaced_find(rest);
    return span_from(userinfo, span_find(userinfo, ':') + 1);
}

void url_mask(struct span text, struct buf *out)
{
    struct span scheme, rest, secret;

    if (!scheme_split(text, &scheme, &rest))
        rest = text;
    secret = secret_find(rest);
    if (span_empty(secret) ||
        (span_ieq(scheme, S("unix")) && span_starts(rest, S("/")))) {
        buf_add(out, text);
        return;
    }
    buf_add(out, span_upto(text, (size_t)(secret.p - text.p)));
    buf_add(out, S(VALUE_HIDDEN));
    buf_add(out, span_from(text, (size_t)(secret.p - text.p) + secret.n));
}

void url_without_login(struct span text, bool keep_user, struct buf *out)
{
    struct span scheme, rest, login;
    size_t at;

    if (!scheme_split(text, &scheme, &rest))
        rest = text;
    at = span_rfind(rest, '@');
    if (at == rest.n || span_ieq(scheme, S("unix"))) {
        buf_add(out, text);
        return;
    }
    login = span_upto(rest, at);
    buf_add(out, span_upto(text, text.n - rest.n));
    if (keep_user)
        buf_add(out, span_upto(login, span_find(login, ':')));
    buf_add(out, span_from(rest, keep_user ? at : at + 1));
}

/* Fail with "'URL', masked, WHY". */
static bool refuse(const struct reading *r, const char *why)
{
    struct buf masked = {0};

    url_mask(r->text, &masked);
    fail(r->err, ERR_CONFIG, "the server '%.*s' %s",
         SPAN_ARG(buf_span(&masked)), why);
    buf_free(&masked);
    return false;
}

static bool has_byte(struct span s, const char *bytes)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] && strchr(bytes, s.p[i]))
            return true;
    return false;
}

static int hex_value(char c)
{
    c = ascii_lower(c);
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decode the escapes of RFC 3986, 2.1; none may hide a control character. */
static bool decode(const struct reading *r, struct span s, struct span *out)
{
    char *decoded = arena_take(r->arena, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        int high, low;

        decoded[n++] = s.p[i];
        if (s.p[i] != '%')
            continue;
        high = s.n - i > 2 ? hex_value(s.p[i + 1]) : -1;
        low = high >= 0 ? hex_value(s.p[i + 2]) : -1;
        if (low < 0) {
            refuse(r, "has a '%' that begins no escape");
            return err_hint(r->err, "a '%%' in a user or password is "
                                    "written '%%25'");
        }
        decoded[n - 1] = (char)(high * 16 + low);
        i += 2;
    }
    *out = (struct span){decoded, n};
    if (!value_clean(*out))
        return refuse(r, "hides a control character in an escape");
    return true;
}

static bool user_read(const struct reading *r, struct span userinfo)
{
    struct span user = span_upto(userinfo, span_find(userinfo, ':'));
    struct span password = span_from(userinfo, user.n + 1);

    if (span_empty(user))
        return refuse(r, "has no user before the '@'");
    if (has_byte(user, "/?#"))
        return refuse(r, "has a '/', '?' or '#' in the user; write %2F, %3F "
                         "or %23");
    if (span_eq(password, S(VALUE_HIDDEN)))
        return refuse(r, "has what is shown in place of a password, not the "
                         "password");
    return decode(r, user, &r->server->user) &&
           decode(r, password, &r->server->password);
}

/* Four numbers up to 255 (RFC 3986, 3.2.2). */
static bool is_ipv4(struct span s)
{
    for (unsigned parts = 1;; parts++) {
        struct span part = span_upto(s, span_find(s, '.'));
        uint64_t number;

        if (part.n > 3 || !span_number(part, 255, &number))
            return false;
        if (part.n == s.n)
            return parts == 4;
        s = span_from(s, part.n + 1);
    }
}

/* The letters of an IPv6 address and of its zone; who connects reads it. */
static bool is_ipv6(struct span s)
{
    size_t percent = span_find(s, '%');
    bool colon = false;

    for (size_t i = 0; i < percent; i++) {
        colon |= s.p[i] == ':';
        if (s.p[i] != ':' && s.p[i] != '.' && hex_value(s.p[i]) < 0)
            return false;
    }
    return colon && percent + 1 != s.n;
}

/* A number at the end was meant as an address, and is none. */
static bool ends_in_number(struct span name)
{
    size_t dot = span_rfind(name, '.');

    return all_digits(dot < name.n ? span_from(name, dot + 1) : name);
}

static bool host_read(const struct reading *r, struct span host)
{
    struct server *server = r->server;
    struct err why;

    if (span_ends(host, S(".")))
        host.n--;
    if (span_empty(host))
        return refuse(r, "names no host");
    server->literal = is_ipv4(host);
    if (!server->literal && ends_in_number(host))
        return refuse(r, "has a host that is no IP address");
    if (!idn_to_ascii(host, r->arena, &server->host, &why)) {
        refuse(r, "has a host that is no domain name");
        return err_hint(r->err, "%s", why.text);
    }
    server->host = arena_copy(r->arena, server->host);
    return true;
}

static bool port_read(const struct reading *r, struct span port)
{
    uint64_t number;

    if (!span_number(port, UINT16_MAX, &number) || number == 0)
        return refuse(r, "has a port that is not a number from 1 to 65535");
    r->server->port = (uint16_t)number;
    return true;
}

/* "[address]" or "[address]:port" */
static bool bracketed_read(const struct reading *r, struct span s)
{
    size_t close = span_find(s, ']');
    struct span address = span_from(span_upto(s, close), 1);
    struct span after = span_from(s, close + 1);

    if (close == s.n || !is_ipv6(address))
        return refuse(r, "has no IPv6 address between '[' and ']'");
    r->server->literal = true;
    r->server->host = arena_copy(r->arena, address);
    if (span_empty(after))
        return true;
    if (after.p[0] != ':')
        return refuse(r, "has something other than a port after ']'");
    return port_read(r, span_from(after, 1));
}

static bool authority_read(const struct reading *r, struct span rest)
{
    size_t at = span_rfind(rest, '@');
    struct span host = at < rest.n ? span_from(rest, at + 1) : rest;
    size_t colon;

    if (at < rest.n && !user_read(r, span_upto(rest, at)))
        return false;
    if (span_ends(host, S("/")))
        host.n--;
    if (has_byte(host, "/?#"))
        return refuse(r, "goes on after the host, where nothing is expected");
    if (span_starts(host, S("[")))
        return bracketed_read(r, host);
    colon = span_find(host, ':');
    if (span_rfind(host, ':') != colon) {
        refuse(r, "has more than one ':' in the host");
        return err_hint(r->err, "an IPv6 address stands in brackets: "
                                "submission://[2001:db8::1]:587");
    }
    return host_read(r, span_upto(host, colon)) &&
           (colon == host.n || port_read(r, span_from(host, colon + 1)));
}

static bool path_read(const struct reading *r, struct span rest)
{
    if (!span_starts(rest, S("/"))) {
        refuse(r, "has no path that begins with '/'");
        return err_hint(r->err, "write unix:/run/pennypost/submit.sock");
    }
    r->server->path = arena_copy(r->arena, rest);
    return true;
}

static bool unknown_scheme(const struct reading *r, struct span name)
{
    struct suggestion near = suggestion_for(name);

    for (size_t i = 0; i < SCHEME_COUNT; i++)
        suggestion_offer(&near, schemes[i].name);
    refuse(r, "has an unknown scheme before '://'");
    if (near.best.n)
        return err_hint(r->err, "did you mean '%.*s://'?",
                        SPAN_ARG(near.best));
    return err_hint(r->err, "the schemes are submissions, submission, smtps, "
                            "smtp, lmtp and unix");
}

/* "mail.example.com:465": say which URL that is. */
static bool bare_host(const struct reading *r)
{
    size_t colon = span_find(r->text, ':');
    struct span host = span_upto(r->text, colon);
    struct span port = span_from(r->text, colon + 1);
    bool at_once = span_eq(port, S("465"));
    struct span ascii;
    struct err why;

    refuse(r, "is not a URL");
    if (scheme_named(host) || !idn_to_ascii(host, r->arena, &ascii, &why))
        return err_hint(r->err, "write submissions://mail.example.com or "
                                "submission://mail.example.com");
    if (colon < r->text.n && all_digits(port))
        return err_hint(r->err, "write %s://%.*s:%.*s",
                        at_once ? "submissions" : "submission",
                        SPAN_ARG(host), SPAN_ARG(port));
    return err_hint(r->err, "write submissions://%.*s (TLS at once, port "
                            "465) or submission://%.*s (STARTTLS, port 587)",
                    SPAN_ARG(host), SPAN_ARG(host));
}

bool url_parse(struct span text, struct arena *arena, struct server *server,
               struct err *err)
{
    struct reading r = {text, arena, server, err};
    const struct scheme *scheme;
    struct span name, rest;

    *server = (struct server){0};
    if (has_byte(text, " \t"))
        return refuse(&r, "holds a blank; a list of servers is not in this "
                          "version");
    if (!value_clean(text))
        return refuse(&r, "holds a control character");
    if (!scheme_split(text, &name, &rest))
        return bare_host(&r);
    scheme = scheme_named(name);
    if (!scheme)
        return unknown_scheme(&r, name);
    server->scheme = scheme->name;
    server->protocol = scheme->protocol;
    server->implicit_tls = scheme->implicit_tls;
    server->local = scheme->local;
    server->port = scheme->port;
    return scheme->local ? path_read(&r, rest) : authority_read(&r, rest);
}
