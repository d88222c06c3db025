#include "support.h"

#include "stun.h"

#include <string.h>

/* The samples of RFC 5769, and what a message may not be. */

static const uint8_t request[] =
    "\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x10STUN test client"
    "\x00\x24\x00\x04\x6e\x00\x01\xff"
    "\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36"
    "\x00\x06\x00\x09\x65\x76\x74\x6a\x3a\x68\x36\x76\x59\x20\x20\x20"
    "\x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\xc1\xb5\x71"
    "\xa2"
    "\x80\x28\x00\x04\xe5\x7a\x3b\xcf";

static const uint8_t response[] =
    "\x01\x01\x00\x3c\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x0btest vector\x20"
    "\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43"
    "\x00\x08\x00\x14\x2b\x91\xf5\x99\xfd\x9e\x90\xc3\x8c\x74\x89\xf9\x2a\xf9\xba\x53\xf0\x6b\xe7"
    "\xd7"
    "\x80\x28\x00\x04\xc0\x7d\x4c\x96";

static const uint8_t long_term[] =
    "\x00\x01\x00\x60\x21\x12\xa4\x42\x78\xad\x34\x33\xc6\xad\x72\xc0\x29\xda\x41\x2e"
    "\x00\x06\x00\x12\xe3\x83\x9e\xe3\x83\x88\xe3\x83\xaa\xe3\x83\x83\xe3\x82\xaf\xe3\x82\xb9\x00"
    "\x00"
    "\x00\x15\x00\x1c\x66//499k954d6OL34oL9FSTvy64sA"
    "\x00\x14\x00\x0b\x65xample.org\x00"
    "\x00\x08\x00\x14\xf6\x70\x24\x65\x6d\xd6\x4a\x3e\x02\xb8\xe0\x71\x2e\x85\xc9\xa2\x8c\xa8\x96"
    "\x66";

#define SAMPLE(bytes) ((struct ds_slice){(const char *)(bytes), sizeof(bytes) - 1})

static const char password[] = "VOkJxbRl1RmTxUk/WvJxBt";

static void the_sample_request_is_read(void **state)
{
    struct ds_stun msg;
    struct ds_slice user;
    uint32_t priority = 0;
    uint64_t tie_breaker = 0;
    (void)state;
    assert_int_equal(ds_stun_parse(SAMPLE(request), &msg, NULL), DS_OK);
    assert_int_equal(msg.kind, DS_STUN_REQUEST);
    assert_int_equal(msg.method, DS_STUN_BINDING);
    assert_true(ds_stun_value(&msg, DS_STUN_USERNAME, &user));
    assert_true(ds_slice_equal(user, DS_LITERAL("evtj:h6vY")));
    assert_true(ds_stun_number(&msg, DS_STUN_PRIORITY, &priority));
    assert_int_equal(priority, 0x6e0001ff);
    assert_true(ds_stun_tie_breaker(&msg, DS_STUN_ICE_CONTROLLED, &tie_breaker));
    assert_true(tie_breaker == UINT64_C(0x932ff9b151263b36));
    assert_true(ds_stun_is_by(&msg, DS_LITERAL("VOkJxbRl1RmTxUk/WvJxBt")));
    assert_false(ds_stun_is_by(&msg, DS_LITERAL("VOkJxbRl1RmTxUk/WvJxBu")));
}

static void the_sample_response_tells_an_address(void **state)
{
    struct ds_stun msg;
    struct ds_addr mapped = {.port = 0};
    (void)state;
    assert_int_equal(ds_stun_parse(SAMPLE(response), &msg, NULL), DS_OK);
    assert_int_equal(msg.kind, DS_STUN_SUCCESS);
    assert_true(ds_stun_address(&msg, DS_STUN_XOR_MAPPED_ADDRESS, 0, &mapped));
    assert_string_equal(ds_addr_text(mapped).text, "192.0.2.1:32853");
    assert_false(ds_stun_address(&msg, DS_STUN_XOR_MAPPED_ADDRESS, 1, &mapped));
    assert_true(ds_stun_is_by(&msg, ds_slice_of(password)));
}

static void long_term_credentials_make_the_sample_key(void **state)
{
    struct ds_stun msg;
    uint8_t key[DS_STUN_KEY_BYTES];
    const struct ds_slice made = {(const char *)key, sizeof key};
    (void)state;
    ds_stun_long_term_key(
        "\xe3\x83\x9e\xe3\x83\x88\xe3\x83\xaa\xe3\x83\x83\xe3\x82\xaf\xe3\x82\xb9", "example.org",
        "TheMatrIX", key);
    assert_int_equal(ds_stun_parse(SAMPLE(long_term), &msg, NULL), DS_OK);
    assert_true(ds_stun_is_by(&msg, made));
}

/* What we write of the sample's parts is the sample, byte by byte: but for its padding, which is
 * free. */
static void what_is_written_is_the_sample(void **state)
{
    struct ds_buf out = {0};
    struct ds_addr mapped;
    (void)state;
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("192.0.2.1"), &mapped), DS_OK);
    mapped.port = 32853;
    ds_stun_begin(&out, DS_STUN_SUCCESS, DS_STUN_BINDING, response + 8);
    ds_stun_put(&out, DS_STUN_SOFTWARE, DS_LITERAL("test vector"));
    ds_stun_put_address(&out, DS_STUN_XOR_MAPPED_ADDRESS, mapped);
    assert_int_equal(out.len, sizeof response - 1 - 32);
    out.at[35] = ' ';
    ds_stun_sign(&out, ds_slice_of(password));
    ds_stun_finish(&out);
    assert_true(ds_slice_equal(ds_buf_slice(&out), SAMPLE(response)));
    ds_buf_clean_up(&out);
}

static void a_changed_byte_is_noticed(void **state)
{
    char bytes[sizeof request - 1];
    struct ds_stun msg;
    (void)state;
    for (size_t at = 0; at < sizeof bytes; at++) {
        memcpy(bytes, request, sizeof bytes);
        bytes[at] ^= 1;
        ds_rc rc = ds_stun_parse((struct ds_slice){bytes, sizeof bytes}, &msg, NULL);
        assert_true(rc != DS_OK || !ds_stun_is_by(&msg, ds_slice_of(password)) ||
                    at >= sizeof bytes - 8);
    }
}

static void a_message_that_is_cut_is_none(void **state)
{
    struct ds_stun msg;
    struct ds_why why = {""};
    (void)state;
    for (size_t len = 0; len < sizeof request - 1; len++)
        assert_int_equal(ds_stun_parse((struct ds_slice){(const char *)request, len}, &msg, &why),
                         DS_BAD);
    assert_true(strlen(why.text) > 0);
}

static void what_stands_behind_integrity_does_not_count(void **state)
{
    static const uint8_t id[DS_STUN_ID_BYTES] = {7};
    struct ds_buf out = {0};
    struct ds_stun msg;
    struct ds_slice value;
    (void)state;
    ds_stun_begin(&out, DS_STUN_REQUEST, DS_STUN_ALLOCATE, id);
    ds_stun_sign(&out, DS_LITERAL("key"));
    ds_stun_put(&out, DS_STUN_USERNAME, DS_LITERAL("mallory"));
    assert_int_equal(ds_stun_parse(ds_buf_slice(&out), &msg, NULL), DS_OK);
    assert_false(ds_stun_value(&msg, DS_STUN_USERNAME, &value));
    assert_true(ds_stun_is_by(&msg, DS_LITERAL("key")));
    ds_buf_clean_up(&out);
}

static void methods_and_kinds_survive_their_spread_bits(void **state)
{
    static const uint8_t id[DS_STUN_ID_BYTES] = {1};
    (void)state;
    for (unsigned method = 0; method < 0x1000; method += 7) {
        for (unsigned kind = 0; kind < 4; kind++) {
            struct ds_buf out = {0};
            struct ds_stun msg;
            ds_stun_begin(&out, (enum ds_stun_kind)kind, (uint16_t)method, id);
            assert_int_equal(ds_stun_parse(ds_buf_slice(&out), &msg, NULL), DS_OK);
            assert_int_equal(msg.method, method);
            assert_int_equal(msg.kind, kind);
            ds_buf_clean_up(&out);
        }
    }
}

int test_message(void);

int test_message(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_request_is_read),
        cmocka_unit_test(the_sample_response_tells_an_address),
        cmocka_unit_test(long_term_credentials_make_the_sample_key),
        cmocka_unit_test(what_is_written_is_the_sample),
        cmocka_unit_test(a_changed_byte_is_noticed),
        cmocka_unit_test(a_message_that_is_cut_is_none),
        cmocka_unit_test(what_stands_behind_integrity_does_not_count),
        cmocka_unit_test(methods_and_kinds_survive_their_spread_bits),
    };
    return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
