#include "topo_internal.h"

#include <string.h>

/* Who may call out by which routes: domain.md 3.2. A usage is a word that joins the two: a user's
   voice policy, or a trunk, lists usages, and a route of the pool is for some. */

bool ds_usages_have(const struct ds_usages *usages, const char *name)
{
    for (size_t i = 0; i < usages->count; i++)
        if (strcmp(usages->names[i], name) == 0)
            return true;
    return false;
}

const struct ds_trunk *ds_topo_peer_trunk(const struct ds_topo *topo,
                                          const struct ds_topo_node *peer)
{
    for (size_t i = 0; i < topo->trunk_count; i++)
        if (topo->trunks[i].b == peer && topo->trunks[i].a->role == DS_ROLE_MEDIATION)
            return &topo->trunks[i];
    return NULL;
}

/* ---- lists of usages ---- */

static ds_rc
load_list(const struct ds_load *load, const struct ds_value *list, struct ds_usages *out)
{
    *out = (struct ds_usages){.count = 0};
    if (list == NULL)
        return DS_OK;
    ds_rc rc = ds_list_check(load, list, list->name, DS_TEXT, DS_USAGES_MOST);
    for (const struct ds_value *item = list->first; item != NULL && rc == DS_OK;
         item = item->next) {
        if (!ds_is_name(item->text))
            rc = ds_refuse(load, item->line,
                           "'%.40s' is no name: a to z, then a to z, 0 to 9 and _", item->text);
        else if (ds_usages_have(out, item->text))
            rc = ds_refuse(load, item->line, "the usage '%s' stands here twice", item->text);
        else
            out->names[out->count++] = item->text;
    }
    return rc;
}

bool ds_usage_is_served(const struct ds_topo *topo, const char *usage)
{
    for (size_t i = 0; i < topo->route_count; i++)
        if (ds_usages_have(&topo->routes[i].usages, usage))
            return true;
    return false;
}

/* Of a user, a trunk or a site: a usage that no route is for is a slip of the pen. */
ds_rc ds_load_admitted(const struct ds_load *load,
                       const struct ds_value *list,
                       struct ds_usages *out)
{
    ds_rc rc = load_list(load, list, out);
    for (size_t i = 0; i < out->count && rc == DS_OK; i++)
        if (!ds_usage_is_served(load->topo, out->names[i]))
            rc = ds_refuse(load, list->line, "no route is for the usage '%s'", out->names[i]);
    return rc;
}

/* ---- routes ---- */

static ds_rc
load_caller(const struct ds_load *load, const struct ds_value *value, struct ds_route *route)
{
    route->caller = ds_value_text(value, "caller");
    if (route->caller == NULL)
        return DS_OK;
    if (route->usages.count == 0)
        return ds_refuse(load, ds_value_line(value, "caller"),
                         "only a route with usages shows another caller");
    if (!ds_is_e164(route->caller))
        return ds_refuse(load, ds_value_line(value, "caller"),
                         "the route's caller must be + and 7 to 15 digits, and is '%.40s'",
                         route->caller);
    return DS_OK;
}

static ds_rc check_voice_route(const struct ds_load *load,
                               const struct ds_value *value,
                               const struct ds_route *route)
{
    static const char *const strange[] = {"from", "becomes"};
    if (route->at->role != DS_ROLE_POOL)
        return ds_refuse(load, ds_value_line(value, "usages"),
                         "'%s' is a %s: only a pool's routes have usages", route->at->name,
                         ds_role_name(route->at->role));
    for (size_t i = 0; i < DS_COUNT(strange); i++)
        if (ds_value_get(value, strange[i]) != NULL)
            return ds_refuse(load, ds_value_line(value, strange[i]),
                             "a route with usages has no %s: %s", strange[i],
                             i == 0 ? "usages say whose calls it takes"
                                    : "trunks rewrite numbers, with called");
    if (route->via_count == 0)
        return ds_refuse(load, ds_value_line(value, "via"),
                         "a route with usages leads to peers of the Mediation Server");
    return DS_OK;
}

static ds_rc
load_route(const struct ds_load *load, const struct ds_value *value, struct ds_route *route)
{
    const struct ds_value *usages = ds_value_get(value, "usages");
    ds_rc rc = load_list(load, usages, &route->usages);
    if (rc == DS_OK && usages != NULL && route->usages.count == 0)
        rc = ds_refuse(load, usages->line, "usages is empty: nobody's calls would take the route");
    if (rc == DS_OK && usages != NULL)
        rc = check_voice_route(load, value, route);
    load->topo->by_usages |= usages != NULL;
    return rc == DS_OK ? load_caller(load, value, route) : rc;
}

/* Routes with usages and without would leave open which of them come first. */
static ds_rc check_all_have_usages(const struct ds_load *load)
{
    for (size_t i = 0; i < load->topo->route_count; i++) {
        const struct ds_route *route = &load->routes[i];
        if (load->topo->by_usages && route->at->role == DS_ROLE_POOL && route->usages.count == 0)
            return ds_refuse(load, route->line,
                             "other routes of '%s' have usages, and this one needs some too",
                             route->at->name);
    }
    return DS_OK;
}

/* ---- who may ---- */

static ds_rc load_policies(const struct ds_load *load)
{
    struct ds_usages of_all;
    ds_rc rc = ds_load_admitted(load, ds_value_get(load->root, "voice_policy"), &of_all);
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++) {
        struct ds_topo_node *node = &load->nodes[i];
        const struct ds_value *own = ds_value_get(ds_node_value(load, node), "voice_policy");
        if (own != NULL && node->user != node)
            rc = ds_refuse(load, own->line,
                           "'%s' has no voice_policy: only a client with a number of its own is a "
                           "user",
                           node->name);
        else if (own != NULL)
            rc = ds_load_admitted(load, own, &node->voice_policy);
        else if (node->user == node)
            node->voice_policy = of_all;
    }
    return rc;
}

static ds_rc load_trunk_usages(const struct ds_load *load)
{
    const struct ds_value *value = ds_value_get(load->root, "trunks")->first;
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->trunk_count && rc == DS_OK; i++, value = value->next)
        rc = ds_load_admitted(load, ds_value_get(value, "usages"), &load->trunks[i].usages);
    return rc;
}

ds_rc ds_load_usages(struct ds_load *load)
{
    const struct ds_value *value = ds_value_get(load->root, "routes")->first;
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->route_count && rc == DS_OK; i++, value = value->next)
        rc = load_route(load, value, &load->routes[i]);
    if (rc == DS_OK)
        rc = check_all_have_usages(load);
    if (rc == DS_OK)
        rc = load_policies(load);
    return rc == DS_OK ? load_trunk_usages(load) : rc;
}
