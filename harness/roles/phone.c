#include "roles_internal.h"

/* A telephone of the PBX: a desk phone, or an earlier device that only the PBX itself can serve.
   Wired, so it needs not register; its line is SIP over UDP to the PBX and stands for whatever the
   PBX speaks to its own sets. */

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

const struct ds_line ds_phone_line = {
    .style = DS_SDP_GATEWAY,
    .codecs = DS_CODECS_G711,
    .place_call = ds_line_call_home,
};
