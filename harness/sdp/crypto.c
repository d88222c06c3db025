#include "sdp_internal.h"

#include <inttypes.h>

/* a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:BASE64|2^31|1:1 — RFC 4568 section 9. */

static const struct {
    const char *name;
    size_t key_bytes; /* master key and salt: RFC 4568 6.2, RFC 6188, RFC 7714 14.2 */
} suites[] = {
    [DS_SRTP_AES_CM_128_80] = {"AES_CM_128_HMAC_SHA1_80", 30},
    [DS_SRTP_AES_CM_128_32] = {"AES_CM_128_HMAC_SHA1_32", 30},
    [DS_SRTP_AES_CM_256_80] = {"AES_256_CM_HMAC_SHA1_80", 46},
    [DS_SRTP_AES_CM_256_32] = {"AES_256_CM_HMAC_SHA1_32", 46},
    [DS_SRTP_GCM_128] = {"AEAD_AES_128_GCM", 28},
    [DS_SRTP_GCM_256] = {"AEAD_AES_256_GCM", 44},
};

const char *ds_srtp_suite_name(enum ds_srtp_suite suite)
{
    ds_assert((size_t)suite < DS_COUNT(suites));
    return suites[suite].name;
}

static ds_rc read_suite(struct ds_slice name, enum ds_srtp_suite *out, struct ds_why *why)
{
    for (size_t i = 0; i < DS_COUNT(suites); i++) {
        if (!ds_slice_equal(name, ds_slice_of(suites[i].name)))
            continue;
        *out = (enum ds_srtp_suite)i;
        return DS_OK;
    }
    return ds_fail(why, DS_BAD, "'%.*s' is no SRTP suite that can be opened", DS_FMT(name));
}

/* RFC 4648 4. */
static const char symbols[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int value_of(char symbol)
{
    for (int value = 0; value < 64; value++) {
        if (symbols[value] == symbol)
            return value;
    }
    return -1;
}

/* Some leave the padding out. */
static ds_rc read_key(struct ds_slice text, struct ds_sdp_crypto *out, struct ds_why *why)
{
    uint32_t bits = 0;
    unsigned held = 0;
    out->key_len = 0;
    while (text.len > 0 && text.at[text.len - 1] == '=')
        text.len--;
    for (size_t i = 0; i < text.len; i++) {
        int value = value_of(text.at[i]);
        if (value < 0 || out->key_len == sizeof out->key)
            return ds_fail(why, DS_BAD, "the key of a=crypto is no base64 of a key's length");
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        out->key[out->key_len++] = (uint8_t)(bits >> held);
    }
    if (out->key_len != suites[out->suite].key_bytes)
        return ds_fail(why, DS_BAD, "the key of a=crypto has %zu bytes, and %s wants %zu",
                       out->key_len, suites[out->suite].name, suites[out->suite].key_bytes);
    return DS_OK;
}

/* "1:4": a number, and how many bytes it takes in each packet. */
static ds_rc read_mki(struct ds_slice text, struct ds_sdp_crypto *out, struct ds_why *why)
{
    struct ds_slice number;
    uint64_t value = 0, len = 0;
    if (!ds_slice_cut(&text, ':', &number) ||
        ds_slice_number(number, UINT64_MAX, &value) != DS_OK ||
        ds_slice_number(text, sizeof out->mki, &len) != DS_OK || len == 0)
        return ds_fail(why, DS_BAD, "the MKI of a=crypto is no number with a length of 1 to %zu",
                       sizeof out->mki);
    out->mki_len = (size_t)len;
    for (size_t i = out->mki_len; i > 0; i--, value >>= 8)
        out->mki[i - 1] = (uint8_t)value;
    return DS_OK;
}

/* "inline:KEY|2^31|1:1;inline:…": the first of several keys; the lifetime says nothing here. */
static ds_rc read_key_params(struct ds_slice text, struct ds_sdp_crypto *out, struct ds_why *why)
{
    struct ds_slice first, method, part, mki = {NULL, 0};
    size_t colon;
    if (!ds_slice_cut(&text, ';', &first) || !ds_slice_cut(&first, ':', &method) ||
        !ds_slice_equal_nocase(method, DS_LITERAL("inline")) || !ds_slice_cut(&first, '|', &part))
        return ds_fail(why, DS_BAD, "a=crypto has no inline: key");
    ds_rc rc = read_key(part, out, why);
    while (first.len > 0 && ds_slice_cut(&first, '|', &part))
        if (ds_slice_find(part, DS_LITERAL(":"), &colon))
            mki = part;
    return rc != DS_OK || mki.len == 0 ? rc : read_mki(mki, out, why);
}

/* Those that leave something out change what a packet looks like. */
static ds_rc read_session_params(struct ds_slice text, struct ds_why *why)
{
    struct ds_slice word;
    while (ds_sdp_word_cut(&text, &word))
        if (!ds_slice_starts_nocase(word, DS_LITERAL("WSH=")))
            return ds_fail(why, DS_BAD, "a=crypto asks for %.*s, which cannot be opened",
                           DS_FMT(word));
    return DS_OK;
}

ds_rc ds_sdp_crypto_read(struct ds_slice value, struct ds_sdp_crypto *out, struct ds_why *why)
{
    struct ds_slice tag, suite, keys;
    uint64_t number = 0;
    *out = (struct ds_sdp_crypto){.tag = 0};
    if (!ds_sdp_word_cut(&value, &tag) || ds_slice_number(tag, 999999999, &number) != DS_OK ||
        !ds_sdp_word_cut(&value, &suite) || !ds_sdp_word_cut(&value, &keys))
        return ds_fail(why, DS_BAD, "a=crypto is not a number, a suite and a key");
    out->tag = (uint32_t)number;
    ds_rc rc = read_suite(suite, &out->suite, why);
    if (rc == DS_OK)
        rc = read_key_params(keys, out, why);
    return rc != DS_OK ? rc : read_session_params(value, why);
}

/* ---- writing ---- */

static void write_base64(struct ds_slice bytes, struct ds_buf *out)
{
    for (size_t at = 0; at < bytes.len; at += 3) {
        uint32_t bits = 0;
        size_t held = bytes.len - at < 3 ? bytes.len - at : 3;
        for (size_t i = 0; i < 3; i++)
            bits = bits << 8 | (i < held ? (uint8_t)bytes.at[at + i] : 0);
        for (size_t i = 0; i < 4; i++)
            ds_buf_print(out, "%c", i <= held ? symbols[bits >> (18 - 6 * i) & 63] : '=');
    }
}

static uint64_t mki_number(const struct ds_sdp_crypto *crypto)
{
    uint64_t number = 0;
    for (size_t i = 0; i < crypto->mki_len; i++)
        number = number << 8 | crypto->mki[i];
    return number;
}

void ds_sdp_crypto_write(const struct ds_sdp_crypto *crypto, struct ds_buf *out)
{
    ds_buf_print(out, "a=crypto:%" PRIu32 " %s inline:", crypto->tag, suites[crypto->suite].name);
    write_base64((struct ds_slice){(const char *)crypto->key, crypto->key_len}, out);
    ds_buf_text(out, "|2^31");
    if (crypto->mki_len > 0)
        ds_buf_print(out, "|%" PRIu64 ":%zu", mki_number(crypto), crypto->mki_len);
    ds_buf_text(out, "\r\n");
}

void ds_sdp_crypto_copy(const struct ds_sdp_media *media, struct ds_buf *out)
{
    struct ds_slice value;
    for (size_t i = 0; ds_sdp_attribute(media, "crypto", i, &value); i++)
        ds_buf_print(out, "a=crypto:%.*s\r\n", DS_FMT(value));
}

/* ---- choosing ---- */

bool ds_sdp_crypto_choose(const struct ds_sdp_media *media, struct ds_sdp_crypto *out)
{
    struct ds_sdp_crypto crypto;
    struct ds_slice value;
    bool found = false;
    for (size_t i = 0; ds_sdp_attribute(media, "crypto", i, &value); i++) {
        if (ds_sdp_crypto_read(value, &crypto, NULL) != DS_OK ||
            crypto.suite != DS_SRTP_AES_CM_128_80 || (found && crypto.mki_len > 0))
            continue;
        *out = crypto;
        found = true;
        if (crypto.mki_len == 0)
            return true;
    }
    return found;
}
