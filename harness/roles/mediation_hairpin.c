#include "mediation_internal.h"

#include <stdio.h>

/* A call from one peer that goes out to another: its user has forwarded it. Its two halves meet at
   the pool only, so that the first shows its peer's audio beside its own, and the second takes the
   one or the other, as a client would (AlternateByPassId, [PGW]: domain.md 2.1). */

/* The pool is a proxy: a call of ours that comes back has the Call-ID that we gave it. */
const struct ds_topo_node *ds_mediation_ingress(const struct ds_bridge *bridge)
{
    struct ds_slice call_id = ds_msg_call_id(bridge->invite);
    const struct ds_bridges *bridges = ds_node_bridges(bridge->node);
    for (struct ds_list *at = bridges->list.next; at != &bridges->list; at = at->next) {
        const struct ds_bridge *other = DS_OWNER(at, struct ds_bridge, link);
        const struct ds_msg *sent =
            other->out.session == NULL ? NULL : ds_session_invite_msg(other->out.session);
        if (other != bridge && sent != NULL && ds_slice_equal(ds_msg_call_id(sent), call_id))
            return other->in.peer;
    }
    return NULL;
}

bool ds_mediation_is_hairpin(const struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    if (bridge->trunk == NULL || bridge->trunk->b->alternate_bypass_id == NULL)
        return false;
    const struct ds_topo_node *in = ds_mediation_ingress(bridge);
    const struct ds_trunk *trunk = in == NULL ? NULL : ds_topo_trunk(node->topo, node->place, in);
    return trunk != NULL && !ds_mediation_is_fax(bridge) &&
           ds_topo_hairpin_allowed(node->topo, trunk, bridge->trunk) &&
           !ds_node_has_defect(node, "keeps_hairpin_media");
}

/* The part of that name in an offer with several; false: there is none. */
static bool find_gateway_part(const struct ds_msg *invite, struct ds_part *out)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    size_t count = ds_msg_parts(invite, parts);
    for (size_t i = 0; i < count; i++) {
        *out = parts[i];
        if (ds_slice_starts_nocase(out->content_type, DS_LITERAL("application/gw-sdp")))
            return true;
    }
    return false;
}

struct ds_slice ds_mediation_hairpin_offer(struct ds_bridge *bridge)
{
    struct ds_part part;
    struct ds_sdp sdp;
    if (!find_gateway_part(bridge->invite, &part) || ds_sdp_parse(part.body, &sdp, NULL) != DS_OK)
        return (struct ds_slice){NULL, 0};
    return ds_bridge_say(&bridge->out, ds_sdp_audio(&sdp), NULL);
}

void ds_mediation_hairpin_reply(struct ds_bridge *bridge, struct ds_content *content)
{
    struct ds_part part;
    if (content->body.len == 0 || !find_gateway_part(bridge->invite, &part) ||
        !ds_mediation_is_hairpin(bridge))
        return;
    snprintf(bridge->headers, sizeof bridge->headers, "ms-accepted-content-id: %.*s\r\n",
             DS_FMT(part.content_id));
    content->extra_headers = bridge->headers;
}
