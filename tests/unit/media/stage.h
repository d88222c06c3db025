#ifndef DS_TEST_STAGE_H
#define DS_TEST_STAGE_H

/* A simulated network, a place for media on it, and peers that write down what they receive. */

#include "support.h"

#include "media.h"

#include <string.h>

struct stage {
    struct ds_clock *clock;
    struct ds_rng rng;
    struct ds_net *net;
    struct ds_media_place place;
};

struct arrival {
    ds_us at;
    struct ds_rtp rtp;
    struct ds_rtp_event event; /* where the payload has four bytes */
    char bytes[1000];
};

struct peer {
    struct stage *stage;
    struct ds_udp *rtp, *rtcp;
    struct arrival packets[700];
    size_t count;
    struct ds_rtcp reports[16];
    ds_us report_at[16];
    char last_report[512];
    size_t last_report_len, report_count;
};

static inline void stage_open(struct stage *stage, uint64_t seed)
{
    *stage = (struct stage){0};
    ds_rng_seed(&stage->rng, seed);
    assert_int_equal(ds_clock_new_virtual(1000000, &stage->clock), DS_OK);
    const struct ds_net_options options = {.clock = stage->clock, .rng = &stage->rng};
    assert_int_equal(ds_net_new_simulated(&options, &stage->net, NULL), DS_OK);
    stage->place = (struct ds_media_place){.net = stage->net,
                                           .rng = &stage->rng,
                                           .at = ds_addr_v4(0x7f000a02, 0),
                                           .first_port = 49152,
                                           .last_port = 57500,
                                           .cname = "gateway"};
}

/* Leaves no timer and no socket behind. */
static inline void stage_close(struct stage *stage)
{
    ds_media_place_clean_up(&stage->place);
    assert_int_equal(ds_timers_count(stage->clock), 0);
    ds_net_free(&stage->net);
    ds_clock_free(&stage->clock);
}

static inline void stage_run(struct stage *stage, ds_us for_us)
{
    ds_us until = ds_now(stage->clock) + for_us;
    while (ds_now(stage->clock) < until)
        assert_int_equal(ds_net_turn(stage->net, until, NULL), DS_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(ds_net_turn(stage->net, until, NULL), DS_OK);
}

static inline struct ds_media *stage_media(struct stage *stage)
{
    struct ds_media *media = NULL;
    struct ds_why why = {""};
    ds_rc rc = ds_media_new(&stage->place, &media, &why);
    assert_string_equal(why.text, "");
    assert_int_equal(rc, DS_OK);
    return media;
}

static inline void peer_take_rtp(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct peer *peer = owner;
    (void)from;
    assert_true(peer->count < DS_COUNT(peer->packets));
    struct arrival *arrival = &peer->packets[peer->count++];
    assert_true(bytes.len <= sizeof arrival->bytes);
    memcpy(arrival->bytes, bytes.at, bytes.len);
    arrival->at = ds_now(peer->stage->clock);
    struct ds_slice kept = {arrival->bytes, bytes.len};
    assert_int_equal(ds_rtp_parse(kept, &arrival->rtp), DS_OK);
    if (arrival->rtp.payload.len == 4)
        assert_int_equal(ds_rtp_event_parse(arrival->rtp.payload, &arrival->event), DS_OK);
}

static inline void peer_take_rtcp(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct peer *peer = owner;
    (void)from;
    assert_true(peer->report_count < DS_COUNT(peer->reports));
    assert_true(bytes.len <= sizeof peer->last_report);
    memcpy(peer->last_report, bytes.at, bytes.len);
    peer->last_report_len = bytes.len;
    peer->report_at[peer->report_count] = ds_now(peer->stage->clock);
    assert_int_equal(ds_rtcp_parse(bytes, &peer->reports[peer->report_count++]), DS_OK);
}

static inline void peer_open(struct stage *stage, struct peer *peer, uint16_t port)
{
    *peer = (struct peer){.stage = stage};
    assert_int_equal(ds_udp_open(stage->net, ds_addr_v4(0x7f001401, port), peer_take_rtp, peer,
                                 &peer->rtp, NULL),
                     DS_OK);
    assert_int_equal(ds_udp_open(stage->net, ds_addr_v4(0x7f001401, port + 1), peer_take_rtcp, peer,
                                 &peer->rtcp, NULL),
                     DS_OK);
}

static inline void peer_close(struct peer *peer)
{
    ds_udp_close(&peer->rtp);
    ds_udp_close(&peer->rtcp);
}

/* The audio of an SDP that lists `types` in this order, e.g. {8, 0}. */
static inline struct ds_sdp_media sdp_at(struct ds_addr at, const uint8_t *types, size_t type_count)
{
    struct ds_sdp_media sdp = {.at = at, .rtcp_at = at, .has_address = true};
    sdp.rtcp_at.port++;
    sdp.format_count = type_count;
    for (size_t i = 0; i < type_count; i++) {
        sdp.formats[i].payload_type = types[i];
        sdp.formats[i].clock_rate = 8000;
        if (types[i] >= 96)
            sdp.formats[i].encoding = DS_LITERAL("telephone-event");
    }
    return sdp;
}

static inline void aim_at(struct ds_media *media, struct ds_addr at, enum ds_direction direction)
{
    static const uint8_t types[] = {18, 8, 0, 97};
    struct ds_sdp_media sdp = sdp_at(at, types, DS_COUNT(types));
    sdp.direction = direction;
    assert_int_equal(ds_media_aim(media, &sdp, NULL), DS_OK);
}

static inline void aim_at_peer(struct ds_media *media, const struct peer *peer)
{
    aim_at(media, ds_udp_at(peer->rtp), DS_SENDRECV);
}

#endif
