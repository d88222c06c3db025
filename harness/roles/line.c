#include "roles_internal.h"

extern const struct ds_line ds_client_line, ds_phone_line, ds_pstn_line;

const struct ds_line *ds_line_of(const struct ds_node *node)
{
    switch (node->place->role) {
    case DS_ROLE_CLIENT:
        return &ds_client_line;
    case DS_ROLE_PHONE:
        return &ds_phone_line;
    case DS_ROLE_PSTN:
        return &ds_pstn_line;
    case DS_ROLE_EDGE:
    case DS_ROLE_POOL:
    case DS_ROLE_MEDIATION:
    case DS_ROLE_GATEWAY:
    case DS_ROLE_PBX:
    case DS_ROLE_COUNT:
        break;
    }
    return NULL;
}
