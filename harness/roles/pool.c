#include "admission_internal.h"
#include "missed_internal.h"
#include "pool_internal.h"
#include "waiting_internal.h"

/* The front end pool: registers users, and stays in the path of every call (a proxy that records
   its route). */

static ds_rc pool_start(struct ds_node *node, void *state, struct ds_why *why)
{
    struct ds_pool *pool = state;
    ds_list_init(&pool->bindings);
    ds_list_init(&pool->calls);
    ds_list_init(&pool->mail_calls);
    ds_list_init(&pool->missed);
    return node->topo->admission ? ds_policy_service_new(node, &pool->bandwidth, why) : DS_OK;
}

static void pool_stop(struct ds_node *node, void *state)
{
    struct ds_pool *pool = state;
    (void)node;
    if (pool->bindings.next == NULL)
        return;
    ds_policy_service_free(&pool->bandwidth);
    ds_pool_calls_free(pool);
    ds_pool_mail_free(pool);
    ds_missed_asks_free(&pool->missed);
    ds_pool_bindings_free(pool);
}

static bool is_new_invite(const struct ds_msg *msg)
{
    return ds_msg_method_is(msg, "INVITE") && ds_msg_to_tag(msg).len == 0;
}

/* Whose policy a call goes by: its caller's; of one that a transfer or a conference makes, that of
 * the user who has asked for it. */
static const struct ds_topo_node *
policy_owner(const struct ds_node *node, const struct ds_msg *msg, const struct ds_topo_node *from)
{
    bool for_another =
        from != NULL && (from->role == DS_ROLE_MEDIATION || from->role == DS_ROLE_CONFERENCING);
    if (!for_another)
        return from;
    const struct ds_topo_node *user = ds_node_client_named(node, msg, "Referred-By");
    return user != NULL ? user : from;
}

/* Asked by the name of another element it does not say that it is there (RFC 3261 8.2.2.1). */
static bool is_for_another(const struct ds_node *node, const struct ds_msg *msg)
{
    struct ds_uri uri;
    const struct ds_topo_node *named = ds_uri_parse(ds_msg_request_uri(msg), &uri) == DS_OK
                                           ? ds_topo_by_fqdn(node->topo, uri.host)
                                           : NULL;
    return named != NULL && named != node->place;
}

static bool pool_request(struct ds_node *node,
                         void *state,
                         struct ds_server_txn *txn,
                         const struct ds_msg *msg,
                         const struct ds_hop *from)
{
    struct ds_pool *pool = state;
    struct ds_why why;
    if (txn != NULL && ds_msg_method_is(msg, "REGISTER")) {
        ds_pool_register(node, pool, txn, from);
        return true;
    }
    if (txn != NULL && ds_msg_method_is(msg, "OPTIONS") && is_for_another(node, msg)) {
        ds_ua_reply(node->ua, txn, 404, NULL);
        return true;
    }
    if (txn != NULL && is_new_invite(msg)) {
        const struct ds_topo_node *peer = ds_node_peer(node, from);
        struct ds_pool_routing routing = {.node = node,
                                          .pool = pool,
                                          .txn = txn,
                                          .from = policy_owner(node, msg, peer),
                                          .came_from = peer};
        ds_pool_route(&routing);
        return true;
    }
    if (txn != NULL && ds_msg_to_tag(msg).len == 0 && node->topo->voice_mail.notices &&
        ds_msg_method_is(msg, "SUBSCRIBE") && ds_subscribe_is_for(msg, DS_MESSAGE_SUMMARY)) {
        ds_pool_subscribe_to_mail(node, pool, txn);
        return true;
    }
    if (txn != NULL && ds_msg_to_tag(msg).len == 0)
        return false;
    if (ds_proxy_forward_in_dialog(node->ua, txn, msg, &why) != DS_OK) {
        ds_node_log(node, 1, "cannot pass on %.*s: %s", DS_FMT(ds_msg_method(msg)), why.text);
        if (txn != NULL)
            ds_ua_reply(node->ua, txn, 481, NULL);
    }
    return true;
}

const struct ds_role ds_role_pool = {
    .kind = DS_ROLE_POOL,
    .state_size = sizeof(struct ds_pool),
    .start = pool_start,
    .request = pool_request,
    .stop = pool_stop,
};
