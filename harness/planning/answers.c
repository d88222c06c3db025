#include "planning_internal.h"

#include <stdio.h>

/* What the planning page says of its options in words, asked of this topology. */

typedef bool ask_fn(const struct ds_planning *planning, char *out, size_t size);

static const struct ds_topo_node *first(const struct ds_planning *planning, enum ds_role_kind role)
{
    return ds_topo_first(planning->topo, role);
}

static size_t count_role(const struct ds_planning *planning, enum ds_role_kind role)
{
    size_t count = 0;
    for (size_t i = 0; i < planning->topo->node_count; i++)
        count += planning->topo->nodes[i].role == role;
    return count;
}

/* ---- whom the PBX serves ---- */

static bool ask_pbx_users(const struct ds_planning *planning, char *out, size_t size)
{
    uint32_t users = planning->traffic.pbx.users;
    snprintf(out, size, "%u of %u users stay on the PBX", users,
             users + planning->traffic.ev.users);
    return users > 0;
}

static bool ask_earlier_devices(const struct ds_planning *planning, char *out, size_t size)
{
    size_t all = 0, served = 0;
    for (size_t i = 0; i < planning->topo->node_count; i++) {
        const struct ds_topo_node *node = &planning->topo->nodes[i];
        all += node->earlier_device;
        served += node->earlier_device && node->home != NULL && node->home->role == DS_ROLE_PBX;
    }
    snprintf(out, size, "of the %zu listed, the PBX has %zu", all, served);
    return all == served;
}

/* ---- numbers ---- */

static bool is_reached(const struct ds_planning *planning, const struct ds_topo_node *user)
{
    struct ds_course course;
    ds_course_find(planning->topo, first(planning, DS_ROLE_PSTN), user, NULL, 0, &course);
    return course.possible;
}

static bool ask_numbers(const struct ds_planning *planning, char *out, size_t size)
{
    size_t all = 0, reached = 0;
    for (size_t i = 0; i < planning->topo->node_count; i++) {
        const struct ds_topo_node *node = &planning->topo->nodes[i];
        if (node->role != DS_ROLE_CLIENT || !ds_is_user(node))
            continue;
        all++;
        reached += is_reached(planning, node);
    }
    snprintf(out, size, "the PSTN reaches %zu of the %zu listed at theirs", reached, all);
    return reached == all;
}

static bool ask_arrival(const struct ds_planning *planning, char *out, size_t size)
{
    const struct ds_topo_node *at = NULL;
    bool same = true;
    for (size_t i = 0; i < planning->kind_count; i++) {
        const struct ds_way *way = &planning->kinds[i].planned->signalling;
        if (planning->kinds[i].row->from != DS_PARTY_PSTN || way->count < 2)
            continue;
        same = same && (at == NULL || at == way->nodes[1]);
        at = at == NULL ? way->nodes[1] : at;
    }
    if (at == NULL)
        snprintf(out, size, "the routes lead none in");
    else
        snprintf(out, size, "%s", same ? at->name : "at several elements");
    return at != NULL && same;
}

/* ---- trunks ---- */

static bool is_between(const struct ds_trunk *trunk, enum ds_role_kind a, enum ds_role_kind b)
{
    return trunk->a->role == a && trunk->b->role == b;
}

static bool ask_gateway_trunks(const struct ds_planning *planning, char *out, size_t size)
{
    size_t inner = 0, pbx = 0;
    for (size_t i = 0; i < planning->topo->trunk_count; i++) {
        inner += is_between(&planning->topo->trunks[i], DS_ROLE_MEDIATION, DS_ROLE_GATEWAY);
        pbx += is_between(&planning->topo->trunks[i], DS_ROLE_GATEWAY, DS_ROLE_PBX);
    }
    snprintf(out, size, "%zu to a Mediation Server, %zu to a PBX", inner, pbx);
    return inner > 0 && pbx > 0;
}

/* Are the channels given on these trunks enough, each for itself? */
static bool
has_room(const struct ds_planning *planning, enum ds_role_kind role, char *out, size_t size)
{
    uint32_t wanted = 0, given = 0;
    bool enough = true, unlimited = false;
    for (size_t i = 0; i < planning->topo->trunk_count; i++) {
        const struct ds_trunk_load *load = &planning->trunks[i];
        if (load->trunk->kind != DS_TRUNK_TDM ||
            (load->trunk->a->role != role && load->trunk->b->role != role))
            continue;
        wanted += load->channels;
        given += load->trunk->channels;
        unlimited |= load->trunk->channels == 0;
        enough = enough && (load->trunk->channels == 0 || load->channels <= load->trunk->channels);
    }
    if (unlimited)
        snprintf(out, size, "%u channels wanted, no limit given", wanted);
    else
        snprintf(out, size, "%u channels wanted, %u given", wanted, given);
    return enough;
}

static bool ask_gateway_room(const struct ds_planning *planning, char *out, size_t size)
{
    return has_room(planning, DS_ROLE_GATEWAY, out, size);
}

static bool ask_provider_room(const struct ds_planning *planning, char *out, size_t size)
{
    return has_room(planning, DS_ROLE_PSTN, out, size);
}

static bool ask_pbx_line(const struct ds_planning *planning, char *out, size_t size)
{
    for (size_t i = 0; i < planning->topo->trunk_count; i++) {
        const struct ds_trunk *trunk = &planning->topo->trunks[i];
        if (!is_between(trunk, DS_ROLE_PBX, DS_ROLE_PSTN))
            continue;
        snprintf(out, size, "%s to %s", trunk->a->name, trunk->b->name);
        return true;
    }
    snprintf(out, size, "the gateway takes its place");
    return false;
}

static bool ask_no_gateway(const struct ds_planning *planning, char *out, size_t size)
{
    for (size_t i = 0; i < planning->kind_count; i++) {
        const struct ds_call_kind *kind = &planning->kinds[i];
        bool joined = (kind->row->from == DS_PARTY_EV && kind->row->to == DS_PARTY_PBX) ||
                      (kind->row->from == DS_PARTY_PBX && kind->row->to == DS_PARTY_EV);
        for (size_t k = 0; joined && k < kind->planned->signalling.count; k++) {
            const struct ds_topo_node *node = kind->planned->signalling.nodes[k];
            if (node->role != DS_ROLE_GATEWAY)
                continue;
            snprintf(out, size, "%s", node->name);
            return false;
        }
    }
    snprintf(out, size, "the Mediation Server and the PBX are joined themselves");
    return true;
}

/* ---- cost ---- */

static const struct ds_rate *cheapest(const struct ds_topo *topo, const struct ds_topo_node *callee)
{
    const struct ds_rate *best = NULL;
    for (size_t i = 0; i < topo->trunk_count; i++) {
        const struct ds_rate *rate =
            ds_topo_rate(topo, topo->trunks[i].b, ds_slice_of(callee->number));
        if (rate != NULL && (best == NULL || rate->per_minute < best->per_minute))
            best = rate;
    }
    return best;
}

static bool ask_least_cost(const struct ds_planning *planning, char *out, size_t size)
{
    bool holds = true;
    snprintf(out, size, "of those with a rate, to the number listed for the PSTN");
    for (size_t i = 0; i < planning->kind_count; i++) {
        const struct ds_call_kind *kind = &planning->kinds[i];
        const struct ds_way *way = &kind->planned->signalling;
        if (kind->row->to != DS_PARTY_PSTN || way->count < 2)
            continue;
        const struct ds_topo_node *last = way->nodes[way->count - 2];
        const struct ds_rate *rate = ds_topo_rate(planning->topo, last,
                                                  ds_slice_of(kind->callee->number)),
                             *best = cheapest(planning->topo, kind->callee);
        if (!holds || rate == NULL || rate->per_minute <= best->per_minute)
            continue;
        holds = false;
        snprintf(out, size, "%s leaves by %s at %g a minute, and %s costs %g", kind->caller->name,
                 last->name, rate->per_minute, best->by->name, best->per_minute);
    }
    return holds;
}

/* ---- media, places ---- */

static bool ask_bypass(const struct ds_planning *planning, char *out, size_t size)
{
    double all = 0, bypassed = 0;
    for (size_t i = 0; i < planning->kind_count; i++) {
        const struct ds_call_kind *kind = &planning->kinds[i];
        all += kind->planned->trunk != NULL ? kind->erlangs : 0;
        bypassed += kind->planned->bypass ? kind->erlangs : 0;
    }
    snprintf(out, size, "%.0f %% of the calls that could", all > 0 ? 100 * bypassed / all : 0);
    return bypassed > 0;
}

static bool ask_remote(const struct ds_planning *planning, char *out, size_t size)
{
    double remote = 0;
    for (size_t i = 0; i < planning->topo->node_count; i++) {
        const struct ds_topo_node *node = &planning->topo->nodes[i];
        bool outside = node->home != NULL && node->home->role == DS_ROLE_EDGE;
        remote += outside ? ds_planning_users(planning, node) : 0;
    }
    snprintf(out, size, "%.0f users, through %zu Edge", remote, count_role(planning, DS_ROLE_EDGE));
    return remote > 0;
}

static bool ask_voice_mail(const struct ds_planning *planning, char *out, size_t size)
{
    double users = 0;
    for (size_t i = 0; i < planning->topo->node_count; i++) {
        const struct ds_topo_node *node = &planning->topo->nodes[i];
        users += node->handling.voice_mail ? ds_planning_users(planning, node) : 0;
    }
    snprintf(out, size, "%.0f users, at %zu servers", users,
             planning->topo->voice_mail.server_count);
    return users > 0;
}

#define ONLY(which) (1u << DS_##which)
#define ANY_OPTION  ((1u << DS_OPTION_COUNT) - 1)
#define WITH_PBX    (ANY_OPTION & ~ONLY(VOIP_ONLY) & ~ONLY(SIP_TRUNK))
#define ONLY_PRICED (1u << DS_OPTION_COUNT) /* where the topology tells rates */

static const struct {
    const char *name, *question;
    unsigned options; /* it is asked of, a bit each */
    ask_fn *ask;
} questions[] = {
    {"pbx_users", "The PBX still serves users without Enterprise Voice", WITH_PBX, ask_pbx_users},
    {"earlier_devices", "The PBX handles all earlier devices", WITH_PBX, ask_earlier_devices},
    {"numbers", "Enterprise Voice users have numbers of the PSTN", ANY_OPTION, ask_numbers},
    {"arrival", "Calls from the PSTN arrive at one element", ANY_OPTION, ask_arrival},
    {"pbx_line", "The PBX keeps its trunk to the PSTN", WITH_PBX, ask_pbx_line},
    {"no_gateway", "No gateway stands before the PBX", ONLY(DIRECT_SIP_PARTNER), ask_no_gateway},
    {"gateway_trunks", "The gateway has trunks to both sides",
     ONLY(BEHIND_PBX) | ONLY(IN_FRONT_OF_PBX), ask_gateway_trunks},
    {"gateway_room", "Gateways have the capacity",
     ANY_OPTION & ~ONLY(DIRECT_SIP_PARTNER) & ~ONLY(SIP_TRUNK), ask_gateway_room},
    {"provider_room", "The service provider's trunks are enough", ANY_OPTION, ask_provider_room},
    {"least_cost", "Calls to the PSTN leave by the cheapest gateway", ANY_OPTION | ONLY_PRICED,
     ask_least_cost},
    {"bypass", "Audio passes the Mediation Server by (recommended)", ANY_OPTION, ask_bypass},
    {"remote", "Remote workers are served", ANY_OPTION, ask_remote},
    {"voice_mail", "Exchange UM takes the calls of who does not answer", ONLY(VOIP_ONLY),
     ask_voice_mail},
};

ds_rc ds_planning_answer(struct ds_planning *planning, struct ds_arena *arena)
{
    char sentence[160];
    struct ds_answer *answers = ds_arena_alloc(arena, DS_COUNT(questions) * sizeof *answers);
    if (answers == NULL)
        return DS_NOMEM;
    planning->answers = answers;
    for (size_t i = 0; i < DS_COUNT(questions); i++) {
        bool asked = (questions[i].options >> planning->topo->option & 1u) != 0 &&
                     ((questions[i].options & ONLY_PRICED) == 0 || planning->topo->rate_count > 0);
        if (!asked)
            continue;
        struct ds_answer *answer = &answers[planning->answer_count++];
        answer->name = questions[i].name;
        answer->question = questions[i].question;
        answer->holds = questions[i].ask(planning, sentence, sizeof sentence);
        answer->sentence = ds_arena_copy(arena, ds_slice_of(sentence));
        if (answer->sentence == NULL)
            return DS_NOMEM;
    }
    return DS_OK;
}
