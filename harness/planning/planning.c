#include "planning_internal.h"

static bool is_element(const struct ds_topo_node *node)
{
    return node->role != DS_ROLE_CLIENT && node->role != DS_ROLE_PHONE &&
           node->role != DS_ROLE_ANALOGUE_PHONE && node->role != DS_ROLE_FAX;
}

static ds_rc make_room(struct ds_planning *planning, struct ds_arena *arena)
{
    const struct ds_topo *topo = planning->topo;
    planning->elements = ds_arena_alloc(arena, topo->node_count * sizeof(void *));
    planning->loads = ds_arena_alloc(arena, topo->node_count * sizeof *planning->loads);
    planning->trunks = ds_arena_alloc(arena, topo->trunk_count * sizeof *planning->trunks);
    if (planning->elements == NULL || planning->loads == NULL || planning->trunks == NULL)
        return DS_NOMEM;
    for (size_t i = 0; i < topo->node_count; i++)
        if (is_element(&topo->nodes[i]))
            planning->elements[planning->element_count++] = &topo->nodes[i];
    return DS_OK;
}

ds_rc ds_planning_make(const struct ds_topo *topo,
                       const struct ds_traffic *traffic,
                       struct ds_arena *arena,
                       const struct ds_planning **out,
                       struct ds_why *why)
{
    struct ds_planning *planning = ds_arena_alloc(arena, sizeof *planning);
    if (planning == NULL)
        return ds_fail_memory(why);
    *planning = (struct ds_planning){.topo = topo, .traffic = *traffic};
    if (make_room(planning, arena) != DS_OK || ds_planning_find_kinds(planning, arena) != DS_OK)
        return ds_fail_memory(why);
    ds_planning_load(planning);
    if (ds_planning_answer(planning, arena) != DS_OK)
        return ds_fail_memory(why);
    *out = planning;
    return DS_OK;
}

bool ds_planning_serves(const struct ds_topo_node *element, const struct ds_topo_node *node)
{
    return node->home == element && node->role != DS_ROLE_EDGE && ds_topo_is_first_device(node);
}

enum ds_fate ds_planning_fate(const struct ds_call_kind *kind, size_t element)
{
    const struct ds_course *course = &kind->without[element];
    if (!course->possible)
        return DS_FATE_STOPS;
    return ds_way_equal(&kind->planned->signalling, &course->signalling) ? DS_FATE_SAME
                                                                         : DS_FATE_ELSEWHERE;
}
