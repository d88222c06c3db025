#include "check_internal.h"

#include <string.h>

#define NAME_EV         "ev"
#define NAME_PSTN       "pstn"
#define NAME_PBX        "pbx"
#define NAME_ANALOGUE   "analogue"
#define NAME_FAX        "fax"
#define NAME_UM         "um"
#define NAME_CONFERENCE "conference"
#define NAME_PARK       "park"

#define ROW(forwarded_, option_, from_, to_, route_, bypassed_, relayed_, silent_, rules_,         \
            source_)                                                                               \
    {.forwarded = (forwarded_),                                                                    \
     .option = DS_##option_,                                                                       \
     .name = NAME_##from_ "_to_" NAME_##to_,                                                       \
     .from = DS_PARTY_##from_,                                                                     \
     .to = DS_PARTY_##to_,                                                                         \
     .route = (route_),                                                                            \
     .media_bypassed = (bypassed_),                                                                \
     .media_relayed = (relayed_),                                                                  \
     .silent = (silent_),                                                                          \
     .rules = (rules_),                                                                            \
     .source = "domain.md " source_},

#define CALL(...)      ROW(false, __VA_ARGS__)
#define FORWARDED(...) ROW(true, __VA_ARGS__)

static const struct ds_expected_call expected_calls[] = {
#include "options.def"
};

static const struct ds_expected_call expected_transfers[] = {
#include "transfers.def"
};
#undef FORWARDED
#undef CALL
#undef ROW

const struct ds_expected_call *ds_expected_calls(size_t *count)
{
    *count = DS_COUNT(expected_calls);
    return expected_calls;
}

struct table {
    const struct ds_expected_call *rows;
    size_t count;
};

static const struct ds_expected_call *find_in(struct table table,
                                              enum ds_option option,
                                              enum ds_party from,
                                              enum ds_party to,
                                              bool forwarded)
{
    for (size_t i = 0; i < table.count; i++) {
        const struct ds_expected_call *row = &table.rows[i];
        if (row->option == option && row->from == from && row->to == to &&
            row->forwarded == forwarded)
            return row;
    }
    return NULL;
}

const struct ds_expected_call *
ds_expected_find(enum ds_option option, enum ds_party from, enum ds_party to)
{
    return find_in((struct table){expected_calls, DS_COUNT(expected_calls)}, option, from, to,
                   false);
}

const struct ds_expected_call *
ds_expected_transfer(enum ds_option option, enum ds_party from, enum ds_party to)
{
    return find_in((struct table){expected_transfers, DS_COUNT(expected_transfers)}, option, from,
                   to, false);
}

const struct ds_expected_call *
ds_expected_forwarded(enum ds_option option, enum ds_party from, enum ds_party to)
{
    const struct ds_expected_call *row =
        find_in((struct table){expected_calls, DS_COUNT(expected_calls)}, option, from, to, true);
    return row != NULL ? row : ds_expected_find(option, from, to);
}

bool ds_is_between_pbxs(const struct ds_topo_node *caller, const struct ds_topo_node *callee)
{
    return ds_is_role(caller, DS_ROLE_PHONE) && ds_is_role(callee, DS_ROLE_PHONE) &&
           caller->home != callee->home;
}

bool ds_party_of(const struct ds_topo_node *node, enum ds_party *out)
{
    switch (node->role) {
    case DS_ROLE_CLIENT:
        *out = DS_PARTY_EV;
        return true;
    case DS_ROLE_PHONE:
        *out = DS_PARTY_PBX;
        return true;
    case DS_ROLE_PSTN:
        *out = DS_PARTY_PSTN;
        return true;
    case DS_ROLE_ANALOGUE_PHONE:
        *out = DS_PARTY_ANALOGUE;
        return true;
    case DS_ROLE_FAX:
        *out = DS_PARTY_FAX;
        return true;
    case DS_ROLE_UM:
        *out = DS_PARTY_UM;
        return true;
    case DS_ROLE_CONFERENCING:
        *out = DS_PARTY_CONFERENCE;
        return true;
    case DS_ROLE_CALL_PARK:
        *out = DS_PARTY_PARK;
        return true;
    case DS_ROLE_EDGE:
    case DS_ROLE_POOL:
    case DS_ROLE_MEDIATION:
    case DS_ROLE_GATEWAY:
    case DS_ROLE_PBX:
    case DS_ROLE_ANALOGUE_GATEWAY:
    case DS_ROLE_SBC:
    case DS_ROLE_COUNT:
        break;
    }
    return false;
}

static bool has_party(const struct ds_topo *topo, enum ds_party party)
{
    enum ds_party its;
    for (size_t i = 0; i < topo->node_count; i++)
        if (ds_party_of(&topo->nodes[i], &its) && its == party)
            return true;
    return false;
}

bool ds_expected_has_ends(const struct ds_expected_call *row, const struct ds_topo *topo)
{
    return !row->forwarded && has_party(topo, row->from) && has_party(topo, row->to);
}

/* ---- what a row is to prove ---- */

struct rule_list {
    const struct ds_requirement **out;
    size_t count, most;
};

static void add(struct rule_list *list, struct ds_slice id)
{
    const struct ds_requirement *requirement = ds_requirement_find(id);
    if (requirement == NULL || list->count == list->most)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (list->out[i] == requirement)
            return;
    list->out[list->count++] = requirement;
}

static void add_all(struct rule_list *list, const char *ids)
{
    struct ds_slice rest = ds_slice_of(ids), id;
    while (ds_slice_cut(&rest, ' ', &id))
        add(list, id);
}

static const struct ds_topo_node *inner_client(const struct ds_topo *topo)
{
    for (size_t i = 0; i < topo->node_count; i++)
        if (topo->nodes[i].role == DS_ROLE_CLIENT && !topo->nodes[i].site->external)
            return &topo->nodes[i];
    return NULL;
}

/* The trunk that a row's calls cross, NULL where they meet no Mediation Server. */
static const struct ds_trunk *crossed_trunk(const struct ds_expected_call *row,
                                            const struct ds_topo *topo)
{
    struct ds_road road;
    if (!ds_road_parse(row->route, 0, &road) || !ds_road_has(&road, DS_ROLE_MEDIATION))
        return NULL;
    enum ds_role_kind peer = ds_road_peer(&road);
    for (size_t i = 0; i < topo->trunk_count; i++)
        if (topo->trunks[i].a->role == DS_ROLE_MEDIATION && topo->trunks[i].b->role == peer)
            return &topo->trunks[i];
    return NULL;
}

static const char *bypass_rules(const struct ds_topo *topo, const struct ds_trunk *trunk)
{
    const struct ds_topo_node *client = inner_client(topo);
    if (!topo->bypass_enabled)
        return "BYP-02 MED-08";
    if (!trunk->bypass)
        return "BYP-03 MED-08";
    if (client != NULL && client->communicator)
        return "BYP-27 MED-08";
    if (client != NULL && ds_topo_bypass_id(topo, client) == NULL)
        return "BYP-26 MED-08";
    bool allowed = client != NULL && ds_topo_bypass_allowed(topo, client, trunk);
    if (!ds_topo_encrypts_alike(topo, trunk))
        return "MED-08";
    return allowed ? "BYP-01 BYP-12" : "BYP-04 MED-08";
}

static const char *encryption_rule(const struct ds_trunk *trunk, bool outbound)
{
    if (trunk->srtp == DS_ENCRYPTION_REQUIRED)
        return "MED-05";
    if (trunk->srtp == DS_ENCRYPTION_OFF)
        return "MED-07";
    return outbound ? "MED-06" : "";
}

static void add_crossing(struct rule_list *list,
                         const struct ds_expected_call *row,
                         const struct ds_topo *topo,
                         bool answered)
{
    const struct ds_trunk *trunk = crossed_trunk(row, topo);
    bool one_ev = (row->from == DS_PARTY_EV) != (row->to == DS_PARTY_EV);
    if (trunk == NULL || !one_ev)
        return;
    bool outbound = row->from == DS_PARTY_EV;
    if (answered)
        add_all(list, bypass_rules(topo, trunk));
    if (answered && outbound)
        add_all(list, "BYP-21");
    add_all(list, outbound ? "BYP-20 MED-01 MED-02 SIG-10" : "SIG-10 SIG-11");
    add_all(list, encryption_rule(trunk, outbound));
    if (answered && !ds_topo_encrypts_alike(topo, trunk))
        add_all(list, "BYP-18");
}

size_t ds_expected_rules(const struct ds_expected_call *row,
                         const struct ds_topo *topo,
                         bool answered,
                         const struct ds_requirement **out,
                         size_t most)
{
    struct rule_list list = {out, 0, most};
    ds_assert(row != NULL && topo != NULL && out != NULL);
    add_all(&list, "OPT-01");
    if (row->silent[0] != '\0')
        add_all(&list, "OPT-03");
    if (answered)
        add_all(&list, "OPT-02 CALL-01 CALL-02 CALL-05 MED-04 MED-14");
    add_all(&list, row->rules);
    if (answered && (row->from == DS_PARTY_FAX || row->to == DS_PARTY_FAX))
        add_all(&list, "MED-13");
    add_crossing(&list, row, topo, answered);
    return list.count;
}
