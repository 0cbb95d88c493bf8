/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_revoked.h"

#include "sys/revocations.h"
#include "sys/tls_pair.h"

#include <unistd.h>

#define HOST "mx.example.org"

static const struct name mx[] = {DNS(HOST), NO_MORE};

enum list { NO_LIST, OTHER_LISTED, LISTED, ISSUER_LISTED, OLD_LIST };
enum staple { NO_STAPLE, GOOD, REVOKED, OLD, BY_ANOTHER, GARBAGE };

static const struct {
    const char *rule;
    enum list list;
    enum staple staple;
    bool must_staple;
    enum err_kind kind; /* 0: accepted */
    const char *text, *hint;
} cases[] = {
    {"no list and no staple", NO_LIST, NO_STAPLE, false, 0, NULL, NULL},
    {"it is not on the list", OTHER_LISTED, NO_STAPLE, false, 0, NULL, NULL},
    {"it is on the list", LISTED, NO_STAPLE, false, ERR_PROTOCOL,
     "the certificate of the server '" HOST "' is revoked, by a list in"
     " '/tmp/test_tls_crl", "the server needs a new certificate"},
    {"its authority is on the list", ISSUER_LISTED, NO_STAPLE, false,
     ERR_PROTOCOL, "depends on that of the authority 'CN=Middle', which is"
     " revoked, by a list in '", ""},
    {"a list that is out of date", OLD_LIST, NO_STAPLE, false, ERR_CONFIG,
     "which tls-crl names, is out of date: a newer one was due on 20",
     "get the newer one"},
    {"a staple that says it is good", NO_LIST, GOOD, false, 0, NULL, NULL},
    {"one that says it is revoked", NO_LIST, REVOKED, false, ERR_PROTOCOL,
     "is revoked since 20", "the server needs a new certificate"},
    {"the same", NO_LIST, REVOKED, true, ERR_PROTOCOL,
     "UTC, by the OCSP response that came with it", ""},
    {"one that is out of date", NO_LIST, OLD, false, ERR_PROTOCOL,
     "came with an OCSP response that does not hold", ""},
    {"one of somebody else", NO_LIST, BY_ANOTHER, false, ERR_PROTOCOL,
     "came with an OCSP response that does not hold", ""},
    {"one that is none", NO_LIST, GARBAGE, true, ERR_PROTOCOL,
     "and none came that can be read", ""},
    {"must-staple, and there is one", NO_LIST, GOOD, true, 0, NULL, NULL},
    {"must-staple, and there is none", NO_LIST, NO_STAPLE, true, ERR_PROTOCOL,
     "demands an OCSP response with it (must-staple), and none came"
     " that can be read",
     "must be set up to send one"},
};

struct world {
    struct certificate ca, chain[3];
    char trust[32], crl[32];
};

static void world_make(struct world *w, enum list list, bool must_staple)
{
    static const struct recipe ca = {.cn = "CA", .ca = true},
                               middle = {.cn = "Middle", .ca = true};

    *w = (struct world){.trust = "/tmp/test_tls_XXXXXX",
                        .crl = "/tmp/test_tls_crl_XXXXXX"};
    certificate_make(&w->ca, &ca, NULL);
    certificate_make(&w->chain[1], &middle, &w->ca);
    certificate_make(&w->chain[0], &(struct recipe){
        .names = mx, .must_staple = must_staple}, &w->chain[1]);
    certificate_write(&w->ca, w->trust);
    if (list != NO_LIST)
        crl_write(list == ISSUER_LISTED ? &w->ca : &w->chain[1],
                  list != OTHER_LISTED, list == OLD_LIST ? -1 : 9, w->crl);
}

static void world_free(struct world *w)
{
    unlink(w->trust);
    unlink(w->crl);
    certificate_free(&w->ca);
    certificate_free(&w->chain[0]);
    certificate_free(&w->chain[1]);
}

static void staple(struct tls_server *server, struct world *w,
                   enum staple kind)
{
    struct buf der = {0};
    gnutls_datum_t data;

    if (kind == NO_STAPLE)
        return;
    if (kind == GARBAGE)
        buf_add(&der, S("\x30\x03\x0A\x01\x07"));
    else
        ocsp_make(&w->chain[1], kind == BY_ANOTHER ? &w->ca : &w->chain[1],
                  kind == REVOKED, kind == OLD ? -5 : 5, &der);
    data = (gnutls_datum_t){(unsigned char *)der.data, (unsigned)der.len};
    gnutls_certificate_set_flags(server->credentials,
                                 GNUTLS_CERTIFICATE_SKIP_OCSP_RESPONSE_CHECK);
    ck_assert_int_ge(gnutls_certificate_set_ocsp_status_request_mem(
                         server->credentials, &data, 0, GNUTLS_X509_FMT_DER),
                     0);
    buf_free(&der);
}

START_TEST(revocation)
{
    struct world w;
    struct pair p;
    struct err err = {0};
    struct tls_settings settings = {0};
    enum tls_step step;

    world_make(&w, cases[_i].list, cases[_i].must_staple);
    settings.trust = span_of(w.trust);
    settings.crl = cases[_i].list == NO_LIST ? S("") : span_of(w.crl);
    pair_begin(&p, w.chain, 2, &settings, HOST, NULL);
    staple(&p.server, &w, cases[_i].staple);
    step = pair_handshake(&p, SIZE_MAX, &err);
    ck_assert_msg((step == TLS_DONE) == !cases[_i].text, "%s: %s",
                  cases[_i].rule, err.text);
    ck_assert_int_eq(err.kind, cases[_i].kind);
    if (cases[_i].text) {
        ck_assert_msg(strstr(err.text, cases[_i].text), "%s: %s",
                      cases[_i].rule, err.text);
        ck_assert_msg(strstr(err.hint, cases[_i].hint), "%s: %s",
                      cases[_i].rule, err.hint);
    }
    pair_end(&p);
    world_free(&w);
}
END_TEST

static const struct {
    const char *path, *text;
} files[] = {
    {"/nowhere/crl.pem", "cannot read '/nowhere/crl.pem', which tls-crl names:"
                         " No such file"},
    {"/tmp", "cannot read '/tmp', which tls-crl names: it is a directory"},
    {"/dev/null", "it is neither a file nor a directory"},
};

START_TEST(the_file_must_be_one)
{
    struct err err = {0};

    ck_assert(!tls_crl_check(span_of(files[_i].path), &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_msg(strstr(err.text, files[_i].text), "%s", err.text);
}
END_TEST

START_TEST(a_file_without_lists_is_an_error)
{
    char path[] = "/tmp/test_tls_XXXXXX";
    gnutls_certificate_credentials_t credentials;
    struct err err = {0};

    gnutls_certificate_allocate_credentials(&credentials);
    close(mkstemp(path));
    ck_assert(tls_crl_check(span_of(path), &err));
    ck_assert(!tls_crl_load(span_of(path), credentials, &err));
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert_msg(strstr(err.text, "which tls-crl names, cannot be used: "),
                  "%s", err.text);
    unlink(path);
    gnutls_certificate_free_credentials(credentials);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("tls_revoked");

    tcase_add_loop_test(t, revocation, 0, COUNT(cases));
    tcase_add_loop_test(t, the_file_must_be_one, 0, COUNT(files));
    tcase_add_test(t, a_file_without_lists_is_an_error);
    return unit_run("tls_revoked", t);
}
