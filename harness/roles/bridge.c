#include "transfer_internal.h"
#include "trunk_internal.h"

#include <stdio.h>
#include <stdlib.h>

void ds_bridges_init(struct ds_bridges *bridges)
{
    ds_list_init(&bridges->list);
}

size_t ds_bridges_count(const struct ds_bridges *bridges)
{
    size_t count = 0;
    for (struct ds_list *at = bridges->list.next; at != &bridges->list; at = at->next)
        count++;
    return count;
}

void ds_bridges_free(struct ds_bridges *bridges)
{
    struct ds_list *next;
    for (struct ds_list *at = bridges->list.next; at != NULL && at != &bridges->list; at = next) {
        struct ds_bridge *bridge = DS_OWNER(at, struct ds_bridge, link);
        next = at->next;
        ds_bridge_free(&bridge);
    }
}

static void side_clean_up(struct ds_bridge_side *side)
{
    if (side->session != NULL)
        ds_session_free(&side->session);
    if (side->media != NULL)
        ds_media_free(&side->media);
    if (side->offer != NULL)
        ds_msg_unref(&side->offer);
    ds_msg_unref(&side->said);
    ds_description_clean_up(&side->description);
}

void ds_bridge_free(struct ds_bridge **bridge)
{
    struct ds_bridge *gone = *bridge;
    if (gone == NULL)
        return;
    if (gone->policy->happened != NULL)
        gone->policy->happened(gone, DS_BRIDGE_OVER);
    ds_list_remove(&gone->link);
    ds_bridge_patience_over(gone);
    ds_bridge_end_twin(gone);
    ds_bridge_supervise_over(gone);
    ds_bridge_transfer_forget(gone);
    ds_msg_unref(&gone->refer);
    ds_bridge_end_fax(gone);
    ds_description_clean_up(&gone->gateway);
    ds_bridge_forks_free(&gone->forks);
    side_clean_up(&gone->in);
    side_clean_up(&gone->out);
    if (gone->invite != NULL)
        ds_msg_unref(&gone->invite);
    ds_buf_clean_up(&gone->body);
    free(gone);
    *bridge = NULL;
}

void ds_bridge_over(struct ds_bridge *bridge)
{
    if (bridge->in.session == NULL && bridge->out.session == NULL)
        ds_bridge_free(&bridge);
}

/* RFC 7332: who begins the call anew on its other side takes it for one that goes on. */
static bool has_hop_left(const struct ds_bridge *bridge)
{
    uint64_t hops;
    return !ds_msg_max_forwards(bridge->invite, &hops) || hops > 0 ||
           ds_node_has_defect(bridge->node, "ignores_hop_limit");
}

int ds_bridge_hops_behind(const struct ds_bridge *bridge)
{
    uint64_t hops;
    if (!ds_msg_max_forwards(bridge->invite, &hops) || hops == 0 ||
        ds_node_has_defect(bridge->node, "starts_max_forwards_anew"))
        return 0;
    return DS_MAX_FORWARDS - (int)(hops - 1);
}

struct ds_bridge *ds_bridge_new(struct ds_bridges *bridges,
                                struct ds_node *node,
                                const struct ds_bridge_policy *policy,
                                struct ds_session *session,
                                const struct ds_msg *msg)
{
    struct ds_slice from;
    struct ds_bridge *bridge = calloc(1, sizeof *bridge);
    if (bridge == NULL) {
        ds_session_refuse(session, 503, &(struct ds_content){0});
        ds_session_free(&session);
        return NULL;
    }
    bridge->node = node;
    bridge->policy = policy;
    bridge->invite = ds_msg_ref(msg);
    ds_list_init(&bridge->forks.list);
    bridge->in = (struct ds_bridge_side){.bridge = bridge, .session = session};
    bridge->out = (struct ds_bridge_side){.bridge = bridge};
    ds_bridge_keep_said(&bridge->in, msg);
    bridge->in.peer = ds_node_peer(node, ds_session_hop(session));
    bridge->in.description.keeps_version = bridge->out.description.keeps_version =
        ds_node_has_defect(node, "keeps_sdp_version");
    ds_node_number(ds_msg_request_uri(msg), bridge->number, sizeof bridge->number);
    if (ds_msg_header(msg, "From", 0, &from))
        ds_node_number(from, bridge->caller, sizeof bridge->caller);
    ds_list_append(&bridges->list, &bridge->link);
    ds_session_own(session, &ds_bridge_in_events, &bridge->in);
    ds_node_set_flaws(node, session);
    if (has_hop_left(bridge))
        return bridge;
    ds_bridge_refuse_loop(bridge, 483);
    return NULL;
}

void ds_bridge_refuse(struct ds_bridge *bridge, int status, const char *headers)
{
    struct ds_content content = {.extra_headers = headers};
    if (bridge->stands_for != NULL)
        ds_bridge_transfer_failed(bridge, status);
    else if (bridge->policy->dress_reply != NULL)
        bridge->policy->dress_reply(bridge, status, &content);
    if (bridge->in.session != NULL) {
        ds_session_refuse(bridge->in.session, status, &content);
        ds_session_free(&bridge->in.session);
    }
    ds_bridge_over(bridge);
}

void ds_bridge_refuse_loop(struct ds_bridge *bridge, int status)
{
    ds_node_log(bridge->node, 1, "%s: %s", bridge->number,
                status == 483 ? "no hop is left" : "the call would go back where it came from");
    ds_trunk_reason(status, bridge->headers, sizeof bridge->headers);
    ds_bridge_refuse(bridge, status, bridge->headers);
}

/* Gateways show their own audio at once, so that the far end's tones and announcements are heard:
 * SIG-12. */
static void answer_early(struct ds_bridge *bridge)
{
    struct ds_sdp sdp;
    const struct ds_sdp_media *offer = ds_message_audio(bridge->invite, &sdp);
    if (offer == NULL || bridge->policy->early_answer == NULL ||
        !bridge->policy->early_answer(bridge))
        return;
    struct ds_content content = {.body = ds_bridge_say(&bridge->in, NULL, bridge->invite),
                                 .reliable = bridge->node->place->prack};
    if (content.body.len == 0)
        return;
    if (bridge->policy->dress_reply != NULL)
        bridge->policy->dress_reply(bridge, 183, &content);
    ds_session_progress(bridge->in.session, 183, &content);
    ds_bridge_aim(&bridge->in, offer);
    bridge->early_sent = true;
}

static ds_rc invite_out(struct ds_bridge *bridge, struct ds_why *why)
{
    struct ds_sdp sdp;
    const struct ds_msg *msg = bridge->invite;
    struct ds_invite invite = {.to_uri = bridge->to_uri,
                               .from_uri = bridge->from_uri,
                               .hop = &bridge->hop,
                               .supports_100rel = true,
                               .hops_behind = ds_bridge_hops_behind(bridge)};
    bridge->policy->dress_invite(bridge, &invite);
    ds_bridge_refer_on(bridge, &invite);
    if (invite.body.len == 0)
        invite.body = ds_bridge_say(&bridge->out, ds_message_audio(msg, &sdp), NULL);
    ds_rc rc = ds_session_invite(bridge->node->ua, &invite, &ds_bridge_out_events, &bridge->out,
                                 &bridge->out.session, why);
    if (rc == DS_OK)
        ds_node_set_flaws(bridge->node, bridge->out.session);
    return rc;
}

/* RFC 3261 13.3.1.3; a defect has another status for it. */
static void refuse_offer(struct ds_bridge *bridge)
{
    int status = ds_node_has_defect(bridge->node, "foreign_codec_is_500") ? 500 : 488;
    ds_trunk_reason(status, bridge->headers, sizeof bridge->headers);
    ds_bridge_refuse(bridge, status, bridge->headers);
}

bool ds_bridge_call(struct ds_bridge *bridge)
{
    struct ds_why why;
    ds_rc rc = DS_OK;
    if (!ds_bridge_can_answer(bridge)) {
        refuse_offer(bridge);
        return false;
    }
    if (!bridge->straight && bridge->in.media == NULL)
        rc = ds_bridge_open_media(bridge, &why);
    if (rc == DS_OK && !bridge->early_sent)
        answer_early(bridge);
    if (rc == DS_OK)
        rc = invite_out(bridge, &why);
    if (rc == DS_OK)
        ds_bridge_patience(bridge, false);
    if (rc != DS_OK) {
        ds_node_log(bridge->node, 1, "cannot call on: %s", why.text);
        ds_bridge_refuse(bridge, 503, NULL);
    }
    return rc == DS_OK;
}
