#include "admission_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROLE(kind, constant) [(kind)] = &(constant),
static const struct ds_role *const roles[] = {
#include "roles.def"
};
#undef ROLE

/* Where each kind of element takes its media ports; those of the Mediation Server and of a front
 * end are documented (MED-08, CONF-05). */
struct port_range {
    uint16_t first, last;
};

static struct port_range media_ports(const struct ds_node *node)
{
    bool documented =
        node->place->role == DS_ROLE_MEDIATION || node->place->role == DS_ROLE_CONFERENCING;
    if (documented && !ds_node_has_defect(node, "low_media_ports"))
        return (struct port_range){49152, 57500};
    if (node->place->role == DS_ROLE_CLIENT)
        return (struct port_range){20000, 29998};
    return (struct port_range){10000, 19998};
}

static const char *client_agent(const struct ds_topo_node *client)
{
    if (client->communicator)
        return "UCCAPI/3.5.6907.83 OC/3.5.6907.83 (Microsoft Office Communicator 2007 R2)";
    return client->lync_phone
               ? "CPE/4.0.7577.4451 OCPhone/4.0.7577.4451 (Microsoft Lync Phone Edition)"
               : "UCCAPI/15.0.4420.1017 OC/15.0.4420.1017 (Microsoft Lync)";
}

static const char *user_agent(const struct ds_node *node)
{
    switch (node->place->role) {
    case DS_ROLE_CLIENT:
        return client_agent(node->place);
    case DS_ROLE_MEDIATION:
        return ds_node_has_defect(node, "anonymous_agent") ? "B2BUA/1.0"
                                                           : "RTCC/5.0.0.0 MediationServer";
    case DS_ROLE_POOL:
    case DS_ROLE_EDGE:
        return "RTC/5.0";
    case DS_ROLE_GATEWAY:
        return "directsip gateway";
    case DS_ROLE_PBX:
        return "directsip PBX";
    case DS_ROLE_PHONE:
        return "directsip phone";
    case DS_ROLE_PSTN:
        return "directsip PSTN";
    case DS_ROLE_SBC:
        return "directsip SBC";
    case DS_ROLE_ANALOGUE_GATEWAY:
        return "directsip analogue gateway";
    case DS_ROLE_ANALOGUE_PHONE:
        return "directsip analogue phone";
    case DS_ROLE_FAX:
        return "directsip fax";
    case DS_ROLE_UM:
        return "directsip UM";
    case DS_ROLE_CONFERENCING:
        return "directsip conferencing";
    case DS_ROLE_CALL_PARK:
        return "directsip call park";
    case DS_ROLE_COUNT:
        break;
    }
    return "directsip";
}

static void on_invite(void *owner, struct ds_session *session, const struct ds_msg *msg)
{
    struct ds_node *node = owner;
    DS_CHECK(node, DS_NODE_MAGIC);
    if (node->hook != NULL && node->hook(node->hook_owner, node, session, msg))
        return;
    node->role->invite(node, node->state, session, msg);
}

static bool on_request(void *owner,
                       struct ds_server_txn *txn,
                       const struct ds_msg *msg,
                       const struct ds_hop *from)
{
    struct ds_node *node = owner;
    DS_CHECK(node, DS_NODE_MAGIC);
    return node->role->request != NULL && node->role->request(node, node->state, txn, msg, from);
}

static const struct ds_ua_events back_to_back_events = {.invite = on_invite, .request = on_request};
static const struct ds_ua_events proxy_events = {.invite = NULL, .request = on_request};

static struct ds_sip_flaws sip_flaws(const struct ds_node *node)
{
    return (struct ds_sip_flaws){
        .never_resends = ds_node_has_defect(node, "never_retransmits"),
        .never_gives_up = ds_node_has_defect(node, "retransmits_for_ever"),
        .slows_down = ds_node_has_defect(node, "repeats_refusals_ever_slower"),
    };
}

void ds_node_set_flaws(const struct ds_node *node, struct ds_session *session)
{
    const struct ds_session_flaws flaws = {
        .no_ack = ds_node_has_defect(node, "no_ack"),
        .keeps_unacknowledged = ds_node_has_defect(node, "keeps_unacknowledged_calls"),
        .never_refreshes = ds_node_has_defect(node, "never_refreshes"),
        .keeps_expired = ds_node_has_defect(node, "keeps_unrefreshed_sessions"),
        .deaf = ds_node_has_defect(node, "never_stops_answering"),
        .keeps_crossed = ds_node_has_defect(node, "keeps_crossed_answer"),
    };
    ds_session_set_flaws(session, flaws);
}

static ds_rc new_ua(struct ds_node *node, struct ds_why *why)
{
    const struct ds_ua_options options = {
        .net = node->net,
        .rng = node->rng,
        .log = node->log,
        .name = node->place->name,
        .at = node->place->at,
        .fqdn = node->place->fqdn,
        .user_agent = user_agent(node),
        .tls = node->tls,
        .judged = node->judged,
        .resolve = ds_node_resolve,
        .resolve_owner = node,
        .accept_any_name = ds_node_has_defect(node, "accepts_any_certificate"),
        .rings_for_ever = ds_node_has_defect(node, "rings_for_ever"),
        .keeps_forks = ds_node_has_defect(node, "keeps_forks_ringing"),
    };
    const struct ds_ua_events *events =
        node->role->invite == NULL ? &proxy_events : &back_to_back_events;
    ds_rc rc = ds_ua_new(&options, events, node, &node->ua, why);
    if (rc != DS_OK)
        return rc;
    ds_sip_set_flaws(ds_ua_sip(node->ua), sip_flaws(node));
    ds_sip_ask_names(ds_ua_sip(node->ua), ds_node_caller_name, node);
    return DS_OK;
}

static ds_rc listen_everywhere(struct ds_node *node, struct ds_why *why)
{
    for (size_t i = 0; i < node->place->port_count; i++) {
        const struct ds_port *port = &node->place->ports[i];
        ds_rc rc = ds_sip_listen(ds_ua_sip(node->ua), port->transport, port->port, why);
        if (rc != DS_OK)
            return rc;
    }
    return DS_OK;
}

/* Clients outside get relayed addresses from the A/V Edge, which they are reached at; those inside
 * only for a way over the Internet, from the inner side of that of their site. */
static void use_server(struct ds_node *node)
{
    const struct ds_topo_node *place = node->place;
    const struct ds_topo_node *inner = ds_topo_internet_edge(node->topo, place);
    bool outside = place->role == DS_ROLE_CLIENT && place->site->external;
    const struct ds_topo_node *edge = outside ? ds_topo_av_edge(node->topo) : inner;
    if (edge == NULL || ds_node_has_defect(node, "skips_relay"))
        return;
    node->media.server = outside ? edge->av : edge->at;
    node->media.server.port = edge->av.port;
    node->media.server_is_alternate = !outside;
    node->media.server_user = edge->av_user;
    node->media.server_password = edge->av_password;
}

static ds_rc fill(struct ds_node *node, const struct ds_node_options *options, struct ds_why *why)
{
    const struct ds_topo_node *place = options->place;
    node->net = options->net;
    node->rng = options->rng;
    node->log = options->log;
    node->judged = options->judged;
    node->topo = options->topo;
    node->place = place;
    node->mailbox = options->mailbox;
    node->role = roles[place->role];
    struct port_range ports = media_ports(node);
    node->media = (struct ds_media_place){
        .net = node->net,
        .rng = node->rng,
        .at = ds_node_has_defect(node, "media_where_it_signals") ? place->at : place->media_at,
        .first_port = ports.first,
        .last_port = ports.last,
        .cname = place->fqdn,
    };
    use_server(node);
    node->state = calloc(1, node->role->state_size > 0 ? node->role->state_size : 1);
    node->moved = calloc(node->topo->node_count, sizeof *node->moved);
    if (node->state == NULL || node->moved == NULL)
        return ds_fail_memory(why);
    return ds_tls_identity_new(options->authority, place->certificate, place->tls_version,
                               &node->tls, why);
}

ds_rc ds_node_boot(struct ds_node *node, struct ds_why *why)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    ds_assert(node->ua == NULL);
    ds_rc rc = new_ua(node, why);
    if (rc == DS_OK)
        rc = listen_everywhere(node, why);
    if (rc == DS_OK)
        ds_node_spoil(node);
    if (rc == DS_OK)
        rc = node->role->start(node, node->state, why);
    if (rc == DS_OK)
        rc = ds_trunk_health_start(node, why);
    return rc;
}

static void shut_down(struct ds_node *node)
{
    ds_trunk_health_stop(node);
    if (node->ua != NULL && node->role->stop != NULL)
        node->role->stop(node, node->state);
    ds_admissions_free(node);
    ds_ua_free(&node->ua);
    if (node->net != NULL)
        ds_media_place_clean_up(&node->media);
}

bool ds_node_is_down(const struct ds_node *node)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    return node->ua == NULL;
}

void ds_node_crash(struct ds_node *node)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    ds_ends_lose(node);
    shut_down(node);
    memset(node->state, 0, node->role->state_size);
    ds_node_log(node, 1, "is down");
}

ds_rc ds_node_new(const struct ds_node_options *options, struct ds_node **out, struct ds_why *why)
{
    ds_assert(options->place->role < DS_ROLE_COUNT && !options->place->real);
    struct ds_node *node = calloc(1, sizeof *node);
    if (node == NULL)
        return ds_fail_memory(why);
    node->magic = DS_NODE_MAGIC;
    ds_list_init(&node->ends);
    ds_list_init(&node->admissions);
    ds_rc rc = fill(node, options, why);
    if (rc == DS_OK && !options->place->away)
        rc = ds_node_boot(node, why);
    if (rc != DS_OK)
        goto fail;
    *out = node;
    return DS_OK;
fail:
    ds_node_free(&node);
    return rc;
}

void ds_node_free(struct ds_node **node)
{
    if (*node == NULL)
        return;
    DS_CHECK(*node, DS_NODE_MAGIC);
    struct ds_node *gone = *node;
    ds_ends_free(gone);
    shut_down(gone);
    ds_tls_identity_free(&gone->tls);
    free(gone->state);
    free(gone->moved);
    gone->magic = 0;
    free(gone);
    *node = NULL;
}

size_t ds_node_turn(struct ds_node *node, const struct ds_route *route)
{
    if (!route->spread || ds_node_has_defect(node, "favours_first_member"))
        return 0;
    return node->turns++ % route->via_count;
}

const struct ds_topo_node *ds_node_place(const struct ds_node *node)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    return node->place;
}

bool ds_node_ready(const struct ds_node *node)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    return node->ua == NULL || node->role->ready == NULL || node->role->ready(node, node->state);
}

size_t ds_node_busy(const struct ds_node *node)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    const struct ds_bridges *bridges = ds_node_bridges(node);
    if (node->ua == NULL)
        return 0;
    bool gives_back = !ds_list_empty(&node->admissions);
    return ds_ends_busy(node) + (bridges == NULL ? 0 : ds_bridges_count(bridges)) + gives_back;
}

const struct ds_bridges *ds_node_bridges(const struct ds_node *node)
{
    return node->role->bridges == NULL ? NULL : node->role->bridges(node->state);
}

void ds_node_on_invite(struct ds_node *node, ds_node_hook_fn *hook, void *owner)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    node->hook = hook;
    node->hook_owner = owner;
}

void ds_node_log(const struct ds_node *node, int level, const char *fmt, ...)
{
    char line[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    ds_log_write(node->log, ds_now(ds_net_clock(node->net)), level, node->place->name, "%s", line);
}
