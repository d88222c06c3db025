#include "ice_internal.h"

#include <stdio.h>
#include <stdlib.h>

#define KEEP_ALIVE_US (15 * DS_S) /* RFC 8445 11 */

struct ds_clock *ds_ice_clock(const struct ds_ice *ice)
{
    return ds_net_clock(ice->options.net);
}

void ds_ice_start(struct ds_ice *ice, struct ds_timer *timer, ds_us delay_us, ds_timer_fn *fire)
{
    struct ds_addr at = ds_udp_at(ice->options.udp);
    timer->whose = ds_addr_ip4(&at);
    if (ds_timer_start(ds_ice_clock(ice), timer, delay_us, fire) != DS_OK)
        ds_timer_stop(ds_ice_clock(ice), timer);
}

void ds_ice_new_id(struct ds_ice *ice, uint8_t id[DS_STUN_ID_BYTES])
{
    for (size_t i = 0; i < DS_STUN_ID_BYTES; i++)
        id[i] = (uint8_t)ds_rng_next(ice->options.rng);
}

/* ---- candidates ---- */

static void
add_local(struct ds_ice *ice, enum ds_candidate_kind kind, struct ds_addr at, struct ds_addr base)
{
    struct ds_candidate *candidate = &ice->local[ice->local_count++];
    *candidate = (struct ds_candidate){.kind = kind,
                                       .component = 1,
                                       .priority = ds_candidate_priority(kind),
                                       .at = at,
                                       .base = base};
    snprintf(candidate->foundation, sizeof candidate->foundation, "%zu", ice->local_count);
}

/* A server-reflexive candidate that is the host's says nothing new (RFC 8445 5.1.3). */
void ds_ice_list_local(struct ds_ice *ice)
{
    const struct ds_relay *relay = &ice->relay;
    struct ds_addr host = ds_udp_at(ice->options.udp), none = {.port = 0};
    ice->local_count = 0;
    if (!ice->kept_to_server)
        add_local(ice, DS_CANDIDATE_HOST, host, none);
    if (!ice->kept_to_server && relay->mapped.port != 0 && !ds_addr_equal(relay->mapped, host))
        add_local(ice, DS_CANDIDATE_SERVER_REFLEXIVE, relay->mapped, host);
    if (relay->relayed.port != 0)
        add_local(ice, DS_CANDIDATE_RELAYED, relay->relayed, relay->mapped);
}

bool ds_ice_gathered(const struct ds_ice *ice)
{
    DS_CHECK(ice, DS_ICE_MAGIC);
    return ice->relay.gathered;
}

struct ds_ice_spec ds_ice_spec(const struct ds_ice *ice)
{
    DS_CHECK(ice, DS_ICE_MAGIC);
    return (struct ds_ice_spec){.ufrag = ice->ufrag,
                                .pwd = ice->pwd,
                                .candidates = ice->local,
                                .count = ice->local_count,
                                .lite = ice->options.lite};
}

bool ds_ice_is_relayed(const struct ds_ice *ice)
{
    DS_CHECK(ice, DS_ICE_MAGIC);
    return ice->relay.relayed.port != 0;
}

struct ds_addr ds_ice_default(const struct ds_ice *ice)
{
    return ds_ice_needs_server(ice) ? ice->relay.relayed : ds_udp_at(ice->options.udp);
}

bool ds_ice_needs_server(const struct ds_ice *ice)
{
    return ds_ice_is_relayed(ice) && (!ice->options.alternate || ice->kept_to_server);
}

void ds_ice_keep_to_server(struct ds_ice *ice)
{
    DS_CHECK(ice, DS_ICE_MAGIC);
    ice->kept_to_server = true;
    ds_ice_list_local(ice);
}

/* ---- birth and death ---- */

ds_rc ds_ice_new(const struct ds_ice_options *options,
                 const struct ds_ice_events *events,
                 void *owner,
                 struct ds_ice **out,
                 struct ds_why *why)
{
    struct ds_ice *ice = calloc(1, sizeof *ice);
    if (ice == NULL)
        return ds_fail_memory(why);
    ice->magic = DS_ICE_MAGIC;
    ice->options = *options;
    ice->events = events;
    ice->owner = owner;
    ice->controlling = options->offers && !options->lite;
    ice->tie_breaker = ds_rng_next(options->rng);
    ds_rng_token(options->rng, ice->ufrag, sizeof ice->ufrag);
    ds_rng_token(options->rng, ice->pwd, sizeof ice->pwd);
    ds_ice_list_local(ice);
    ice->relay.gathered = options->lite || options->server.port == 0;
    if (!ice->relay.gathered)
        ds_relay_start(ice);
    *out = ice;
    return DS_OK;
}

static void fall_silent(struct ds_ice *ice)
{
    ds_pairs_clear(ice);
    ds_timer_stop(ds_ice_clock(ice), &ice->pace);
    ds_timer_stop(ds_ice_clock(ice), &ice->settle);
    ds_timer_stop(ds_ice_clock(ice), &ice->keep);
    ice->selected = false;
}

void ds_ice_release(struct ds_ice *ice)
{
    DS_CHECK(ice, DS_ICE_MAGIC);
    if (ice->released)
        return;
    fall_silent(ice);
    ds_relay_stop(ice);
    ds_relay_give_back(ice);
    ice->released = true;
}

void ds_ice_free(struct ds_ice **ice)
{
    struct ds_ice *gone = *ice;
    if (gone == NULL)
        return;
    DS_CHECK(gone, DS_ICE_MAGIC);
    fall_silent(gone);
    ds_relay_stop(gone);
    ds_buf_clean_up(&gone->text);
    ds_buf_clean_up(&gone->wrap);
    gone->magic = 0;
    free(gone);
    *ice = NULL;
}

/* ---- a peer ---- */

static void forget_peer(struct ds_ice *ice)
{
    fall_silent(ice);
    ice->relay.permitted = false;
    ice->remote_ufrag[0] = ice->remote_pwd[0] = '\0';
}

void ds_ice_meet(struct ds_ice *ice, const struct ds_sdp_media *peer)
{
    DS_CHECK(ice, DS_ICE_MAGIC);
    if (ice->released || ds_slice_equal(peer->ice_ufrag, ds_slice_of(ice->remote_ufrag)))
        return;
    forget_peer(ice);
    if (!ds_slice_copy(peer->ice_ufrag, ice->remote_ufrag, sizeof ice->remote_ufrag) ||
        !ds_slice_copy(peer->ice_pwd, ice->remote_pwd, sizeof ice->remote_pwd)) {
        forget_peer(ice);
        return;
    }
    ice->controlling = !ice->options.lite && (ice->controlling || peer->ice_lite);
    ds_pairs_form(ice, peer);
    if (!ice->options.lite)
        ds_checks_go(ice);
    ds_checks_early(ice);
}

void ds_ice_meet_plain(struct ds_ice *ice, struct ds_addr peer)
{
    DS_CHECK(ice, DS_ICE_MAGIC);
    if (ice->released || ds_pair_find(ice, true, peer) != NULL)
        return;
    forget_peer(ice);
    struct ds_ice_pair *pair = ds_pair_add(ice, true, peer, 0);
    if (pair == NULL)
        return;
    ds_relay_permit(ice);
    ds_ice_select(ice, pair);
}

/* ---- what is sent ---- */

void ds_ice_say(struct ds_ice *ice, bool relayed, struct ds_addr to)
{
    if (ice->text.broken)
        ds_buf_clean_up(&ice->text); /* as good as lost on the way */
    else if (relayed)
        ds_relay_pass(ice, to, ds_buf_slice(&ice->text));
    else
        ds_udp_send(ice->options.udp, to, ds_buf_slice(&ice->text));
}

static void keep_alive(struct ds_timer *timer)
{
    uint8_t id[DS_STUN_ID_BYTES];
    struct ds_ice *ice = DS_OWNER(timer, struct ds_ice, keep);
    ds_us idle_us = ds_now(ds_ice_clock(ice)) - ice->sent_at;
    if (idle_us >= KEEP_ALIVE_US) {
        ds_ice_new_id(ice, id);
        ice->text.len = 0;
        ds_stun_begin(&ice->text, DS_STUN_INDICATION, DS_STUN_BINDING, id);
        ds_stun_finish(&ice->text);
        ds_ice_say(ice, ice->selected_relayed, ice->selected_remote);
        idle_us = 0;
    }
    ds_ice_start(ice, timer, KEEP_ALIVE_US - idle_us, keep_alive);
}

void ds_ice_select(struct ds_ice *ice, const struct ds_ice_pair *pair)
{
    bool same = ice->selected && ice->selected_relayed == pair->relayed &&
                ds_addr_equal(ice->selected_remote, pair->remote);
    if (same)
        return;
    ice->selected = true;
    ice->selected_relayed = pair->relayed;
    ice->selected_remote = pair->remote;
    ice->sent_at = ds_now(ds_ice_clock(ice));
    if (pair->relayed)
        ds_relay_bind(ice, pair->remote);
    ds_ice_start(ice, &ice->keep, KEEP_ALIVE_US, keep_alive);
    ice->events->selected(ice->owner);
}

bool ds_ice_is_selected(const struct ds_ice *ice)
{
    DS_CHECK(ice, DS_ICE_MAGIC);
    return ice->selected;
}

void ds_ice_send(struct ds_ice *ice, struct ds_slice bytes)
{
    DS_CHECK(ice, DS_ICE_MAGIC);
    if (!ice->selected)
        return;
    ice->sent_at = ds_now(ds_ice_clock(ice));
    if (ice->selected_relayed)
        ds_relay_pass(ice, ice->selected_remote, bytes);
    else
        ds_udp_send(ice->options.udp, ice->selected_remote, bytes);
}

/* ---- what comes ---- */

static void
take_stun(struct ds_ice *ice, const struct ds_stun *msg, bool relayed, struct ds_addr from)
{
    if (msg->kind == DS_STUN_REQUEST && msg->method == DS_STUN_BINDING)
        ds_check_request(ice, msg, relayed, from);
    else if (msg->method == DS_STUN_BINDING && msg->kind != DS_STUN_INDICATION)
        ds_check_response(ice, msg, relayed, from);
}

static void take_relayed(struct ds_ice *ice, struct ds_addr from, struct ds_slice bytes)
{
    struct ds_stun msg;
    if (!ds_stun_looks_like(bytes))
        ice->events->data(ice->owner, from, bytes);
    else if (ds_stun_parse(bytes, &msg, NULL) == DS_OK)
        take_stun(ice, &msg, true, from);
}

bool ds_ice_take(struct ds_ice *ice, struct ds_addr from, struct ds_slice bytes)
{
    DS_CHECK(ice, DS_ICE_MAGIC);
    struct ds_addr peer;
    struct ds_slice data;
    struct ds_stun msg;
    bool by_server = ice->options.server.port != 0 && ds_addr_equal(from, ice->options.server);
    if (ice->released)
        return by_server || ds_stun_looks_like(bytes);
    if (by_server && ds_relay_unwrap(ice, bytes, &peer, &data)) {
        take_relayed(ice, peer, data);
        return true;
    }
    if (!ds_stun_looks_like(bytes))
        return by_server;
    if (ds_stun_parse(bytes, &msg, NULL) == DS_OK && by_server)
        ds_relay_response(ice, &msg);
    else if (ds_stun_parse(bytes, &msg, NULL) == DS_OK)
        take_stun(ice, &msg, false, from);
    return true;
}
