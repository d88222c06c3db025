#include "stage.h"

#include <srtp2/srtp.h>
#include <stdio.h>
#include <string.h>

#define CALLER STAGE_ADDR(1, 30000)
#define CALLEE STAGE_ADDR(2, 40000)
#define KEY_30 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"
#define KEY_28 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw=="
#define KEY_44 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis="

/* ---- a sender of SRTP: libsrtp's other half ---- */

struct sender {
    srtp_t session;
    struct ds_addr from, to;
    uint16_t sequence;
    uint32_t ssrc;
    struct ds_tone tone;
};

typedef void set_policy_fn(srtp_crypto_policy_t *);

static void
sender_start(struct sender *sender, set_policy_fn *set_rtp, set_policy_fn *set_rtcp, uint8_t mki)
{
    uint8_t key[46], id[1] = {mki};
    srtp_master_key_t master = {key, id, mki == 0 ? 0 : 1};
    srtp_master_key_t *keys[] = {&master};
    srtp_policy_t policy = {
        .ssrc = {ssrc_any_outbound, 0}, .keys = keys, .num_master_keys = 1, .window_size = 128};
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    set_rtp(&policy.rtp);
    set_rtcp(&policy.rtcp);
    /* The reader may have started the library before, which can be done once only. */
    srtp_err_status_t status = srtp_create(&sender->session, &policy);
    if (status == srtp_err_status_init_fail) {
        assert_int_equal(srtp_init(), srtp_err_status_ok);
        status = srtp_create(&sender->session, &policy);
    }
    assert_int_equal(status, srtp_err_status_ok);
}

static void sender_stop(struct sender *sender)
{
    assert_int_equal(srtp_dealloc(sender->session), srtp_err_status_ok);
}

static size_t protect(struct sender *sender, uint32_t room[], size_t size, bool mki)
{
    uint8_t speech[DS_RTP_FRAME_SAMPLES];
    ds_tone_fill(&sender->tone, DS_PT_PCMA, speech, sizeof speech);
    const struct ds_rtp packet = {.payload_type = DS_PT_PCMA,
                                  .sequence = sender->sequence++,
                                  .timestamp = 160u * sender->sequence,
                                  .ssrc = sender->ssrc,
                                  .payload = {(const char *)speech, sizeof speech}};
    int len = (int)ds_rtp_write(&packet, (uint8_t *)room, size);
    assert_int_equal(srtp_protect_mki(sender->session, room, &len, mki, 0), srtp_err_status_ok);
    return (size_t)len;
}

static void talk(struct stage *stage, struct sender *sender, size_t packets, bool mki)
{
    uint32_t room[128];
    for (size_t i = 0; i < packets; i++) {
        size_t len = protect(sender, room, sizeof room, mki);
        stage_udp(stage, sender->from, sender->to, (struct ds_slice){(const char *)room, len});
        stage->at += 19000;
    }
}

static void report(struct stage *stage, struct sender *sender)
{
    uint32_t room[128];
    struct ds_addr from = sender->from, to = sender->to;
    const struct ds_rtcp_report told = {.ssrc = sender->ssrc, .packets = 3, .cname = "a"};
    int len = (int)ds_rtcp_write(&told, (uint8_t *)room, sizeof room);
    assert_int_equal(srtp_protect_rtcp(sender->session, room, &len), srtp_err_status_ok);
    from.port++;
    to.port++;
    stage_udp(stage, from, to, (struct ds_slice){(const char *)room, (size_t)len});
}

/* ---- descriptions ---- */

static void describe(struct stage *stage,
                     const char *start,
                     struct ds_addr media,
                     const char *protocol,
                     const char *crypto)
{
    struct ds_buf body = {0}, text = {0};
    ds_buf_print(&body,
                 "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"
                 "m=audio %u %s 9 8 101\r\n%s%sa=rtpmap:101 telephone-event/8000\r\n",
                 ds_addr_ip_text(media).text, media.port, protocol, crypto,
                 crypto[0] == '\0' ? "" : "\r\n");
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

static void offer(struct stage *stage, const char *crypto)
{
    describe(stage, "INVITE sip:+15550142@b SIP/2.0", CALLER, "RTP/SAVP", crypto);
}

/* Where Alice's tone is known. */
struct deployment {
    struct ds_topo_node node;
    struct ds_topo topo;
};

static const struct ds_topo *deploy(struct deployment *deployment)
{
    deployment->node = (struct ds_topo_node){
        .name = "alice", .role = DS_ROLE_CLIENT, .at = STAGE_ADDR(1, 0), .tone_hz = 450};
    deployment->topo = (struct ds_topo){.nodes = &deployment->node, .node_count = 1};
    return &deployment->topo;
}

static struct sender alice(void)
{
    return (struct sender){
        .from = CALLER, .to = CALLEE, .sequence = 65530, .ssrc = 7, .tone = {.frequency_hz = 450}};
}

/* ---- what is seen ---- */

static void every_suite_is_verified_and_heard_across_a_wrap(void **state)
{
    static const struct {
        const char *crypto, *suite;
        set_policy_fn *set_rtp, *set_rtcp;
    } suites[] = {
        {"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30, "AES_CM_128_HMAC_SHA1_80",
         srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtp_default},
        {"a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:" KEY_30, "AES_CM_128_HMAC_SHA1_32",
         srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32, srtp_crypto_policy_set_rtp_default},
        {"a=crypto:1 AEAD_AES_128_GCM inline:" KEY_28, "AEAD_AES_128_GCM",
         srtp_crypto_policy_set_aes_gcm_128_16_auth, srtp_crypto_policy_set_aes_gcm_128_16_auth},
        {"a=crypto:1 AEAD_AES_256_GCM inline:" KEY_44, "AEAD_AES_256_GCM",
         srtp_crypto_policy_set_aes_gcm_256_16_auth, srtp_crypto_policy_set_aes_gcm_256_16_auth},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(suites); i++) {
        struct stage stage;
        struct deployment deployment;
        struct sender sender = alice();
        sender_start(&sender, suites[i].set_rtp, suites[i].set_rtcp, 0);
        stage_open(&stage);
        offer(&stage, suites[i].crypto);
        talk(&stage, &sender, 20, false);
        report(&stage, &sender);
        sender_stop(&sender);
        const struct ds_trace *trace = stage_read(&stage, deploy(&deployment));
        assert_int_equal(trace->flow_count, 1);
        const struct ds_flow *flow = &trace->flows[0];
        assert_string_equal(flow->srtp.suite, suites[i].suite);
        assert_int_equal(flow->srtp.opened_packets, 20);
        assert_int_equal(flow->srtp.sealed_packets, 0);
        assert_int_equal(flow->bad_size_packets, 0);
        assert_int_equal(flow->tone_hz, 450);
        assert_int_equal(flow->rtcp_packets, 1);
        stage_close(&stage);
    }
}

static void of_several_keys_the_one_that_fits_is_found_with_or_without_its_mki(void **state)
{
    (void)state;
    for (int sent = 0; sent < 2; sent++) {
        struct stage stage;
        struct sender sender = alice();
        sender_start(&sender, srtp_crypto_policy_set_rtp_default,
                     srtp_crypto_policy_set_rtp_default, sent == 0 ? 0 : 1);
        stage_open(&stage);
        offer(&stage, "a=crypto:1 F8_128_HMAC_SHA1_80 inline:" KEY_30 "\r\n"
                      "a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:" KEY_30 "\r\n"
                      "a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30 "|2^31|1:1");
        talk(&stage, &sender, 5, sent == 1);
        sender_stop(&sender);
        const struct ds_trace *trace = stage_read(&stage, NULL);
        assert_int_equal(trace->flows[0].srtp.opened_packets, 5);
        assert_string_equal(trace->flows[0].srtp.suite, "AES_CM_128_HMAC_SHA1_80");
        stage_close(&stage);
    }
}

static void a_packet_changed_on_the_way_is_not_opened(void **state)
{
    uint32_t room[128];
    struct stage stage;
    struct sender sender = alice();
    (void)state;
    sender_start(&sender, srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtp_default,
                 0);
    stage_open(&stage);
    offer(&stage, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30);
    talk(&stage, &sender, 3, false);
    size_t len = protect(&sender, room, sizeof room, false);
    const struct ds_slice packet = {(const char *)room, len};
    ((uint8_t *)room)[50] ^= 1;
    stage_udp(&stage, CALLER, CALLEE, packet);
    ((uint8_t *)room)[50] ^= 1;
    stage_udp(&stage, CALLER, CALLEE, packet);
    stage_udp(&stage, CALLER, CALLEE, packet);
    sender_stop(&sender);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    const struct ds_flow *flow = &trace->flows[0];
    assert_int_equal(flow->packets, 6);
    assert_int_equal(flow->srtp.opened_packets, 4);
    assert_int_equal(flow->srtp.sealed_packets, 1);
    assert_int_equal(flow->srtp.repeated_packets, 1);
    stage_close(&stage);
}

static void a_key_of_a_later_description_takes_over(void **state)
{
    struct stage stage;
    struct sender first = alice(), second = alice();
    (void)state;
    sender_start(&first, srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtp_default, 0);
    stage_open(&stage);
    offer(&stage, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30);
    talk(&stage, &first, 3, false);
    sender_stop(&first);
    sender_start(&second, srtp_crypto_policy_set_aes_gcm_128_16_auth,
                 srtp_crypto_policy_set_aes_gcm_128_16_auth, 0);
    second.sequence = first.sequence;
    describe(&stage, "UPDATE sip:+15550142@b SIP/2.0", CALLER, "RTP/SAVP",
             "a=crypto:1 AEAD_AES_128_GCM inline:" KEY_28);
    talk(&stage, &second, 4, false);
    sender_stop(&second);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flows[0].srtp.opened_packets, 7);
    assert_string_equal(trace->flows[0].srtp.suite, "AEAD_AES_128_GCM");
    stage_close(&stage);
}

static void without_a_key_that_fits_nothing_is_made_of_the_payload(void **state)
{
    struct stage stage;
    struct deployment deployment;
    struct sender sender = alice();
    (void)state;
    sender_start(&sender, srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtp_default,
                 0);
    stage_open(&stage);
    offer(&stage, "");
    talk(&stage, &sender, 50, false);
    sender_stop(&sender);
    const struct ds_trace *trace = stage_read(&stage, deploy(&deployment));
    const struct ds_flow *flow = &trace->flows[0];
    assert_int_equal(flow->packets, 50);
    assert_null(flow->srtp.suite);
    assert_int_equal(flow->bad_size_packets, 0);
    assert_int_equal(flow->tone_hz, 0);
    stage_close(&stage);
}

/* Encryption that was offered beside plain RTP, and not taken. */
static void plain_rtp_stays_plain_where_keys_were_only_offered(void **state)
{
    struct stage stage;
    struct deployment deployment;
    struct stage_talk plain = {CALLER, CALLEE, 1, 1, 0, {.frequency_hz = 450}};
    (void)state;
    stage_open(&stage);
    describe(&stage, "INVITE sip:+15550142@b SIP/2.0", CALLER, "RTP/AVP",
             "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30);
    stage_talk(&stage, &plain, 50);
    const struct ds_trace *trace = stage_read(&stage, deploy(&deployment));
    assert_null(trace->flows[0].srtp.suite);
    assert_int_equal(trace->flows[0].srtp.sealed_packets, 0);
    assert_int_equal(trace->flows[0].tone_hz, 450);
    stage_close(&stage);
}

/* ---- another program's packets ---- */

static void copy_frames(struct stage *stage, const char *path)
{
    struct ds_pcap_reader *reader = NULL;
    struct ds_frame frame;
    assert_int_equal(ds_pcap_open(path, &reader, NULL), DS_OK);
    while (ds_pcap_next(reader, &frame, NULL) == DS_OK)
        stage_frame(stage, frame.bytes);
    ds_pcap_reader_free(&reader);
}

static void another_programs_packets_are_opened_by_their_keys(void **state)
{
    static const struct {
        const char *file, *key;
        uint32_t host;
        uint16_t port;
        uint64_t packets;
    } sides[] = {
        {"rtp/rtpproxy_call1_g722_srtp.a.rtp", "UHXu88YuDj8guQxhCqEeue0CSr+JcQ/Uii4NdaS5",
         0xc0a8013e, 2230, 1168},
        {"rtp/rtpproxy_call1_g722_srtp.o.rtp", "UBFc5R7tK5f91V8j1da++z3h/3H2yS5WaN819nJd",
         0xc0a80145, 44724, 1172},
    };

    char path[512], crypto[128];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(sides); i++) {
        struct stage stage;
        if (ds_corpus_path(sides[i].file, path, sizeof path) == NULL)
            skip();
        snprintf(crypto, sizeof crypto, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s",
                 sides[i].key);
        stage_open(&stage);
        describe(&stage, "INVITE sip:+15550142@b SIP/2.0", ds_addr_v4(sides[i].host, sides[i].port),
                 "RTP/SAVP", crypto);
        copy_frames(&stage, path);
        const struct ds_trace *trace = stage_read(&stage, NULL);
        assert_int_equal(trace->flow_count, 1);
        assert_int_equal(trace->flows[0].packets, sides[i].packets);
        assert_int_equal(trace->flows[0].srtp.opened_packets, sides[i].packets);
        stage_close(&stage);
    }
}

/* Who answers talks at once, and its answer has a longer way. */
static void what_comes_before_its_key_waits_for_it(void **state)
{
    static const size_t early[] = {1, 10, 64, 65, 100};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(early); i++) {
        struct sender bob = {.from = CALLEE,
                             .to = CALLER,
                             .sequence = 100,
                             .ssrc = 9,
                             .tone = {.frequency_hz = 700}};
        struct stage stage;
        stage_open(&stage);
        sender_start(&bob, srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtp_default,
                     0);
        offer(&stage, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30);
        talk(&stage, &bob, early[i], false);
        describe(&stage, "SIP/2.0 200 OK", CALLEE, "RTP/SAVP",
                 "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30);
        talk(&stage, &bob, 10, false);
        sender_stop(&bob);
        const struct ds_trace *trace = stage_read(&stage, NULL);
        assert_int_equal(trace->flow_count, 1);
        const struct ds_flow *flow = &trace->flows[0];
        assert_int_equal(flow->packets, early[i] + 10);
        assert_int_equal(flow->stats.lost, 0);
        assert_int_equal(flow->stats.reordered, 0);
        assert_int_equal(flow->first_frame, 2);
        assert_int_equal(flow->last_frame, early[i] + 12);
        /* More than a second of it is waited for by nobody. */
        assert_int_equal(flow->srtp.sealed_packets == 0, early[i] <= 64);
        for (size_t k = 1; k < trace->rtp_count; k++)
            assert_true(trace->rtp[k].frame > trace->rtp[k - 1].frame);
        stage_close(&stage);
    }
}

/* As the report's page does, for its sound: across a wrap, and from the middle of one. */
static void what_was_opened_once_can_be_opened_again(void **state)
{
    uint32_t rooms[20][128];
    size_t lengths[20];
    struct stage stage;
    struct sender sender = alice();
    struct ds_srtp_again *again = NULL;
    (void)state;
    sender_start(&sender, srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtp_default,
                 0);
    stage_open(&stage);
    offer(&stage, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30);
    for (size_t i = 0; i < DS_COUNT(rooms); i++) {
        lengths[i] = protect(&sender, rooms[i], sizeof rooms[i], false);
        struct ds_slice sealed = {(const char *)rooms[i], lengths[i]};
        if (i >= 10) /* the sequence number has begun anew by then */
            stage_udp(&stage, sender.from, sender.to, sealed);
        stage.at += 20000;
    }
    sender_stop(&sender);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flows[0].srtp.opened_packets, 10);
    assert_int_equal(trace->flows[0].srtp.rollovers, 1);
    assert_int_equal(ds_srtp_again_new(&trace->flows[0], &again), DS_OK);
    for (size_t i = 10; i < DS_COUNT(rooms); i++) {
        struct ds_slice sealed = {(const char *)rooms[i], lengths[i]};
        struct ds_slice opened = ds_srtp_again_open(again, sealed);
        struct ds_rtp packet;
        assert_int_equal(ds_rtp_parse(opened, &packet), DS_OK);
        assert_int_equal(packet.payload.len, DS_RTP_FRAME_SAMPLES);
        assert_int_equal(ds_srtp_again_open(again, sealed).len, 0); /* not twice */
    }
    ds_srtp_again_free(&again);
    const struct ds_flow plain = {.ssrc = 7};
    assert_int_equal(ds_srtp_again_new(&plain, &again), DS_BAD);
    stage_close(&stage);
}

int test_srtp(void);

int test_srtp(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_opened_once_can_be_opened_again),
        cmocka_unit_test(what_comes_before_its_key_waits_for_it),
        cmocka_unit_test(every_suite_is_verified_and_heard_across_a_wrap),
        cmocka_unit_test(of_several_keys_the_one_that_fits_is_found_with_or_without_its_mki),
        cmocka_unit_test(a_packet_changed_on_the_way_is_not_opened),
        cmocka_unit_test(a_key_of_a_later_description_takes_over),
        cmocka_unit_test(without_a_key_that_fits_nothing_is_made_of_the_payload),
        cmocka_unit_test(plain_rtp_stays_plain_where_keys_were_only_offered),
        cmocka_unit_test(another_programs_packets_are_opened_by_their_keys),
    };
    return cmocka_run_group_tests_name("srtp", tests, NULL, NULL);
}
