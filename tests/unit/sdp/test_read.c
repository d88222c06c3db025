#include "support.h"

#include "sdp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define assert_slice(slice, text) assert_true(ds_slice_equal(slice, ds_slice_of(text)))

static struct ds_sdp read_text(const char *text)
{
    struct ds_sdp sdp;
    assert_int_equal(ds_sdp_parse(ds_slice_of(text), &sdp, NULL), DS_OK);
    return sdp;
}

static void assert_address(struct ds_addr addr, const char *text)
{
    assert_string_equal(ds_addr_text(addr).text, text);
}

static void an_offer_is_read_whole(void **state)
{
    struct ds_sdp sdp = read_text("v=0\r\n"
                                  "o=jane 18446744073709551615 7 IN IP4 192.0.2.9\r\n"
                                  "s=session\r\n"
                                  "c=IN IP4 192.0.2.1\r\n"
                                  "b=CT:99980\r\n"
                                  "t=0 0\r\n"
                                  "m=audio 50004 RTP/SAVP 8 0 101\r\n"
                                  "a=rtcp:50010 IN IP4 192.0.2.2\r\n"
                                  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x|2^31\r\n"
                                  "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:y\r\n"
                                  "a=tcap:1 RTP/SAVP\r\n"
                                  "a=rtpmap:101 telephone-event/8000/1\r\n"
                                  "a=fmtp:101 0-16\r\n"
                                  "a=sendonly\r\n"
                                  "a=x-bypassid:4d7c-1\r\n"
                                  "a=ptime:20\r\n");
    const struct ds_sdp_media *audio = ds_sdp_audio(&sdp);
    (void)state;
    assert_true(sdp.origin_ok);
    assert_slice(sdp.origin_user, "jane");
    assert_true(sdp.session_id == UINT64_MAX);
    assert_true(sdp.version == 7);
    assert_slice(sdp.origin_address, "192.0.2.9");
    assert_slice(sdp.session_name, "session");
    assert_int_equal(sdp.media_count, 1);
    assert_slice(audio->protocol, "RTP/SAVP");
    assert_true(audio->has_address);
    assert_address(audio->at, "192.0.2.1:50004");
    assert_address(audio->rtcp_at, "192.0.2.2:50010");
    assert_int_equal(audio->direction, DS_SENDONLY);
    assert_int_equal(audio->crypto_count, 2);
    assert_true(audio->has_tcap);
    assert_int_equal(audio->ptime_ms, 20);
    assert_slice(audio->bypass_id, "4d7c-1");
    assert_int_equal(audio->bypass_id_count, 1);
    assert_int_equal(audio->format_count, 3);
    assert_slice(audio->formats[0].encoding, "PCMA");
    assert_int_equal(audio->formats[1].clock_rate, 8000);
    assert_slice(audio->formats[2].encoding, "telephone-event");
    assert_int_equal(audio->formats[2].clock_rate, 8000);
    assert_slice(audio->formats[2].fmtp, "0-16");
}

static void what_real_peers_leave_out_is_not_missed(void **state)
{
    struct ds_sdp sdp = read_text("v=0\nX\nq=odd\na=inactive\nc=IN IP4 192.0.2.1\n"
                                  "m=audio 4000 RTP/AVP 18\na=ptime:many");
    const struct ds_sdp_media *audio = ds_sdp_audio(&sdp);
    (void)state;
    assert_false(sdp.origin_ok);
    assert_slice(sdp.session_name, "");
    assert_address(audio->at, "192.0.2.1:4000");
    assert_address(audio->rtcp_at, "192.0.2.1:4001");
    assert_int_equal(audio->direction, DS_INACTIVE);
    assert_int_equal(audio->ptime_ms, 0);
    assert_slice(audio->formats[0].encoding, "G729");
    assert_slice(audio->text, "m=audio 4000 RTP/AVP 18\na=ptime:many");
}

static void a_stream_overrides_what_the_session_says(void **state)
{
    struct ds_sdp sdp = read_text("v=0\r\nc=IN IP4 192.0.2.1\r\na=recvonly\r\n"
                                  "m=audio 4000 RTP/AVP 0\r\n"
                                  "a=rtcp:4009\r\nc=IN IP4 192.0.2.7/127\r\na=sendrecv\r\n"
                                  "m=image 4002 udptl t38\r\n"
                                  "m=audio 4004 RTP/AVP 0\r\nc=IN IP6 2001:db8::1\r\n");
    (void)state;
    assert_int_equal(sdp.media_count, 3);
    assert_address(sdp.media[0].at, "192.0.2.7:4000");
    assert_address(sdp.media[0].rtcp_at, "192.0.2.7:4009");
    assert_int_equal(sdp.media[0].direction, DS_SENDRECV);
    assert_address(sdp.media[1].at, "192.0.2.1:4002");
    assert_int_equal(sdp.media[1].direction, DS_RECVONLY);
    assert_int_equal(sdp.media[1].format_count, 0);
    assert_slice(sdp.media[1].text, "m=image 4002 udptl t38\r\n");
    assert_address(sdp.media[2].rtcp_at, "[2001:db8::1]:4005");
}

static void a_name_in_the_connection_line_is_no_address(void **state)
{
    struct ds_sdp sdp = read_text("v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n"
                                  "c=IN IP4 sbc.example.com\r\nm=audio 0 RTP/AVP 0\r\n");
    struct ds_sdp none = read_text("v=0\r\nm=audio 4000 RTP/AVP 0\r\n");
    (void)state;
    assert_false(sdp.media[0].has_address);
    assert_int_equal(sdp.media[0].at.port, 4000);
    assert_true(sdp.media[1].has_address);
    assert_int_equal(sdp.media[1].at.port, 0);
    assert_int_equal(sdp.media[1].rtcp_at.port, 0);
    assert_false(none.media[0].has_address);
}

static void numbers_out_of_range_are_no_numbers(void **state)
{
    struct ds_sdp sdp = read_text("v=0\r\no=- 0x1 18446744073709551616 IN IP4 192.0.2.1\r\n"
                                  "c=IN IP4 192.0.2.1\r\n"
                                  "m=audio 65536 RTP/AVP 0 128 -1 256 8\r\n"
                                  "a=rtcp:70000\r\na=rtpmap:8 PCMA/99999999999\r\n"
                                  "m=audio 65535 RTP/AVP\r\n");
    (void)state;
    assert_false(sdp.origin_ok);
    assert_true(sdp.session_id == 0 && sdp.version == 0);
    assert_int_equal(sdp.media[0].at.port, 0);
    assert_int_equal(sdp.media[0].format_count, 2);
    assert_int_equal(sdp.media[0].formats[1].payload_type, 8);
    assert_int_equal(sdp.media[0].formats[1].clock_rate, 0);
    assert_int_equal(sdp.media[1].rtcp_at.port, 0);
}

static void surplus_streams_and_formats_are_dropped(void **state)
{
    char text[4096] = "v=0\r\nc=IN IP4 192.0.2.1\r\n";
    (void)state;
    for (int i = 0; i < DS_SDP_MAX_MEDIA + 2; i++) {
        char line[32];
        snprintf(line, sizeof line, "m=audio %d RTP/AVP", 4000 + i);
        strcat(text, line);
        for (int j = 0; j < DS_SDP_MAX_FORMATS + 4; j++)
            strcat(text, " 8");
        strcat(text, "\r\na=x-bypassid:1\r\n");
    }
    struct ds_sdp sdp = read_text(text);
    assert_int_equal(sdp.media_count, DS_SDP_MAX_MEDIA);
    const struct ds_sdp_media *last = &sdp.media[DS_SDP_MAX_MEDIA - 1];
    assert_int_equal(last->format_count, DS_SDP_MAX_FORMATS);
    assert_int_equal(last->bypass_id_count, 1);
    assert_int_equal(last->at.port, 4000 + DS_SDP_MAX_MEDIA - 1);
    struct ds_slice next;
    assert_false(ds_sdp_attribute(last, "x-bypassid", 1, &next));
}

static void without_a_version_line_there_is_no_sense(void **state)
{
    static const char *const foreign[] = {"", "\r\n", "Signal=5\r\nDuration=160\r\n",
                                          "m=audio 4000 RTP/AVP 0\r\n"};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(foreign); i++) {
        struct ds_why why = {""};
        struct ds_sdp sdp;
        assert_int_equal(ds_sdp_parse(ds_slice_of(foreign[i]), &sdp, &why), DS_BAD);
        assert_string_equal(why.text, "the body has no v= line, so it is no session description");
    }
}

static void answers_of_real_peers_are_read(void **state)
{
    char path[512], text[4096] = "v=0\r\nc=IN IP4 192.0.2.1\r\n";
    size_t len = strlen(text);
    (void)state;
    if (ds_corpus_path("ms/teams_dr_answer_to_sbc_sdes.sdpfrag", path, sizeof path) == NULL)
        skip();
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    len += fread(text + len, 1, sizeof text - len - 1, file);
    fclose(file);
    text[len] = '\0';
    struct ds_sdp sdp = read_text(text);
    const struct ds_sdp_media *audio = ds_sdp_audio(&sdp);
    assert_int_equal(audio->crypto_count, 2);
    assert_int_equal(audio->format_count, 12);
    assert_address(audio->rtcp_at, "192.0.2.1:54056");
    assert_slice(audio->formats[4].encoding, "PCMU");
}

static void no_byte_behind_a_cut_body_is_read(void **state)
{
    static const char whole[] = "v=0\r\no=- 1 2 IN IP4 1.2.3.4\r\nc=IN IP4 1.2.3.4\r\n"
                                "m=audio 4 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=rtcp:5";
    (void)state;
    for (size_t len = 4; len < sizeof whole; len++) {
        char *exact = malloc(len);
        struct ds_sdp sdp;
        memcpy(exact, whole, len);
        assert_int_equal(ds_sdp_parse((struct ds_slice){exact, len}, &sdp, NULL), DS_OK);
        assert_true(sdp.media_count <= 1);
        free(exact);
    }
}

int test_read(void);

int test_read(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_offer_is_read_whole),
        cmocka_unit_test(what_real_peers_leave_out_is_not_missed),
        cmocka_unit_test(a_stream_overrides_what_the_session_says),
        cmocka_unit_test(a_name_in_the_connection_line_is_no_address),
        cmocka_unit_test(numbers_out_of_range_are_no_numbers),
        cmocka_unit_test(surplus_streams_and_formats_are_dropped),
        cmocka_unit_test(without_a_version_line_there_is_no_sense),
        cmocka_unit_test(answers_of_real_peers_are_read),
        cmocka_unit_test(no_byte_behind_a_cut_body_is_read),
    };
    return cmocka_run_group_tests_name("sdp: read", tests, NULL, NULL);
}
