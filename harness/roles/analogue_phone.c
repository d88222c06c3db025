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

/* By SIP the flash is told as some telephone adapters tell it; nothing standard does. */
ds_rc ds_end_flash_hook(struct ds_end *end, struct ds_why *why)
{
    DS_CHECK(end, DS_END_MAGIC);
    const struct ds_topo_node *place = end->node->place;
    const struct ds_content content = {.content_type = "application/hook-flash",
                                       .body = DS_LITERAL("signal=hf\r\n")};
    if (place->role != DS_ROLE_ANALOGUE_PHONE)
        return ds_fail(why, DS_STATE, "%s is a %s: analogue telephones alone have a hook to press",
                       place->name, ds_role_name(place->role));
    if (end->state != DS_END_ANSWERED)
        return ds_end_wrong_state(end, "flash its hook", why);
    ds_rc rc = ds_session_ask(end->session, "INFO", &content, NULL, NULL);
    return rc == DS_OK ? DS_OK : ds_fail(why, rc, "%s cannot send INFO", place->name);
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
