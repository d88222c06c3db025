#include "topo_internal.h"

#include <string.h>

static const struct ds_field range_fields[] = {{"to", DS_TEXT}, {"party", DS_TEXT}};
static const struct ds_field plan_fields[] = {{"to", DS_TEXT},
                                              {"becomes", DS_TEXT},
                                              {"from", DS_TEXT}};
static const struct ds_field route_fields[] = {
    {"at", DS_TEXT},      {"from", DS_TEXT},           {"to", DS_TEXT},
    {"becomes", DS_TEXT}, {"via", DS_TEXT | DS_TABLE}, {"usages", DS_TABLE},
    {"caller", DS_TEXT},  {"site", DS_TEXT},           {"spread", DS_FLAG},
};

#define MOST_RULES 512

ds_rc ds_load_number_rule(const struct ds_load *load,
                          const struct ds_value *value,
                          const char *noun,
                          struct ds_number_rule *rule)
{
    if (ds_value_item(value, 1) != NULL)
        return ds_names_check(load, value, noun);
    rule->pattern = ds_value_text(value, "to");
    rule->replace = ds_value_text(value, "becomes");
    if (rule->pattern == NULL)
        return ds_refuse(load, value->line, "%s needs to: the pattern of a number", noun);
    return ds_rule_check(load, ds_value_line(value, "to"), rule);
}

ds_rc ds_load_rewriting(const struct ds_load *load,
                        const struct ds_value *value,
                        const char *noun,
                        struct ds_number_rule *rule)
{
    ds_rc rc = ds_load_number_rule(load, value, noun, rule);
    if (rc == DS_OK && rule->replace == NULL)
        rc = ds_refuse(load, value->line, "%s needs becomes: the number meant", noun);
    return rc;
}

static const struct {
    const char *word;
    enum ds_role_kind role;
} parties[] = {{"ev", DS_ROLE_CLIENT},
               {"pbx", DS_ROLE_PHONE},
               {"pstn", DS_ROLE_PSTN},
               {"analogue", DS_ROLE_ANALOGUE_PHONE},
               {"fax", DS_ROLE_FAX}};

static ds_rc
load_range(const struct ds_load *load, const struct ds_value *value, struct ds_range *range)
{
    ds_rc rc = ds_fields_check(load, value, "a range", range_fields, DS_COUNT(range_fields));
    if (rc == DS_OK)
        rc = ds_load_number_rule(load, value, "a range", &range->numbers);
    if (rc != DS_OK)
        return rc;
    const char *party = ds_value_text(value, "party");
    for (size_t i = 0; party != NULL && i < DS_COUNT(parties); i++) {
        range->party = parties[i].role;
        if (strcmp(party, parties[i].word) == 0)
            return DS_OK;
    }
    return ds_refuse(
        load, ds_value_line(value, "party"),
        "a range belongs to the party \"ev\", \"pbx\", \"analogue\", \"fax\" or \"pstn\"");
}

static ds_rc load_ranges(struct ds_load *load)
{
    const struct ds_value *table = ds_value_get(load->root, "ranges");
    size_t count = ds_value_count(table), i = 0;
    if (count == 0)
        return DS_OK;
    ds_rc rc = ds_list_check(load, table, "ranges", DS_TABLE, MOST_RULES);
    struct ds_range *ranges = ds_arena_alloc(load->arena, count * sizeof *ranges);
    if (ranges == NULL)
        return ds_fail_memory(load->why);
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next)
        rc = load_range(load, value, &ranges[i++]);
    load->topo->ranges = ranges;
    load->topo->range_count = count;
    return rc;
}

static ds_rc find_named(const struct ds_load *load,
                        const struct ds_value *value,
                        const char *noun,
                        const char *field,
                        const struct ds_topo_node **out)
{
    const char *name = ds_value_text(value, field);
    *out = ds_topo_find(load->topo, ds_slice_of(name));
    if (*out == NULL)
        return ds_refuse(load, ds_value_line(value, field),
                         "the %s's %s is '%.40s', which is no node", noun, field, name);
    return DS_OK;
}

/* A dial plan of the gateway's own scope ([OVR]). */
static ds_rc
load_plan_scope(const struct ds_load *load, const struct ds_value *value, struct ds_plan_line *line)
{
    if (ds_value_get(value, "from") == NULL)
        return DS_OK;
    ds_rc rc = find_named(load, value, "dial plan", "from", &line->from);
    if (rc != DS_OK)
        return rc;
    if (ds_topo_peer_trunk(load->topo, line->from) != NULL)
        return DS_OK;
    return ds_refuse(load, ds_value_line(value, "from"),
                     "'%s' has no dial plan: it has no trunk to a Mediation Server",
                     line->from->name);
}

static ds_rc
load_plan_line(const struct ds_load *load, const struct ds_value *value, struct ds_plan_line *line)
{
    ds_rc rc =
        ds_fields_check(load, value, "a line of dial_plan", plan_fields, DS_COUNT(plan_fields));
    if (rc == DS_OK)
        rc = ds_load_rewriting(load, value, "a line of dial_plan", &line->numbers);
    return rc == DS_OK ? load_plan_scope(load, value, line) : rc;
}

static ds_rc load_dial_plan(struct ds_load *load)
{
    const struct ds_value *table = ds_value_get(load->root, "dial_plan");
    size_t count = ds_value_count(table), i = 0;
    if (count == 0)
        return DS_OK;
    ds_rc rc = ds_list_check(load, table, "dial_plan", DS_TABLE, MOST_RULES);
    struct ds_plan_line *lines = ds_arena_alloc(load->arena, count * sizeof *lines);
    if (lines == NULL)
        return ds_fail_memory(load->why);
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next)
        rc = load_plan_line(load, value, &lines[i++]);
    load->topo->dial_plan = lines;
    load->topo->dial_plan_count = count;
    return rc;
}

ds_rc ds_load_rules(struct ds_load *load)
{
    ds_rc rc = load_ranges(load);
    return rc == DS_OK ? load_dial_plan(load) : rc;
}

static ds_rc
load_site(const struct ds_load *load, const struct ds_value *value, struct ds_route *route)
{
    const char *name = ds_value_text(value, "site");
    route->site = ds_find_site(load, name);
    return name == NULL || route->site != NULL
               ? DS_OK
               : ds_refuse(load, ds_value_line(value, "site"),
                           "the route's site is '%.40s', which is no site", name);
}

static ds_rc
load_where(const struct ds_load *load, const struct ds_value *value, struct ds_route *route)
{
    if (ds_value_get(value, "at") == NULL)
        return ds_refuse(load, value->line, "a route needs at: the node that decides");
    ds_rc rc = find_named(load, value, "route", "at", &route->at);
    if (rc != DS_OK)
        return rc;
    if (route->at->home != NULL)
        return ds_refuse(load, ds_value_line(value, "at"),
                         "'%s' has no routes: it sends every call to its home '%s'",
                         route->at->name, route->at->home->name);
    if (route->at->stands_in_for != NULL)
        return ds_refuse(load, ds_value_line(value, "at"),
                         "'%s' has no routes: it stands in for '%s', and has the routes of that",
                         route->at->name, route->at->stands_in_for->name);
    if (ds_value_get(value, "from") != NULL)
        rc = find_named(load, value, "route", "from", &route->from);
    return rc == DS_OK ? load_site(load, value, route) : rc;
}

static bool is_pair(const struct ds_topo_node *a,
                    const struct ds_topo_node *b,
                    enum ds_role_kind one,
                    enum ds_role_kind other)
{
    return (a->role == one && b->role == other) || (a->role == other && b->role == one);
}

/* A pool talks to Mediation Servers and other pools without a trunk. */
static bool
can_reach(const struct ds_load *load, const struct ds_topo_node *a, const struct ds_topo_node *b)
{
    return a != b && (ds_topo_trunk(load->topo, a, b) != NULL ||
                      is_pair(a, b, DS_ROLE_POOL, DS_ROLE_MEDIATION) ||
                      is_pair(a, b, DS_ROLE_POOL, DS_ROLE_POOL));
}

static ds_rc add_hop(const struct ds_load *load,
                     const struct ds_value *value,
                     const struct ds_value *name,
                     struct ds_route *route)
{
    const struct ds_topo_node *node = ds_topo_find(load->topo, ds_slice_of(name->text));
    if (node == NULL)
        return ds_refuse(load, name->line, "the route leads to '%.40s', which is no node",
                         name->text);
    bool voice = ds_value_get(value, "usages") != NULL;
    if (voice && ds_topo_peer_trunk(load->topo, node) == NULL)
        return ds_refuse(load, name->line,
                         "the route leads to '%s', which has no trunk to a Mediation Server",
                         node->name);
    if (!voice && !can_reach(load, route->at, node))
        return ds_refuse(load, name->line, "the route leads from '%s' to '%s': no trunk joins them",
                         route->at->name, node->name);
    const struct ds_trunk *trunk = ds_topo_trunk(load->topo, route->at, node);
    if (trunk != NULL && trunk->a == route->at && !trunk->defined)
        return ds_refuse(load, name->line,
                         "the route leads from '%s' to '%s' by a trunk that is not defined there",
                         route->at->name, node->name);
    route->via[route->via_count++] = node;
    return DS_OK;
}

static ds_rc
load_hops(const struct ds_load *load, const struct ds_value *value, struct ds_route *route)
{
    const struct ds_value *via = ds_value_get(value, "via");
    if (via == NULL)
        return ds_refuse(load, value->line, "a route needs via: the next hop, or \"nowhere\"");
    if (via->kind == DS_TEXT)
        return strcmp(via->text, "nowhere") == 0 ? DS_OK : add_hop(load, value, via, route);
    ds_rc rc = ds_list_check(load, via, "via", DS_TEXT, DS_ROUTE_MAX_HOPS);
    for (const struct ds_value *item = via->first; item != NULL && rc == DS_OK; item = item->next)
        rc = add_hop(load, value, item, route);
    if (rc == DS_OK && route->via_count == 0)
        rc = ds_refuse(load, via->line, "via is empty: write \"nowhere\" to refuse the calls");
    return rc;
}

/* Who stands for the same may take turns: the members of a pool of Mediation Servers. */
static ds_rc
load_spread(const struct ds_load *load, const struct ds_value *value, struct ds_route *route)
{
    int line = ds_value_line(value, "spread");
    route->spread = ds_value_flag(value, "spread", false);
    if (route->spread && route->via_count < 2)
        return ds_refuse(load, line, "calls are spread over two next hops at least");
    for (size_t i = 0; route->spread && i < route->via_count; i++)
        if (route->via[i]->role != DS_ROLE_MEDIATION)
            return ds_refuse(load, line,
                             "calls are spread over Mediation Servers only, and '%s' is a %s",
                             route->via[i]->name, ds_role_name(route->via[i]->role));
    return DS_OK;
}

static ds_rc
load_route(const struct ds_load *load, const struct ds_value *value, struct ds_route *route)
{
    ds_rc rc = ds_fields_check(load, value, "a route", route_fields, DS_COUNT(route_fields));
    route->line = value->line;
    if (rc == DS_OK)
        rc = ds_load_number_rule(load, value, "a route", &route->rule);
    if (rc == DS_OK)
        rc = load_where(load, value, route);
    if (rc == DS_OK)
        rc = load_hops(load, value, route);
    return rc == DS_OK ? load_spread(load, value, route) : rc;
}

ds_rc ds_load_routes(struct ds_load *load)
{
    const struct ds_value *table = ds_value_get(load->root, "routes");
    size_t count = ds_value_count(table);
    if (count == 0)
        return ds_refuse(load, ds_value_line(load->root, "routes"), "the file needs routes");
    ds_rc rc = ds_list_check(load, table, "routes", DS_TABLE, MOST_RULES);
    load->routes = ds_arena_alloc(load->arena, count * sizeof *load->routes);
    if (load->routes == NULL)
        return ds_fail_memory(load->why);
    load->topo->routes = load->routes;
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next)
        rc = load_route(load, value, &load->routes[load->topo->route_count++]);
    return rc;
}

static bool applies(const struct ds_route *route, const struct ds_asked *asked)
{
    return route->at == asked->at && route->usages.count == 0 &&
           (route->from == NULL || route->from == asked->from) &&
           (route->site == NULL || route->site == asked->site);
}

/* A pool that stands in for another has the routes of that. */
static const struct ds_topo_node *whose(const struct ds_topo_node *node)
{
    return node != NULL && node->stands_in_for != NULL ? node->stands_in_for : node;
}

const struct ds_route *ds_topo_route_asked(const struct ds_topo *topo,
                                           const struct ds_asked *asked,
                                           struct ds_slice number,
                                           char *out,
                                           size_t size)
{
    const struct ds_asked as = {
        .at = whose(asked->at), .from = whose(asked->from), .site = asked->site};
    for (size_t i = 0; i < topo->route_count; i++) {
        const struct ds_route *route = &topo->routes[i];
        if (applies(route, &as) && ds_rule_apply(&route->rule, number, out, size))
            return route->via_count > 0 ? route : NULL;
    }
    return NULL;
}

const struct ds_route *ds_topo_route(const struct ds_topo *topo,
                                     const struct ds_topo_node *at,
                                     const struct ds_topo_node *from,
                                     struct ds_slice number,
                                     char *out,
                                     size_t size)
{
    struct ds_asked asked = {.at = at, .from = from};
    if (from != NULL && from->role == DS_ROLE_CLIENT)
        asked.site = from->site;
    return ds_topo_route_asked(topo, &asked, number, out, size);
}

bool ds_route_serves(const struct ds_route *route, const char *usage, struct ds_slice number)
{
    return ds_usages_have(&route->usages, usage) && ds_rule_apply(&route->rule, number, NULL, 0);
}

const struct ds_topo_node *ds_route_hop(const struct ds_route *route, size_t first, size_t tried)
{
    return tried < route->via_count ? route->via[(first + tried) % route->via_count] : NULL;
}
