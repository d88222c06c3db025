#include "roles_internal.h"

#include <stdio.h>

/* A telephone of the PBX: a desk phone, or an earlier device that only the PBX itself can serve.
   Wired, so it needs not register; its line is SIP over UDP to the PBX and stands for whatever the
   PBX speaks to its own sets. */

extern const struct ds_line ds_phone_line;

static ds_rc phone_start(struct ds_node *node, void *state, struct ds_why *why)
{
    (void)node;
    (void)state;
    (void)why;
    return DS_OK;
}

static void phone_invite(struct ds_node *node,
                         void *state,
                         struct ds_session *session,
                         const struct ds_msg *msg)
{
    (void)state;
    ds_end_incoming(node, &ds_phone_line, session, msg);
}

const struct ds_role ds_role_phone = {
    .kind = DS_ROLE_PHONE,
    .start = phone_start,
    .invite = phone_invite,
};

static ds_rc phone_place_call(struct ds_end *end,
                              const struct ds_dial *dial,
                              struct ds_invite *invite,
                              struct ds_why *why)
{
    const struct ds_topo_node *place = end->node->place;
    struct ds_addr_text pbx = ds_addr_ip_text(place->home->at);
    if (dial->from != NULL)
        return ds_fail(why, DS_BAD, "%s calls from its own number: only the pstn has others",
                       place->name);
    snprintf(end->to_uri, sizeof end->to_uri, "sip:%s@%s", dial->number, pbx.text);
    snprintf(end->from_uri, sizeof end->from_uri, "sip:%s@%s", place->number, pbx.text);
    end->hop = ds_node_hop(place->home, DS_UDP, 0);
    invite->to_uri = end->to_uri;
    invite->from_uri = end->from_uri;
    invite->hop = &end->hop;
    return DS_OK;
}

const struct ds_line ds_phone_line = {
    .style = DS_SDP_GATEWAY,
    .codecs = DS_CODECS_G711,
    .place_call = phone_place_call,
};
