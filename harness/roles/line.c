#include "roles_internal.h"

#include <stdio.h>
#include <string.h>

extern const struct ds_line ds_client_line, ds_pstn_line;

const struct ds_line *ds_line_of(const struct ds_node *node)
{
    switch (node->place->role) {
    case DS_ROLE_CLIENT:
        return &ds_client_line;
    case DS_ROLE_PHONE:
        return &ds_phone_line;
    case DS_ROLE_PSTN:
        return &ds_pstn_line;
    case DS_ROLE_ANALOGUE_PHONE:
    case DS_ROLE_FAX:
        return &ds_analogue_line;
    case DS_ROLE_EDGE:
    case DS_ROLE_POOL:
    case DS_ROLE_MEDIATION:
    case DS_ROLE_GATEWAY:
    case DS_ROLE_PBX:
    case DS_ROLE_ANALOGUE_GATEWAY:
    case DS_ROLE_SBC:
    case DS_ROLE_UM:
    case DS_ROLE_CONFERENCING:
    case DS_ROLE_CALL_PARK:
    case DS_ROLE_COUNT:
        break;
    }
    return NULL;
}

ds_rc ds_line_call_home(struct ds_end *end,
                        const struct ds_dial *dial,
                        struct ds_invite *invite,
                        struct ds_why *why)
{
    const struct ds_topo_node *place = end->node->place;
    struct ds_addr_text home = ds_addr_ip_text(place->home->at);
    if (dial->from != NULL)
        return ds_fail(why, DS_BAD, "%s calls from its own number: only the pstn has others",
                       place->name);
    snprintf(end->to_uri, sizeof end->to_uri, "sip:%s@%s", dial->number, home.text);
    snprintf(end->from_uri, sizeof end->from_uri, "sip:%s@%s", place->number, home.text);
    end->hop = ds_node_hop(place->home, DS_UDP, 0);
    invite->to_uri = end->to_uri;
    invite->from_uri = end->from_uri;
    invite->hop = &end->hop;
    return DS_OK;
}

ds_rc ds_line_write_uri(struct ds_end *end, const char *uri, struct ds_why *why)
{
    if (ds_slice_copy(ds_slice_of(uri), end->to_uri, sizeof end->to_uri))
        return DS_OK;
    return ds_fail(why, DS_BAD, "an address of more than %zu letters is called by nobody here",
                   sizeof end->to_uri - 1);
}

void ds_line_write_referral(struct ds_end *end, const struct ds_dial *dial)
{
    static const char *const names[] = {"Referred-By", "Replaces"};
    const char *const values[] = {dial->referred_by, dial->replaces};
    for (size_t i = 0; i < DS_COUNT(names); i++) {
        size_t len = strlen(end->headers);
        if (values[i] != NULL && values[i][0] != '\0')
            snprintf(end->headers + len, sizeof end->headers - len, "%s: %s\r\n", names[i],
                     values[i]);
    }
}
