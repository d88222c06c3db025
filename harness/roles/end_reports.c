#include "roles_internal.h"

/* Past the Mediation Server it is the client that misses the RTCP of a trunk's peer. */

static void lost(struct ds_supervision *supervision)
{
    struct ds_end *end = DS_OWNER(supervision, struct ds_end, supervision);
    struct ds_why why;
    if (ds_end_hang_up(end, &why) != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
}

void ds_end_supervise(struct ds_end *end)
{
    const struct ds_node *node = end->node;
    const struct ds_trunk *trunk = end->line->style == DS_SDP_CLIENT
                                       ? ds_supervised_trunk(node->topo, ds_media_peer(end->media))
                                       : NULL;
    if (trunk != NULL)
        ds_supervision_start(&end->supervision, node, end->media, trunk, lost);
    else
        ds_supervision_stop(&end->supervision);
}
