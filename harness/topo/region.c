#include "topo_internal.h"

#include <stdio.h>
#include <string.h>

/* Regions, and the bypass IDs that follow from them (domain.md 2.1): one for each region, one of
   its own for each site behind a constrained link. The platform makes them up; here they are made
   of the names, so that they stay what they are. */

static const struct ds_field region_fields[] = {{"central", DS_TEXT}};

static const char *bypass_id_of(const struct ds_load *load, const char *noun, const char *name)
{
    char text[224];
    snprintf(text, sizeof text, "%s %s of %s", noun, name, load->topo->domain);
    unsigned long long front = ds_hash(ds_slice_of(text));
    snprintf(text + strlen(text), sizeof text - strlen(text), ", again");
    unsigned long long back = ds_hash(ds_slice_of(text));
    return ds_arena_print(load->arena, "%08llx-%04llx-4%03llx-8%03llx-%012llx", front >> 32,
                          front >> 16 & 0xffff, front & 0xfff, back >> 48 & 0xfff,
                          back & 0xffffffffffff);
}

static ds_rc
load_region(const struct ds_load *load, const struct ds_value *value, struct ds_region *region)
{
    char noun[48];
    region->name = value->name;
    if (!ds_is_name(value->name))
        return ds_refuse(load, value->line, "'%.40s' is no name: a to z, then a to z, 0 to 9 and _",
                         value->name);
    if (value->kind != DS_TABLE)
        return ds_refuse(load, value->line, "region '%s' must be a table, and is %s", value->name,
                         ds_kind_name(value->kind));
    snprintf(noun, sizeof noun, "region '%s'", value->name);
    ds_rc rc = ds_names_check(load, value, noun);
    if (rc == DS_OK)
        rc = ds_fields_check(load, value, noun, region_fields, DS_COUNT(region_fields));
    if (rc == DS_OK && ds_value_text(value, "central") == NULL)
        rc =
            ds_refuse(load, value->line, "%s needs central: the site that its links lead to", noun);
    if (rc != DS_OK)
        return rc;
    region->bypass_id = bypass_id_of(load, "region", region->name);
    return region->bypass_id == NULL ? ds_fail_memory(load->why) : DS_OK;
}

ds_rc ds_load_regions(struct ds_load *load)
{
    const struct ds_value *table = ds_value_get(load->root, "regions");
    size_t count = ds_value_count(table);
    if (count == 0)
        return DS_OK;
    ds_rc rc = ds_names_check(load, table, "regions");
    load->regions = ds_arena_alloc(load->arena, count * sizeof *load->regions);
    if (load->regions == NULL)
        return ds_fail_memory(load->why);
    load->topo->regions = load->regions;
    load->topo->region_count = count;
    struct ds_region *region = load->regions;
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next)
        rc = load_region(load, value, region++);
    return rc;
}

/* ---- which site is in which ---- */

static const struct ds_region *find_region(const struct ds_load *load, const char *name)
{
    for (size_t i = 0; i < load->topo->region_count; i++)
        if (strcmp(load->regions[i].name, name) == 0)
            return &load->regions[i];
    return NULL;
}

static ds_rc
check_member(const struct ds_load *load, const struct ds_value *value, const struct ds_site *site)
{
    if (site->constrained && site->region == NULL)
        return ds_refuse(load, ds_value_line(value, "constrained"),
                         "site '%s' is in no region that a constrained link could lead to",
                         site->name);
    if (site->region != NULL && site->bypass_id != NULL)
        return ds_refuse(load, ds_value_line(value, "bypass_id"),
                         "the bypass ID of site '%s' follows from its region '%s': it cannot have "
                         "another",
                         site->name, site->region->name);
    if (site->region != NULL && site->external)
        return ds_refuse(load, ds_value_line(value, "region"),
                         "site '%s' is external and in no region: calls from outside never bypass",
                         site->name);
    return DS_OK;
}

ds_rc ds_load_membership(const struct ds_load *load,
                         const struct ds_value *value,
                         struct ds_site *site)
{
    const char *name = ds_value_text(value, "region");
    site->constrained = ds_value_flag(value, "constrained", false);
    site->region = name == NULL ? NULL : find_region(load, name);
    if (name != NULL && site->region == NULL)
        return ds_refuse(load, ds_value_line(value, "region"),
                         "site '%s' is in '%.40s', which is no region", site->name, name);
    ds_rc rc = check_member(load, value, site);
    if (rc != DS_OK || site->region == NULL)
        return rc;
    site->bypass_id =
        site->constrained ? bypass_id_of(load, "site", site->name) : site->region->bypass_id;
    return site->bypass_id == NULL ? ds_fail_memory(load->why) : DS_OK;
}

/* ---- the site in the middle of each ---- */

ds_rc ds_check_regions(struct ds_load *load)
{
    for (size_t i = 0; i < load->topo->region_count; i++) {
        struct ds_region *region = &load->regions[i];
        const struct ds_value *value =
            ds_value_get(ds_value_get(load->root, "regions"), region->name);
        const char *name = ds_value_text(value, "central");
        region->central = ds_find_site(load, name);
        if (region->central == NULL || region->central->region != region ||
            region->central->constrained)
            return ds_refuse(load, ds_value_line(value, "central"),
                             "the central site of region '%s' is '%.40s', which is no site in it "
                             "without a constrained link",
                             region->name, name);
    }
    return DS_OK;
}
