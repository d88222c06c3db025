#include "stage.h"

#include <stdio.h>

/* Two ends that tell one another their keys, and a wire between them. */
struct pair {
    struct stage stage;
    struct ds_media *caller, *callee;
    char offer[1000], answer[1000];
    struct ds_sdp offered, answered;
};

static int pair_begin(void **state)
{
    static struct pair pair;
    stage_open(&pair.stage, 4);
    pair.caller = stage_media(&pair.stage);
    pair.callee = stage_media(&pair.stage);
    *state = &pair;
    return 0;
}

static int pair_end(void **state)
{
    struct pair *pair = *state;
    ds_media_free(&pair->caller);
    ds_media_free(&pair->callee);
    stage_close(&pair->stage);
    return 0;
}

/* A description of PCMU there, with these lines. */
static const struct ds_sdp_media *
described(struct ds_addr at, struct ds_slice lines, char room[1000], struct ds_sdp *sdp)
{
    int len = snprintf(room, 1000, "v=0\r\nc=IN IP4 %s\r\nm=audio %u %s 0\r\n%.*s",
                       ds_addr_ip_text(at).text, at.port, lines.len > 0 ? "RTP/SAVP" : "RTP/AVP",
                       DS_FMT(lines));
    assert_in_range(len, 1, 999);
    assert_int_equal(ds_sdp_parse((struct ds_slice){room, (size_t)len}, sdp, NULL), DS_OK);
    return ds_sdp_audio(sdp);
}

static const struct ds_sdp_media *offer_of(struct pair *pair, struct ds_media *media)
{
    return described(ds_media_at(media), ds_media_crypto(media, NULL), pair->offer, &pair->offered);
}

static void agree(struct pair *pair, struct ds_media *by, struct ds_media *with)
{
    const struct ds_sdp_media *offer = offer_of(pair, by);
    const struct ds_sdp_media *answer =
        described(ds_media_at(with), ds_media_crypto(with, offer), pair->answer, &pair->answered);
    assert_true(ds_sdp_is_secure(answer));
    assert_int_equal(ds_media_aim(with, offer, NULL), DS_OK);
    assert_int_equal(ds_media_aim(by, answer, NULL), DS_OK);
}

static void talk(struct pair *pair, ds_us for_us)
{
    ds_media_talk(pair->caller, 600);
    ds_media_talk(pair->callee, 900);
    stage_run(&pair->stage, for_us);
}

static void assert_received(const struct pair *pair, uint64_t caller, uint64_t callee)
{
    assert_int_equal(ds_media_counts(pair->caller).received, caller);
    assert_int_equal(ds_media_counts(pair->callee).received, callee);
}

static void each_opens_what_the_other_seals(void **state)
{
    struct pair *pair = *state;
    agree(pair, pair->caller, pair->callee);
    talk(pair, 200 * DS_MS);
    assert_received(pair, 10, 10);
}

static void two_keys_are_offered_and_one_is_answered(void **state)
{
    struct pair *pair = *state;
    struct ds_sdp_crypto taken, own;
    const struct ds_sdp_media *offer = offer_of(pair, pair->caller);
    assert_int_equal(offer->crypto_count, 2);
    assert_true(ds_sdp_crypto_choose(offer, &taken));
    const struct ds_sdp_media *answer =
        described(ds_media_at(pair->callee), ds_media_crypto(pair->callee, offer), pair->answer,
                  &pair->answered);
    assert_int_equal(answer->crypto_count, 1);
    assert_true(ds_sdp_crypto_choose(answer, &own));
    assert_int_equal(own.tag, taken.tag);
    assert_memory_not_equal(own.key, taken.key, 30);
}

/* As gateways do that take the first line they know. */
static void the_key_with_an_mki_may_be_taken(void **state)
{
    struct pair *pair = *state;
    const struct ds_sdp_media *offer = offer_of(pair, pair->caller);
    struct ds_slice value;
    assert_true(ds_sdp_attribute(offer, "crypto", 0, &value));
    char line[200], first[1000], *tag;
    struct ds_sdp only;
    snprintf(line, sizeof line, "a=crypto:%.*s\r\n", DS_FMT(value));
    assert_non_null(strstr(line, "|1:1"));
    offer = described(ds_media_at(pair->caller), ds_slice_of(line), first, &only);
    const struct ds_sdp_media *answer =
        described(ds_media_at(pair->callee), ds_media_crypto(pair->callee, offer), pair->answer,
                  &pair->answered);
    assert_int_equal(ds_media_aim(pair->callee, offer, NULL), DS_OK);
    assert_int_equal(ds_media_aim(pair->caller, answer, NULL), DS_OK);
    talk(pair, 100 * DS_MS);
    assert_received(pair, 5, 5);
    tag = strstr(pair->answer, "a=crypto:1 ");
    assert_non_null(tag);
}

static void a_later_offer_of_either_side_changes_no_key(void **state)
{
    struct pair *pair = *state;
    agree(pair, pair->caller, pair->callee);
    talk(pair, 100 * DS_MS);
    agree(pair, pair->callee, pair->caller);
    talk(pair, 100 * DS_MS);
    agree(pair, pair->caller, pair->callee);
    talk(pair, 100 * DS_MS);
    assert_received(pair, 15, 15);
}

static void what_is_not_authentic_is_not_heard(void **state)
{
    struct pair *pair = *state;
    ds_media_set_flaws(pair->caller, &(struct ds_media_flaws){.another_key = true});
    ds_media_set_flaws(pair->callee, &(struct ds_media_flaws){.sends_in_clear = true});
    agree(pair, pair->caller, pair->callee);
    talk(pair, 100 * DS_MS);
    assert_received(pair, 0, 0);
    assert_int_equal(ds_media_counts(pair->caller).sent, 5);
}

static void without_keys_there_is_no_srtp(void **state)
{
    struct pair *pair = *state;
    struct ds_why why;
    const struct ds_sdp_media *offer = offer_of(pair, pair->caller);
    assert_int_equal(ds_media_aim(pair->callee, offer, &why), DS_BAD);
    assert_string_equal(why.text, "the peer's SDP wants SRTP, and has no key for it");
    offer = described(ds_media_at(pair->caller), DS_LITERAL("a=crypto:1 F8 inline:AA\r\n"),
                      pair->offer, &pair->offered);
    assert_int_equal(ds_media_crypto(pair->callee, offer).len, 0);
}

static void an_answer_to_a_key_that_was_not_offered_is_refused(void **state)
{
    struct pair *pair = *state;
    struct ds_why why;
    (void)offer_of(pair, pair->caller);
    const struct ds_sdp_media *answer =
        described(ds_media_at(pair->callee),
                  DS_LITERAL("a=crypto:3 AES_CM_128_HMAC_SHA1_80 "
                             "inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd\r\n"),
                  pair->answer, &pair->answered);
    assert_int_equal(ds_media_aim(pair->caller, answer, &why), DS_BAD);
    assert_string_equal(why.text, "the peer's SDP answers to a key that was never offered");
}

/* Who offered keys is answered without. */
static void a_plain_answer_is_spoken_to_plainly(void **state)
{
    struct pair *pair = *state;
    struct peer peer;
    peer_open(&pair->stage, &peer, 30000);
    (void)offer_of(pair, pair->caller);
    aim_at_peer(pair->caller, &peer);
    ds_media_talk(pair->caller, 600);
    stage_run(&pair->stage, 100 * DS_MS);
    assert_int_equal(peer.count, 5);
    assert_int_equal(peer.packets[0].rtp.payload.len, 160);
    peer_close(&peer);
}

/* SRTP on one side of a relay, RTP on the other: both audio and reports. */
static void a_relay_opens_what_it_passes_on(void **state)
{
    struct pair *pair = *state;
    struct peer peer;
    struct ds_media *outer = stage_media(&pair->stage);
    peer_open(&pair->stage, &peer, 30000);
    ds_media_relay(pair->callee, outer);
    agree(pair, pair->caller, pair->callee);
    aim_at_peer(outer, &peer);
    ds_media_talk(pair->caller, 600);
    stage_run(&pair->stage, 200 * DS_MS);
    assert_int_equal(peer.count, 10);
    assert_int_equal(peer.packets[9].rtp.payload.len, 160);
    assert_int_equal(peer.report_count, 1);
    assert_int_equal(peer.reports[0].ssrc, peer.packets[0].rtp.ssrc);
    ds_media_free(&outer);
    peer_close(&peer);
}

/* The wire's view: the sender's header, sealed audio and a tag of ten bytes. */
static void a_stranger_sees_noise(void **state)
{
    struct pair *pair = *state;
    struct peer peer;
    agree(pair, pair->caller, pair->callee);
    peer_open(&pair->stage, &peer, 30000);
    ds_media_set_flaws(pair->caller,
                       &(struct ds_media_flaws){.instead = ds_udp_at(peer.rtp), .no_rtcp = true});
    ds_media_talk(pair->caller, 600);
    stage_run(&pair->stage, 60 * DS_MS);
    assert_int_equal(peer.count, 3);
    assert_int_equal(peer.packets[0].rtp.payload.len, 170);
    assert_memory_not_equal(peer.packets[0].rtp.payload.at, peer.packets[1].rtp.payload.at, 160);
    peer_close(&peer);
}

static void the_same_seed_draws_the_same_keys(void **state)
{
    struct stage other;
    struct pair *pair = *state;
    char first[400];
    (void)ds_slice_copy(ds_media_crypto(pair->caller, NULL), first, sizeof first);
    stage_open(&other, 4);
    struct ds_media *caller = stage_media(&other), *callee = stage_media(&other);
    struct ds_slice again = ds_media_crypto(caller, NULL);
    assert_true(ds_slice_equal(again, ds_slice_of(first)));
    assert_true(ds_slice_equal(ds_media_crypto(caller, NULL), ds_slice_of(first)));
    assert_false(ds_slice_equal(ds_media_crypto(callee, NULL), ds_slice_of(first)));
    ds_media_free(&caller);
    ds_media_free(&callee);
    stage_close(&other);
}

int test_secure(void);

int test_secure(void)
{
#define IN_PAIR(test) cmocka_unit_test_setup_teardown(test, pair_begin, pair_end)
    const struct CMUnitTest tests[] = {
        IN_PAIR(each_opens_what_the_other_seals),
        IN_PAIR(two_keys_are_offered_and_one_is_answered),
        IN_PAIR(the_key_with_an_mki_may_be_taken),
        IN_PAIR(a_later_offer_of_either_side_changes_no_key),
        IN_PAIR(what_is_not_authentic_is_not_heard),
        IN_PAIR(without_keys_there_is_no_srtp),
        IN_PAIR(an_answer_to_a_key_that_was_not_offered_is_refused),
        IN_PAIR(a_plain_answer_is_spoken_to_plainly),
        IN_PAIR(a_relay_opens_what_it_passes_on),
        IN_PAIR(a_stranger_sees_noise),
        IN_PAIR(the_same_seed_draws_the_same_keys),
    };
    return cmocka_run_group_tests_name("secure", tests, NULL, NULL);
}
