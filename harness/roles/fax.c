#include "roles_internal.h"

/* A fax machine at the end of an analogue line: says nothing by itself, and speaks T.30 once it is
   told to send or to receive (end_fax.c). */

static ds_rc fax_start(struct ds_node *node, void *state, struct ds_why *why)
{
    (void)node;
    (void)state;
    (void)why;
    return DS_OK;
}

static void
fax_invite(struct ds_node *node, void *state, struct ds_session *session, const struct ds_msg *msg)
{
    (void)state;
    ds_end_incoming(node, &ds_analogue_line, session, msg);
}

const struct ds_role ds_role_fax = {
    .kind = DS_ROLE_FAX,
    .start = fax_start,
    .invite = fax_invite,
};
