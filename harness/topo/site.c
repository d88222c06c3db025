#include "topo_internal.h"

#include <stdio.h>
#include <string.h>

static const struct ds_field site_fields[] = {{"net", DS_TEXT},
                                              {"bypass_id", DS_TEXT},
                                              {"external", DS_FLAG},
                                              {"routed", DS_FLAG},
                                              {"region", DS_TEXT},
                                              {"constrained", DS_FLAG},
                                              {"voice_routing_policy", DS_TABLE},
                                              {"location_policy", DS_TEXT},
                                              {"address", DS_TABLE},
                                              {"elin", DS_TEXT}};

bool ds_is_name(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return text[0] >= 'a' && text[0] <= 'z' && text[len] == '\0' && len <= 31;
}

bool ds_is_guid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i] != '\0'; i++) {
        bool hex = strchr("0123456789abcdefABCDEF", text[i]) != NULL;
        if (form[i] == 'x' ? !hex : text[i] != '-')
            return false;
    }
    return true;
}

static ds_rc
load_bypass_id(const struct ds_load *load, const struct ds_value *value, struct ds_site *site)
{
    site->bypass_id = ds_value_text(value, "bypass_id");
    if (site->bypass_id == NULL)
        return DS_OK;
    int line = ds_value_line(value, "bypass_id");
    if (!ds_is_guid(site->bypass_id))
        return ds_refuse(load, line, "the bypass_id of site '%s' must be a GUID, and is '%.40s'",
                         site->name, site->bypass_id);
    if (site->external)
        return ds_refuse(load, line,
                         "site '%s' is external and cannot have a bypass_id: calls from outside "
                         "never bypass",
                         site->name);
    return DS_OK;
}

static ds_rc
load_site(const struct ds_load *load, const struct ds_value *value, struct ds_site *site)
{
    char noun[48];
    site->name = value->name;
    if (!ds_is_name(value->name))
        return ds_refuse(load, value->line, "'%.40s' is no name: a to z, then a to z, 0 to 9 and _",
                         value->name);
    if (value->kind != DS_TABLE)
        return ds_refuse(load, value->line, "site '%s' must be a table, and is %s", value->name,
                         ds_kind_name(value->kind));
    snprintf(noun, sizeof noun, "site '%s'", value->name);
    ds_rc rc = ds_names_check(load, value, noun);
    if (rc == DS_OK)
        rc = ds_fields_check(load, value, noun, site_fields, DS_COUNT(site_fields));
    if (rc != DS_OK)
        return rc;
    site->external = ds_value_flag(value, "external", false);
    site->routed = ds_value_flag(value, "routed", false);
    if (site->routed && !site->external)
        return ds_refuse(load, ds_value_line(value, "routed"),
                         "site '%s' is inside: only an external site is routed or is not",
                         site->name);
    rc = ds_net_parse(load, value, site);
    if (rc == DS_OK)
        rc = load_bypass_id(load, value, site);
    return rc == DS_OK ? ds_load_membership(load, value, site) : rc;
}

static ds_rc
check_overlap(const struct ds_load *load, const struct ds_value *value, const struct ds_site *site)
{
    for (const struct ds_site *other = load->sites; other < site; other++) {
        if (((site->net ^ other->net) & site->mask & other->mask) == 0)
            return ds_refuse(load, ds_value_line(value, "net"),
                             "the nets of sites '%s' and '%s' overlap", other->name, site->name);
    }
    return DS_OK;
}

ds_rc ds_load_sites(struct ds_load *load)
{
    const struct ds_value *table = ds_value_get(load->root, "sites");
    size_t count = ds_value_count(table);
    if (count == 0)
        return ds_refuse(load, ds_value_line(load->root, "sites"), "the file needs sites");
    ds_rc rc = ds_names_check(load, table, "sites");
    load->sites = ds_arena_alloc(load->arena, count * sizeof *load->sites);
    if (load->sites == NULL)
        return ds_fail_memory(load->why);
    struct ds_site *site = load->sites;
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next, site++) {
        rc = load_site(load, value, site);
        if (rc == DS_OK)
            rc = check_overlap(load, value, site);
    }
    load->topo->sites = load->sites;
    load->topo->site_count = count;
    return rc;
}

const struct ds_site *ds_find_site(const struct ds_load *load, const char *name)
{
    for (size_t i = 0; name != NULL && i < load->topo->site_count; i++)
        if (strcmp(load->sites[i].name, name) == 0)
            return &load->sites[i];
    return NULL;
}
