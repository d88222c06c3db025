#include "support.h"

#include "sdp.h"

#include <stdio.h>
#include <string.h>

/* Thirty bytes, 0 … 29. */
#define KEY_30 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"

static ds_rc read(const char *value, struct ds_sdp_crypto *out, struct ds_why *why)
{
    return ds_sdp_crypto_read(ds_slice_of(value), out, why);
}

static void a_line_gives_its_tag_suite_and_key(void **state)
{
    struct ds_sdp_crypto crypto;
    (void)state;
    assert_int_equal(read("2 AES_CM_128_HMAC_SHA1_32 inline:" KEY_30, &crypto, NULL), DS_OK);
    assert_int_equal(crypto.tag, 2);
    assert_int_equal(crypto.suite, DS_SRTP_AES_CM_128_32);
    assert_int_equal(crypto.key_len, 30);
    for (uint8_t i = 0; i < 30; i++)
        assert_int_equal(crypto.key[i], i);
    assert_int_equal(crypto.mki_len, 0);
}

static void a_lifetime_is_passed_over_and_an_mki_kept(void **state)
{
    struct ds_sdp_crypto crypto;
    (void)state;
    assert_int_equal(read("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30 "|2^31|258:4", &crypto, NULL),
                     DS_OK);
    assert_int_equal(crypto.mki_len, 4);
    assert_memory_equal(crypto.mki, "\0\0\1\2", 4);
    assert_int_equal(read("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30 "|1:1", &crypto, NULL), DS_OK);
    assert_int_equal(crypto.mki_len, 1);
    assert_int_equal(read("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30 "|2^20 WSH=64", &crypto, NULL),
                     DS_OK);
    assert_int_equal(crypto.mki_len, 0);
}

static void every_suite_has_its_length(void **state)
{
    static const size_t lengths[] = {30, 30, 46, 46, 28, 44};
    char key[80], value[160];
    struct ds_sdp_crypto crypto;
    (void)state;
    for (size_t i = 0; i < DS_COUNT(lengths); i++) {
        const char *name = ds_srtp_suite_name((enum ds_srtp_suite)i);
        size_t symbols = (lengths[i] * 8 + 5) / 6;
        memset(key, 'A', symbols);
        memcpy(key + symbols, "==", 3);
        snprintf(value, sizeof value, "1 %s inline:%s", name, key);
        assert_int_equal(read(value, &crypto, NULL), DS_OK);
        assert_int_equal(crypto.key_len, lengths[i]);
        memcpy(key + symbols - 4, "==", 3);
        snprintf(value, sizeof value, "1 %s inline:%s", name, key);
        assert_int_equal(read(value, &crypto, NULL), DS_BAD);
    }
}

static void what_opens_no_packet_is_refused_with_a_sentence(void **state)
{
    static const char *const values[][2] = {
        {"", "not a number"},
        {"one AES_CM_128_HMAC_SHA1_80 inline:" KEY_30, "not a number"},
        {"1 F8_128_HMAC_SHA1_80 inline:" KEY_30, "no SRTP suite"},
        {"1 AES_CM_128_HMAC_SHA1_80 url:" KEY_30, "no inline: key"},
        {"1 AES_CM_128_HMAC_SHA1_80 inline:", "has 0 bytes"},
        {"1 AES_CM_128_HMAC_SHA1_80 inline:AA!A", "no base64"},
        {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30 KEY_30, "no base64"},
        {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30 "|1:9", "the MKI"},
        {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30 "|1:0", "the MKI"},
        {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30 " UNENCRYPTED_SRTP", "UNENCRYPTED_SRTP"},
    };
    struct ds_sdp_crypto crypto;
    struct ds_why why;
    (void)state;
    for (size_t i = 0; i < DS_COUNT(values); i++) {
        assert_int_equal(read(values[i][0], &crypto, &why), DS_BAD);
        if (strstr(why.text, values[i][1]) == NULL)
            fail_msg("%s", why.text);
    }
}

int test_crypto(void);

int test_crypto(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_gives_its_tag_suite_and_key),
        cmocka_unit_test(a_lifetime_is_passed_over_and_an_mki_kept),
        cmocka_unit_test(every_suite_has_its_length),
        cmocka_unit_test(what_opens_no_packet_is_refused_with_a_sentence),
    };
    return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
