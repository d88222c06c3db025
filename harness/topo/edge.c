#include "topo_internal.h"

/* The A/V Edge: where it is reached from outside, with which credentials; and who, of those on
 * either side of the enterprise's wall, reaches whom without it. */

#define PORT          3478 /* of TURN: domain.md 1.8 */
#define MOST_USER     64
#define MOST_PASSWORD 128

static const struct ds_site *site_of(const struct ds_topo *topo, struct ds_addr at)
{
    for (size_t i = 0; ds_addr_is_v4(&at) && i < topo->site_count; i++)
        if ((ds_addr_ip4(&at) & topo->sites[i].mask) == topo->sites[i].net)
            return &topo->sites[i];
    return NULL;
}

static ds_rc check_address(const struct ds_load *load, const struct ds_topo_node *node, int line)
{
    const struct ds_site *site = site_of(load->topo, node->av);
    const struct ds_topo_node *other = ds_topo_at(load->topo, node->av);
    if (site == NULL || !site->external)
        return ds_refuse(load, line,
                         "the av address of '%s' must lie in the net of an external site: clients "
                         "outside reach it there",
                         node->name);
    if (other != NULL && other != node)
        return ds_refuse(load, line, "'%s' and the av address of '%s' are the same, %s",
                         other->name, node->name, ds_addr_ip_text(node->av).text);
    return DS_OK;
}

static ds_rc load_address(const struct ds_load *load, struct ds_topo_node *node, const char *text)
{
    int line = ds_value_line(ds_node_value(load, node), "av");
    struct ds_addr at;
    uint32_t ip = 0;
    if (ds_addr_parse_ip(ds_slice_of(text), &at) != DS_OK || !ds_addr_is_v4(&at))
        return ds_refuse(load, line, "the av address of '%s' must be IPv4, and '%.40s' is not",
                         node->name, text);
    ds_rc rc = ds_address_shift(load, line, ds_addr_ip4(&at), &ip);
    if (rc != DS_OK)
        return rc;
    node->av = ds_addr_v4(ip, PORT);
    return check_address(load, node, line);
}

/* "user:password" */
static ds_rc
load_credentials(const struct ds_load *load, struct ds_topo_node *node, const char *text)
{
    int line = ds_value_line(ds_node_value(load, node), "credentials");
    struct ds_slice rest = ds_slice_of(text), user = {NULL, 0};
    bool both = text != NULL && ds_slice_cut(&rest, ':', &user) && user.len > 0 && rest.len > 0;
    if (!both || user.len > MOST_USER || rest.len > MOST_PASSWORD)
        return ds_refuse(load, line,
                         "an edge with an av address needs credentials, as in \"user:password\" "
                         "(at most %d and %d characters), and '%s' has none of that form",
                         MOST_USER, MOST_PASSWORD, node->name);
    node->av_user = ds_arena_copy(load->arena, user);
    node->av_password = ds_arena_copy(load->arena, rest);
    return node->av_user == NULL || node->av_password == NULL ? ds_fail_memory(load->why) : DS_OK;
}

static ds_rc load_edge(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    const char *av = ds_value_text(value, "av"), *text = ds_value_text(value, "credentials");
    const char *word = av != NULL ? "av" : "credentials";
    if (av == NULL && text == NULL)
        return DS_OK;
    if (node->role != DS_ROLE_EDGE)
        return ds_refuse(load, ds_value_line(value, word), "only an edge has %s, and '%s' is a %s",
                         word, node->name, ds_role_name(node->role));
    if (av == NULL)
        return ds_refuse(load, ds_value_line(value, word),
                         "'%s' has credentials and no av address to use them at", node->name);
    node->av_real = ds_value_flag(value, "av_real", false);
    ds_rc rc = load_address(load, node, av);
    return rc == DS_OK ? load_credentials(load, node, text) : rc;
}

ds_rc ds_load_edges(struct ds_load *load)
{
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++)
        rc = load_edge(load, &load->nodes[i]);
    return rc;
}

/* ---- who reaches whom ---- */

const struct ds_topo_node *ds_topo_av_edge(const struct ds_topo *topo)
{
    for (size_t i = 0; i < topo->node_count; i++)
        if (topo->nodes[i].av.port != 0)
            return &topo->nodes[i];
    return NULL;
}

bool ds_topo_reaches(const struct ds_topo *topo, struct ds_addr from, struct ds_addr to)
{
    const struct ds_site *near = site_of(topo, from), *far = site_of(topo, to);
    if (ds_topo_av_edge(topo) == NULL || near == NULL || far == NULL)
        return true;
    return near->external == far->external || near->routed || far->routed;
}
