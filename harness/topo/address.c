#include "topo_internal.h"

#include <string.h>

/* Where everybody stands: nets are written down, addresses may be or are given out. */

#define LOOPBACK      0x7f000000u
#define LOOPBACK_MASK 0xff000000u
#define FIRST_HOST    10 /* leaves room below for what a net keeps for itself */

static bool is_loopback(uint32_t ip)
{
    return (ip & LOOPBACK_MASK) == LOOPBACK;
}

/* Moves a loopback address by the choice's shift; others stay. */
static ds_rc shift(const struct ds_load *load, int line, uint32_t ip, uint32_t *out)
{
    uint32_t octet = ((ip >> 16) & 0xff) + load->choice->net_shift;
    *out = ip;
    if (!is_loopback(ip) || load->choice->net_shift == 0)
        return DS_OK;
    if (octet > 255)
        return ds_refuse(load, line, "moved by %u, this address leaves 127.0.0.0/8",
                         load->choice->net_shift);
    *out = (ip & 0xff00ffffu) | octet << 16;
    return DS_OK;
}

static bool parse_v4(struct ds_slice text, uint32_t *out)
{
    struct ds_addr addr;
    if (ds_addr_parse_ip(text, &addr) != DS_OK || !ds_addr_is_v4(&addr))
        return false;
    *out = ds_addr_ip4(&addr);
    return true;
}

ds_rc ds_net_parse(const struct ds_load *load, const struct ds_value *value, struct ds_site *site)
{
    const char *text = ds_value_text(value, "net");
    int line = ds_value_line(value, "net");
    struct ds_slice rest = ds_slice_of(text), ip;
    uint64_t bits = 0;
    uint32_t net = 0;
    if (text == NULL)
        return ds_refuse(load, line, "site '%s' needs a net, as in \"127.0.10.0/24\"", site->name);
    if (!ds_slice_cut(&rest, '/', &ip) || !parse_v4(ip, &net) ||
        ds_slice_number(rest, 30, &bits) != DS_OK || bits < 8)
        return ds_refuse(load, line,
                         "the net of site '%s' must look like \"127.0.10.0/24\" (/8 to /30), and "
                         "is '%.40s'",
                         site->name, text);
    site->mask = ~(uint32_t)0 << (32 - bits);
    if ((net & ~site->mask) != 0)
        return ds_refuse(load, line,
                         "the net of site '%s' must end in zeros after %u bits, and is '%s'",
                         site->name, (unsigned)bits, text);
    ds_rc rc = shift(load, line, net, &net);
    site->net = net & site->mask;
    return rc;
}

static ds_rc
check_inside(const struct ds_load *load, const struct ds_topo_node *node, int line, uint32_t ip)
{
    const struct ds_site *site = node->site;
    struct ds_addr_text text = ds_addr_ip_text(ds_addr_v4(ip, 0));
    if (!node->real && !is_loopback(ip))
        return ds_refuse(load, line,
                         "'%s' at %s is not on loopback: only a node with real = true may stand "
                         "outside 127.0.0.0/8",
                         node->name, text.text);
    if ((ip & site->mask) != site->net || ip == site->net || ip == (site->net | ~site->mask))
        return ds_refuse(load, line, "'%s' at %s is not inside the net of its site '%s'",
                         node->name, text.text, site->name);
    return DS_OK;
}

static const struct ds_topo_node *standing_at(const struct ds_load *load, uint32_t ip)
{
    return ds_topo_at(load->topo, ds_addr_v4(ip, 0));
}

static ds_rc take_written(const struct ds_load *load, struct ds_topo_node *node, const char *at)
{
    int line = ds_value_line(ds_node_value(load, node), "at");
    uint32_t ip = 0;
    if (!parse_v4(ds_slice_of(at), &ip))
        return ds_refuse(load, line, "'%s' must stand at an IPv4 address, and '%.40s' is none",
                         node->name, at);
    ds_rc rc = shift(load, line, ip, &ip);
    if (rc == DS_OK)
        rc = check_inside(load, node, line, ip);
    if (rc != DS_OK)
        return rc;
    const struct ds_topo_node *other = standing_at(load, ip);
    if (other != NULL)
        return ds_refuse(load, line, "'%s' and '%s' stand at the same address %s", other->name,
                         node->name, ds_addr_ip_text(ds_addr_v4(ip, 0)).text);
    node->at = ds_addr_v4(ip, 0);
    return DS_OK;
}

static ds_rc give_out(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_site *site = node->site;
    uint32_t ip = site->net + FIRST_HOST, end = site->net | ~site->mask;
    while (ip < end && standing_at(load, ip) != NULL)
        ip++;
    if (ip >= end)
        return ds_refuse(load, node->line, "the net of site '%s' has no address left for '%s'",
                         site->name, node->name);
    ds_rc rc = check_inside(load, node, node->line, ip);
    node->at = ds_addr_v4(ip, 0);
    return rc;
}

/* Written addresses first, so that none of them is given to another. */
ds_rc ds_load_addresses(struct ds_load *load)
{
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++) {
        const char *at = ds_value_text(ds_node_value(load, &load->nodes[i]), "at");
        if (at != NULL)
            rc = take_written(load, &load->nodes[i], at);
    }
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++) {
        if (ds_value_text(ds_node_value(load, &load->nodes[i]), "at") == NULL)
            rc = give_out(load, &load->nodes[i]);
    }
    return rc;
}

ds_rc ds_read_second_address(const struct ds_load *load,
                             const struct ds_topo_node *node,
                             const char *word,
                             bool external,
                             struct ds_addr *out)
{
    const struct ds_value *value = ds_node_value(load, node);
    const char *text = ds_value_text(value, word);
    int line = ds_value_line(value, word);
    uint32_t ip = 0;
    if (!parse_v4(ds_slice_of(text), &ip))
        return ds_refuse(load, line, "the %s address of '%s' must be IPv4, and '%.40s' is not",
                         word, node->name, text);
    ds_rc rc = shift(load, line, ip, &ip);
    if (rc != DS_OK)
        return rc;
    *out = ds_addr_v4(ip, 0);
    const struct ds_site *site = ds_topo_site_at(load->topo, *out);
    const struct ds_topo_node *other = standing_at(load, ip);
    if (site == NULL || site->external != external)
        return ds_refuse(load, line, "the %s address of '%s' must lie in the net of %s site", word,
                         node->name, external ? "an external" : "an internal");
    if (other != NULL)
        return ds_refuse(load, line, "'%s' and the %s address of '%s' are the same, %s",
                         other->name, word, node->name, ds_addr_ip_text(*out).text);
    return DS_OK;
}
