#include "run_internal.h"

#include <stdlib.h>

/* What goes wrong on purpose, seen from the world: elements have names, and can be restarted. */

struct ds_pcap_name *ds_world_names(const struct ds_topo *topo)
{
    struct ds_pcap_name *names = calloc(topo->node_count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < topo->node_count; i++)
        names[i] = (struct ds_pcap_name){topo->nodes[i].at, topo->nodes[i].name};
    return names;
}

bool ds_world_reaches(void *owner, struct ds_addr from, struct ds_addr to)
{
    const struct ds_world *world = DS_OWNER(owner, struct ds_world, evidence);
    return ds_topo_reaches(world->topo, from, to);
}

bool ds_world_translate(void *owner, struct ds_addr inner, struct ds_addr *outer)
{
    const struct ds_world *world = DS_OWNER(owner, struct ds_world, evidence);
    const struct ds_topo_node *node = ds_topo_at(world->topo, inner);
    bool behind = node != NULL && node->has_nat && ds_addr_same_ip(node->at, inner);
    if (behind)
        *outer = node->nat;
    return behind;
}

void ds_world_restart(void *owner, struct ds_addr at, bool up)
{
    struct ds_world *world = DS_OWNER(owner, struct ds_world, evidence);
    const struct ds_topo_node *place = ds_topo_at(world->topo, at);
    /* A fault may end when the world has closed its nodes. */
    bool open = place != NULL && world->nodes != NULL;
    struct ds_node *node = open ? world->nodes[place - world->topo->nodes] : NULL;
    struct ds_why why;
    if (node == NULL)
        return;
    /* Two faults may have the same machine. */
    if (!up && !ds_node_is_down(node))
        ds_node_crash(node);
    else if (up && ds_node_is_down(node) && ds_node_boot(node, &why) != DS_OK)
        ds_fail(&world->trouble, DS_IO, "%s did not come back: %.200s", place->name, why.text);
}

ds_rc ds_world_fault(struct ds_world *world,
                     const char *line,
                     struct ds_fault **out,
                     struct ds_why *why)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    world->had_faults = true;
    return ds_fault_start(world->net, line, out, why);
}

void ds_world_fail(struct ds_world *world, const char *name)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    const struct ds_topo_node *place = ds_topo_find(world->topo, ds_slice_of(name));
    ds_assert(place != NULL);
    world->fails[place - world->topo->nodes] = true;
    world->had_failures = true;
}

void ds_world_end_failed(struct ds_world *world)
{
    for (size_t i = 0; world->had_failures && i < world->topo->node_count; i++) {
        struct ds_node *node = world->nodes[i];
        if (world->fails[i] && node != NULL && !ds_node_is_down(node))
            ds_node_crash(node);
    }
}

bool ds_world_had_failures(const struct ds_world *world)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    return world->had_failures;
}

bool ds_world_had_faults(const struct ds_world *world)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    return world->had_faults;
}

ds_rc ds_world_check_fault(const struct ds_topo *topo,
                           enum ds_world_kind world,
                           const char *line,
                           struct ds_why *why)
{
    struct ds_pcap_name *names = ds_world_names(topo);
    ds_rc rc = names == NULL
                   ? ds_fail_memory(why)
                   : ds_fault_check(names, topo->node_count, line, world == DS_WORLD_LOOPBACK, why);
    free(names);
    return rc;
}
