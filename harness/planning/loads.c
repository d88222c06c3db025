#include "planning_internal.h"

/* What the calls put on elements and trunks. */

#define E1_CHANNELS 30
#define T1_CHANNELS 23 /* and one for signalling, as in an ISDN primary rate interface */

/* ---- elements ---- */

static double
share(const struct ds_call_kind *kind, const struct ds_way *way, const struct ds_topo_node *node)
{
    return ds_way_has(way, node) ? kind->erlangs : 0;
}

static void load_element(const struct ds_planning *planning, struct ds_element_load *load)
{
    for (size_t i = 0; i < planning->kind_count; i++) {
        const struct ds_call_kind *kind = &planning->kinds[i];
        bool signals = ds_way_has(&kind->planned->signalling, load->node);
        load->calls += signals ? kind->erlangs : 0;
        load->audio += share(kind, &kind->planned->audio, load->node);
        load->audio_on += share(kind, &kind->bypass_on->audio, load->node);
        load->audio_off += share(kind, &kind->bypass_off->audio, load->node);
    }
}

/* ---- trunks ---- */

/* A call that turns round at an element crosses its trunk twice. */
static size_t crossings(const struct ds_way *way, const struct ds_trunk *trunk)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < way->count; i++)
        count += (way->nodes[i] == trunk->a && way->nodes[i + 1] == trunk->b) ||
                 (way->nodes[i] == trunk->b && way->nodes[i + 1] == trunk->a);
    return count;
}

/* `without`: with that element failed; NULL: as planned. */
static double trunk_erlangs(const struct ds_planning *planning,
                            const struct ds_trunk *trunk,
                            const size_t *without)
{
    double erlangs = 0;
    for (size_t i = 0; i < planning->kind_count; i++) {
        const struct ds_call_kind *kind = &planning->kinds[i];
        const struct ds_course *course = without == NULL ? kind->planned : &kind->without[*without];
        erlangs += kind->erlangs * (double)crossings(&course->signalling, trunk);
    }
    return erlangs;
}

static void find_worst(const struct ds_planning *planning, struct ds_trunk_load *load)
{
    load->worst_erlangs = load->erlangs;
    for (size_t i = 0; i < planning->element_count; i++) {
        double erlangs = trunk_erlangs(planning, load->trunk, &i);
        if (erlangs <= load->worst_erlangs)
            continue;
        load->worst_erlangs = erlangs;
        load->worst_without = planning->elements[i];
    }
}

static void load_trunk(const struct ds_planning *planning, struct ds_trunk_load *load)
{
    double blocking = planning->traffic.blocking;
    load->erlangs = trunk_erlangs(planning, load->trunk, NULL);
    find_worst(planning, load);
    load->channels = ds_erlang_channels(load->erlangs, blocking);
    load->worst_channels = ds_erlang_channels(load->worst_erlangs, blocking);
    if (load->trunk->kind == DS_TRUNK_TDM) {
        load->spans_e1 = (load->channels + E1_CHANNELS - 1) / E1_CHANNELS;
        load->spans_t1 = (load->channels + T1_CHANNELS - 1) / T1_CHANNELS;
    }
    if (load->trunk->channels > 0)
        load->blocking = ds_erlang_b(load->erlangs, load->trunk->channels);
}

void ds_planning_load(struct ds_planning *planning)
{
    for (size_t i = 0; i < planning->element_count; i++) {
        planning->loads[i].node = planning->elements[i];
        load_element(planning, &planning->loads[i]);
    }
    for (size_t i = 0; i < planning->topo->trunk_count; i++) {
        planning->trunks[i].trunk = &planning->topo->trunks[i];
        load_trunk(planning, &planning->trunks[i]);
    }
}
