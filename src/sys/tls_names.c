/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_names.h"

#include "sys/host.h"
#include "sys/tls_refusal.h"
#include "sys/tls_text.h"

#include <arpa/inet.h>
#include <gnutls/x509-ext.h>

enum { NAMES_SHOWN = 8 };

/* What is wanted, and what was found so far. */
struct names {
    struct span want;
    unsigned char bytes[HOST_BYTES]; /* of want, where it is an address */
    size_t byte_count;               /* else 0                          */
    struct buf shown;
    size_t count;
    bool match, forged;
};

static void names_show(struct names *names, struct span name)
{
    if (names->count++ >= NAMES_SHOWN)
        return;
    buf_add(&names->shown, names->count > 1 ? S(", ") : S(""));
    tls_quote(name, &names->shown);
}

static void names_add_host(struct names *names, struct span name)
{
    if (names->byte_count == 0 && host_matches(name, names->want))
        names->match = true;
    if (span_find(name, '\0') < name.n)
        names->forged = true;
    names_show(names, name);
}

static void names_add_address(struct names *names, struct span bytes)
{
    char text[INET6_ADDRSTRLEN];

    if (bytes.n != 4 && bytes.n != 16)
        return;
    if (bytes.n == names->byte_count &&
        memcmp(bytes.p, names->bytes, bytes.n) == 0)
        names->match = true;
    if (inet_ntop(bytes.n == 4 ? AF_INET : AF_INET6, bytes.p, text,
                  sizeof text))
        names_show(names, span_of(text));
}

static void names_add_all(struct names *names, gnutls_subject_alt_names_t from)
{
    gnutls_datum_t name;
    unsigned type;

    for (unsigned i = 0;
         gnutls_subject_alt_names_get(from, i, &type, &name, NULL) == 0; i++) {
        struct span bytes = {(char *)name.data, name.size};

        if (type == GNUTLS_SAN_DNSNAME)
            names_add_host(names, bytes);
        else if (type == GNUTLS_SAN_IPADDRESS)
            names_add_address(names, bytes);
    }
}

static void names_read(struct names *names, gnutls_x509_crt_t certificate)
{
    gnutls_subject_alt_names_t all;
    gnutls_datum_t extension = {0};

    if (gnutls_x509_crt_get_extension_by_oid2(
            certificate, GNUTLS_X509EXT_OID_SAN, 0, &extension, NULL) < 0)
        return;
    if (gnutls_subject_alt_names_init(&all) == 0) {
        if (gnutls_x509_ext_import_subject_alt_names(&extension, all, 0) == 0)
            names_add_all(names, all);
        gnutls_subject_alt_names_deinit(all);
    }
    gnutls_free(extension.data);
}

/* It does not count, but people look at it: say that. */
static void add_common_name(gnutls_x509_crt_t certificate, struct buf *out)
{
    char name[256];
    size_t size = sizeof name;

    if (gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME,
                                      0, 0, name, &size) < 0)
        return;
    buf_add(out, S("; its common name "));
    tls_quote((struct span){name, size}, out);
    buf_add(out, S(" does not count (RFC 9525)"));
}

static void add_fault(const struct tls_peer *peer, const struct names *names,
                      struct buf *out)
{
    if (names->count == 0) {
        buf_add(out, S("names no host"));
        add_common_name(peer->chain[0], out);
        return;
    }
    buf_add(out, names->forged ? S("has a forged name: it is for ")
                               : S("is not for that name, but for "));
    buf_add(out, buf_span(&names->shown));
    if (names->count > NAMES_SHOWN)
        buf_printf(out, " and %zu more", names->count - NAMES_SHOWN);
}

bool tls_names_check(const struct tls_peer *peer, struct err *err)
{
    struct names names = {.want = peer->name};
    struct buf text = {0};
    bool other;

    names.byte_count = host_address(peer->name, names.bytes);
    names_read(&names, peer->chain[0]);
    other = names.count > 0 && !names.forged;
    if (!names.match || names.forged)
        add_fault(peer, &names, &text);
    buf_free(&names.shown);
    if (text.len == 0)
        return true;
    tls_refuse_certificate(peer, &text, err);
    return tls_hint_pin(peer,
                        other ? "if one of these is the server's right name,"
                                " put it in the setting 'server'"
                              : "the server needs another certificate",
                        err);
}
