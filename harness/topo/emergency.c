#include "topo_internal.h"

#include <stdio.h>
#include <string.h>

/* Emergency calls: the location policies of sites and users, and where sites are (domain.md 3.6).
 */

static const struct ds_field policy_fields[] = {{"number", DS_TEXT},
                                                {"masks", DS_TABLE},
                                                {"usage", DS_TEXT}};

static const struct ds_field address_fields[] = {{"country", DS_TEXT},
                                                 {"city", DS_TEXT},
                                                 {"street", DS_TEXT}};

/* ---- looking ---- */

bool ds_location_policy_has(const struct ds_location_policy *policy, struct ds_slice dialled)
{
    if (policy == NULL)
        return false;
    bool full = dialled.len > 0 && dialled.at[0] == '+';
    if (ds_slice_equal(dialled, ds_slice_of(policy->number + (full ? 0 : 1))))
        return true;
    for (size_t i = 0; i < policy->mask_count; i++)
        if (ds_slice_equal(dialled, ds_slice_of(policy->masks[i])))
            return true;
    return false;
}

const struct ds_location_policy *ds_topo_emergency(const struct ds_topo_node *client,
                                                   struct ds_slice dialled)
{
    const struct ds_location_policy *policy = client->site->location_policy;
    if (policy == NULL && client->user != NULL)
        policy = client->user->location_policy;
    return ds_location_policy_has(policy, dialled) ? policy : NULL;
}

bool ds_topo_is_emergency(const struct ds_topo *topo, struct ds_slice number)
{
    for (size_t i = 0; i < topo->location_policy_count; i++)
        if (ds_slice_equal(number, ds_slice_of(topo->location_policies[i].number)))
            return true;
    return false;
}

const struct ds_site *ds_topo_elin_site(const struct ds_topo *topo, struct ds_slice number)
{
    for (size_t i = 0; i < topo->site_count; i++)
        if (topo->sites[i].elin != NULL && ds_slice_equal(number, ds_slice_of(topo->sites[i].elin)))
            return &topo->sites[i];
    return NULL;
}

/* ---- policies ---- */

static bool is_dialled(const char *text)
{
    size_t len = strlen(text);
    return len >= 2 && len <= 15 && strspn(text, "0123456789") == len;
}

static ds_rc load_masks(const struct ds_load *load,
                        const struct ds_value *value,
                        struct ds_location_policy *policy)
{
    const struct ds_value *list = ds_value_get(value, "masks");
    if (list == NULL)
        return DS_OK;
    ds_rc rc = ds_list_check(load, list, "masks", DS_TEXT, DS_MASKS_MOST);
    for (const struct ds_value *item = list->first; item != NULL && rc == DS_OK;
         item = item->next) {
        if (!is_dialled(item->text))
            rc = ds_refuse(load, item->line, "a mask is 2 to 15 digits, and this one is '%.40s'",
                           item->text);
        else
            policy->masks[policy->mask_count++] = item->text;
    }
    return rc;
}

static ds_rc load_usage(const struct ds_load *load,
                        const struct ds_value *value,
                        struct ds_location_policy *policy)
{
    const char *usage = ds_value_text(value, "usage");
    if (usage == NULL)
        return ds_refuse(load, value->line,
                         "the location policy '%s' needs a usage, which says by which trunk its "
                         "calls leave",
                         policy->name);
    if (!ds_usage_is_served(load->topo, usage))
        return ds_refuse(load, ds_value_line(value, "usage"), "no route is for the usage '%.40s'",
                         usage);
    policy->usages = (struct ds_usages){.names = {usage}, .count = 1, .anywhere = true};
    return DS_OK;
}

static ds_rc load_policy(const struct ds_load *load,
                         const struct ds_value *value,
                         struct ds_location_policy *policy)
{
    char noun[64];
    policy->name = value->name;
    if (value->kind != DS_TABLE)
        return ds_refuse(load, value->line, "location policy '%.40s' must be a table, and is %s",
                         value->name, ds_kind_name(value->kind));
    snprintf(noun, sizeof noun, "location policy '%.31s'", value->name);
    ds_rc rc = ds_names_check(load, value, noun);
    if (rc == DS_OK)
        rc = ds_fields_check(load, value, noun, policy_fields, DS_COUNT(policy_fields));
    if (rc != DS_OK)
        return rc;
    policy->number = ds_value_text(value, "number");
    if (policy->number == NULL || policy->number[0] != '+' || !is_dialled(policy->number + 1))
        return ds_refuse(load, ds_value_line(value, "number"),
                         "the number of %s must be + and 2 to 15 digits, as in \"+911\"", noun);
    rc = load_masks(load, value, policy);
    return rc == DS_OK ? load_usage(load, value, policy) : rc;
}

struct policies {
    const struct ds_load *load;
    struct ds_location_policy *list;
    size_t count;
};

static ds_rc load_policies(struct policies *policies)
{
    const struct ds_load *load = policies->load;
    const struct ds_value *table = ds_value_get(load->root, "location_policies");
    size_t count = ds_value_count(table);
    if (count == 0)
        return DS_OK;
    ds_rc rc = ds_names_check(load, table, "location_policies");
    policies->list = ds_arena_alloc(load->arena, count * sizeof *policies->list);
    if (policies->list == NULL)
        return ds_fail_memory(load->why);
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next)
        rc = load_policy(load, value, &policies->list[policies->count++]);
    load->topo->location_policies = policies->list;
    load->topo->location_policy_count = policies->count;
    return rc;
}

/* The one that a site or a user names. */
static ds_rc find_policy(const struct policies *policies,
                         const struct ds_value *of,
                         const char *noun,
                         const struct ds_location_policy **out)
{
    const char *name = ds_value_text(of, "location_policy");
    for (size_t i = 0; name != NULL && i < policies->count; i++)
        if (strcmp(policies->list[i].name, name) == 0)
            *out = &policies->list[i];
    return name == NULL || *out != NULL
               ? DS_OK
               : ds_refuse(policies->load, ds_value_line(of, "location_policy"),
                           "%s has the location policy '%.40s', which is none", noun, name);
}

/* ---- sites ---- */

static ds_rc
load_address(const struct ds_load *load, const struct ds_value *value, struct ds_site *site)
{
    char noun[64];
    const struct ds_value *table = ds_value_get(value, "address");
    const char **const fields[] = {&site->address.country, &site->address.city,
                                   &site->address.street};
    if (table == NULL)
        return DS_OK;
    snprintf(noun, sizeof noun, "the address of site '%s'", site->name);
    ds_rc rc = ds_names_check(load, table, noun);
    if (rc == DS_OK)
        rc = ds_fields_check(load, table, noun, address_fields, DS_COUNT(address_fields));
    for (size_t i = 0; i < DS_COUNT(fields) && rc == DS_OK; i++) {
        const char *word = address_fields[i].name;
        *fields[i] = ds_value_text(table, word);
        size_t len = *fields[i] == NULL ? 0 : strlen(*fields[i]);
        if (len == 0 || len > DS_ADDRESS_MOST)
            rc = ds_refuse(load, ds_value_line(table, word), "%s needs a %s of 1 to %d letters",
                           noun, word, DS_ADDRESS_MOST);
    }
    return rc;
}

static ds_rc
load_elin(const struct ds_load *load, const struct ds_value *value, struct ds_site *site)
{
    const char *elin = ds_value_text(value, "elin");
    int line = ds_value_line(value, "elin");
    if (elin == NULL)
        return DS_OK;
    if (!ds_is_e164(elin))
        return ds_refuse(load, line, "the elin of site '%s' must be + and 7 to 15 digits",
                         site->name);
    if (site->external)
        return ds_refuse(load, line,
                         "site '%s' is external and cannot have an elin: nobody knows where its "
                         "callers are",
                         site->name);
    if (site->address.country == NULL)
        return ds_refuse(load, line,
                         "site '%s' has an elin, and needs the address that it stands for",
                         site->name);
    if (ds_topo_elin_site(load->topo, ds_slice_of(elin)) != NULL ||
        ds_topo_owner(load->topo, ds_slice_of(elin)) != NULL)
        return ds_refuse(load, line, "the elin of site '%s' is somebody else's number", site->name);
    site->elin = elin;
    return DS_OK;
}

static ds_rc load_sites(const struct policies *policies)
{
    const struct ds_load *load = policies->load;
    const struct ds_value *value = ds_value_get(load->root, "sites")->first;
    ds_rc rc = DS_OK;
    char noun[48];
    for (size_t i = 0; i < load->topo->site_count && rc == DS_OK; i++, value = value->next) {
        struct ds_site *site = &load->sites[i];
        snprintf(noun, sizeof noun, "site '%s'", site->name);
        rc = find_policy(policies, value, noun, &site->location_policy);
        if (rc == DS_OK && site->location_policy != NULL && site->external)
            rc = ds_refuse(load, ds_value_line(value, "location_policy"),
                           "%s is external and cannot have a location_policy: outside, that of the "
                           "user counts",
                           noun);
        if (rc == DS_OK)
            rc = load_address(load, value, site);
        if (rc == DS_OK)
            rc = load_elin(load, value, site);
    }
    return rc;
}

/* ---- nodes ---- */

/* It reads the number in the location, and so has to be shown that. */
static ds_rc
load_gateway(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    const struct ds_trunk *trunk = ds_topo_peer_trunk(load->topo, node);
    node->elin = ds_value_flag(value, "elin", false);
    if (node->elin && (node->role != DS_ROLE_GATEWAY || trunk == NULL || !trunk->pidf_lo))
        return ds_refuse(load, ds_value_line(value, "elin"),
                         "'%s' cannot have elin: only a gateway that its trunk shows the location "
                         "(pidf_lo) can tell the number of one",
                         node->name);
    return DS_OK;
}

static ds_rc load_node(const struct policies *policies, struct ds_topo_node *node)
{
    char noun[48];
    const struct ds_load *load = policies->load;
    const struct ds_value *value = ds_node_value(load, node);
    snprintf(noun, sizeof noun, "'%s'", node->name);
    if (ds_value_get(value, "location_policy") != NULL && node->user != node)
        return ds_refuse(load, ds_value_line(value, "location_policy"),
                         "'%s' has no location_policy: only a client with a number of its own is a "
                         "user",
                         node->name);
    ds_rc rc = find_policy(policies, value, noun, &node->location_policy);
    return rc == DS_OK ? load_gateway(load, value, node) : rc;
}

ds_rc ds_load_emergency(struct ds_load *load)
{
    struct policies policies = {.load = load};
    ds_rc rc = load_policies(&policies);
    if (rc == DS_OK)
        rc = load_sites(&policies);
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++)
        rc = load_node(&policies, &load->nodes[i]);
    return rc;
}
