#include "admission_internal.h"
#include "mediation_internal.h"

/* The Mediation Server asks for the paths to both sides of a call whose audio passes it, as its
   trunks' peers do not ask themselves. Of a call to a trunk it knows both beforehand; of one from a
   trunk that client or voice mail takes it learns with the answer whether the audio passes it, and
   reserves the path to the peer then, be there room or not ([MED]). */

enum { TO_CLIENT, TO_PEER };

static void ask_peer(struct ds_bridge *bridge);

static void refuse(struct ds_bridge *bridge)
{
    ds_node_log(bridge->node, 1, "%s: no bandwidth", bridge->number);
    ds_admission_diagnose(bridge->node, false, bridge->headers, sizeof bridge->headers);
    ds_bridge_refuse(bridge, DS_NO_BANDWIDTH_STATUS, bridge->headers);
}

static void client_told(void *owner, enum ds_admission_verdict verdict)
{
    struct ds_bridge *bridge = owner;
    if (verdict == DS_ADMITTED)
        ask_peer(bridge);
    else
        refuse(bridge);
}

static void peer_told(void *owner, enum ds_admission_verdict verdict)
{
    struct ds_bridge *bridge = owner;
    if (verdict == DS_ADMITTED)
        ds_bridge_call(bridge);
    else
        refuse(bridge);
}

static bool
ask(struct ds_bridge *bridge, int which, struct ds_addr remote, bool checked, ds_admission_fn *done)
{
    const struct ds_admission_wish wish = {.local = bridge->node->media.at,
                                           .remote = remote,
                                           .call_id = ds_msg_call_id(bridge->invite),
                                           .checked = checked,
                                           .done = done,
                                           .owner = bridge};
    bridge->admissions[which] = ds_admission_ask(bridge->node, &wish);
    return bridge->admissions[which] != NULL;
}

static void ask_peer(struct ds_bridge *bridge)
{
    if (!ask(bridge, TO_PEER, bridge->out.peer->media_at, true, peer_told))
        ds_bridge_call(bridge);
}

void ds_mediation_call_admitted(struct ds_bridge *bridge)
{
    struct ds_sdp sdp;
    const struct ds_sdp_media *audio = ds_message_audio(bridge->invite, &sdp);
    bool asks = bridge->node->topo->admission && !bridge->straight && audio != NULL &&
                ds_bridge_can_answer(bridge) &&
                !ds_node_has_defect(bridge->node, "skips_admission");
    ds_admission_release(&bridge->admissions[TO_PEER]); /* of a peer that was tried before */
    if (!asks)
        ds_bridge_call(bridge);
    else if (bridge->admissions[TO_CLIENT] != NULL ||
             !ask(bridge, TO_CLIENT, audio->at, true, client_told))
        ask_peer(bridge);
}

void ds_mediation_reserve(struct ds_bridge *bridge, enum ds_bridge_event event)
{
    bool inbound = bridge->policy == &ds_mediation_inbound;
    if (event == DS_BRIDGE_OVER) {
        ds_admission_release(&bridge->admissions[TO_CLIENT]);
        ds_admission_release(&bridge->admissions[TO_PEER]);
    } else if (event == DS_BRIDGE_ANSWERED && inbound && !bridge->straight &&
               bridge->in.peer != NULL && !ds_node_has_defect(bridge->node, "skips_admission")) {
        (void)ask(bridge, TO_PEER, bridge->in.peer->media_at, false, NULL);
    }
}
