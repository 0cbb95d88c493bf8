/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_client.h"

#include "sys/file.h"
#include "sys/tls_file.h"

/* Where the key is: with the certificate, where nothing else is said. */
static struct span key_place(const struct tls_settings *settings)
{
    return span_empty(settings->key) ? settings->certificate : settings->key;
}

/* What a setting says is shown in lists: it must not be a secret. */
static bool token_check(struct span uri, const char *setting, struct err *err)
{
    for (size_t i = 0; i < uri.n; i++)
        if (span_istarts(span_from(uri, i), S("pin-value="))) {
            fail(err, ERR_CONFIG, "%s holds a PIN (pin-value)", setting);
            return err_hint(err, "put the PIN into a file of its own, and"
                                 " write pin-source=/PATH");
        }
    return true;
}

static bool key_file_check(struct span place, struct err *err)
{
    struct buf path = {0}, text = {0};
    struct file_facts facts;
    bool good;

    buf_add(&path, place);
    good = file_read_config(buf_cstring(&path), &facts, &text, err) &&
           (facts.missing ||
            file_private(path.data, &facts, "a private key", err));
    buf_wipe(&text);
    buf_free(&path);
    return good;
}

bool tls_client_check(const struct tls_settings *settings, struct err *err)
{
    struct span certificate = settings->certificate, key = key_place(settings);
    const char *setting = span_empty(settings->key) ? "tls-cert" : "tls-key";

    if (span_empty(certificate))
        return true;
    if (!(tls_is_token(certificate)
              ? token_check(certificate, "tls-cert", err)
              : tls_file_check(certificate, "tls-cert", err)))
        return false;
    if (tls_is_token(key))
        return token_check(key, setting, err);
    return tls_file_check(key, setting, err) && key_file_check(key, err);
}

/* What is likely to be wrong. */
static const struct advice {
    int code;
    const char *hint;
} advices[] = {
    {GNUTLS_E_DECRYPTION_FAILED,
     "a key with a passphrase cannot be used: nobody is there to type it"},
    {GNUTLS_E_CERTIFICATE_KEY_MISMATCH,
     "the certificate is for another key than this one"},
    {GNUTLS_E_PKCS11_PIN_ERROR,
     "the URI needs pin-source=/PATH, the file that holds the PIN"},
    {GNUTLS_E_PKCS11_REQUESTED_OBJECT_NOT_AVAILBLE,
     "p11tool --list-all shows what the tokens hold"},
    {GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE,
     "both must be in PEM form, with their BEGIN and END lines"},
    {GNUTLS_E_BASE64_UNEXPECTED_HEADER_ERROR,
     "both must be in PEM form, with their BEGIN and END lines"},
};

static bool client_unusable(const struct tls_settings *settings, int code,
                            struct err *err)
{
    struct span words = span_of(gnutls_strerror(code));

    fail(err, ERR_CONFIG,
         "the client certificate '%.*s' with the key '%.*s' cannot be used:"
         " %.*s",
         SPAN_ARG(settings->certificate), SPAN_ARG(key_place(settings)),
         SPAN_ARG(span_upto(words, words.n - span_ends(words, S(".")))));
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].code == code)
            return err_hint(err, "%s", advices[i].hint);
    return false;
}

bool tls_client_load(const struct tls_settings *settings,
                     gnutls_certificate_credentials_t to, struct err *err)
{
    struct buf certificate = {0}, key = {0};
    int code;

    if (span_empty(settings->certificate))
        return true;
    buf_add(&certificate, settings->certificate);
    buf_add(&key, key_place(settings));
    code = gnutls_certificate_set_x509_key_file2(
        to, buf_cstring(&certificate), buf_cstring(&key), GNUTLS_X509_FMT_PEM,
        NULL, 0);
    buf_free(&certificate);
    buf_free(&key);
    return code >= 0 || client_unusable(settings, code, err);
}
