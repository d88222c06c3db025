#include "admission_internal.h"
#include "directory_internal.h"
#include "missed_internal.h"
#include "pool_internal.h"
#include "waiting_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The front end pool: knows where each user signed in, and stays in the path of every call (a proxy
   that records its route). */

static ds_rc pool_start(struct ds_node *node, void *state, struct ds_why *why)
{
    struct ds_pool *pool = state;
    ds_list_init(&pool->bindings);
    ds_list_init(&pool->calls);
    ds_list_init(&pool->mail_calls);
    ds_list_init(&pool->missed);
    return node->topo->admission ? ds_policy_service_new(node, &pool->bandwidth, why) : DS_OK;
}

static void forget(struct ds_binding *binding)
{
    if (binding == NULL)
        return;
    ds_list_remove(&binding->link);
    free(binding);
}

static void pool_stop(struct ds_node *node, void *state)
{
    struct ds_pool *pool = state;
    struct ds_list *next;
    (void)node;
    if (pool->bindings.next == NULL)
        return;
    ds_policy_service_free(&pool->bandwidth);
    ds_pool_calls_free(pool);
    ds_pool_mail_free(pool);
    ds_missed_asks_free(&pool->missed);
    for (struct ds_list *at = pool->bindings.next; at != &pool->bindings; at = next) {
        next = at->next;
        forget(DS_OWNER(at, struct ds_binding, link));
    }
}

const struct ds_binding *ds_pool_binding(const struct ds_pool *pool,
                                         const struct ds_topo_node *user,
                                         const struct ds_binding *after)
{
    struct ds_list *at = after == NULL ? pool->bindings.next : after->link.next;
    for (; at != &pool->bindings; at = at->next) {
        const struct ds_binding *binding = DS_OWNER(at, struct ds_binding, link);
        if (binding->user == user)
            return binding;
    }
    return NULL;
}

/* Who registers. One of the PBX may sign in too, to control a telephone. */
static const struct ds_topo_node *user_of(const struct ds_node *node, const struct ds_msg *msg)
{
    const struct ds_topo_node *user = ds_node_named(node, msg, "To");
    bool is_user = user != NULL && (user->role == DS_ROLE_CLIENT || user->role == DS_ROLE_PHONE);
    return is_user && ds_directory_has_user(node, user) ? user : NULL;
}

/* A client that comes back over another connection has another port, and the name and address it
 * had before. */
static bool same_device(struct ds_slice one, struct ds_slice other)
{
    struct ds_uri a, b;
    return ds_uri_parse(one, &a) == DS_OK && ds_uri_parse(other, &b) == DS_OK &&
           ds_slice_equal(a.user, b.user) && ds_slice_equal_nocase(a.host, b.host);
}

static struct ds_binding *new_binding(struct ds_pool *pool, const struct ds_topo_node *user)
{
    struct ds_binding *binding = calloc(1, sizeof *binding);
    if (binding == NULL)
        return NULL;
    binding->user = user;
    ds_list_append(&pool->bindings, &binding->link);
    return binding;
}

/* The registration that a Contact renews: a user has one for each device (RFC 3261 10.3). */
static struct ds_binding *
find_device(const struct ds_pool *pool, const struct ds_topo_node *user, const struct ds_msg *msg)
{
    struct ds_slice contact = {NULL, 0}, params;
    ds_msg_value(msg, "Contact", 0, &contact);
    contact = ds_value_uri(contact, &params);
    for (struct ds_list *at = pool->bindings.next; at != &pool->bindings; at = at->next) {
        struct ds_binding *binding = DS_OWNER(at, struct ds_binding, link);
        if (binding->user == user && same_device(ds_slice_of(binding->contact), contact))
            return binding;
    }
    return NULL;
}

/* Where calls to this registration go: back over its connection, or through the edge that its Path
 * names. */
static void fill_binding(struct ds_node *node,
                         struct ds_binding *binding,
                         const struct ds_msg *msg,
                         const struct ds_hop *from)
{
    struct ds_slice contact = {NULL, 0}, path, params;
    struct ds_uri uri;
    ds_msg_value(msg, "Contact", 0, &contact);
    ds_slice_copy(ds_value_uri(contact, &params), binding->contact, sizeof binding->contact);
    binding->hop = *from;
    binding->location = ds_topo_location(ds_node_peer(node, from));
    binding->path[0] = '\0';
    if (ds_msg_value(msg, "Path", 0, &path) &&
        ds_uri_parse(ds_value_uri(path, &params), &uri) == DS_OK &&
        ds_node_resolve(node, &uri, &binding->hop))
        ds_slice_copy(path, binding->path, sizeof binding->path);
}

/* RFC 3261 10.2.2 */
static bool signs_out(const struct ds_msg *msg)
{
    struct ds_slice expires;
    return ds_msg_header(msg, "Expires", 0, &expires) &&
           ds_slice_equal(ds_slice_trim(expires), DS_LITERAL("0"));
}

static void sign_in(struct ds_node *node,
                    struct ds_pool *pool,
                    struct ds_server_txn *txn,
                    const struct ds_msg *msg,
                    const struct ds_hop *from)
{
    char headers[400];
    const struct ds_topo_node *user = user_of(node, msg);
    if (user == NULL) {
        ds_ua_reply(node->ua, txn, 404, NULL);
        return;
    }
    struct ds_binding *binding = find_device(pool, user, msg);
    if (signs_out(msg)) {
        forget(binding);
        ds_ua_reply(node->ua, txn, 200, NULL);
        return;
    }
    if (binding == NULL)
        binding = new_binding(pool, user);
    if (binding == NULL) {
        ds_ua_reply(node->ua, txn, 503, NULL);
        return;
    }
    fill_binding(node, binding, msg, from);
    snprintf(headers, sizeof headers, "Contact: <%s>;expires=600\r\n", binding->contact);
    ds_ua_reply(node->ua, txn, 200, headers);
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
        sign_in(node, pool, txn, msg, from);
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
