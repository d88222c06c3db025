#include "support.h"

#include "sdp.h"

#define assert_slice(slice, text) assert_true(ds_slice_equal(slice, ds_slice_of(text)))

static const char two_streams[] = "v=0\r\n"
                                  "m=video 6000 RTP/AVP 34\r\n"
                                  "m=audio 4000 RTP/AVP 0 104\r\n"
                                  "a=rtpmap:104 SILK/16000\r\n"
                                  "a=candidate:1 one\r\n"
                                  "a=rtcp-mux\r\n"
                                  "a=candidate:2 two\r\n"
                                  "m=audio 5000 RTP/AVP 8\r\n"
                                  "a=candidate:3 three\r\n";

static void attributes_are_counted_within_their_stream(void **state)
{
    struct ds_sdp sdp;
    struct ds_slice value;
    (void)state;
    assert_int_equal(ds_sdp_parse(ds_slice_of(two_streams), &sdp, NULL), DS_OK);
    const struct ds_sdp_media *audio = ds_sdp_audio(&sdp);
    assert_int_equal(audio->at.port, 4000);
    assert_true(ds_sdp_attribute(audio, "candidate", 1, &value));
    assert_slice(value, "2 two");
    assert_false(ds_sdp_attribute(audio, "candidate", 2, &value));
    assert_slice(value, "");
    assert_true(ds_sdp_attribute(audio, "rtcp-mux", 0, &value));
    assert_slice(value, "");
    assert_false(ds_sdp_attribute(audio, "rtcp", 0, &value));
}

static void formats_are_found_by_encoding_without_case(void **state)
{
    struct ds_sdp sdp;
    (void)state;
    assert_int_equal(ds_sdp_parse(ds_slice_of(two_streams), &sdp, NULL), DS_OK);
    const struct ds_sdp_media *audio = ds_sdp_audio(&sdp);
    assert_int_equal(ds_sdp_find_format(audio, "pcmu")->payload_type, 0);
    assert_int_equal(ds_sdp_find_format(audio, "SILK")->clock_rate, 16000);
    assert_null(ds_sdp_find_format(audio, "PCMA"));
}

static void a_description_without_audio_has_none(void **state)
{
    struct ds_sdp sdp;
    (void)state;
    assert_int_equal(ds_sdp_parse(DS_LITERAL("v=0\nm=image 1 udptl t38\n"), &sdp, NULL), DS_OK);
    assert_null(ds_sdp_audio(&sdp));
}

static void directions_have_their_names(void **state)
{
    (void)state;
    assert_string_equal(ds_direction_name(DS_SENDRECV), "sendrecv");
    assert_string_equal(ds_direction_name(DS_INACTIVE), "inactive");
    expect_assert_failure(ds_direction_name((enum ds_direction)4));
}

int test_attribute(void);

int test_attribute(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_are_counted_within_their_stream),
        cmocka_unit_test(formats_are_found_by_encoding_without_case),
        cmocka_unit_test(a_description_without_audio_has_none),
        cmocka_unit_test(directions_have_their_names),
    };
    return cmocka_run_group_tests_name("sdp: attribute", tests, NULL, NULL);
}
