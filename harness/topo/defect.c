#include "topo_internal.h"

#include <string.h>

/* Misbehaviours asked for: in the file, at a node; or by the choice, at a node or at a whole role.
 * Which names exist is the roles' business. */

static ds_rc
add_defect(const struct ds_load *load, struct ds_topo_node *node, const char *name, int line)
{
    if (!ds_is_name(name))
        return ds_refuse(load, line, "'%.40s' is no name of a defect", name);
    for (size_t i = 0; i < node->defect_count; i++) {
        if (strcmp(node->defects[i], name) == 0)
            return DS_OK;
    }
    if (node->defect_count == DS_NODE_MAX_DEFECTS)
        return ds_refuse(load, line, "'%s' can have at most %d defects", node->name,
                         DS_NODE_MAX_DEFECTS);
    node->defects[node->defect_count++] = name;
    return DS_OK;
}

static ds_rc load_written(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *list = ds_value_get(ds_node_value(load, node), "defects");
    if (list == NULL)
        return DS_OK;
    ds_rc rc = ds_list_check(load, list, "defects", DS_TEXT, DS_NODE_MAX_DEFECTS);
    for (const struct ds_value *item = list->first; item != NULL && rc == DS_OK; item = item->next)
        rc = add_defect(load, node, item->text, item->line);
    return rc;
}

/* A node's name goes before a role's: "pool:…" means the node pool where there is one. */
static ds_rc add_chosen(const struct ds_load *load, const char *chosen)
{
    struct ds_slice rest = ds_slice_of(chosen), who;
    enum ds_role_kind role = DS_ROLE_COUNT;
    size_t found = 0;
    ds_rc rc = DS_OK;
    ds_assert(load->nodes != NULL);
    if (!ds_slice_cut(&rest, ':', &who) || rest.len == 0)
        return ds_refuse(load, load->root->line,
                         "the defect '%.40s' must be written node:defect or role:defect", chosen);
    const struct ds_topo_node *node = ds_topo_find(load->topo, who);
    const char *name = ds_arena_copy(load->arena, rest);
    if (name == NULL)
        return ds_fail_memory(load->why);
    if (node == NULL)
        ds_role_parse(who, &role);
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++) {
        if (&load->nodes[i] != node && load->nodes[i].role != role)
            continue;
        rc = add_defect(load, &load->nodes[i], name, load->nodes[i].line);
        found++;
    }
    if (found == 0)
        return ds_refuse(load, ds_value_line(load->root, "nodes"),
                         "the defect '%.40s' is for no node and no role of this file", chosen);
    return rc;
}

ds_rc ds_load_defects(struct ds_load *load)
{
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++)
        rc = load_written(load, &load->nodes[i]);
    for (size_t i = 0; i < load->choice->defect_count && rc == DS_OK; i++)
        rc = add_chosen(load, load->choice->defects[i]);
    return rc;
}
