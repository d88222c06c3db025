#include "support.h"

#include "sdp.h"

static struct ds_sdp read_back(struct ds_buf *text)
{
    struct ds_sdp sdp;
    assert_int_equal(ds_sdp_parse(ds_buf_slice(text), &sdp, NULL), DS_OK);
    return sdp;
}

static void what_is_written_is_read_back(void **state)
{
    static const struct ds_sdp_codec pcmu = {0, "PCMU", 8000, NULL};
    const struct ds_candidate candidates[] = {
        {.kind = DS_CANDIDATE_HOST,
         .component = 1,
         .priority = ds_candidate_priority(DS_CANDIDATE_HOST),
         .at = ds_addr_v4(0x7f005a0a, 20000),
         .foundation = "1"},
        {.kind = DS_CANDIDATE_RELAYED,
         .component = 1,
         .priority = ds_candidate_priority(DS_CANDIDATE_RELAYED),
         .at = ds_addr_v4(0x7f00010a, 50000),
         .base = ds_addr_v4(0x7f005a0a, 20000),
         .foundation = "2"},
    };
    const struct ds_ice_spec ice = {
        .ufrag = "evtj", .pwd = "secret", .candidates = candidates, .count = 2, .lite = true};
    const struct ds_sdp_spec spec = {.style = DS_SDP_CLIENT,
                                     .at = candidates[1].at,
                                     .codecs = &pcmu,
                                     .codec_count = 1,
                                     .ice = &ice};
    struct ds_buf text = {0};
    struct ds_candidate read;
    (void)state;
    ds_sdp_write(&spec, &text);
    struct ds_sdp sdp = read_back(&text);
    const struct ds_sdp_media *audio = ds_sdp_audio(&sdp);
    assert_true(audio->ice_lite && audio->rtcp_mux);
    assert_true(ds_slice_equal(audio->ice_ufrag, DS_LITERAL("evtj")));
    assert_true(ds_slice_equal(audio->ice_pwd, DS_LITERAL("secret")));
    for (size_t i = 0; i < 2; i++) {
        assert_true(ds_sdp_candidate(audio, i, &read));
        assert_int_equal(read.kind, candidates[i].kind);
        assert_int_equal(read.priority, candidates[i].priority);
        assert_true(ds_addr_equal(read.at, candidates[i].at));
        assert_int_equal(read.base.port, candidates[i].base.port);
    }
    assert_false(ds_sdp_candidate(audio, 2, &read));
    ds_buf_clean_up(&text);
}

static void candidates_of_lync_are_read(void **state)
{
    struct ds_candidate read;
    (void)state;
    assert_int_equal(ds_candidate_read(DS_LITERAL("3 1 UDP 1694235647 192.0.2.7 27814 typ srflx "
                                                  "raddr 10.0.0.7 rport 27814"),
                                       &read, NULL),
                     DS_OK);
    assert_int_equal(read.kind, DS_CANDIDATE_SERVER_REFLEXIVE);
    assert_string_equal(ds_addr_text(read.base).text, "10.0.0.7:27814");
}

static void what_is_no_udp_candidate_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "1",
        "1 1 UDP",
        "1 1 TCP-ACT 1684798975 192.0.2.7 27814 typ host",
        "1 0 UDP 1 192.0.2.7 27814 typ host",
        "1 257 UDP 1 192.0.2.7 27814 typ host",
        "1 1 UDP 4294967296 192.0.2.7 27814 typ host",
        "1 1 UDP 1 somewhere.local 27814 typ host",
        "1 1 UDP 1 192.0.2.7 65536 typ host",
        "1 1 UDP 1 192.0.2.7 27814 host",
        "1 1 UDP 1 192.0.2.7 27814 typ guest",
        "123456789012345678901234567890123 1 UDP 1 192.0.2.7 27814 typ host",
    };
    struct ds_candidate read;
    struct ds_why why;
    (void)state;
    for (size_t i = 0; i < DS_COUNT(wrong); i++)
        assert_int_equal(ds_candidate_read(ds_slice_of(wrong[i]), &read, &why), DS_BAD);
}

static void what_the_session_says_holds_for_its_streams(void **state)
{
    struct ds_buf text = {0};
    (void)state;
    ds_buf_text(&text, "v=0\r\na=ice-lite\r\na=ice-ufrag:all\r\na=ice-pwd:secret\r\n"
                       "m=audio 4000 RTP/AVP 0\r\nm=audio 4002 RTP/AVP 0\r\na=ice-ufrag:own\r\n");
    struct ds_sdp sdp = read_back(&text);
    assert_true(ds_slice_equal(sdp.media[0].ice_ufrag, DS_LITERAL("all")));
    assert_true(ds_slice_equal(sdp.media[1].ice_ufrag, DS_LITERAL("own")));
    assert_true(sdp.media[1].ice_lite);
    ds_buf_clean_up(&text);
}

int test_candidate(void);

int test_candidate(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(candidates_of_lync_are_read),
        cmocka_unit_test(what_is_no_udp_candidate_is_refused),
        cmocka_unit_test(what_the_session_says_holds_for_its_streams),
    };
    return cmocka_run_group_tests_name("candidate", tests, NULL, NULL);
}
