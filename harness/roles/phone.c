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

/* The PBX has it call: what the set would do if its keys were pressed. */
static bool phone_request(struct ds_node *node,
                          void *state,
                          struct ds_server_txn *txn,
                          const struct ds_msg *msg,
                          const struct ds_hop *from)
{
    struct ds_slice refer_to;
    struct ds_end *end = NULL;
    struct ds_why why;
    char number[64];
    (void)state;
    if (txn == NULL || !ds_msg_method_is(msg, "REFER"))
        return false;
    if (ds_node_peer(node, from) != node->place->home ||
        !ds_msg_header(msg, "Refer-To", 0, &refer_to)) {
        ds_ua_reply(node->ua, txn, 403, NULL);
        return true;
    }
    ds_node_number(refer_to, number, sizeof number);
    const struct ds_dial dial = {.number = number};
    ds_rc rc = ds_end_outgoing(node, &ds_phone_line, &dial, &end, &why);
    if (rc == DS_OK)
        end->asked_for = true;
    ds_ua_reply(node->ua, txn, rc == DS_OK ? 202 : 480, "Refer-Sub: false\r\n");
    return true;
}

const struct ds_role ds_role_phone = {
    .kind = DS_ROLE_PHONE,
    .start = phone_start,
    .invite = phone_invite,
    .request = phone_request,
};

const struct ds_line ds_phone_line = {
    .style = DS_SDP_GATEWAY,
    .codecs = DS_CODECS_G711,
    .place_call = ds_line_call_home,
};
