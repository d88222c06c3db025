#include "check_internal.h"
#include "csta.h"

#include <string.h>

/* RCC: remote call control, a client's hold on a telephone of the PBX. Its sessions carry no call
   and are among the messages outside of all calls. */

#define SOON_US   INT64_C(1000000) /* a busy PBX may take as long to say or do something */
#define ENOUGH_US INT64_C(200000)  /* a capture that goes on for so long would have shown it */

/* The CSTA of a message; false: it carries none, or none that can be read. */
static bool csta_of(const struct ds_event *event, struct ds_csta *out)
{
    return ds_msg_has_type(event->msg, DS_CSTA_TYPE) &&
           ds_csta_read(ds_msg_body(event->msg), out, NULL) == DS_OK;
}

static const char *number_of(const char *device)
{
    return strncmp(device, "tel:", 4) == 0 ? device + 4 : device;
}

static const struct ds_topo_node *phone_of(const struct ds_judge *judge, const char *device)
{
    return ds_topo_owner(judge->topo, ds_slice_of(number_of(device)));
}

/* ---- RCC-01 ---- */

void ds_check_no_control(struct ds_judge *judge)
{
    const struct ds_trace *trace = judge->trace;
    struct ds_tally tally = {0};
    struct ds_csta said;
    judge->sought = "VoIP-only deployment";
    if (judge->topo->option != DS_VOIP_ONLY || trace->event_count == 0)
        return;
    for (size_t i = 0; i < trace->event_count; i++)
        if (csta_of(&trace->events[i], &said))
            ds_tally_bad(&tally, trace->events[i].frame,
                         "%s says %s to %s in frame %u: there is no PBX telephone to control",
                         ds_node_name(trace->events[i].from_node), ds_csta_name(said.kind),
                         ds_node_name(trace->events[i].to_node), trace->events[i].frame);
    if (tally.bad > 0)
        ds_judge_tally(judge, &tally, "");
    else
        ds_judge_absent(judge, DS_PASS, &tally.good_frames,
                        "none of %zu messages carries remote call control", trace->event_count);
}

/* ---- RCC-02 ---- */

static bool is_on_the_way(const struct ds_event *event)
{
    const struct ds_topo_node *from = event->from_node, *to = event->to_node;
    if (ds_is_role(from, DS_ROLE_CLIENT))
        return to == from->home;
    if (ds_is_role(from, DS_ROLE_EDGE))
        return ds_is_role(to, DS_ROLE_POOL);
    return ds_is_role(from, DS_ROLE_POOL) && ds_is_role(to, DS_ROLE_PBX);
}

static void
one_session(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    struct ds_csta said;
    (void)judge;
    if (!ds_event_requests(event, "INVITE") || !csta_of(event, &said))
        return;
    if (is_on_the_way(event))
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(
            tally, event->frame,
            "the session of remote call control goes from %s to %s in frame %u: its way is "
            "client, pool, PBX",
            ds_node_name(event->from_node), ds_node_name(event->to_node), event->frame);
}

void ds_check_control_road(struct ds_judge *judge)
{
    ds_judge_messages(judge, "session of remote call control",
                      "hops of sessions of remote call control, from client to pool to PBX",
                      one_session);
}

/* ---- RCC-03 ---- */

static bool response_to(enum ds_csta_kind service, enum ds_csta_kind *response)
{
    bool is_service = service == DS_CSTA_REQUEST_SYSTEM_STATUS ||
                      service == DS_CSTA_MONITOR_START || service == DS_CSTA_MAKE_CALL ||
                      service == DS_CSTA_CLEAR_CONNECTION;
    *response = service + 1;
    return is_service;
}

/* The service that a final answer of the PBX is to; NULL: it is to none. */
static const struct ds_event *
service_of(const struct ds_leg *leg, size_t at, struct ds_csta *service)
{
    const struct ds_event *answer = leg->events[at];
    if (ds_msg_is_request(answer->msg) || ds_msg_status(answer->msg) < 200 ||
        !ds_is_role(answer->from_node, DS_ROLE_PBX))
        return NULL;
    const struct ds_event *request = ds_leg_request(leg, at);
    return request != NULL && csta_of(request, service) ? request : NULL;
}

static void one_answer(const struct ds_event *request,
                       const struct ds_event *answer,
                       enum ds_csta_kind service,
                       struct ds_tally *tally)
{
    enum ds_csta_kind wanted;
    struct ds_csta said;
    int status = ds_msg_status(answer->msg);
    if (!response_to(service, &wanted))
        return;
    bool refused = status >= 300;
    bool answered = csta_of(answer, &said) && (said.kind == wanted || said.kind == DS_CSTA_ERROR);
    if (refused || answered)
        ds_tally_good(tally, answer->frame);
    else
        ds_tally_bad(tally, answer->frame,
                     "%s of frame %u is answered with %d in frame %u, which carries no %s",
                     ds_csta_name(service), request->frame, status, answer->frame,
                     ds_csta_name(wanted));
}

static void services_of(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    struct ds_csta service;
    (void)judge;
    for (size_t i = 0; leg->call == NULL && i < leg->event_count; i++) {
        const struct ds_event *request = service_of(leg, i, &service);
        if (request != NULL)
            one_answer(request, leg->events[i], service.kind, tally);
    }
}

void ds_check_control_answers(struct ds_judge *judge)
{
    ds_judge_legs(judge, "service of remote call control",
                  "services asked of the PBX, each answered by its response or an error",
                  services_of);
}

/* ---- RCC-04 ---- */

static const struct ds_call *call_made(const struct ds_judge *judge,
                                       const struct ds_topo_node *phone,
                                       const struct ds_csta *service,
                                       int64_t since,
                                       int64_t until)
{
    for (size_t i = 0; i < judge->trace->call_count; i++) {
        const struct ds_call *call = &judge->trace->calls[i];
        if (call->from_node == phone && call->began_at >= since && call->began_at <= until &&
            strcmp(call->to_number, number_of(service->called)) == 0)
            return call;
    }
    return NULL;
}

static void calls_promised(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    struct ds_csta service, said;
    for (size_t i = 0; leg->call == NULL && i < leg->event_count; i++) {
        const struct ds_event *answer = leg->events[i], *request = service_of(leg, i, &service);
        if (request == NULL || service.kind != DS_CSTA_MAKE_CALL || !csta_of(answer, &said) ||
            said.kind != DS_CSTA_MAKE_CALL_RESPONSE)
            continue;
        const struct ds_topo_node *phone = phone_of(judge, service.device);
        if (call_made(judge, phone, &service, request->at, answer->at + SOON_US) != NULL)
            ds_tally_good(tally, answer->frame);
        else
            ds_tally_bad(tally, answer->frame,
                         "the PBX promises in frame %u that %s calls %s, and it does not",
                         answer->frame, ds_node_name(phone), number_of(service.called));
    }
}

void ds_check_control_calls(struct ds_judge *judge)
{
    ds_judge_legs(judge, "MakeCall that the PBX granted",
                  "calls that the PBX promised, and the telephone made", calls_promised);
}

/* ---- RCC-05 ---- */

/* Since when a telephone's calls are told; -1: they are not. */
static int64_t monitored_since(const struct ds_judge *judge, const struct ds_topo_node *phone)
{
    struct ds_csta service, said;
    for (size_t i = 0; i < judge->trace->leg_count; i++) {
        const struct ds_leg *leg = &judge->trace->legs[i];
        for (size_t k = 0; leg->call == NULL && k < leg->event_count; k++)
            if (service_of(leg, k, &service) != NULL && service.kind == DS_CSTA_MONITOR_START &&
                phone_of(judge, service.device) == phone && csta_of(leg->events[k], &said) &&
                said.kind == DS_CSTA_MONITOR_START_RESPONSE)
                return leg->events[k]->at;
    }
    return -1;
}

/* What the PBX said of a telephone from then on, before it was too late. */
static const struct ds_event *
event_told(const struct ds_judge *judge, enum ds_csta_kind kind, int64_t since)
{
    struct ds_csta said;
    for (size_t i = 0; i < judge->outside_count; i++) {
        const struct ds_event *event = judge->outside[i];
        if (event->at >= since - SOON_US && event->at <= since + SOON_US &&
            ds_is_role(event->from_node, DS_ROLE_PBX) && ds_event_requests(event, "INFO") &&
            csta_of(event, &said) && said.kind == kind)
            return event;
    }
    return NULL;
}

static void tell_missing(struct ds_judge *judge,
                         const struct ds_topo_node *phone,
                         enum ds_csta_kind kind,
                         const char *what,
                         int64_t at)
{
    struct ds_evidence none = {{0}, 0};
    ds_judge_absent(judge, judge->trace->duration - at < ENOUGH_US ? DS_NOT_SEEN : DS_FAIL, &none,
                    "a call of %s was %s after %.3f s, and the PBX sent no %s to who controls it",
                    phone->name, what, (double)at / 1e6, ds_csta_name(kind));
}

static void
judge_events(struct ds_judge *judge, const struct ds_call *call, const struct ds_topo_node *phone)
{
    struct ds_evidence told = {{0}, 0};
    const struct ds_event *established = event_told(judge, DS_CSTA_ESTABLISHED, call->answered_at);
    const struct ds_event *cleared = event_told(judge, DS_CSTA_CONNECTION_CLEARED, call->ended_at);
    if (established == NULL) {
        tell_missing(judge, phone, DS_CSTA_ESTABLISHED, "answered", call->answered_at);
    } else if (cleared == NULL) {
        tell_missing(judge, phone, DS_CSTA_CONNECTION_CLEARED, "cleared", call->ended_at);
    } else {
        ds_evidence_add(&told, established->frame);
        ds_evidence_add(&told, cleared->frame);
        ds_judge_say(judge, DS_PASS, &told,
                     "who controls %s was told that its call was answered, and cleared",
                     phone->name);
    }
}

static void one_controlled(struct ds_judge *judge, const struct ds_subject *subject)
{
    const struct ds_topo_node *ends[] = {subject->caller, subject->callee};
    const struct ds_call *call = subject->call;
    for (size_t i = 0; i < DS_COUNT(ends); i++) {
        if (!ds_is_role(ends[i], DS_ROLE_PHONE) || call->outcome != DS_ANSWERED ||
            call->ended_at < 0)
            continue;
        int64_t since = monitored_since(judge, ends[i]);
        if (since >= 0 && since <= call->began_at)
            judge_events(judge, call, ends[i]);
    }
}

void ds_check_control_events(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call of a telephone that is monitored", one_controlled);
}
