#include "topo_internal.h"

#include <string.h>

/* Remote call control: a client that is the computer of a telephone's user, and controls that
   telephone through its PBX. It has no line of its own. */

static ds_rc load_pbx(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    int line = ds_value_line(value, "csta");
    node->csta = ds_value_flag(value, "csta", false);
    if (!node->csta)
        return DS_OK;
    if (node->role != DS_ROLE_PBX)
        return ds_refuse(load, line, "'%s' is a %s: only a pbx takes remote call control",
                         node->name, ds_role_name(node->role));
    if (ds_topo_port(node, DS_TLS) == 0 && ds_topo_port(node, DS_TCP) == 0)
        return ds_refuse(load, line,
                         "'%s' takes remote call control over tcp or tls, and listens at neither",
                         node->name);
    return DS_OK;
}

static ds_rc check_line(const struct ds_load *load,
                        const struct ds_topo_node *node,
                        const struct ds_topo_node *phone,
                        int line)
{
    const char *home = ds_value_text(ds_node_value(load, phone), "home");
    const struct ds_topo_node *pbx =
        home == NULL ? NULL : ds_topo_find(load->topo, ds_slice_of(home));
    if (pbx == NULL || !ds_value_flag(ds_node_value(load, pbx), "csta", false))
        return ds_refuse(load, line,
                         "'%s' controls '%s', whose PBX takes no remote call control (csta = true)",
                         node->name, phone->name);
    for (const struct ds_topo_node *other = load->nodes; other < node; other++)
        if (other->controls == phone)
            return ds_refuse(load, line, "'%s' and '%s' both control '%s'", other->name, node->name,
                             phone->name);
    return DS_OK;
}

static ds_rc load_client(const struct ds_load *load, struct ds_topo_node *node)
{
    static const char *const others[] = {"number", "extension", "user"};
    const struct ds_value *value = ds_node_value(load, node);
    const char *name = ds_value_text(value, "controls");
    int line = ds_value_line(value, "controls");
    if (name == NULL)
        return DS_OK;
    const struct ds_topo_node *phone = ds_topo_find(load->topo, ds_slice_of(name));
    if (node->role != DS_ROLE_CLIENT || phone == NULL || phone->role != DS_ROLE_PHONE)
        return ds_refuse(load, line, "'%s' cannot control '%.40s': a client controls a phone",
                         node->name, name);
    for (size_t i = 0; i < DS_COUNT(others); i++)
        if (ds_value_get(value, others[i]) != NULL)
            return ds_refuse(load, ds_value_line(value, others[i]),
                             "'%s' controls '%s' and has no %s of its own", node->name, phone->name,
                             others[i]);
    ds_rc rc = check_line(load, node, phone, line);
    node->controls = phone;
    return rc;
}

ds_rc ds_load_control(struct ds_load *load)
{
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++)
        rc = load_pbx(load, &load->nodes[i]);
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++)
        rc = load_client(load, &load->nodes[i]);
    return rc;
}
