#include "support.h"

#include "sdp.h"

#include <stdio.h>
#include <string.h>

#define KEY_A "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"
#define KEY_B "HRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA"
#define SUITE "AES_CM_128_HMAC_SHA1_80"

/* The audio of a description with that protocol and these attributes. */
static const struct ds_sdp_media *
audio_of(struct ds_sdp *sdp, char *room, size_t size, const char *protocol, const char *attributes)
{
    int len = snprintf(room, size,
                       "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                       "m=audio 5000 %s 0\r\n%s",
                       protocol, attributes);
    assert_int_equal(ds_sdp_parse((struct ds_slice){room, (size_t)len}, sdp, NULL), DS_OK);
    return ds_sdp_audio(sdp);
}

static void what_is_written_is_read_again(void **state)
{
    static const char *const lines[] = {
        "a=crypto:1 " SUITE " inline:" KEY_A "|2^31\r\n",
        "a=crypto:7 " SUITE " inline:" KEY_B "|2^31|258:4\r\n",
        "a=crypto:2 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw==|2^31\r\n",
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(lines); i++) {
        struct ds_sdp_crypto crypto;
        struct ds_buf text = {0};
        struct ds_slice value = ds_slice_from(ds_slice_of(lines[i]), strlen("a=crypto:"));
        value.len -= 2;
        assert_int_equal(ds_sdp_crypto_read(value, &crypto, NULL), DS_OK);
        ds_sdp_crypto_write(&crypto, &text);
        assert_string_equal(text.at, lines[i]);
        ds_buf_clean_up(&text);
    }
}

static void a_key_without_mki_is_chosen_first(void **state)
{
    static const struct {
        const char *attributes;
        uint32_t tag; /* 0: none is chosen */
    } cases[] = {
        {"a=crypto:1 " SUITE " inline:" KEY_A "|2^31|1:1\r\n"
         "a=crypto:2 " SUITE " inline:" KEY_B "|2^31\r\n",
         2},
        {"a=crypto:1 " SUITE " inline:" KEY_A "|2^31|1:1\r\n"
         "a=crypto:2 " SUITE " inline:" KEY_B "|2^31|2:1\r\n",
         1},
        {"a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:" KEY_A "\r\n"
         "a=crypto:9 " SUITE " inline:" KEY_B "\r\n",
         9},
        {"a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:" KEY_A "\r\n", 0},
        {"a=crypto:1 " SUITE " inline:short\r\n", 0},
        {"", 0},
    };
    struct ds_sdp sdp;
    char room[512];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_sdp_crypto crypto = {.tag = 0};
        const struct ds_sdp_media *audio =
            audio_of(&sdp, room, sizeof room, "RTP/SAVP", cases[i].attributes);
        assert_int_equal(ds_sdp_crypto_choose(audio, &crypto), cases[i].tag != 0);
        assert_int_equal(crypto.tag, cases[i].tag);
    }
}

static void keys_are_copied_as_they_stand(void **state)
{
    static const char attributes[] = "a=crypto:1 F8 inline:x|y\r\na=sendrecv\r\n"
                                     "a=crypto:2 " SUITE " inline:" KEY_B "\r\n";
    struct ds_sdp sdp;
    struct ds_buf text = {0};
    char room[512];
    (void)state;
    ds_sdp_crypto_copy(audio_of(&sdp, room, sizeof room, "RTP/AVP", attributes), &text);
    assert_string_equal(text.at,
                        "a=crypto:1 F8 inline:x|y\r\na=crypto:2 " SUITE " inline:" KEY_B "\r\n");
    ds_buf_clean_up(&text);
}

static void best_effort_is_told_from_the_rest(void **state)
{
    static const struct {
        const char *protocol, *attributes;
        enum ds_sdp_security security;
        uint32_t configuration, transport;
    } cases[] = {
        {"RTP/AVP", "", DS_SDP_PLAIN, 0, 0},
        {"RTP/SAVP", "", DS_SDP_SECURE, 0, 0},
        {"RTP/SAVP", "a=tcap:1 RTP/SAVP\r\na=pcfg:1 t=1\r\n", DS_SDP_SECURE, 0, 0},
        {"RTP/AVP", "a=tcap:1 RTP/SAVP\r\na=pcfg:1 t=1\r\n", DS_SDP_BEST_EFFORT, 1, 1},
        {"RTP/AVP", "a=tcap:4 RTP/SAVPF RTP/SAVP\r\na=pcfg:2 t=4\r\na=pcfg:7 a=1 t=9|5\r\n",
         DS_SDP_BEST_EFFORT, 7, 5},
    };

    static const char *const none[] = {
        "a=tcap:1 RTP/SAVP\r\n",
        "a=pcfg:1 t=1\r\n",
        "a=tcap:1 RTP/SAVP\r\na=pcfg:1 t=2\r\n",
        "a=tcap:1 RTP/SAVP\r\na=pcfg:1 a=1\r\n",
        "a=tcap:x RTP/SAVP\r\na=pcfg:1 t=1\r\n",
        "a=tcap:1 RTP/AVPF\r\na=pcfg:1 t=1\r\n",
        "a=tcap:\r\na=pcfg:\r\n",
    };
    struct ds_sdp sdp;
    char room[512];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_sdp_secure read = ds_sdp_security_read(
            audio_of(&sdp, room, sizeof room, cases[i].protocol, cases[i].attributes));
        assert_int_equal(read.security, cases[i].security);
        assert_int_equal(read.configuration, cases[i].configuration);
        assert_int_equal(read.transport, cases[i].transport);
    }
    for (size_t i = 0; i < DS_COUNT(none); i++)
        assert_int_equal(
            ds_sdp_security_read(audio_of(&sdp, room, sizeof room, "RTP/AVP", none[i])).security,
            DS_SDP_PLAIN);
}

static void assert_written(const struct ds_sdp_secure *secure, const char *stream)
{
    static const struct ds_sdp_codec codecs[] = {{8, "PCMA", 8000, NULL}};
    struct ds_buf text = {0};
    size_t at;
    const struct ds_sdp_spec spec = {.style = DS_SDP_GATEWAY,
                                     .at = ds_addr_v4(0x7f000a05, 50000),
                                     .codecs = codecs,
                                     .codec_count = DS_COUNT(codecs),
                                     .secure = *secure};
    ds_sdp_write(&spec, &text);
    assert_true(ds_slice_find(ds_buf_slice(&text), DS_LITERAL("m="), &at));
    assert_string_equal(text.at + at, stream);
    ds_buf_clean_up(&text);
}

#define LINE "a=crypto:1 " SUITE " inline:" KEY_A "\r\n"
#define REST "a=rtpmap:8 PCMA/8000\r\na=sendrecv\r\na=ptime:20\r\n"

static void each_way_has_its_lines(void **state)
{
    struct ds_sdp_secure secure = {.crypto = DS_LITERAL(LINE), .configuration = 3, .transport = 2};
    (void)state;
    secure.security = DS_SDP_SECURE;
    assert_written(&secure, "m=audio 50000 RTP/SAVP 8\r\n" LINE REST);
    secure.security = DS_SDP_BEST_EFFORT;
    assert_written(&secure,
                   "m=audio 50000 RTP/AVP 8\r\na=tcap:1 RTP/SAVP\r\na=pcfg:1 t=1\r\n" LINE REST);
    secure.security = DS_SDP_TAKEN;
    assert_written(&secure, "m=audio 50000 RTP/SAVP 8\r\n" LINE "a=acfg:3 t=2\r\n" REST);
    secure = (struct ds_sdp_secure){.security = DS_SDP_PLAIN};
    assert_written(&secure, "m=audio 50000 RTP/AVP 8\r\n" REST);
}

int test_secure(void);

int test_secure(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_key_without_mki_is_chosen_first),
        cmocka_unit_test(keys_are_copied_as_they_stand),
        cmocka_unit_test(best_effort_is_told_from_the_rest),
        cmocka_unit_test(each_way_has_its_lines),
    };
    return cmocka_run_group_tests_name("secure", tests, NULL, NULL);
}
