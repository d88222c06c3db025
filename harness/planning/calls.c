#include "planning_internal.h"

#include <string.h>

/* Who talks to whom in the busy hour, and which of these calls do the same. */

/* Analogue telephones and fax machines are none: nobody says how much they talk. Who is to move is
 * counted where the plan has them, at the phone. */
bool ds_is_user(const struct ds_topo_node *node)
{
    bool talks =
        node->role == DS_ROLE_CLIENT || node->role == DS_ROLE_PHONE || node->role == DS_ROLE_PSTN;
    return talks && ds_topo_is_first_device(node);
}

static size_t count_of(const struct ds_topo *topo, enum ds_role_kind role)
{
    size_t count = 0;
    for (size_t i = 0; i < topo->node_count; i++)
        count += topo->nodes[i].role == role && ds_is_user(&topo->nodes[i]);
    return count;
}

double ds_planning_users(const struct ds_planning *planning, const struct ds_topo_node *node)
{
    const struct ds_traffic *traffic = &planning->traffic;
    if (!ds_is_user(node) || node->role == DS_ROLE_PSTN)
        return 0;
    double users = node->role == DS_ROLE_CLIENT ? traffic->ev.users : traffic->pbx.users;
    return users / (double)count_of(planning->topo, node->role);
}

/* ---- the busy hour ---- */

static double outside_of(const struct ds_population *population)
{
    return population->users * population->erlangs * population->outside;
}

/* A call inside has two users on the phone. */
static double inside_of(const struct ds_population *population)
{
    return population->users * population->erlangs * (1 - population->outside);
}

/* Erlangs of all calls from one population to the other: half of what is between two is each
 * way's, and whom a user calls inside is as likely one as any other. */
static double talk(const struct ds_traffic *traffic, enum ds_role_kind from, enum ds_role_kind to)
{
    const struct ds_population *caller = from == DS_ROLE_CLIENT ? &traffic->ev : &traffic->pbx,
                               *callee = to == DS_ROLE_CLIENT ? &traffic->ev : &traffic->pbx;
    if (from == DS_ROLE_PSTN)
        return outside_of(callee) / 2;
    if (to == DS_ROLE_PSTN)
        return outside_of(caller) / 2;
    double all = inside_of(&traffic->ev) + inside_of(&traffic->pbx);
    return all > 0 ? inside_of(caller) * inside_of(callee) / (2 * all) : 0;
}

static double pair_erlangs(const struct ds_planning *planning,
                           const struct ds_topo_node *caller,
                           const struct ds_topo_node *callee)
{
    const struct ds_topo *topo = planning->topo;
    double pairs = (double)(count_of(topo, caller->role) * count_of(topo, callee->role));
    return talk(&planning->traffic, caller->role, callee->role) / pairs;
}

/* ---- calls that do the same ---- */

/* Past the same elements: the ends are people, and other people in each. */
static bool same_between(const struct ds_way *a, const struct ds_way *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 1; i + 1 < a->count; i++)
        if (a->nodes[i] != b->nodes[i])
            return false;
    return true;
}

static bool same_course(const struct ds_course *a, const struct ds_course *b)
{
    return a->row == b->row && a->possible == b->possible && a->from_remote == b->from_remote &&
           a->to_remote == b->to_remote && same_between(&a->signalling, &b->signalling) &&
           same_between(&a->audio, &b->audio);
}

/* As planned, with bypass on, with bypass off, then without each element. */
#define OTHER_COURSES 3

static size_t course_count(const struct ds_planning *planning)
{
    return OTHER_COURSES + planning->element_count;
}

static void find_courses(const struct ds_planning *planning,
                         const struct ds_topo_node *caller,
                         const struct ds_topo_node *callee,
                         size_t turn,
                         struct ds_course *out)
{
    struct ds_topo on = *planning->topo, off = *planning->topo;
    on.bypass_enabled = true;
    off.bypass_enabled = false;
    ds_course_find(planning->topo, caller, callee, NULL, turn, &out[0]);
    ds_course_find(&on, caller, callee, NULL, turn, &out[1]);
    ds_course_find(&off, caller, callee, NULL, turn, &out[2]);
    for (size_t i = 0; i < planning->element_count; i++)
        ds_course_find(planning->topo, caller, callee, planning->elements[i], turn,
                       &out[OTHER_COURSES + i]);
}

static struct ds_call_kind *find_kind(struct ds_planning *planning, const struct ds_course *courses)
{
    for (size_t i = 0; i < planning->kind_count; i++) {
        bool same = true;
        for (size_t k = 0; k < course_count(planning) && same; k++)
            same = same_course(&planning->kinds[i].planned[k], &courses[k]);
        if (same)
            return &planning->kinds[i];
    }
    return NULL;
}

static ds_rc add_kind(struct ds_planning *planning,
                      const struct ds_course *courses,
                      struct ds_arena *arena,
                      struct ds_call_kind **out)
{
    size_t size = course_count(planning) * sizeof *courses;
    struct ds_course *kept = ds_arena_alloc(arena, size);
    if (kept == NULL)
        return DS_NOMEM;
    memcpy(kept, courses, size);
    *out = &planning->kinds[planning->kind_count++];
    **out = (struct ds_call_kind){.row = courses->row,
                                  .planned = kept,
                                  .bypass_on = kept + 1,
                                  .bypass_off = kept + 2,
                                  .without = kept + OTHER_COURSES};
    return DS_OK;
}

/* The calls of two people that take these courses. */
static ds_rc add_calls(struct ds_planning *planning,
                       const struct ds_topo_node *caller,
                       const struct ds_topo_node *callee,
                       double erlangs,
                       const struct ds_course *courses,
                       struct ds_arena *arena)
{
    struct ds_call_kind *kind = find_kind(planning, courses);
    ds_rc rc = kind == NULL ? add_kind(planning, courses, arena, &kind) : DS_OK;
    if (rc != DS_OK)
        return rc;
    if (kind->caller == NULL) {
        kind->caller = caller;
        kind->callee = callee;
    }
    kind->pairs += caller != callee;
    kind->erlangs += erlangs / (double)courses->turns;
    return DS_OK;
}

/* `courses` is room to work in. */
static ds_rc add_pair(struct ds_planning *planning,
                      const struct ds_topo_node *caller,
                      const struct ds_topo_node *callee,
                      double erlangs,
                      struct ds_course *courses,
                      struct ds_arena *arena)
{
    size_t turn = 0;
    ds_rc rc = DS_OK;
    do {
        find_courses(planning, caller, callee, turn, courses);
        if (courses->row == NULL)
            return DS_OK;
        rc = add_calls(planning, caller, callee, erlangs, courses, arena);
    } while (rc == DS_OK && ++turn < courses->turns);
    return rc;
}

/* Two people who are one stand for calls among those that one stands for. */
static ds_rc add_pairs(struct ds_planning *planning,
                       bool with_oneself,
                       struct ds_course *room,
                       struct ds_arena *arena)
{
    const struct ds_topo *topo = planning->topo;
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < topo->node_count; i++)
        for (size_t k = 0; k < topo->node_count && rc == DS_OK; k++)
            if ((i == k) == with_oneself && ds_is_user(&topo->nodes[i]) &&
                ds_is_user(&topo->nodes[k]))
                rc =
                    add_pair(planning, &topo->nodes[i], &topo->nodes[k],
                             pair_erlangs(planning, &topo->nodes[i], &topo->nodes[k]), room, arena);
    return rc;
}

/* Whoever calls a user may come to voice mail, or be parked. How many do is in no topology: the way
 * is told, and no load. */
static ds_rc add_service(struct ds_planning *planning,
                         const struct ds_topo_node *service,
                         struct ds_course *room,
                         struct ds_arena *arena)
{
    const struct ds_topo *topo = planning->topo;
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < topo->node_count && rc == DS_OK; i++)
        if (service != NULL && ds_is_user(&topo->nodes[i]))
            rc = add_pair(planning, &topo->nodes[i], service, 0, room, arena);
    return rc;
}

/* Users call a conferencing server, and are called from there, as is whom they add. How often, is
 * in no topology either. */
static ds_rc
add_conferences(struct ds_planning *planning, struct ds_course *room, struct ds_arena *arena)
{
    const struct ds_topo *topo = planning->topo;
    const struct ds_topo_node *server = ds_topo_first(topo, DS_ROLE_CONFERENCING);
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < topo->node_count && server != NULL && rc == DS_OK; i++) {
        if (!ds_is_user(&topo->nodes[i]))
            continue;
        rc = add_pair(planning, &topo->nodes[i], server, 0, room, arena);
        if (rc == DS_OK)
            rc = add_pair(planning, server, &topo->nodes[i], 0, room, arena);
    }
    return rc;
}

ds_rc ds_planning_find_kinds(struct ds_planning *planning, struct ds_arena *arena)
{
    const struct ds_topo *topo = planning->topo;
    size_t users = count_of(topo, DS_ROLE_CLIENT) + count_of(topo, DS_ROLE_PHONE) +
                   count_of(topo, DS_ROLE_PSTN);
    struct ds_course *room = ds_arena_alloc(arena, course_count(planning) * sizeof *room);
    planning->kinds =
        ds_arena_alloc(arena, users * (users + 4) * DS_ROUTE_MAX_HOPS * sizeof *planning->kinds);
    if (room == NULL || planning->kinds == NULL)
        return DS_NOMEM;
    ds_rc rc = add_pairs(planning, false, room, arena);
    if (rc == DS_OK)
        rc = add_pairs(planning, true, room, arena);
    if (rc == DS_OK)
        rc = add_service(planning, topo->voice_mail.servers[0], room, arena);
    if (rc == DS_OK)
        rc = add_service(planning, topo->call_park.service, room, arena);
    return rc == DS_OK ? add_conferences(planning, room, arena) : rc;
}
