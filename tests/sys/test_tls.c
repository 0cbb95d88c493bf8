/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls.h"

#include "sys/tls_pair.h"

#include <gnutls/crypto.h>
#include <unistd.h>

#define HOST "mx.example.org"

/* A world of certificates for a row: its server's chain, and who is trusted. */
enum chain {
    BY_CA,       /* the certificate, signed by the authority  */
    BY_ITSELF,   /* the certificate alone                     */
    BY_STRANGER, /* signed by an authority that is not known  */
    BY_UPSTART,  /* signed by a certificate that is no CA     */
    BY_OLD,      /* signed by an expired authority of the known one */
    BY_WEAK,     /* signed by an RSA-1024 authority of the known one */
};

static const struct name mx[] = {DNS(HOST), NO_MORE};
static const struct name others[] = {DNS("a.example.org"), DNS("b.example.org"),
                                     NO_MORE};
static const struct name many[] = {
    DNS("a.example"), DNS("b.example"), DNS("c.example"), DNS("d.example"),
    DNS("e.example"), DNS("f.example"), DNS("g.example"), DNS("h.example"),
    DNS("i.example"), DNS("j.example"), NO_MORE};
static const struct name ninth[] = {
    DNS("a.example"), DNS("b.example"), DNS("c.example"), DNS("d.example"),
    DNS("e.example"), DNS("f.example"), DNS("g.example"), DNS("h.example"),
    DNS("i.example"), DNS(HOST), NO_MORE};
static const struct name capitals[] = {DNS("MX.Example.ORG"), NO_MORE};
static const struct name wild[] = {DNS("*.example.org"), NO_MORE};
static const struct name wild_part[] = {DNS("m*.example.org"), NO_MORE};
static const struct name wild_end[] = {DNS("*x.example.org"), NO_MORE};
static const struct name wild_top[] = {DNS("*.org"), NO_MORE};
static const struct name wild_inner[] = {DNS("mx.*.org"), NO_MORE};
static const struct name wild_alone[] = {DNS("*"), NO_MORE};
static const struct name with_nul[] = {DNS(HOST "\0.evil.example"), NO_MORE};
static const struct name nul_and_good[] = {DNS(HOST),
                                           DNS("a\0.evil.example"), NO_MORE};
static const struct name with_dot[] = {DNS(HOST "."), NO_MORE};
static const struct name escapes[] = {DNS("a\033[1m.example"), NO_MORE};
static const struct name v4[] = {IP("192.0.2.1"), NO_MORE};
static const struct name v6[] = {IP("2001:db8::1"), NO_MORE};
static const struct name v4_as_dns[] = {DNS("192.0.2.1"), NO_MORE};
static const struct name email[] = {
    {GNUTLS_SAN_RFC822NAME, SPAN_INIT("mx@" HOST)}, NO_MORE};
static const struct name uri[] = {
    {GNUTLS_SAN_URI, SPAN_INIT("smtp://" HOST)}, NO_MORE};
static const struct name idn[] = {DNS("xn--mller-kva.example"), NO_MORE};

#define NOT_FOR "is not for that name, but for "

static const struct {
    const char *rule, *host;
    enum chain chain;
    struct recipe leaf;
    const char *text; /* NULL: accepted; else what the error must tell */
} cases[] = {
    {"good", HOST, BY_CA, {.names = mx}, NULL},
    {"the dot at the end of a name does not count", HOST ".", BY_CA,
     {.names = mx}, NULL},
    {"nor does case", "Mx.eXample.org", BY_CA, {.names = capitals}, NULL},
    {"one of several names", "b.example.org", BY_CA, {.names = others}, NULL},
    {"a late one of many names", HOST, BY_CA, {.names = ninth}, NULL},
    {"a whole label may be a star", HOST, BY_CA, {.names = wild}, NULL},
    {"an A-label", "xn--mller-kva.example", BY_CA, {.names = idn}, NULL},
    {"IPv4", "192.0.2.1", BY_CA, {.names = v4}, NULL},
    {"IPv6", "2001:db8::1", BY_CA, {.names = v6}, NULL},
    {"IPv6 in brackets, written long", "[2001:db8:0:0:0:0:0:1]", BY_CA,
     {.names = v6}, NULL},

    {"other names", HOST, BY_CA, {.names = others},
     NOT_FOR "'a.example.org', 'b.example.org'"},
    {"many names", HOST, BY_CA, {.names = many},
     "'g.example', 'h.example' and 2 more"},
    {"a star is one label", "a.mx.example.org", BY_CA, {.names = wild},
     NOT_FOR "'*.example.org'"},
    {"and not none", "example.org", BY_CA, {.names = wild},
     NOT_FOR "'*.example.org'"},
    {"a star at the end of a label", HOST, BY_CA, {.names = wild_part},
     NOT_FOR "'m*.example.org'"},
    {"a star at the beginning of a label", HOST, BY_CA, {.names = wild_end},
     NOT_FOR "'*x.example.org'"},
    {"a star for a whole top-level domain", "example.org", BY_CA,
     {.names = wild_top}, NOT_FOR "'*.org'"},
    {"a star in the middle", HOST, BY_CA, {.names = wild_inner},
     NOT_FOR "'mx.*.org'"},
    {"a star for everything", HOST, BY_CA, {.names = wild_alone},
     NOT_FOR "'*'"},
    {"a NUL in the name", HOST, BY_CA, {.names = with_nul},
     "has a forged name: it is for 'mx.example.org\\x00.evil.example'"},
    {"a NUL in another name", HOST, BY_CA, {.names = nul_and_good},
     "has a forged name: it is for 'mx.example.org', 'a\\x00.evil.example'"},
    {"a dot at the end of a name", HOST, BY_CA, {.names = with_dot},
     NOT_FOR "'mx.example.org.'"},
    {"names are shown safely", HOST, BY_CA, {.names = escapes},
     NOT_FOR "'a\\x1B[1m.example'"},
    {"a common name", HOST, BY_CA, {.cn = HOST},
     "names no host; its common name 'mx.example.org' does not count"},
    {"a common name beside an address", HOST, BY_CA, {.cn = HOST, .names = v4},
     NOT_FOR "'192.0.2.1'"},
    {"a mail address", HOST, BY_CA, {.names = email}, "names no host"},
    {"a URI", HOST, BY_CA, {.names = uri}, "names no host"},
    {"an address for a name", HOST, BY_CA, {.names = v6},
     NOT_FOR "'2001:db8::1'"},
    {"another address", "192.0.2.2", BY_CA, {.names = v4},
     NOT_FOR "'192.0.2.1'"},
    {"an address in a dNSName", "192.0.2.1", BY_CA, {.names = v4_as_dns},
     NOT_FOR "'192.0.2.1'"},

    {"signed by itself", HOST, BY_ITSELF, {.names = mx, .cn = "me"},
     "is signed by itself, as 'CN=me', which is not among those in '"},
    {"from an unknown authority", HOST, BY_STRANGER, {.names = mx},
     "comes from the authority 'CN=Stranger', which is not among those in '"},
    {"from one that is no authority", HOST, BY_UPSTART, {.names = mx},
     "is not good: "},
    {"expired", HOST, BY_CA, {.names = mx, .from_days = -20, .to_days = -10},
     "' has expired: it is valid from 20"},
    {"not yet valid", HOST, BY_CA,
     {.names = mx, .from_days = 10, .to_days = 20},
     "' is not valid yet: it is valid from 20"},
    {"from an expired authority", HOST, BY_OLD, {.names = mx},
     "depends on that of the authority 'CN=Old', which has expired"},
    {"for clients", HOST, BY_CA,
     {.names = mx, .purpose = GNUTLS_KP_TLS_WWW_CLIENT},
     "is made for something else than servers"},
    {"RSA-1024", HOST, BY_CA, {.names = mx, .rsa_bits = 1024},
     "has a key that is too weak: RSA, 1024 bits"},
    {"from an RSA-1024 authority", HOST, BY_WEAK, {.names = mx},
     "depends on that of the authority 'CN=Weak', which has a key that is too"
     " weak: RSA, 1024 bits"},
    {"SHA-1", HOST, BY_CA, {.names = mx, .digest = GNUTLS_DIG_SHA1},
     "has a signature that is too weak: ECDSA-SHA1"},
};

struct world {
    struct certificate ca, chain[3];
    unsigned count;
    char trust[32];
};

static void world_make_issuer(struct world *w, enum chain chain)
{
    static const struct recipe recipes[] = {
        [BY_STRANGER] = {.cn = "Stranger", .ca = true},
        [BY_UPSTART] = {.cn = "Upstart"},
        [BY_OLD] = {.cn = "Old", .ca = true, .from_days = -9, .to_days = -8},
        [BY_WEAK] = {.cn = "Weak", .ca = true, .rsa_bits = 1024},
    };

    certificate_make(&w->chain[1], &recipes[chain],
                     chain == BY_STRANGER ? NULL : &w->ca);
    w->count = chain == BY_STRANGER ? 1 : 2;
}

static void world_make(struct world *w, enum chain chain,
                       const struct recipe *leaf)
{
    const struct certificate *issuer = &w->chain[1];

    *w = (struct world){.count = 1, .trust = "/tmp/test_tls_XXXXXX"};
    certificate_make(&w->ca, &(struct recipe){.cn = "CA", .ca = true}, NULL);
    certificate_write(&w->ca, w->trust);
    if (chain == BY_CA)
        issuer = &w->ca;
    else if (chain == BY_ITSELF)
        issuer = NULL;
    else
        world_make_issuer(w, chain);
    certificate_make(&w->chain[0], leaf, issuer);
}

static void world_free(struct world *w)
{
    unlink(w->trust);
    certificate_free(&w->ca);
    certificate_free(&w->chain[0]);
    certificate_free(&w->chain[1]);
}

/* What all refusals have in common: they name the server, and the fact. */
static void assert_refused(const char *rule, const struct err *err,
                           const char *host, const char *text)
{
    char bare[64];

    snprintf(bare, sizeof bare, "%.*s",
             (int)strcspn(host + (host[0] == '['), "]"),
             host + (host[0] == '['));
    ck_assert_msg(err->kind == ERR_PROTOCOL, "%s: %s", rule, err->text);
    ck_assert_msg(strstr(err->text, text) && strstr(err->text, bare),
                  "%s: \"%s\" lacks \"%s\" or \"%s\"", rule, err->text, text,
                  bare);
}

START_TEST(certificate)
{
    struct world w;
    struct pair p;
    struct err err = {0};
    struct tls_settings settings = {0};
    enum tls_step step;

    world_make(&w, cases[_i].chain, &cases[_i].leaf);
    settings.trust = span_of(w.trust);
    pair_begin(&p, w.chain, w.count, &settings, cases[_i].host, NULL);
    step = pair_handshake(&p, SIZE_MAX, &err);
    if (cases[_i].text) {
        ck_assert_msg(step == TLS_FAILED, "%s: accepted", cases[_i].rule);
        assert_refused(cases[_i].rule, &err, cases[_i].host, cases[_i].text);
        /* The server hears of it, and never that all is well. */
        ck_assert_int_eq(p.server_status, GNUTLS_E_FATAL_ALERT_RECEIVED);
    } else {
        ck_assert_msg(step == TLS_DONE, "%s: %s", cases[_i].rule, err.text);
        ck_assert_int_eq(p.server_status, 0);
        ck_assert_str_eq(tls_facts(p.client)->verified, "ca");
    }
    pair_end(&p);
    world_free(&w);
}
END_TEST

static void world_mx(struct world *w)
{
    world_make(w, BY_CA, &(struct recipe){.names = mx});
}

/* A handshake that must succeed. */
static void pair_secure(struct pair *p, const struct world *w,
                        const char *priority, size_t piece)
{
    struct tls_settings settings = {.trust = span_of(w->trust)};
    struct err err = {0};

    pair_begin(p, w->chain, w->count, &settings, HOST, priority);
    ck_assert_msg(pair_handshake(p, piece, &err) == TLS_DONE, "%s", err.text);
    ck_assert_int_eq(p->server_status, 0);
}

/* Open everything that the server has said, in pieces of PIECE. */
static enum tls_state pair_open(struct pair *p, size_t piece,
                                struct buf *plain, struct err *err)
{
    enum tls_state state = TLS_OPEN;
    size_t before;

    do {
        before = plain->len;
        pair_feed(p, piece);
        state = tls_open(p->client, plain, err);
    } while (state == TLS_OPEN &&
             (p->server.to_client.len > 0 || plain->len > before));
    return state;
}

static const struct {
    const char *priority, *version;
} versions[] = {
    {"NORMAL:-VERS-ALL:+VERS-TLS1.3", "TLS1.3"},
    {"NORMAL:-VERS-ALL:+VERS-TLS1.2", "TLS1.2"},
};

START_TEST(talks_in_pieces_of_any_size)
{
    const size_t piece = _i % 2 ? 1 : SIZE_MAX;
    const size_t row = (size_t)_i / 2;
    struct world w;
    struct pair p;
    struct buf plain = {0};
    struct err err = {0};
    size_t taken = 0;
    char got[64];

    world_mx(&w);
    pair_secure(&p, &w, versions[row].priority, piece);
    ck_assert_str_eq(tls_facts(p.client)->version, versions[row].version);
    ck_assert_str_eq(tls_facts(p.client)->cipher, "AES-256-GCM");
    ck_assert(tls_seal(p.client, S("EHLO me\r\n"), &taken, &err));
    ck_assert_uint_eq(taken, 9);
    ck_assert_int_eq(gnutls_record_recv(p.server.session, got, sizeof got), 9);
    ck_assert_mem_eq(got, "EHLO me\r\n", 9);
    gnutls_record_send(p.server.session, "250-a\r\n", 7);
    gnutls_record_send(p.server.session, "250 b\r\n", 7);
    ck_assert_int_eq(pair_open(&p, piece, &plain, &err), TLS_OPEN);
    ck_assert_span(buf_span(&plain), S("250-a\r\n250 b\r\n"));
    buf_free(&plain);
    pair_end(&p);
    world_free(&w);
}
END_TEST

START_TEST(a_record_is_16_kib)
{
    struct world w;
    struct pair p;
    struct err err = {0};
    static char big[40000];
    struct span rest = {big, sizeof big};
    size_t taken, sizes[3] = {0};

    world_mx(&w);
    pair_secure(&p, &w, NULL, SIZE_MAX);
    for (int i = 0; i < 3; i++) {
        size_t before = p.to_server.len;

        ck_assert(tls_seal(p.client, rest, &taken, &err));
        sizes[i] = taken;
        ck_assert_uint_le(p.to_server.len - before, taken + TLS_OVERHEAD);
        rest = span_from(rest, taken);
    }
    ck_assert_uint_eq(sizes[0], TLS_RECORD);
    ck_assert_uint_eq(sizes[2], 40000 - 2 * TLS_RECORD);
    pair_end(&p);
    world_free(&w);
}
END_TEST

/*
 * A record of TLS 1.3 with no data in it (RFC 8446, 5.2), which GnuTLS does
 * not make: under the server's key, and then on with the next number.
 */
static void empty_record(gnutls_session_t s)
{
    const unsigned char header[] = {0x17, 3, 3, 0, 17}, inner[] = {0x17};
    gnutls_datum_t mac, iv, key;
    unsigned char number[8], nonce[12], sealed[17];
    gnutls_aead_cipher_hd_t cipher;
    size_t size = sizeof sealed;
    struct tls_server *server = gnutls_transport_get_ptr(s);

    ck_assert_int_eq(gnutls_record_get_state(s, 0, &mac, &iv, &key, number),
                     0);
    memcpy(nonce, iv.data, sizeof nonce);
    for (size_t i = 0; i < sizeof number; i++)
        nonce[4 + i] ^= number[i];
    gnutls_aead_cipher_init(&cipher, GNUTLS_CIPHER_AES_256_GCM, &key);
    gnutls_aead_cipher_encrypt(cipher, nonce, sizeof nonce, header,
                               sizeof header, 16, inner, sizeof inner, sealed,
                               &size);
    gnutls_aead_cipher_deinit(cipher);
    buf_add(&server->to_client, (struct span){(const char *)header, 5});
    buf_add(&server->to_client, (struct span){(char *)sealed, size});
    if (++number[7] == 0)
        number[6]++;
    gnutls_record_set_state(s, 0, number);
}

/* What a server may do after the handshake, and what becomes of it. */
static void hello_request(gnutls_session_t s) { gnutls_rehandshake(s); }
static void warning(gnutls_session_t s)
{
    gnutls_alert_send(s, GNUTLS_AL_WARNING, GNUTLS_A_USER_CANCELED);
}
static void key_update(gnutls_session_t s)
{
    gnutls_session_key_update(s, GNUTLS_KU_PEER);
}
static void alert(gnutls_session_t s)
{
    gnutls_alert_send(s, GNUTLS_AL_FATAL, GNUTLS_A_INTERNAL_ERROR);
}
static void certificate_wanted(gnutls_session_t s)
{
    gnutls_alert_send(s, GNUTLS_AL_FATAL, GNUTLS_A_CERTIFICATE_REQUIRED);
}
static void end(gnutls_session_t s) { gnutls_bye(s, GNUTLS_SHUT_WR); }

static const struct {
    const char *rule;
    void (*act)(gnutls_session_t);
    bool tls12;
    int times;
    enum tls_state state;
    enum err_kind kind;
    const char *text, *hint;
} acts[] = {
    {"renegotiation is declined", hello_request, true, 3, TLS_OPEN, 0, 0, 0},
    {"but not for ever", hello_request, true, 5000, TLS_BROKEN, ERR_PROTOCOL,
     "the TLS session with the server 'mx.example.org' failed", ""},
    {"empty records are nothing", empty_record, false, 3000, TLS_OPEN, 0, 0,
     0},
    {"warnings are ignored", warning, true, 3, TLS_OPEN, 0, 0, 0},
    {"keys may change", key_update, false, 3, TLS_OPEN, 0, 0, 0},
    {"an alert is named", alert, false, 1, TLS_BROKEN, ERR_TEMPORARY,
     "the server 'mx.example.org' broke off the TLS session with the alert"
     " INTERNAL_ERROR (80)", ""},
    {"and explained", certificate_wanted, false, 1, TLS_BROKEN, ERR_TEMPORARY,
     "CERTIFICATE_REQUIRED", "wants a client certificate"},
    {"the end is told", end, false, 1, TLS_CLOSED, 0, 0, 0},
    {"in TLS 1.2 too", end, true, 1, TLS_CLOSED, 0, 0, 0},
};

START_TEST(server_act)
{
    struct world w;
    struct pair p;
    struct buf plain = {0};
    struct err err = {0};
    enum tls_state state;

    world_mx(&w);
    pair_secure(&p, &w, versions[acts[_i].tls12].priority, SIZE_MAX);
    gnutls_record_send(p.server.session, "220 x", 5);
    for (int i = 0; i < acts[_i].times; i++) {
        size_t before = p.server.to_client.len;

        acts[_i].act(p.server.session);
        ck_assert_uint_gt(p.server.to_client.len, before);
    }
    if (acts[_i].state == TLS_OPEN)
        gnutls_record_send(p.server.session, "y\r\n", 3);
    state = pair_open(&p, SIZE_MAX, &plain, &err);
    ck_assert_msg(state == acts[_i].state, "%s: %d, %s", acts[_i].rule,
                  (int)state, err.text);
    ck_assert_span(buf_span(&plain), state == TLS_OPEN ? S("220 xy\r\n")
                                                       : S("220 x"));
    ck_assert_int_eq(err.kind, acts[_i].kind);
    if (acts[_i].text) {
        ck_assert_msg(strstr(err.text, acts[_i].text), "%s", err.text);
        ck_assert_msg(strstr(err.hint, acts[_i].hint), "%s", err.hint);
    }
    buf_free(&plain);
    pair_end(&p);
    world_free(&w);
}
END_TEST

START_TEST(a_forged_byte_breaks_the_session)
{
    struct world w;
    struct pair p;
    struct buf plain = {0};
    struct err err = {0};

    world_mx(&w);
    pair_secure(&p, &w, NULL, SIZE_MAX);
    gnutls_record_send(p.server.session, "250 ok\r\n", 8);
    p.server.to_client.data[p.server.to_client.len - 1] ^= 1;
    ck_assert_int_eq(pair_open(&p, SIZE_MAX, &plain, &err), TLS_BROKEN);
    ck_assert_int_eq(err.kind, ERR_PROTOCOL);
    ck_assert_uint_eq(plain.len, 0);
    buf_free(&plain);
    pair_end(&p);
    world_free(&w);
}
END_TEST

START_TEST(the_end_is_announced)
{
    struct world w;
    struct pair p;
    char got[8];

    world_mx(&w);
    pair_secure(&p, &w, NULL, SIZE_MAX);
    tls_close(p.client);
    ck_assert_int_eq(gnutls_record_recv(p.server.session, got, sizeof got), 0);
    pair_end(&p);
    world_free(&w);
}
END_TEST

static const struct {
    const char *host, *sni;
} indications[] = {
    {HOST, HOST}, {HOST ".", HOST}, {"192.0.2.1", NULL}, {"[::1]", NULL},
};

START_TEST(server_name_indication)
{
    struct world w;
    struct pair p;
    struct tls_settings settings = {0};
    struct err err = {0};
    char name[256];
    size_t size = sizeof name;
    unsigned type;

    world_mx(&w);
    settings.trust = span_of(w.trust);
    pair_begin(&p, w.chain, w.count, &settings, indications[_i].host,
               NULL);
    pair_handshake(&p, SIZE_MAX, &err);
    if (indications[_i].sni) {
        ck_assert_int_eq(gnutls_server_name_get(p.server.session, name, &size,
                                                &type, 0), 0);
        ck_assert_str_eq(name, indications[_i].sni);
    } else {
        ck_assert_int_ne(gnutls_server_name_get(p.server.session, name, &size,
                                                &type, 0), 0);
    }
    pair_end(&p);
    world_free(&w);
}
END_TEST

START_TEST(old_versions_are_refused)
{
    struct world w;
    struct pair p;
    struct tls_settings settings = {0};
    struct err err = {0};

    world_mx(&w);
    settings.trust = span_of(w.trust);
    pair_begin(&p, w.chain, w.count, &settings, HOST,
               "NORMAL:-VERS-ALL:+VERS-TLS1.1:%VERIFY_ALLOW_BROKEN");
    ck_assert_int_eq(pair_handshake(&p, SIZE_MAX, &err), TLS_FAILED);
    ck_assert_msg(strstr(err.hint, "neither TLS 1.2 nor TLS 1.3"), "%s: %s",
                  err.text, err.hint);
    pair_end(&p);
    world_free(&w);
}
END_TEST

/* Server bytes that are no handshake. */
static const struct {
    const char *rule;
    struct span bytes;
    enum err_kind kind;
    const char *text;
} starts[] = {
    {"an alert", SPAN_INIT("\x15\x03\x03\0\x02\x02\x28"), ERR_TEMPORARY,
     "the server 'mx.example.org' broke off the TLS handshake with the alert"
     " HANDSHAKE_FAILURE (40)"},
    {"an alert that is not known", SPAN_INIT("\x15\x03\x03\0\x02\x02\xC8"),
     ERR_TEMPORARY, "alert UNKNOWN (200)"},
    {"a record that is none", SPAN_INIT("\x16\x03\x03\xFF\xFFxxxxxxxxxxxx"),
     ERR_PROTOCOL, "the TLS handshake with the server 'mx.example.org' failed"},
    {"data before the handshake", SPAN_INIT("\x17\x03\x03\0\x01x"),
     ERR_PROTOCOL, "failed: "},
};

START_TEST(false_start)
{
    struct buf out = {0};
    struct err err = {0};
    struct tls_settings settings = {.trust = S("/dev")};
    struct tls *tls = tls_new(&settings, S(HOST), &out, &err);

    ck_assert_int_eq(tls_handshake(tls, &err), TLS_WAITING);
    tls_feed(tls, starts[_i].bytes);
    ck_assert_int_eq(tls_handshake(tls, &err), TLS_FAILED);
    ck_assert_int_eq(err.kind, starts[_i].kind);
    ck_assert_msg(strstr(err.text, starts[_i].text), "%s: %s", starts[_i].rule,
                  err.text);
    tls_free(tls);
    buf_free(&out);
}
END_TEST

/* How a pin is written: k and c stand for the hashes, K and C too, in hex. */
static const struct {
    const char *form;
    bool match;
} pins[] = {
    {"sha256//k", true},     {"SHA256//k", true}, {"sha256//c", true},
    {"C", true},             {"K", true},         {"sha256:C", true},
    {"sha256:K", true},      {"X", false},        {"X K", true},
    {"X,C", true},           {"X,  sha256//k, X", true},
    {"sha256//x X", false},
};

static void add_hash(struct buf *out, struct span hash, bool hex, bool colons)
{
    gnutls_datum_t from = {(unsigned char *)hash.p, (unsigned)hash.n}, to;

    if (hex) {
        for (size_t i = 0; i < hash.n; i++)
            buf_printf(out, i && colons ? ":%02X" : "%02x",
                       (unsigned char)hash.p[i]);
        return;
    }
    gnutls_base64_encode2(&from, &to);
    buf_add(out, (struct span){(char *)to.data, to.size});
    gnutls_free(to.data);
}

static void pin_write(const char *form, const struct certificate *c,
                      struct buf *out)
{
    char key[32], whole[32], none[32] = {0};
    size_t size = 32;

    gnutls_x509_crt_get_key_id(c->crt, GNUTLS_KEYID_USE_SHA256,
                               (unsigned char *)key, &size);
    gnutls_x509_crt_get_fingerprint(c->crt, GNUTLS_DIG_SHA256, whole, &size);
    for (const char *p = form; *p; p++) {
        bool last = !p[1] || strchr(" ,", p[1]);
        const char *hash = last && strchr("kK", *p)   ? key
                           : last && strchr("cC", *p) ? whole
                           : last && strchr("xX", *p) ? none
                                                      : NULL;

        if (hash)
            add_hash(out, (struct span){hash, 32}, *p < 'a', *p == 'C');
        else
            buf_addc(out, *p);
    }
}

START_TEST(a_pin_alone_suffices)
{
    struct world w;
    struct pair p;
    struct buf pin = {0}, right = {0};
    struct err err = {0};
    enum tls_step step;

    /* Everything else is wrong with it. */
    world_make(&w, BY_ITSELF, &(struct recipe){
        .names = others, .from_days = -9, .to_days = -8,
        .purpose = GNUTLS_KP_TLS_WWW_CLIENT});
    pin_write(pins[_i].form, &w.chain[0], &pin);
    pin_write("sha256//k", &w.chain[0], &right);
    pair_begin(&p, w.chain, w.count,
               &(struct tls_settings){.pins = buf_span(&pin)}, HOST, NULL);
    step = pair_handshake(&p, SIZE_MAX, &err);
    ck_assert_msg(step == (pins[_i].match ? TLS_DONE : TLS_FAILED), "%s: %s",
                  pins[_i].form, err.text);
    if (pins[_i].match) {
        ck_assert_str_eq(tls_facts(p.client)->verified, "pin");
    } else {
        assert_refused(pins[_i].form, &err, HOST, buf_cstring(&right));
        ck_assert(strstr(err.hint, "has the server got a new key"));
    }
    buf_free(&pin);
    buf_free(&right);
    pair_end(&p);
    world_free(&w);
}
END_TEST

START_TEST(the_pin_in_a_hint_works)
{
    struct world w;
    struct pair p;
    struct err err = {0};
    struct tls_settings settings = {0};
    char *pin;

    world_make(&w, BY_STRANGER, &(struct recipe){.names = mx});
    settings.trust = span_of(w.trust);
    pair_begin(&p, w.chain, w.count, &settings, HOST, NULL);
    ck_assert_int_eq(pair_handshake(&p, SIZE_MAX, &err), TLS_FAILED);
    pair_end(&p);
    pin = strstr(err.hint, "tls-pin = ");
    ck_assert_msg(pin != NULL, "%s", err.hint);
    settings = (struct tls_settings){.pins = span_of(pin + 10)};
    pair_begin(&p, w.chain, w.count, &settings, HOST, NULL);
    ck_assert_int_eq(pair_handshake(&p, SIZE_MAX, &err), TLS_DONE);
    pair_end(&p);
    world_free(&w);
}
END_TEST

/* Settings and names that will not do: ERR_CONFIG, before anything is sent. */
#define B43 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define H62 "00112233445566778899aabbccddeeff00112233445566778899aabbccddee"
static const struct {
    struct span trust, pins, host;
    const char *text; /* NULL: they will do */
} settings_cases[] = {
    {{0}, SPAN_INIT("sha256//" B43 "="), SPAN_INIT(""), NULL},
    {{0}, SPAN_INIT(H62 "ff"), SPAN_INIT(HOST), NULL},
    {{0}, SPAN_INIT("sha256//" B43), SPAN_INIT(HOST), "is not a pin"},
    {{0}, SPAN_INIT("sha256//AAAA"), SPAN_INIT(HOST), "'sha256//AAAA' is not"},
    {{0}, SPAN_INIT("sha256//" B43 "=AAAA"), SPAN_INIT(HOST), "is not a pin"},
    {{0}, SPAN_INIT("sha256//"), SPAN_INIT(HOST), "'sha256//' is not a pin"},
    {{0}, SPAN_INIT(H62), SPAN_INIT(HOST), "is not a pin"},
    {{0}, SPAN_INIT(H62 "f"), SPAN_INIT(HOST), "is not a pin"},
    {{0}, SPAN_INIT(H62 "fff"), SPAN_INIT(HOST), "is not a pin"},
    {{0}, SPAN_INIT(H62 "fg"), SPAN_INIT(HOST), "is not a pin"},
    {{0}, SPAN_INIT(H62 "::ff"), SPAN_INIT(HOST), "is not a pin"},
    {{0}, SPAN_INIT(H62 "ff md5:00"), SPAN_INIT(HOST), "'md5:00' is not a"},
    {SPAN_INIT("/nowhere/ca.pem"), {0}, SPAN_INIT(HOST),
     "in '/nowhere/ca.pem', which tls-trust names: No such file"},
    {SPAN_INIT("/dev/null"), {0}, SPAN_INIT(HOST),
     "it is neither a file nor a directory"},
    {SPAN_INIT("/nowhere"), SPAN_INIT(H62 "ff"), SPAN_INIT(HOST), NULL},
    {{0}, {0}, SPAN_INIT(""), "'' is not the name or the address of a host"},
    {{0}, {0}, SPAN_INIT(".example.org"), "'.example.org' is not the name"},
    {{0}, {0}, SPAN_INIT("a b"), "'a b' is not the name"},
    {{0}, {0}, SPAN_INIT("127.1"), "'127.1' is not the name"},
    {{0}, SPAN_INIT(H62 "ff"), SPAN_INIT("a b"), "'a b' is not the name"},
};

START_TEST(settings_are_checked)
{
    struct tls_settings settings = {.trust = settings_cases[_i].trust,
                                    .pins = settings_cases[_i].pins};
    struct buf out = {0};
    struct err err = {0};
    struct tls *tls = tls_new(&settings, settings_cases[_i].host, &out, &err);

    ck_assert_msg(!tls == !!settings_cases[_i].text, "%d: %s", _i, err.text);
    ck_assert_uint_eq(out.len, 0);
    if (!tls) {
        ck_assert_int_eq(err.kind, ERR_CONFIG);
        ck_assert_msg(strstr(err.text, settings_cases[_i].text), "%s",
                      err.text);
    }
    tls_free(tls);
}
END_TEST

START_TEST(trust_without_certificates_is_an_error)
{
    char path[] = "/tmp/test_tls_XXXXXX";
    struct tls_settings settings = {.trust = span_of(path)};
    struct buf out = {0};
    struct err err = {0};
    struct tls *tls;

    close(mkstemp(path));
    ck_assert(tls_settings_check(&settings, &err));
    tls = tls_new(&settings, S(HOST), &out, &err);
    ck_assert(!tls_load_trust(tls, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_msg(strstr(err.text, path), "%s", err.text);
    tls_free(tls);
    unlink(path);
}
END_TEST

START_TEST(trust_may_be_a_directory)
{
    char directory[] = "/tmp/test_tls_XXXXXX";
    struct world w;
    struct pair p;
    struct err err = {0};
    struct buf inside = {0};

    world_mx(&w);
    ck_assert_ptr_nonnull(mkdtemp(directory));
    buf_printf(&inside, "%s/ca.pem", directory);
    ck_assert_int_eq(rename(w.trust, buf_cstring(&inside)), 0);
    pair_begin(&p, w.chain, w.count,
               &(struct tls_settings){.trust = span_of(directory)}, HOST, NULL);
    ck_assert_msg(pair_handshake(&p, SIZE_MAX, &err) == TLS_DONE, "%s",
                  err.text);
    pair_end(&p);
    world_free(&w);
    unlink(buf_cstring(&inside));
    rmdir(directory);
    buf_free(&inside);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("tls");

    tcase_add_loop_test(t, certificate, 0, COUNT(cases));
    tcase_add_loop_test(t, talks_in_pieces_of_any_size, 0,
                        2 * COUNT(versions));
    tcase_add_test(t, a_record_is_16_kib);
    tcase_add_loop_test(t, server_act, 0, COUNT(acts));
    tcase_add_test(t, a_forged_byte_breaks_the_session);
    tcase_add_test(t, the_end_is_announced);
    tcase_add_loop_test(t, server_name_indication, 0, COUNT(indications));
    tcase_add_test(t, old_versions_are_refused);
    tcase_add_loop_test(t, false_start, 0, COUNT(starts));
    tcase_add_loop_test(t, a_pin_alone_suffices, 0, COUNT(pins));
    tcase_add_test(t, the_pin_in_a_hint_works);
    tcase_add_loop_test(t, settings_are_checked, 0, COUNT(settings_cases));
    tcase_add_test(t, trust_without_certificates_is_an_error);
    tcase_add_test(t, trust_may_be_a_directory);
    return unit_run("tls", t);
}
