#include "ice_internal.h"

#include <string.h>

/* Requests to the TURN server: asked again until they are answered (RFC 5389 7.2.1), and with
 * credentials once the server has asked for them (10.2). */

#define MOST_CHALLENGES 2 /* 401, then 438: whoever is asked a third time is not believed */

static ds_timer_fn ask_again;

/* ---- what is asked ---- */

static void put_peers(struct ds_ice *ice)
{
    for (size_t i = 0; i < ice->pair_count; i++)
        if (ice->pairs[i].relayed)
            ds_stun_put_address(&ice->text, DS_STUN_XOR_PEER_ADDRESS, ice->pairs[i].remote);
}

static void put_wish(struct ds_ice *ice, const struct ds_relay_ask *ask)
{
    if (ask->method == DS_STUN_ALLOCATE)
        ds_stun_put_number(&ice->text, DS_STUN_REQUESTED_TRANSPORT, (uint32_t)DS_STUN_UDP << 24);
    if (ask->method == DS_STUN_ALLOCATE || ask->method == DS_STUN_REFRESH)
        ds_stun_put_number(&ice->text, DS_STUN_LIFETIME, ask->lifetime_s);
    if (ask->method == DS_STUN_CREATE_PERMISSION)
        put_peers(ice);
    if (ask->method == DS_STUN_CHANNEL_BIND) {
        ds_stun_put_channel(&ice->text, DS_STUN_FIRST_CHANNEL);
        ds_stun_put_address(&ice->text, DS_STUN_XOR_PEER_ADDRESS, ask->peer);
    }
}

static void put_credentials(struct ds_ice *ice)
{
    const struct ds_relay *relay = &ice->relay;
    if (!relay->has_key)
        return;
    ds_stun_put(&ice->text, DS_STUN_USERNAME, ds_slice_of(ice->options.user));
    ds_stun_put(&ice->text, DS_STUN_REALM, ds_slice_of(relay->realm));
    ds_stun_put(&ice->text, DS_STUN_NONCE, ds_slice_of(relay->nonce));
    ds_stun_sign(&ice->text, (struct ds_slice){(const char *)relay->key, sizeof relay->key});
}

static void send_ask(struct ds_relay_ask *ask)
{
    struct ds_ice *ice = ask->ice;
    ice->text.len = 0;
    ds_stun_begin(&ice->text, DS_STUN_REQUEST, ask->method, ask->id);
    put_wish(ice, ask);
    put_credentials(ice);
    ds_stun_finish(&ice->text);
    ds_ice_say(ice, false, ice->options.server);
    ds_ice_start(ice, &ask->again, DS_ICE_RTO << ask->tries, ask_again);
    ask->tries++;
}

static void begin_ask(struct ds_relay_ask *ask)
{
    ds_ice_new_id(ask->ice, ask->id);
    ask->tries = 0;
    send_ask(ask);
}

void ds_relay_ask(struct ds_ice *ice, uint16_t method, struct ds_addr peer, uint32_t lifetime_s)
{
    for (size_t i = 0; i < DS_ICE_MOST_ASKS; i++) {
        struct ds_relay_ask *ask = &ice->relay.asks[i];
        if (ask->method != 0)
            continue;
        *ask = (struct ds_relay_ask){
            .ice = ice, .method = method, .peer = peer, .lifetime_s = lifetime_s};
        begin_ask(ask);
        return;
    }
}

void ds_relay_asks_stop(struct ds_ice *ice)
{
    for (size_t i = 0; i < DS_ICE_MOST_ASKS; i++) {
        ds_timer_stop(ds_ice_clock(ice), &ice->relay.asks[i].again);
        ice->relay.asks[i].method = 0;
    }
}

/* ---- answers ---- */

static void end_ask(struct ds_relay_ask *ask, const struct ds_stun *msg)
{
    uint16_t method = ask->method;
    ds_timer_stop(ds_ice_clock(ask->ice), &ask->again);
    ask->method = 0;
    ds_relay_answered(ask->ice, method, ask->peer, msg);
}

static void ask_again(struct ds_timer *timer)
{
    struct ds_relay_ask *ask = DS_OWNER(timer, struct ds_relay_ask, again);
    if (ask->tries < DS_ICE_TRIES)
        send_ask(ask);
    else
        end_ask(ask, NULL);
}

/* 401 tells the realm and a nonce, 438 a new nonce. False: they cannot be used. */
static bool take_challenge(struct ds_ice *ice, const struct ds_stun *msg)
{
    struct ds_relay *relay = &ice->relay;
    struct ds_slice realm, nonce;
    if (!ds_stun_value(msg, DS_STUN_REALM, &realm) || !ds_stun_value(msg, DS_STUN_NONCE, &nonce) ||
        !ds_slice_copy(realm, relay->realm, sizeof relay->realm) ||
        !ds_slice_copy(nonce, relay->nonce, sizeof relay->nonce))
        return false;
    ds_stun_long_term_key(ice->options.user, relay->realm, ice->options.password, relay->key);
    relay->has_key = true;
    return true;
}

void ds_relay_response(struct ds_ice *ice, const struct ds_stun *msg)
{
    int status = ds_stun_error(msg);
    for (size_t i = 0; i < DS_ICE_MOST_ASKS; i++) {
        struct ds_relay_ask *ask = &ice->relay.asks[i];
        if (ask->method != msg->method || memcmp(ask->id, msg->id, sizeof msg->id) != 0)
            continue;
        bool asked = status == 401 || status == 438;
        if (asked && ask->challenges++ < MOST_CHALLENGES && take_challenge(ice, msg))
            begin_ask(ask);
        else
            end_ask(ask, msg);
        return;
    }
}
