#include "check_internal.h"

/* SIG-04 … SIG-13: what the messages of the Mediation Server and its neighbours say. */

/* ---- SIG-04, SIG-06, SIG-09: headers that a trunk's switches keep off it ---- */

static void demand_without(const struct ds_hop_seen *hop, const char *name, struct ds_tally *tally)
{
    struct ds_slice value;
    if (!ds_msg_header(hop->invite->msg, name, 0, &value))
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame, "%s shows %s: %.*s on the trunk in frame %u",
                     ds_node_name(hop->from_node), name, (int)(value.len < 80 ? value.len : 80),
                     value.at, hop->invite->frame);
}

static bool is_outgoing(const struct ds_hop_seen *hop, const struct ds_trunk *trunk)
{
    return trunk != NULL && trunk->a == hop->from_node;
}

static void identity_hop(const struct ds_judge *judge,
                         const struct ds_hop_seen *hop,
                         const struct ds_trunk *trunk,
                         struct ds_tally *tally)
{
    (void)judge;
    if (is_outgoing(hop, trunk) && !trunk->forward_pai)
        demand_without(hop, "P-Asserted-Identity", tally);
}

void ds_check_no_identity(struct ds_judge *judge)
{
    ds_judge_hops(judge, "INVITE of a Mediation Server on a trunk without ForwardPAI",
                  "INVITEs on the trunk, without P-Asserted-Identity", identity_hop);
}

/* The INVITE of the pool that this one continues, where it tells a history; or NULL. */
static const struct ds_hop_seen *with_history(const struct ds_hop_seen *hop)
{
    struct ds_slice value;
    const struct ds_call *call = hop->leg->call;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *inner = &call->hops[i];
        if (ds_is_role(inner->from_node, DS_ROLE_POOL) && inner->to_node == hop->from_node &&
            inner->invite->frame < hop->invite->frame &&
            ds_slice_equal(ds_event_user(inner->invite, NULL), ds_event_user(hop->invite, NULL)) &&
            ds_msg_header(inner->invite->msg, "History-Info", 0, &value))
            return inner;
    }
    return NULL;
}

static void history_hop(const struct ds_judge *judge,
                        const struct ds_hop_seen *hop,
                        const struct ds_trunk *trunk,
                        struct ds_tally *tally)
{
    struct ds_slice value;
    (void)judge;
    if (!is_outgoing(hop, trunk))
        return;
    const struct ds_hop_seen *inner = with_history(hop);
    if (!trunk->forward_history)
        demand_without(hop, "History-Info", tally);
    else if (inner != NULL && ds_msg_header(hop->invite->msg, "History-Info", 0, &value))
        ds_tally_good(tally, hop->invite->frame);
    else if (inner != NULL)
        ds_tally_bad(tally, hop->invite->frame,
                     "%s is told History-Info in frame %u, and tells none on the trunk in frame %u",
                     ds_node_name(hop->from_node), inner->invite->frame, hop->invite->frame);
}

void ds_check_trunk_history(struct ds_judge *judge)
{
    ds_judge_hops(judge,
                  "INVITE of a Mediation Server on a trunk without ForwardCallHistory, or of a "
                  "forwarded call on one with it",
                  "INVITEs on the trunk, with or without History-Info as it says", history_hop);
}

static void timer_hop(const struct ds_judge *judge,
                      const struct ds_hop_seen *hop,
                      const struct ds_trunk *trunk,
                      struct ds_tally *tally)
{
    (void)judge;
    if (is_outgoing(hop, trunk) && !trunk->session_timer)
        demand_without(hop, "Session-Expires", tally);
}

void ds_check_no_session_timer(struct ds_judge *judge)
{
    ds_judge_hops(judge, "INVITE of a Mediation Server on a trunk without EnableSessionTimer",
                  "INVITEs on the trunk, without Session-Expires", timer_hop);
}

/* ---- SIG-07 ---- */

static bool is_number(struct ds_slice user)
{
    struct ds_slice digits = user.len > 0 && user.at[0] == '+' ? ds_slice_from(user, 1) : user;
    return digits.len > 0 && ds_slice_skip(digits, "0123456789").len == 0;
}

/* A rule of the trunk may take the + off, and is judged by what it makes (RTE-15). */
static bool is_rewritten(const struct ds_trunk *trunk, const char *header)
{
    bool calling = header != NULL && header[0] == 'F';
    return (calling ? trunk->calling.count : trunk->called.count) > 0;
}

static void plus_hop(const struct ds_judge *judge,
                     const struct ds_hop_seen *hop,
                     const struct ds_trunk *trunk,
                     struct ds_tally *tally)
{
    static const char *const headers[] = {NULL, "From", "To"};
    (void)judge;
    if (!is_outgoing(hop, trunk))
        return;
    for (size_t i = 0; i < DS_COUNT(headers); i++) {
        struct ds_slice user = ds_event_user(hop->invite, headers[i]);
        if (!is_number(user) || (!trunk->remove_plus && is_rewritten(trunk, headers[i])))
            continue;
        if ((user.at[0] == '+') != trunk->remove_plus)
            ds_tally_good(tally, hop->invite->frame);
        else
            ds_tally_bad(tally, hop->invite->frame,
                         "%s of frame %u names %.*s on a trunk that %s +",
                         headers[i] == NULL ? "the Request-URI" : headers[i], hop->invite->frame,
                         DS_FMT(user), trunk->remove_plus ? "removes the" : "keeps the");
    }
}

void ds_check_plus(struct ds_judge *judge)
{
    ds_judge_hops(judge, "number in an INVITE of a Mediation Server on a trunk",
                  "numbers on the trunk, written as the trunk wants them", plus_hop);
}

/* ---- SIG-10, SIG-11 ---- */

static bool is_mediation_agent(struct ds_slice agent)
{
    if (!ds_slice_starts(agent, DS_LITERAL("RTCC/")))
        return false;
    struct ds_slice version = ds_slice_from(agent, 5);
    struct ds_slice rest = ds_slice_skip(version, "0123456789.");
    return rest.len < version.len && ds_slice_equal(rest, DS_LITERAL(" MediationServer"));
}

static void agent_hop(const struct ds_judge *judge,
                      const struct ds_hop_seen *hop,
                      const struct ds_trunk *trunk,
                      struct ds_tally *tally)
{
    struct ds_slice agent = {"", 0};
    (void)judge;
    (void)trunk;
    if (!ds_is_role(hop->from_node, DS_ROLE_MEDIATION))
        return;
    bool named = ds_msg_header(hop->invite->msg, "User-Agent", 0, &agent);
    if (is_mediation_agent(agent))
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame, "%s %s%.*s in frame %u", hop->from_node->name,
                     named ? "calls itself " : "does not name itself",
                     (int)(agent.len < 80 ? agent.len : 80), agent.at, hop->invite->frame);
}

void ds_check_mediation_agent(struct ds_judge *judge)
{
    ds_judge_hops(judge, "INVITE of a Mediation Server",
                  "INVITEs of the Mediation Server, with its User-Agent", agent_hop);
}

static void contact_hop(const struct ds_judge *judge,
                        const struct ds_hop_seen *hop,
                        const struct ds_trunk *trunk,
                        struct ds_tally *tally)
{
    static const char *const marks[] = {"isGateway", "gruu", "opaque=srvr:MediationServer"};
    struct ds_slice contact = {"", 0};
    size_t at;
    (void)judge;
    (void)trunk;
    if (!ds_is_role(hop->from_node, DS_ROLE_MEDIATION) || !ds_is_role(hop->to_node, DS_ROLE_POOL))
        return;
    (void)ds_msg_header(hop->invite->msg, "Contact", 0, &contact);
    for (size_t i = 0; i < DS_COUNT(marks); i++) {
        if (ds_slice_find(contact, ds_slice_of(marks[i]), &at))
            continue;
        ds_tally_bad(tally, hop->invite->frame, "the Contact of frame %u has no %s: %.*s",
                     hop->invite->frame, marks[i], (int)(contact.len < 120 ? contact.len : 120),
                     contact.at);
        return;
    }
    ds_tally_good(tally, hop->invite->frame);
}

void ds_check_gateway_contact(struct ds_judge *judge)
{
    ds_judge_hops(judge, "INVITE of a Mediation Server to the pool",
                  "INVITEs to the pool, with isGateway and a GRUU in Contact", contact_hop);
}

/* ---- SIG-12 ---- */

#define PROGRESS_US 500000

static void
judge_progress(struct ds_judge *judge, const struct ds_hop_seen *hop, struct ds_evidence *evidence)
{
    const struct ds_event *progress = ds_hop_response(hop, 101, 199);
    const char *name = hop->to_node->name;
    ds_evidence_add(evidence, hop->invite->frame);
    if (progress != NULL) {
        int64_t after = progress->at - hop->invite->at;
        ds_evidence_add(evidence, progress->frame);
        ds_judge_say(judge, after <= PROGRESS_US ? DS_PASS : DS_FAIL, evidence,
                     "%s answers with %d in frame %u, %lld ms after the INVITE", name,
                     ds_msg_status(progress->msg), progress->frame, (long long)(after / 1000));
    } else if (hop->final_status >= 300) {
        ds_judge_say(judge, DS_NOT_SEEN, evidence, "%s refuses with %d at once", name,
                     hop->final_status);
    } else if (ds_hop_response(hop, 100, 699) == NULL) {
        ds_judge_say(judge, DS_NOT_SEEN, evidence, "%s says nothing at all, as though it were gone",
                     name);
    } else if (hop->final != NULL || judge->trace->duration - hop->invite->at > PROGRESS_US) {
        ds_judge_absent(judge, DS_FAIL, evidence, "%s says nothing%s after the INVITE of frame %u",
                        name, hop->final != NULL ? " until the call is answered" : "",
                        hop->invite->frame);
    }
}

/* Without fast failover the trunk says that its peer may be slow. */
static bool may_be_slow(const struct ds_judge *judge, const struct ds_hop_seen *hop)
{
    const struct ds_trunk *trunk = ds_judge_trunk(judge, hop->from_node, hop->to_node);
    return trunk != NULL && !trunk->fast_failover;
}

static void one_progress(struct ds_judge *judge, const struct ds_subject *subject)
{
    for (size_t i = 0; i < subject->call->hop_count; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        struct ds_evidence evidence = {{0}, 0};
        if (!ds_is_role(hop->from_node, DS_ROLE_MEDIATION) ||
            !ds_is_role(hop->to_node, DS_ROLE_GATEWAY) || may_be_slow(judge, hop))
            continue;
        judge_progress(judge, hop, &evidence);
        return;
    }
}

void ds_check_gateway_progress(struct ds_judge *judge)
{
    ds_judge_calls(judge, "INVITE from a Mediation Server to a gateway", one_progress);
}

/* ---- SIG-13 ---- */

static const struct ds_hop_seen *declined_at(const struct ds_call *call)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_is_role(call->hops[i].to_node, DS_ROLE_CLIENT) && call->hops[i].final_status == 603)
            return &call->hops[i];
    return NULL;
}

static const struct ds_hop_seen *incoming_trunk_hop(const struct ds_judge *judge,
                                                    const struct ds_call *call)
{
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        const struct ds_trunk *trunk = ds_judge_trunk(judge, hop->from_node, hop->to_node);
        if (trunk != NULL && trunk->a == hop->to_node)
            return hop;
    }
    return NULL;
}

static const struct ds_event *alerting_after(const struct ds_hop_seen *hop, uint32_t frame)
{
    for (size_t i = 0; i < hop->leg->event_count; i++) {
        const struct ds_event *event = hop->leg->events[i];
        if (event->frame > frame && ds_event_answers_invite(event, 101, 199))
            return event;
    }
    return NULL;
}

static void one_decline(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_hop_seen *declined = declined_at(subject->call);
    const struct ds_hop_seen *trunk = incoming_trunk_hop(judge, subject->call);
    if (declined == NULL || trunk == NULL)
        return;
    const struct ds_event *alerting = alerting_after(trunk, declined->final->frame);
    const char *name = declined->to_node->name;
    ds_evidence_add(&evidence, declined->final->frame);
    if (trunk->final == NULL) {
        ds_judge_absent(judge, DS_FAIL, &evidence,
                        "%s declines in frame %u, and the trunk is told nothing", name,
                        declined->final->frame);
        return;
    }
    ds_evidence_add(&evidence, trunk->final->frame);
    if (alerting != NULL)
        ds_judge_say(judge, DS_FAIL, &evidence, "%s declines in frame %u, and frame %u alerts",
                     name, declined->final->frame, alerting->frame);
    else
        ds_judge_say(judge, trunk->final_status == 603 ? DS_PASS : DS_FAIL, &evidence,
                     "%s declines in frame %u, and the trunk is told %d in frame %u", name,
                     declined->final->frame, trunk->final_status, trunk->final->frame);
}

void ds_check_decline(struct ds_judge *judge)
{
    ds_judge_calls(judge, "client's decline of a call from a trunk", one_decline);
}
