#include "topo_internal.h"

/* Between outside and inside: where the A/V Edge is reached from outside, with which credentials;
 * which clients are behind a translator of addresses; and who reaches whom without the Edge. */

#define PORT          3478 /* of TURN: domain.md 1.8 */
#define MOST_USER     64
#define MOST_PASSWORD 128

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
    struct ds_addr at;
    ds_rc rc = ds_read_second_address(load, node, "av", true, &at);
    if (rc != DS_OK)
        return rc;
    node->av = at;
    node->av.port = PORT;
    return load_credentials(load, node, text);
}

static ds_rc load_nat(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    struct ds_addr at;
    if (ds_value_text(value, "nat") == NULL)
        return DS_OK;
    if (node->role != DS_ROLE_CLIENT || !node->site->external)
        return ds_refuse(load, ds_value_line(value, "nat"),
                         "'%s' cannot be behind a nat: only clients of an external site can",
                         node->name);
    if (ds_topo_av_edge(load->topo) == NULL)
        return ds_refuse(load, ds_value_line(value, "nat"),
                         "'%s' is behind a nat, and no edge has an av address: nothing would be "
                         "translated",
                         node->name);
    ds_rc rc = ds_read_second_address(load, node, "nat", true, &at);
    if (rc != DS_OK)
        return rc;
    node->nat = at;
    node->has_nat = true;
    return DS_OK;
}

ds_rc ds_load_outside(struct ds_load *load)
{
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++)
        rc = load_edge(load, &load->nodes[i]);
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++)
        rc = load_nat(load, &load->nodes[i]);
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

/* Where others see its datagrams come from: its translator's address, or its own. */
static struct ds_addr seen_at(const struct ds_topo_node *node)
{
    return node->has_nat ? node->nat : node->at;
}

static bool is_hidden(const struct ds_topo *topo, struct ds_addr at)
{
    const struct ds_topo_node *node = ds_topo_at(topo, at);
    return node != NULL && node->has_nat && ds_addr_same_ip(node->at, at);
}

bool ds_topo_reaches(const struct ds_topo *topo, struct ds_addr from, struct ds_addr to)
{
    const struct ds_site *near = ds_topo_site_at(topo, from), *far = ds_topo_site_at(topo, to);
    if (ds_topo_av_edge(topo) == NULL || near == NULL || far == NULL)
        return true;
    if (is_hidden(topo, to))
        return false;
    return near->external == far->external || near->routed || far->routed;
}

const struct ds_topo_node *ds_topo_edge_between(const struct ds_topo *topo,
                                                const struct ds_topo_node *from,
                                                const struct ds_topo_node *to)
{
    bool reaches = ds_topo_reaches(topo, seen_at(from), seen_at(to));
    return reaches ? NULL : ds_topo_av_edge(topo);
}
