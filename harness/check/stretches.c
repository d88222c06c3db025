#include "check_internal.h"

/* Calls on a trunk, from one agreement on their audio to the next. */

static void note_peer(struct ds_stretch *stretch, const struct ds_event *event)
{
    const struct ds_sdp_media *audio = ds_event_audio(event);
    if (audio != NULL && event->from_node == stretch->trunk->b && audio->at.port != 0 &&
        stretch->peer_count < DS_COUNT(stretch->peer))
        stretch->peer[stretch->peer_count++] = audio->at;
}

static bool agrees(const struct ds_event *event)
{
    return ds_event_answers_invite(event, 200, 299) || ds_event_requests(event, "ACK");
}

static enum ds_phase phase_of(const struct ds_event *event)
{
    const struct ds_sdp_media *audio = ds_event_audio(event);
    if (audio == NULL || audio->at.port == 0)
        return DS_PHASE_OTHER;
    if (audio->direction == DS_SENDRECV)
        return DS_PHASE_ACTIVE;
    return audio->direction == DS_INACTIVE ? DS_PHASE_HELD
                                           : DS_PHASE_OTHER; /* else there may be music on hold */
}

static void begin(struct ds_stretch *stretch, enum ds_phase phase, const struct ds_event *event)
{
    stretch->resumed = stretch->phase == DS_PHASE_HELD && phase == DS_PHASE_ACTIVE;
    stretch->phase = phase;
    stretch->from = event->at;
    stretch->frame = event->frame;
}

/* What follows belongs to the call that has taken the place of one of its legs. */
static int64_t end_of(const struct ds_stretch *stretch)
{
    const struct ds_call *call = stretch->call, *next = call->continued_by;
    int64_t end = call->bye == NULL ? stretch->judge->trace->duration : call->bye->at;
    bool taken_over = next != NULL && next->replaces != NULL && next->replaces->call == call;
    return taken_over && next->answered_at < end ? next->answered_at : end;
}

static void judge_leg(struct ds_stretch *stretch,
                      const struct ds_leg *leg,
                      ds_stretch_rule_fn *rule,
                      struct ds_tally *tally)
{
    int64_t end = end_of(stretch);
    for (size_t i = 0; i < leg->event_count; i++)
        note_peer(stretch, leg->events[i]);
    for (size_t i = 0; i < leg->event_count && leg->events[i]->at < end; i++) {
        const struct ds_event *event = leg->events[i];
        if (!agrees(event) || event->sdp == NULL || event->retransmission)
            continue;
        stretch->to = event->at;
        rule(stretch, tally);
        begin(stretch, phase_of(event), event);
    }
    stretch->to = end;
    rule(stretch, tally);
}

static void judge_call(struct ds_judge *judge,
                       const struct ds_call *call,
                       const char *good,
                       ds_stretch_rule_fn *rule)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        struct ds_stretch stretch = {.judge = judge,
                                     .call = call,
                                     .trunk = ds_judge_trunk(judge, hop->from_node, hop->to_node)};
        if (stretch.trunk != NULL)
            judge_leg(&stretch, hop->leg, rule, &tally);
    }
    ds_judge_tally_seen(judge, &tally, good);
}

void ds_judge_stretches(struct ds_judge *judge,
                        const char *sought,
                        const char *good,
                        ds_stretch_rule_fn *rule)
{
    judge->sought = sought;
    for (size_t i = 0; i < judge->trace->call_count && !judge->out_of_memory; i++) {
        judge->call = &judge->trace->calls[i];
        judge_call(judge, judge->call, good, rule);
    }
    judge->call = NULL;
}

bool ds_stretch_is_peer(const struct ds_stretch *stretch, struct ds_addr at)
{
    for (size_t i = 0; i < stretch->peer_count; i++)
        if (ds_addr_equal(stretch->peer[i], at))
            return true;
    return false;
}
