#include "bandwidth.h"

/* Whatever is read must lie inside what was given, and is the same again once it is written. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void lies_inside(struct ds_slice part, struct ds_slice whole)
{
    ds_assert(part.at >= whole.at && part.at + part.len <= whole.at + whole.len);
}

static void read_attributes(const struct ds_stun *msg, struct ds_slice whole)
{
    uint16_t channel, types[DS_STUN_MOST_UNKNOWN];
    uint32_t number;
    uint64_t tie_breaker;
    struct ds_addr addr;
    struct ds_slice value;
    for (uint16_t type = 0; type < 0x30; type++) {
        if (ds_stun_value(msg, type, &value))
            lies_inside(value, whole);
        (void)ds_stun_number(msg, type, &number);
        (void)ds_stun_tie_breaker(msg, type, &tie_breaker);
        for (size_t nth = 0; nth < 3; nth++)
            (void)ds_stun_address(msg, type, nth, &addr);
    }
    (void)ds_stun_channel(msg, &channel);
    ds_assert(ds_stun_unknown(msg, types) <= DS_STUN_MOST_UNKNOWN);
    int status = ds_stun_error(msg);
    ds_assert(status == 0 || (status >= 300 && status <= 699));
    (void)ds_stun_is_by(msg, DS_LITERAL("key"));
}

static void read_bandwidth(const struct ds_stun *msg)
{
    uint8_t reservation[DS_RESERVATION_BYTES];
    struct ds_bandwidth amount;
    struct ds_bandwidth_path path;
    enum ds_bandwidth_ask ask;
    ds_assert(!ds_bandwidth_asked(msg, &ask) || ask <= DS_BANDWIDTH_UPDATE);
    (void)ds_bandwidth_amount(msg, &amount);
    (void)ds_bandwidth_reservation(msg, reservation);
    (void)ds_bandwidth_path(msg, DS_STUN_LOCAL_SITE_RESPONSE, &path);
}

static void write_again(const struct ds_stun *msg)
{
    struct ds_buf out = {0};
    struct ds_stun again;
    struct ds_addr peer;
    ds_stun_begin(&out, msg->kind, msg->method, msg->id);
    if (ds_stun_address(msg, DS_STUN_XOR_PEER_ADDRESS, 0, &peer))
        ds_stun_put_address(&out, DS_STUN_XOR_PEER_ADDRESS, peer);
    ds_stun_sign(&out, DS_LITERAL("key"));
    ds_stun_finish(&out);
    ds_rc rc = ds_stun_parse(ds_buf_slice(&out), &again, NULL);
    ds_assert(rc == DS_OK && ds_stun_is_by(&again, DS_LITERAL("key")));
    ds_assert(again.kind == msg->kind && again.method == msg->method);
    ds_buf_clean_up(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const struct ds_slice whole = {(const char *)bytes, len};
    struct ds_stun msg;
    struct ds_stun_channel_data channel;
    if (ds_stun_parse(whole, &msg, NULL) == DS_OK) {
        lies_inside(msg.bytes, whole);
        lies_inside(msg.attributes, whole);
        read_attributes(&msg, whole);
        read_bandwidth(&msg);
        write_again(&msg);
    }
    if (ds_stun_channel_parse(whole, &channel) == DS_OK)
        lies_inside(channel.data, whole);
    return 0;
}
