#include "directory_internal.h"
#include "pool_internal.h"

#include <stdio.h>
#include <string.h>

void ds_pool_refuse(struct ds_pool_routing *routing, int status, int id, const char *reason)
{
    const struct ds_node *node = routing->node;
    if (ds_node_has_defect(node, "bare_diagnostics"))
        snprintf(routing->headers, sizeof routing->headers, "ms-diagnostics: %d %s\r\n", id,
                 reason);
    else
        ds_node_diagnose(node, id, reason, routing->headers, sizeof routing->headers);
    ds_node_log(node, 1, "%s: %s", routing->number, reason);
    ds_ua_reply(node->ua, routing->txn, status, routing->headers);
}

static ds_rc forward(struct ds_pool_routing *routing, struct ds_proxying *how, struct ds_why *why)
{
    struct ds_buf headers = {.at = NULL};
    ds_buf_text(&headers, how->extra_headers);
    ds_pool_history(routing, &headers);
    how->extra_headers = headers.at;
    ds_rc rc = headers.broken ? ds_fail_memory(why)
                              : ds_proxy_forward(routing->node->ua, routing->txn, how,
                                                 &routing->events, routing->branch_owner, why);
    ds_buf_clean_up(&headers);
    return rc;
}

bool ds_pool_forward(struct ds_pool_routing *routing, struct ds_proxying *how)
{
    struct ds_node *node = routing->node;
    struct ds_why why;
    if (!ds_node_has_defect(node, "strips_record_route")) {
        snprintf(routing->record_route, sizeof routing->record_route,
                 "<sip:%s:%u;transport=tls;lr>", node->place->fqdn,
                 ds_topo_port(node->place, DS_TLS));
        how->record_route = routing->record_route;
    }
    if (forward(routing, how, &why) == DS_OK)
        return true;
    ds_node_log(node, 1, "cannot pass the call on: %s", why.text);
    return false;
}

static void send_on(struct ds_pool_routing *routing, struct ds_proxying *how)
{
    if (!ds_pool_forward(routing, how))
        ds_ua_reply(routing->node->ua, routing->txn, 503, NULL);
}

const struct ds_topo_node *ds_pool_calling_user(const struct ds_pool_routing *routing)
{
    return ds_node_client_named(routing->node, ds_server_txn_request(routing->txn), "From");
}

/* The Mediation Server makes its From of the tel uri. */
const char *ds_pool_identity(struct ds_pool_routing *routing, const char *instead)
{
    struct ds_slice value;
    const struct ds_topo_node *caller = ds_pool_calling_user(routing);
    if (instead != NULL) {
        snprintf(routing->headers, sizeof routing->headers, "P-Asserted-Identity: <tel:%s>\r\n",
                 instead);
        return routing->headers;
    }
    if (caller == NULL ||
        ds_msg_header(ds_server_txn_request(routing->txn), "P-Asserted-Identity", 0, &value))
        return NULL;
    bool anew =
        caller->moves_from != NULL && ds_node_has_defect(routing->node, "gives_new_numbers");
    snprintf(routing->headers, sizeof routing->headers,
             "P-Asserted-Identity: <sip:%s@%s>,<tel:%s%s>\r\n", caller->name,
             routing->node->topo->domain, caller->number, anew ? "0" : "");
    return routing->headers;
}

/* The Mediation Server's inner port is documented as 5070 (TOPO-12). */
struct ds_hop ds_pool_hop_to(const struct ds_node *node, const struct ds_topo_node *next)
{
    if (next->role == DS_ROLE_MEDIATION && ds_node_has_defect(node, "plain_to_mediation"))
        return ds_node_hop(next, DS_TCP, 0);
    if (next->role == DS_ROLE_MEDIATION)
        return ds_node_hop(next, DS_TLS, 0);
    const struct ds_trunk *trunk = ds_topo_peer_trunk(node->topo, next);
    return trunk == NULL ? ds_node_hop(next, DS_TCP, 0)
                         : ds_node_hop(next, trunk->transport, trunk->b_port);
}

/* With this defect the pool calls the Mediation Server's peer itself. */
static const struct ds_topo_node *
skip(const struct ds_node *node, const struct ds_topo_node *mediation, const char *number)
{
    char routed[64];
    const struct ds_route *route = ds_topo_route(node->topo, mediation, node->place,
                                                 ds_slice_of(number), routed, sizeof routed);
    return route == NULL ? mediation : route->via[0];
}

bool ds_pool_send(struct ds_pool_routing *routing,
                  const struct ds_topo_node *next,
                  const char *number)
{
    const struct ds_node *node = routing->node;
    char uri[192];
    const char *digits =
        ds_node_has_defect(node, "strips_plus") && number[0] == '+' ? number + 1 : number;
    if (ds_node_has_defect(node, "skips_mediation"))
        next = skip(node, next, number);
    snprintf(uri, sizeof uri, "sip:%s@%s;user=phone", digits, node->topo->domain);
    struct ds_proxying how = {.request_uri = uri,
                              .hop = ds_pool_hop_to(node, next),
                              .extra_headers = ds_pool_identity(routing, NULL)};
    return ds_pool_forward(routing, &how);
}

/* Defects: the call goes to a Mediation Server whatever the routes say. */
static void route_anyway(struct ds_pool_routing *routing)
{
    const struct ds_topo_node *any = ds_topo_first(routing->node->topo, DS_ROLE_MEDIATION);
    if (!ds_pool_send(routing, any, routing->number))
        ds_ua_reply(routing->node->ua, routing->txn, 503, NULL);
}

/* Where the routes lead, and the number there; NULL: nowhere. */
static const struct ds_route *
find_route(const struct ds_pool_routing *routing, char *number, size_t size)
{
    const struct ds_node *node = routing->node;
    const struct ds_topo_node *from =
        routing->on_behalf_of != NULL ? routing->on_behalf_of : routing->from;
    return ds_topo_route(node->topo, node->place, from, ds_slice_of(routing->number), number, size);
}

bool ds_pool_route_beside(struct ds_pool_routing *routing)
{
    char number[64];
    routing->beside = true;
    if (routing->node->topo->by_usages)
        return ds_pool_hunt_beside(routing);
    const struct ds_route *route = find_route(routing, number, sizeof number);
    return route != NULL && ds_pool_send_by(routing, route, number);
}

static void route_out(struct ds_pool_routing *routing)
{
    char number[64];
    const struct ds_route *route = find_route(routing, number, sizeof number);
    if (route == NULL && ds_node_has_defect(routing->node, "routes_anything"))
        route_anyway(routing);
    else if (route == NULL)
        ds_pool_refuse(routing, 404, 12004, "No route in the caller's policy matches this number");
    else if (!ds_pool_send_by(routing, route, number))
        ds_ua_reply(routing->node->ua, routing->txn, 503, NULL);
}

/* Whose dial plan is asked: that of the gateway which the Mediation Server names in phone-context,
   or NULL: that of all others (domain.md 3.1). */
static const struct ds_topo_node *plan_of(const struct ds_pool_routing *routing)
{
    struct ds_slice context;
    struct ds_uri uri;
    const struct ds_msg *msg = ds_server_txn_request(routing->txn);
    if (ds_node_has_defect(routing->node, "asks_the_wrong_plan") ||
        ds_uri_parse(ds_msg_request_uri(msg), &uri) != DS_OK ||
        !ds_param(uri.user_params, "phone-context", &context))
        return NULL;
    return ds_topo_find(routing->node->topo, context);
}

/* The number in E.164: as dialled, or by the dial plan where the client left that to us. */
static bool normalize(struct ds_pool_routing *routing)
{
    char dialled[64];
    ds_node_number(ds_msg_request_uri(ds_server_txn_request(routing->txn)), dialled,
                   sizeof dialled);
    ds_slice_copy(ds_slice_of(dialled), routing->number, sizeof routing->number);
    const struct ds_topo *topo = routing->node->topo;
    if (dialled[0] == '+' || ds_topo_find(topo, ds_slice_of(dialled)) != NULL ||
        ds_topo_is_orbit(topo, ds_slice_of(dialled)))
        return true;
    return ds_topo_normalize(routing->node->topo, plan_of(routing), ds_slice_of(dialled),
                             routing->number, sizeof routing->number);
}

/* A number, and sip:alice@contoso.example. */
const struct ds_topo_node *ds_pool_look_up(const struct ds_pool_routing *routing)
{
    const struct ds_node *node = routing->node;
    const struct ds_topo_node *user = ds_topo_find(node->topo, ds_slice_of(routing->number));
    if (user == NULL)
        user = ds_directory_owner(node, ds_slice_of(routing->number));
    bool by_client = routing->from != NULL && routing->from->role == DS_ROLE_CLIENT;
    if (by_client && ds_node_has_defect(node, "skips_number_lookup"))
        return NULL;
    bool known = user != NULL && user->role == DS_ROLE_CLIENT && ds_directory_has_user(node, user);
    return known ? user : NULL;
}

/* An orbit, or the service's own name: by that users call it to park. */
static bool is_call_park(const struct ds_topo *topo, const char *number)
{
    const struct ds_topo_node *service = topo->call_park.service;
    return service != NULL &&
           (strcmp(number, service->name) == 0 || ds_topo_is_orbit(topo, ds_slice_of(number)));
}

static void call_call_park(struct ds_pool_routing *routing)
{
    char uri[192];
    const struct ds_node *node = routing->node;
    snprintf(uri, sizeof uri, "sip:%s@%s;user=phone", routing->number, node->topo->domain);
    struct ds_proxying how = {.request_uri = uri,
                              .hop = ds_node_hop(node->topo->call_park.service, DS_TLS, 0)};
    send_on(routing, &how);
}

/* Known in full, and no user's: voice mail's number, nobody's, or one that routes lead to. */
void ds_pool_route_number(struct ds_pool_routing *routing)
{
    const struct ds_node *node = routing->node;
    bool nobodys = ds_directory_population(node, ds_slice_of(routing->number)) == DS_ROLE_CLIENT;
    if (ds_topo_is_voice_mail(node->topo, ds_slice_of(routing->number)))
        (void)ds_pool_call_voice_mail(routing, NULL);
    else if (is_call_park(node->topo, routing->number))
        call_call_park(routing);
    else if (nobodys && ds_node_has_defect(node, "skips_number_lookup"))
        route_anyway(routing);
    else if (nobodys)
        ds_pool_refuse(routing, 404, 1003, "User does not exist");
    else if (node->topo->by_usages)
        ds_pool_hunt(routing);
    else
        route_out(routing);
}

/* New-CsStaticRoute: what is for a PBX by name, as sessions of remote call control are, goes there
   ([RCC]). So do calls to the pool's own conferencing server, and those that take the place of one
   at a Mediation Server (RFC 3891). */
static bool is_called_by_name(const struct ds_topo_node *to, const struct ds_msg *msg)
{
    struct ds_slice value;
    if (to->role == DS_ROLE_MEDIATION)
        return ds_msg_header(msg, "Replaces", 0, &value);
    return to->role == DS_ROLE_PBX || to->role == DS_ROLE_CONFERENCING;
}

static bool route_statically(struct ds_pool_routing *routing)
{
    struct ds_node *node = routing->node;
    struct ds_proxying how = {.request_uri = NULL};
    struct ds_uri uri;
    const struct ds_msg *msg = ds_server_txn_request(routing->txn);
    if (ds_uri_parse(ds_msg_request_uri(msg), &uri) != DS_OK)
        return false;
    const struct ds_topo_node *to = ds_topo_by_fqdn(node->topo, uri.host);
    if (to == NULL || !is_called_by_name(to, msg) || !ds_node_resolve(node, &uri, &how.hop))
        return false;
    send_on(routing, &how);
    return true;
}

/* A parked call rings back to who parked it, whatever becomes of other calls to that user ([UPK]).
 */
static bool rings_back(const struct ds_pool_routing *routing)
{
    const struct ds_node *node = routing->node;
    const struct ds_topo_node *service = node->topo->call_park.service;
    return service != NULL && !ds_node_has_defect(node, "forwards_ring_back") &&
           ds_node_named(node, ds_server_txn_request(routing->txn), "Referred-By") == service;
}

void ds_pool_route(struct ds_pool_routing *routing)
{
    if (route_statically(routing))
        return;
    if (!normalize(routing)) {
        ds_pool_refuse(routing, 404, 14010, "No rule of the dial plan matches this number");
        return;
    }
    const struct ds_topo_node *user = ds_pool_look_up(routing);
    if (user == NULL) {
        ds_pool_route_number(routing);
        return;
    }
    if (rings_back(routing)) {
        ds_pool_ring_user(routing, user);
        return;
    }
    ds_pool_call_user(routing, user);
    if (ds_node_has_defect(routing->node, "rings_and_routes"))
        route_anyway(routing);
}
