/* SPDX-License-Identifier: GPL-3.0-or-later */
/* digest - against the examples of the RFCs that define them */
#include "base/digest.h"

#include "unit.h"

#define TWENTY(octet)                                                        \
    octet octet octet octet octet octet octet octet octet octet octet octet  \
        octet octet octet octet octet octet octet octet

static void ck_hex(const struct digest *d, const char *want)
{
    struct buf hex = {0};

    for (size_t i = 0; i < d->n; i++)
        buf_printf(&hex, "%02x", d->octets[i]);
    ck_assert_span(buf_span(&hex), span_of(want));
    buf_free(&hex);
}

static const struct {
    enum digest_kind kind;
    struct span text;
    const char *hex;
} hashes[] = {
    /* RFC 1321, A.5 */
    {DIGEST_MD5, SPAN_INIT(""), "d41d8cd98f00b204e9800998ecf8427e"},
    {DIGEST_MD5, SPAN_INIT("abc"), "900150983cd24fb0d6963f7d28e17f72"},
    /* FIPS 180 */
    {DIGEST_SHA1, SPAN_INIT("abc"),
     "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {DIGEST_SHA256, SPAN_INIT("abc"),
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {DIGEST_SHA256, SPAN_INIT(""),
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {DIGEST_SHA512, SPAN_INIT("abc"),
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
};

START_TEST(hash)
{
    struct digest d;
    struct err err;

    ck_assert(digest_of(hashes[_i].kind, hashes[_i].text, &d, &err));
    ck_hex(&d, hashes[_i].hex);
}
END_TEST

static const struct {
    enum digest_kind kind;
    struct span key, text;
    const char *hex;
} macs[] = {
    /* RFC 2104, appendix */
    {DIGEST_MD5, SPAN_INIT("Jefe"), SPAN_INIT("what do ya want for nothing?"),
     "750c783e6ab0b503eaa86e310a5db738"},
    {DIGEST_MD5, SPAN_INIT(""), SPAN_INIT(""),
     "74e6f7298a9c2d168935f58c001bad88"},
    /* RFC 2202, 3 */
    {DIGEST_SHA1, SPAN_INIT(TWENTY("\x0b")), SPAN_INIT("Hi There"),
     "b617318655057264e28bc0b6fb378c8ef146be00"},
    /* RFC 4231, 4.3 and 4.7 */
    {DIGEST_SHA256, SPAN_INIT("Jefe"),
     SPAN_INIT("what do ya want for nothing?"),
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {DIGEST_SHA512,
     SPAN_INIT(TWENTY("\xaa") TWENTY("\xaa") TWENTY("\xaa") TWENTY("\xaa")
                   TWENTY("\xaa") TWENTY("\xaa") "\xaa\xaa\xaa\xaa\xaa"
                                                 "\xaa\xaa\xaa\xaa\xaa\xaa"),
     SPAN_INIT("Test Using Larger Than Block-Size Key - Hash Key First"),
     "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
     "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"},
};

START_TEST(hmac)
{
    struct digest d;
    struct err err;

    ck_assert(digest_hmac(macs[_i].kind, macs[_i].key, macs[_i].text, &d,
                          &err));
    ck_hex(&d, macs[_i].hex);
}
END_TEST

static const struct {
    enum digest_kind kind;
    struct span password, salt;
    unsigned rounds;
    const char *hex;
} derived[] = {
    /* RFC 6070, 2 */
    {DIGEST_SHA1, SPAN_INIT("password"), SPAN_INIT("salt"), 1,
     "0c60c80f961f0e71f3a9b524af6012062fe037a6"},
    {DIGEST_SHA1, SPAN_INIT("password"), SPAN_INIT("salt"), 4096,
     "4b007901b765489abead49d926f721d065a429c1"},
    {DIGEST_SHA256, SPAN_INIT("password"), SPAN_INIT("salt"), 4096,
     "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"},
    {DIGEST_SHA512, SPAN_INIT("password"), SPAN_INIT("salt"), 1,
     "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252"
     "c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce"},
};

START_TEST(pbkdf2)
{
    struct digest d;
    struct err err;

    ck_assert(digest_pbkdf2(derived[_i].kind, derived[_i].password,
                            derived[_i].salt, derived[_i].rounds, &d, &err));
    ck_hex(&d, derived[_i].hex);
}
END_TEST

START_TEST(no_rounds_are_refused)
{
    struct digest d = {{'x'}, 1};
    struct err err = {0};

    ck_assert(!digest_pbkdf2(DIGEST_SHA1, S("p"), S("s"), 0, &d, &err));
    ck_assert_int_eq(err.kind, ERR_SYSTEM);
    ck_assert(span_starts(span_of(err.text), S("cannot compute SHA-1: ")));
    ck_assert_uint_eq(d.n, 0);
    ck_assert_uint_eq(d.octets[0], 0);
}
END_TEST

START_TEST(equality)
{
    ck_assert(digest_eq(S(""), S("")));
    ck_assert(digest_eq(S("abc"), S("abc")));
    ck_assert(!digest_eq(S("abc"), S("abd")));
    ck_assert(!digest_eq(S("abc"), S("xbc")));
    ck_assert(!digest_eq(S("abc"), S("ab")));
    ck_assert(!digest_eq(S("ab"), S("abc")));
}
END_TEST

static const struct {
    const char *rule;
    struct span text;
    const char *form, *error; /* one of them */
} forms[] = {
    {"ASCII stays", SPAN_INIT("hunter2 ~!"), "hunter2 ~!", NULL},
    {"so does its case", SPAN_INIT("Bob"), "Bob", NULL},
    {"form C", SPAN_INIT("u\xCC\x88"), "\xC3\xBC", NULL},
    {"other blanks are spaces", SPAN_INIT("a\xC2\xA0z"), "a z", NULL},
    {"nothing", SPAN_INIT(""), NULL, "the word is empty"},
    {"no UTF-8", SPAN_INIT("\xFF"), NULL, "the word is not UTF-8"},
    {"a control", SPAN_INIT("a\tb"), NULL,
     "the word holds characters that it may not: "},
};

START_TEST(preparation)
{
    struct buf out = {0};
    struct err err = {0};

    if (forms[_i].form) {
        ck_assert(digest_prepare(forms[_i].text, "the word", &out, &err));
        ck_assert_span(buf_span(&out), span_of(forms[_i].form));
    } else {
        ck_assert(!digest_prepare(forms[_i].text, "the word", &out, &err));
        ck_assert_int_eq(err.kind, ERR_CONFIG);
        ck_assert_msg(span_starts(span_of(err.text),
                                  span_of(forms[_i].error)),
                      "%s: %s", forms[_i].rule, err.text);
        ck_assert_uint_eq(out.len, 0);
    }
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("digest");

    tcase_add_loop_test(t, hash, 0, COUNT(hashes));
    tcase_add_loop_test(t, hmac, 0, COUNT(macs));
    tcase_add_loop_test(t, pbkdf2, 0, COUNT(derived));
    tcase_add_test(t, no_rounds_are_refused);
    tcase_add_test(t, equality);
    tcase_add_loop_test(t, preparation, 0, COUNT(forms));
    return unit_run("digest", t);
}
