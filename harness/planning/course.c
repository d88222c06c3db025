#include "planning_internal.h"

/* The roads of options.def are roads of roles. Here one is laid through the elements of a topology:
 * from each to the next, where a home, a trunk and the topology's lines of routes lead. */

bool ds_way_has(const struct ds_way *way, const struct ds_topo_node *node)
{
    for (size_t i = 0; i < way->count; i++)
        if (way->nodes[i] == node)
            return true;
    return false;
}

bool ds_way_equal(const struct ds_way *a, const struct ds_way *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->nodes[i] != b->nodes[i])
            return false;
    return true;
}

static bool is_remote(const struct ds_topo_node *node)
{
    return node->home != NULL && node->home->role == DS_ROLE_EDGE;
}

/* A remote worker's road begins, or ends, with the Edge. */
static void add_edges(struct ds_road *road,
                      const struct ds_topo_node *caller,
                      const struct ds_topo_node *callee)
{
    if (is_remote(callee))
        ds_road_insert(road, road->count - 1, DS_ROLE_EDGE);
    if (is_remote(caller))
        ds_road_insert(road, 1, DS_ROLE_EDGE);
}

/* ---- signalling ---- */

struct walk {
    const struct ds_topo *topo;
    const struct ds_topo_node *callee, *without;
    size_t attempt; /* which of the hops that a Mediation Server may try */
    bool more;      /* a further attempt may find something else */
    char number[64];
};

/* Those before it were tried in vain, which takes fast failover. */
static const struct ds_topo_node *
tried(struct walk *walk, const struct ds_route *route, const struct ds_topo_node *here)
{
    if (here->role != DS_ROLE_MEDIATION || route->via_count == 1)
        return route->via[0];
    for (size_t i = 0; i < walk->attempt && i < route->via_count; i++) {
        const struct ds_trunk *trunk = ds_topo_trunk(walk->topo, here, route->via[i]);
        if (trunk != NULL && !trunk->fast_failover)
            return NULL;
    }
    walk->more |= walk->attempt + 1 < route->via_count;
    return walk->attempt < route->via_count ? route->via[walk->attempt] : NULL;
}

/* A Mediation Server refuses who calls it over a trunk that it was not told of. */
static bool is_refused(const struct walk *walk,
                       const struct ds_topo_node *here,
                       const struct ds_topo_node *there)
{
    const struct ds_trunk *trunk = there == NULL ? NULL : ds_topo_trunk(walk->topo, here, there);
    return trunk != NULL && trunk->a == there && !trunk->defined;
}

static const struct ds_topo_node *
routed(struct walk *walk, const struct ds_topo_node *before, const struct ds_topo_node *here)
{
    char becomes[sizeof walk->number];
    const struct ds_route *route =
        ds_topo_route(walk->topo, here, before, ds_slice_of(walk->number), becomes, sizeof becomes);
    if (route == NULL)
        return NULL;
    (void)ds_slice_copy(ds_slice_of(becomes), walk->number, sizeof walk->number);
    const struct ds_topo_node *there = tried(walk, route, here);
    return is_refused(walk, here, there) ? NULL : there;
}

/* Who is next: people send to their home, and every element looks among its own users first. */
static const struct ds_topo_node *
next(struct walk *walk, const struct ds_topo_node *before, const struct ds_topo_node *here)
{
    const struct ds_topo_node *callee = walk->callee;
    if (before == NULL && here->home != NULL)
        return here->home;
    if (here->role == DS_ROLE_EDGE && before != here->home)
        return here->home;
    if (callee->home == here)
        return callee;
    if (here->role == DS_ROLE_POOL && is_remote(callee) && callee->home->home == here)
        return callee->home;
    return routed(walk, before, here);
}

static bool follow(struct walk *walk,
                   const struct ds_topo_node *caller,
                   const struct ds_road *road,
                   struct ds_way *way)
{
    const struct ds_topo_node *before = NULL, *here = caller;
    *way = (struct ds_way){.nodes = {caller}, .count = 1};
    (void)ds_slice_copy(ds_slice_of(walk->callee->number), walk->number, sizeof walk->number);
    while (here != walk->without && way->count < road->count) {
        const struct ds_topo_node *there = next(walk, before, here);
        if (there == NULL || there->role != road->roles[way->count])
            return false;
        way->nodes[way->count++] = there;
        before = here;
        here = there;
    }
    return here == walk->callee && here != walk->without;
}

/* The first reading of the row, and the first hop of each route, that leads there. */
static bool find_signalling(struct walk *walk,
                            const struct ds_topo_node *caller,
                            struct ds_course *course,
                            size_t *reading)
{
    struct ds_road road;
    for (*reading = 0; ds_road_parse(course->row->route, *reading, &road); ++*reading) {
        add_edges(&road, caller, walk->callee);
        walk->attempt = 0;
        do {
            walk->more = false;
            if (follow(walk, caller, &road, &course->signalling))
                return true;
            walk->attempt++;
        } while (walk->more && walk->without != NULL);
    }
    course->signalling.count = 0;
    return false;
}

/* ---- audio ---- */

/* Where an Enterprise Voice user's call crosses a Mediation Server, that decides (domain.md 2.1).
 */
static void find_decision(const struct ds_topo *topo,
                          const struct ds_topo_node *caller,
                          const struct ds_topo_node *callee,
                          struct ds_course *course)
{
    const struct ds_way *way = &course->signalling;
    bool outbound = caller->role == DS_ROLE_CLIENT;
    if (outbound == (callee->role == DS_ROLE_CLIENT))
        return;
    for (size_t i = 1; i + 1 < way->count; i++) {
        if (way->nodes[i]->role != DS_ROLE_MEDIATION)
            continue;
        const struct ds_topo_node *peer = way->nodes[outbound ? i + 1 : i - 1];
        course->trunk = ds_topo_trunk(topo, way->nodes[i], peer);
    }
    course->bypass = course->trunk != NULL &&
                     ds_topo_bypass_allowed(topo, outbound ? caller : callee, course->trunk);
}

static const struct ds_topo_node *of_role(const struct ds_way *way, enum ds_role_kind role)
{
    for (size_t i = 0; i < way->count; i++)
        if (way->nodes[i]->role == role)
            return way->nodes[i];
    return NULL;
}

/* The same elements that signal, at the roles of the row's audio. */
static void find_audio(const struct ds_topo *topo,
                       const struct ds_topo_node *caller,
                       const struct ds_topo_node *callee,
                       size_t reading,
                       struct ds_course *course)
{
    struct ds_road road;
    struct ds_way *way = &course->audio;
    const char *column = course->bypass ? course->row->media_bypassed : course->row->media_relayed;
    if (!ds_road_parse(column, reading, &road))
        return;
    *way = (struct ds_way){.nodes = {caller}, .count = 1};
    for (size_t i = 1; i < road.count; i++) {
        bool is_end = i + 1 == road.count;
        const struct ds_topo_node *node =
            is_end ? callee : of_role(&course->signalling, road.roles[i]);
        if (node == NULL)
            continue;
        const struct ds_topo_node *edge =
            ds_topo_edge_between(topo, way->nodes[way->count - 1], node);
        if (edge != NULL)
            way->nodes[way->count++] = edge;
        way->nodes[way->count++] = node;
    }
}

void ds_course_find(const struct ds_topo *topo,
                    const struct ds_topo_node *caller,
                    const struct ds_topo_node *callee,
                    const struct ds_topo_node *without,
                    struct ds_course *out)
{
    enum ds_party from, to;
    size_t reading = 0;
    struct walk walk = {.topo = topo, .callee = callee, .without = without};
    *out = (struct ds_course){.from_remote = is_remote(caller), .to_remote = is_remote(callee)};
    if (!ds_party_of(caller, &from) || !ds_party_of(callee, &to) || callee->number == NULL)
        return;
    out->row = ds_expected_find(topo->option, from, to);
    if (out->row == NULL)
        return;
    out->possible = find_signalling(&walk, caller, out, &reading);
    if (!out->possible)
        return;
    find_decision(topo, caller, callee, out);
    find_audio(topo, caller, callee, reading, out);
}
