#include "stage.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

/*
 * A sender of SRTP that has nothing from libsrtp: RFC 3711 and RFC 7714 over OpenSSL's ciphers. It
 * is held to the RFCs' own vectors first, and then our reading is held to it.
 */

#define CALLER      STAGE_ADDR(1, 30000)
#define CALLEE      STAGE_ADDR(2, 40000)
#define ANY_SSRC    0xdecafbadu
#define HEAD_BYTES  12
#define MOST_PACKET 256

struct suite {
    const char *name, *counter, *aead; /* of SDP, and OpenSSL's ciphers; aead NULL: HMAC */
    const char *master;                /* key and salt */
    size_t key_len, salt_len, tag_len;
};

#define RFC_3711_B3                                                                                \
    "e1f97a0d3e018be0d64fa32c06de4139"                                                             \
    "0ec675ad498afeebb6960b3aabe6"
#define RFC_6188_7                                                                                 \
    "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6"                             \
    "3b04803de51ee7c96423ab5b78d2"

static const struct suite suites[] = {
    {"AES_CM_128_HMAC_SHA1_80", "AES-128-CTR", NULL, RFC_3711_B3, 16, 14, 10},
    {"AES_CM_128_HMAC_SHA1_32", "AES-128-CTR", NULL, RFC_3711_B3, 16, 14, 4},
    {"AES_256_CM_HMAC_SHA1_80", "AES-256-CTR", NULL, RFC_6188_7, 32, 14, 10},
    {"AES_256_CM_HMAC_SHA1_32", "AES-256-CTR", NULL, RFC_6188_7, 32, 14, 4},
    {"AEAD_AES_128_GCM", "AES-128-CTR", "AES-128-GCM",
     "000102030405060708090a0b0c0d0e0f517569642070726f2071756f", 16, 12, 16},
    {"AEAD_AES_256_GCM", "AES-256-CTR", "AES-256-GCM",
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f517569642070726f2071756f", 32,
     12, 16},
};

static size_t from_hex(const char *text, uint8_t *out)
{
    size_t len = strlen(text) / 2;
    for (size_t i = 0; i < len; i++) {
        const char pair[] = {text[2 * i], text[2 * i + 1], '\0'};
        out[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return len;
}

static void assert_hex(const uint8_t *bytes, const char *text)
{
    uint8_t expected[MOST_PACKET];
    size_t len = from_hex(text, expected);
    assert_memory_equal(bytes, expected, len);
}

/* ---- keys ---- */

struct keys {
    const struct suite *suite;
    uint8_t cipher[32], salt[14], auth[20];
};

static void
encrypt(const char *cipher, const uint8_t *key, const uint8_t iv[16], uint8_t *bytes, size_t size)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int len = 0;
    assert_int_equal(EVP_EncryptInit_ex(context, EVP_get_cipherbyname(cipher), NULL, key, iv), 1);
    assert_int_equal(EVP_EncryptUpdate(context, bytes, &len, bytes, (int)size), 1);
    EVP_CIPHER_CTX_free(context);
}

/* RFC 3711 4.3.1; RFC 7714 11 has a salt of 12 bytes with two zeros behind it. */
static void derive(const struct suite *suite, uint8_t label, uint8_t *out, size_t size)
{
    uint8_t master[46], iv[16] = {0};
    from_hex(suite->master, master);
    memcpy(iv, master + suite->key_len, suite->salt_len);
    iv[7] ^= label;
    memset(out, 0, size);
    encrypt(suite->counter, master, iv, out, size);
}

static struct keys derive_keys(const struct suite *suite)
{
    struct keys keys = {.suite = suite};
    derive(suite, 0, keys.cipher, suite->key_len);
    derive(suite, 1, keys.auth, sizeof keys.auth);
    derive(suite, 2, keys.salt, suite->salt_len);
    return keys;
}

/* ---- packets ---- */

struct packet {
    uint8_t bytes[MOST_PACKET];
    size_t len;
    uint32_t rollovers;
};

static uint32_t word_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint64_t index_of(const struct packet *packet)
{
    return (uint64_t)packet->rollovers << 16 | (word_at(packet->bytes) & 0xffff);
}

static void mix(uint8_t *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        out[i] ^= (uint8_t)(value >> (8 * (size - 1 - i)));
}

/* RFC 3711 4.1.1 and 4.2. */
static void seal_with_hmac(const struct keys *keys, struct packet *packet)
{
    uint8_t iv[16] = {0}, tag[EVP_MAX_MD_SIZE], rollovers[4] = {0};
    memcpy(iv, keys->salt, sizeof keys->salt);
    mix(iv + 4, word_at(packet->bytes + 8), 4);
    mix(iv + 8, index_of(packet), 6);
    encrypt(keys->suite->counter, keys->cipher, iv, packet->bytes + HEAD_BYTES,
            packet->len - HEAD_BYTES);
    mix(rollovers, packet->rollovers, 4);
    memcpy(packet->bytes + packet->len, rollovers, 4);
    assert_non_null(
        HMAC(EVP_sha1(), keys->auth, sizeof keys->auth, packet->bytes, packet->len + 4, tag, NULL));
    memcpy(packet->bytes + packet->len, tag, keys->suite->tag_len);
    packet->len += keys->suite->tag_len;
}

/* RFC 7714 8. */
static void seal_with_gcm(const struct keys *keys, struct packet *packet)
{
    uint8_t iv[12] = {0};
    int len = 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    memcpy(iv, keys->salt, sizeof iv);
    mix(iv + 2, word_at(packet->bytes + 8), 4);
    mix(iv + 6, index_of(packet), 6);
    assert_int_equal(EVP_EncryptInit_ex(context, EVP_get_cipherbyname(keys->suite->aead), NULL,
                                        keys->cipher, iv),
                     1);
    uint8_t *text = packet->bytes + HEAD_BYTES, *end = packet->bytes + packet->len;
    assert_int_equal(EVP_EncryptUpdate(context, NULL, &len, packet->bytes, HEAD_BYTES), 1);
    assert_int_equal(EVP_EncryptUpdate(context, text, &len, text, (int)(end - text)), 1);
    assert_int_equal(EVP_EncryptFinal_ex(context, end, &len), 1);
    assert_int_equal(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, end), 1);
    EVP_CIPHER_CTX_free(context);
    packet->len += 16;
}

static void seal(const struct keys *keys, struct packet *packet)
{
    if (keys->suite->aead == NULL)
        seal_with_hmac(keys, packet);
    else
        seal_with_gcm(keys, packet);
}

/* ---- the RFCs' vectors ---- */

/* RFC 3711 B.3, and RFC 6188 7.4. */
static void keys_are_derived_as_the_rfcs_show(void **state)
{
    struct keys short_keys = derive_keys(&suites[0]), long_keys = derive_keys(&suites[2]);
    (void)state;
    assert_hex(short_keys.cipher, "c61e7a93744f39ee10734afe3ff7a087");
    assert_hex(short_keys.salt, "30cbbc08863d8c85d49db34a9ae1");
    assert_hex(short_keys.auth, "cebe321f6ff7716b6fd4ab49af256a156d38baa4");
    assert_hex(long_keys.cipher,
               "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4");
    assert_hex(long_keys.salt, "fa31791685ca444a9e07c6c64e93");
    assert_hex(long_keys.auth, "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05");
}

/* RFC 3711 B.2: what zeros become is the key stream. */
static void the_key_stream_is_the_one_rfc_3711_shows(void **state)
{
    struct keys keys = {.suite = &suites[0]};
    struct packet packet = {.len = HEAD_BYTES + 48};
    (void)state;
    from_hex("2b7e151628aed2a6abf7158809cf4f3c", keys.cipher);
    from_hex("f0f1f2f3f4f5f6f7f8f9fafbfcfd", keys.salt);
    seal(&keys, &packet);
    assert_hex(packet.bytes + HEAD_BYTES, "e03ead0935c95e80e166b16dd92b4eb4"
                                          "d23513162b02d0f72a43a2fe4a5f97ab"
                                          "41e95b3bb0a2e8dd477901e4fca894c0");
}

/* RFC 7714 16.1.1 and 16.2.1, which begin at the keys of the session. */
static void packets_under_gcm_are_those_rfc_7714_shows(void **state)
{
    static const char *const sealed[] = {
        "8040f17b8041f8d35501a0b2"
        "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
        "899d7f27beb16a9152cf765ee4390cce",
        "8040f17b8041f8d35501a0b2"
        "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
        "7aa3db36dfffd6b0f9bb7878d7a76c13",
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(sealed); i++) {
        struct keys keys = {.suite = &suites[4 + i]};
        struct packet packet = {.len = 0};
        from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", keys.cipher);
        from_hex("517569642070726f2071756f", keys.salt);
        packet.len = from_hex("8040f17b8041f8d35501a0b2"
                              "47616c6c696120657374206f6d6e697320646976697361"
                              "20696e207061727465732074726573",
                              packet.bytes);
        seal(&keys, &packet);
        assert_int_equal(packet.len, strlen(sealed[i]) / 2);
        assert_hex(packet.bytes, sealed[i]);
    }
}

/* ---- what is read of it ---- */

struct sender {
    struct keys keys;
    struct ds_addr from, to;
    uint32_t index; /* of the next packet: rollovers, and sequence number */
    struct ds_tone tone;
};

static void talk(struct stage *stage, struct sender *sender, size_t packets)
{
    uint8_t speech[DS_RTP_FRAME_SAMPLES];
    for (size_t i = 0; i < packets; i++, sender->index++) {
        struct packet packet = {.rollovers = sender->index >> 16};
        ds_tone_fill(&sender->tone, DS_PT_PCMA, speech, sizeof speech);
        const struct ds_rtp rtp = {.payload_type = DS_PT_PCMA,
                                   .sequence = (uint16_t)sender->index,
                                   .timestamp = DS_RTP_FRAME_SAMPLES * sender->index,
                                   .ssrc = ANY_SSRC,
                                   .payload = {(const char *)speech, sizeof speech}};
        packet.len = ds_rtp_write(&rtp, packet.bytes, sizeof packet.bytes);
        seal(&sender->keys, &packet);
        stage_udp(stage, sender->from, sender->to,
                  (struct ds_slice){(const char *)packet.bytes, packet.len});
        stage->at += 19000;
    }
}

/* `suite` NULL: of a suite that nobody knows. */
static void
describe(struct stage *stage, const char *start, struct ds_addr media, const struct suite *suite)
{
    uint8_t master[46];
    char inlined[80] = "";
    struct ds_buf body = {0}, text = {0};
    if (suite != NULL)
        EVP_EncodeBlock((unsigned char *)inlined, master, (int)from_hex(suite->master, master));
    ds_buf_print(&body,
                 "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"
                 "m=audio %u RTP/SAVP 8\r\na=crypto:1 %s inline:%s\r\n",
                 ds_addr_ip_text(media).text, media.port, suite == NULL ? "NONE" : suite->name,
                 inlined);
    ds_buf_print(&text,
                 "%s\r\nVia: SIP/2.0/UDP 1.2.3.4;branch=z9hG4bKone\r\nFrom: <sip:a@a>;tag=f\r\n"
                 "To: <sip:b@b>;tag=t\r\nCall-ID: secret\r\nCSeq: 1 INVITE\r\n"
                 "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n",
                 start, body.len);
    ds_buf_add(&text, ds_buf_slice(&body));
    stage_udp(stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), ds_buf_slice(&text));
    ds_buf_clean_up(&body);
    ds_buf_clean_up(&text);
}

static void offer(struct stage *stage, const struct suite *suite)
{
    describe(stage, "INVITE sip:+15550142@b SIP/2.0", CALLER, suite);
}

static void answer(struct stage *stage, const struct suite *suite)
{
    describe(stage, "SIP/2.0 200 OK", CALLEE, suite);
}

static struct sender sender_of(const struct suite *suite, uint32_t index)
{
    return (struct sender){.keys = derive_keys(suite),
                           .from = CALLER,
                           .to = CALLEE,
                           .index = index,
                           .tone = {.frequency_hz = 450}};
}

static void assert_opened(const struct ds_trace *trace, uint64_t opened, uint64_t sealed)
{
    assert_int_equal(trace->flow_count, 1);
    assert_int_equal(trace->flows[0].srtp.opened_packets, opened);
    assert_int_equal(trace->flows[0].srtp.sealed_packets, sealed);
}

static void every_suite_opens_by_the_rfcs_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(suites); i++) {
        struct stage stage;
        struct sender sender = sender_of(&suites[i], 1000);
        stage_open(&stage);
        offer(&stage, &suites[i]);
        talk(&stage, &sender, 20);
        const struct ds_trace *trace = stage_read(&stage, NULL);
        assert_opened(trace, 20, 0);
        assert_string_equal(trace->flows[0].srtp.suite, suites[i].name);
        assert_int_equal(trace->flows[0].bad_size_packets, 0);
        stage_close(&stage);
    }
}

/* The capture begins when the sequence number has begun anew already; it does so once more. */
static void what_rolled_over_before_the_capture_opens(void **state)
{
    static const uint32_t rollovers[] = {1, 3, 16};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(suites); i++) {
        for (size_t k = 0; k < DS_COUNT(rollovers); k++) {
            struct stage stage;
            struct sender sender = sender_of(&suites[i], (rollovers[k] << 16) + 65530);
            stage_open(&stage);
            offer(&stage, &suites[i]);
            talk(&stage, &sender, 20);
            assert_opened(stage_read(&stage, NULL), 20, 0);
            stage_close(&stage);
        }
    }
}

static void what_rolled_over_too_often_stays_sealed(void **state)
{
    struct stage stage;
    struct sender sender = sender_of(&suites[0], 17u << 16);
    (void)state;
    stage_open(&stage);
    offer(&stage, &suites[0]);
    talk(&stage, &sender, 40);
    assert_opened(stage_read(&stage, NULL), 0, 40);
    stage_close(&stage);
}

/* More than half a round of sequence numbers is missing: which round comes next is not told. */
static void a_long_hole_is_bridged(void **state)
{
    struct stage stage;
    struct sender sender = sender_of(&suites[0], 30000);
    (void)state;
    stage_open(&stage);
    offer(&stage, &suites[0]);
    talk(&stage, &sender, 10);
    sender.index += 3 * 65536 + 100;
    talk(&stage, &sender, 10);
    assert_opened(stage_read(&stage, NULL), 20, 0);
    stage_close(&stage);
}

/* The packets come from another address than SDP told, and from another port. */
static void behind_a_nat_the_key_is_found_by_whom_it_talks_to(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(suites); i++) {
        struct stage stage;
        struct sender sender = sender_of(&suites[i], 7);
        sender.from = STAGE_ADDR(9, 61002);
        stage_open(&stage);
        offer(&stage, &suites[i]);
        answer(&stage, &suites[i == 0 ? 2 : 0]);
        talk(&stage, &sender, 20);
        const struct ds_trace *trace = stage_read(&stage, NULL);
        assert_opened(trace, 20, 0);
        assert_string_equal(trace->flows[0].srtp.suite, suites[i].name);
        stage_close(&stage);
    }
}

/* Its key is not told, or not yet: a few packets are tried, and the first one after the key is told
 * may not be among them. */
static void a_stranger_without_a_key_stays_sealed(void **state)
{
    struct stage stage;
    struct sender sender = sender_of(&suites[0], 7);
    (void)state;
    sender.from = STAGE_ADDR(9, 61002);
    stage_open(&stage);
    answer(&stage, &suites[2]);
    talk(&stage, &sender, 20);
    assert_opened(stage_read(&stage, NULL), 0, 20);
    stage_close(&stage);
}

/* What comes before its key stays sealed; the key opens all that comes after. */
static void early_packets_do_not_spoil_those_after_the_key(void **state)
{
    struct stage stage;
    struct sender sender = sender_of(&suites[0], 65500);
    (void)state;
    sender.from = CALLEE;
    sender.to = CALLER;
    stage_open(&stage);
    offer(&stage, &suites[4]);
    talk(&stage, &sender, 300);
    answer(&stage, &suites[0]);
    talk(&stage, &sender, 20);
    assert_opened(stage_read(&stage, NULL), 20, 300);
    stage_close(&stage);
}

int test_srtp_vectors(void);

int test_srtp_vectors(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_derived_as_the_rfcs_show),
        cmocka_unit_test(the_key_stream_is_the_one_rfc_3711_shows),
        cmocka_unit_test(packets_under_gcm_are_those_rfc_7714_shows),
        cmocka_unit_test(every_suite_opens_by_the_rfcs_alone),
        cmocka_unit_test(what_rolled_over_before_the_capture_opens),
        cmocka_unit_test(what_rolled_over_too_often_stays_sealed),
        cmocka_unit_test(a_long_hole_is_bridged),
        cmocka_unit_test(behind_a_nat_the_key_is_found_by_whom_it_talks_to),
        cmocka_unit_test(a_stranger_without_a_key_stays_sealed),
        cmocka_unit_test(early_packets_do_not_spoil_those_after_the_key),
    };
    return cmocka_run_group_tests_name("srtp vectors", tests, NULL, NULL);
}
