#include "check_internal.h"

/* MED-13, RTE-26, TOPO-19, FAX-03: what is asked of a fax, however it is carried. */

static bool is_machine(const struct ds_topo_node *node)
{
    return ds_is_role(node, DS_ROLE_FAX);
}

static bool is_fax_call(const struct ds_subject *subject)
{
    return is_machine(subject->caller) || is_machine(subject->callee);
}

static bool is_gateway(const struct ds_topo_node *node)
{
    return ds_is_role(node, DS_ROLE_GATEWAY) || ds_is_role(node, DS_ROLE_ANALOGUE_GATEWAY);
}

/* ---- MED-13 ---- */

static void find_audio(const struct ds_subject *subject, struct ds_tally *tally)
{
    char text[160];
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        bool inside = ds_is_role(flow->from_node, DS_ROLE_MEDIATION) ||
                      ds_is_role(flow->to_node, DS_ROLE_MEDIATION);
        ds_flow_text(flow, text, sizeof text);
        if (inside)
            ds_tally_bad(tally, flow->first_frame, "a fax has audio at the Mediation Server: %s",
                         text);
        else
            ds_tally_good(tally, flow->first_frame);
    }
}

static void
find_packets(struct ds_judge *judge, const struct ds_subject *subject, struct ds_tally *tally)
{
    for (size_t i = 0; i < judge->trace->fax_count; i++) {
        const struct ds_fax_seen *fax = &judge->trace->faxes[i];
        if (fax->call != subject->call)
            continue;
        if (is_gateway(fax->from_node) && is_gateway(fax->to_node))
            ds_tally_good(tally, fax->first_frame);
        else
            ds_tally_bad(tally, fax->first_frame,
                         "%llu packets of T.38 went from %s to %s, and belong between gateways",
                         (unsigned long long)fax->packets, ds_node_name(fax->from_node),
                         ds_node_name(fax->to_node));
    }
}

static void one_fax_media(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    if (!is_fax_call(subject) || !ds_subject_was_up(judge, subject))
        return;
    find_audio(subject, &tally);
    find_packets(judge, subject, &tally);
    ds_judge_tally(judge, &tally, "streams of a fax, none of them at the Mediation Server");
}

void ds_check_fax_media(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call of a fax machine", one_fax_media);
}

/* ---- RTE-26 ---- */

static bool leaves_mediation(const struct ds_hop_seen *hop)
{
    return ds_is_role(hop->from_node, DS_ROLE_MEDIATION) && !ds_is_role(hop->to_node, DS_ROLE_POOL);
}

static void one_fax_returned(struct ds_judge *judge, const struct ds_subject *subject)
{
    const struct ds_topo_node *ingress = NULL;
    struct ds_tally tally = {0};
    if (!is_machine(subject->callee))
        return;
    for (size_t i = 0; i < subject->call->hop_count; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        if (ingress == NULL && ds_is_role(hop->to_node, DS_ROLE_MEDIATION) &&
            !ds_is_role(hop->from_node, DS_ROLE_POOL))
            ingress = hop->from_node;
        if (ingress == NULL || !leaves_mediation(hop))
            continue;
        if (hop->to_node == ingress)
            ds_tally_good(&tally, hop->invite->frame);
        else
            ds_tally_bad(&tally, hop->invite->frame,
                         "the fax came in by %s, and goes on to %s in frame %u", ingress->name,
                         ds_node_name(hop->to_node), hop->invite->frame);
    }
    ds_judge_tally(judge, &tally, "calls to a fax machine, sent back to where they came in by");
}

void ds_check_fax_returned(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call to a fax machine that crosses the Mediation Server",
                   one_fax_returned);
}

/* ---- TOPO-19 ---- */

static bool is_analogue(const struct ds_topo_node *node)
{
    return node != NULL && (node->role == DS_ROLE_ANALOGUE_GATEWAY || ds_topo_is_analogue(node));
}

static void
static_peer(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    const struct ds_topo_node *named = ds_topo_owner(judge->topo, ds_event_user(event, "To"));
    if (ds_event_requests(event, "REGISTER") &&
        (is_analogue(event->from_node) || is_analogue(named)))
        ds_tally_bad(tally, event->frame, "%s registers in frame %u",
                     ds_node_name(named != NULL ? named : event->from_node), event->frame);
    else if (ds_event_requests(event, "INVITE") &&
             (is_analogue(event->from_node) || is_analogue(event->to_node)))
        ds_tally_good(tally, event->frame);
}

void ds_check_static_peer(struct ds_judge *judge)
{
    ds_judge_messages(judge, "call or registration of an analogue device",
                      "INVITEs of analogue devices, none of which registered", static_peer);
}

/* ---- FAX-03 ---- */

/* What was heard on the line of one end: `from` that end, or else to it. */
static const struct ds_fax_seen *
line_of(const struct ds_judge *judge, const struct ds_topo_node *end, bool from)
{
    for (size_t i = 0; i < judge->trace->fax_line_count; i++) {
        const struct ds_fax_seen *line = &judge->trace->fax_lines[i];
        if (line->call == judge->call && (from ? line->from_node : line->to_node) == end)
            return line;
    }
    return NULL;
}

static void compare(struct ds_judge *judge,
                    const struct ds_fax_seen *sent,
                    const struct ds_fax_seen *arrived,
                    struct ds_tally *tally)
{
    for (size_t i = 0; i < sent->said->page_count; i++) {
        const struct ds_fax_page *page = &sent->said->pages[i];
        size_t row = i >= arrived->said->page_count
                         ? 1
                         : ds_fax_page_differs(page, &arrived->said->pages[i]);
        if (row == 0)
            ds_tally_good(tally, arrived->first_frame);
        else
            ds_tally_bad(tally, arrived->first_frame,
                         "page %zu of %zu rows reaches %s another than it left %s, from row %zu on",
                         i + 1, ds_fax_page_rows(page), ds_node_name(judge->call->to_node),
                         ds_node_name(judge->call->from_node), row);
    }
}

static void one_fax_page(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    if (!is_fax_call(subject) || !ds_subject_was_up(judge, subject))
        return;
    const struct ds_fax_seen *sent = line_of(judge, subject->caller, true);
    const struct ds_fax_seen *arrived = line_of(judge, subject->callee, false);
    const struct ds_fax_seen *answer = line_of(judge, subject->callee, true);
    if (sent == NULL || sent->said->page_count == 0)
        return;
    if (arrived == NULL) {
        ds_judge_absent(judge, DS_FAIL, NULL, "%s sends a page, and nothing of it reaches %s",
                        ds_node_name(subject->caller), ds_node_name(subject->callee));
        return;
    }
    if (sent->said->misses || arrived->said->misses) {
        ds_judge_say(judge, DS_UNCLEAR, NULL,
                     "not all of the fax can be read: packets are missing, or its code is another");
        return;
    }
    compare(judge, sent, arrived, &tally);
    if (answer == NULL || answer->said->confirmed < sent->said->page_count)
        ds_tally_bad(&tally, arrived->last_frame, "%s does not confirm its pages",
                     ds_node_name(subject->callee));
    ds_judge_tally(judge, &tally, "pages, the same on both lines row by row, and confirmed");
}

void ds_check_fax_page(struct ds_judge *judge)
{
    ds_judge_calls(judge, "page of fax on the line of the machine that sends it", one_fax_page);
}
