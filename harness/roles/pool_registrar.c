#include "directory_internal.h"
#include "pool_internal.h"
#include "registration_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* The pool as registrar (RFC 3261 10.3): where each user is signed in, and for how long. */

static void forget(struct ds_binding *binding)
{
    if (binding == NULL)
        return;
    ds_timer_stop(ds_net_clock(binding->node->net), &binding->lapses);
    ds_list_remove(&binding->link);
    free(binding);
}

void ds_pool_bindings_free(struct ds_pool *pool)
{
    struct ds_list *next;
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

static struct ds_binding *
new_binding(struct ds_node *node, struct ds_pool *pool, const struct ds_topo_node *user)
{
    struct ds_binding *binding = calloc(1, sizeof *binding);
    if (binding == NULL)
        return NULL;
    binding->node = node;
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
        if (binding->user == user &&
            ds_registration_is_same(ds_slice_of(binding->contact), contact))
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

/* What a REGISTER asks for; 0: its sender signs out (RFC 3261 10.2.2). */
static uint32_t asked_s(const struct ds_msg *msg)
{
    struct ds_slice contact = {NULL, 0}, params = {NULL, 0};
    if (ds_msg_value(msg, "Contact", 0, &contact))
        (void)ds_value_uri(contact, &params);
    return ds_registration_expires(msg, params, DS_REGISTRATION_S);
}

static void nobody_renews(struct ds_timer *timer)
{
    struct ds_binding *binding = DS_OWNER(timer, struct ds_binding, lapses);
    ds_node_log(binding->node, 2, "%s is not signed in at %s any more", binding->user->name,
                binding->contact);
    if (!ds_node_has_defect(binding->node, "keeps_registrations"))
        forget(binding);
}

static bool keep_for(struct ds_binding *binding, uint32_t lasts_s)
{
    struct ds_node *node = binding->node;
    binding->lapses.whose = ds_addr_ip4(&node->place->at);
    return ds_timer_start(ds_net_clock(node->net), &binding->lapses, lasts_s * DS_S,
                          nobody_renews) == DS_OK;
}

static void sign_out(struct ds_node *node, struct ds_server_txn *txn, struct ds_binding *binding)
{
    if (!ds_node_has_defect(node, "rings_who_signed_out"))
        forget(binding);
    ds_ua_reply(node->ua, txn, 200, NULL);
}

void ds_pool_register(struct ds_node *node,
                      struct ds_pool *pool,
                      struct ds_server_txn *txn,
                      const struct ds_hop *from)
{
    char headers[400];
    const struct ds_msg *msg = ds_server_txn_request(txn);
    const struct ds_topo_node *user = user_of(node, msg);
    if (user == NULL) {
        ds_ua_reply(node->ua, txn, 404, NULL);
        return;
    }
    uint32_t lasts_s = asked_s(msg);
    struct ds_binding *binding = find_device(pool, user, msg);
    if (lasts_s == 0) {
        sign_out(node, txn, binding);
        return;
    }
    if (binding == NULL)
        binding = new_binding(node, pool, user);
    if (binding == NULL || !keep_for(binding, lasts_s)) {
        forget(binding);
        ds_ua_reply(node->ua, txn, 503, NULL);
        return;
    }
    fill_binding(node, binding, msg, from);
    snprintf(headers, sizeof headers, "Contact: <%s>;expires=%u\r\n", binding->contact,
             (unsigned)lasts_s);
    ds_ua_reply(node->ua, txn, 200, headers);
}
