#include "check_internal.h"

/* FAX-01, FAX-02, FAX-04, FAX-05: T.38, as it is agreed on and as it flows. */

/* An offer of T.38 and its answer, or its refusal. */
struct t38_pair {
    const struct ds_event *offer, *answer;
    const struct ds_sdp_media *offered, *answered; /* answered NULL: refused */
    struct ds_sdp_t38 offer_terms, answer_terms;
};

typedef void t38_rule_fn(struct ds_judge *judge,
                         const struct ds_subject *subject,
                         const struct t38_pair *pair,
                         struct ds_tally *tally);

static const struct ds_sdp_media *fax_of(const struct ds_event *event)
{
    return event == NULL || event->sdp == NULL ? NULL : ds_sdp_fax(event->sdp);
}

static void each_pair_of(struct ds_judge *judge,
                         const struct ds_subject *subject,
                         const struct ds_leg *leg,
                         t38_rule_fn *rule,
                         struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        struct t38_pair pair = {.answer = leg->events[i]};
        if (!ds_event_answers_invite(pair.answer, 200, 699) || pair.answer->retransmission)
            continue;
        pair.offer = ds_leg_request(leg, i);
        pair.offered = fax_of(pair.offer);
        pair.answered = fax_of(pair.answer);
        if (pair.offered == NULL)
            continue;
        ds_sdp_t38_read(pair.offered, &pair.offer_terms);
        if (pair.answered != NULL)
            ds_sdp_t38_read(pair.answered, &pair.answer_terms);
        rule(judge, subject, &pair, tally);
    }
}

static void each_pair(struct ds_judge *judge,
                      const struct ds_subject *subject,
                      t38_rule_fn *rule,
                      const char *good)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->leg_count; i++)
        each_pair_of(judge, subject, subject->call->legs[i], rule, &tally);
    ds_judge_tally(judge, &tally, good);
}

/* ---- FAX-01 ---- */

static bool keeps_correction(struct ds_slice offered, struct ds_slice answered)
{
    return answered.len == 0 || ds_slice_equal_nocase(offered, answered);
}

static void answers_alike(struct ds_judge *judge,
                          const struct ds_subject *subject,
                          const struct t38_pair *pair,
                          struct ds_tally *tally)
{
    const struct ds_sdp_t38 *offer = &pair->offer_terms, *answer = &pair->answer_terms;
    const char *wrong = NULL;
    (void)subject;
    if (pair->answered == NULL || pair->answered->at.port == 0)
        return;
    if (answer->rate_management.len == 0 ||
        !ds_slice_equal_nocase(offer->rate_management, answer->rate_management))
        wrong = "T38FaxRateManagement";
    else if (answer->version > offer->version)
        wrong = "T38FaxVersion";
    else if (!keeps_correction(offer->error_correction, answer->error_correction))
        wrong = "T38FaxUdpEC";
    if (wrong == NULL)
        ds_tally_good(tally, pair->answer->frame);
    else
        ds_tally_bad(tally, pair->answer->frame,
                     "%s answers the T.38 of frame %u in frame %u with another %s",
                     ds_trace_name(judge->trace, pair->answer->from).text, pair->offer->frame,
                     pair->answer->frame, wrong);
}

static void one_t38_answer(struct ds_judge *judge, const struct ds_subject *subject)
{
    each_pair(judge, subject, answers_alike, "answers to T.38 that fit their offers");
}

void ds_check_t38_answer(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answer to an offer of T.38", one_t38_answer);
}

/* ---- FAX-02, FAX-05 ---- */

/* The packets that go to a description's address from the other's. */
static const struct ds_fax_seen *
packets_between(const struct ds_judge *judge, struct ds_addr from, struct ds_addr to)
{
    for (size_t i = 0; i < judge->trace->fax_count; i++) {
        const struct ds_fax_seen *fax = &judge->trace->faxes[i];
        if (ds_addr_equal(fax->from, from) && ds_addr_equal(fax->to, to))
            return fax;
    }
    return NULL;
}

static bool has_copies(struct ds_slice correction)
{
    return ds_slice_equal_nocase(correction, DS_LITERAL("t38UDPRedundancy"));
}

/* The first packet has none to carry. */
static void carries_copies(const struct ds_fax_seen *fax, struct ds_tally *tally)
{
    if (fax == NULL || fax->packets < 2)
        return;
    if (fax->copied_packets + 1 >= fax->packets)
        ds_tally_good(tally, fax->first_frame);
    else
        ds_tally_bad(tally, fax->first_frame,
                     "%llu of %llu packets of T.38 from %s carry no copy of an earlier one",
                     (unsigned long long)(fax->packets - fax->copied_packets),
                     (unsigned long long)fax->packets, ds_node_name(fax->from_node));
}

static void copies_agreed(struct ds_judge *judge,
                          const struct ds_subject *subject,
                          const struct t38_pair *pair,
                          struct ds_tally *tally)
{
    (void)subject;
    if (pair->answered == NULL || !has_copies(pair->offer_terms.error_correction) ||
        !has_copies(pair->answer_terms.error_correction))
        return;
    carries_copies(packets_between(judge, pair->offered->at, pair->answered->at), tally);
    carries_copies(packets_between(judge, pair->answered->at, pair->offered->at), tally);
}

static void one_t38_copies(struct ds_judge *judge, const struct ds_subject *subject)
{
    each_pair(judge, subject, copies_agreed, "ways of T.38, their packets with copies");
}

void ds_check_t38_copies(struct ds_judge *judge)
{
    ds_judge_calls(judge, "T.38 with t38UDPRedundancy agreed on", one_t38_copies);
}

static void fits(const struct ds_fax_seen *fax, uint32_t most, struct ds_tally *tally)
{
    if (fax == NULL || most == 0)
        return;
    if (fax->longest_bytes <= most)
        ds_tally_good(tally, fax->first_frame);
    else
        ds_tally_bad(tally, fax->first_frame,
                     "%s sends a packet of T.38 of %zu bytes where %u are allowed",
                     ds_node_name(fax->from_node), fax->longest_bytes, most);
}

static void datagrams_fit(struct ds_judge *judge,
                          const struct ds_subject *subject,
                          const struct t38_pair *pair,
                          struct ds_tally *tally)
{
    const struct ds_sdp_media *offered = pair->offered, *answered = pair->answered;
    (void)subject;
    if (answered == NULL)
        return;
    fits(packets_between(judge, answered->at, offered->at), pair->offer_terms.max_datagram, tally);
    fits(packets_between(judge, offered->at, answered->at), pair->answer_terms.max_datagram, tally);
}

static void one_t38_datagram(struct ds_judge *judge, const struct ds_subject *subject)
{
    each_pair(judge, subject, datagrams_fit, "ways of T.38, no packet too long");
}

void ds_check_t38_datagram(struct ds_judge *judge)
{
    ds_judge_calls(judge, "T.38 with T38FaxMaxDatagram", one_t38_datagram);
}

/* ---- FAX-04 ---- */

#define LONG_ENOUGH_US 1000000

static bool hears_after(const struct ds_call *call, const struct ds_topo_node *end, int64_t at)
{
    for (size_t i = 0; i < call->flow_count; i++)
        if (call->flows[i]->to_node == end && call->flows[i]->last_at > at + LONG_ENOUGH_US / 2)
            return true;
    return false;
}

static void goes_on(struct ds_judge *judge,
                    const struct ds_subject *subject,
                    const struct t38_pair *pair,
                    struct ds_tally *tally)
{
    const struct ds_call *call = subject->call;
    int64_t at = pair->answer->at;
    (void)judge;
    bool refused = !ds_event_answers_invite(pair->answer, 200, 299) &&
                   !ds_event_answers_invite(pair->answer, 491, 491);
    if (!refused || (call->ended_at >= 0 && call->ended_at < at + LONG_ENOUGH_US))
        return;
    const struct ds_topo_node *deaf = !hears_after(call, subject->caller, at)   ? subject->caller
                                      : !hears_after(call, subject->callee, at) ? subject->callee
                                                                                : NULL;
    if (deaf == NULL)
        ds_tally_good(tally, pair->answer->frame);
    else
        ds_tally_bad(tally, pair->answer->frame,
                     "T.38 is refused in frame %u, and %s hears nothing any more",
                     pair->answer->frame, ds_node_name(deaf));
}

static void one_t38_refused(struct ds_judge *judge, const struct ds_subject *subject)
{
    each_pair(judge, subject, goes_on, "refusals of T.38, after which the audio goes on");
}

void ds_check_t38_refused(struct ds_judge *judge)
{
    ds_judge_calls(judge, "refusal of T.38", one_t38_refused);
}
