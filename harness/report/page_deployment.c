#include "report_internal.h"

/* What stands where, for the drawing of a deployment. */

static void print_site(struct ds_json *json, const struct ds_site *site)
{
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "name", site->name);
    ds_json_text(json, "net", ds_addr_ip_text(ds_addr_v4(site->net, 0)).text);
    ds_json_text(json, "mask", ds_addr_ip_text(ds_addr_v4(site->mask, 0)).text);
    ds_json_text(json, "bypass_id", site->bypass_id);
    ds_json_flag(json, "external", site->external);
    ds_json_end(json, '}');
}

static void print_node(struct ds_json *json, const struct ds_topo_node *node)
{
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "name", node->name);
    ds_json_text(json, "role", ds_role_name(node->role));
    ds_json_text(json, "site", node->site->name);
    ds_json_text(json, "address", ds_addr_ip_text(node->at).text);
    ds_json_text(json, "fqdn", node->fqdn);
    ds_json_text(json, "number", node->number);
    ds_json_text(json, "home", node->home == NULL ? "" : node->home->name);
    ds_json_flag(json, "real", node->real);
    ds_json_begin(json, "defects", '[');
    for (size_t i = 0; i < node->defect_count; i++)
        ds_json_text(json, NULL, node->defects[i]);
    ds_json_end(json, ']');
    ds_json_end(json, '}');
}

static void print_trunk(struct ds_json *json, const struct ds_trunk *trunk)
{
    bool is_sip = trunk->kind == DS_TRUNK_SIP;
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "a", trunk->a->name);
    ds_json_text(json, "b", trunk->b->name);
    ds_json_text(json, "kind", is_sip ? ds_transport_name(trunk->transport) : "TDM");
    ds_json_flag(json, "bypass", trunk->bypass);
    ds_json_end(json, '}');
}

void ds_page_deployment(const struct ds_topo *topo, struct ds_buf *out)
{
    struct ds_json json = {.in_page = true};
    ds_json_begin(&json, NULL, '{');
    ds_json_text(&json, "name", topo->name);
    ds_json_text(&json, "variant", topo->variant);
    ds_json_text(&json, "summary", topo->summary);
    ds_json_text(&json, "option", ds_option_name(topo->option));
    ds_json_flag(&json, "bypass", topo->bypass_enabled);
    ds_json_begin(&json, "sites", '[');
    for (size_t i = 0; i < topo->site_count; i++)
        print_site(&json, &topo->sites[i]);
    ds_json_end(&json, ']');
    ds_json_begin(&json, "nodes", '[');
    for (size_t i = 0; i < topo->node_count; i++)
        print_node(&json, &topo->nodes[i]);
    ds_json_end(&json, ']');
    ds_json_begin(&json, "trunks", '[');
    for (size_t i = 0; i < topo->trunk_count; i++)
        print_trunk(&json, &topo->trunks[i]);
    ds_json_end(&json, ']');
    ds_json_end(&json, '}');
    ds_move(out, &json.out);
}
