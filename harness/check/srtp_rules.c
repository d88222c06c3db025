#include "check_internal.h"

/* MED-05, MED-06, MED-07, MED-24, BYP-18: what is said of SRTP on a trunk, and what flows. */

static size_t own_keys(const struct ds_sdp_media *audio)
{
    struct ds_sdp_crypto crypto;
    struct ds_slice value;
    size_t count = 0;
    for (size_t i = 0; ds_sdp_attribute(audio, "crypto", i, &value); i++)
        count += ds_sdp_crypto_read(value, &crypto, NULL) == DS_OK &&
                 crypto.suite == DS_SRTP_AES_CM_128_80;
    return count;
}

static bool is_secure(const struct ds_sdp_media *audio)
{
    return ds_sdp_is_secure(audio) && own_keys(audio) > 0;
}

/* The trunk that a message crosses where it is of that mode; else NULL. */
static const struct ds_trunk *
trunk_of(const struct ds_judge *judge, const struct ds_event *event, enum ds_encryption mode)
{
    const struct ds_trunk *trunk = ds_judge_trunk(judge, event->from_node, event->to_node);
    return trunk != NULL && trunk->srtp == mode ? trunk : NULL;
}

/* ---- MED-05 ---- */

static void one_required(const struct ds_event *event, struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(event);
    if (is_secure(audio))
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(tally, event->frame,
                     "%s describes %.*s with %zu keys of AES_CM_128_HMAC_SHA1_80 in frame %u, and "
                     "its trunk requires SRTP",
                     event->from_node->name, DS_FMT(audio->protocol), own_keys(audio),
                     event->frame);
}

static bool has_called_on(const struct ds_call *call, const struct ds_topo_node *node)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].from_node == node)
            return true;
    return false;
}

/* Who refuses the description of a call that it has shown to nobody else lacks what is described
 * (RFC 3261 21.4.13, 21.4.26, 21.6.4). */
static bool refuses_media(const struct ds_call *call, const struct ds_event *event)
{
    return (ds_event_answers_invite(event, 488, 488) || ds_event_answers_invite(event, 415, 415) ||
            ds_event_answers_invite(event, 606, 606)) &&
           !has_called_on(call, event->from_node);
}

static const struct ds_event *secure_offer_to(const struct ds_call *call,
                                              const struct ds_topo_node *node)
{
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_event *invite = call->hops[i].invite;
        if (call->hops[i].to_node == node && ds_event_audio(invite) != NULL &&
            is_secure(ds_event_audio(invite)))
            return invite;
    }
    return NULL;
}

static void
one_refusal(const struct ds_call *call, const struct ds_event *event, struct ds_tally *tally)
{
    const struct ds_event *offer =
        refuses_media(call, event) ? secure_offer_to(call, event->from_node) : NULL;
    if (offer != NULL)
        ds_tally_bad(tally, event->frame,
                     "%s refuses the offer of SRTP in frame %u with %d: it lacks what its trunk "
                     "requires",
                     event->from_node->name, offer->frame, ds_msg_status(event->msg));
}

static void one_required_trunk(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->event_count; i++) {
        const struct ds_event *event = subject->call->events[i];
        if (trunk_of(judge, event, DS_ENCRYPTION_REQUIRED) == NULL)
            continue;
        if (ds_event_audio(event) != NULL)
            one_required(event, &tally);
        else
            one_refusal(subject->call, event, &tally);
    }
    ds_judge_tally(judge, &tally,
                   "descriptions of RTP/SAVP with keys, on a trunk that requires it");
}

void ds_check_srtp_required(struct ds_judge *judge)
{
    ds_judge_calls(judge, "description on a trunk that requires SRTP", one_required_trunk);
}

/* ---- MED-06 ---- */

/* Clients that cannot encrypt have no keys to show where their audio bypasses. */
static bool is_keyless(const struct ds_judge *judge, const struct ds_sdp_media *audio)
{
    return judge->topo->encryption == DS_ENCRYPTION_OFF &&
           ds_is_role(ds_topo_at(judge->topo, audio->at), DS_ROLE_CLIENT);
}

static void
optional_offer(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(event);
    if (trunk_of(judge, event, DS_ENCRYPTION_OPTIONAL) == NULL || audio == NULL ||
        !ds_is_role(event->from_node, DS_ROLE_MEDIATION) || !ds_event_requests(event, "INVITE") ||
        is_keyless(judge, audio))
        return;
    bool best_effort = ds_sdp_security_read(audio).security == DS_SDP_BEST_EFFORT;
    if (best_effort && own_keys(audio) > 0)
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(
            tally, event->frame,
            "%s offers %.*s in frame %u%s, with %zu keys of AES_CM_128_HMAC_SHA1_80; it is "
            "to be RTP/AVP, with RTP/SAVP for who can",
            event->from_node->name, DS_FMT(audio->protocol), event->frame,
            best_effort ? "" : ", and no RTP/SAVP beside it by a=tcap and a=pcfg", own_keys(audio));
}

void ds_check_srtp_optional(struct ds_judge *judge)
{
    ds_judge_messages(judge, "offer on a trunk where SRTP is optional",
                      "offers of RTP/AVP, with RTP/SAVP and keys for who can", optional_offer);
}

/* ---- MED-07 ---- */

static void
plain_description(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(event);
    if (trunk_of(judge, event, DS_ENCRYPTION_OFF) == NULL || audio == NULL)
        return;
    if (audio->crypto_count == 0 && !audio->has_tcap && !ds_sdp_is_secure(audio))
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(tally, event->frame,
                     "%s sends %.*s and %zu a=crypto%s in frame %u on a trunk without SRTP",
                     event->from_node->name, DS_FMT(audio->protocol), audio->crypto_count,
                     audio->has_tcap ? " and a=tcap" : "", event->frame);
}

void ds_check_no_crypto(struct ds_judge *judge)
{
    ds_judge_messages(judge, "description on a trunk without SRTP",
                      "descriptions on a trunk without SRTP, without crypto and tcap",
                      plain_description);
}

/* ---- MED-24 ---- */

static bool has_keys(const struct ds_event *event)
{
    const struct ds_sdp_media *audio = event == NULL ? NULL : ds_event_audio(event);
    return audio != NULL && audio->crypto_count > 0;
}

static void one_authentic(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        if (flow->srtp.sealed_packets > 0 && has_keys(flow->announced_from))
            ds_tally_bad(&tally, flow->first_frame,
                         "%llu packets from %s to %s, agreed on as SRTP, are in the clear or under "
                         "a key that nobody told",
                         (unsigned long long)flow->srtp.sealed_packets,
                         ds_trace_name(judge->trace, flow->from).text,
                         ds_trace_name(judge->trace, flow->to).text);
        else if (flow->srtp.opened_packets > 0)
            ds_tally_good(&tally, flow->first_frame);
    }
    ds_judge_tally(judge, &tally, "flows of SRTP, authentic under the keys of their senders");
}

void ds_check_authentic_audio(struct ds_judge *judge)
{
    ds_judge_calls(judge, "flow of SRTP", one_authentic);
}

/* ---- BYP-18 ---- */

/* Where both ends of a leg can encrypt, and at least one must, it is encrypted. */
static bool is_to_be_encrypted(const struct ds_judge *judge,
                               const struct ds_topo_node *mediation,
                               const struct ds_topo_node *end)
{
    return ds_topo_encryption(judge->topo, end, mediation) != DS_ENCRYPTION_OFF;
}

static bool is_encrypted(const struct ds_flow *flow)
{
    return flow->srtp.opened_packets > 0 && flow->srtp.sealed_packets == 0;
}

static bool is_plain(const struct ds_flow *flow)
{
    return flow->srtp.opened_packets == 0 && flow->srtp.sealed_packets == 0;
}

static void one_leg(const struct ds_judge *judge,
                    const struct ds_subject *subject,
                    const struct ds_topo_node *end,
                    struct ds_tally *tally)
{
    bool wanted = is_to_be_encrypted(judge, subject->mediation, end);
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        if (!(flow->from_node == end && flow->to_node == subject->mediation) &&
            !(flow->from_node == subject->mediation && flow->to_node == end))
            continue;
        if (wanted ? is_encrypted(flow) : is_plain(flow))
            ds_tally_good(tally, flow->first_frame);
        else
            ds_tally_bad(tally, flow->first_frame, "audio from %s to %s is to be %s",
                         flow->from_node->name, flow->to_node->name,
                         wanted ? "SRTP under the keys told, and is not" : "RTP, and is not");
    }
}

static void one_apart(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_topo_node *client = subject->client, *peer = subject->peer;
    if (!ds_meets_decision(subject) || ds_is_external(client) ||
        ds_topo_encrypts_alike(judge->topo, subject->trunk) || !ds_subject_was_up(judge, subject))
        return;
    uint64_t past =
        ds_call_packets(subject->call, client, peer) + ds_call_packets(subject->call, peer, client);
    if (past > 0)
        ds_tally_bad(&tally, subject->call->hops[0].invite->frame,
                     "%s and %s cannot encrypt alike, and %llu RTP packets went past %s",
                     client->name, peer->name, (unsigned long long)past, subject->mediation->name);
    one_leg(judge, subject, client, &tally);
    one_leg(judge, subject, peer, &tally);
    ds_judge_tally(judge, &tally,
                   "flows through the Mediation Server, each encrypted or not as its leg wants");
}

void ds_check_encrypted_apart(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call between a client and a trunk that cannot encrypt alike",
                   one_apart);
}
