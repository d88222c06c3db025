#include "trace_internal.h"

#include <stdlib.h>

/*
 * What is over goes into the part that is told; what is still going on is taken out again and
 * carried into the next. A leg is over when nothing more can be expected of it for as long as its
 * messages may be sent again, a call when all of its legs are, and the audio that was under way
 * with it.
 */

#define FAREWELL_US                                                                                \
    (5 * DS_TRACE_S)                  /* T4, RFC 3261 17.1.2.2: the longest a message is under way \
                                       */
#define GIVE_UP_US (32 * DS_TRACE_S)  /* 64 T1: no answer comes any more */
#define RING_US    (212 * DS_TRACE_S) /* Timer C, 16.6, and the CANCEL after it */
#define SILENCE_US                                                                                 \
    (3600 * DS_TRACE_S) /* an answered call without message and audio: its end was missed */

struct leg_state {
    size_t root; /* the leg that its call begins with */
    int64_t last_at;
    bool invited, answered, cleared;
    bool waits; /* a hop of its INVITE has no final response */
    bool asks;  /* the last message wants an answer, or another attempt */
    bool open;
};

bool ds_trace_is_quiet(const struct ds_reading *reading, int64_t last_at, int64_t patience)
{
    return reading->is_last || reading->now.at - last_at > patience;
}

enum ds_trace_fate
ds_trace_fate_of(const struct ds_reading *reading, const struct ds_event *said, int64_t last_at)
{
    bool goes_on = said != NULL && said->leg == NULL;
    bool is_quiet = ds_trace_is_quiet(reading, last_at, said == NULL ? GIVE_UP_US : FAREWELL_US);
    return !reading->is_last && (goes_on || !is_quiet) ? DS_FATE_KEPT : DS_FATE_TOLD;
}

/* ---- what is known of each leg ---- */

static size_t index_of(const struct ds_trace *trace, const struct ds_leg *leg)
{
    return (size_t)(leg - trace->legs);
}

/* The caller may try again by itself: elsewhere, or with credentials. */
static bool asks_again(int status)
{
    return (status >= 300 && status < 400) || status == 401 || status == 407;
}

static void follow(struct leg_state *state, const struct ds_event *event)
{
    bool is_request = ds_msg_is_request(event->msg);
    int status = ds_msg_status(event->msg);
    if (event->at > state->last_at)
        state->last_at = event->at;
    state->asks = is_request ? !ds_msg_method_is(event->msg, "ACK") : asks_again(status);
    if (ds_msg_method_is(event->msg, "INVITE")) {
        state->invited = true;
        state->answered = state->answered || (status >= 200 && status < 300);
    }
    state->cleared = state->cleared || (is_request && ds_msg_method_is(event->msg, "BYE"));
}

static int64_t patience_with(const struct leg_state *state)
{
    if (state->invited && state->waits && !state->cleared)
        return RING_US;
    if (state->answered && !state->cleared)
        return SILENCE_US;
    return state->asks || !state->invited ? GIVE_UP_US : FAREWELL_US;
}

/* Of all that is one call, or calls that continue one another. */
static size_t root_of(struct leg_state *states, size_t at)
{
    while (states[at].root != at) {
        states[at].root = states[states[at].root].root; /* so that no chain stays long */
        at = states[at].root;
    }
    return at;
}

/* Hops come in order of frames, so the root of what a leg continues is known before. */
static void find_roots(const struct ds_trace *trace,
                       const struct ds_trace_array *hops,
                       const struct ds_trace_join *joins,
                       struct leg_state *states)
{
    const struct ds_hop_seen *list = hops->at;
    for (size_t i = 0; i < trace->leg_count; i++)
        states[i].root = i;
    for (size_t i = 0; i < hops->count; i++) {
        size_t at = index_of(trace, list[i].leg);
        if (joins[at].upstream != NULL)
            states[at].root = root_of(states, index_of(trace, joins[at].upstream));
        else if (joins[at].refer != NULL)
            states[at].root = root_of(states, index_of(trace, joins[at].refer->leg));
        states[at].waits = states[at].waits || list[i].final == NULL;
    }
    for (size_t i = 0; i < trace->leg_count; i++)
        if (trace->legs[i].named != NULL)
            states[root_of(states, index_of(trace, trace->legs[i].named))].root =
                root_of(states, i);
}

/* ---- audio under way ---- */

static void
mark_busy(const struct ds_reading *reading, struct ds_addr at, const struct ds_flow *flow)
{
    struct ds_trace_announcement *known = ds_trace_map_get(&reading->announced, DS_KEY(at));
    if (known == NULL)
        return;
    if (known->busy_in != reading->parts + 1 || flow->first_at < known->busy_since)
        known->busy_since = flow->first_at;
    known->busy_in = reading->parts + 1;
}

static void find_busy(const struct ds_reading *reading)
{
    struct ds_trace_candidate *const *candidates = reading->candidates.items.at;
    for (size_t i = 0; i < reading->candidates.items.count; i++) {
        const struct ds_flow *flow = &candidates[i]->flow;
        if (ds_trace_is_quiet(reading, flow->last_at, FAREWELL_US))
            continue;
        mark_busy(reading, flow->to, flow);
        mark_busy(reading, flow->from, flow);
    }
}

/* Audio that began after the leg's last word is that of the next call at the same address. */
static bool
is_busy(const struct ds_reading *reading, const struct ds_sdp *sdp, const struct leg_state *state)
{
    for (size_t i = 0; i < sdp->media_count; i++) {
        const struct ds_trace_announcement *known =
            ds_trace_map_get(&reading->announced, DS_KEY(sdp->media[i].at));
        if (known != NULL && known->busy_in == reading->parts + 1 &&
            known->busy_since <= state->last_at)
            return true;
    }
    return false;
}

/* ---- which legs go on ---- */

DS_EXPANDED static void find_open(struct ds_reading *reading,
                                  const struct ds_trace_array *hops,
                                  const struct ds_trace_join *joins,
                                  struct leg_state *states)
{
    const struct ds_trace *trace = reading->trace;
    for (size_t i = 0; i < trace->event_count; i++)
        follow(&states[index_of(trace, trace->events[i].leg)], &trace->events[i]);
    find_roots(trace, hops, joins, states);
    find_busy(reading);
    for (size_t i = 0; i < trace->leg_count; i++)
        if (!ds_trace_is_quiet(reading, states[i].last_at, patience_with(&states[i])))
            states[root_of(states, i)].open = true;
    for (size_t i = 0; i < trace->event_count; i++) {
        const struct ds_event *event = &trace->events[i];
        size_t at = index_of(trace, event->leg);
        struct leg_state *root = &states[root_of(states, at)];
        if (event->sdp != NULL && !root->open && is_busy(reading, event->sdp, &states[at]))
            root->open = true;
    }
    for (size_t i = 0; i < trace->leg_count; i++)
        states[i].open = states[root_of(states, i)].open;
}

/* ---- taking them out ---- */

struct moves {
    size_t *events, *legs; /* where each stands when the others are gone */
};

static void
move_event(const struct ds_trace *trace, const struct moves *moves, const struct ds_event **event)
{
    if (*event != NULL)
        *event = &trace->events[moves->events[*event - trace->events]];
}

static struct ds_leg *
moved_leg(const struct ds_trace *trace, const struct moves *moves, const struct ds_leg *leg)
{
    return &trace->legs[moves->legs[index_of(trace, leg)]];
}

static void move_legs(struct ds_trace *trace,
                      const struct leg_state *states,
                      const struct moves *moves,
                      struct ds_trace_join *joins)
{
    size_t count = trace->leg_count;
    trace->leg_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (states[i].open)
            continue;
        struct ds_leg *leg = &trace->legs[trace->leg_count];
        joins[trace->leg_count] = joins[i];
        if (joins[i].upstream != NULL)
            joins[trace->leg_count].upstream = moved_leg(trace, moves, joins[i].upstream);
        move_event(trace, moves, &joins[trace->leg_count].refer);
        *leg = trace->legs[i];
        move_event(trace, moves, &leg->invite);
        move_event(trace, moves, &leg->refer);
        move_event(trace, moves, &leg->focus);
        if (leg->named != NULL)
            leg->named = moved_leg(trace, moves, leg->named);
        trace->leg_count++;
    }
}

static void move_hops(const struct ds_trace *trace,
                      const struct leg_state *states,
                      const struct moves *moves,
                      struct ds_trace_array *hops)
{
    struct ds_hop_seen *list = hops->at;
    size_t count = 0;
    for (size_t i = 0; i < hops->count; i++) {
        if (states[index_of(trace, list[i].leg)].open)
            continue;
        struct ds_hop_seen *hop = &list[count++];
        *hop = list[i];
        hop->leg = moved_leg(trace, moves, hop->leg);
        move_event(trace, moves, &hop->invite);
        move_event(trace, moves, &hop->final);
        move_event(trace, moves, &hop->ack);
    }
    hops->count = count;
}

static void
move_events(struct ds_reading *reading, const struct leg_state *states, const struct moves *moves)
{
    struct ds_trace *trace = reading->trace;
    size_t count = trace->event_count;
    trace->event_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct ds_event *event = &trace->events[i];
        if (!states[index_of(trace, event->leg)].open) {
            event->leg = moved_leg(trace, moves, event->leg);
            trace->events[trace->event_count++] = *event;
            continue;
        }
        struct ds_event *carried = ds_trace_array_add(&reading->events, sizeof *carried);
        if (carried == NULL) {
            reading->out_of_memory = true;
            ds_trace_drop_event(event);
            continue;
        }
        *carried = *event;
        carried->leg = NULL;
    }
}

static void
plan_moves(const struct ds_trace *trace, const struct leg_state *states, const struct moves *moves)
{
    size_t events = 0, legs = 0;
    for (size_t i = 0; i < trace->event_count; i++)
        moves->events[i] = states[index_of(trace, trace->events[i].leg)].open ? SIZE_MAX : events++;
    for (size_t i = 0; i < trace->leg_count; i++)
        moves->legs[i] = states[i].open ? SIZE_MAX : legs++;
}

void ds_trace_part(struct ds_reading *reading,
                   struct ds_trace_array *hops,
                   struct ds_trace_join *joins)
{
    const struct ds_trace *trace = reading->trace;
    struct leg_state *states = calloc(trace->leg_count + 1, sizeof *states);
    struct moves moves = {calloc(trace->event_count + 1, sizeof(size_t)),
                          calloc(trace->leg_count + 1, sizeof(size_t))};
    if (states == NULL || moves.events == NULL || moves.legs == NULL) {
        reading->out_of_memory = true;
    } else {
        find_open(reading, hops, joins, states);
        plan_moves(trace, states, &moves);
        move_hops(trace, states, &moves, hops);
        move_events(reading, states, &moves);
        move_legs(reading->trace, states, &moves, joins);
    }
    free(states);
    free(moves.events);
    free(moves.legs);
}
