#include "cli_internal.h"

#include <stdio.h>
#include <string.h>

#define MOST_TOPOLOGIES 64
#define MOST_VARIANTS   64

/* What a plan needs of a topology file; read once, however many scenarios name it. */
struct known_topology {
    const char *path;
    const struct ds_topo *topo; /* as written */
    enum ds_option option;
    const char *const *variants;
    const struct ds_topo *varied[MOST_VARIANTS]; /* by each of them */
};

struct planner {
    struct known_topology topologies[MOST_TOPOLOGIES];
    size_t topology_count;
    struct ds_context *context;
    struct ds_plan *plan;
    uint64_t seed, repeat, part, parts;
    bool worlds[DS_WORLD_KINDS]; /* those asked for */
    bool any_world;              /* none was: what has one world of its own runs there */
    struct ds_words words;
    const char *topology, *topology_path,
        *topology_variant; /* of --topology; NULL: the scenario's own */
};

/* ---- runs ---- */

static ds_rc make_room(struct planner *planner, struct ds_why *why)
{
    struct ds_plan *plan = planner->plan;
    if (plan->count < plan->cap)
        return DS_OK;
    size_t cap = plan->cap == 0 ? 512 : plan->cap * 2;
    struct ds_planned *runs = ds_arena_alloc(planner->context->arena, cap * sizeof *runs);
    if (runs == NULL)
        return ds_fail_memory(why);
    if (plan->count > 0)
        memcpy(runs, plan->runs, plan->count * sizeof *runs);
    plan->runs = runs;
    plan->cap = cap;
    return DS_OK;
}

/* A folder name of the id, of the world where it is the simulated one, and of the repetition where
 * there are several. */
static const char *
folder_name(struct planner *planner, const struct ds_planned *run, uint64_t repetition)
{
    struct ds_arena *arena = planner->context->arena;
    const char *world = run->world == DS_WORLD_SIM ? "#sim" : "";
    char *name = planner->repeat > 1 ? ds_arena_print(arena, "%s%s#%llu", run->id, world,
                                                      (unsigned long long)repetition + 1)
                                     : ds_arena_print(arena, "%s%s", run->id, world);
    for (char *at = name; at != NULL && *at != '\0'; at++)
        if (*at == '/' || *at == ':' || *at == '@' || *at == '#')
            *at = '-';
    return name;
}

/* A scenario may keep the seed that showed something. */
static uint64_t first_seed(const struct planner *planner, const struct ds_scenario *scenario)
{
    bool told = planner->context->options.seed != NULL;
    return scenario->has_seed && !told ? scenario->seed : planner->seed;
}

static ds_rc
add_repetitions(struct planner *planner, const struct ds_planned *run, struct ds_why *why)
{
    for (uint64_t i = 0; i < planner->repeat; i++) {
        ds_rc rc = make_room(planner, why);
        if (rc != DS_OK)
            return rc;
        struct ds_planned *added = &planner->plan->runs[planner->plan->count++];
        *added = *run;
        added->folder = folder_name(planner, run, i);
        added->seed = first_seed(planner, run->scenario) + i;
        if (added->folder == NULL)
            return ds_fail_memory(why);
    }
    return DS_OK;
}

static bool
is_in_world(const struct planner *planner, const bool runs_in[], enum ds_world_kind world)
{
    bool only_here = runs_in[world] && !runs_in[1 - world];
    return (planner->worlds[world] && runs_in[world]) || (planner->any_world && only_here);
}

/* The runs of one world, then those of the other, from `first` on. */
static void pair(struct planner *planner, size_t first)
{
    struct ds_planned *runs = &planner->plan->runs[first];
    for (size_t i = 0; i < planner->repeat; i++) {
        runs[i].has_twin = runs[planner->repeat + i].has_twin = true;
        runs[i].twin = first + planner->repeat + i;
        runs[planner->repeat + i].twin = first + i;
    }
}

static ds_rc add_run(struct planner *planner, const struct ds_planned *run, struct ds_why *why)
{
    struct ds_arena *arena = planner->context->arena;
    const char *id =
        ds_arena_print(arena, "%s@%s%s%s%s%s", run->scenario->name, run->topology,
                       run->variant == NULL ? "" : ":", run->variant == NULL ? "" : run->variant,
                       run->call == NULL ? "" : "/", run->call == NULL ? "" : run->call->name);
    if (id == NULL)
        return ds_fail_memory(why);
    if (!ds_is_chosen(&planner->context->options, &planner->words, run->scenario, id) ||
        !ds_shard_has(id, planner->part, planner->parts))
        return DS_OK;
    struct ds_planned named = *run;
    bool runs_in[DS_WORLD_KINDS];
    ds_plan_worlds(run, runs_in);
    ds_rc rc = DS_OK;
    size_t first = planner->plan->count;
    named.id = id;
    bool runs = false;
    for (int world = 0; world < DS_WORLD_KINDS && rc == DS_OK; world++) {
        named.world = (enum ds_world_kind)world;
        if (!is_in_world(planner, runs_in, named.world))
            continue;
        runs = true;
        rc = ds_plan_check_faults(planner->context, &named, why);
        if (rc == DS_OK)
            rc = add_repetitions(planner, &named, why);
    }
    if (rc == DS_OK && planner->plan->count - first == 2 * planner->repeat)
        pair(planner, first);
    if (!runs)
        planner->plan->elsewhere = run->scenario;
    return rc;
}

static ds_rc unknown_call(const struct ds_scenario *scenario, const char *name, struct ds_why *why)
{
    return ds_fail(why, DS_BAD,
                   "%s: there is no call '%s': ev_to_ev, ev_to_pstn … as in ds.every_call",
                   scenario->path, name);
}

/* Once for each call of the scenario that exists in this option and topology. */
static ds_rc add_calls(struct planner *planner,
                       struct ds_planned *run,
                       enum ds_option option,
                       struct ds_why *why)
{
    size_t count;
    const struct ds_expected_call *rows = ds_expected_calls(&count);
    if (run->scenario->calls == NULL)
        return add_run(planner, run, why);
    for (const char *const *name = run->scenario->calls; *name != NULL; name++) {
        bool known = false;
        for (size_t i = 0; i < count; i++) {
            if (strcmp(rows[i].name, *name) != 0)
                continue;
            known = true;
            run->call = &rows[i];
            ds_rc rc = rows[i].option == option && ds_expected_has_ends(&rows[i], run->topo)
                           ? add_run(planner, run, why)
                           : DS_OK;
            if (rc != DS_OK)
                return rc;
        }
        if (!known)
            return unknown_call(run->scenario, *name, why);
    }
    return DS_OK;
}

/* Each variant is tried too: what contradicts itself is refused before anything runs. */
static ds_rc read_topology(struct planner *planner,
                           const char *path,
                           struct known_topology *out,
                           struct ds_why *why)
{
    const struct ds_topo *topo = NULL;
    struct ds_topo_choice choice = {.bypass = -1};
    struct ds_context *context = planner->context;
    const struct ds_topo_file *file = NULL;
    ds_rc rc = ds_kept_topology(context, path, &choice, &topo, why);
    *out = (struct known_topology){.path = path};
    if (rc == DS_OK)
        rc = ds_kept_file(context, path, &file, why);
    if (rc == DS_OK)
        rc = ds_topo_variants(file, context->arena, &out->variants, why);
    if (rc == DS_OK)
        out->option = topo->option;
    out->topo = topo;
    for (size_t i = 0; rc == DS_OK && out->variants[i] != NULL; i++) {
        choice.variant = out->variants[i];
        rc = i == MOST_VARIANTS
                 ? ds_fail(why, DS_BAD, "%s has more than %d variants", path, MOST_VARIANTS)
                 : ds_kept_topology(context, path, &choice, &out->varied[i], why);
    }
    return rc;
}

static ds_rc know_topology(struct planner *planner,
                           const char *path,
                           const struct known_topology **out,
                           struct ds_why *why)
{
    for (size_t i = 0; i < planner->topology_count; i++) {
        *out = &planner->topologies[i];
        if (strcmp((*out)->path, path) == 0)
            return DS_OK;
    }
    if (planner->topology_count == MOST_TOPOLOGIES)
        return ds_fail(why, DS_BAD, "the scenarios name more than %d topologies: run fewer at once",
                       MOST_TOPOLOGIES);
    struct known_topology *known = &planner->topologies[planner->topology_count];
    ds_rc rc = read_topology(planner, path, known, why);
    if (rc == DS_OK)
        planner->topology_count++;
    *out = known;
    return rc;
}

/* Of a variant, which may add those who call and are called; NULL: it has none of that name. */
static const struct ds_topo *varied_by(const struct known_topology *known, const char *variant)
{
    if (variant == NULL)
        return known->topo;
    for (size_t i = 0; known->variants[i] != NULL; i++)
        if (strcmp(known->variants[i], variant) == 0)
            return known->varied[i];
    return NULL;
}

/* With --bypass the variant that says the same is enough; the others would be the same runs again.
 */
static bool fits_bypass(const struct planner *planner, const char *variant)
{
    const char *wanted = planner->context->options.bypass;
    if (wanted == NULL)
        return true;
    return strcmp(wanted, "on") == 0 ? strcmp(variant, "bypass_off") != 0
                                     : strcmp(variant, "bypass_off") == 0;
}

/* The variants that the command line or the scenario names; where neither does, the topology as
 * written. */
static ds_rc
add_variants(struct planner *planner, struct ds_planned *run, const char *named, struct ds_why *why)
{
    const struct known_topology *known = NULL;
    ds_rc rc = know_topology(planner, run->topology_path, &known, why);
    if (rc != DS_OK)
        return rc;
    run->topo = varied_by(known, named);
    run->variant = named;
    if (run->topo == NULL)
        return ds_fail(why, DS_BAD, "%s has no variant '%s': see directsip list topologies",
                       run->topology_path, named);
    if (named != NULL || run->scenario->variants == NULL)
        return add_calls(planner, run, known->option, why);
    for (const char *const *variant = run->scenario->variants; *variant != NULL && rc == DS_OK;
         variant++) {
        const struct ds_topo *varied = varied_by(known, *variant);
        if (varied == NULL || !fits_bypass(planner, *variant))
            continue;
        run->topo = varied;
        run->variant = *variant;
        rc = add_calls(planner, run, known->option, why);
    }
    return rc;
}

/* "behind_pbx" of "…/behind_pbx.lua". */
static const char *bare_name(struct planner *planner, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    size_t len = strlen(name);
    return ds_arena_print(planner->context->arena, "%.*s", len > 4 ? (int)len - 4 : (int)len, name);
}

static ds_rc add_topology(struct planner *planner,
                          const struct ds_scenario *scenario,
                          const char *name,
                          struct ds_why *why)
{
    struct ds_planned run = {.scenario = scenario};
    const char *variant = NULL;
    struct ds_why inner;
    if (ds_find_topology(planner->context, name, &run.topology_path, &variant, &inner) != DS_OK)
        return ds_fail(why, DS_BAD, "%s: %.200s", scenario->path, inner.text);
    run.topology = bare_name(planner, run.topology_path);
    if (run.topology == NULL)
        return ds_fail_memory(why);
    return add_variants(planner, &run, variant, why);
}

/* With --topology a scenario runs there, if it runs there at all: one that names several options
   runs in the one that the file says; one that names one topology runs in the file asked for. */
static ds_rc
add_scenario(struct planner *planner, const struct ds_scenario *scenario, struct ds_why *why)
{
    ds_rc rc = DS_OK;
    bool own = planner->topology == NULL;
    for (const char *const *name = scenario->topologies; *name != NULL && rc == DS_OK && own;
         name++)
        rc = add_topology(planner, scenario, *name, why);
    if (own || rc != DS_OK)
        return rc;
    struct ds_slice wanted = ds_slice_of(bare_name(planner, planner->topology_path));
    bool listed = ds_names_file(planner->topology);
    for (const char *const *name = scenario->topologies; *name != NULL; name++) {
        struct ds_slice rest = ds_slice_of(*name), base;
        ds_slice_cut(&rest, ':', &base);
        listed |= ds_slice_equal(base, wanted);
    }
    return listed ? add_topology(planner, scenario, planner->topology, why) : DS_OK;
}

static ds_rc read_worlds(struct planner *planner, struct ds_why *why)
{
    const char *wanted = planner->context->options.world;
    bool both = wanted != NULL && strcmp(wanted, "both") == 0, known = both;
    planner->any_world = wanted == NULL;
    if (wanted == NULL)
        wanted = ds_world_kind_name(DS_WORLD_LOOPBACK);
    for (int kind = 0; kind < DS_WORLD_KINDS; kind++) {
        planner->worlds[kind] =
            both || strcmp(wanted, ds_world_kind_name((enum ds_world_kind)kind)) == 0;
        known |= planner->worlds[kind];
    }
    return known ? DS_OK
                 : ds_fail(why, DS_BAD, "--world is loopback, sim or both, not '%s'", wanted);
}

static ds_rc read_choices(struct planner *planner, struct ds_why *why)
{
    const struct ds_options *options = &planner->context->options;
    planner->seed = planner->repeat = 1;
    ds_rc rc = ds_shard_read(options->shard, &planner->part, &planner->parts, why);
    if (rc == DS_OK)
        rc = read_worlds(planner, why);
    if (rc == DS_OK && options->seed != NULL)
        rc = ds_option_number(options->seed, "--seed", UINT64_MAX - 1000000, &planner->seed, why);
    if (rc == DS_OK && options->repeat != NULL)
        rc = ds_option_number(options->repeat, "--repeat", 1000000, &planner->repeat, why);
    if (rc == DS_OK && options->topology != NULL) {
        planner->topology = options->topology;
        rc = ds_find_topology(planner->context, options->topology, &planner->topology_path,
                              &planner->topology_variant, why);
    }
    return rc;
}

static ds_rc add_scenarios(struct planner *planner,
                           const struct ds_scenario *scenarios,
                           size_t count,
                           struct ds_why *why)
{
    ds_rc rc = DS_OK;
    planner->plan->count = 0;
    for (size_t i = 0; i < count && rc == DS_OK; i++)
        rc = add_scenario(planner, &scenarios[i], why);
    return rc;
}

ds_rc ds_plan_make(struct ds_context *context, struct ds_plan *out, struct ds_why *why)
{
    struct planner planner = {.context = context, .plan = out};
    const struct ds_scenario *scenarios = NULL;
    size_t count = 0;
    ds_rc rc = read_choices(&planner, why);
    if (rc == DS_OK)
        rc = ds_plan_scenarios(context, &scenarios, &count, why);
    if (rc == DS_OK)
        rc = add_scenarios(&planner, scenarios, count, why);
    if (rc == DS_OK && ds_find_whole_ids(&context->options, out, &planner.words))
        rc = add_scenarios(&planner, scenarios, count, why);
    return rc;
}
