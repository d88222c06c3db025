#include "turn_internal.h"

#include <stdlib.h>

/* An allocation: its life, its permissions and channels, and what peers send to it. */

#define PERMISSION_US (300 * DS_S) /* RFC 8656 9 */
#define CHANNEL_US    (600 * DS_S) /* RFC 8656 12 */
#define MOST_TRIES    512

struct ds_turn_allocation *ds_turn_find(const struct ds_turn *turn, struct ds_addr client)
{
    for (struct ds_list *at = turn->allocations.next; at != &turn->allocations; at = at->next) {
        struct ds_turn_allocation *allocation = DS_OWNER(at, struct ds_turn_allocation, link);
        if (ds_addr_equal(allocation->client, client))
            return allocation;
    }
    return NULL;
}

/* ---- permissions and channels ---- */

/* The place of a peer's permission, live or over; the count where it has none. */
static size_t find_permission(const struct ds_turn_allocation *allocation, struct ds_addr peer)
{
    size_t at = 0;
    while (at < allocation->permission_count &&
           !ds_addr_same_ip(allocation->permissions[at].peer, peer))
        at++;
    return at;
}

bool ds_turn_may(const struct ds_turn_allocation *allocation, struct ds_addr peer)
{
    size_t at = find_permission(allocation, peer);
    return at < allocation->permission_count &&
           allocation->permissions[at].until > ds_turn_now(allocation->turn);
}

/* The place of a permission that is over, or a new one. */
static struct ds_turn_permission *room_for_permission(struct ds_turn_allocation *allocation)
{
    for (size_t i = 0; i < allocation->permission_count; i++)
        if (allocation->permissions[i].until <= ds_turn_now(allocation->turn))
            return &allocation->permissions[i];
    if (allocation->permission_count == DS_TURN_MOST_PERMISSIONS)
        return NULL;
    return &allocation->permissions[allocation->permission_count++];
}

bool ds_turn_permit(struct ds_turn_allocation *allocation, struct ds_addr peer)
{
    size_t at = find_permission(allocation, peer);
    struct ds_turn_permission *permission = at < allocation->permission_count
                                                ? &allocation->permissions[at]
                                                : room_for_permission(allocation);
    if (permission == NULL)
        return false;
    *permission = (struct ds_turn_permission){peer, ds_turn_now(allocation->turn) + PERMISSION_US};
    return true;
}

static bool is_bound(const struct ds_turn_allocation *allocation,
                     const struct ds_turn_channel *channel)
{
    return channel->number != 0 && channel->until > ds_turn_now(allocation->turn);
}

struct ds_turn_channel *ds_turn_channel_to(struct ds_turn_allocation *allocation,
                                           struct ds_addr peer)
{
    for (size_t i = 0; i < DS_TURN_MOST_CHANNELS; i++) {
        struct ds_turn_channel *channel = &allocation->channels[i];
        if (is_bound(allocation, channel) && ds_addr_equal(channel->peer, peer))
            return channel;
    }
    return NULL;
}

struct ds_turn_channel *ds_turn_channel_of(struct ds_turn_allocation *allocation, uint16_t number)
{
    for (size_t i = 0; i < DS_TURN_MOST_CHANNELS; i++) {
        struct ds_turn_channel *channel = &allocation->channels[i];
        if (is_bound(allocation, channel) && channel->number == number)
            return channel;
    }
    return NULL;
}

bool ds_turn_bind(struct ds_turn_allocation *allocation, uint16_t number, struct ds_addr peer)
{
    struct ds_turn_channel *channel = ds_turn_channel_of(allocation, number);
    for (size_t i = 0; i < DS_TURN_MOST_CHANNELS && channel == NULL; i++)
        if (!is_bound(allocation, &allocation->channels[i]))
            channel = &allocation->channels[i];
    if (channel == NULL)
        return false;
    *channel = (struct ds_turn_channel){number, peer, ds_turn_now(allocation->turn) + CHANNEL_US};
    return true;
}

/* ---- what a peer sends ---- */

static void wrap(struct ds_turn_allocation *allocation, struct ds_addr peer, struct ds_slice data)
{
    uint8_t id[DS_STUN_ID_BYTES];
    struct ds_turn *turn = allocation->turn;
    const struct ds_turn_channel *channel = ds_turn_channel_to(allocation, peer);
    turn->text.len = 0;
    if (channel != NULL) {
        ds_stun_channel_write(&turn->text, channel->number, data);
        return;
    }
    for (size_t i = 0; i < sizeof id; i++)
        id[i] = (uint8_t)ds_rng_next(turn->options.rng);
    ds_stun_begin(&turn->text, DS_STUN_INDICATION, DS_STUN_DATA, id);
    ds_stun_put_address(&turn->text, DS_STUN_XOR_PEER_ADDRESS, peer);
    ds_stun_put(&turn->text, DS_STUN_PAYLOAD, data);
}

#define MOST_DATA 60000

static void take_from_peer(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ds_turn_allocation *allocation = owner;
    struct ds_turn *turn = allocation->turn;
    bool may = ds_turn_may(allocation, from) || turn->options.flaws.forwards_unasked;
    if (!may || bytes.len > MOST_DATA)
        return;
    wrap(allocation, from, bytes);
    if (turn->text.broken)
        ds_buf_clean_up(&turn->text);
    else
        ds_udp_send(turn->udp, allocation->client, ds_buf_slice(&turn->text));
}

/* ---- life ---- */

static ds_rc open_relayed(struct ds_turn_allocation *allocation)
{
    const struct ds_turn_options *options = &allocation->turn->options;
    uint32_t pairs = (options->last_port - options->first_port + 1u) / 2;
    uint32_t start = (uint32_t)ds_rng_below(options->rng, pairs);
    struct ds_addr at = options->relay_at;
    ds_rc rc = DS_IO;
    for (uint32_t i = 0; i < pairs && i < MOST_TRIES && rc == DS_IO; i++) {
        at.port = (uint16_t)(options->first_port + 2 * ((start + i) % pairs));
        rc = ds_udp_open(options->net, at, take_from_peer, allocation, &allocation->relayed, NULL);
    }
    return rc;
}

int ds_turn_allocate(struct ds_turn *turn, struct ds_addr client, struct ds_turn_allocation **out)
{
    if (ds_turn_allocations(turn) >= turn->options.most_allocations)
        return 486;
    struct ds_turn_allocation *allocation = calloc(1, sizeof *allocation);
    if (allocation == NULL)
        return 508;
    allocation->turn = turn;
    allocation->client = client;
    if (open_relayed(allocation) != DS_OK) {
        free(allocation);
        return 508;
    }
    ds_list_append(&turn->allocations, &allocation->link);
    *out = allocation;
    return 0;
}

void ds_turn_end(struct ds_turn_allocation *allocation)
{
    ds_list_remove(&allocation->link);
    ds_timer_stop(ds_net_clock(allocation->turn->options.net), &allocation->expiry);
    ds_udp_close(&allocation->relayed);
    free(allocation);
}

static void expire(struct ds_timer *timer)
{
    ds_turn_end(DS_OWNER(timer, struct ds_turn_allocation, expiry));
}

void ds_turn_live(struct ds_turn_allocation *allocation, uint32_t lifetime_s)
{
    struct ds_clock *clock = ds_net_clock(allocation->turn->options.net);
    allocation->lifetime_s = lifetime_s;
    allocation->expiry.whose = ds_addr_ip4(&allocation->turn->options.relay_at);
    /* Without memory for its timer it lives until it is given back, or the server ends. */
    if (ds_timer_start(clock, &allocation->expiry, lifetime_s * DS_S, expire) != DS_OK)
        ds_timer_stop(clock, &allocation->expiry);
}
