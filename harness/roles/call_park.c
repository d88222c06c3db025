#include "transfer_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The call park service ([CPK], [CPS]). Who parks calls it, is answered with an orbit, and asks it
   by REFER to take over (RFC 5359 2.15): the end that answered holds the parked party from then on.
   Who calls the orbit is answered, and asked by REFER to call the parked party in its place; where
   nobody does in time, the parked party is asked to call who parked. The pool alone calls it. */

struct call_park {
    struct ds_list calls; /* owned */
};

/* A call at an orbit, or one that is about to be there. */
struct parked {
    struct ds_list link;
    struct ds_node *node;              /* borrowed */
    const struct ds_topo_node *parker; /* borrowed; the user */
    struct ds_end *end;       /* borrowed: the node's; whoever parks, and then the parked */
    struct ds_end *retriever; /* borrowed; who is being connected, or NULL */
    bool is_there;            /* the parked party is at this end */
    bool rings_back;
    struct ds_timer step, wait;
};

static ds_rc call_park_start(struct ds_node *node, void *state, struct ds_why *why)
{
    struct call_park *park = state;
    (void)node;
    (void)why;
    ds_list_init(&park->calls);
    return DS_OK;
}

static void forget(struct parked *call)
{
    struct ds_clock *clock = ds_net_clock(call->node->net);
    ds_timer_stop(clock, &call->step);
    ds_timer_stop(clock, &call->wait);
    ds_list_remove(&call->link);
    free(call);
}

/* The node frees its ends before or after: they are told nothing any more. */
static void call_park_stop(struct ds_node *node, void *state)
{
    struct call_park *park = state;
    struct ds_list *next;
    (void)node;
    if (park->calls.next == NULL)
        return;
    for (struct ds_list *at = park->calls.next; at != &park->calls; at = next) {
        next = at->next;
        forget(DS_OWNER(at, struct parked, link));
    }
}

static bool is_over(const struct ds_end *end)
{
    return end->state == DS_END_ENDED || end->state == DS_END_FAILED;
}

static void clear(struct ds_end *end)
{
    struct ds_why why;
    if (!is_over(end) && ds_end_hang_up(end, &why) != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
}

/* ---- not retrieved in time ---- */

static void ring_back(struct ds_timer *timer)
{
    struct parked *call = DS_OWNER(timer, struct parked, wait);
    struct ds_why why;
    call->rings_back = true;
    ds_node_log(call->node, 2, "%s is not retrieved, and rings %s", call->end->orbit,
                call->parker->name);
    if (ds_end_transfer(call->end, call->parker->number, &why) != DS_OK) {
        ds_node_log(call->node, 1, "%s", why.text);
        clear(call->end);
    }
}

static void wait_for_retrieval(struct parked *call)
{
    const struct ds_node *node = call->node;
    ds_us wait_us = node->topo->call_park.wait_us;
    if (ds_node_has_defect(node, "never_rings_back"))
        return;
    if (ds_node_has_defect(node, "rings_back_early"))
        wait_us /= 2;
    call->wait.whose = ds_addr_ip4(&node->place->at);
    if (ds_timer_start(ds_net_clock(node->net), &call->wait, wait_us, ring_back) != DS_OK)
        ds_node_log(node, 1, "out of memory: the parked call rings nobody");
}

/* ---- what follows from where its calls are ---- */

static void connect_retriever(struct parked *call)
{
    struct ds_why why;
    if (ds_node_has_defect(call->node, "keeps_retriever"))
        return;
    const struct ds_end *end = call->end;
    const struct call_park *park = call->node->state;
    if (ds_node_has_defect(call->node, "connects_with_another"))
        end = DS_OWNER(park->calls.next, struct parked, link)->end;
    if (ds_end_hand_on(call->retriever, end, &why) != DS_OK) {
        ds_node_log(call->node, 1, "%s", why.text);
        clear(call->retriever);
    }
}

/* True where the retriever is gone: the next may come. */
static bool step_retriever(struct parked *call)
{
    struct ds_end *end = call->retriever;
    if (ds_end_transfer_status(end) >= 300)
        clear(end);
    if (!is_over(end))
        return false;
    end->part = NULL;
    call->retriever = NULL;
    return true;
}

static void step(struct ds_timer *timer)
{
    struct parked *call = DS_OWNER(timer, struct parked, step);
    bool free_again = call->retriever != NULL && step_retriever(call);
    if (is_over(call->end)) {
        if (call->retriever != NULL && ds_end_transfer_status(call->retriever) == 0)
            clear(call->retriever);
        if (call->retriever != NULL)
            call->retriever->part = NULL;
        call->end->part = NULL;
        forget(call);
        return;
    }
    if (!call->is_there && call->end->state == DS_END_ANSWERED &&
        ds_session_is_outgoing(call->end->session)) {
        call->is_there = true;
        ds_node_log(call->node, 2, "%s is parked at %s", call->end->peer_number, call->end->orbit);
        wait_for_retrieval(call);
    }
    if (call->rings_back && ds_end_transfer_status(call->end) >= 300)
        clear(call->end);
    else if (free_again && call->is_there)
        wait_for_retrieval(call);
}

/* An end is not to change while it tells of a change: a turn later it may. */
static void became(struct ds_end *end)
{
    struct parked *call = end->part;
    if (call == NULL || ds_timer_running(&call->step))
        return;
    call->step.whose = ds_addr_ip4(&call->node->place->at);
    if (ds_timer_start(ds_net_clock(call->node->net), &call->step, 0, step) != DS_OK)
        ds_node_log(call->node, 1, "out of memory: the parked call stays where it is");
}

static void watch(struct parked *call, struct ds_end *end)
{
    end->taken = true;
    end->part = call;
}

/* ---- calls to it ---- */

static struct parked *find_orbit(const struct call_park *park, const char *orbit)
{
    for (struct ds_list *at = park->calls.next; at != &park->calls; at = at->next) {
        struct parked *call = DS_OWNER(at, struct parked, link);
        if (strcmp(call->end->orbit, orbit) == 0)
            return call;
    }
    return NULL;
}

static bool free_orbit(const struct ds_node *node, char out[DS_ORBIT_SIZE])
{
    const struct call_park *park = node->state;
    for (size_t i = 0; i < ds_topo_orbits(node->topo); i++) {
        ds_topo_orbit(node->topo, i, out);
        if (find_orbit(park, out) == NULL || ds_node_has_defect(node, "gives_taken_orbit"))
            return true;
    }
    return false;
}

/* [OCER25] has the ids. */
static void refuse(const struct ds_node *node,
                   struct ds_session *session,
                   int status,
                   int id,
                   const char *reason)
{
    char headers[160] = "";
    if (reason != NULL)
        ds_node_diagnose(node, id, reason, headers, sizeof headers);
    const struct ds_content content = {.extra_headers = headers};
    ds_session_refuse(session, status, &content);
    ds_session_free(&session);
}

/* It has no part in media bypass: of two bodies it takes the Mediation Server's own. */
static const struct ds_sdp_media *
choose_offer(struct ds_end *end, const struct ds_msg *msg, struct ds_sdp *sdp)
{
    (void)end;
    return ds_message_audio(msg, sdp);
}

static ds_rc place_call(struct ds_end *end,
                        const struct ds_dial *dial,
                        struct ds_invite *invite,
                        struct ds_why *why)
{
    const struct ds_node *node = end->node;
    const char *domain = node->topo->domain;
    if (dial->uri == NULL)
        snprintf(end->to_uri, sizeof end->to_uri, "sip:%s@%s;user=phone", dial->number, domain);
    else if (ds_line_write_uri(end, dial->uri, why) != DS_OK)
        return DS_BAD;
    snprintf(end->from_uri, sizeof end->from_uri, "sip:%s@%s", node->place->name, domain);
    end->headers[0] = '\0';
    ds_line_write_referral(end, dial);
    end->hop = ds_node_hop(ds_topo_first(node->topo, DS_ROLE_POOL), DS_TLS, 0);
    invite->to_uri = end->to_uri;
    invite->from_uri = end->from_uri;
    invite->extra_headers = end->headers;
    invite->hop = &end->hop;
    return DS_OK;
}

static const struct ds_line call_park_line = {
    .style = DS_SDP_CLIENT,
    .codecs = DS_CODECS_G711,
    .place_call = place_call,
    .choose_offer = choose_offer,
    .became = became,
};

static struct ds_end *answer(struct ds_node *node,
                             struct ds_session *session,
                             const struct ds_msg *msg,
                             const char *orbit)
{
    struct ds_why why;
    struct ds_end *end = ds_end_incoming(node, &call_park_line, session, msg);
    if (end == NULL)
        return NULL;
    ds_slice_copy(ds_slice_of(orbit), end->orbit, sizeof end->orbit);
    if (orbit[0] != '\0')
        snprintf(end->contact, sizeof end->contact, "<sip:%s@%s:%u;transport=tls>", orbit,
                 node->place->fqdn, ds_topo_port(node->place, DS_TLS));
    if (ds_end_answer(end, &why) != DS_OK)
        ds_node_log(node, 1, "%s", why.text);
    return end;
}

static void take_parker(struct ds_node *node, struct ds_session *session, const struct ds_msg *msg)
{
    char orbit[DS_ORBIT_SIZE];
    struct call_park *park = node->state;
    const struct ds_topo_node *parker = ds_node_user_named(node, msg, "From");
    if (parker == NULL || (!parker->parks && !ds_node_has_defect(node, "parks_for_anybody"))) {
        refuse(node, session, 403, 0, NULL);
        return;
    }
    if (!free_orbit(node, orbit)) {
        refuse(node, session, 480, 35002, "No more available orbits");
        return;
    }
    struct parked *call = calloc(1, sizeof *call);
    if (call == NULL) {
        refuse(node, session, 503, 0, NULL);
        return;
    }
    *call = (struct parked){.node = node, .parker = parker};
    call->end = answer(node, session, msg, orbit);
    if (call->end == NULL) {
        free(call);
        return;
    }
    ds_list_append(&park->calls, &call->link);
    watch(call, call->end);
}

static void take_retriever(struct ds_node *node,
                           struct ds_session *session,
                           const struct ds_msg *msg,
                           const char *orbit)
{
    struct call_park *park = node->state;
    struct parked *call = find_orbit(park, orbit);
    if (call == NULL || !call->is_there) {
        bool defect = ds_node_has_defect(node, "says_busy_for_empty");
        refuse(node, session, defect ? 486 : 404, 35000, "Orbit not found");
        return;
    }
    if (call->retriever != NULL || call->rings_back) {
        refuse(node, session, 480, 35017, "The parked call is being connected already");
        return;
    }
    ds_timer_stop(ds_net_clock(node->net), &call->wait);
    call->retriever = answer(node, session, msg, "");
    if (call->retriever == NULL)
        return;
    watch(call, call->retriever);
    connect_retriever(call);
}

static void call_park_invite(struct ds_node *node,
                             void *state,
                             struct ds_session *session,
                             const struct ds_msg *msg)
{
    char number[64];
    (void)state;
    ds_node_number(ds_msg_request_uri(msg), number, sizeof number);
    if (strcmp(number, node->place->name) == 0)
        take_parker(node, session, msg);
    else
        take_retriever(node, session, msg, number);
}

const struct ds_role ds_role_call_park = {
    .kind = DS_ROLE_CALL_PARK,
    .state_size = sizeof(struct call_park),
    .start = call_park_start,
    .invite = call_park_invite,
    .stop = call_park_stop,
};
