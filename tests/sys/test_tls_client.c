/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_client.h"

#include "sys/tls_pair.h"

#include <sys/stat.h>
#include <unistd.h>

#define HOST "mx.example.org"

static const struct name mx[] = {DNS(HOST), NO_MORE};

/* A server that asks for a certificate, and ours, of another authority. */
struct world {
    struct certificate server, us, stranger;
    char certificate[32], key[32], both[32];
};

static void key_write(const struct certificate *c, const char *path,
                      const char *passphrase)
{
    unsigned char bytes[4096];
    size_t size = sizeof bytes;
    FILE *file = fopen(path, "a");

    ck_assert_int_ge(gnutls_x509_privkey_export_pkcs8(
                         c->key, GNUTLS_X509_FMT_PEM, passphrase,
                         passphrase ? GNUTLS_PKCS_PBES2_AES_256
                                    : GNUTLS_PKCS_PLAIN,
                         bytes, &size), 0);
    ck_assert_ptr_nonnull(file);
    fwrite(bytes, 1, size, file);
    fclose(file);
}

static void world_make(struct world *w)
{
    *w = (struct world){.certificate = "/tmp/test_tls_XXXXXX",
                        .key = "/tmp/test_tls_XXXXXX",
                        .both = "/tmp/test_tls_XXXXXX"};
    certificate_make(&w->server, &(struct recipe){.names = mx}, NULL);
    certificate_make(&w->stranger, &(struct recipe){.cn = "X"}, NULL);
    certificate_make(&w->us, &(struct recipe){
        .cn = "us", .purpose = GNUTLS_KP_TLS_WWW_CLIENT}, NULL);
    certificate_write(&w->us, w->certificate);
    certificate_write(&w->us, w->both);
    key_write(&w->us, w->both, NULL);
    close(mkstemp(w->key));
}

static void world_free(struct world *w)
{
    unlink(w->certificate);
    unlink(w->key);
    unlink(w->both);
    certificate_free(&w->server);
    certificate_free(&w->us);
    certificate_free(&w->stranger);
}

static const struct {
    const char *rule;
    bool both;    /* in one file */
    bool unasked; /* the server does not want one */
    bool tls12;
} shows[] = {
    {"two files", false, false, false},
    {"one file", true, false, false},
    {"with TLS 1.2", false, false, true},
    {"nobody asks", false, true, false},
};

/* The server says which authorities it knows; ours is none of those. */
START_TEST(is_shown)
{
    struct world w;
    struct pair p;
    struct err err = {0};
    struct tls_settings settings = {.unverified = true};
    unsigned count = 0;

    world_make(&w);
    key_write(&w.us, w.key, NULL);
    settings.certificate = span_of(shows[_i].both ? w.both : w.certificate);
    settings.key = shows[_i].both ? S("") : span_of(w.key);
    ck_assert_msg(tls_settings_check(&settings, &err), "%s", err.text);
    pair_begin(&p, &w.server, 1, &settings, HOST,
               shows[_i].tls12 ? "NORMAL:-VERS-ALL:+VERS-TLS1.2" : NULL);
    gnutls_certificate_set_x509_trust(p.server.credentials, &w.stranger.crt,
                                      1);
    if (!shows[_i].unasked)
        gnutls_certificate_server_set_request(p.server.session,
                                              GNUTLS_CERT_REQUEST);
    ck_assert_msg(pair_handshake(&p, SIZE_MAX, &err) == TLS_DONE, "%s: %s",
                  shows[_i].rule, err.text);
    while (p.server_status == GNUTLS_E_AGAIN)
        p.server_status = gnutls_handshake(p.server.session);
    gnutls_certificate_get_peers(p.server.session, &count);
    ck_assert_msg(count == !shows[_i].unasked, "%s: %u", shows[_i].rule,
                  count);
    pair_end(&p);
    world_free(&w);
}
END_TEST

/* Fail with what is in KEY, of this mode. */
static const struct {
    const char *rule;
    mode_t mode;
    enum { OURS, LOCKED, ANOTHER, NO_KEY } key;
    const char *text, *hint;
} keys[] = {
    {"others can read it", 0644, OURS, "a private key", ""},
    {"a passphrase", 0600, LOCKED, "cannot be used: Decryption has failed",
     "a key with a passphrase cannot be used"},
    {"the key of somebody else", 0600, ANOTHER, "cannot be used: ",
     "the certificate is for another key"},
    {"no key", 0600, NO_KEY, "cannot be used: ", "must be in PEM form"},
};

START_TEST(bad_key)
{
    struct world w;
    struct buf out = {0};
    struct err err = {0};
    struct tls_settings settings = {.unverified = true};

    world_make(&w);
    if (keys[_i].key != NO_KEY)
        key_write(keys[_i].key == ANOTHER ? &w.server : &w.us, w.key,
                  keys[_i].key == LOCKED ? "secret" : NULL);
    chmod(w.key, keys[_i].mode);
    settings.certificate = span_of(w.certificate);
    settings.key = span_of(w.key);
    ck_assert_ptr_null(tls_new(&settings, S(HOST), &out, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_msg(strstr(err.text, keys[_i].text), "%s: %s", keys[_i].rule,
                  err.text);
    ck_assert_msg(strstr(err.hint, keys[_i].hint), "%s: %s: %s",
                  keys[_i].rule, err.text, err.hint);
    world_free(&w);
}
END_TEST

#define P11 "pkcs11:token=t;object=o"
static const struct {
    struct span certificate, key;
    const char *text; /* NULL: good */
} places[] = {
    {{0}, {0}, NULL},
    {SPAN_INIT(P11), {0}, NULL},
    {SPAN_INIT(P11), SPAN_INIT("PKCS11:object=k?pin-source=/etc/pin"), NULL},
    {SPAN_INIT("/nowhere/c"), SPAN_INIT(P11),
     "cannot read '/nowhere/c', which tls-cert names: No such file"},
    {SPAN_INIT(P11), SPAN_INIT("/nowhere/k"),
     "cannot read '/nowhere/k', which tls-key names: No such file"},
    {SPAN_INIT("/tmp"), {0}, "'/tmp', which tls-cert names: it is a dir"},
    {SPAN_INIT(P11), SPAN_INIT("pkcs11:object=k?pin-value=1234"),
     "tls-key holds a PIN (pin-value)"},
    {SPAN_INIT(P11 "?PIN-value=1234"), {0}, "tls-cert holds a PIN"},
};

START_TEST(place)
{
    struct tls_settings settings = {.certificate = places[_i].certificate,
                                    .key = places[_i].key};
    struct err err = {0};
    bool good = tls_client_check(&settings, &err);

    ck_assert_msg(good == !places[_i].text, "%d: %s", _i, err.text);
    if (!good) {
        ck_assert_int_eq(err.kind, ERR_CONFIG);
        ck_assert_msg(strstr(err.text, places[_i].text), "%s", err.text);
        ck_assert(!strstr(err.text, "1234"));
    }
}
END_TEST

#define TOKEN_URI "pkcs11:token=test-tls;object=us"

/* A token of SoftHSM in DIRECTORY, with the certificate and the key. */
static bool token_make(const struct world *w, const char *directory)
{
    struct buf command = {0};
    bool good;

    buf_printf(&command,
        "{ cd %s && echo directories.tokendir = %s >conf &&"
        " printf 1234 >pin && softhsm2-util --init-token --free --label"
        " test-tls --pin 1234 --so-pin 1234 && export GNUTLS_PIN=1234 &&"
        " p11tool --login --write --load-certificate %s --label us"
        " 'pkcs11:token=test-tls' && p11tool --login --write --load-privkey"
        " %s --label us 'pkcs11:token=test-tls'; } >%s/out 2>&1",
        directory, directory, w->certificate, w->both, directory);
    good = system(buf_cstring(&command)) == 0;
    buf_free(&command);
    return good;
}

static void shown_from_token(const struct world *w, const char *directory)
{
    struct buf key = {0};
    struct pair p;
    struct err err = {0};
    struct tls_settings settings = {.unverified = true};
    unsigned count = 0;

    buf_printf(&key, TOKEN_URI ";type=private?pin-source=%s/pin", directory);
    settings.certificate = S(TOKEN_URI ";type=cert");
    settings.key = buf_span(&key);
    pair_begin(&p, &w->server, 1, &settings, HOST, NULL);
    gnutls_certificate_server_set_request(p.server.session,
                                          GNUTLS_CERT_REQUEST);
    ck_assert_msg(pair_handshake(&p, SIZE_MAX, &err) == TLS_DONE, "%s",
                  err.text);
    gnutls_certificate_get_peers(p.server.session, &count);
    ck_assert_uint_eq(count, 1);
    pair_end(&p);
    buf_free(&key);
}

/* Where SoftHSM and p11tool are there, and the former known to p11-kit. */
START_TEST(is_shown_from_a_token)
{
    char directory[] = "/tmp/test_tls_XXXXXX";
    struct world w;
    struct buf path = {0};

    world_make(&w);
    ck_assert_ptr_nonnull(mkdtemp(directory));
    buf_printf(&path, "%s/conf", directory);
    setenv("SOFTHSM2_CONF", buf_cstring(&path), 1);
    if (token_make(&w, directory))
        shown_from_token(&w, directory);
    buf_clear(&path);
    buf_printf(&path, "rm -rf %s", directory);
    ck_assert_int_eq(system(buf_cstring(&path)), 0);
    buf_free(&path);
    world_free(&w);
}
END_TEST

START_TEST(a_token_that_is_not_there)
{
    struct tls_settings settings = {.unverified = true, .certificate = S(P11)};
    struct buf out = {0};
    struct err err = {0};

    ck_assert_ptr_null(tls_new(&settings, S(HOST), &out, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_msg(strstr(err.text, "'" P11 "' with the key '" P11 "' cannot be"
                                   " used: "), "%s", err.text);
    ck_assert_msg(strstr(err.hint, "p11tool"), "%s: %s", err.text, err.hint);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("tls_client");

    tcase_add_loop_test(t, is_shown, 0, COUNT(shows));
    tcase_add_loop_test(t, bad_key, 0, COUNT(keys));
    tcase_add_loop_test(t, place, 0, COUNT(places));
    tcase_add_test(t, is_shown_from_a_token);
    tcase_add_test(t, a_token_that_is_not_there);
    return unit_run("tls_client", t);
}
