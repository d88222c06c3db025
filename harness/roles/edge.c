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

static bool came_from_inside(const struct ds_node *node, const struct ds_hop *from)
{
    return ds_addr_same_ip(from->to, node->place->home->at);
}

/* Something new from outside: to the pool, through us on the way back. */
static void pass_inside(struct ds_node *node, struct ds_server_txn *txn, const struct ds_msg *msg)
{
    char self[192], path[208];
    struct ds_why why;
    snprintf(self, sizeof self, "<sip:%s:%u;transport=tls;lr>", node->place->fqdn,
             ds_topo_port(node->place, DS_TLS));
    snprintf(path, sizeof path, "Path: %s\r\n", self);
    bool registers = ds_msg_method_is(msg, "REGISTER");
    const struct ds_proxying how = {
        .record_route = registers ? NULL : self,
        .extra_headers = registers ? path : NULL,
        .hop = ds_node_hop(node->place->home, DS_TLS, 0),
    };
    if (ds_proxy_forward(node->ua, txn, &how, NULL, node, &why) != DS_OK) {
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
            pass_inside(node, txn, msg);
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
