#include "turn_internal.h"

#include <string.h>

/* Allocate, Refresh, CreatePermission, ChannelBind: RFC 8656 7.2, 8.2, 10.2, 12.2. */

#define DEFAULT_LIFETIME_S 600
#define LONGEST_LIFETIME_S 3600

static uint32_t lifetime_of(const struct ds_stun *msg)
{
    uint32_t wanted = 0;
    if (!ds_stun_number(msg, DS_STUN_LIFETIME, &wanted) || wanted < DEFAULT_LIFETIME_S)
        return DEFAULT_LIFETIME_S;
    return wanted > LONGEST_LIFETIME_S ? LONGEST_LIFETIME_S : wanted;
}

static void say_allocated(const struct ds_turn_allocation *allocation, const struct ds_stun *msg)
{
    struct ds_turn *turn = allocation->turn;
    ds_turn_begin_success(turn, msg);
    ds_stun_put_address(&turn->text, DS_STUN_XOR_RELAYED_ADDRESS, ds_udp_at(allocation->relayed));
    ds_stun_put_number(&turn->text, DS_STUN_LIFETIME, allocation->lifetime_s);
    ds_stun_put_address(&turn->text, DS_STUN_XOR_MAPPED_ADDRESS, allocation->client);
    ds_turn_say(turn, allocation->client);
}

static int transport_refusal(const struct ds_stun *msg)
{
    uint32_t transport;
    if (!ds_stun_number(msg, DS_STUN_REQUESTED_TRANSPORT, &transport))
        return 400;
    return transport >> 24 == DS_STUN_UDP ? 0 : 442;
}

static void allocate(struct ds_turn *turn, struct ds_addr from, const struct ds_stun *msg)
{
    struct ds_turn_allocation *allocation = ds_turn_find(turn, from);
    /* The request again, whose answer was lost. */
    if (allocation != NULL && memcmp(allocation->made_by, msg->id, sizeof msg->id) == 0) {
        say_allocated(allocation, msg);
        return;
    }
    int status = allocation != NULL ? 437 : transport_refusal(msg);
    if (status == 0)
        status = ds_turn_allocate(turn, from, &allocation);
    if (status != 0) {
        ds_turn_refuse(turn, from, msg, status);
        return;
    }
    memcpy(allocation->made_by, msg->id, sizeof msg->id);
    ds_turn_live(allocation, lifetime_of(msg));
    say_allocated(allocation, msg);
}

static void refresh(struct ds_turn_allocation *allocation, const struct ds_stun *msg)
{
    struct ds_turn *turn = allocation->turn;
    struct ds_addr client = allocation->client;
    uint32_t wanted = DEFAULT_LIFETIME_S;
    bool ends = ds_stun_number(msg, DS_STUN_LIFETIME, &wanted) && wanted == 0;
    uint32_t lifetime_s = ends ? 0 : lifetime_of(msg);
    if (ends)
        ds_turn_end(allocation);
    else
        ds_turn_live(allocation, lifetime_s);
    ds_turn_begin_success(turn, msg);
    ds_stun_put_number(&turn->text, DS_STUN_LIFETIME, lifetime_s);
    ds_turn_say(turn, client);
}

static int permit_all(struct ds_turn_allocation *allocation, const struct ds_stun *msg)
{
    struct ds_addr peer;
    size_t count = 0;
    while (ds_stun_address(msg, DS_STUN_XOR_PEER_ADDRESS, count, &peer)) {
        if (!ds_turn_permit(allocation, peer))
            return 508;
        count++;
    }
    return count > 0 ? 0 : 400;
}

static int bind_channel(struct ds_turn_allocation *allocation, const struct ds_stun *msg)
{
    uint16_t number;
    struct ds_addr peer;
    if (!ds_stun_channel(msg, &number) || !ds_stun_address(msg, DS_STUN_XOR_PEER_ADDRESS, 0, &peer))
        return 400;
    const struct ds_turn_channel *same_number = ds_turn_channel_of(allocation, number);
    const struct ds_turn_channel *same_peer = ds_turn_channel_to(allocation, peer);
    if (same_number != same_peer)
        return 400; /* one of the two is bound to another */
    return ds_turn_permit(allocation, peer) && ds_turn_bind(allocation, number, peer) ? 0 : 508;
}

static void say_done(struct ds_turn *turn, struct ds_addr to, const struct ds_stun *msg, int status)
{
    if (status != 0) {
        ds_turn_refuse(turn, to, msg, status);
        return;
    }
    ds_turn_begin_success(turn, msg);
    ds_turn_say(turn, to);
}

void ds_turn_request(struct ds_turn *turn, struct ds_addr from, const struct ds_stun *msg)
{
    struct ds_turn_allocation *allocation = ds_turn_find(turn, from);
    if (msg->method == DS_STUN_ALLOCATE)
        allocate(turn, from, msg);
    else if (allocation == NULL)
        ds_turn_refuse(turn, from, msg, 437);
    else if (msg->method == DS_STUN_REFRESH)
        refresh(allocation, msg);
    else if (msg->method == DS_STUN_CREATE_PERMISSION)
        say_done(turn, from, msg, permit_all(allocation, msg));
    else if (msg->method == DS_STUN_CHANNEL_BIND)
        say_done(turn, from, msg, bind_channel(allocation, msg));
    else
        ds_turn_refuse(turn, from, msg, 400);
}
