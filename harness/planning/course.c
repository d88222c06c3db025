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

/* A user who forwards all calls is called, and from the pool on whom they are forwarded to; of a
 * number that rings along, or unanswered calls, nobody says how often. */
struct walk {
    const struct ds_topo *topo;
    const struct ds_topo_node *caller;
    const struct ds_topo_node *called;             /* from the pool on: the callee */
    const struct ds_topo_node *callee, *forwarder; /* forwarder NULL: nobody forwards the call */
    const struct ds_topo_node *without;
    size_t turn;
    size_t attempt; /* which of the hops that a Mediation Server, or of the trunks that a pool may
                       try */
    bool more;      /* a further attempt may find something else */
    const struct ds_usages *usages; /* whose count; NULL: nobody's yet */
    const struct ds_trunk *told;    /* the trunk that the pool has chosen, or NULL */
    const struct ds_site *only_at;  /* it came in by a trunk of this site, or NULL */
    const struct ds_site *made_at;  /* its caller is there, or NULL: nobody knows */
    char number[64];
    struct ds_course *course;
};

/* The first member of a pool of Mediation Servers that answers; the others are tried without. */
static const struct ds_topo_node *member(struct walk *walk, const struct ds_route *route)
{
    size_t first = route->spread ? walk->turn % route->via_count : 0;
    const struct ds_topo_node *hop = ds_route_hop(route, first, 0);
    if (route->spread) {
        walk->course->turns = route->via_count;
        walk->course->member = hop;
    }
    return hop == walk->without ? ds_route_hop(route, first, 1) : hop;
}

/* Those before it were tried in vain, which takes fast failover. */
static const struct ds_topo_node *
tried(struct walk *walk, const struct ds_route *route, const struct ds_topo_node *here)
{
    if (route->via_count == 1)
        return route->via[0];
    if (here->role != DS_ROLE_MEDIATION)
        return route->via[0]->role == DS_ROLE_MEDIATION ? member(walk, route) : route->via[0];
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

/* The pool chooses the trunk, and the Mediation Server takes that one. */
static const struct ds_topo_node *chosen(struct walk *walk)
{
    struct ds_admitted admitted;
    if (walk->usages == NULL)
        return NULL;
    ds_admitted_find(walk->topo, walk->usages, walk->made_at, ds_slice_of(walk->number), &admitted);
    for (size_t i = 0; i < walk->attempt && i < admitted.count; i++)
        if (!admitted.trunks[i]->fast_failover)
            return NULL;
    walk->more |= walk->attempt + 1 < admitted.count;
    if (walk->attempt >= admitted.count)
        return NULL;
    walk->told = admitted.trunks[walk->attempt];
    return walk->told->a;
}

/* Where a pool has failed, its backup takes its part. */
static const struct ds_topo_node *stand_in(const struct walk *walk, const struct ds_topo_node *node)
{
    bool failed = node != NULL && node == walk->without && node->backup != NULL;
    return failed ? node->backup : node;
}

/* Clients move to the backup; an Edge does not. */
static const struct ds_topo_node *home_of(const struct walk *walk, const struct ds_topo_node *node)
{
    return ds_topo_backup(node) == NULL ? node->home : stand_in(walk, node->home);
}

/* Those of the pool's services that live and fail with it. */
static bool is_lost_with_pool(const struct ds_topo_node *service)
{
    return service->role == DS_ROLE_CONFERENCING || service->role == DS_ROLE_CALL_PARK;
}

static const struct ds_topo_node *
routed(struct walk *walk, const struct ds_topo_node *before, const struct ds_topo_node *here)
{
    char becomes[sizeof walk->number];
    if (walk->topo->by_usages && here->role == DS_ROLE_POOL)
        return chosen(walk);
    if (walk->told != NULL && walk->told->a == here)
        return walk->told->b;
    const struct ds_asked asked = {
        .at = here,
        .from = before,
        .site = walk->caller->role == DS_ROLE_CLIENT ? walk->caller->site : NULL,
    };
    const struct ds_route *route =
        ds_topo_route_asked(walk->topo, &asked, ds_slice_of(walk->number), becomes, sizeof becomes);
    if (route == NULL)
        return NULL;
    (void)ds_slice_copy(ds_slice_of(becomes), walk->number, sizeof walk->number);
    const struct ds_topo_node *there = stand_in(walk, tried(walk, route, here));
    return is_refused(walk, here, there) ? NULL : there;
}

/* A call has the usages of its caller, or of the trunk by which it comes in; one from a conference
 * those of the user who asks for it, which may be any. */
static void
take_usages(struct walk *walk, const struct ds_topo_node *before, const struct ds_topo_node *here)
{
    if (before == NULL)
        walk->made_at = ds_topo_location(walk->caller);
    if (before == NULL && here->user != NULL)
        walk->usages = &here->user->voice_policy;
    if (before == NULL && here->role == DS_ROLE_CONFERENCING)
        walk->usages = &ds_topo_first(walk->topo, DS_ROLE_CLIENT)->voice_policy;
    if (before == NULL || here->role != DS_ROLE_MEDIATION || walk->usages != NULL)
        return;
    const struct ds_trunk *trunk = ds_topo_trunk(walk->topo, here, before);
    walk->only_at = trunk == NULL ? NULL : trunk->restricted_to;
    walk->made_at = trunk == NULL ? NULL : trunk->users_at;
    walk->usages = trunk == NULL ? NULL : &trunk->usages;
}

/* Who is next: people send to their home, and every element looks among its own users first. */
static const struct ds_topo_node *
next(struct walk *walk, const struct ds_topo_node *before, const struct ds_topo_node *here)
{
    const struct ds_topo_node *callee = walk->called;
    if (before == NULL && here->home != NULL)
        return home_of(walk, here);
    if (before == NULL && here->role == DS_ROLE_CONFERENCING)
        return ds_topo_first(walk->topo, DS_ROLE_POOL);
    if (here->role == DS_ROLE_EDGE && before != here->home)
        return here->home;
    if (walk->only_at != NULL && here->role == DS_ROLE_POOL && callee->role == DS_ROLE_CLIENT &&
        ds_topo_location(callee) != walk->only_at)
        return NULL;
    if (here->stands_in_for != NULL && is_lost_with_pool(callee))
        return NULL;
    bool serves_all = callee->role == DS_ROLE_UM || callee->role == DS_ROLE_CONFERENCING ||
                      callee->role == DS_ROLE_CALL_PARK;
    if (home_of(walk, callee) == here || (here->role == DS_ROLE_POOL && serves_all))
        return callee;
    if (here->role == DS_ROLE_POOL && is_remote(callee) && callee->home->home == here)
        return callee->home;
    return routed(walk, before, here);
}

/* At the pool, a call goes on in the name of the last user who forwards it. */
static const struct ds_topo_node *
forward(struct walk *walk, const struct ds_topo_node *before, const struct ds_topo_node *here)
{
    if (here->role != DS_ROLE_POOL || walk->called == walk->callee)
        return before;
    walk->called = walk->callee;
    walk->usages = &walk->forwarder->voice_policy;
    (void)ds_slice_copy(ds_slice_of(walk->forwarder->handling.forward), walk->number,
                        sizeof walk->number);
    return walk->forwarder;
}

static bool follow(struct walk *walk,
                   const struct ds_topo_node *caller,
                   const struct ds_topo_node *called,
                   const struct ds_road *road,
                   struct ds_way *way)
{
    const struct ds_topo_node *before = NULL, *here = caller;
    *way = (struct ds_way){.nodes = {caller}, .count = 1};
    walk->called = called;
    (void)ds_planning_number(walk->topo, called, walk->number, sizeof walk->number);
    walk->usages = NULL;
    walk->told = NULL;
    walk->only_at = NULL;
    while (here != walk->without && way->count < road->count) {
        before = forward(walk, before, here);
        take_usages(walk, before, here);
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
                            const struct ds_topo_node *called,
                            struct ds_course *course,
                            size_t *reading)
{
    struct ds_road road;
    for (*reading = 0; ds_road_parse(course->row->route, *reading, &road); ++*reading) {
        add_edges(&road, caller, walk->callee);
        walk->attempt = 0;
        do {
            walk->more = false;
            if (follow(walk, caller, called, &road, &course->signalling))
                return true;
            walk->attempt++;
        } while (walk->more && walk->without != NULL);
    }
    course->signalling.count = 0;
    return false;
}

/* ---- audio ---- */

/* A forwarded call comes in by one trunk of the Mediation Server and goes out by another. */
static void find_hairpin(const struct ds_topo *topo, struct ds_course *course)
{
    const struct ds_way *way = &course->signalling;
    const struct ds_trunk *in = NULL, *out = NULL;
    for (size_t i = 1; i + 1 < way->count; i++) {
        if (way->nodes[i]->role != DS_ROLE_MEDIATION)
            continue;
        if (in == NULL)
            in = ds_topo_trunk(topo, way->nodes[i], way->nodes[i - 1]);
        out = ds_topo_trunk(topo, way->nodes[i], way->nodes[i + 1]);
    }
    course->trunk = out;
    course->bypass = in != NULL && out != NULL && ds_topo_hairpin_allowed(topo, in, out);
}

/* Where an Enterprise Voice user's call crosses a Mediation Server, that decides (domain.md 2.1).
 */
static void find_decision(const struct ds_topo *topo,
                          const struct ds_topo_node *caller,
                          const struct ds_topo_node *callee,
                          struct ds_course *course)
{
    const struct ds_way *way = &course->signalling;
    bool outbound = caller->role == DS_ROLE_CLIENT || caller->role == DS_ROLE_CONFERENCING;
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

/* The element at that place of a road: of two with one role (gateways, between which a call crosses
 * the pool) the one that is as far along the way. */
static const struct ds_topo_node *
standing_at(const struct ds_way *way, const struct ds_road *road, size_t at)
{
    size_t others = 0;
    for (size_t i = 1; i < at; i++)
        others += road->roles[i] == road->roles[at];
    for (size_t i = 0; i < way->count; i++)
        if (way->nodes[i]->role == road->roles[at] && others-- == 0)
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
            is_end ? callee : standing_at(&course->signalling, &road, i);
        if (node == NULL)
            continue;
        const struct ds_topo_node *edge =
            ds_topo_edge_between(topo, way->nodes[way->count - 1], node);
        if (edge != NULL)
            way->nodes[way->count++] = edge;
        way->nodes[way->count++] = node;
    }
}

#define MOST_FORWARDS 8

/* False: it goes round in a circle, or out where its user may not send it. */
static bool find_callee(struct walk *walk, const struct ds_topo_node *called)
{
    walk->callee = called;
    for (size_t i = 0; i < MOST_FORWARDS; i++) {
        if (walk->callee->role != DS_ROLE_CLIENT || walk->callee->handling.forward == NULL)
            return true;
        walk->forwarder = walk->callee;
        walk->callee = ds_topo_owner(walk->topo, ds_slice_of(walk->callee->handling.forward));
        if (walk->callee == NULL)
            walk->callee = ds_topo_first(walk->topo, DS_ROLE_PSTN);
        if (walk->forwarder->handling.inside_only && walk->callee->role != DS_ROLE_CLIENT)
            return false;
    }
    return false;
}

void ds_course_find(const struct ds_topo *topo,
                    const struct ds_topo_node *caller,
                    const struct ds_topo_node *callee,
                    const struct ds_topo_node *without,
                    size_t turn,
                    struct ds_course *out)
{
    enum ds_party from, to;
    size_t reading = 0;
    callee = ds_planning_server(topo, callee, without);
    struct walk walk = {
        .topo = topo, .caller = caller, .without = without, .turn = turn, .course = out};
    *out = (struct ds_course){.turns = 1, .from_remote = is_remote(caller)};
    if (!ds_party_of(caller, &from) ||
        !ds_planning_number(topo, callee, walk.number, sizeof walk.number) ||
        !find_callee(&walk, callee) || !ds_party_of(walk.callee, &to))
        return;
    out->to_remote = is_remote(walk.callee);
    bool forwarded = walk.forwarder != NULL || ds_is_between_pbxs(caller, walk.callee);
    out->row = forwarded ? ds_expected_forwarded(topo->option, from, to)
                         : ds_expected_find(topo->option, from, to);
    if (out->row == NULL)
        return;
    out->possible = find_signalling(&walk, caller, callee, out, &reading);
    if (!out->possible)
        return;
    if (out->row->forwarded)
        find_hairpin(topo, out);
    else
        find_decision(topo, caller, walk.callee, out);
    find_audio(topo, caller, walk.callee, reading, out);
}
