#include "proxy.h"
#include "roles_internal.h"
#include "turn.h"

#include <stdio.h>

/* The Edge: remote workers' only way in. The Access Edge is a proxy that stays in the path of their
   calls and, by Path (RFC 3327), in the way to their clients; the A/V Edge, where there is one, a
   TURN server between its public address and its inner one. */

struct edge {
    struct ds_turn *av;    /* owned; NULL: none */
    struct ds_turn *inner; /* owned; for those inside who go over the Internet; NULL: none */
};

/* MED-15; each of our calls takes one allocation for each end outside. */
#define FIRST_RELAYED    50000
#define LAST_RELAYED     59999
#define MOST_ALLOCATIONS 256

/* A TURN server at one side that gives out addresses at the other. */
static ds_rc open_turn(struct ds_node *node,
                       struct ds_addr at,
                       struct ds_addr relay_at,
                       struct ds_turn **out,
                       struct ds_why *why)
{
    const struct ds_topo_node *place = node->place;
    bool low = ds_node_has_defect(node, "low_relayed_ports");
    const struct ds_turn_options options = {
        .net = node->net,
        .rng = node->rng,
        .at = at,
        .relay_at = relay_at,
        .first_port = low ? 30000 : FIRST_RELAYED,
        .last_port = low ? 39999 : LAST_RELAYED,
        .realm = node->topo->domain,
        .user = place->av_user,
        .password = place->av_password,
        .most_allocations = MOST_ALLOCATIONS,
        .flaws = {.trusts_anybody = ds_node_has_defect(node, "trusts_anybody"),
                  .forwards_unasked = ds_node_has_defect(node, "forwards_unasked")},
    };
    return ds_turn_new(&options, out, why);
}

static ds_rc edge_start(struct ds_node *node, void *state, struct ds_why *why)
{
    struct edge *edge = state;
    const struct ds_topo_node *place = node->place;
    struct ds_addr inner = place->at;
    inner.port = place->av.port;
    if (place->av.port == 0 || place->av_real)
        return DS_OK;
    ds_rc rc = open_turn(node, place->av, place->at, &edge->av, why);
    if (rc == DS_OK && node->topo->admission && node->topo->internet_path)
        rc = open_turn(node, inner, place->av, &edge->inner, why);
    return rc;
}

static void edge_stop(struct ds_node *node, void *state)
{
    struct edge *edge = state;
    (void)node;
    ds_turn_free(&edge->av);
    ds_turn_free(&edge->inner);
}

/* ---- the next hop ---- */

ds_rc ds_node_set_next_hop(struct ds_node *node,
                           const struct ds_topo_node *pool,
                           struct ds_why *why)
{
    if (node->place->role != DS_ROLE_EDGE)
        return ds_fail(why, DS_STATE,
                       "only an edge has a next hop that can be set, and '%s' is of role %s",
                       node->place->name, ds_role_name(node->place->role));
    if (pool->role != DS_ROLE_POOL)
        return ds_fail(why, DS_STATE, "the next hop of an edge is a pool, and '%s' is of role %s",
                       pool->name, ds_role_name(pool->role));
    node->next_hop = pool;
    ds_node_log(node, 2, "the next hop is %s", pool->name);
    return DS_OK;
}

/* One pool at a time: an Edge does not look for another by itself ([FOP]). */
static const struct ds_topo_node *next_hop(const struct ds_node *node)
{
    return node->next_hop != NULL ? node->next_hop : node->place->home;
}

static bool came_from_inside(const struct ds_node *node, const struct ds_hop *from)
{
    const struct ds_topo_node *peer = ds_node_peer(node, from);
    return peer != NULL && peer->role == DS_ROLE_POOL;
}

static ds_rc pass_to(struct ds_node *node,
                     struct ds_server_txn *txn,
                     const struct ds_topo_node *pool,
                     const struct ds_proxy_events *events,
                     struct ds_why *why)
{
    char self[192], path[208];
    snprintf(self, sizeof self, "<sip:%s:%u;transport=tls;lr>", node->place->fqdn,
             ds_topo_port(node->place, DS_TLS));
    snprintf(path, sizeof path, "Path: %s\r\n", self);
    bool registers = ds_msg_method_is(ds_server_txn_request(txn), "REGISTER");
    const struct ds_proxying how = {
        .record_route = registers ? NULL : self,
        .extra_headers = registers ? path : NULL,
        .hop = ds_node_hop(pool, DS_TLS, 0),
    };
    return ds_proxy_forward(node->ua, txn, &how, events, node, why);
}

/* A defect: where the next hop does not take it, its backup is asked. */
static bool ask_backup(void *owner, struct ds_server_txn *txn, int status, const struct ds_msg *msg)
{
    struct ds_node *node = owner;
    struct ds_why why;
    const struct ds_topo_node *backup = next_hop(node)->backup;
    (void)msg;
    bool failed = status == 408 || status >= 500;
    return failed && backup != NULL && pass_to(node, txn, backup, NULL, &why) == DS_OK;
}

/* Something new from outside: to the pool, through us on the way back. */
static void pass_inside(struct ds_node *node, struct ds_server_txn *txn)
{
    static const struct ds_proxy_events hunts = {.failed = ask_backup};
    struct ds_why why;
    bool hunting = ds_node_has_defect(node, "hunts_for_a_pool");
    if (pass_to(node, txn, next_hop(node), hunting ? &hunts : NULL, &why) != DS_OK) {
        ds_node_log(node, 1, "cannot reach the pool: %s", why.text);
        ds_ua_reply(node->ua, txn, 503, NULL);
    }
}

/* A new call to a client of ours: the Request-URI names its connection; our own Route is taken off.
 */
static void pass_outside(struct ds_node *node, struct ds_server_txn *txn, const struct ds_msg *msg)
{
    char self[192];
    struct ds_uri uri;
    struct ds_why why;
    struct ds_proxying how = {.record_route = self};
    snprintf(self, sizeof self, "<sip:%s:%u;transport=tls;lr>", node->place->fqdn,
             ds_topo_port(node->place, DS_TLS));
    if (ds_uri_parse(ds_msg_request_uri(msg), &uri) != DS_OK ||
        !ds_node_resolve(node, &uri, &how.hop) ||
        ds_proxy_forward(node->ua, txn, &how, NULL, node, &why) != DS_OK)
        ds_ua_reply(node->ua, txn, 404, NULL);
}

static bool edge_request(struct ds_node *node,
                         void *state,
                         struct ds_server_txn *txn,
                         const struct ds_msg *msg,
                         const struct ds_hop *from)
{
    struct ds_why why;
    (void)state;
    if (txn != NULL && ds_msg_to_tag(msg).len == 0) {
        if (came_from_inside(node, from))
            pass_outside(node, txn, msg);
        else
            pass_inside(node, txn);
        return true;
    }
    if (ds_proxy_forward_in_dialog(node->ua, txn, msg, &why) != DS_OK && txn != NULL)
        ds_ua_reply(node->ua, txn, 481, NULL);
    return true;
}

const struct ds_role ds_role_edge = {
    .kind = DS_ROLE_EDGE,
    .state_size = sizeof(struct edge),
    .start = edge_start,
    .stop = edge_stop,
    .request = edge_request,
};
