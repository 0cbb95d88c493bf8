/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_verify.h"

#include "sys/tls_pair.h"

#include <unistd.h>

#define HOST "mx.example.org"

static const struct name mx[] = {DNS(HOST), NO_MORE};
static const struct name other[] = {DNS("b.example.org"), NO_MORE};

/* A server with a certificate of its own making, and a store. */
struct world {
    struct certificate server;
    char trust[32], directory[32];
    struct tls_settings settings;
};

static void world_make(struct world *w, const struct recipe *recipe)
{
    *w = (struct world){.trust = "/tmp/test_tls_XXXXXX",
                        .directory = "/tmp/test_tls_XXXXXX"};
    certificate_make(&w->server, recipe, NULL);
    certificate_write(&w->server, w->trust);
    ck_assert_ptr_nonnull(mkdtemp(w->directory));
    w->settings = (struct tls_settings){.trust = span_of(w->trust),
                                        .port = 465};
}

static void world_free(struct world *w)
{
    static const char *const names[] = {"pins", "pins.lock"};
    struct buf path = {0};

    for (size_t i = 0; i < COUNT(names); i++) {
        buf_clear(&path);
        buf_printf(&path, "%s/%s", w->directory, names[i]);
        unlink(buf_cstring(&path));
    }
    buf_free(&path);
    rmdir(w->directory);
    unlink(w->trust);
    certificate_free(&w->server);
}

/* How the server was verified; *WARNING and *ERR are filled in. */
static const char *meet(const struct world *w, struct buf *warning,
                        struct err *err)
{
    struct pair p;
    const char *by = NULL;

    pair_begin(&p, &w->server, 1, &w->settings, HOST, NULL);
    if (pair_handshake(&p, SIZE_MAX, err) == TLS_DONE) {
        by = tls_facts(p.client)->verified;
        buf_add(warning, tls_facts(p.client)->warning);
    }
    pair_end(&p);
    return by;
}

START_TEST(first_use)
{
    /* Everything is wrong with it, as with a pinned one. */
    static const struct recipe bad = {.names = other, .from_days = -9,
                                      .to_days = -8};
    struct world w;
    struct buf warning = {0};
    struct err err = {0};
    char *pin;

    world_make(&w, &bad);
    w.settings.first_use = true;
    w.settings.known = span_of(w.directory);
    w.settings.expiry_days = 14;
    ck_assert_str_eq(meet(&w, &warning, &err), "first-use");
    ck_assert_str_eq(meet(&w, &warning, &err), "known");
    ck_assert_uint_eq(warning.len, 0);

    certificate_free(&w.server);
    certificate_make(&w.server, &bad, NULL);
    ck_assert_ptr_null(meet(&w, &warning, &err));
    ck_assert_int_eq(err.kind, ERR_PROTOCOL);
    ck_assert_msg(strstr(err.text, "the key of the server '" HOST
                                   "' has changed: it was sha256//"),
                  "%s", err.text);
    ck_assert(strstr(err.text, "= since 20") && strstr(err.text, "Z, and is"));
    pin = strstr(err.text, "Z, and is sha256//");
    ck_assert_ptr_nonnull(pin);
    ck_assert(strstr(pin, " now, in a certificate valid from 20"));
    ck_assert_msg(strstr(err.hint, "remove the line of '" HOST ":465' from '"),
                  "%s", err.hint);
    ck_assert(strstr(err.hint, "/pins'"));

    /* Another port is another server. */
    w.settings.port = 587;
    ck_assert_str_eq(meet(&w, &warning, &err), "first-use");
    world_free(&w);
}
END_TEST

START_TEST(a_new_certificate_for_the_key_is_no_new_key)
{
    struct world w;
    struct certificate old;
    struct buf warning = {0};
    struct err err = {0};

    world_make(&w, &(struct recipe){.names = mx});
    w.settings.first_use = true;
    w.settings.known = span_of(w.directory);
    ck_assert_str_eq(meet(&w, &warning, &err), "first-use");
    old = w.server;
    certificate_make(&w.server, &(struct recipe){.names = other,
                                                 .key_of = &old}, NULL);
    certificate_free(&old);
    ck_assert_str_eq(meet(&w, &warning, &err), "known");
    world_free(&w);
}
END_TEST

/* A server that does not have the key it shows is not met. */
START_TEST(a_key_is_kept_after_the_handshake)
{
    struct world w;
    struct certificate own;
    struct buf warning = {0};
    struct pair p;
    struct err err = {0};

    world_make(&w, &(struct recipe){.names = mx});
    w.settings.first_use = true;
    w.settings.known = span_of(w.directory);
    certificate_make(&own, &(struct recipe){.names = mx}, NULL);
    pair_begin(&p, &(struct certificate){w.server.crt, own.key}, 1,
               &w.settings, HOST, NULL);
    ck_assert_int_eq(pair_handshake(&p, SIZE_MAX, &err), TLS_FAILED);
    pair_end(&p);
    ck_assert_str_eq(meet(&w, &warning, &err), "first-use");
    certificate_free(&own);
    world_free(&w);
}
END_TEST

START_TEST(a_key_that_cannot_be_kept_is_refused)
{
    struct world w;
    struct buf warning = {0};
    struct err err = {0};

    world_make(&w, &(struct recipe){.names = mx});
    w.settings.first_use = true;
    w.settings.known = S("/proc/no/pennypost");
    ck_assert_ptr_null(meet(&w, &warning, &err));
    ck_assert_int_eq(err.kind, ERR_IO);
    w.settings.known = S("");
    ck_assert(!tls_settings_check(&w.settings, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_msg(strstr(err.text, "there is no place to keep"), "%s",
                  err.text);
    world_free(&w);
}
END_TEST

START_TEST(unverified)
{
    struct world w;
    struct buf warning = {0};
    struct err err = {0};

    world_make(&w, &(struct recipe){.names = other});
    w.settings.unverified = true;
    w.settings.trust = S("/nowhere");
    ck_assert_str_eq(meet(&w, &warning, &err), "unverified");
    w.settings.pins = S("sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    ck_assert_ptr_null(meet(&w, &warning, &err));
    world_free(&w);
}
END_TEST

static const struct {
    int to_days;
    unsigned expiry_days;
    const char *text; /* NULL: no warning */
} ends[] = {
    {13, 14, "the certificate of the server '" HOST "' expires in 13 days, on"
             " 20"},
    {15, 14, NULL},
    {1, 14, "expires in 1 day, on"},
    {1, 0, NULL},
    {300, 366, "expires in 300 days"},
};

START_TEST(expiry)
{
    struct world w;
    struct buf warning = {0};
    struct err err = {0};

    world_make(&w, &(struct recipe){.names = mx, .from_days = -1,
                                    .to_days = ends[_i].to_days});
    w.settings.expiry_days = ends[_i].expiry_days;
    ck_assert_msg(meet(&w, &warning, &err) != NULL, "%s", err.text);
    if (ends[_i].text)
        ck_assert_msg(strstr(buf_cstring(&warning), ends[_i].text), "%s",
                      warning.data);
    else
        ck_assert_uint_eq(warning.len, 0);
    buf_free(&warning);
    world_free(&w);
}
END_TEST

/* Both ends know the same, and nothing else does. */
static const struct {
    const char *priority;
    gnutls_digest_algorithm_t signature, hash;
    bool exporter;
} bindings[] = {
    {"NORMAL:-VERS-ALL:+VERS-TLS1.3", GNUTLS_DIG_SHA256, GNUTLS_DIG_SHA256,
     true},
    {"NORMAL:-VERS-ALL:+VERS-TLS1.3", GNUTLS_DIG_SHA384, GNUTLS_DIG_SHA384,
     true},
    {"NORMAL:-VERS-ALL:+VERS-TLS1.3", GNUTLS_DIG_SHA512, GNUTLS_DIG_SHA512,
     true},
    {"NORMAL:%VERIFY_ALLOW_BROKEN", GNUTLS_DIG_SHA1, GNUTLS_DIG_SHA256, true},
    {"NORMAL:-VERS-ALL:+VERS-TLS1.2", GNUTLS_DIG_SHA256, GNUTLS_DIG_SHA256,
     false},
};

START_TEST(channel_binding)
{
    struct world w;
    struct pair p;
    struct buf ours = {0};
    struct err err = {0};
    char hash[64], theirs[32];
    size_t size = sizeof hash;

    world_make(&w, &(struct recipe){.names = mx,
                                    .digest = bindings[_i].signature});
    w.settings.unverified = true;
    pair_begin(&p, &w.server, 1, &w.settings, HOST, bindings[_i].priority);
    ck_assert_msg(pair_handshake(&p, SIZE_MAX, &err) == TLS_DONE, "%s",
                  err.text);
    gnutls_x509_crt_get_fingerprint(w.server.crt, bindings[_i].hash, hash,
                                    &size);
    ck_assert(tls_binding(p.client, TLS_SERVER_END_POINT, &ours));
    ck_assert_span(buf_span(&ours), ((struct span){hash, size}));
    buf_clear(&ours);
    ck_assert(tls_binding(p.client, TLS_EXPORTER, &ours) ==
              bindings[_i].exporter);
    gnutls_prf_rfc5705(p.server.session, 24, "EXPORTER-Channel-Binding", 0,
                       NULL, sizeof theirs, theirs);
    ck_assert_span(buf_span(&ours),
                   ((struct span){theirs, bindings[_i].exporter ? 32 : 0}));
    buf_free(&ours);
    pair_end(&p);
    world_free(&w);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("tls_verify");

    tcase_add_test(t, first_use);
    tcase_add_test(t, a_new_certificate_for_the_key_is_no_new_key);
    tcase_add_test(t, a_key_is_kept_after_the_handshake);
    tcase_add_test(t, a_key_that_cannot_be_kept_is_refused);
    tcase_add_test(t, unverified);
    tcase_add_loop_test(t, expiry, 0, COUNT(ends));
    tcase_add_loop_test(t, channel_binding, 0, COUNT(bindings));
    return unit_run("tls_verify", t);
}
