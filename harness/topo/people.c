#include "topo_internal.h"

#include <string.h>

/* Teams, and who moves from a phone to a client. */

const struct ds_topo_node *ds_topo_successor(const struct ds_topo *topo,
                                             const struct ds_topo_node *phone)
{
    for (size_t i = 0; phone != NULL && i < topo->node_count; i++)
        if (topo->nodes[i].moves_from == phone)
            return &topo->nodes[i];
    return NULL;
}

bool ds_topo_same_person(const struct ds_topo_node *a, const struct ds_topo_node *b)
{
    return a != NULL && b != NULL && (a == b || a->moves_from == b || b->moves_from == a);
}

static ds_rc
load_team(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    const char *team = ds_value_text(value, "team");
    int line = ds_value_line(value, "team");
    node->team = team;
    if (team == NULL)
        return DS_OK;
    if (node->role != DS_ROLE_CLIENT && node->role != DS_ROLE_PHONE)
        return ds_refuse(load, line, "'%s' is a %s and in no team", node->name,
                         ds_role_name(node->role));
    if (!ds_is_name(team))
        return ds_refuse(load, line, "'%.40s' is no team: a to z, then a to z, 0 to 9 and _", team);
    return DS_OK;
}

/* What a client takes over is not said of it again. */
static ds_rc refuse_own(const struct ds_load *load,
                        const struct ds_value *value,
                        const struct ds_topo_node *node)
{
    static const char *const taken_over[] = {"number", "extension", "team", "user", "controls"};
    for (size_t i = 0; i < DS_COUNT(taken_over); i++)
        if (ds_value_get(value, taken_over[i]) != NULL)
            return ds_refuse(load, ds_value_line(value, taken_over[i]),
                             "'%s' moves from '%s' and has no '%s' of its own", node->name,
                             node->moves_from->name, taken_over[i]);
    return DS_OK;
}

static ds_rc
load_phone(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    const char *name = ds_value_text(value, "moves_from");
    int line = ds_value_line(value, "moves_from");
    const struct ds_topo_node *phone = ds_topo_find(load->topo, ds_slice_of(name));
    if (node->role != DS_ROLE_CLIENT)
        return ds_refuse(load, line, "'%s' is a %s: only a client takes over from a phone",
                         node->name, ds_role_name(node->role));
    if (phone == NULL || phone->role != DS_ROLE_PHONE)
        return ds_refuse(load, line, "'%s' moves from '%.40s', which is no phone", node->name,
                         name);
    const struct ds_topo_node *other = ds_topo_successor(load->topo, phone);
    if (other != NULL)
        return ds_refuse(load, line, "'%s' and '%s' both move from '%s'", other->name, node->name,
                         phone->name);
    node->moves_from = phone;
    return refuse_own(load, value, node);
}

ds_rc ds_load_person(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    ds_rc rc = load_team(load, value, node);
    if (rc != DS_OK || ds_value_get(value, "moves_from") == NULL)
        return rc;
    rc = load_phone(load, value, node);
    if (rc != DS_OK)
        return rc;
    /* The phone's own may not have been read yet. */
    value = ds_node_value(load, node->moves_from);
    node->number = ds_value_text(value, "number");
    node->extension = ds_value_text(value, "extension");
    node->team = ds_value_text(value, "team");
    node->user = node;
    node->away = true;
    return DS_OK;
}

bool ds_topo_is_first_device(const struct ds_topo_node *node)
{
    return node->moves_from == NULL && (node->user == NULL || node->user == node);
}
