#include "course_internal.h"

/* CONF-02: who hears whom in a conference. */

#define ENOUGH_US     INT64_C(250000) /* of a voice, before the others are to have heard it */
#define MOST_PAUSE_US INT64_C(100000)

/* One who is in a conference, by the call with it. */
struct seat {
    const struct ds_subject *subject;
    const struct ds_topo_node *person, *server;
    const struct ds_flow *out; /* what the server sends there: the longest of such flows; or NULL */
};

static const struct ds_flow *longest_from(const struct ds_call *call,
                                          const struct ds_topo_node *server)
{
    const struct ds_flow *longest = NULL;
    for (size_t i = 0; i < call->flow_count; i++)
        if (call->flows[i]->from_node == server &&
            (longest == NULL || call->flows[i]->packets > longest->packets))
            longest = call->flows[i];
    return longest;
}

/* False: it is no call with a conference, or nobody is known to listen there. */
static bool seat_of(const struct ds_subject *subject, struct seat *out)
{
    bool called = ds_is_role(subject->callee, DS_ROLE_CONFERENCING);
    if (!ds_subject_is_conference(subject) || subject->call->answered_at < 0)
        return false;
    *out = (struct seat){.subject = subject,
                         .person = called ? subject->caller : subject->callee,
                         .server = called ? subject->callee : subject->caller};
    out->out = longest_from(subject->call, out->server);
    return out->person != NULL && !out->person->real && out->person->tone_hz != 0;
}

/* The user part of the conference's uri: that of the Contact by which the server is known. */
static struct ds_slice conference_of(const struct seat *seat)
{
    struct ds_slice value = {NULL, 0}, params;
    struct ds_uri uri;
    const struct ds_call *call = seat->subject->call;
    for (size_t i = 0; i < call->event_count; i++) {
        const struct ds_event *event = call->events[i];
        bool tells = ds_event_requests(event, "INVITE") || ds_event_answers_invite(event, 200, 299);
        if (event->from_node == seat->server && tells &&
            ds_msg_value(event->msg, "Contact", 0, &value) &&
            ds_uri_parse(ds_value_uri(value, &params), &uri) == DS_OK)
            return uri.user;
    }
    return (struct ds_slice){NULL, 0};
}

/* So many samples of somebody's voice; 0: so few that nobody could tell. */
static uint64_t heard_of(const struct ds_flow *flow, const struct ds_topo_node *who)
{
    for (size_t i = 0; i < flow->voice_count; i++)
        if (flow->voices[i].who == who)
            return flow->voices[i].samples;
    return 0;
}

static uint64_t heard_by(const struct seat *seat, const struct ds_topo_node *who)
{
    uint64_t samples = 0;
    for (size_t i = 0; i < seat->subject->call->flow_count; i++)
        if (seat->subject->call->flows[i]->to_node == seat->person)
            samples += heard_of(seat->subject->call->flows[i], who);
    return samples;
}

static int64_t overlap(int64_t from, int64_t to, const struct ds_flow *flow)
{
    from = from > flow->first_at ? from : flow->first_at;
    to = to < flow->last_at ? to : flow->last_at;
    return to > from ? to - from : 0;
}

/* How long somebody spoke while the other was sent what is said. */
static int64_t spoken_to(const struct seat *speaker, const struct seat *listener)
{
    int64_t length = 0;
    const struct ds_call *call = speaker->subject->call;
    for (size_t i = 0; i < call->flow_count; i++) {
        const struct ds_flow *flow = call->flows[i];
        for (size_t k = 0; k < flow->spell_count && flow->to_node == speaker->server; k++)
            if (flow->spells[k].tone_hz == speaker->person->tone_hz)
                length += overlap(flow->spells[k].first_at, flow->spells[k].last_at, listener->out);
    }
    return length;
}

/* While nothing at all is sent, as to who is on hold, nobody is heard. */
static bool listens_throughout(const struct ds_judge *judge, const struct seat *seat)
{
    return seat->out != NULL && judge->pauses[seat->out - judge->trace->flows] < MOST_PAUSE_US;
}

static void judge_pair(const struct ds_judge *judge,
                       const struct seat *listener,
                       const struct seat *speaker,
                       struct ds_tally *tally)
{
    if (!listens_throughout(judge, listener) || spoken_to(speaker, listener) < ENOUGH_US)
        return;
    uint64_t heard = heard_by(listener, speaker->person);
    if (heard > 0)
        ds_tally_good(tally, listener->out->first_frame);
    else
        ds_tally_bad(tally, listener->out->first_frame,
                     "%s speaks for %lld ms, and %s hears %llu ms of it", speaker->person->name,
                     (long long)spoken_to(speaker, listener) / 1000, listener->person->name,
                     (unsigned long long)heard / 8);
}

/* Who is there twice hears what is said at the other telephone. */
static void judge_echo(const struct ds_judge *judge,
                       const struct seat *seat,
                       bool twice,
                       struct ds_tally *tally)
{
    if (twice || !listens_throughout(judge, seat) || spoken_to(seat, seat) < ENOUGH_US)
        return;
    uint64_t heard = heard_of(seat->out, seat->person);
    if (heard > 0)
        ds_tally_bad(tally, seat->out->first_frame, "%s is sent %llu ms of what %s has said",
                     seat->person->name, (unsigned long long)heard / 8, seat->person->name);
    else
        ds_tally_good(tally, seat->out->first_frame);
}

static void
judge_seat(const struct ds_judge *judge, const struct seat *seat, struct ds_tally *tally)
{
    struct seat other;
    bool twice = false;
    struct ds_slice conference = conference_of(seat);
    for (size_t i = 0; i < judge->trace->call_count; i++) {
        if (&judge->subjects[i] == seat->subject || !seat_of(&judge->subjects[i], &other) ||
            other.server != seat->server || !ds_slice_equal(conference_of(&other), conference))
            continue;
        twice |= other.person == seat->person;
        judge_pair(judge, seat, &other, tally);
    }
    judge_echo(judge, seat, twice, tally);
}

static void one_mixed(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct seat seat;
    struct ds_tally tally = {0};
    if (!seat_of(subject, &seat))
        return;
    judge_seat(judge, &seat, &tally);
    ds_judge_tally_seen(judge, &tally,
                        "times that others in the conference were heard, and no echo");
}

void ds_check_conference_heard(struct ds_judge *judge)
{
    ds_judge_calls(judge, "conference in which somebody speaks", one_mixed);
}
