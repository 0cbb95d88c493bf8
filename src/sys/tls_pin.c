/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_pin.h"

static int hex_digit(char c)
{
    c = ascii_lower(c);
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Two digits a byte; a colon may stand between bytes. */
static bool hex_read(struct span hex, unsigned char pin[TLS_PIN_BYTES])
{
    for (size_t i = 0; i < TLS_PIN_BYTES; i++) {
        if (i > 0 && span_starts(hex, S(":")))
            hex = span_from(hex, 1);
        if (hex.n < 2 || hex_digit(hex.p[0]) < 0 || hex_digit(hex.p[1]) < 0)
            return false;
        pin[i] = (unsigned char)(hex_digit(hex.p[0]) << 4 |
                                 hex_digit(hex.p[1]));
        hex = span_from(hex, 2);
    }
    return span_empty(hex);
}

static gnutls_datum_t datum_of(struct span s)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)s.p, (unsigned)s.n};
}

static bool base64_read(struct span text, unsigned char pin[TLS_PIN_BYTES])
{
    gnutls_datum_t from = datum_of(text), to = {0};
    bool whole;

    if (gnutls_base64_decode2(&from, &to) < 0)
        return false;
    whole = to.size == TLS_PIN_BYTES;
    if (whole)
        memcpy(pin, to.data, TLS_PIN_BYTES);
    gnutls_free(to.data);
    return whole;
}

static bool pin_read(struct span word, unsigned char pin[TLS_PIN_BYTES])
{
    if (span_istarts(word, S("sha256//")))
        return base64_read(span_from(word, 8), pin);
    if (span_istarts(word, S("sha256:")))
        word = span_from(word, 7);
    return hex_read(word, pin);
}

/* The next word of a list with blanks or commas between its words. */
static bool pins_next(struct span *rest, struct span *word)
{
    size_t n = 0;

    while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == ','))
        *rest = span_from(*rest, 1);
    while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != ',')
        n++;
    *word = span_upto(*rest, n);
    *rest = span_from(*rest, n);
    return n > 0;
}

bool tls_pins_check(struct span pins, struct err *err)
{
    unsigned char pin[TLS_PIN_BYTES];
    struct span word;

    while (pins_next(&pins, &word)) {
        if (pin_read(word, pin))
            continue;
        fail(err, ERR_CONFIG, "'%.*s' is not a pin", SPAN_ARG(word));
        return err_hint(err, "a pin is the SHA-256 of the server's key, as in"
                             " sha256//BASE64, or of its certificate, as in"
                             " sha256:HEX");
    }
    return true;
}

/* GnuTLS calls it the key's identifier. */
static bool key_hash(gnutls_x509_crt_t certificate,
                     unsigned char hash[TLS_PIN_BYTES])
{
    size_t size = TLS_PIN_BYTES;

    return gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256,
                                      hash, &size) == 0;
}

static bool certificate_hash(gnutls_x509_crt_t certificate,
                             unsigned char hash[TLS_PIN_BYTES])
{
    size_t size = TLS_PIN_BYTES;

    return gnutls_x509_crt_get_fingerprint(certificate, GNUTLS_DIG_SHA256,
                                           hash, &size) == 0;
}

bool tls_pins_match(struct span pins, gnutls_x509_crt_t certificate)
{
    unsigned char key[TLS_PIN_BYTES], whole[TLS_PIN_BYTES];
    unsigned char pin[TLS_PIN_BYTES];
    struct span word;

    if (!key_hash(certificate, key) || !certificate_hash(certificate, whole))
        return false;
    while (pins_next(&pins, &word))
        if (pin_read(word, pin) && (memcmp(pin, key, sizeof pin) == 0 ||
                                    memcmp(pin, whole, sizeof pin) == 0))
            return true;
    return false;
}

void tls_pin_text(gnutls_x509_crt_t certificate, struct buf *out)
{
    unsigned char key[TLS_PIN_BYTES];
    gnutls_datum_t from = {key, sizeof key}, to;

    if (!key_hash(certificate, key) || gnutls_base64_encode2(&from, &to) < 0)
        return;
    buf_add(out, S("sha256//"));
    buf_add(out, (struct span){(char *)to.data, to.size});
    gnutls_free(to.data);
}
