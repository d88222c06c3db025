#include "ice_internal.h"

/* Our allocation at the TURN server, as its client (RFC 8656 7 to 12). */

#define LIFETIME_S  600
#define REFRESH_US  (240 * DS_S) /* before a permission's 300 s are over */
#define PATIENCE_US (2 * DS_S)   /* for the server: a call is not to wait for one that is gone */

static const struct ds_addr nobody = {.port = 0};

static void gathered(struct ds_ice *ice)
{
    if (ice->relay.gathered)
        return;
    ice->relay.gathered = true;
    ds_timer_stop(ds_ice_clock(ice), &ice->relay.patience);
    ds_ice_list_local(ice);
    ice->events->gathered(ice->owner);
}

static void lose_patience(struct ds_timer *timer)
{
    struct ds_ice *ice = DS_OWNER(timer, struct ds_ice, relay.patience);
    ds_relay_asks_stop(ice);
    gathered(ice);
}

void ds_relay_start(struct ds_ice *ice)
{
    ds_relay_ask(ice, DS_STUN_ALLOCATE, nobody, LIFETIME_S);
    ds_ice_start(ice, &ice->relay.patience, PATIENCE_US, lose_patience);
}

void ds_relay_stop(struct ds_ice *ice)
{
    ds_relay_asks_stop(ice);
    ds_timer_stop(ds_ice_clock(ice), &ice->relay.patience);
    ds_timer_stop(ds_ice_clock(ice), &ice->relay.refresh);
}

/* Said once: what is lost, the server ends by itself. */
void ds_relay_give_back(struct ds_ice *ice)
{
    if (ice->relay.relayed.port == 0)
        return;
    ds_relay_ask(ice, DS_STUN_REFRESH, nobody, 0);
    ds_relay_asks_stop(ice);
}

static void refresh(struct ds_timer *timer)
{
    struct ds_ice *ice = DS_OWNER(timer, struct ds_ice, relay.refresh);
    ds_relay_ask(ice, DS_STUN_REFRESH, nobody, LIFETIME_S);
    if (ice->relay.permitted)
        ds_relay_ask(ice, DS_STUN_CREATE_PERMISSION, nobody, 0);
    if (ice->relay.bound.port != 0)
        ds_relay_ask(ice, DS_STUN_CHANNEL_BIND, ice->relay.bound, 0);
    ds_ice_start(ice, timer, REFRESH_US, refresh);
}

void ds_relay_permit(struct ds_ice *ice)
{
    ds_relay_ask(ice, DS_STUN_CREATE_PERMISSION, nobody, 0);
}

/* One channel is enough for one selected pair; another one's data goes in indications. */
void ds_relay_bind(struct ds_ice *ice, struct ds_addr peer)
{
    if (ice->relay.bound.port == 0)
        ds_relay_ask(ice, DS_STUN_CHANNEL_BIND, peer, 0);
}

static void take_allocation(struct ds_ice *ice, const struct ds_stun *msg)
{
    struct ds_relay *relay = &ice->relay;
    if (!ds_stun_address(msg, DS_STUN_XOR_RELAYED_ADDRESS, 0, &relay->relayed))
        relay->relayed = nobody;
    if (!ds_stun_address(msg, DS_STUN_XOR_MAPPED_ADDRESS, 0, &relay->mapped))
        relay->mapped = nobody;
    ds_ice_start(ice, &relay->refresh, REFRESH_US, refresh);
}

void ds_relay_answered(struct ds_ice *ice,
                       uint16_t method,
                       struct ds_addr peer,
                       const struct ds_stun *msg)
{
    bool done = msg != NULL && msg->kind == DS_STUN_SUCCESS;
    switch (method) {
    case DS_STUN_ALLOCATE:
        if (done)
            take_allocation(ice, msg);
        gathered(ice);
        break;
    case DS_STUN_CREATE_PERMISSION:
        ice->relay.permitted = done;
        if (ice->remote_ufrag[0] != '\0')
            ds_checks_go(ice);
        break;
    case DS_STUN_CHANNEL_BIND:
        ice->relay.bound = done ? peer : nobody;
        break;
    default:
        break;
    }
}

/* ---- what goes by the server ---- */

static void wrap(struct ds_ice *ice, struct ds_addr peer, struct ds_slice bytes)
{
    uint8_t id[DS_STUN_ID_BYTES];
    ice->wrap.len = 0;
    if (ice->relay.bound.port != 0 && ds_addr_equal(ice->relay.bound, peer)) {
        ds_stun_channel_write(&ice->wrap, DS_STUN_FIRST_CHANNEL, bytes);
        return;
    }
    ds_ice_new_id(ice, id);
    ds_stun_begin(&ice->wrap, DS_STUN_INDICATION, DS_STUN_SEND, id);
    ds_stun_put_address(&ice->wrap, DS_STUN_XOR_PEER_ADDRESS, peer);
    ds_stun_put(&ice->wrap, DS_STUN_PAYLOAD, bytes);
}

void ds_relay_pass(struct ds_ice *ice, struct ds_addr peer, struct ds_slice bytes)
{
    wrap(ice, peer, bytes);
    if (ice->wrap.broken)
        ds_buf_clean_up(&ice->wrap);
    else
        ds_udp_send(ice->options.udp, ice->options.server, ds_buf_slice(&ice->wrap));
}

bool ds_relay_unwrap(const struct ds_ice *ice,
                     struct ds_slice bytes,
                     struct ds_addr *peer,
                     struct ds_slice *data)
{
    struct ds_stun_channel_data framed;
    struct ds_stun msg;
    if (ds_stun_channel_parse(bytes, &framed) == DS_OK) {
        *peer = ice->relay.bound;
        *data = framed.data;
        return ice->relay.bound.port != 0 && framed.channel == DS_STUN_FIRST_CHANNEL;
    }
    return ds_stun_parse(bytes, &msg, NULL) == DS_OK && msg.kind == DS_STUN_INDICATION &&
           msg.method == DS_STUN_DATA && ds_stun_address(&msg, DS_STUN_XOR_PEER_ADDRESS, 0, peer) &&
           ds_stun_value(&msg, DS_STUN_PAYLOAD, data);
}
