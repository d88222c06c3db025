#include "admission_internal.h"

/* Who has ICE: clients, and towards them the Mediation Server, which is lite: it stands where every
 * client's relayed address reaches it, and makes no checks of its own. */

ds_rc ds_node_use_ice(const struct ds_node *node,
                      struct ds_media *media,
                      struct ds_media_ice *how,
                      struct ds_why *why)
{
    if (ds_topo_av_edge(node->topo) == NULL)
        return DS_OK;
    how->lite = node->place->role == DS_ROLE_MEDIATION;
    how->flaws = (struct ds_ice_flaws){
        .skips_checks = ds_node_has_defect(node, "skips_checks"),
        .ignores_nomination = ds_node_has_defect(node, "ignores_nomination"),
    };
    return ds_media_use_ice(media, how, why);
}

const struct ds_ice_spec *ds_ice_to_say(const struct ds_media *media,
                                        const struct ds_sdp_media *answers,
                                        struct ds_ice_spec *room)
{
    bool wanted = answers == NULL || answers->ice_ufrag.len > 0;
    return wanted && ds_media_ice_spec(media, room) ? room : NULL;
}

void ds_end_gathered(void *owner)
{
    struct ds_end *end = owner;
    struct ds_why why = {""};
    int status = end->waits_to_answer;
    ds_rc rc = DS_OK;
    end->waits_to_answer = 0;
    ds_end_go_by_internet(end);
    if (end->waits_to_invite)
        rc = ds_end_invite(end, &why);
    else if (status != 0)
        rc = status == 183 ? ds_end_early_media(end, &why) : ds_end_answer(end, &why);
    if (rc != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
}
