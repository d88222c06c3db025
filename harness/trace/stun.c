#include "trace_internal.h"

#include "stun.h"

#include <stdlib.h>
#include <string.h>

/* STUN, and TURN around what a relay passes on: taken off here, so that audio on the way to a TURN
 * server is a flow like any other, between its client and the relayed address. Every message is
 * kept for the checks, those inside a relay's frame too. */

#define MOST_CLIENTS      4096
#define MOST_MESSAGES     262144
#define MOST_PENDING      8
#define MOST_PEERS        32
#define MOST_NESTED       2
#define PERMISSION_US     (300 * DS_TRACE_S)  /* RFC 8656 9 */
#define ALLOCATION_US     (3600 * DS_TRACE_S) /* the longest that is granted: RFC 8656 7.2 */
#define DEFAULT_TURN_PORT DS_STUN_PORT

/* A request whose answer will tell whether it counts. */
struct pending {
    uint8_t id[DS_STUN_ID_BYTES];
    uint16_t method, channel;
    struct ds_addr peers[DS_STUN_MOST_UNKNOWN];
    size_t peer_count;
};

/* A peer that the client may be sent from. */
struct permitted {
    struct ds_addr peer; /* the port only where a channel is bound to it */
    uint16_t channel;    /* 0: none */
    int64_t at;
};

/* A client of a TURN server, and what it has been granted there. */
struct turn_client {
    struct ds_trace_way way; /* from client to server */
    struct ds_addr relayed;  /* port 0: the capture does not tell */
    struct pending pending[MOST_PENDING];
    size_t next_pending;
    struct permitted permitted[MOST_PEERS];
    size_t permitted_count;
    int64_t last_at; /* when it was looked for last */
};

struct ds_trace_stun {
    struct ds_trace_store clients;  /* of struct turn_client */
    struct ds_trace_array messages; /* of struct ds_stun_seen, of the part */
};

static struct ds_trace_stun *stun_of(struct ds_reading *reading)
{
    if (reading->stun == NULL)
        reading->stun = calloc(1, sizeof *reading->stun);
    reading->out_of_memory = reading->out_of_memory || reading->stun == NULL;
    return reading->stun;
}

/* ---- clients of a server ---- */

static struct turn_client *
find_client(const struct ds_reading *reading, struct ds_addr client, struct ds_addr server)
{
    const struct ds_trace_way way = {client, server};
    return reading->stun == NULL ? NULL : ds_trace_store_get(&reading->stun->clients, DS_KEY(way));
}

static struct turn_client *client_of(struct ds_reading *reading, const struct ds_trace_way *way)
{
    struct turn_client *known = find_client(reading, way->from, way->to);
    struct ds_trace_stun *stun = stun_of(reading);
    if (known != NULL || stun == NULL || stun->clients.items.count >= MOST_CLIENTS)
        return known;
    known = ds_trace_store_add(reading, &stun->clients, DS_KEY(*way), sizeof *known);
    if (known != NULL)
        known->last_at = reading->now.at;
    return known;
}

static bool is_permitted(const struct ds_reading *reading,
                         const struct turn_client *client,
                         struct ds_addr peer)
{
    for (size_t i = 0; i < client->permitted_count; i++)
        if (ds_addr_same_ip(client->permitted[i].peer, peer) &&
            reading->now.at - client->permitted[i].at <= PERMISSION_US)
            return true;
    return false;
}

static const struct permitted *bound_to(const struct turn_client *client, uint16_t channel)
{
    for (size_t i = client->permitted_count; i > 0; i--)
        if (client->permitted[i - 1].channel == channel)
            return &client->permitted[i - 1];
    return NULL;
}

static void permit(struct turn_client *client, struct ds_addr peer, uint16_t channel, int64_t at)
{
    for (size_t i = 0; i < client->permitted_count; i++) {
        struct permitted *known = &client->permitted[i];
        if (known->channel != channel || !ds_addr_same_ip(known->peer, peer))
            continue;
        *known = (struct permitted){peer, channel, at};
        return;
    }
    if (client->permitted_count < MOST_PEERS)
        client->permitted[client->permitted_count++] = (struct permitted){peer, channel, at};
}

/* ---- what is asked of a server, and granted ---- */

static bool asks_for_peers(uint16_t method)
{
    return method == DS_STUN_CREATE_PERMISSION || method == DS_STUN_CHANNEL_BIND;
}

static void ask(struct turn_client *client, const struct ds_stun *msg)
{
    struct pending *pending = &client->pending[client->next_pending++ % MOST_PENDING];
    *pending = (struct pending){.method = msg->method};
    memcpy(pending->id, msg->id, sizeof msg->id);
    while (pending->peer_count < DS_COUNT(pending->peers) &&
           ds_stun_address(msg, DS_STUN_XOR_PEER_ADDRESS, pending->peer_count,
                           &pending->peers[pending->peer_count]))
        pending->peer_count++;
    if (msg->method != DS_STUN_CHANNEL_BIND || !ds_stun_channel(msg, &pending->channel))
        pending->channel = 0;
}

static void grant(struct ds_reading *reading, struct turn_client *client, const struct ds_stun *msg)
{
    for (size_t i = 0; i < MOST_PENDING; i++) {
        struct pending *pending = &client->pending[i];
        if (pending->method != msg->method || memcmp(pending->id, msg->id, sizeof msg->id) != 0)
            continue;
        for (size_t peer = 0; peer < pending->peer_count; peer++)
            permit(client, pending->peers[peer], pending->channel, reading->now.at);
        pending->method = 0;
    }
}

static void
note_turn(struct ds_reading *reading, const struct ds_trace_way *way, const struct ds_stun *msg)
{
    const struct ds_trace_way back = {way->to, way->from};
    struct turn_client *client;
    if (msg->kind == DS_STUN_REQUEST && asks_for_peers(msg->method)) {
        client = client_of(reading, way);
        if (client != NULL)
            ask(client, msg);
    } else if (msg->kind == DS_STUN_SUCCESS && msg->method == DS_STUN_ALLOCATE) {
        client = client_of(reading, &back);
        if (client == NULL ||
            !ds_stun_address(msg, DS_STUN_XOR_RELAYED_ADDRESS, 0, &client->relayed))
            return;
        client->permitted_count = 0; /* a new allocation knows nobody */
    } else if (msg->kind == DS_STUN_SUCCESS && asks_for_peers(msg->method)) {
        client = find_client(reading, way->to, way->from);
        if (client != NULL)
            grant(reading, client, msg);
    }
}

/* ---- what is kept ---- */

static struct ds_stun_seen *keep(struct ds_reading *reading, const struct ds_trace_way *way)
{
    struct ds_trace_stun *stun = stun_of(reading);
    const struct ds_trace *trace = reading->trace;
    if (stun == NULL || stun->messages.count >= MOST_MESSAGES)
        return NULL;
    struct ds_stun_seen *seen = ds_trace_array_add(&stun->messages, sizeof *seen);
    if (seen == NULL) {
        reading->out_of_memory = true;
        return NULL;
    }
    *seen = (struct ds_stun_seen){
        .frame = reading->now.frame, .at = reading->now.at, .from = way->from, .to = way->to};
    if (trace->topo != NULL) {
        seen->from_node = ds_topo_at(trace->topo, way->from);
        seen->to_node = ds_topo_at(trace->topo, way->to);
    }
    return seen;
}

static void keep_message(struct ds_reading *reading,
                         const struct ds_trace_way *way,
                         const struct ds_stun *msg,
                         bool inside)
{
    struct ds_slice ignored;
    struct ds_stun_seen *seen = keep(reading, way);
    if (seen == NULL)
        return;
    seen->kind = (enum ds_stun_seen_kind)msg->kind;
    seen->method = msg->method;
    seen->method_name = ds_stun_method_name(msg->method);
    seen->status = ds_stun_error(msg);
    seen->inside = inside;
    seen->is_signed = msg->integrity_at != 0;
    seen->nominates = ds_stun_value(msg, DS_STUN_USE_CANDIDATE, &ignored);
    if (!ds_stun_address(msg, DS_STUN_XOR_RELAYED_ADDRESS, 0, &seen->relayed))
        seen->relayed.port = 0;
    ds_trace_admission(reading, msg, &seen->admission);
    memcpy(seen->id, msg->id, sizeof seen->id);
}

/* The first that a server passed on for whom its client had not asked. */
static void
note_unasked(struct ds_reading *reading, const struct ds_trace_way *way, struct ds_addr peer)
{
    struct ds_stun_seen *seen = keep(reading, way);
    if (seen == NULL)
        return;
    seen->kind = DS_SEEN_UNASKED;
    seen->method_name = "";
    seen->relayed = peer;
}

/* ---- taking the frame off ---- */

/* What a relay's frame holds; `*peer` stays where the capture does not tell whose it is. */
static bool open_frame(const struct turn_client *client,
                       struct ds_slice bytes,
                       struct ds_addr *peer,
                       struct ds_slice *data)
{
    struct ds_stun_channel_data framed;
    struct ds_stun msg;
    if (ds_stun_channel_parse(bytes, &framed) == DS_OK) {
        const struct permitted *bound = client == NULL ? NULL : bound_to(client, framed.channel);
        if (bound != NULL)
            *peer = bound->peer;
        *data = framed.data;
        return true;
    }
    return ds_stun_parse(bytes, &msg, NULL) == DS_OK && msg.kind == DS_STUN_INDICATION &&
           (msg.method == DS_STUN_SEND || msg.method == DS_STUN_DATA) &&
           ds_stun_address(&msg, DS_STUN_XOR_PEER_ADDRESS, 0, peer) &&
           ds_stun_value(&msg, DS_STUN_PAYLOAD, data);
}

static bool is_turn(const struct turn_client *client, const struct ds_trace_way *way)
{
    return client != NULL || way->from.port == DEFAULT_TURN_PORT ||
           way->to.port == DEFAULT_TURN_PORT;
}

/* Data on its way between a client and a server becomes data between the client and its relayed
 * address, where the capture tells that address. */
static bool take_off(struct ds_reading *reading, struct ds_trace_way *way, struct ds_slice *bytes)
{
    struct turn_client *sends = find_client(reading, way->from, way->to);
    struct turn_client *hears = sends == NULL ? find_client(reading, way->to, way->from) : NULL;
    struct turn_client *client = sends != NULL ? sends : hears;
    struct ds_addr peer = {.port = 0};
    if (client != NULL)
        client->last_at = reading->now.at;
    if (!is_turn(client, way) || !open_frame(client, *bytes, &peer, bytes))
        return false;
    /* Where the allocation was captured, so was what was permitted since. */
    bool known = hears != NULL && hears->relayed.port != 0 && peer.port != 0;
    if (known && !is_permitted(reading, hears, peer))
        note_unasked(reading, way, peer);
    if (client != NULL && client->relayed.port != 0)
        *(sends != NULL ? &way->to : &way->from) = client->relayed;
    return true;
}

bool ds_trace_stun(struct ds_reading *reading, struct ds_trace_way *way, struct ds_slice *bytes)
{
    struct ds_stun msg;
    bool inside = false;
    for (size_t depth = 0; depth < MOST_NESTED && take_off(reading, way, bytes); depth++)
        inside = true;
    if (!ds_stun_looks_like(*bytes) || ds_stun_parse(*bytes, &msg, NULL) != DS_OK)
        return false;
    note_turn(reading, way, &msg);
    keep_message(reading, way, &msg, inside);
    return true;
}

/* ---- from part to part ---- */

void ds_trace_stun_publish(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    struct ds_trace_stun *stun = reading->stun;
    if (stun == NULL)
        return;
    trace->stuns = ds_reading_alloc(reading, stun->messages.count * sizeof *trace->stuns);
    if (trace->stuns == NULL)
        return;
    trace->stun_count = stun->messages.count;
    if (trace->stun_count > 0)
        memcpy(trace->stuns, stun->messages.at, trace->stun_count * sizeof *trace->stuns);
    stun->messages.count = 0;
}

static bool goes_on(struct ds_reading *reading, void *item)
{
    const struct turn_client *client = item;
    return !ds_trace_is_quiet(reading, client->last_at, ALLOCATION_US);
}

void ds_trace_stun_sweep(struct ds_reading *reading)
{
    if (reading->stun != NULL)
        ds_trace_store_sweep(reading, &reading->stun->clients, goes_on);
}

void ds_trace_stun_clean_up(struct ds_trace_stun *stun)
{
    if (stun == NULL)
        return;
    ds_trace_store_clean_up(&stun->clients);
    ds_trace_array_clean_up(&stun->messages);
    free(stun);
}
