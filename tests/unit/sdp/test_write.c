#include "support.h"

#include "sdp.h"

static const struct ds_sdp_codec codecs[] = {
    {8, "PCMA", 8000, NULL},
    {101, "telephone-event", 8000, "0-16"},
};

static struct ds_sdp_spec spec_of(enum ds_sdp_style style)
{
    return (struct ds_sdp_spec){.style = style,
                                .session_id = 12,
                                .version = 3,
                                .at = ds_addr_v4(0x7f000a05, 50000),
                                .codecs = codecs,
                                .codec_count = DS_COUNT(codecs),
                                .direction = DS_SENDRECV};
}

static void assert_written(const struct ds_sdp_spec *spec, const char *expected)
{
    struct ds_buf text = {0};
    ds_sdp_write(spec, &text);
    assert_string_equal(text.at, expected);
    ds_buf_clean_up(&text);
}

static void a_gateway_writes_a_plain_description(void **state)
{
    struct ds_sdp_spec spec = spec_of(DS_SDP_GATEWAY);
    (void)state;
    assert_written(&spec, "v=0\r\n"
                          "o=- 12 3 IN IP4 127.0.10.5\r\n"
                          "s=-\r\n"
                          "c=IN IP4 127.0.10.5\r\n"
                          "t=0 0\r\n"
                          "m=audio 50000 RTP/AVP 8 101\r\n"
                          "a=rtpmap:8 PCMA/8000\r\n"
                          "a=rtpmap:101 telephone-event/8000\r\n"
                          "a=fmtp:101 0-16\r\n"
                          "a=sendrecv\r\n"
                          "a=ptime:20\r\n");
}

static void a_mediation_server_writes_its_bandwidth_and_label(void **state)
{
    struct ds_sdp_spec spec = spec_of(DS_SDP_MEDIATION);
    (void)state;
    spec.direction = DS_INACTIVE;
    assert_written(&spec, "v=0\r\n"
                          "o=- 12 3 IN IP4 127.0.10.5\r\n"
                          "s=session\r\n"
                          "c=IN IP4 127.0.10.5\r\n"
                          "b=CT:1000\r\n"
                          "t=0 0\r\n"
                          "m=audio 50000 RTP/AVP 8 101\r\n"
                          "a=rtcp:50001\r\n"
                          "a=label:Audio\r\n"
                          "a=rtpmap:8 PCMA/8000\r\n"
                          "a=rtpmap:101 telephone-event/8000\r\n"
                          "a=fmtp:101 0-16\r\n"
                          "a=inactive\r\n"
                          "a=ptime:20\r\n");
}

static void a_client_writes_its_bypass_id_before_ptime(void **state)
{
    struct ds_sdp_spec spec = spec_of(DS_SDP_CLIENT);
    (void)state;
    spec.bypass_id = "2f1d";
    assert_written(&spec, "v=0\r\n"
                          "o=- 12 3 IN IP4 127.0.10.5\r\n"
                          "s=session\r\n"
                          "c=IN IP4 127.0.10.5\r\n"
                          "b=CT:99980\r\n"
                          "t=0 0\r\n"
                          "m=audio 50000 RTP/AVP 8 101\r\n"
                          "a=label:main-audio\r\n"
                          "a=rtcp:50001\r\n"
                          "a=rtpmap:8 PCMA/8000\r\n"
                          "a=rtpmap:101 telephone-event/8000\r\n"
                          "a=fmtp:101 0-16\r\n"
                          "a=sendrecv\r\n"
                          "a=x-bypassid:2f1d\r\n"
                          "a=ptime:20\r\n");
}

static void what_is_written_reads_back(void **state)
{
    struct ds_sdp_spec spec = spec_of(DS_SDP_CLIENT);
    struct ds_buf text = {0};
    struct ds_sdp sdp;
    (void)state;
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("2001:db8::7"), &spec.at), DS_OK);
    spec.at.port = 0;
    spec.direction = DS_RECVONLY;
    ds_sdp_write(&spec, &text);
    assert_int_equal(ds_sdp_parse(ds_buf_slice(&text), &sdp, NULL), DS_OK);
    const struct ds_sdp_media *audio = ds_sdp_audio(&sdp);
    assert_true(audio->has_address);
    assert_true(ds_addr_equal(audio->at, spec.at));
    assert_int_equal(audio->rtcp_at.port, 0);
    assert_int_equal(audio->direction, DS_RECVONLY);
    assert_int_equal(audio->bypass_id_count, 0);
    assert_true(sdp.session_id == 12 && sdp.version == 3);
    ds_buf_clean_up(&text);
}

static void a_description_without_codecs_is_a_mistake(void **state)
{
    struct ds_sdp_spec spec = spec_of(DS_SDP_GATEWAY);
    struct ds_buf text = {0};
    (void)state;
    spec.codec_count = 0;
    expect_assert_failure(ds_sdp_write(&spec, &text));
    ds_buf_clean_up(&text);
}

static ds_rc write_one(void *owner)
{
    struct ds_buf text = {0};
    ds_sdp_write(owner, &text);
    ds_rc rc = text.broken ? DS_NOMEM : DS_OK;
    ds_buf_clean_up(&text);
    return rc;
}

static void writing_survives_want_of_memory(void **state)
{
    struct ds_sdp_spec spec = spec_of(DS_SDP_MEDIATION);
    (void)state;
    ds_exhaust(write_one, &spec);
}

int test_write(void);

int test_write(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gateway_writes_a_plain_description),
        cmocka_unit_test(a_mediation_server_writes_its_bandwidth_and_label),
        cmocka_unit_test(a_client_writes_its_bypass_id_before_ptime),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(a_description_without_codecs_is_a_mistake),
        cmocka_unit_test(writing_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("sdp: write", tests, NULL, NULL);
}
