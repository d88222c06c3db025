#include "bridge_internal.h"

/* A second call that must not be: what a PBX or gateway does when calls leak to an element that has
 * no part in them. */

static void twin_answered(void *owner, const struct ds_msg *msg)
{
    struct ds_bridge *bridge = owner;
    (void)msg;
    ds_session_hang_up(bridge->twin, NULL);
}

static void twin_refused(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_bridge *bridge = owner;
    (void)status;
    (void)msg;
    ds_session_free(&bridge->twin);
}

static void twin_ended(void *owner, const struct ds_msg *bye)
{
    twin_refused(owner, 0, bye);
}

static const struct ds_session_events twin_events = {
    .answered = twin_answered,
    .refused = twin_refused,
    .ended = twin_ended,
};

void ds_bridge_twin(struct ds_bridge *bridge, const struct ds_hop *hop, const char *to_uri)
{
    struct ds_sdp sdp;
    struct ds_why why;
    const struct ds_invite invite = {
        .to_uri = to_uri,
        .from_uri = bridge->from_uri,
        .hop = hop,
        .body = ds_bridge_say(&bridge->out, ds_message_audio(bridge->invite, &sdp), NULL),
        .hops_behind = ds_bridge_hops_behind(bridge),
    };
    if (ds_session_invite(bridge->node->ua, &invite, &twin_events, bridge, &bridge->twin, &why) !=
        DS_OK)
        ds_node_log(bridge->node, 1, "the second call could not be made: %s", why.text);
}

void ds_bridge_end_twin(struct ds_bridge *bridge)
{
    if (bridge->twin == NULL)
        return;
    ds_session_hang_up(bridge->twin, NULL);
    if (bridge->twin != NULL)
        ds_session_free(&bridge->twin);
}
