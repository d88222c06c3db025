#include "roles_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* Which peers are alive at the other end of this element's SIP trunks: domain.md 5.2, RTE-11 …
   RTE-13 of a Mediation Server, PEER-02 of those that poll it. Each is sent OPTIONS every minute;
   five in a row that nobody answers, and it is down until the first 200. */

#define POLL        (60 * DS_S)
#define MOST_MISSES 5

struct ds_peer_health {
    struct ds_node *node;            /* borrowed: outlives us */
    const struct ds_topo_node *peer; /* borrowed */
    struct ds_hop hop;
    struct ds_timer poll;
    unsigned misses; /* in a row */
    bool down;
};

static void see_miss(struct ds_peer_health *health)
{
    unsigned most =
        ds_node_has_defect(health->node, "counts_four_misses_as_down") ? 4 : MOST_MISSES;
    health->misses++;
    ds_node_log(health->node, 2, "%s has not answered %u OPTIONS", health->peer->name,
                health->misses);
    if (health->misses < most || health->down)
        return;
    health->down = true;
    ds_node_log(health->node, 1, "%s is down", health->peer->name);
}

/* Anything it says shows that it lives; only 200 shows that it works again. */
static void on_answer(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_peer_health *health = owner;
    if (msg == NULL) {
        see_miss(health);
        return;
    }
    health->misses = 0;
    if (health->down && status == 200) {
        health->down = false;
        ds_node_log(health->node, 1, "%s is up again", health->peer->name);
    }
}

static void ask(struct ds_peer_health *health)
{
    const struct ds_topo_node *place = health->node->place;
    char uri[160], from[160];
    struct ds_why why;
    snprintf(uri, sizeof uri, "sip:%s:%u;transport=%s", health->peer->fqdn, health->hop.to.port,
             ds_transport_name(health->hop.transport));
    snprintf(from, sizeof from, "sip:%s", place->fqdn);
    const struct ds_plain_request request = {
        .method = "OPTIONS", .uri = uri, .from_uri = from, .hop = &health->hop};
    if (ds_ua_request(health->node->ua, &request, on_answer, health, &why) != DS_OK)
        see_miss(health);
}

static void on_poll(struct ds_timer *timer);

static void wait(struct ds_peer_health *health)
{
    bool rarely = health->down && ds_node_has_defect(health->node, "polls_down_peers_rarely");
    if (ds_timer_start(ds_net_clock(health->node->net), &health->poll, rarely ? 5 * POLL : POLL,
                       on_poll) != DS_OK)
        ds_node_log(health->node, 1, "out of memory: %s is polled no more", health->peer->name);
}

static void on_poll(struct ds_timer *timer)
{
    struct ds_peer_health *health = DS_OWNER(timer, struct ds_peer_health, poll);
    wait(health);
    ask(health);
}

/* ---- life ---- */

/* Who is polled over a trunk: a Mediation Server and its peer poll each other. */
static const struct ds_topo_node *polled(const struct ds_node *node, const struct ds_trunk *trunk)
{
    if (trunk->kind != DS_TRUNK_SIP || trunk->a->role != DS_ROLE_MEDIATION)
        return NULL;
    if (trunk->a == node->place)
        return trunk->defined ? trunk->b : NULL;
    return trunk->b == node->place ? trunk->a : NULL;
}

static size_t count_polled(const struct ds_node *node)
{
    size_t count = 0;
    for (size_t i = 0; i < node->topo->trunk_count; i++)
        count += polled(node, &node->topo->trunks[i]) != NULL;
    return count;
}

static void watch(struct ds_node *node, const struct ds_trunk *trunk)
{
    struct ds_peer_health *health = &node->health.peers[node->health.count++];
    health->node = node;
    health->peer = polled(node, trunk);
    health->hop = ds_node_hop(health->peer, trunk->transport,
                              trunk->a == health->peer ? trunk->a_port : trunk->b_port);
    wait(health);
}

ds_rc ds_trunk_health_start(struct ds_node *node, struct ds_why *why)
{
    const struct ds_topo *topo = node->topo;
    size_t count = count_polled(node);
    if (count == 0)
        return DS_OK;
    node->health.peers = calloc(count, sizeof *node->health.peers);
    if (node->health.peers == NULL)
        return ds_fail_memory(why);
    for (size_t i = 0; i < topo->trunk_count; i++)
        if (polled(node, &topo->trunks[i]) != NULL)
            watch(node, &topo->trunks[i]);
    return DS_OK;
}

void ds_trunk_health_stop(struct ds_node *node)
{
    for (size_t i = 0; i < node->health.count; i++)
        ds_timer_stop(ds_net_clock(node->net), &node->health.peers[i].poll);
    free(node->health.peers);
    node->health = (struct ds_trunk_health){.peers = NULL};
}

bool ds_trunk_is_down(const struct ds_node *node, const struct ds_topo_node *peer)
{
    for (size_t i = 0; i < node->health.count; i++)
        if (node->health.peers[i].peer == peer && node->health.peers[i].down)
            return !ds_node_has_defect(node, "ignores_lost_options");
    return false;
}
