#include "roles_internal.h"

/* A telephone at the end of an analogue line. The gateway that it hangs on speaks for it; SIP over
   UDP stands in for the line, so it registers nowhere. */

static ds_rc analogue_start(struct ds_node *node, void *state, struct ds_why *why)
{
    (void)node;
    (void)state;
    (void)why;
    return DS_OK;
}

static void analogue_invite(struct ds_node *node,
                            void *state,
                            struct ds_session *session,
                            const struct ds_msg *msg)
{
    (void)state;
    ds_end_incoming(node, &ds_analogue_line, session, msg);
}

const struct ds_role ds_role_analogue_phone = {
    .kind = DS_ROLE_ANALOGUE_PHONE,
    .start = analogue_start,
    .invite = analogue_invite,
};

const struct ds_line ds_analogue_line = {
    .style = DS_SDP_GATEWAY,
    .codecs = DS_CODECS_G711,
    .place_call = ds_line_call_home,
};
